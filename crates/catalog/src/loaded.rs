//! What the browser loaded, read back: the other side of [`Catalog::compiled`](crate::Catalog::compiled).

use crate::compile::BETWEEN;

/// The texts of one language, ready to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    language: &'static str,
    /// The plural categories, in the order in which the forms stand.
    categories: Vec<&'static str>,
    lines: Vec<&'static str>,
}

impl Loaded {
    /// Reads `pl ltr one,few,many,other` and a line for each key.
    #[must_use]
    pub fn read(compiled: &'static str) -> Self {
        let mut lines = compiled.split('\n');
        let mut head = lines.next().unwrap_or_default().split(' ');
        let (language, categories) = (head.next().unwrap_or_default(), head.next_back().unwrap_or_default());
        Self { language, categories: categories.split(',').collect(), lines: lines.collect() }
    }

    /// The tag of the language, such as `pl`.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The text that stands at a place, with all forms of a plural; empty where there is none.
    #[must_use]
    pub fn text(&self, place: usize) -> &'static str {
        self.lines.get(place).copied().unwrap_or_default()
    }

    /// The form of a plural for a category (CLDR); the last where the language has no such category.
    #[must_use]
    pub fn form(&self, place: usize, category: &str) -> &'static str {
        let forms = self.text(place);
        let at = self.categories.iter().position(|known| *known == category);
        let form = at.and_then(|at| forms.split(BETWEEN).nth(at)).or_else(|| forms.rsplit(BETWEEN).next());
        form.unwrap_or_default()
    }
}

/// A form of a plural with its number, as people write it, and its other arguments.
#[must_use]
pub fn fill_counted(form: &str, number: &str, arguments: &[&str]) -> String {
    let all: Vec<&str> = [number].into_iter().chain(arguments.iter().copied()).collect();
    fill(form, &all)
}

/// Puts arguments in place of `{0}`, `{1}`, …
#[must_use]
pub fn fill(template: &str, arguments: &[&str]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_compiled_is_read_back() {
        let polish = Loaded::read("pl ltr one,few,many,other\nSklep\n1 a\t{0} b\t{0} c\t{0} d");
        assert_eq!(polish.language(), "pl");
        assert_eq!(polish.text(0), "Sklep");
        let forms = ["one", "few", "many", "other"].map(|category| polish.form(1, category));
        assert_eq!(forms, ["1 a", "{0} b", "{0} c", "{0} d"]);
        assert_eq!(polish.form(1, "two"), "{0} d", "a category that nobody wrote a form for");
        assert_eq!((polish.text(2), polish.form(2, "one")), ("", ""), "an older catalog than the program");
        assert_eq!(Loaded::read("").language(), "");
    }

    #[test]
    fn a_plural_is_filled_with_its_number_first() {
        assert_eq!(fill_counted("{0} left at {1}", "1,200", &["Lyon"]), "1,200 left at Lyon");
        assert_eq!(fill_counted("one left at {1}", "1", &["Lyon"]), "one left at Lyon");
    }

    #[test]
    fn arguments_stand_where_the_language_wants_them() {
        assert_eq!(fill("{1} · {0}", &["a", "b"]), "b · a");
        assert_eq!(fill("{0} and {0}", &["a"]), "a and a");
        assert_eq!(fill("plain", &["a"]), "plain");
        assert_eq!(fill("{7}{x", &["a"]), "x");
        assert_eq!(fill("{0}!", &["{1}", "b"]), "{1}!", "what is put in is not read again");
    }

    #[test]
    fn what_turns_the_direction_of_writing_ends_where_it_ends() {
        assert_eq!(fill("at {0}!", &["\u{202E}evil"]), "at \u{2068}\u{202E}evil\u{2069}!");
        assert_eq!(fill("at {0}!", &["Łódź"]), "at Łódź!");
    }
}
