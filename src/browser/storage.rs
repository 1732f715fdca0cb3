//! What the device keeps between visits. A device that keeps nothing (private mode, storage refused or full) is an
//! ordinary case: everything then lives as long as the page does. On a screen in a shop that is the rule: there
//! [`only_in_memory`] is called before anything else.

use std::cell::RefCell;
use std::collections::HashMap;

use api_contract::json;
use leptos::ev;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::lasting::Lasting;

thread_local! {
    // On a screen in a shop: what would be kept, which goes with the page.
    static MEMORY: RefCell<Option<HashMap<String, String>>> = const { RefCell::new(None) };
    // Of the page, like the storage itself. Whether it can be written to at all is tried once.
    static KEEPS: Lasting<ArcRwSignal<bool>> = Lasting::new(ArcRwSignal::new(takes("nearshelf/probe", "1")));
}

/// From now on nothing of a person is written to the device, and nothing that it kept is read.
pub fn only_in_memory() {
    MEMORY.with_borrow_mut(|memory| *memory = Some(HashMap::new()));
}

/// Whether nothing of a person is written to the device.
#[must_use]
pub fn is_only_in_memory() -> bool {
    MEMORY.with_borrow(Option::is_some)
}

fn store() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn takes(name: &str, text: &str) -> bool {
    let remembered =
        MEMORY.with_borrow_mut(|memory| memory.as_mut().map(|all| all.insert(name.to_owned(), text.to_owned())));
    remembered.is_some() || of_device_takes(name, text)
}

fn of_device_takes(name: &str, text: &str) -> bool {
    store().is_some_and(|store| store.set_item(name, text).is_ok())
}

/// Whether the device keeps what it is given; followed by what reads it.
#[must_use]
pub fn keeps() -> bool {
    KEEPS.with(Lasting::get)
}

/// The same, without following it.
#[must_use]
pub fn keeps_now() -> bool {
    KEEPS.with(Lasting::get_untracked)
}

/// What was kept under a name; what cannot be read (older shape, damaged) counts as nothing.
#[must_use]
pub fn load<T: DeserializeOwned>(name: &str) -> Option<T> {
    if is_only_in_memory() {
        return MEMORY.with_borrow(|memory| json::read(memory.as_ref()?.get(name)?).ok());
    }
    load_of_device(name)
}

/// What the device itself was given, which is nobody's in person.
#[must_use]
pub fn load_of_device<T: DeserializeOwned>(name: &str) -> Option<T> {
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

/// Keeps what belongs to the device and to nobody in person, also on a screen in a shop; answers whether it was taken.
pub fn save_of_device(name: &str, value: &impl Serialize) -> bool {
    serde_json::to_string(value).is_ok_and(|text| of_device_takes(name, &text))
}

/// Forgets what the device itself was given.
pub fn forget_of_device(name: &str) {
    if let Some(store) = store() {
        let _ = store.remove_item(name);
    }
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
        if !is_only_in_memory() && event.key().is_none_or(|key| key == name) {
            changed();
        }
    });
}
