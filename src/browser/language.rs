//! The language that the page was opened in: `public/boot.js` chose it and loaded its catalog before the app began.

use js_sys::{Array, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// Where `public/boot.js` finds what was chosen here before.
const KEPT_UNDER: &str = "nearshelf/language";
/// The part of an address that says in which language it is to open.
const PARAMETER: &str = "lang";

fn value_of_page(name: &str) -> JsValue {
    let page = Reflect::get(&window(), &"nearshelf".into()).unwrap_or_default();
    Reflect::get(&page, &JsValue::from_str(name)).unwrap_or_default()
}

fn of_page(name: &str) -> String {
    value_of_page(name).as_string().unwrap_or_default()
}

/// The compiled catalog, a line for each text.
#[must_use]
pub fn catalog() -> String {
    of_page("catalog")
}

/// The language of the texts, such as `pl`.
#[must_use]
pub fn current() -> String {
    of_page("language")
}

/// The language and region that numbers and times are written for, such as `en-GB`.
#[must_use]
pub fn locale() -> String {
    of_page("locale")
}

/// The languages that the app speaks, as tags; the current one where the page does not say.
#[must_use]
pub fn all() -> Vec<String> {
    let listed = value_of_page("languages").dyn_into::<Array>().unwrap_or_default();
    let tags: Vec<String> = listed.iter().filter_map(|tag| tag.as_string()).collect();
    if tags.is_empty() { vec![current()] } else { tags }
}

/// Opens this very address in another language, and remembers it; where nothing is kept, the address says it.
pub fn choose(tag: &str) {
    if let Some(store) = window().local_storage().ok().flatten().filter(|_| !super::storage::is_only_in_memory()) {
        let _ = store.set_item(KEPT_UNDER, tag);
    }
    let location = window().location();
    let here = [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat();
    let _ = location.replace(&with_language(&here, tag));
}

/// An address for somebody else, which opens in the language in which it was seen here.
#[must_use]
pub fn shared(address: &str) -> String {
    with_language(address, &current())
}

/// An address that opens in a language; what else it asks for stays.
fn with_language(address: &str, tag: &str) -> String {
    let (address, fragment) = address.find('#').map_or((address, ""), |at| address.split_at(at));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_language = |part: &&str| part.split('=').next() == Some(PARAMETER);
    let mut parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && !is_language(part)).collect();
    let language = [PARAMETER, "=", tag].concat();
    if !tag.is_empty() {
        parts.push(&language);
    }
    let query = parts.join("&");
    [path, if query.is_empty() { "" } else { "?" }, &query, fragment].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_another_language_asks_for_the_same() {
        let check = |address: &str, expect: &str| assert_eq!(with_language(address, "pl"), expect);
        check("/", "/?lang=pl");
        check("/search?q=a%20b&in_stock=1", "/search?q=a%20b&in_stock=1&lang=pl");
        check("/search?lang=fr&q=lang", "/search?q=lang&lang=pl");
        check("/?lang=fr", "/?lang=pl");
        check("https://x.example/pickups/r1#secret?a", "https://x.example/pickups/r1?lang=pl#secret?a");
        assert_eq!(with_language("/?lang=fr", ""), "/");
    }
}
