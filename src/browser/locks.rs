//! A lock that one tab of this browser holds at a time (Web Locks).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::abort::Aborter;

// web-sys has these only behind a flag for the whole build.
#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &Options, held: &Function) -> Result<Promise, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Option<LockManager>;

    type Options;
    #[wasm_bindgen(method, setter)]
    fn set_steal(this: &Options, steal: bool);
    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &Options, signal: Option<&AbortSignal>);
}

enum State {
    Waiting,
    /// Calling it gives the lock back.
    Held(Function),
    Over,
}

/// A place in the queue for a lock, and then the lock; dropping it gives it up.
pub struct Claim {
    state: Rc<RefCell<State>>,
    _aborter: Aborter,
}

/// Queues for a lock, or takes it from whoever holds it. `told` hears `true` once it is ours, and `false` when it is
/// taken from us or refused; nothing after the claim is dropped. `None` where the browser has no such power here.
pub fn claim(name: &str, steal: bool, told: impl Fn(bool) + 'static) -> Option<Claim> {
    let locks = LOCKS.with(Option::clone)?;
    let (state, aborter, told) = (Rc::new(RefCell::new(State::Waiting)), Aborter::new(), Rc::new(told));
    let options = Object::new().unchecked_into::<Options>();
    // The two together are not allowed.
    if steal {
        options.set_steal(true);
    } else {
        options.set_signal(aborter.signal().as_ref());
    }
    let held = {
        let (state, told) = (Rc::clone(&state), Rc::clone(&told));
        Closure::once(move |_lock: JsValue| {
            let ours = !matches!(*state.borrow(), State::Over);
            let promise = Promise::new(&mut |resolve, _| {
                if ours {
                    *state.borrow_mut() = State::Held(resolve);
                } else {
                    let _ = resolve.call0(&JsValue::NULL);
                }
            });
            if ours {
                told(true);
            }
            promise
        })
    };
    let promise = locks.request(name, &options, held.as_ref().unchecked_ref()).ok()?;
    let after = Rc::clone(&state);
    spawn_local(async move {
        let refused = JsFuture::from(promise).await.is_err();
        drop(held);
        if refused && !matches!(*after.borrow(), State::Over) {
            told(false);
        }
    });
    Some(Claim { state, _aborter: aborter })
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let State::Held(release) = self.state.replace(State::Over) {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}
