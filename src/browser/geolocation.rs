//! Where the device is. Asked only after a tap, and never kept.

use std::cell::RefCell;
use std::rc::Rc;

use domain::geo::Position;
use futures::channel::oneshot;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{PositionError, PositionOptions};

/// Why there is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocateProblem {
    /// The shopper, or the page that embeds us, said no.
    Denied,
    /// The device cannot tell.
    Unavailable,
    /// The device did not tell in time.
    TimedOut,
    /// The browser has no such power here (no secure context, or switched off).
    Unsupported,
}

/// Asks the device where it is. A position of the last five minutes will do, and fine accuracy is not asked for:
/// shops are ranked by it, nobody is steered.
///
/// # Errors
/// [`LocateProblem`] names what stood in the way.
pub async fn locate() -> Result<Position, LocateProblem> {
    let geolocation = window().navigator().geolocation().map_err(|_| LocateProblem::Unsupported)?;
    let (send, receive) = oneshot::channel();
    let send = Rc::new(RefCell::new(Some(send)));
    let answer = {
        let send = Rc::clone(&send);
        move |outcome: Result<Position, LocateProblem>| {
            if let Some(send) = send.borrow_mut().take() {
                let _ = send.send(outcome);
            }
        }
    };
    let found = Closure::once({
        let answer = answer.clone();
        move |position: web_sys::Position| {
            let coords = position.coords();
            answer(Position::new(coords.latitude(), coords.longitude()).map_err(|_| LocateProblem::Unavailable));
        }
    });
    let failed = Closure::once(move |error: PositionError| {
        answer(Err(match error.code() {
            PositionError::PERMISSION_DENIED => LocateProblem::Denied,
            PositionError::TIMEOUT => LocateProblem::TimedOut,
            _ => LocateProblem::Unavailable,
        }));
    });
    let options = PositionOptions::new();
    options.set_timeout(10_000);
    options.set_maximum_age(300_000);
    geolocation
        .get_current_position_with_error_callback_and_options(
            found.as_ref().unchecked_ref(),
            Some(failed.as_ref().unchecked_ref()),
            &options,
        )
        .map_err(|_| LocateProblem::Unsupported)?;
    // Some browsers never answer a prompt that is dismissed: their own timeout does not run while it is open.
    let patience = std::pin::pin!(super::clock::sleep(30_000));
    match futures::future::select(receive, patience).await {
        futures::future::Either::Left((outcome, _)) => outcome.unwrap_or(Err(LocateProblem::Unavailable)),
        futures::future::Either::Right(_) => Err(LocateProblem::TimedOut),
    }
}
