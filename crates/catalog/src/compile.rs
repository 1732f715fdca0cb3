//! What the browser loads: a line of text for each key, in the order of the keys.

use crate::{COUNT, Catalog, Message, categories, is_right_to_left};

/// Between the forms of a plural.
pub(crate) const BETWEEN: char = '\t';

impl Catalog {
    /// The first line names language, direction and plural categories (`pl ltr one,few,many,other`); then comes a line for
    /// each key of `english`. A placeholder is its place in the list of those that English has: `{0}`.
    #[must_use]
    pub fn compiled(&self, english: &Catalog) -> String {
        let direction = if is_right_to_left(&self.language) { "rtl" } else { "ltr" };
        let known = categories(&self.language).unwrap_or(&["other"]);
        let mut text = format!("{} {direction} {}", self.language, known.join(","));
        for (key, theirs) in english.of_app() {
            let names = theirs.placeholders();
            text.push('\n');
            match self.messages.get(key).unwrap_or(theirs) {
                Message::Plain(plain) => text += &numbered(plain, &names),
                Message::Plural(forms) => {
                    let form = |category: &&str| forms.get(*category).map_or("", String::as_str);
                    let forms: Vec<String> = known.iter().map(form).map(|form| numbered(form, &names)).collect();
                    text += &forms.join(&BETWEEN.to_string());
                }
            }
        }
        text
    }
}

fn numbered(text: &str, names: &[String]) -> String {
    let mut text = text.to_owned();
    for (place, name) in names.iter().enumerate() {
        text = text.replace(&format!("{{{name}}}"), &format!("{{{place}}}"));
    }
    // An English form may leave its number out where another language has it.
    text.replace(&format!("{{{COUNT}}}"), "{0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_as_in_english_and_forms_stand_in_the_order_of_their_categories() {
        let json = r#"{"b": "{shop}: {price}", "a": {"one": "{shop}: {n}", "other": "{shop}: {n}s"}}"#;
        let english = Catalog::read("en", json).unwrap();
        assert_eq!(english.compiled(&english), "en ltr one,other\n{1}: {0}\t{1}: {0}s\n{0}: {1}");
        let json = r#"{"b": "{price} · {shop}", "a": {"one": "1 {shop}", "few": "{n} f {shop}", "many": "{n} m {shop}", "other": "{n} o {shop}"}}"#;
        let polish = Catalog::read("pl", json).unwrap();
        assert_eq!(
            polish.compiled(&english),
            "pl ltr one,few,many,other\n1 {1}\t{0} f {1}\t{0} m {1}\t{0} o {1}\n{1} · {0}"
        );
    }
}
