//! The words of the app in the shopper's language: a function for each key of `locales/en.json`.
//!
//! The page loads one catalog before the app starts (`public/boot.js`); natively, in the tests, it is the English one.

use std::cell::OnceCell;

use catalog::{Loaded, fill, fill_counted};

include!(concat!(env!("OUT_DIR"), "/text.rs"));

thread_local! {
    static CATALOG: OnceCell<Loaded> = const { OnceCell::new() };
}

/// The language of the texts, such as `pl`.
#[must_use]
pub fn language() -> &'static str {
    with_catalog(Loaded::language)
}

/// Stands in a text for what is no text, such as a link or an emphasised name: see [`around`].
pub const GAP: &str = "\u{1}";

/// What stands before and behind a [`GAP`], so that each language puts it where it belongs.
#[must_use]
pub fn around(filled: &str) -> (String, String) {
    let (before, behind) = filled.split_once(GAP).unwrap_or((filled, ""));
    (before.to_owned(), behind.to_owned())
}

fn with_catalog<T>(of: impl FnOnce(&Loaded) -> T) -> T {
    CATALOG.with(|catalog| of(catalog.get_or_init(|| Loaded::read(loaded()))))
}

fn text(place: usize) -> &'static str {
    with_catalog(|catalog| catalog.text(place))
}

fn filled(place: usize, arguments: &[&str]) -> String {
    fill(text(place), arguments)
}

fn counted(place: usize, n: u64, arguments: &[&str]) -> String {
    let category = category(n);
    let form = with_catalog(|catalog| catalog.form(place, &category));
    fill_counted(form, &number(n), arguments)
}

#[cfg(target_arch = "wasm32")]
fn loaded() -> &'static str {
    crate::browser::language::catalog().leak()
}

#[cfg(target_arch = "wasm32")]
fn category(n: u64) -> String {
    crate::browser::intl::plural_category(n)
}

#[cfg(target_arch = "wasm32")]
fn number(n: u64) -> String {
    crate::browser::intl::count(n)
}

#[cfg(not(target_arch = "wasm32"))]
fn loaded() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/en.txt"))
}

#[cfg(not(target_arch = "wasm32"))]
fn category(n: u64) -> String {
    if n == 1 { "one" } else { "other" }.to_owned()
}

#[cfg(not(target_arch = "wasm32"))]
fn number(n: u64) -> String {
    n.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_stands_where_the_language_wants_it() {
        assert_eq!(around(&fill("{0} und {1}", &["a", GAP])), ("a und ".to_owned(), String::new()));
        assert_eq!(around(&fill("{1} et {0}", &["a", GAP])), (String::new(), " et a".to_owned()));
        assert_eq!(around("nothing"), ("nothing".to_owned(), String::new()));
    }

    #[test]
    fn the_language_is_that_of_the_catalog() {
        assert_eq!(language(), "en");
    }
}
