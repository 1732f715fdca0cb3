//! A worker of ours: something that works beside the page and answers questions.

use js_sys::{Array, Promise};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, WorkerOptions, WorkerType};

/// A worker that runs until the page is gone.
pub struct Worker {
    worker: web_sys::Worker,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Worker {
    /// Starts the module at an address; `told` hears each text that it sends on its own. `None` where the browser does not
    /// let us.
    pub fn start(url: &str, told: impl Fn(&str) + 'static) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(url, &options).ok()?;
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                told(&text);
            }
        });
        worker.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self { worker, _listener: listener })
    }

    /// Tells it something.
    pub fn tell(&self, words: &[&str]) {
        let _ = self.worker.post_message(&array(words));
    }

    /// Asks it; `None` where it has no answer to give.
    ///
    /// # Errors
    /// [`Silent`] where it says nothing for two seconds: a phone that is short of memory may have ended it.
    pub async fn ask(&self, words: &[&str]) -> Result<Option<String>, Silent> {
        let line = Line(MessageChannel::new().map_err(|_| Silent)?);
        let answer = Promise::new(&mut |resolve, _| {
            line.0.port1().set_onmessage(Some(&resolve));
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 2_000);
        });
        let sent = self.worker.post_message_with_transfer(&array(words), &Array::of1(&line.0.port2()));
        sent.map_err(|_| Silent)?;
        let event = JsFuture::from(answer).await.map_err(|_| Silent)?;
        // What the timer brings is no event.
        event.dyn_into::<MessageEvent>().map(|event| event.data().as_string()).map_err(|_| Silent)
    }
}

/// A line for one answer; a browser keeps both ends of one that is not hung up.
struct Line(MessageChannel);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.port1().set_onmessage(None);
        self.0.port1().close();
    }
}

/// A worker did not answer in time.
pub struct Silent;

fn array(words: &[&str]) -> JsValue {
    words.iter().map(|word| JsValue::from_str(word)).collect::<Array>().into()
}
