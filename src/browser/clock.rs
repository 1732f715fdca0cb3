//! The device's clock, timers, and how far the device's clock is off.

use std::time::Duration;

use domain::time::Timestamp;
use futures::channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageChannel;

use crate::lasting::{Lasting, lasting};

/// The device's clock; it may be wrong, see [`Clock`].
#[must_use]
pub fn device_now() -> Timestamp {
    #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970 are whole and far below 2^53
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Milliseconds since the page began, by a clock that only goes forward.
#[must_use]
pub fn steady_ms() -> i64 {
    #[allow(clippy::cast_possible_truncation)] // a page is not open for millions of years
    window().performance().map_or(0, |clock| clock.now() as i64)
}

/// Reads a date as HTTP writes it, in milliseconds since 1970.
#[must_use]
pub fn http_date(text: &str) -> Option<i64> {
    let millis = js_sys::Date::parse(text);
    #[allow(clippy::cast_possible_truncation)] // no date of a browser is beyond 2^53
    millis.is_finite().then_some(millis as i64)
}

/// Does something after so many milliseconds, unless the current reactive owner is cleaned up before.
pub fn after(millis: u32, then: impl FnOnce() + 'static) {
    if let Ok(handle) = set_timeout_with_handle(then, Duration::from_millis(u64::from(millis))) {
        on_cleanup(move || handle.clear());
    }
}

/// Does something each so many milliseconds, until the current reactive owner is cleaned up.
pub fn each(millis: u32, then: impl Fn() + 'static) {
    if let Ok(handle) = set_interval_with_handle(then, Duration::from_millis(u64::from(millis))) {
        on_cleanup(move || handle.clear());
    }
}

/// Waits for so many milliseconds.
pub async fn sleep(millis: u32) {
    let (done, wait) = oneshot::channel();
    let handle = set_timeout_with_handle(
        move || {
            let _ = done.send(());
        },
        Duration::from_millis(u64::from(millis)),
    );
    /// Takes the timer away when nobody waits any more.
    struct Cleared(Option<TimeoutHandle>);
    impl Drop for Cleared {
        fn drop(&mut self) {
            if let Some(handle) = self.0.take() {
                handle.clear();
            }
        }
    }
    let _cleared = Cleared(handle.ok());
    let _ = wait.await;
}

/// Lets the browser do what waits to be done, a key stroke or a picture, and goes on after it.
pub async fn turn() {
    let Ok(line) = MessageChannel::new() else { return };
    let (done, wait) = oneshot::channel();
    let heard = Closure::once(move || {
        let _ = done.send(());
    });
    // A timer would wait for longer, and stands still where a test has stopped the clock.
    line.port1().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    if line.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = wait.await;
    }
    line.port1().close();
}

/// Waits until the browser has nothing else to do, or two seconds where it cannot say so.
pub async fn idle() {
    let (done, wait) = oneshot::channel();
    let done = std::cell::Cell::new(Some(done));
    let asked = request_idle_callback_with_handle(move || {
        if let Some(done) = done.take() {
            let _ = done.send(());
        }
    });
    match asked {
        Ok(_) => _ = wait.await,
        Err(_) => sleep(2_000).await,
    }
}

/// The server's clock as far as we know it, so that countdowns and ages are right on a device whose clock is not.
#[derive(Clone, Copy)]
pub struct Clock {
    offset_ms: Lasting<RwSignal<i64>>,
    tick: Lasting<RwSignal<i64>>,
}

impl Clock {
    /// A clock that ticks each second while the page is in sight. `off_ms` is how far the device's clock was off on the
    /// last visit: the best guess until the server speaks.
    #[must_use]
    pub fn start(off_ms: i64) -> Self {
        let clock = Self { offset_ms: lasting(off_ms), tick: lasting(device_now().millis()) };
        let handle = set_interval_with_handle(move || clock.tick.set(device_now().millis()), Duration::from_secs(1));
        if let Ok(handle) = handle {
            on_cleanup(move || handle.clear());
        }
        clock
    }

    /// Learns from an instant that the server just named.
    pub fn learn(self, server: Timestamp) {
        let offset = server.since(device_now());
        // A few seconds are the way over the network; following them would only make ages jump.
        let _ = self.offset_ms.try_maybe_update(|known| {
            let off = (offset - *known).abs() > 2_000;
            if off {
                *known = offset;
            }
            (off, ())
        });
    }

    /// How far the device's clock is behind the server's, as far as we know.
    #[must_use]
    pub fn off_ms(self) -> i64 {
        self.offset_ms.get()
    }

    /// The server's time, each second anew.
    #[must_use]
    pub fn now(self) -> Timestamp {
        Timestamp::from_millis(self.tick.get()).plus_millis(self.offset_ms.get())
    }

    /// The server's time, without following it.
    #[must_use]
    pub fn now_untracked(self) -> Timestamp {
        device_now().plus_millis(self.offset_ms.get_untracked())
    }

    /// The server's time, each minute anew: for opening hours, which change no faster.
    #[must_use]
    pub fn by_minute(self) -> Memo<Timestamp> {
        Memo::new(move |_| {
            let now = self.now().millis();
            Timestamp::from_millis(now - now.rem_euclid(60_000))
        })
    }
}
