//! The camera that reads codes, which is a program of its own (`scanner/`): fetched when it is wanted.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CustomEvent, Element};

use super::document::meta;
use super::program;

type Listener = Closure<dyn FnMut(CustomEvent)>;

/// Why the camera reads nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCamera {
    /// It may not be used.
    Refused,
    /// There is none, or none that a page like this one may use.
    Absent,
    /// What reads codes did not come, or does not work here.
    NoReader,
}

/// A camera in the page; it is let go of when this is dropped.
pub struct Scanner {
    element: Element,
    _listeners: [Listener; 2],
}

impl Scanner {
    /// Puts one into an element. `on_code` hears each code that is held before it, `on_fail` that there will be none.
    pub fn show(
        parent: &Element,
        on_code: impl Fn(String) + 'static,
        on_fail: impl Fn(NoCamera) + Clone + 'static,
    ) -> Option<Self> {
        let script = meta("nearshelf-scanner")?;
        let element = document().create_element("nearshelf-scanner").ok()?;
        let (failed, not_here) = (on_fail.clone(), on_fail);
        let listeners = [
            Listener::new(move |event: CustomEvent| on_code(event.detail().as_string().unwrap_or_default())),
            Listener::new(move |event: CustomEvent| {
                failed(match event.detail().as_string().as_deref() {
                    Some("refused") => NoCamera::Refused,
                    Some("absent") => NoCamera::Absent,
                    _ => NoCamera::NoReader,
                });
            }),
        ];
        for (name, listener) in ["code", "fail"].into_iter().zip(&listeners) {
            let _ = element.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        parent.append_child(&element).ok()?;
        program::fetch("scanner-program", &script, move || not_here(NoCamera::NoReader));
        Some(Self { element, _listeners: listeners })
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.element.remove();
    }
}
