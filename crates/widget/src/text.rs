//! The words of the box: a function for each key that it has. A page may have boxes in several languages: the one that is being
//! drawn says which.

use std::cell::RefCell;

use catalog::{Loaded, fill, fill_counted};

include!(concat!(env!("OUT_DIR"), "/text.rs"));

thread_local! {
    /// The catalogs that were loaded, and which of them speaks.
    static CATALOGS: RefCell<(Vec<Loaded>, usize)> = const { RefCell::new((Vec::new(), 0)) };
}

/// Takes a catalog, and answers its place.
pub(crate) fn load(compiled: &'static str) -> usize {
    CATALOGS.with_borrow_mut(|(all, _)| {
        all.push(Loaded::read(compiled));
        all.len() - 1
    })
}

/// From now on this catalog speaks.
#[cfg(target_arch = "wasm32")]
pub(crate) fn speak(place: usize) {
    CATALOGS.with_borrow_mut(|(_, current)| *current = place);
}

fn of_catalog(of: impl FnOnce(&Loaded) -> &'static str) -> &'static str {
    native();
    CATALOGS.with_borrow(|(all, current)| all.get(*current).map(of).unwrap_or_default())
}

fn text(place: usize) -> &'static str {
    of_catalog(|catalog| catalog.text(place))
}

fn filled(place: usize, arguments: &[&str]) -> String {
    fill(text(place), arguments)
}

fn counted(place: usize, n: u64, arguments: &[&str]) -> String {
    let category = category(n);
    let form = of_catalog(|catalog| catalog.form(place, &category));
    fill_counted(form, &number(n), arguments)
}

#[cfg(target_arch = "wasm32")]
use crate::intl::{count as number, plural_category as category};

#[cfg(target_arch = "wasm32")]
fn native() {}

/// In the native tests it is the English one.
#[cfg(not(target_arch = "wasm32"))]
fn native() {
    if CATALOGS.with_borrow(|(all, _)| all.is_empty()) {
        load(include_str!(concat!(env!("OUT_DIR"), "/en.txt")));
    }
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
    fn a_text_is_that_of_its_key_with_what_it_needs() {
        assert_eq!(stock_left(1), "1 left");
        assert_eq!(near("Lyon"), "Near Lyon");
    }

    #[test]
    fn a_name_that_turns_the_direction_of_writing_turns_nothing_behind_it() {
        assert_eq!(near("\u{202E}noyL"), "Near \u{2068}\u{202E}noyL\u{2069}");
    }
}
