//! Where the device is. Asked only after a tap, and kept no longer than the page is there.

use std::cell::RefCell;
use std::rc::Rc;

use domain::geo::Position;
use js_sys::{Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{PositionError, PositionOptions};

use super::{dom, net};
use crate::model::LocateProblem;

/// Milliseconds that a device has to find itself.
const PATIENCE_MS: u32 = 10_000;
/// And with the time that somebody takes to read the question: some browsers never answer one that was waved away.
const LONGEST_MS: i32 = 30_000;
/// Milliseconds for which a position of before will do.
const OLD_ENOUGH_MS: u32 = 300_000;

/// Whether the policy of the page lets us ask, as far as the browser says so (`document.featurePolicy` of Chromium).
pub(super) fn may_ask() -> bool {
    if dom::window().navigator().geolocation().is_err() || !dom::window().is_secure_context() {
        return false;
    }
    let document = dom::window().document().map(JsValue::from).unwrap_or_default();
    let policy = Reflect::get(&document, &JsValue::from_str("featurePolicy")).unwrap_or_default();
    let allows = net::function(&policy, "allowsFeature");
    allows.and_then(|allows| allows.call1(&policy, &JsValue::from_str("geolocation")).ok()) != Some(JsValue::FALSE)
}

/// Asks the device.
pub(super) async fn ask() -> Result<Position, LocateProblem> {
    let geolocation = dom::window().navigator().geolocation().map_err(|_| LocateProblem::Unsupported)?;
    let answer: Rc<RefCell<Option<Result<Position, LocateProblem>>>> = Rc::default();
    let (found, failed) = (Rc::clone(&answer), Rc::clone(&answer));
    let asked = Promise::new(&mut |done, _| {
        let done_late = done.clone();
        let (found, failed, tell) = (Rc::clone(&found), Rc::clone(&failed), done.clone());
        let found = Closure::once_into_js(move |position: web_sys::Position| {
            let coords = position.coords();
            let position = Position::new(coords.latitude(), coords.longitude());
            *found.borrow_mut() = Some(position.map_err(|_| LocateProblem::Unavailable));
            let _ = done.call0(&JsValue::UNDEFINED);
        });
        let failed = Closure::once_into_js(move |error: PositionError| {
            *failed.borrow_mut() = Some(Err(problem(&error)));
            let _ = tell.call0(&JsValue::UNDEFINED);
        });
        let options = PositionOptions::new();
        options.set_timeout(PATIENCE_MS);
        options.set_maximum_age(OLD_ENOUGH_MS);
        let _ = geolocation.get_current_position_with_error_callback_and_options(
            found.unchecked_ref(),
            Some(failed.unchecked_ref()),
            &options,
        );
        dom::after(LONGEST_MS, move || {
            let _ = done_late.call0(&JsValue::UNDEFINED);
        });
    });
    let _ = JsFuture::from(asked).await;
    answer.borrow_mut().take().unwrap_or(Err(LocateProblem::TimedOut))
}

fn problem(error: &PositionError) -> LocateProblem {
    match error.code() {
        // Where the policy cannot be read (Firefox, Safari) its refusal is told from the shopper's by its words.
        PositionError::PERMISSION_DENIED if error.message().contains("olicy") => LocateProblem::Blocked,
        PositionError::PERMISSION_DENIED => LocateProblem::Denied,
        PositionError::TIMEOUT => LocateProblem::TimedOut,
        _ => LocateProblem::Unavailable,
    }
}
