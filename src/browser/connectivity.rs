//! Whether the device thinks that it has a network.

use leptos::ev;
use leptos::prelude::*;

/// Follows the device's word on it. "Online" means little, "offline" means offline.
#[must_use]
pub fn online() -> ReadSignal<bool> {
    let (read, write) = signal(window().navigator().on_line());
    let up = window_event_listener(ev::online, move |_| write.set(true));
    let down = window_event_listener(ev::offline, move |_| write.set(false));
    on_cleanup(move || {
        up.remove();
        down.remove();
    });
    read
}
