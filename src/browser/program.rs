//! Programs of their own beside the app, fetched when they are wanted.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Fetches a program, once for the page; one that did not come is asked for again the next time. `id` is that of its element.
pub(super) fn fetch(id: &'static str, script: &str, on_fail: impl Fn() + 'static) {
    if document().get_element_by_id(id).is_some() {
        return;
    }
    let Ok(element) = document().create_element("script") else { return };
    element.set_id(id);
    let _ = element.set_attribute("type", "module");
    let _ = element.set_attribute("src", script);
    let failed = Closure::<dyn FnMut()>::once_into_js(move || {
        super::document::remove(id);
        on_fail();
    });
    let _ = element.add_event_listener_with_callback("error", failed.unchecked_ref());
    if let Some(head) = document().head() {
        let _ = head.append_child(&element);
    }
}
