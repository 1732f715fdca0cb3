//! Languages that nobody speaks, to see whether the screens bend: one that is a third longer and accented, and one that is
//! written from right to left.

use std::collections::BTreeMap;

use crate::{Catalog, Message};

impl Catalog {
    /// English with accents, a third longer: what still reads as plain English is not in the catalog.
    #[must_use]
    pub fn longer(&self) -> Catalog {
        self.changed("en-XA", |text| {
            let accented = around_placeholders(text, &|part| part.chars().map(accent).collect());
            let more = "~".repeat(text.chars().count().div_ceil(3).clamp(1, 40));
            format!("[{accented} {more}]")
        })
    }

    /// English whose words run from right to left.
    #[must_use]
    pub fn right_to_left(&self) -> Catalog {
        // Left alone are placeholders, so that what is put in stands as it would in Arabic.
        self.changed("ar-XB", |text| around_placeholders(text, &|part| format!("\u{202E}{part}\u{202C}")))
    }

    fn changed(&self, language: &str, change: impl Fn(&str) -> String) -> Catalog {
        let known = crate::categories(language).unwrap_or(&["other"]);
        let messages = self.messages.iter().map(|(key, message)| {
            let message = match message {
                Message::Plain(text) => Message::Plain(change(text)),
                Message::Plural(forms) => {
                    let form = |category: &str| forms.get(category).map_or_else(|| message.widest(), String::as_str);
                    let forms: BTreeMap<String, String> =
                        known.iter().map(|category| ((*category).to_owned(), change(form(category)))).collect();
                    Message::Plural(forms)
                }
            };
            (key.clone(), message)
        });
        Catalog { language: language.to_owned(), messages: messages.collect() }
    }
}

fn around_placeholders(text: &str, change: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        if !before.is_empty() {
            out += &change(before);
        }
        out += &format!("{{{name}}}");
        rest = after;
    }
    if rest.is_empty() { out } else { out + &change(rest) }
}

fn accent(letter: char) -> char {
    let plain = "aceginorsuyzACEGINORSUYZ";
    let accented = "àçêĝíñöŕšûýžÀÇÊĜÍÑÖŔŠÛÝŽ";
    plain.chars().position(|c| c == letter).and_then(|place| accented.chars().nth(place)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudo_languages_keep_placeholders_and_have_every_form() {
        let json = r#"{"a": "Reserve at {shop}", "b": {"one": "{n} left", "other": "{n} left"}}"#;
        let english = Catalog::read("en", json).unwrap();
        let longer = english.longer();
        assert_eq!(longer.text("a"), Some("[Ŕêšêŕvê àt {shop} ~~~~~~]"));
        assert_eq!(longer.differences(&english), []);
        let rtl = english.right_to_left();
        assert_eq!(rtl.text("a"), Some("\u{202E}Reserve at \u{202C}{shop}"));
        assert!(rtl.compiled(&english).starts_with("ar-XB rtl zero,one,two,few,many,other\n"));
        assert_eq!(rtl.differences(&english), []);
    }
}
