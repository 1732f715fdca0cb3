//! The words of the box: a function for each key that it has. A page may have boxes in several languages: the one that is being
//! drawn says which.

use std::cell::RefCell;

include!(concat!(env!("OUT_DIR"), "/text.rs"));

struct Catalog {
    /// The plural categories, in the order in which the forms stand.
    categories: Vec<&'static str>,
    lines: Vec<&'static str>,
}

thread_local! {
    /// The catalogs that were loaded, and which of them speaks.
    static CATALOGS: RefCell<(Vec<Catalog>, usize)> = const { RefCell::new((Vec::new(), 0)) };
}

/// Takes a catalog, `pl ltr one,few,many,other` and a line for each key, and answers its place.
pub(crate) fn load(compiled: &'static str) -> usize {
    let mut lines = compiled.split('\n');
    let categories = lines.next().unwrap_or_default().rsplit(' ').next().unwrap_or_default();
    let catalog = Catalog { categories: categories.split(',').collect(), lines: lines.collect() };
    CATALOGS.with_borrow_mut(|(all, _)| {
        all.push(catalog);
        all.len() - 1
    })
}

/// From now on this catalog speaks.
#[cfg(target_arch = "wasm32")]
pub(crate) fn speak(place: usize) {
    CATALOGS.with_borrow_mut(|(_, current)| *current = place);
}

fn text(place: usize) -> &'static str {
    native();
    CATALOGS.with_borrow(|(all, current)| {
        all.get(*current).and_then(|catalog| catalog.lines.get(place)).copied().unwrap_or_default()
    })
}

fn filled(place: usize, arguments: &[&str]) -> String {
    fill(text(place), arguments)
}

fn counted(place: usize, n: u64, arguments: &[&str]) -> String {
    let forms = text(place);
    let category = category(n);
    let at = CATALOGS.with_borrow(|(all, current)| {
        all.get(*current).and_then(|catalog| catalog.categories.iter().position(|known| *known == category))
    });
    let form = at.and_then(|at| forms.split('\t').nth(at)).or_else(|| forms.rsplit('\t').next());
    let number = number(n);
    let all: Vec<&str> = [number.as_str()].into_iter().chain(arguments.iter().copied()).collect();
    fill(form.unwrap_or_default(), &all)
}

/// Puts arguments in place of `{0}`, `{1}`, …
fn fill(template: &str, arguments: &[&str]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut parts = template.split('{');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (place, rest) = part.split_once('}').unwrap_or(("", part));
        out.push_str(place.parse::<usize>().ok().and_then(|place| arguments.get(place)).copied().unwrap_or_default());
        out.push_str(rest);
    }
    out
}

#[cfg(target_arch = "wasm32")]
use crate::page::intl::{count as number, plural_category as category};

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
    fn arguments_stand_where_the_language_wants_them() {
        assert_eq!(fill("{1} · {0}", &["a", "b"]), "b · a");
        assert_eq!(fill("{7}{x", &["a"]), "x");
        assert_eq!(fill("{0}!", &["{1}", "b"]), "{1}!", "what is put in is not read again");
        assert_eq!(stock_left(1), "1 left");
        assert_eq!(near("Lyon"), "Near Lyon");
    }
}
