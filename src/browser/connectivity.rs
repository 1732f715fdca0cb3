//! Whether the device thinks that it has a network.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Whether the shopper asked the browser to load as little as it can.
#[must_use]
pub fn saves_data() -> bool {
    let of = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default();
    of(&of(&window().navigator(), "connection"), "saveData").is_truthy()
}

/// Follows the device's word on it. "Online" means little, "offline" means offline.
#[must_use]
pub fn online() -> ReadSignal<bool> {
    let (read, write) = signal(window().navigator().on_line());
    let up = window_event_listener(ev::online, move |_| write.set(true));
    let down = window_event_listener(ev::offline, move |_| write.set(false));
    on_cleanup(move || {
        up.remove();
        down.remove();
    });
    read
}
