//! The page that starts the app and is there when it has ended: `public/boot.js`.

use std::cell::Cell;

use js_sys::{Function, Promise, Set};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventSource;

use super::clock::turn;

#[wasm_bindgen]
extern "C" {
    type Page;
    #[wasm_bindgen(thread_local_v2, js_namespace = window, js_name = nearshelf)]
    static PAGE: Option<Page>;
    #[wasm_bindgen(method, getter)]
    fn ready(this: &Page) -> Promise;
    #[wasm_bindgen(method, getter)]
    fn safe(this: &Page) -> bool;
    #[wasm_bindgen(method, getter)]
    fn streams(this: &Page) -> Set;
    #[wasm_bindgen(method, getter)]
    fn part(this: &Page) -> Option<Function>;
    #[wasm_bindgen(method, catch)]
    fn started(this: &Page) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn crashed(this: &Page, why: &str) -> Result<(), JsValue>;
}

/// Goes on once the page has chosen a language and loaded its catalog; never where it cannot.
pub fn when_ready(then: impl FnOnce() + 'static) {
    let Some(ready) = PAGE.with(|page| page.as_ref().map(Page::ready)) else { return then() };
    // Leptos has no executor before it mounts something.
    wasm_bindgen_futures::spawn_local(async move {
        let _ = JsFuture::from(ready).await;
        // To be read by the browser was work enough for one task.
        turn().await;
        then();
    });
}

/// A part of the program did not come.
#[derive(Debug)]
pub struct NotHere;

/// Waits until a later part of the program is here, and those before it. A program that came in one piece has it already.
///
/// # Errors
/// [`NotHere`] where it cannot be fetched.
pub async fn part(number: u32) -> Result<(), NotHere> {
    let Some(fetch) = PAGE.with(|page| page.as_ref().and_then(Page::part)) else { return Ok(()) };
    if number > 0 {
        let coming = fetch.call1(&JsValue::UNDEFINED, &number.into()).map_err(|_| NotHere)?;
        JsFuture::from(coming.unchecked_into::<Promise>()).await.map_err(|_| NotHere)?;
    }
    Ok(())
}

/// Tells the page that the first screen is there; each further time is none.
pub fn started() {
    thread_local! {
        static TOLD: Cell<bool> = const { Cell::new(false) };
    }
    // There is no page in the native tests.
    if cfg!(target_arch = "wasm32") && !TOLD.replace(true) {
        PAGE.with(|page| page.as_ref().map(Page::started));
    }
}

/// Tells the page that the app has ended. It shows what to do, and lets nothing of the app run any more.
pub fn crashed(why: &str) {
    PAGE.with(|page| page.as_ref().map(|page| page.crashed(why)));
}

/// Whether the app ended three times within a minute. It then does without what is not needed: the live stream, workers.
#[must_use]
pub fn is_safe() -> bool {
    // There is no page in the native tests.
    cfg!(target_arch = "wasm32") && PAGE.with(|page| page.as_ref().is_some_and(Page::safe))
}

/// The page closes this stream when the app has ended.
pub(super) fn opened(stream: &EventSource) {
    PAGE.with(|page| page.as_ref().map(|page| page.streams().add(stream)));
}

/// Takes back what [`opened`] said.
pub(super) fn closed(stream: &EventSource) {
    PAGE.with(|page| page.as_ref().map(|page| page.streams().delete(stream)));
}
