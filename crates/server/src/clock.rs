//! The one clock of the server; tests stop it and move it by hand.
//!
//! Holds end by it. A machine whose clock is set wrong, by hand or by its network, must not end them all at once, nor
//! keep them for ever: so the clock of the machine is followed only as long as it goes as fast as time does.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use domain::time::Timestamp;

mod guard;

pub use guard::Guard;

/// The clock of this machine. It is one for the whole process, because so is what it adopted when the process began.
static MACHINE: LazyLock<Guard> = LazyLock::new(Guard::of_this_machine);

/// Where "now" comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine, as long as its clock can be believed.
    System,
    /// The same, with other sources.
    Guarded(Arc<Guard>),
    /// A hand that moves only when it is pushed; all clones share it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(at.millis())))
    }

    /// The instant it is. It never goes back, except by [`advance`](Self::advance).
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => MACHINE.now(),
            Clock::Guarded(guard) => guard.now(),
            Clock::Fixed(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Why the clock of the machine is not followed at the moment, in words for people who run servers.
    #[must_use]
    pub fn degraded(&self) -> Option<String> {
        match self {
            Clock::System => MACHINE.degraded(),
            Clock::Guarded(guard) => guard.degraded(),
            Clock::Fixed(_) => None,
        }
    }

    /// Moves a fixed clock, by milliseconds; the machine's clock does not listen.
    pub fn advance(&self, millis: i64) {
        if let Clock::Fixed(hand) = self {
            hand.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
