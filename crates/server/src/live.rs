//! Changes of stock on their way to open screens.
//!
//! The hub numbers changes in the order of the commits. A screen registers first and reads afterwards, so that nothing
//! falls between; one that comes back with the number it saw last gets what it missed, or starts anew. For each screen
//! the hub keeps the latest state of each shelf and no queue: a slow one costs no more than the shelves it watches.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api_contract::availability::AvailabilityEvent;
use domain::id::{LocationId, Sku};
use domain::inventory::{Shelf, StockState};
use domain::time::Timestamp;
use tokio::sync::{Notify, watch};

use crate::db::ShelfChange;

/// Changes that are kept for screens that come back.
const RING: usize = 8192;
/// Screens that may be connected at once.
const MAX_SCREENS: usize = 20_000;

/// The meeting point of the writer and the screens.
pub struct Hub {
    epoch: String,
    inner: Mutex<Inner>,
    closed: watch::Sender<bool>,
}

struct Inner {
    seq: u64,
    ring: VecDeque<Change>,
    // By shop, so that a change is offered only to those who watch its shop.
    screens: HashMap<LocationId, HashMap<u64, Arc<Screen>>>,
    count: usize,
    next_screen: u64,
}

/// A numbered change, encoded once for all screens.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its number.
    pub seq: u64,
    /// An [`AvailabilityEvent`] as JSON.
    pub data: Arc<str>,
    location: LocationId,
    sku: Sku,
}

struct Screen {
    skus: HashSet<Sku>,
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Default)]
struct Waiting {
    latest: HashMap<(LocationId, Sku), Change>,
    reset: bool,
}

/// How a screen begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It gets what it missed.
    Resume,
    /// It forgets what it has and gets everything; the snapshot is complete as of this number.
    Anew(u64),
}

/// What a screen is told next.
#[derive(Debug, Clone)]
pub enum Next {
    /// These changes, in order.
    Changes(Vec<Change>),
    /// To start anew; the snapshot is complete as of this number.
    Reset(u64),
}

/// A connected screen; dropping it disconnects.
pub struct Subscription {
    hub: Arc<Hub>,
    id: u64,
    locations: HashSet<LocationId>,
    screen: Arc<Screen>,
}

impl Hub {
    /// A hub that nobody watches. The epoch is new for each start of the server, so that numbers of an earlier one are
    /// known as such.
    #[must_use]
    pub fn new(epoch: String) -> Self {
        // 0 is no position: it marks a snapshot that is not complete.
        let inner = Inner { seq: 1, ring: VecDeque::new(), screens: HashMap::new(), count: 0, next_screen: 0 };
        Self { epoch, inner: Mutex::new(inner), closed: watch::Sender::new(false) }
    }

    /// The `id` of an event.
    #[must_use]
    pub fn event_id(&self, seq: u64) -> String {
        format!("{}-{seq}", self.epoch)
    }

    /// Numbers changes and hands them to the screens that watch them. Called in the order of the commits.
    pub fn publish(&self, changes: &[ShelfChange]) {
        let mut inner = self.lock();
        for change in changes {
            inner.seq += 1;
            let event = event(change.location.clone(), change.sku.clone(), change.shelf, change.as_of);
            let change = Change {
                seq: inner.seq,
                data: serde_json::to_string(&event).unwrap_or_default().into(),
                location: event.location_id,
                sku: event.sku,
            };
            for screen in inner.screens.get(&change.location).into_iter().flat_map(HashMap::values) {
                screen.offer(&change);
            }
            if inner.ring.len() == RING {
                inner.ring.pop_front();
            }
            inner.ring.push_back(change);
        }
    }

    /// Tells all screens to start anew, after a change that did not come through [`Hub::publish`].
    pub fn reset(&self) {
        let mut inner = self.lock();
        // A number from before is then older than the oldest that is kept.
        inner.seq += 1;
        inner.ring.clear();
        for screen in inner.screens.values().flat_map(HashMap::values) {
            screen.waiting().reset = true;
            screen.wake.notify_one();
        }
    }

    /// Connects a screen. `last_event_id` is what it saw last. `None` where too many are connected.
    #[must_use]
    pub fn subscribe(
        self: &Arc<Self>,
        locations: HashSet<LocationId>,
        skus: HashSet<Sku>,
        last_event_id: Option<&str>,
    ) -> Option<(Subscription, Start)> {
        let mut inner = self.lock();
        if inner.count >= MAX_SCREENS {
            return None;
        }
        let screen = Arc::new(Screen { skus, waiting: Mutex::default(), wake: Notify::new() });
        let start = match last_event_id.and_then(|id| self.position(&inner, id)) {
            None => Start::Anew(inner.seq),
            Some(seen) => {
                let missed = inner.ring.iter().filter(|change| change.seq > seen);
                missed.filter(|change| locations.contains(&change.location)).for_each(|change| screen.offer(change));
                Start::Resume
            }
        };
        let id = inner.next_screen;
        inner.next_screen += 1;
        inner.count += 1;
        for location in &locations {
            inner.screens.entry(location.clone()).or_default().insert(id, Arc::clone(&screen));
        }
        drop(inner);
        Some((Subscription { hub: Arc::clone(self), id, locations, screen }, start))
    }

    /// The position that an event id names, if all that came after it is still here.
    fn position(&self, inner: &Inner, id: &str) -> Option<u64> {
        let (epoch, seq) = id.rsplit_once('-')?;
        let digits = !seq.is_empty() && seq.len() <= 20 && seq.bytes().all(|b| b.is_ascii_digit());
        let seq: u64 = if digits { seq.parse().ok()? } else { return None };
        let kept = u64::try_from(inner.ring.len()).ok()?;
        (epoch == self.epoch && seq != 0 && seq <= inner.seq && seq >= inner.seq - kept).then_some(seq)
    }

    /// How many screens are connected.
    #[must_use]
    pub fn screens(&self) -> usize {
        self.lock().count
    }

    /// Ends all streams, now and later; the server is going down.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Answers when the hub is closed.
    pub fn closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Screen {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn offer(&self, change: &Change) {
        if self.skus.contains(&change.sku) {
            let shelf = (change.location.clone(), change.sku.clone());
            self.waiting().latest.insert(shelf, change.clone());
            self.wake.notify_one();
        }
    }
}

impl Subscription {
    /// Waits for what is new. What is dropped while waiting is not lost.
    pub async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.screen.wake.notified().await;
        }
    }

    fn take(&self) -> Option<Next> {
        // The hub is locked before the screen, as in `publish`: the number belongs to what is taken.
        let inner = self.hub.lock();
        let mut waiting = self.screen.waiting();
        if std::mem::take(&mut waiting.reset) {
            waiting.latest.clear();
            return Some(Next::Reset(inner.seq));
        }
        drop(inner);
        let mut changes: Vec<Change> = waiting.latest.drain().map(|(_, change)| change).collect();
        changes.sort_by_key(|change| change.seq);
        (!changes.is_empty()).then_some(Next::Changes(changes))
    }

    /// The number up to which the screen has seen everything, if nothing waits for it.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        let inner = self.hub.lock();
        let waiting = self.screen.waiting();
        (waiting.latest.is_empty() && !waiting.reset).then_some(inner.seq)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut inner = self.hub.lock();
        inner.count -= 1;
        for location in &self.locations {
            if let Some(screens) = inner.screens.get_mut(location) {
                screens.remove(&self.id);
                if screens.is_empty() {
                    inner.screens.remove(location);
                }
            }
        }
    }
}

/// What to say of a shelf to somebody who asks for one unit; `None` where the shop does not carry it.
#[must_use]
pub fn event(location: LocationId, sku: Sku, shelf: Option<Shelf>, as_of: Timestamp) -> AvailabilityEvent {
    let state = shelf.map_or(StockState::NotCarried, |shelf| shelf.answer(1).0);
    let units = shelf.and_then(Shelf::available_to_promise);
    let quantity = units.map(|units| u32::try_from(units.max(0)).unwrap_or(u32::MAX));
    AvailabilityEvent { sku, location_id: location, state, quantity, as_of }
}
