//! What happens to the page, heard before the page hears it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Event};

/// What a listener may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    /// Look on: the browser waits for nobody.
    Watch,
    /// Keep the event from the browser and the page.
    Refuse,
}

/// Hears an event of the window before the page does, for as long as the page lives.
pub(super) fn heard(name: &str, may: May, told: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(told);
    let options = AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(may == May::Watch);
    let call = listener.as_ref().unchecked_ref();
    let _ = window().add_event_listener_with_callback_and_add_event_listener_options(name, call, &options);
    listener.forget();
}
