//! The screens: each one connection, one task and the last number that it heard of each shelf.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};

use domain::time::Timestamp;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::Chaos;
use crate::Outcome;
use crate::client::connect;
use crate::figures::Histogram;
use crate::shop::{location, sku};
use crate::sse::{Decoder, Event};

/// Products that each screen watches, at each of its two shops.
pub(crate) const SKUS: usize = 2;
const SHELVES: usize = 2 * SKUS;
/// A line that is silent for so long is dead: the server beats every 15 seconds.
const SILENCE: Duration = Duration::from_secs(40);
/// Screens that open their first stream at the same time. Those that come back are held up by nobody.
const OPENING: usize = 256;

/// What is timed at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measured {
    /// Changes of a shelf that some watch.
    Shelf = 1,
    /// Changes of the shelf that all watch.
    Broadcast = 2,
}

/// All screens.
pub(crate) struct Crowd {
    screens: Arc<Vec<Screen>>,
    shared: Arc<Shared>,
    shops: usize,
    /// From the commit to a screen, of changes that some watch.
    pub(crate) shelf: Arc<Histogram>,
    /// The same of changes that all watch.
    pub(crate) broadcast: Arc<Histogram>,
}

struct Shared {
    server: SocketAddr,
    chaos: Option<Chaos>,
    measured: AtomicU8,
    opening: Semaphore,
}

#[derive(Default)]
struct Screen {
    ready: AtomicBool,
    units: [AtomicU32; SHELVES],
}

#[derive(Deserialize)]
struct Heard<'a> {
    sku: &'a str,
    location_id: &'a str,
    quantity: Option<u32>,
    as_of: &'a str,
}

impl Crowd {
    /// Opens so many streams; each watches one of the shops and the last one.
    pub(crate) fn open(server: SocketAddr, clients: usize, shops: usize, chaos: Option<Chaos>) -> Self {
        let crowd = Self {
            screens: Arc::new((0..clients).map(|_| Screen::default()).collect()),
            shared: Arc::new(Shared { server, chaos, measured: AtomicU8::new(0), opening: Semaphore::new(OPENING) }),
            shops,
            shelf: Arc::default(),
            broadcast: Arc::default(),
        };
        for number in 0..clients {
            let task = Task {
                screens: Arc::clone(&crowd.screens),
                shared: Arc::clone(&crowd.shared),
                times: [Arc::clone(&crowd.shelf), Arc::clone(&crowd.broadcast)],
                number,
                places: [crowd.place(number), shops - 1].map(location),
                last_id: String::new(),
                reconnected: false,
                snapshot: 0,
            };
            tokio::spawn(task.run());
        }
        crowd
    }

    fn place(&self, number: usize) -> usize {
        number % (self.shops - 1)
    }

    /// Waits until all have a whole picture; answers how many have.
    pub(crate) async fn wait_until_ready(&self, patience: Duration) -> usize {
        let begun = Instant::now();
        loop {
            let ready = self.ready();
            if ready == self.screens.len() || begun.elapsed() > patience {
                return ready;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until all know that the server is gone.
    pub(crate) async fn wait_until_gone(&self) {
        while self.ready() > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn ready(&self) -> usize {
        self.screens.iter().filter(|screen| screen.ready.load(Relaxed)).count()
    }

    /// Says what the changes to come are.
    pub(crate) fn measure(&self, what: Option<Measured>) {
        self.shared.measured.store(what.map_or(0, |what| what as u8), Relaxed);
    }

    /// Shelves that a screen shows otherwise than they are.
    pub(crate) fn differences(&self, truth: &[[u32; SKUS]]) -> usize {
        let units = |place: usize| truth.get(place).into_iter().flatten();
        let wrong = |(number, screen): (usize, &Screen)| {
            let expected = units(self.place(number)).chain(units(self.shops - 1));
            expected.zip(&screen.units).filter(|(expected, shown)| **expected != shown.load(Relaxed)).count()
        };
        self.screens.iter().enumerate().map(wrong).sum()
    }
}

struct Task {
    screens: Arc<Vec<Screen>>,
    shared: Arc<Shared>,
    times: [Arc<Histogram>; 2],
    number: usize,
    places: [String; 2],
    last_id: String,
    reconnected: bool,
    // Events of a snapshot that are still to come.
    snapshot: usize,
}

impl Task {
    async fn run(mut self) {
        loop {
            let mut decoder = Decoder::default();
            // How a stream ends makes no difference to a screen.
            let _ = self.watch(&mut decoder).await;
            if let Some(screen) = self.screens.get(self.number) {
                screen.ready.store(false, Relaxed);
            }
            self.reconnected = true;
            sleep(Duration::from_millis(decoder.retry.unwrap_or_else(|| rand::random_range(500..1500)))).await;
        }
    }

    async fn watch(&mut self, decoder: &mut Decoder) -> Outcome {
        let shared = Arc::clone(&self.shared);
        let mut turn = if self.reconnected { None } else { Some(shared.opening.acquire().await?) };
        let mut stream = timeout(SILENCE, connect(shared.server, self.number)).await??;
        let [here, everywhere] = &self.places;
        let mut request = format!("GET /v1/availability/events?location_id={here}&location_id={everywhere}");
        (0..SKUS).for_each(|number| request.push_str(&format!("&sku={}", sku(number))));
        request.push_str(" HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n");
        if !self.last_id.is_empty() {
            request.push_str(&format!("Last-Event-ID: {}\r\n", self.last_id));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        drop(request);
        let mut buffer = [0; 2048];
        loop {
            let length = timeout(SILENCE, stream.read(&mut buffer)).await??;
            let now = SystemTime::now();
            let bytes = buffer.get(..length).filter(|bytes| !bytes.is_empty()).ok_or("the end")?;
            decoder.feed(bytes, |event| self.hear(event, now))?;
            if turn.is_some() && self.screens.get(self.number).is_some_and(|screen| screen.ready.load(Relaxed)) {
                turn = None;
            }
        }
    }

    fn hear(&mut self, event: Event<'_>, now: SystemTime) -> Outcome {
        let screen = self.screens.get(self.number).ok_or("no such screen")?;
        if !event.id.is_empty() && self.last_id != event.id {
            event.id.clone_into(&mut self.last_id);
        }
        match event.name {
            "reset" => self.snapshot = SHELVES,
            "availability" => {
                let heard: Heard<'_> = serde_json::from_str(event.data)?;
                let place = self.places.iter().position(|place| place == heard.location_id);
                let product = (0..SKUS).find(|number| sku(*number) == heard.sku);
                let (place, product) = place.zip(product).ok_or("a shelf that is not watched")?;
                let shelf = screen.units.get(place * SKUS + product).ok_or("no such shelf")?;
                let believed = self.snapshot == 0 || !self.reconnected || self.shared.chaos != Some(Chaos::NoResync);
                if believed {
                    shelf.store(heard.quantity.unwrap_or(u32::MAX), Relaxed);
                }
                if self.snapshot == 0 {
                    self.time(heard.as_of, now)?;
                } else {
                    self.snapshot -= 1;
                }
            }
            _ => {}
        }
        // What was missed comes before the first other event, so a stream that speaks without a reset is whole as well.
        screen.ready.store(self.snapshot == 0, Relaxed);
        Ok(())
    }

    fn time(&self, as_of: &str, now: SystemTime) -> Outcome {
        let measured = usize::from(self.shared.measured.load(Relaxed));
        let Some(times) = measured.checked_sub(1).and_then(|which| self.times.get(which)) else { return Ok(()) };
        let as_of = u64::try_from(Timestamp::parse(as_of)?.millis())?;
        let as_of = SystemTime::UNIX_EPOCH + Duration::from_millis(as_of);
        times.add(now.duration_since(as_of).unwrap_or_default());
        Ok(())
    }
}
