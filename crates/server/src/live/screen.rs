//! One screen: what waits for it, and how it is woken.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use domain::id::{LocationId, Sku};
use tokio::sync::Notify;

use super::change::{Change, OfShelf};
use super::index::Watched;
use super::{Hub, lock};

/// Shelves that may wait for a screen. One that is further behind starts anew: that costs less than remembering.
const MAX_WAITING: usize = 1024;

#[derive(Default)]
pub(super) struct Screen {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Default)]
struct Waiting {
    latest: HashSet<OfShelf>,
    reset: Option<u64>,
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
    watched: Arc<Watched>,
    screen: Arc<Screen>,
}

impl Screen {
    pub(super) fn offer(&self, change: &Change) {
        let mut waiting = lock(&self.waiting);
        if waiting.latest.len() >= MAX_WAITING {
            waiting.latest = HashSet::new();
            waiting.reset = Some(change.seq());
        } else {
            waiting.latest.replace(OfShelf(change.clone()));
        }
        drop(waiting);
        self.wake.notify_one();
    }

    pub(super) fn reset(&self, seq: u64) {
        let mut waiting = lock(&self.waiting);
        waiting.latest = HashSet::new();
        waiting.reset = Some(seq);
        drop(waiting);
        self.wake.notify_one();
    }

    fn take(&self) -> Option<Next> {
        let mut waiting = lock(&self.waiting);
        // What came after the reset is not in its number, and waits for the next turn.
        if let Some(seq) = waiting.reset.take() {
            return Some(Next::Reset(seq));
        }
        let latest = std::mem::take(&mut waiting.latest);
        drop(waiting);
        let mut changes: Vec<Change> = latest.into_iter().map(|OfShelf(change)| change).collect();
        changes.sort_unstable_by_key(Change::seq);
        (!changes.is_empty()).then_some(Next::Changes(changes))
    }
}

impl Subscription {
    pub(super) fn new(hub: Arc<Hub>, id: u64, watched: Arc<Watched>, screen: Arc<Screen>) -> Self {
        Self { hub, id, watched, screen }
    }

    /// Waits for what is new. What is dropped while waiting is not lost.
    pub async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.screen.take() {
                return next;
            }
            self.screen.wake.notified().await;
        }
    }

    /// The shops that it watches.
    #[must_use]
    pub fn locations(&self) -> &[LocationId] {
        &self.watched.locations
    }

    /// The products that it watches at each of them.
    #[must_use]
    pub fn skus(&self) -> &[Sku] {
        &self.watched.skus
    }

    /// The number up to which the screen has seen everything, if nothing waits for it.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        // The hub stays locked, so that no number is given out between the two looks.
        let inner = self.hub.deliver();
        let waiting = lock(&self.screen.waiting);
        (waiting.latest.is_empty() && waiting.reset.is_none()).then_some(inner.seq)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        lock(&self.hub.inner).index.remove(self.id, &self.watched);
    }
}
