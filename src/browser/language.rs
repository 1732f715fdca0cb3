//! The language that the page was opened in: `public/boot.js` chose it and loaded its catalog before the app began.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;

fn of_page(name: &str) -> String {
    let page = Reflect::get(&window(), &"nearshelf".into()).unwrap_or_default();
    Reflect::get(&page, &JsValue::from_str(name)).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

/// The compiled catalog, a line for each text.
#[must_use]
pub fn catalog() -> String {
    of_page("catalog")
}

/// The language of the texts, such as `pl`.
#[must_use]
pub fn current() -> String {
    of_page("language")
}

/// The language and region that numbers and times are written for, such as `en-GB`.
#[must_use]
pub fn locale() -> String {
    of_page("locale")
}
