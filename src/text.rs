//! The words of the app in the shopper's language: a function for each key of `locales/en.json`.
//!
//! The page loads one catalog before the app starts (`public/boot.js`); natively, in the tests, it is the English one.

use std::cell::OnceCell;

include!(concat!(env!("OUT_DIR"), "/text.rs"));

struct Catalog {
    language: &'static str,
    /// The plural categories, in the order in which the forms stand.
    categories: Vec<&'static str>,
    lines: Vec<&'static str>,
}

thread_local! {
    static CATALOG: OnceCell<Catalog> = const { OnceCell::new() };
}

impl Catalog {
    /// `pl ltr one,few,many,other`, then a line for each key.
    fn read(compiled: &'static str) -> Self {
        let mut lines = compiled.split('\n');
        let mut head = lines.next().unwrap_or_default().split(' ');
        let (language, categories) = (head.next().unwrap_or_default(), head.next_back().unwrap_or_default());
        Self { language, categories: categories.split(',').collect(), lines: lines.collect() }
    }
}

/// The language of the texts, such as `pl`.
#[must_use]
pub fn language() -> &'static str {
    CATALOG.with(|catalog| catalog.get_or_init(|| Catalog::read(loaded())).language)
}

/// Stands in a text for what is no text, such as a link or an emphasised name: see [`around`].
pub const GAP: &str = "\u{1}";

/// What stands before and behind a [`GAP`], so that each language puts it where it belongs.
#[must_use]
pub fn around(filled: &str) -> (String, String) {
    let (before, behind) = filled.split_once(GAP).unwrap_or((filled, ""));
    (before.to_owned(), behind.to_owned())
}

fn text(place: usize) -> &'static str {
    CATALOG.with(|catalog| {
        let catalog = catalog.get_or_init(|| Catalog::read(loaded()));
        catalog.lines.get(place).copied().unwrap_or_default()
    })
}

fn filled(place: usize, arguments: &[&str]) -> String {
    fill(text(place), arguments)
}

fn counted(place: usize, n: u64, arguments: &[&str]) -> String {
    let (category, number) = (category(n), number(n));
    let forms = text(place);
    let at = CATALOG.with(|catalog| {
        let known = catalog.get().map(|catalog| catalog.categories.as_slice()).unwrap_or_default();
        known.iter().position(|known| *known == category)
    });
    let form = at.and_then(|at| forms.split('\t').nth(at)).or_else(|| forms.rsplit('\t').next());
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
        let argument = place.parse::<usize>().ok().and_then(|place| arguments.get(place)).copied().unwrap_or_default();
        if argument.chars().any(turns_direction) {
            // What a feed writes from right to left, or pretends to, ends where it ends (UAX 9, isolates).
            out.push('\u{2068}');
            out.push_str(argument);
            out.push('\u{2069}');
        } else {
            out.push_str(argument);
        }
        out.push_str(rest);
    }
    out
}

fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FB1D}'..='\u{FEFF}')
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
    fn arguments_stand_where_the_language_wants_them() {
        assert_eq!(fill("{1} · {0}", &["a", "b"]), "b · a");
        assert_eq!(fill("{0} and {0}", &["a"]), "a and a");
        assert_eq!(fill("plain", &["a"]), "plain");
        assert_eq!(fill("{7}{x", &["a"]), "x");
        assert_eq!(fill("{0}!", &["{1}", "b"]), "{1}!", "what is put in is not read again");
    }

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

    #[test]
    fn what_turns_the_direction_of_writing_ends_where_it_ends() {
        assert_eq!(fill("at {0}!", &["\u{202E}evil"]), "at \u{2068}\u{202E}evil\u{2069}!");
        assert_eq!(fill("at {0}!", &["Łódź"]), "at Łódź!");
    }
}
