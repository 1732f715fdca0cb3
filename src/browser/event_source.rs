//! One line of Server-Sent Events. It does not look after itself: when to open, give up and try again is decided in
//! `crate::live`.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::boot;

/// What comes over a line.
pub enum LineEvent {
    /// It broke, or was answered with something that is no stream.
    Lost,
    /// A message.
    Message {
        /// Which of the names that were listened for.
        kind: u8,
        /// Its data.
        data: String,
        /// Its id, or that of the last message that had one.
        id: String,
    },
}

/// An open line; dropping it closes it.
pub struct Line {
    source: EventSource,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Line {
    /// Opens a line that listens for events of these names; `None` where the browser refuses the address.
    pub fn open(url: &str, names: &'static [&'static str], handler: impl Fn(LineEvent) + 'static) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        boot::opened(&source);
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let name = event.type_();
            // An event of the browser's own, such as "error", has no data.
            let kind = names.iter().position(|known| *known == name).and_then(|kind| u8::try_from(kind).ok());
            handler(match (kind, event.data().as_string()) {
                (Some(kind), Some(data)) => LineEvent::Message { kind, data, id: event.last_event_id() },
                _ => LineEvent::Lost,
            });
        });
        for name in names.iter().chain(&["error"]) {
            let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        Some(Self { source, _listener: listener })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.source.close();
        boot::closed(&self.source);
    }
}
