//! The street map, which is a program of its own (`street-map/`): fetched when it is wanted, and told what to show.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CustomEvent, Element};

use super::document::meta;
use super::program;

type Listener = Closure<dyn FnMut(CustomEvent)>;

/// A street map in the page; it goes when this is dropped.
pub struct StreetMap {
    element: Element,
    _listeners: [Listener; 2],
}

impl StreetMap {
    /// Puts one into an element; `on_point` hears which mark was tapped, `on_fail` that it cannot be shown. `None` where this
    /// build has none.
    pub fn show(
        parent: &Element,
        attributes: &[(&str, &str)],
        on_point: impl Fn(usize) + 'static,
        on_fail: impl Fn() + Clone + 'static,
    ) -> Option<Self> {
        let script = meta("nearshelf-street-map")?;
        let element = document().create_element("nearshelf-street-map").ok()?;
        for (name, value) in attributes {
            let _ = element.set_attribute(name, value);
        }
        let failed = on_fail.clone();
        let listeners = [
            Listener::new(move |event: CustomEvent| {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in a list
                if let Some(place) = event.detail().as_f64() {
                    on_point(place as usize);
                }
            }),
            Listener::new(move |_| failed()),
        ];
        for (name, listener) in ["point", "fail"].into_iter().zip(&listeners) {
            let _ = element.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        parent.append_child(&element).ok()?;
        program::fetch("street-map-program", &script, on_fail);
        Some(Self { element, _listeners: listeners })
    }

    /// Tells it something new.
    pub fn set(&self, name: &str, value: &str) {
        let _ = self.element.set_attribute(name, value);
    }
}

impl Drop for StreetMap {
    fn drop(&mut self) {
        self.element.remove();
    }
}
