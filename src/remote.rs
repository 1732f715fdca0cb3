//! What a screen knows of something that comes over the network, and asking for it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use futures::future::{AbortHandle, Abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ApiError;
use crate::lasting::{Lasting, lasting};

/// The states of a value that is fetched. Empty is not among them: that is for the value itself to say.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Nothing was asked yet.
    Idle,
    /// On its way, for the first time.
    Loading,
    /// Here.
    Ready(T),
    /// Did not come, and why.
    Failed(ApiError),
}

impl<T> Remote<T> {
    /// The value, once it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Remote::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// Why it did not come.
    pub fn failed(&self) -> Option<&ApiError> {
        match self {
            Remote::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// A new answer arrived. What is known outlives a failure where the caller says so: it only grows older.
    pub fn answered(&mut self, answer: Result<T, ApiError>, outlives_failure: bool) {
        match answer {
            Ok(value) => *self = Remote::Ready(value),
            Err(_) if outlives_failure && matches!(self, Remote::Ready(_)) => {}
            Err(error) => *self = Remote::Failed(error),
        }
    }
}

/// What is known stays when asking again fails.
pub const OUTLIVES_FAILURE: bool = true;
/// A failure is shown in place of what was known.
pub const FAILURE_SHOWS: bool = false;

/// Asks now, and again whenever something changes that `ask` reads. `ask` answers what to wait for, or `None` where
/// there is nothing to ask.
///
/// A newer question ends the older one, request and all, so that a late answer never overwrites a newer one. The value
/// of the older one stays until the newer one is here, so that nothing on the screen jumps.
pub fn fetch<T, F>(outlives_failure: bool, ask: impl Fn() -> Option<F> + 'static) -> RwSignal<Remote<T>>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let state = RwSignal::new(Remote::Idle);
    let failed = Rc::new(move || state.try_with_untracked(|s| matches!(s, Remote::Failed(_))).unwrap_or_default());
    drive(
        failed,
        Box::new(move || {
            let asked = ask();
            // Read without being followed: this runs inside the effect that follows only what `ask` reads.
            let begun = untrack(|| {
                state.try_maybe_update(|s| {
                    let first = matches!(s, Remote::Idle | Remote::Failed(_)) && asked.is_some();
                    let gone = asked.is_none() && !matches!(s, Remote::Idle);
                    if first {
                        *s = Remote::Loading;
                    } else if gone {
                        *s = Remote::Idle;
                    }
                    (first || gone, ())
                })
            });
            begun?;
            let answer = asked?;
            Some(Box::pin(async move {
                let answer = answer.await;
                // The screen may be gone by the time the answer is here.
                let _ = state.try_update(|s| s.answered(answer, outlives_failure));
            }))
        }),
    );
    state
}

/// Changes when something that failed may work now: the network is back, or the device can answer by itself.
#[derive(Clone, Copy)]
pub struct Hope(Lasting<RwSignal<u32>>);

impl Hope {
    /// No hope yet.
    #[must_use]
    pub fn new() -> Self {
        Self(lasting(0))
    }

    /// There is some now.
    pub fn rise(self) {
        self.0.update(|n| *n = n.wrapping_add(1));
    }
}

impl Default for Hope {
    fn default() -> Self {
        Self::new()
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The part of [`fetch`] that does not depend on what is fetched, so that it is in the app once.
fn drive(failed: Rc<dyn Fn() -> bool>, begin: Box<dyn Fn() -> Option<Task>>) {
    let again = RwSignal::new(0u32);
    let hope = use_context().map(|Hope(hope)| hope);
    if let Some(hope) = hope {
        let failed = Rc::clone(&failed);
        Effect::watch(
            move || hope.get(),
            move |_, _, _| {
                if failed() {
                    again.update(|n| *n = n.wrapping_add(1));
                }
            },
            false,
        );
    }
    Effect::new(move |_| {
        again.track();
        let Some(task) = begin() else { return };
        let (handle, registration) = AbortHandle::new_pair();
        let risen = move || hope.and_then(|hope| hope.try_get_untracked());
        let (before, failed) = (risen(), Rc::clone(&failed));
        spawn_local(async move {
            let ended = Abortable::new(task, registration).await.is_ok();
            // Hope that rose while the answer was on its way came before there was a failure to mend.
            if ended && failed() && risen() != before {
                let _ = again.try_update(|n| *n = n.wrapping_add(1));
            }
        });
        on_cleanup(move || handle.abort());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_outlives_a_failure_only_where_that_was_asked_for() {
        let mut known = Remote::Ready(1);
        known.answered(Err(ApiError::Offline), OUTLIVES_FAILURE);
        assert_eq!(known, Remote::Ready(1));
        known.answered(Err(ApiError::Offline), FAILURE_SHOWS);
        assert_eq!(known, Remote::Failed(ApiError::Offline));
        known.answered(Ok(2), OUTLIVES_FAILURE);
        assert_eq!(known, Remote::Ready(2));
    }
}
