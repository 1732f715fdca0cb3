//! The steps of the browser's history, and going back to where one was on them.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{ResizeObserver, ScrollRestoration};

use super::events::{May, heard};
use crate::returning::Spots;

// web-sys does not have it yet.
#[wasm_bindgen]
extern "C" {
    type Navigation;
    #[wasm_bindgen(thread_local_v2, js_namespace = window, js_name = navigation)]
    static NAVIGATION: Option<Navigation>;
    #[wasm_bindgen(method, getter, js_name = currentEntry)]
    fn current_entry(this: &Navigation) -> Option<Entry>;
    type Entry;
    #[wasm_bindgen(method, getter)]
    fn key(this: &Entry) -> String;
}

/// Where the tab keeps it: as long as its history.
const KEPT_UNDER: &str = "nearshelf/spots";

thread_local! {
    static SPOTS: RefCell<Spots> = RefCell::default();
    /// Sees how long the page is.
    static LENGTH: RefCell<Option<ResizeObserver>> = const { RefCell::new(None) };
}

/// The step of the history that is shown; `None` where the browser does not name them.
fn entry() -> Option<String> {
    NAVIGATION.with(|navigation| Some(navigation.as_ref()?.current_entry()?.key()))
}

/// Takes care of where the page is scrolled to after a step back or forward, for as long as the page lives. A browser that does
/// not name the steps of its history goes on as it does.
pub fn follow() {
    let Some(begun) = entry() else { return };
    let Ok(history) = window().history() else { return };
    let fits = Closure::<dyn FnMut()>::new(scroll_to_where_it_belongs);
    let Ok(observer) = ResizeObserver::new(fits.as_ref().unchecked_ref()) else { return };
    fits.forget();
    LENGTH.set(Some(observer));
    let _ = history.set_scroll_restoration(ScrollRestoration::Manual);

    let kept = session().and_then(|kept| kept.get_item(KEPT_UNDER).ok().flatten());
    let mut spots = Spots::read(&kept.unwrap_or_default());
    if spots.knows(&begun) {
        spots.returned(&begun);
    }
    SPOTS.set(spots);

    heard("popstate", May::Watch, |_| {
        if let Some(entry) = entry() {
            SPOTS.with_borrow_mut(|spots| spots.returned(&entry));
        }
    });
    heard("scroll", May::Watch, |_| told(Spots::scrolled));
    for sign in ["pointerdown", "touchstart", "wheel", "keydown", "click"] {
        heard(sign, May::Watch, |_| told(Spots::here));
    }
    heard("pagehide", May::Watch, |_| {
        if let Some(kept) = session() {
            // Without it the next document begins at its top.
            let _ = kept.set_item(KEPT_UNDER, &SPOTS.with_borrow(Spots::written));
        }
    });
}

/// The screen of the address is shown.
pub fn arrived() {
    if let Some(root) = document().document_element()
        && SPOTS.with_borrow_mut(Spots::arrived)
    {
        LENGTH.with_borrow(|length| {
            let Some(length) = length else { return };
            // Whoever is looked at anew is told of at once, before the next picture.
            length.unobserve(&root);
            length.observe(&root);
        });
    }
}

/// Tells where the page is scrolled to at the step that is shown.
fn told(what: fn(&mut Spots, &str, u32)) {
    if let Some(entry) = entry() {
        SPOTS.with_borrow_mut(|spots| what(spots, &entry, pixels(window().scroll_y().unwrap_or_default())));
    }
}

/// How many rows the list of an address had when the shopper left this step of the history.
#[must_use]
pub fn rows(of: &str) -> Option<u32> {
    let entry = entry()?;
    SPOTS.with_borrow(|spots| spots.rows(&entry, of))
}

/// A list of this address has so many rows now.
pub fn listed(of: &str, rows: u32) {
    if let Some(entry) = entry() {
        SPOTS.with_borrow_mut(|spots| spots.listed(&entry, of, rows));
    }
}

fn scroll_to_where_it_belongs() {
    let belongs = entry().and_then(|entry| SPOTS.with_borrow(|spots| spots.belongs(&entry)));
    let (Some(top), Some(root)) = (belongs, document().document_element()) else { return };
    let room = root.scroll_height() - root.client_height();
    window().scroll_to_with_x_and_y(0.0, f64::from(top).min(f64::from(room)));
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it saturates
fn pixels(value: f64) -> u32 {
    value.round() as u32
}

fn session() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
