//! A screen that stays on while somebody holds it out to be scanned (Screen Wake Lock).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{document, on_cleanup, window_event_listener_untyped};
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

// web-sys has it only behind a flag for the whole build; a browser without it throws, and then the screen does what it always does.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "wakeLock"], js_name = request)]
    fn request(kind: &str) -> Result<Promise, JsValue>;
}

enum State {
    Wanted(Option<JsValue>),
    Over,
}

/// Keeps the screen on until the current reactive owner is cleaned up; silently nothing where the browser cannot or will not.
pub fn keep_on() {
    let state = Rc::new(RefCell::new(State::Wanted(None)));
    let ask = {
        let state = Rc::clone(&state);
        move || {
            if !document().hidden() {
                spawn_local(take(Rc::clone(&state)));
            }
        }
    };
    ask();
    // The browser takes the lock away with each page that goes out of sight.
    let handle = window_event_listener_untyped("visibilitychange", move |_| ask());
    let leaving = SendWrapper::new((handle, state));
    on_cleanup(move || {
        let (handle, state) = leaving.take();
        handle.remove();
        if let State::Wanted(Some(lock)) = state.replace(State::Over) {
            release(&lock);
        }
    });
}

async fn take(state: Rc<RefCell<State>>) {
    let Ok(asked) = request("screen") else { return };
    let Ok(lock) = JsFuture::from(asked).await else { return };
    let before = match &mut *state.borrow_mut() {
        State::Wanted(held) => held.replace(lock),
        // The pass was closed meanwhile.
        State::Over => Some(lock),
    };
    before.iter().for_each(release);
}

fn release(lock: &JsValue) {
    let release = Reflect::get(lock, &JsValue::from_str("release")).ok().and_then(|f| f.dyn_into::<Function>().ok());
    if let Some(release) = release {
        let _ = release.call0(lock);
    }
}
