//! What the device keeps between visits. A device that keeps nothing (private mode, storage refused or full) is an
//! ordinary case: everything then lives as long as the page does.

use api_contract::json;
use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn store() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// What was kept under a name; what cannot be read (older shape, damaged) counts as nothing.
#[must_use]
pub fn load<T: DeserializeOwned>(name: &str) -> Option<T> {
    let text = store()?.get_item(name).ok()??;
    json::read(&text).ok()
}

/// Keeps a value; answers whether the device took it.
pub fn save(name: &str, value: &impl Serialize) -> bool {
    let Ok(text) = serde_json::to_string(value) else { return false };
    store().is_some_and(|store| store.set_item(name, &text).is_ok())
}
