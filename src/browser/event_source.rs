//! A Server-Sent-Events line that looks after itself.
//!
//! `EventSource` reconnects by itself after a break, but not after a refusal, not when bytes silently stop, and it holds
//! one of the few connections of an origin while nobody looks. So: a watchdog, full-jitter backoff, closed while the page
//! is hidden, opened anew when it comes back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::random;

/// Without any byte for this long the line is dead, whatever the browser thinks (heartbeats come each 15 s).
const SILENCE_MS: u64 = 40_000;
const BACKOFF_FIRST_MS: f64 = 1_000.0;
const BACKOFF_MAX_MS: f64 = 30_000.0;

/// What comes over the line.
pub enum LineEvent {
    /// It is open.
    Opened,
    /// It broke; another try is on its way.
    Lost,
    /// A message: the name of its event, and its data.
    Message(&'static str, String),
}

type Handler = Rc<dyn Fn(LineEvent)>;
type Listener = Closure<dyn FnMut(MessageEvent)>;

struct Line {
    url: String,
    names: &'static [&'static str],
    handler: Handler,
    open: RefCell<Option<Open>>,
    failures: Cell<u32>,
    timer: RefCell<Option<TimeoutHandle>>,
    closed: Cell<bool>,
}

/// A connection with the closures that the browser calls; dropped together.
struct Open {
    source: EventSource,
    _listeners: Vec<Listener>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

/// Opens a line to `url`, listening for events of these names, until the current reactive owner is cleaned up.
pub fn connect(url: String, names: &'static [&'static str], handler: impl Fn(LineEvent) + 'static) {
    let line = Rc::new(Line {
        url,
        names,
        handler: Rc::new(handler),
        open: RefCell::new(None),
        failures: Cell::new(0),
        timer: RefCell::new(None),
        closed: Cell::new(false),
    });
    let visibility = {
        let line = Rc::clone(&line);
        leptos_dom_listener(move || {
            if document().hidden() {
                line.hang_up();
            } else {
                line.open();
            }
        })
    };
    let online = {
        let line = Rc::clone(&line);
        window_event_listener(ev::online, move |_| {
            line.failures.set(0);
            line.open();
        })
    };
    let offline = {
        let line = Rc::clone(&line);
        window_event_listener(ev::offline, move |_| {
            line.hang_up();
            (line.handler)(LineEvent::Lost);
        })
    };
    if !document().hidden() {
        line.open();
    }
    let line = send_wrapper::SendWrapper::new(line);
    let visibility = send_wrapper::SendWrapper::new(visibility);
    on_cleanup(move || {
        line.closed.set(true);
        line.hang_up();
        visibility.take()();
        online.remove();
        offline.remove();
    });
}

/// Listens for `visibilitychange`, which only the document gets; answers what takes the listener away again.
fn leptos_dom_listener(changed: impl Fn() + 'static) -> Box<dyn FnOnce()> {
    let closure = Closure::<dyn FnMut()>::new(changed);
    let function: js_sys::Function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
    let _ = document().add_event_listener_with_callback("visibilitychange", &function);
    Box::new(move || {
        let _ = document().remove_event_listener_with_callback("visibilitychange", &function);
        drop(closure);
    })
}

impl Line {
    fn hang_up(&self) {
        if let Some(timer) = self.timer.borrow_mut().take() {
            timer.clear();
        }
        self.open.borrow_mut().take();
    }

    fn open(self: &Rc<Self>) {
        self.hang_up();
        if self.closed.get() {
            return;
        }
        let Ok(source) = EventSource::new(&self.url) else {
            self.retry();
            return;
        };
        let listeners = self
            .names
            .iter()
            .map(|name| {
                let line = Rc::clone(self);
                let listener = Listener::new(move |event: MessageEvent| {
                    line.alive();
                    if let Some(data) = event.data().as_string() {
                        (line.handler)(LineEvent::Message(name, data));
                    }
                });
                let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
                listener
            })
            .collect();
        let on_open = {
            let line = Rc::clone(self);
            Closure::<dyn FnMut()>::new(move || {
                line.alive();
                (line.handler)(LineEvent::Opened);
            })
        };
        let on_error = {
            let line = Rc::clone(self);
            Closure::<dyn FnMut()>::new(move || {
                (line.handler)(LineEvent::Lost);
                line.retry();
            })
        };
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        *self.open.borrow_mut() = Some(Open { source, _listeners: listeners, _on_open: on_open, _on_error: on_error });
        self.watch();
    }

    fn alive(self: &Rc<Self>) {
        self.failures.set(0);
        self.watch();
    }

    /// Sets the watchdog anew.
    fn watch(self: &Rc<Self>) {
        let line = Rc::clone(self);
        self.set_timer(Duration::from_millis(SILENCE_MS), move || {
            (line.handler)(LineEvent::Lost);
            line.open();
        });
    }

    /// Tries again after a while that grows with each failure and is drawn anew each time (full jitter), so that a
    /// thousand phones do not come back in the same second.
    fn retry(self: &Rc<Self>) {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let ceiling = (BACKOFF_FIRST_MS * 2f64.powi(i32::try_from(failures.min(10)).unwrap_or(10))).min(BACKOFF_MAX_MS);
        let wait = Duration::from_secs_f64((250.0 + random::unit() * ceiling) / 1000.0);
        let line = Rc::clone(self);
        self.set_timer(wait, move || line.open());
    }

    fn set_timer(self: &Rc<Self>, wait: Duration, then: impl FnOnce() + 'static) {
        if let Some(timer) = self.timer.borrow_mut().take() {
            timer.clear();
        }
        *self.timer.borrow_mut() = set_timeout_with_handle(then, wait).ok();
    }
}
