//! Whether a button was in sight long enough to be tapped knowingly. In a frame another page may lay things over it, or show it for a
//! moment under a finger that was meant for something else.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

use super::dom;

/// Milliseconds for which it has to be in sight.
const LONG_ENOUGH_MS: f64 = 500.0;
/// The smallest pause between two looks that browsers allow where they look for what lies over it.
const LOOK_EVERY_MS: f64 = 100.0;

type Look = Closure<dyn FnMut(Array)>;

/// The button that is watched.
#[derive(Default)]
pub(super) struct Seen {
    watched: RefCell<Option<(Element, IntersectionObserver, Look)>>,
    since: Rc<Cell<Option<f64>>>,
}

impl Seen {
    /// Watches this button from now on, or none.
    pub(super) fn watch(&self, button: Option<Element>) {
        let known = self.watched.borrow().as_ref().map(|(known, ..)| known.clone());
        if known == button || !is_framed() {
            return;
        }
        self.stop();
        let Some(button) = button else { return };
        let since = Rc::clone(&self.since);
        let look = Look::new(move |entries: Array| {
            for entry in entries.iter() {
                let is_seen = is_seen(&entry);
                since.set(if is_seen { since.get().or(Some(dom::ticks())) } else { None });
            }
        });
        let Some(observer) = observer(look.as_ref()) else { return };
        observer.observe(&button);
        *self.watched.borrow_mut() = Some((button, observer, look));
    }

    pub(super) fn stop(&self) {
        if let Some((_, observer, _)) = self.watched.borrow_mut().take() {
            observer.disconnect();
        }
        self.since.set(None);
    }

    /// Whether a tap counts. On a page of its own the browser sees to it.
    pub(super) fn is_long_enough(&self) -> bool {
        !is_framed() || self.since.get().is_some_and(|since| dom::ticks() - since >= LONG_ENOUGH_MS)
    }
}

fn is_framed() -> bool {
    dom::window().parent().ok().flatten().is_some_and(|parent| parent != dom::window())
}

/// Whole, and with nothing over it where the browser can tell (Intersection Observer, version 2).
fn is_seen(entry: &JsValue) -> bool {
    let whole = entry.dyn_ref::<IntersectionObserverEntry>().is_some_and(IntersectionObserverEntry::is_intersecting);
    let uncovered = Reflect::get(entry, &JsValue::from_str("isVisible")).ok().and_then(|seen| seen.as_bool());
    whole && uncovered.unwrap_or(true)
}

fn observer(look: &JsValue) -> Option<IntersectionObserver> {
    let options = Object::new();
    for (name, value) in [
        ("threshold", JsValue::from_f64(0.99)),
        ("trackVisibility", JsValue::TRUE),
        ("delay", JsValue::from_f64(LOOK_EVERY_MS)),
    ] {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &value);
    }
    let options = options.unchecked_ref();
    IntersectionObserver::new_with_options(look.unchecked_ref(), options).ok()
}
