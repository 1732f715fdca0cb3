//! Where the device is. Asked only after a tap, and never kept.

use std::cell::RefCell;
use std::rc::Rc;

use domain::geo::Position;
use futures::channel::oneshot;
use js_sys::{Function, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{PositionError, PositionOptions};

/// Where the device says that it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// The middle of where it may be.
    pub position: Position,
    /// It is within so many metres of the middle, with 95 % confidence (W3C Geolocation, `accuracy`).
    pub accuracy_m: f64,
}

/// Why there is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocateProblem {
    /// The shopper said no, now or some time before.
    Denied,
    /// The page that embeds us does not let us ask; the shopper was not asked.
    Blocked,
    /// The device cannot tell.
    Unavailable,
    /// The device did not tell in time.
    TimedOut,
    /// The browser has no such power here (no secure context, or switched off).
    Unsupported,
}

/// Asks the device where it is. A position of the last five minutes will do unless it has to be `fresh`, and fine accuracy
/// is not asked for: shops are ranked by it, nobody is steered.
///
/// # Errors
/// [`LocateProblem`] names what stood in the way.
pub async fn locate(fresh: bool) -> Result<Fix, LocateProblem> {
    let geolocation = window().navigator().geolocation().map_err(|_| LocateProblem::Unsupported)?;
    let embedded = is_embedded();
    if embedded && policy_forbids() {
        return Err(LocateProblem::Blocked);
    }
    let (send, receive) = oneshot::channel();
    let send = Rc::new(RefCell::new(Some(send)));
    let answer = {
        let send = Rc::clone(&send);
        move |outcome: Result<Fix, LocateProblem>| {
            if let Some(send) = send.borrow_mut().take() {
                let _ = send.send(outcome);
            }
        }
    };
    let found = Closure::once({
        let answer = answer.clone();
        move |position: web_sys::Position| {
            let coords = position.coords();
            let position = Position::new(coords.latitude(), coords.longitude());
            let fix = position.map(|position| Fix { position, accuracy_m: coords.accuracy() });
            answer(fix.map_err(|_| LocateProblem::Unavailable));
        }
    });
    let failed = Closure::once(move |error: PositionError| {
        answer(Err(match error.code() {
            // Where the policy cannot be read (Firefox, Safari) its refusal is told from the shopper's by its words.
            PositionError::PERMISSION_DENIED if embedded && error.message().contains("olicy") => LocateProblem::Blocked,
            PositionError::PERMISSION_DENIED => LocateProblem::Denied,
            PositionError::TIMEOUT => LocateProblem::TimedOut,
            _ => LocateProblem::Unavailable,
        }));
    });
    let options = PositionOptions::new();
    options.set_timeout(10_000);
    options.set_maximum_age(if fresh { 0 } else { 300_000 });
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

/// Whether the page stands in somebody else's.
fn is_embedded() -> bool {
    window().frame_element().is_err() || window().parent().ok().flatten().is_some_and(|parent| parent != window())
}

/// Whether the policy of the page forbids asking, as far as the browser says so (Chromium's `document.featurePolicy`).
fn policy_forbids() -> bool {
    let policy = Reflect::get(&document(), &"featurePolicy".into()).unwrap_or_default();
    let allows = Reflect::get(&policy, &"allowsFeature".into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
    allows.and_then(|f| f.call1(&policy, &"geolocation".into()).ok()) == Some(JsValue::FALSE)
}
