//! Changes of stock on their way to open screens.
//!
//! The writer only leaves the latest state of each shelf here and rings; a thread numbers the changes in the order of the
//! commits, encodes each once, and lays it before the screens that watch the shelf. A screen registers first and reads
//! afterwards, so that nothing falls between; one that comes back with the number it saw last gets what it missed, or
//! starts anew. For each screen there is the latest state of each shelf and no queue: a slow one costs no more than the
//! shelves it watches, and beyond a bound it starts anew.

mod change;
mod index;
mod screen;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use domain::id::{LocationId, Sku};
use tokio::sync::watch;

use crate::db::ShelfChange;
pub use change::{Change, event};
use index::Index;
use screen::Screen;
pub use screen::{Next, Subscription};

/// Changes that are kept for screens that come back.
const RING: usize = 8192;
/// Screens that may be connected at once.
const MAX_SCREENS: usize = 20_000;

/// The meeting point of the writer and the screens.
pub struct Hub {
    epoch: String,
    // Locked after `inner` where both are.
    pending: Mutex<Pending>,
    bell: SyncSender<()>,
    inner: Mutex<Inner>,
    closed: watch::Sender<bool>,
}

/// What was committed and not laid before the screens yet: the last state of each shelf, and which came last.
#[derive(Default)]
struct Pending {
    latest: HashMap<(LocationId, Sku), (u64, ShelfChange)>,
    count: u64,
}

struct Inner {
    seq: u64,
    ring: VecDeque<Change>,
    index: Index,
    next_screen: u64,
}

/// How a screen begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It gets what it missed.
    Resume,
    /// It forgets what it has and gets everything; the snapshot is complete as of this number.
    Anew(u64),
}

impl Hub {
    /// A hub that nobody watches, and its thread, which ends with it. The epoch is new for each start of the server, so
    /// that numbers of an earlier one are known as such.
    ///
    /// # Errors
    /// Where the system has no thread for it.
    pub fn start(epoch: String) -> std::io::Result<Arc<Self>> {
        let (bell, rung) = sync_channel(1);
        // 0 is no position: it marks a snapshot that is not complete.
        let inner = Inner { seq: 1, ring: VecDeque::new(), index: Index::default(), next_screen: 0 };
        let hub = Arc::new(Self {
            epoch,
            pending: Mutex::default(),
            bell,
            inner: Mutex::new(inner),
            closed: watch::Sender::new(false),
        });
        let weak = Arc::downgrade(&hub);
        std::thread::Builder::new().name("live".to_owned()).spawn(move || {
            while rung.recv().is_ok() {
                let Some(hub) = Weak::upgrade(&weak) else { break };
                drop(hub.deliver());
            }
        })?;
        Ok(hub)
    }

    /// The `id` of an event.
    #[must_use]
    pub fn event_id(&self, seq: u64) -> String {
        format!("{}-{seq}", self.epoch)
    }

    /// Takes changes in the order of the commits. It costs the writer the same whoever watches.
    pub fn publish(&self, changes: &[ShelfChange]) {
        let mut pending = lock(&self.pending);
        for change in changes {
            pending.count += 1;
            let shelf = (change.location.clone(), change.sku.clone());
            let place = (pending.count, change.clone());
            pending.latest.insert(shelf, place);
        }
        drop(pending);
        // A bell that rings already is enough.
        let _ = self.bell.try_send(());
    }

    /// Numbers what is pending and lays it before the screens. Whoever looks at positions does it first, so that they
    /// count everything that was committed before.
    fn deliver(&self) -> MutexGuard<'_, Inner> {
        let mut inner = lock(&self.inner);
        let latest = std::mem::take(&mut lock(&self.pending).latest);
        let mut changes: Vec<(u64, ShelfChange)> = latest.into_values().collect();
        changes.sort_unstable_by_key(|(order, _)| *order);
        for (_, change) in changes {
            inner.seq += 1;
            let change = Change::new(&self.epoch, inner.seq, change);
            inner.index.watching(&change).for_each(|screen| screen.offer(&change));
            if inner.ring.len() == RING {
                inner.ring.pop_front();
            }
            inner.ring.push_back(change);
        }
        inner
    }

    /// Tells all screens to start anew, after a change that did not come through [`Hub::publish`].
    pub fn reset(&self) {
        let mut inner = self.deliver();
        // A number from before is then older than the oldest that is kept.
        inner.seq += 1;
        inner.ring.clear();
        inner.index.all().for_each(|screen| screen.reset(inner.seq));
    }

    /// Connects a screen. `last_event_id` is what it saw last. `None` where too many are connected.
    #[must_use]
    pub fn subscribe(
        self: &Arc<Self>,
        locations: HashSet<LocationId>,
        skus: HashSet<Sku>,
        last_event_id: Option<&str>,
    ) -> Option<(Subscription, Start)> {
        let mut inner = self.deliver();
        if inner.index.len() >= MAX_SCREENS {
            return None;
        }
        let screen = Arc::new(Screen::default());
        let start = match last_event_id.and_then(|id| self.position(&inner, id)) {
            None => Start::Anew(inner.seq),
            Some(seen) => {
                let missed = inner.ring.iter().filter(|change| change.seq() > seen);
                let mine = |change: &&Change| locations.contains(change.location()) && skus.contains(change.sku());
                missed.filter(mine).for_each(|change| screen.offer(change));
                Start::Resume
            }
        };
        let id = inner.next_screen;
        inner.next_screen += 1;
        let watched = index::Watched::new(locations, skus);
        inner.index.insert(id, &watched, &screen);
        drop(inner);
        Some((Subscription::new(Arc::clone(self), id, watched, screen), start))
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
        lock(&self.inner).index.len()
    }

    /// Ends all streams, now and later; the server is going down.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Answers when the hub is closed.
    pub fn closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }
}

/// What is behind these locks is whole between any two statements, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
