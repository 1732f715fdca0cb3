//! The texts of the app in its languages: while the app is built, and as the browser says them.
//!
//! A catalog is a JSON object: a key, and its text, or its forms by plural category. English says which keys there are and
//! which `{placeholders}` a text has. [`Catalog::differences`] holds another language against it, so that a missing key, a
//! missing plural form or an unknown placeholder ends the build. [`Catalog::compiled`] is what the browser loads, and
//! [`functions`] the Rust that asks for it: a function for each key, so that a wrong key does not compile. [`Loaded`] is what
//! the app and the box for other sites read of it, and [`fill`] what they make of a text.

mod compile;
mod functions;
mod language;
mod loaded;
mod pseudo;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

pub use functions::functions;
pub use language::{categories, is_right_to_left};
pub use loaded::{Loaded, fill, fill_counted};

/// The placeholder that a plural is counted by.
pub const COUNT: &str = "n";

/// How the keys begin of what the page says where the app is not there (`public/boot.js`). They are no functions, and stand
/// in no catalog that the browser loads.
pub const BOOT: &str = "boot_";

/// How the keys begin of what only the box for other sites says (`crates/widget`): it has a catalog of its own.
pub const WIDGET: &str = "widget_";

/// The texts of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// Its tag, such as `pl`.
    pub language: String,
    messages: BTreeMap<String, Message>,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    Plain(String),
    /// By plural category.
    Plural(BTreeMap<String, String>),
}

/// What is wrong with a catalog: the language, the key and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(String);

/// The languages of a folder.
#[derive(Debug, Clone)]
pub struct Languages {
    /// The one that says which texts there are.
    pub english: Catalog,
    /// The others, by their names.
    pub others: Vec<Catalog>,
}

impl Languages {
    /// Reads `<language>.json` for each language in a folder, and holds all of them against English.
    ///
    /// # Errors
    /// Every problem of every language, or that English is not there.
    pub fn read(folder: &Path) -> Result<Self, Vec<Problem>> {
        let problem = |words: String| vec![Problem(format!("{}: {words}", folder.display()))];
        let entries = fs::read_dir(folder).map_err(|error| problem(error.to_string()))?;
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
        files.sort();
        let mut all = Vec::new();
        for path in files {
            let json = fs::read_to_string(&path).map_err(|error| problem(format!("{}: {error}", path.display())))?;
            all.push(Catalog::read(&path.file_stem().unwrap_or_default().to_string_lossy(), &json)?);
        }
        let english = all.iter().position(|catalog| catalog.language == "en");
        let english = all.remove(english.ok_or_else(|| problem("en.json is missing".to_owned()))?);
        let differences: Vec<Problem> = all.iter().flat_map(|catalog| catalog.differences(&english)).collect();
        if differences.is_empty() { Ok(Self { english, others: all }) } else { Err(differences) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Catalog {
    /// Reads the JSON of a language.
    ///
    /// # Errors
    /// Where it is no object of texts and plural forms, or one of them cannot be used.
    pub fn read(language: &str, json: &str) -> Result<Self, Vec<Problem>> {
        let says = |key: &str, words: &str| Problem(format!("locales/{language}.json: {key}: {words}"));
        let parsed: serde_json::Value =
            serde_json::from_str(json).map_err(|error| vec![says("the file", &error.to_string())])?;
        let serde_json::Value::Object(entries) = parsed else {
            return Err(vec![says("the file", "is not an object")]);
        };
        let mut messages = BTreeMap::new();
        let mut problems = Vec::new();
        for (key, value) in entries {
            match Message::read(value) {
                Ok(message) => {
                    problems.extend(message.problems(&key, language).iter().map(|words| says(&key, words)));
                    messages.insert(key, message);
                }
                Err(words) => problems.push(says(&key, &words)),
            }
        }
        if problems.is_empty() { Ok(Self { language: language.to_owned(), messages }) } else { Err(problems) }
    }

    /// What this language lacks or has too much, held against `english`.
    #[must_use]
    pub fn differences(&self, english: &Catalog) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut say = |key: &str, words: String| {
            problems.push(Problem(format!("locales/{}.json: {key}: {words}", self.language)));
        };
        for (key, theirs) in &english.messages {
            match self.messages.get(key) {
                None => say(key, "is missing".to_owned()),
                Some(ours) if matches!(ours, Message::Plain(_)) != matches!(theirs, Message::Plain(_)) => {
                    say(key, "is a plural in one of the two languages only".to_owned());
                }
                Some(ours) => {
                    let known = theirs.placeholders();
                    for form in ours.texts() {
                        let used = placeholders(form);
                        used.iter()
                            .filter(|name| !known.contains(name))
                            .for_each(|name| say(key, format!("{{{name}}} is not in English")));
                        // "One left" may leave its number out; nothing else may be lost.
                        known
                            .iter()
                            .filter(|name| name.as_str() != COUNT && !used.contains(name))
                            .for_each(|name| say(key, format!("{{{name}}} is lost")));
                    }
                }
            }
        }
        for key in self.messages.keys().filter(|key| !english.messages.contains_key(*key)) {
            say(key, "is not in English".to_owned());
        }
        problems
    }

    /// The text of a key, as it stands in the file; the widest form of a plural.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.messages.get(key).map(Message::widest)
    }

    /// What the page says where the app is not there: keys without [`BOOT`], and their texts.
    pub fn of_boot(&self) -> impl Iterator<Item = (&str, &str)> {
        self.messages.iter().filter_map(|(key, message)| Some((key.strip_prefix(BOOT)?, message.widest())))
    }

    /// The texts of the box for other sites: its own, without [`WIDGET`] in front, and those of the app that `others` names.
    ///
    /// # Errors
    /// A key of `others` that is not there, or is there twice without what stands in front.
    pub fn for_widget<'k>(&self, others: impl IntoIterator<Item = &'k str>) -> Result<Self, Problem> {
        let own = self.messages.iter().filter_map(|(key, message)| Some((key.strip_prefix(WIDGET)?, message)));
        let mut messages: BTreeMap<String, Message> =
            own.map(|(key, message)| (key.to_owned(), message.clone())).collect();
        for key in others {
            let problem = |words: &str| Problem(format!("locales/{}.json: {key}: {words}", self.language));
            let message = self.messages.get(key).ok_or_else(|| problem("the box needs it, and it is missing"))?;
            if messages.insert(key.to_owned(), message.clone()).is_some() {
                return Err(problem("is in the box twice"));
            }
        }
        Ok(Self { language: self.language.clone(), messages })
    }

    /// What the app says, in the order of the keys.
    fn of_app(&self) -> impl Iterator<Item = (&String, &Message)> {
        self.messages.iter().filter(|(key, _)| !key.starts_with(BOOT) && !key.starts_with(WIDGET))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }
}

impl Message {
    fn read(value: serde_json::Value) -> Result<Self, String> {
        match value {
            serde_json::Value::String(text) => Ok(Message::Plain(text)),
            serde_json::Value::Object(forms) => {
                let forms = forms.into_iter().map(|(category, form)| match form {
                    serde_json::Value::String(text) => Ok((category, text)),
                    _ => Err(format!("the form {category} is not a text")),
                });
                Ok(Message::Plural(forms.collect::<Result<_, _>>()?))
            }
            _ => Err("is neither a text nor plural forms".to_owned()),
        }
    }

    fn problems(&self, key: &str, language: &str) -> Vec<String> {
        let mut problems = Vec::new();
        if !is_name(key) {
            problems.push("a key is small letters, digits and _".to_owned());
        }
        for text in self.texts() {
            if text.is_empty() || text.chars().any(char::is_control) {
                problems.push("is empty or has control characters".to_owned());
            }
            let braces = text.matches(['{', '}']).count();
            if braces != 2 * placeholders(text).len() + 2 * repeated(text) {
                problems.push("has a brace that belongs to no placeholder".to_owned());
            }
        }
        if let Message::Plural(forms) = self {
            if key.starts_with(BOOT) {
                problems.push("boot.js has no plural forms".to_owned());
            }
            let Some(wanted) = categories(language) else {
                problems.push(format!("the plural categories of {language} are not known"));
                return problems;
            };
            for category in wanted.iter().filter(|category| !forms.contains_key(**category)) {
                problems.push(format!("the form {category} is missing"));
            }
            for category in forms.keys().filter(|category| !wanted.contains(&category.as_str())) {
                problems.push(format!("{language} has no form {category}"));
            }
            if !self.placeholders().iter().any(|name| name == COUNT) {
                problems.push(format!("a plural counts by {{{COUNT}}}"));
            }
        }
        problems
    }

    fn texts(&self) -> Vec<&str> {
        match self {
            Message::Plain(text) => vec![text],
            Message::Plural(forms) => forms.values().map(String::as_str).collect(),
        }
    }

    fn widest(&self) -> &str {
        match self {
            Message::Plain(text) => text,
            Message::Plural(forms) => forms.get("other").map_or("", String::as_str),
        }
    }

    /// The names in braces, the count of a plural first, then by first appearance in the widest form.
    fn placeholders(&self) -> Vec<String> {
        let mut names = placeholders(self.widest());
        if matches!(self, Message::Plural(_)) {
            names.sort_by_key(|name| name != COUNT);
        }
        names
    }
}

/// The different names in braces, by first appearance.
fn placeholders(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in named(text) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// How many braces repeat a name.
fn repeated(text: &str) -> usize {
    named(text).count() - placeholders(text).len()
}

fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(|name| is_name(name))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(language: &str, json: &str) -> Catalog {
        Catalog::read(language, json).unwrap()
    }

    #[track_caller]
    fn refuses(language: &str, json: &str, words: &str) {
        let problems = Catalog::read(language, json).unwrap_err();
        assert!(problems.iter().any(|problem| problem.to_string().contains(words)), "{problems:?}");
    }

    #[track_caller]
    fn differs(language: &str, json: &str, words: &str) {
        let english = read(
            "en",
            r#"{"hello": "Hello {name}", "left": {"one": "{n} left at {shop}", "other": "{n} left at {shop}"}}"#,
        );
        let problems = read(language, json).differences(&english);
        assert!(problems.iter().any(|problem| problem.to_string().contains(words)), "{problems:?}");
    }

    #[test]
    fn a_language_needs_each_of_its_plural_forms() {
        refuses("pl", r#"{"left": {"one": "{n} a", "many": "{n} b", "other": "{n} c"}}"#, "few is missing");
        refuses("en", r#"{"left": {"one": "{n} a", "few": "{n} b", "other": "{n} c"}}"#, "no form few");
        refuses("en", r#"{"left": {"one": "a", "other": "b"}}"#, "counts by {n}");
        read("fr", r#"{"left": {"one": "{n} a", "many": "{n} de", "other": "{n} b"}}"#);
    }

    #[test]
    fn a_text_is_a_text() {
        refuses("en", r#"{"a": ""}"#, "empty");
        refuses("en", r#"{"a": "x {name"}"#, "brace");
        refuses("en", r#"{"a": "x {Name}"}"#, "brace");
        refuses("en", r#"{"A b": "x"}"#, "small letters");
        refuses("en", r#"{"a": 1}"#, "neither");
        refuses("en", r#"{"boot_a": {"one": "{n}", "other": "{n}"}}"#, "no plural forms");
        refuses("en", r#"{"a": "x"#, "the file");
        read("en", r#"{"a": "{x} and {x}"}"#);
    }

    #[test]
    fn another_language_says_all_that_english_says_and_nothing_else() {
        let left = r#""left": {"one": "{n} {shop}", "many": "{n} {shop}", "other": "{n} {shop}"}"#;
        differs("fr", &format!("{{{left}}}"), "hello: is missing");
        differs("fr", &format!(r#"{{"hello": "Bonjour", {left}}}"#), "{name} is lost");
        differs("fr", &format!(r#"{{"hello": "{{name}} {{nom}}", {left}}}"#), "{nom} is not in English");
        differs("fr", &format!(r#"{{"hello": "{{name}}", "more": "x", {left}}}"#), "more: is not in English");
        differs("fr", r#"{"hello": "{name}", "left": "{n} {shop}"}"#, "plural in one");
        let whole = format!(r#"{{"hello": "Bonjour {{name}}", {left}}}"#);
        let english = read(
            "en",
            r#"{"hello": "Hello {name}", "left": {"one": "one left at {shop}", "other": "{n} left at {shop}"}}"#,
        );
        assert_eq!(read("fr", &whole).differences(&english), []);
    }

    #[test]
    fn what_the_page_says_before_the_app_is_neither_a_function_nor_in_what_the_browser_loads() {
        let english = read("en", r#"{"a": "A", "boot_title": "Not started", "c": "C"}"#);
        assert_eq!(english.of_boot().collect::<Vec<_>>(), [("title", "Not started")]);
        assert_eq!(english.compiled(&english), "en ltr one,other\nA\nC");
        let code = functions(&english);
        assert!(code.contains("fn c() -> &'static str {\n    text(1)") && !code.contains("boot"), "{code}");
        let problems = read("fr", r#"{"a": "A", "c": "C"}"#).differences(&english);
        assert!(problems[0].to_string().contains("boot_title: is missing"), "{problems:?}");
    }

    #[test]
    fn the_box_has_its_own_texts_and_those_that_it_shares_and_the_app_has_none_of_its_own() {
        let english = read("en", r#"{"a": "A", "b": "B", "widget_code": "Code {code}"}"#);
        assert_eq!(english.compiled(&english), "en ltr one,other\nA\nB");
        let of_box = english.for_widget(["b"]).unwrap();
        assert_eq!(of_box.compiled(&of_box), "en ltr one,other\nB\nCode {0}");
        assert!(functions(&of_box).contains("fn code(code: &str) -> String"));
        assert!(english.for_widget(["c"]).unwrap_err().to_string().contains("c: the box needs it"));
        assert!(english.for_widget(["b", "b"]).unwrap_err().to_string().contains("twice"));
    }

    #[test]
    fn the_languages_of_a_folder_are_read_together_and_every_problem_is_told() {
        let folder = std::env::temp_dir().join(format!("nearshelf-languages-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("pl.json"), r#"{"a": "A"}"#).unwrap();
        assert!(Languages::read(&folder).unwrap_err()[0].to_string().contains("en.json is missing"));
        fs::write(folder.join("en.json"), r#"{"a": "A"}"#).unwrap();
        fs::write(folder.join("notes.txt"), "none").unwrap();
        let languages = Languages::read(&folder).unwrap();
        assert_eq!((languages.english.language.as_str(), languages.others.len()), ("en", 1));
        fs::write(folder.join("fr.json"), r#"{"b": "B"}"#).unwrap();
        assert_eq!(Languages::read(&folder).unwrap_err().len(), 2, "one is missing and one is too many");
        fs::remove_dir_all(&folder).unwrap();
    }
}
