//! A clock of the day held against one that nobody can set.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::time::{MINUTE_MS, Timestamp};

/// Between two looks the clock of the day may be set by this much, in milliseconds. More is a mistake until somebody
/// says otherwise by starting the server anew.
const BELIEVED: i64 = MINUTE_MS;

/// Milliseconds of a clock.
type Source = Box<dyn Fn() -> i64 + Send + Sync>;

/// Believes the clock of the day as long as it does not jump, and never goes back.
pub struct Guard {
    wall: Source,
    steady: Source,
    state: Mutex<State>,
}

struct State {
    /// What the clock of the day is ahead of the steady one, as far as it is believed.
    offset: i64,
    /// The latest instant that was told.
    last: i64,
    /// By how much the clock of the day is wrong, while it is.
    jumped: Option<i64>,
}

impl Guard {
    /// A guard that believes `wall` for a start. Both count milliseconds, `wall` since 1970 and `steady` since whenever;
    /// `steady` also counts while the machine sleeps.
    #[must_use]
    pub fn new(
        wall: impl Fn() -> i64 + Send + Sync + 'static,
        steady: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Self {
        let now = wall();
        let state = State { offset: now.saturating_sub(steady()), last: now, jumped: None };
        Self { wall: Box::new(wall), steady: Box::new(steady), state: Mutex::new(state) }
    }

    pub(super) fn of_this_machine() -> Self {
        Self::new(wall, steady())
    }

    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock, so that two callers do not see each other's time run backwards.
        let (wall, steady) = ((self.wall)(), (self.steady)());
        let expected = steady.saturating_add(state.offset);
        let off = wall.saturating_sub(expected);
        if off.saturating_abs() <= BELIEVED {
            if state.jumped.take().is_some() {
                tracing::info!("the clock of the machine is right again");
            }
            state.offset = wall.saturating_sub(steady);
            state.last = state.last.max(wall);
        } else {
            if state.jumped.is_none() {
                tracing::error!(
                    seconds = off / 1000,
                    "the clock of the machine jumped and is not followed; set it right, or start the server anew if it is"
                );
            }
            state.jumped = Some(off);
            state.last = state.last.max(expected);
        }
        Timestamp::from_millis(state.last)
    }

    /// Why the clock of the day is not followed.
    pub(super) fn degraded(&self) -> Option<String> {
        // A look of its own: nobody may have asked for the time since it happened.
        let _ = self.now();
        let jumped = self.state.lock().unwrap_or_else(PoisonError::into_inner).jumped?;
        Some(format!("the clock of the machine jumped by {} s and is not followed", jumped / 1000))
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

fn wall() -> i64 {
    // A machine that believes to be before 1970 is told apart by nobody, and needs no crash.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A clock that cannot be set and counts while the machine sleeps.
#[cfg(target_os = "linux")]
fn steady() -> impl Fn() -> i64 + Send + Sync + 'static {
    use rustix::time::{ClockId, clock_gettime};
    || {
        let since = clock_gettime(ClockId::Boottime);
        since.tv_sec.saturating_mul(1000).saturating_add(since.tv_nsec / 1_000_000)
    }
}

/// A clock that cannot be set.
#[cfg(not(target_os = "linux"))]
fn steady() -> impl Fn() -> i64 + Send + Sync + 'static {
    let begun = std::time::Instant::now();
    move || i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX)
}
