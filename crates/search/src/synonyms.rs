//! What a retailer's shoppers call the same.

use std::fmt;

use crate::fold::words;

const MOST_LINES: usize = 10_000;
const MOST_PHRASES: usize = 20;
const MOST_WORDS: usize = 5;

/// Groups of words and phrases that mean the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    /// Phrases in folded words.
    phrases: Vec<Vec<String>>,
    /// Only who asks for the first is shown the others.
    one_way: bool,
}

/// Why a text is no list of synonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynonymsError {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl fmt::Display for SynonymsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("line ")?;
        fmt::Display::fmt(&self.line, f)?;
        f.write_str(": ")?;
        f.write_str(self.problem)
    }
}

impl std::error::Error for SynonymsError {}

impl Synonyms {
    /// Reads a list: a group a line, with tabs between (`tv⇥television⇥telly`); `hoover => vacuum cleaner` is one-way. Empty
    /// lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`SynonymsError`] names the line: a phrase of no words or of more than 5, a group of one or of more than 20, more
    /// than 10,000 lines.
    pub fn parse(text: &str) -> Result<Self, SynonymsError> {
        let mut groups = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let bad = |problem| SynonymsError { line: at + 1, problem };
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if groups.len() == MOST_LINES {
                return Err(bad("there are more than 10,000"));
            }
            groups.push(Group::parse(line).map_err(bad)?);
        }
        Ok(Self { groups })
    }

    /// As [`Self::parse`] reads it, each word folded.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for group in &self.groups {
            for (at, phrase) in group.phrases.iter().enumerate() {
                text.push_str(match (at, group.one_way) {
                    (0, _) => "",
                    (1, true) => "=>",
                    _ => "\t",
                });
                text.push_str(&phrase.join(" "));
            }
            text.push('\n');
        }
        text
    }

    /// For each phrase that begins at a word: how many words it has, and what means the same.
    pub(crate) fn of(&self, asked: &[&str], at: usize) -> Vec<(usize, Vec<Vec<String>>)> {
        let rest = asked.get(at..).unwrap_or_default();
        let mut found = Vec::new();
        for group in &self.groups {
            let known = if group.one_way { 1 } else { group.phrases.len() };
            for (place, phrase) in group.phrases.iter().enumerate().take(known) {
                if rest.len() >= phrase.len() && phrase.iter().zip(rest).all(|(a, b)| a == b) {
                    let others = group.phrases.iter().enumerate().filter(|(other, _)| *other != place);
                    found.push((phrase.len(), others.map(|(_, phrase)| phrase.clone()).collect()));
                }
            }
        }
        found
    }
}

impl Group {
    fn parse(line: &str) -> Result<Self, &'static str> {
        let arrow = line.as_bytes().windows(2).position(|two| two == b"=>");
        let parts = arrow.and_then(|at| Some((line.get(..at)?, line.get(at + 2..)?)));
        let (first, rest) = parts.map_or((None, line), |(first, rest)| (Some(first), rest));
        let mut phrases = Vec::new();
        for phrase in first.into_iter().chain(rest.split('\t')) {
            let phrase: Vec<String> = words(phrase).into_iter().map(|word| word.folded).collect();
            match phrase.len() {
                0 => return Err("has a phrase without words"),
                1..=MOST_WORDS => phrases.push(phrase),
                _ => return Err("has a phrase of more than 5 words"),
            }
        }
        match phrases.len() {
            0 | 1 => Err("has only one phrase; put a tab between those that mean the same"),
            2..=MOST_PHRASES => Ok(Self { phrases, one_way: first.is_some() }),
            _ => Err("has more than 20 phrases"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: &str = "# ours\ntv\tTelevision\ttelly\n\nhoover => vacuum cleaner\r\nvacuum cleaner\tAspirateur\n";

    fn check(query: &str, expect: &str) {
        let asked: Vec<&str> = query.split(' ').collect();
        let found = Synonyms::parse(LIST).unwrap().of(&asked, 0);
        let said = found.iter().map(|(len, phrases)| {
            let phrases: Vec<String> = phrases.iter().map(|phrase| phrase.join(" ")).collect();
            format!("{len}: {}", phrases.join(", "))
        });
        assert_eq!(said.collect::<Vec<_>>().join("; "), expect, "{query}");
    }

    #[test]
    fn what_means_the_same_is_found() {
        check("telly stand", "1: tv, television");
        check("hoover", "1: vacuum cleaner");
        check("vacuum cleaner bags", "2: aspirateur");
        check("vacuum", "");
        check("aspirateur", "1: vacuum cleaner");
    }

    #[test]
    fn a_line_that_makes_no_sense_is_named() {
        for (text, line, problem) in [
            ("a\tb\n\nalone", 3, "only one phrase"),
            ("a\t\tb", 1, "without words"),
            ("a =>", 1, "without words"),
            ("a\tone two three four five six", 1, "more than 5"),
            (&vec!["x"; 21].join("\t"), 1, "more than 20"),
        ] {
            let error = Synonyms::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.to_string().contains(problem), "{error}");
        }
        assert!(Synonyms::parse(&"a\tb\n".repeat(MOST_LINES + 1)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in "([a-zé]{1,4}( [a-z]{1,3})?(\t|=>)[A-Z]{1,3}\n){0,5}") {
            let list = Synonyms::parse(&text).unwrap();
            prop_assert_eq!(Synonyms::parse(&list.to_text()).unwrap(), list);
        }

        #[test]
        fn any_text_is_taken_or_refused(text in any::<String>()) {
            let _ = Synonyms::parse(&text);
        }
    }
}
