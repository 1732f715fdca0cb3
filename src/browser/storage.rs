//! What the device keeps between visits. A device that keeps nothing (private mode, storage refused or full) is an
//! ordinary case: everything then lives as long as the page does.

use api_contract::json;
use leptos::ev;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

thread_local! {
    // Of the page, like the storage itself. Whether it can be written to at all is tried once.
    static KEEPS: ArcRwSignal<bool> = ArcRwSignal::new(takes("nearshelf/probe", "1"));
}

fn store() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn takes(name: &str, text: &str) -> bool {
    store().is_some_and(|store| store.set_item(name, text).is_ok())
}

/// Whether the device keeps what it is given; followed by what reads it.
#[must_use]
pub fn keeps() -> bool {
    KEEPS.with(ArcRwSignal::get)
}

/// The same, without following it.
#[must_use]
pub fn keeps_now() -> bool {
    KEEPS.with(ArcRwSignal::get_untracked)
}

/// What was kept under a name; what cannot be read (older shape, damaged) counts as nothing.
#[must_use]
pub fn load<T: DeserializeOwned>(name: &str) -> Option<T> {
    let text = store()?.get_item(name).ok()??;
    json::read(&text).ok()
}

/// Keeps a value; answers whether the device took it.
pub fn save(name: &str, value: &impl Serialize) -> bool {
    let taken = serde_json::to_string(value).is_ok_and(|text| takes(name, &text));
    // Room may come back as it went.
    if keeps_now() != taken {
        KEEPS.with(|keeps| keeps.set(taken));
    }
    taken
}

/// Keeps what could be done without: where there is no room for it, nothing is said.
pub fn save_if_room(name: &str, value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        takes(name, &text);
    }
}

/// Hears when another tab has changed what is kept under a name, for as long as the page lives.
pub fn follow(name: &'static str, changed: impl Fn() + 'static) {
    let _ = window_event_listener(ev::storage, move |event| {
        // Without a name all of it was cleared.
        if event.key().is_none_or(|key| key == name) {
            changed();
        }
    });
}
