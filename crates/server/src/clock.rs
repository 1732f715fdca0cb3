//! The one clock of the server; tests stop it and move it by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::time::Timestamp;

/// Where "now" comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine.
    System,
    /// A hand that moves only when it is pushed; all clones share it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(at.millis())))
    }

    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Clock::Fixed(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the machine's clock does not listen.
    pub fn advance(&self, millis: i64) {
        if let Clock::Fixed(hand) = self {
            hand.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
