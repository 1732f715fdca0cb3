//! What people read stands in `locales/en.json`, so that it can be said in every language: the code of the app holds none of it.
//!
//! A literal reads as a text where words stand side by side, where a word stands beside what is filled in or glued on, where a
//! word of four letters and more is capitalised, and where it is a word of a view.

use super::Finding;
use super::source::{Literal, Source};

/// Describes shops to search engines in the words of schema.org.
const FILES: [&str; 1] = ["src/pages/store/structured.rs"];
/// Attributes whose values are lists for the browser.
const ATTRIBUTES: [&str; 2] = ["class", "rel"];
/// What is told to whoever looks for a mistake, and never shown.
const CAUSES: [&str; 1] = ["Unreadable("];
/// Names that others gave: HTTP its headers, browsers their keys and interfaces, makers their devices.
const NAMES: [&str; 9] =
    ["Android", "Authorization", "Bearer {token}", "Content-Type", "Delete", "Enter", "Escape", "Intl", "Macintosh"];

/// Texts for people outside of the catalog.
pub(super) fn check(file: &str, source: &Source) -> Vec<Finding> {
    if !file.starts_with("src/") || FILES.contains(&file) {
        return Vec::new();
    }
    let found = source.literals.iter().filter(|literal| is_for_people(literal)).map(|literal| Finding {
        file: file.to_owned(),
        line: literal.line,
        words: format!("texts for people stand in locales/en.json: \"{}\"", literal.text),
    });
    found.collect()
}

fn is_for_people(literal: &Literal) -> bool {
    let Literal { text, before, .. } = literal;
    let in_view = before.ends_with('>') && !before.ends_with("=>");
    !NAMES.contains(&text.as_str())
        && !ATTRIBUTES.contains(&attribute(before))
        && !CAUSES.iter().any(|cause| before.ends_with(cause))
        && (reads_as_text(text) || in_view && text.chars().any(char::is_alphabetic))
}

/// The name in front of `="…"`; a variable has a space there.
fn attribute(before: &str) -> &str {
    let name = before.strip_suffix('=').unwrap_or_default();
    name.rsplit(|c: char| c.is_whitespace() || c == '<').next().unwrap_or_default()
}

/// What stands between two blanks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Word,
    /// `{…}`, and the ends where something is glued on.
    Filled,
    /// A sign, a number, a name for machines.
    Other,
}

impl Part {
    fn of(text: &str) -> Self {
        let text = text.trim_matches(|c: char| ".,:;!?…()“”’'\"".contains(c));
        match text {
            "" | "{}" => Part::Filled,
            _ if text.starts_with('{') && text.ends_with('}') => Part::Filled,
            _ if text.chars().any(char::is_alphabetic)
                && text.chars().all(|c| c.is_alphabetic() || "'’-".contains(c)) =>
            {
                Part::Word
            }
            _ => Part::Other,
        }
    }
}

fn reads_as_text(text: &str) -> bool {
    // Names of classes, `block__part block__part--kind`, and addresses.
    if ["--", "__", "//"].iter().any(|sign| text.contains(sign)) {
        return false;
    }
    let parts: Vec<Part> = text.split(' ').map(Part::of).collect();
    let beside = |pair: &[Part]| pair.contains(&Part::Word) && !pair.contains(&Part::Other);
    parts.windows(2).any(beside) || text.split(|c: char| !c.is_alphanumeric()).any(is_capitalised)
}

fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.clone().count() >= 3 && letters.all(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &str, text: &str) -> Vec<usize> {
        check(file, &Source::read(text)).iter().map(|finding| finding.line).collect()
    }

    #[track_caller]
    fn refuses(text: &str) {
        assert_eq!(lines("src/pages/find.rs", text), [1], "{text}");
    }

    #[track_caller]
    fn allows(text: &str) {
        assert_eq!(lines("src/pages/find.rs", text), [0; 0], "{text}");
    }

    #[test]
    fn texts_for_people_stand_in_the_catalog() {
        for text in [
            r#"let title = "Nothing here";"#,
            r#"Some("none nearby")"#,
            r#"format!("{n} left")"#,
            r#"format!("held {left}")"#,
            r#"parts.push(" at ")"#,
            r#"[shop, "in "].concat()"#,
            r#"<button aria-label="Close">"#,
            r#"<Notice title="Hello, you" />"#,
            r#"view! { <b>"min"</b> }"#,
            r#"view! { <b class="a b">"km"</b> }"#,
            r#"match x { _ => "Basket" }"#,
            r#"label = "Łódź""#,
        ] {
            refuses(text);
        }
    }

    #[test]
    fn what_machines_read_does_not() {
        for text in [
            r#"<p class="chips wrap" id="main" aria-live="polite">"#,
            r#"let class = if large { "picture picture--large" } else { "picture" };"#,
            r#"format!("said said--{}", x)"#,
            r#"<path d="M11 4a7 7 0 1 0 0 14ZM20 6l12 12" />"#,
            r#"("ArrowDown" | "ArrowUp", _) => "polite","#,
            r#"format!("{a} · {b}, {c}")"#,
            r#"name.rsplit_once(" - ")"#,
            r#"view! { <b>" · "</b> }"#,
            r#"write!(path, "M{} {}h1v1h-1z", x, y)"#,
            r#".header("Authorization", &format!("Bearer {token}"))"#,
            r#"ApiError::Unreadable("the request".to_owned())"#,
            r#"Reflect::get(&intl, &"DateTimeFormat".into())"#,
            r#"" ""#,
            r#""PRODID:-//Nearshelf//Pickup//EN""#,
        ] {
            allows(text);
        }
    }

    #[test]
    fn only_the_app_speaks_to_shoppers_and_tests_may_say_what_they_expect() {
        assert_eq!(lines("xtask/src/serve.rs", r#"println!("Open this address")"#), [0; 0]);
        allows(r#"#[cfg(test)] mod tests { const A: &str = "Sold out"; }"#);
    }
}
