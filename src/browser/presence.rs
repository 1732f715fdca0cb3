//! Whether anybody is there: the page is in sight and has a network.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Event;

/// Whether somebody is there now.
#[must_use]
pub fn is_here() -> bool {
    !document().hidden() && window().navigator().on_line()
}

/// Says so each time that may have changed, for as long as the page lives: it is hidden or shown, put away for the back
/// button or fetched from there, off the network or on it again.
pub fn follow(changed: impl Fn(bool) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        // A page that is put away may say so before it counts as hidden.
        changed(is_here() && event.type_() != "pagehide");
    });
    // Visibility is the document's matter, but its event comes up to the window.
    for name in ["visibilitychange", "pagehide", "pageshow", "online", "offline"] {
        let _ = window().add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    }
    listener.forget();
}
