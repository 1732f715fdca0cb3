//! The page of a screen in a shop: whose keys and touches it hears, and what it lets nobody do.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::events::{May, heard};

/// A key that went down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Key {
    /// It writes this.
    Letter(char),
    /// Enter.
    Enter,
    /// Shift and the like, which scanners press for capitals.
    Shift,
    /// Any other.
    Other,
}

/// Milliseconds since the page began, by a clock that only goes forward.
#[must_use]
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Seconds since the browser of this screen was started: other documents of the same tab count as well.
#[must_use]
pub fn uptime_s(now_ms: i64) -> u32 {
    const KEPT_UNDER: &str = "nearshelf/device/since";
    let Some(store) = window().session_storage().ok().flatten() else { return 0 };
    let since = store.get_item(KEPT_UNDER).ok().flatten().and_then(|text| text.parse::<i64>().ok());
    let since = since.unwrap_or_else(|| {
        let _ = store.set_item(KEPT_UNDER, &now_ms.to_string());
        now_ms
    });
    u32::try_from((now_ms - since) / 1_000).unwrap_or(0)
}

/// Takes away what leads out of the page, or takes something of a person along, for as long as the page lives: the menu of
/// a long press, the clipboard, dragging, and keys that are commands to the browser. A page that was put away for the back
/// button is loaded anew before anybody sees it.
pub fn lock() {
    for name in ["contextmenu", "copy", "cut", "dragstart"] {
        heard(name, May::Refuse, |event: Event| event.prevent_default());
    }
    heard("keydown", May::Refuse, |event: Event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        // Both together are AltGr, which writes letters.
        let command = key.meta_key() || key.ctrl_key() != key.alt_key();
        let name = key.key();
        let function = name.len() > 1 && name.starts_with('F') && name.bytes().skip(1).all(|b| b.is_ascii_digit());
        if command || function {
            event.prevent_default();
        }
    });
    heard("pageshow", May::Watch, |event: Event| {
        if Reflect::get(&event, &"persisted".into()).unwrap_or_default().is_truthy() {
            let _ = window().location().reload();
        }
    });
}

/// Hears each key before the page does, with the instant at which it went down: milliseconds of a clock that only goes
/// forward, and that no work of the page holds up. What answers true is kept from the page.
pub fn follow_keys(pressed: impl FnMut(Key, f64) -> bool + 'static) {
    let mut pressed = pressed;
    heard("keydown", May::Refuse, move |event: Event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let name = key.key();
        let mut letters = name.chars();
        let key = match (name.as_str(), letters.next(), letters.next()) {
            ("Enter", ..) => Key::Enter,
            _ if ["ShiftLeft", "ShiftRight", "CapsLock"].contains(&key.code().as_str()) => Key::Shift,
            (_, Some(letter), None) => Key::Letter(letter),
            _ => Key::Other,
        };
        if pressed(key, event.time_stamp()) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
}

/// Hears each touch and key: somebody is there.
pub fn follow_touches(touched: impl Fn() + Clone + 'static) {
    for name in ["pointerdown", "keydown", "input", "wheel", "touchmove"] {
        let touched = touched.clone();
        heard(name, May::Watch, move |_| touched());
    }
}

/// Says to `public/offline.js` whether somebody is there, under whom no newer version takes over.
pub fn occupied(is: bool) {
    let page = Reflect::get(&window(), &"nearshelf".into()).unwrap_or_default();
    if page.is_object() {
        let _ = Reflect::set(&page, &"occupied".into(), &JsValue::from_bool(is));
    }
}

/// Whether the program ended and was started again within the last minute.
#[must_use]
pub fn has_recovered() -> bool {
    let page = Reflect::get(&window(), &"nearshelf".into()).unwrap_or_default();
    Reflect::get(&page, &"recovered".into()).unwrap_or_default().is_truthy()
}

/// Whether the browser has the page without a network, so that a fresh document surely comes.
#[must_use]
pub fn is_kept() -> bool {
    let workers = Reflect::get(&window().navigator(), &"serviceWorker".into()).unwrap_or_default();
    workers.is_object() && Reflect::get(&workers, &"controller".into()).unwrap_or_default().is_object()
}

/// The version of the program that runs, as the page names it.
#[must_use]
pub fn version() -> String {
    let page = Reflect::get(&window(), &"nearshelf".into()).unwrap_or_default();
    let version = Reflect::get(&page, &"version".into()).unwrap_or_default().as_string();
    version.filter(|version| !version.is_empty()).unwrap_or_else(|| "development".to_owned())
}

/// The field that has the focus.
fn field() -> Option<HtmlInputElement> {
    document().active_element()?.dyn_into().ok()
}

/// Hears it where a finger or the mouse chose a field, with the kind of the field as [`field_kind`] says it, and where the focus
/// is in none any more; both once the tap has hit what it was meant for, since what is on the screen then moves.
pub fn follow_typing(changed: impl Fn(Option<String>) + Clone + 'static) {
    let by_hand = std::rc::Rc::new(std::cell::Cell::new(false));
    for (name, is) in [("pointerdown", true), ("keydown", false)] {
        let by_hand = std::rc::Rc::clone(&by_hand);
        heard(name, May::Watch, move |_| by_hand.set(is));
    }
    let chosen = changed.clone();
    heard("click", May::Watch, move |_| {
        if let Some(kind) = field_kind().filter(|_| by_hand.get()) {
            chosen(Some(kind));
        }
    });
    heard("focusout", May::Watch, move |_| {
        let changed = changed.clone();
        set_timeout(
            move || {
                if field().is_none() {
                    changed(None);
                }
            },
            std::time::Duration::from_millis(300),
        );
    });
}

/// What stands in the field that has the focus.
#[must_use]
pub fn field_text() -> Option<String> {
    field().map(|field| field.value())
}

/// Puts a text into the field that has the focus, in place of what stands there.
pub fn set_field_text(text: &str) {
    if let Some(field) = field() {
        field.set_value(text);
        told_of_input(&field);
    }
}

/// Writes a text into the field that has the focus, where its caret is.
pub fn type_text(text: &str) {
    let Some(field) = field() else { return };
    let (from, to) = selection(&field);
    let _ = field.set_range_text_with_start_and_end(text, from, to);
    let caret = from + u32::try_from(text.encode_utf16().count()).unwrap_or(0);
    let _ = field.set_selection_range(caret, caret);
    told_of_input(&field);
}

/// Takes away what is chosen in the field that has the focus, or the letter before its caret.
pub fn erase() {
    let Some(field) = field() else { return };
    let (from, to) = selection(&field);
    let units: Vec<u16> = field.value().encode_utf16().collect();
    // A letter of two units goes whole.
    let before = usize::try_from(from).unwrap_or(0).checked_sub(1).and_then(|at| units.get(at));
    let width = if before.is_some_and(|unit| (0xDC00..0xE000).contains(unit)) { 2 } else { 1 };
    let from = if from == to { from.saturating_sub(width) } else { from };
    let _ = field.set_range_text_with_start_and_end("", from, to);
    let _ = field.set_selection_range(from, from);
    told_of_input(&field);
}

fn selection(field: &HtmlInputElement) -> (u32, u32) {
    let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(0);
    let place = |at: Result<Option<u32>, JsValue>| at.ok().flatten().unwrap_or(end);
    (place(field.selection_start()), place(field.selection_end()))
}

fn told_of_input(field: &HtmlInputElement) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        let _ = field.dispatch_event(&event);
    }
}

/// Sends the form of the field that has the focus, as Enter would.
pub fn submit_field() {
    if let Some(form) = field().and_then(|field| field.form()) {
        let _ = form.request_submit();
    }
}

/// The kind of the field that has the focus, as `data-keys` around it or its own `type` says; the keyboard of the system
/// stays away from it.
#[must_use]
pub fn field_kind() -> Option<String> {
    let field = field()?;
    let _ = field.set_attribute("inputmode", "none");
    let kind = field.type_();
    let types = ["text", "search", "tel", "password", "email"].contains(&kind.as_str());
    let around = field.closest("[data-keys]").ok().flatten().and_then(|element| element.get_attribute("data-keys"));
    types.then(|| around.unwrap_or(kind))
}

/// Takes the focus away from wherever it is.
pub fn leave_field() {
    if let Some(element) = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.blur();
    }
}
