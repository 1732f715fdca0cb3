//! The tokens of the box: those of `style/tokens.css` that its sheet uses, on a box in place of a page. A box may be dark because its
//! page wants it so, which a page itself cannot be.

use std::collections::BTreeSet;

use crate::problem::{Outcome, Problem};

/// Names that belong to the page around.
const OF_THE_PAGE: &str = "--nearshelf-";

/// The sheet of a box with the tokens that it uses in front.
pub(super) fn in_front_of(sheet: &str, tokens: &str) -> Outcome<String> {
    let (sheet, tokens) = (without_comments(sheet), without_comments(tokens));
    let rules: Vec<Rule> = tokens.split('}').filter_map(Rule::read).collect();
    let wanted = wanted(&sheet, &rules);
    let is_there = |name: &str| rules.iter().any(|rule| rule.tokens.iter().any(|(known, _)| *known == name));
    if let Some(name) = wanted.iter().find(|name| !is_there(name) && !name.starts_with(OF_THE_PAGE)) {
        return Err(Problem::new(format!("box.css uses {name}, which style/tokens.css does not have")));
    }
    let mut together: String = rules.iter().map(|rule| rule.of_box(&wanted)).collect();
    together.push_str(&sheet);
    Ok(together)
}

/// A rule for the whole page: where it holds, and the names and values of its tokens.
struct Rule<'a> {
    media: &'a str,
    tokens: Vec<(&'a str, &'a str)>,
}

impl<'a> Rule<'a> {
    /// Reads what stands up to a closing brace.
    fn read(text: &'a str) -> Option<Self> {
        let (before, declarations) = text.split_once(":root {")?;
        Some(Self { media: before.trim().trim_end_matches('{').trim(), tokens: declared(declarations).collect() })
    }

    /// The same for a box, as far as it is wanted.
    fn of_box(&self, wanted: &BTreeSet<&str>) -> String {
        let tokens = self.tokens.iter().filter(|(name, _)| wanted.contains(name));
        let tokens: String = tokens.map(|(name, value)| format!("{name}:{value};")).collect();
        let media = self.media;
        match media {
            _ if tokens.is_empty() => tokens,
            "" => format!(".box{{{tokens}}}\n"),
            _ if media.contains("dark") => format!(".box.dark{{{tokens}}}\n{media}{{.box.auto{{{tokens}}}}}\n"),
            // As strong as the one for a dark box, behind which it stands.
            _ => format!("{media}{{.box.box{{{tokens}}}}}\n"),
        }
    }
}

/// What a sheet uses and does not say itself, and what that stands on.
fn wanted<'a>(sheet: &'a str, rules: &[Rule<'a>]) -> BTreeSet<&'a str> {
    let own: BTreeSet<&str> = declared(sheet).map(|(name, _)| name).collect();
    let mut wanted = BTreeSet::new();
    let mut left: Vec<&str> = used(sheet).collect();
    while let Some(name) = left.pop() {
        if !own.contains(name) && wanted.insert(name) {
            let values = rules.iter().flat_map(|rule| &rule.tokens).filter(|(known, _)| *known == name);
            left.extend(values.flat_map(|(_, value)| used(value)));
        }
    }
    wanted
}

fn used(css: &str) -> impl Iterator<Item = &str> {
    css.split("var(").skip(1).filter_map(|rest| rest.split([',', ')']).next()).map(str::trim)
}

/// Names and values of the custom properties that are set.
fn declared(css: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = css.split(['{', '}', ';']).filter_map(|declaration| declaration.trim().split_once(':'));
    pairs.filter(|(name, _)| name.starts_with("--")).map(|(name, value)| (name, value.trim()))
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once("*/")).fold(first, |all, (_, behind)| all + behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = ":root {\n  color-scheme: light dark;\n  /* Raw: a; b */\n  --hue: 155;\n  --ink: oklch(20% 0.02 var(--hue));\n  \
        --soft: grey;\n  --paper: white;\n}\n\n@media (prefers-color-scheme: dark) {\n  :root {\n    --ink: white;\n    --paper: black;\n  }\n}\n\n\
        @media (prefers-contrast: more) {\n  :root {\n    --soft: var(--ink);\n  }\n}\n";

    #[test]
    fn a_box_has_the_tokens_that_it_uses_and_what_they_stand_on() {
        let sheet = ".box{color:var(--nearshelf-text, var(--soft))}";
        assert_eq!(
            in_front_of(sheet, TOKENS).unwrap(),
            ".box{--hue:155;--ink:oklch(20% 0.02 var(--hue));--soft:grey;}\n\
             .box.dark{--ink:white;}\n@media (prefers-color-scheme: dark){.box.auto{--ink:white;}}\n\
             @media (prefers-contrast: more){.box.box{--soft:var(--ink);}}\n\
             .box{color:var(--nearshelf-text, var(--soft))}"
        );
    }

    #[test]
    fn what_the_box_says_itself_is_not_taken_and_what_nobody_says_ends_the_build() {
        let own = in_front_of("/* ; */ .box { --paper: red; color: var(--paper); }", TOKENS).unwrap();
        assert_eq!(own.trim(), ".box { --paper: red; color: var(--paper); }");
        assert!(in_front_of(".box{color:var(--pink)}", TOKENS).unwrap_err().to_string().contains("--pink"));
    }

    #[test]
    fn the_box_as_it_is_finds_all_of_its_tokens_by_day_and_by_night() {
        let sheet = include_str!("../../../crates/widget/box.css");
        let together = in_front_of(sheet, include_str!("../../../style/tokens.css")).unwrap();
        assert_eq!(together.matches("--raw-ink:").count(), 3, "by day, and twice by night");
        assert_eq!(together.matches("--raw-paper:").count(), 0, "a box lies on the page of somebody else");
    }
}
