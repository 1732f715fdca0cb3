//! Showing one screen after another as a change, and not as a cut (CSS View Transitions).

use std::cell::RefCell;

use js_sys::{Function, Promise};
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{HtmlElement, MouseEvent};

use super::clock::turn;
use super::events::{May, heard};

// web-sys has it only behind a flag for the whole build.
#[wasm_bindgen]
extern "C" {
    type Page;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static PAGE: Page;
    #[wasm_bindgen(method, getter, js_name = startViewTransition)]
    fn able(this: &Page) -> Option<Function>;
    #[wasm_bindgen(method, catch, js_name = startViewTransition)]
    fn start(this: &Page, change: &Function) -> Result<Transition, JsValue>;
    #[derive(Clone, PartialEq)]
    type Transition;
    #[wasm_bindgen(method, getter)]
    fn ready(this: &Transition) -> Promise;
    #[wasm_bindgen(method, getter)]
    fn finished(this: &Transition) -> Promise;
    #[wasm_bindgen(method, js_name = skipTransition)]
    fn skip(this: &Transition);
}

thread_local! {
    static RUNNING: RefCell<Option<Transition>> = const { RefCell::new(None) };
}

/// Takes care, for as long as the page lives, that a tap during a transition goes where it was meant: the browser shows pictures
/// then, and tells the page of a tap on nothing.
pub fn follow() {
    heard("click", May::Watch, |event| {
        let nothing = document().document_element().map(JsValue::from);
        let (Some(running), Some(event)) = (RUNNING.with_borrow(Clone::clone), event.dyn_ref::<MouseEvent>()) else {
            return;
        };
        if event.target().map(JsValue::from) != nothing {
            return;
        }
        #[allow(clippy::cast_precision_loss)] // no screen has so many pixels
        let (x, y) = (event.client_x() as f32, event.client_y() as f32);
        spawn_local(async move {
            running.skip();
            over(running).await;
            let meant = document().element_from_point(x, y);
            if let Some(element) = meant.and_then(|element| element.closest("a,button,input,label").ok().flatten())
                && let Ok(element) = element.dyn_into::<HtmlElement>()
            {
                let _ = element.focus();
                element.click();
            }
        });
    });
}

/// Waits until the page is itself again. A transition that another one overtakes says so as a failure, and nothing failed.
async fn over(running: Transition) {
    let _ = JsFuture::from(running.ready()).await;
    let _ = JsFuture::from(running.finished()).await;
}

/// Changes what the page shows: at once, or once the browser has kept a picture of what was there. Changes are made in the order
/// in which they were asked for only among themselves: one that comes later must look at what is to be shown by then.
pub fn show(change: impl FnOnce() + 'static) {
    if !PAGE.with(|page| page.able().is_some()) || wants_less_motion() {
        return change();
    }
    let change = Closure::once_into_js(move || {
        change();
        // The browser looks at the page anew when what was changed is drawn.
        future_to_promise(async {
            turn().await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let Ok(begun) = PAGE.with(|page| page.start(change.unchecked_ref())) else { return };
    RUNNING.set(Some(begun.clone()));
    spawn_local(async move {
        over(begun.clone()).await;
        RUNNING.with_borrow_mut(|running| _ = running.take_if(|running| *running == begun));
    });
}

fn wants_less_motion() -> bool {
    let asked = window().match_media("(prefers-reduced-motion:reduce)").ok().flatten();
    asked.is_some_and(|asked| asked.matches())
}
