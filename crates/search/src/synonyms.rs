//! What a retailer calls the same, as a text of one group a line.
//!
//! ```text
//! # comment
//! tv<TAB>television<TAB>telly
//! hoover => vacuum cleaner
//! ```
//! Entries of a line mean the same; those before an arrow also find what those behind it find, and not the reverse.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::fold::fold;
use crate::num::{decimal, small};
use crate::text::split;

const MOST_LINES: usize = 10_000;
const MOST_ENTRIES: usize = 20;
const MOST_WORDS: usize = 5;
const ARROW: &str = "=>";

/// Words and phrases that mean the same. The default knows none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    /// Folded, each once; words apart by one space.
    phrases: Vec<String>,
    /// How many of them stand before the arrow; none where there is no arrow.
    one_way: usize,
}

/// Which line of a text is wrong, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynonymsError {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong, to be read after the line.
    pub problem: &'static str,
}

impl fmt::Display for SynonymsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("line ")?;
        f.write_str(&decimal(small(self.line).into()))?;
        f.write_str(": ")?;
        f.write_str(self.problem)
    }
}

impl core::error::Error for SynonymsError {}

impl Synonyms {
    /// Reads a text: at most 10,000 lines of 20 entries of 5 words.
    ///
    /// A line whose entries are one word in different spellings (`Café`, `cafe`) says nothing and is left out.
    ///
    /// # Errors
    /// [`SynonymsError`] for the first line that is not as above.
    pub fn parse(text: &str) -> Result<Self, SynonymsError> {
        let mut groups = Vec::new();
        let mut number = 0;
        let mut text = text;
        while let Some(rest) = text.strip_prefix('\u{FEFF}') {
            text = rest;
        }
        for line in split(text.strip_suffix('\n').unwrap_or(text), b'\n') {
            number += 1;
            let at_line = |problem| SynonymsError { line: number, problem };
            if number > MOST_LINES {
                return Err(at_line("there are more than 10,000 lines"));
            }
            // Not `trim` alone: a tab at an end is an entry that was forgotten.
            let meant = line.trim();
            if meant.is_empty() || meant.starts_with('#') {
                continue;
            }
            let group = Group::parse(line).map_err(at_line)?;
            if group.phrases.len() > group.one_way.max(1) {
                groups.push(group);
            }
        }
        Ok(Self { groups })
    }

    /// The shortest text that says the same, as it is kept in an index.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for group in &self.groups {
            for (number, phrase) in group.phrases.iter().enumerate() {
                if number > 0 {
                    text.push_str(if number == group.one_way { ARROW } else { "\t" });
                }
                text.push_str(phrase);
            }
            text.push('\n');
        }
        text
    }

    /// For each phrase that stands at this place of a query its length in words, and what else finds the same.
    pub(crate) fn of(&self, words: &[&str], at: usize) -> Vec<(usize, Vec<Vec<String>>)> {
        let mut found = Vec::new();
        let words = words.get(at..).unwrap_or_default();
        for group in &self.groups {
            let from = if group.one_way > 0 { group.one_way } else { group.phrases.len() };
            for (number, phrase) in group.phrases.iter().take(from).enumerate() {
                if let Some(len) = begins_with(words, phrase) {
                    found.push((len, group.others(number)));
                }
            }
        }
        found
    }
}

impl Group {
    fn parse(line: &str) -> Result<Self, &'static str> {
        let mut group = Self { phrases: Vec::new(), one_way: 0 };
        let mut entries = 0;
        let mut right = line;
        if let Some((left, behind)) = at_arrow(line) {
            if at_arrow(behind).is_some() {
                return Err("there is more than one arrow");
            }
            group.take(left, &mut entries)?;
            group.one_way = group.phrases.len();
            right = behind;
        }
        group.take(right, &mut entries)?;
        if entries < 2 { Err("there is only one entry") } else { Ok(group) }
    }

    fn take(&mut self, side: &str, entries: &mut usize) -> Result<(), &'static str> {
        for entry in split(side, b'\t') {
            let phrase = fold(entry);
            *entries += 1;
            if phrase.is_empty() {
                return Err("an entry is empty");
            }
            if *entries > MOST_ENTRIES {
                return Err("there are more than 20 entries");
            }
            if split(&phrase, b' ').count() > MOST_WORDS {
                return Err("an entry has more than 5 words");
            }
            if !self.phrases.contains(&phrase) {
                self.phrases.push(phrase);
            }
        }
        Ok(())
    }

    /// What else is looked for by who types this phrase.
    fn others(&self, asked: usize) -> Vec<Vec<String>> {
        let mut others = Vec::new();
        for (number, phrase) in self.phrases.iter().enumerate().skip(self.one_way) {
            if number != asked {
                let mut words = Vec::new();
                for word in split(phrase, b' ') {
                    words.push(word.to_owned());
                }
                others.push(words);
            }
        }
        others
    }
}

/// What stands before and behind the first arrow.
fn at_arrow(line: &str) -> Option<(&str, &str)> {
    for place in 0..line.len() {
        let behind = line.get(place..).unwrap_or_default();
        if behind.starts_with(ARROW) {
            return Some((line.get(..place)?, behind.get(ARROW.len()..)?));
        }
    }
    None
}

/// How many words the phrase has, where these begin with it.
fn begins_with(words: &[&str], phrase: &str) -> Option<usize> {
    // Of thousands of phrases nearly all end here.
    if !phrase.starts_with(words.first()?) {
        return None;
    }
    let mut words = words.iter();
    let mut len = 0;
    for part in split(phrase, b' ') {
        if *words.next()? != part {
            return None;
        }
        len += 1;
    }
    Some(len)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "\u{FEFF}# What we sell\r\n\r\nTV\tTélévision\ttelly\nhoover => vacuum cleaner\n\
        mobile phone\tcell phone\tsmartphone\nduvet\tquilt => bedding\n";

    /// What is found at the first word, as `length: other, other; …`.
    fn check(query: &str, expect: &str) {
        let words: Vec<&str> = query.split(' ').collect();
        let found = Synonyms::parse(TEXT).unwrap().of(&words, 0);
        let said = |(len, others): &(usize, Vec<Vec<String>>)| {
            let others: Vec<String> = others.iter().map(|words| words.join(" ")).collect();
            format!("{len}: {}", others.join(", "))
        };
        assert_eq!(found.iter().map(said).collect::<Vec<_>>().join("; "), expect, "{query}");
    }

    fn check_error(text: &str, expect: &str) {
        assert_eq!(Synonyms::parse(text).map_err(|error| error.to_string()), Err(expect.to_owned()), "{text}");
    }

    #[test]
    fn entries_of_a_line_mean_the_same() {
        check("tv", "1: television, telly");
        check("telly stand", "1: tv, television");
        check("mobile phone case", "2: cell phone, smartphone");
        check("smartphone", "1: mobile phone, cell phone");
        check("mobile", "");
        check("mobile phones", "");
        check("", "");
    }

    #[test]
    fn an_arrow_goes_one_way() {
        check("hoover", "1: vacuum cleaner");
        check("vacuum cleaner", "");
        check("duvet", "1: bedding");
        check("quilt", "1: bedding");
        check("bedding", "");
    }

    #[test]
    fn spellings_of_one_word_say_nothing() {
        assert_eq!(Synonyms::parse("Café\tcafe").unwrap(), Synonyms::default());
        assert_eq!(Synonyms::parse("café => CAFE").unwrap(), Synonyms::default());
        assert_eq!(Synonyms::parse("Café\tcafe\tbar").unwrap().to_text(), "cafe\tbar\n");
    }

    #[test]
    fn the_text_it_writes_is_the_shortest() {
        let text = Synonyms::parse(TEXT).unwrap().to_text();
        assert_eq!(
            text,
            "tv\ttelevision\ttelly\nhoover=>vacuum cleaner\nmobile phone\tcell phone\tsmartphone\nduvet\tquilt=>bedding\n"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        check_error("a\tb\n\tc", "line 2: an entry is empty");
        check_error("a\tb\t", "line 1: an entry is empty");
        check_error("a\t--", "line 1: an entry is empty");
        check_error("=> a", "line 1: an entry is empty");
        check_error("a =>", "line 1: an entry is empty");
        check_error("a => b => c", "line 1: there is more than one arrow");
        check_error("# one\nalone", "line 2: there is only one entry");
        check_error(&["a"; 21].join("\t"), "line 1: there are more than 20 entries");
        check_error("one two three four five six\ta", "line 1: an entry has more than 5 words");
        check_error(&"\n".repeat(10_001), "line 10001: there are more than 10,000 lines");
        assert_eq!(Synonyms::parse(&"\n".repeat(10_000)), Ok(Synonyms::default()));
    }

    proptest! {
        #[test]
        fn its_own_text_says_the_same(text in "((a|bé|C d|=>|#|\t|\n| ){1,9}\n){0,5}") {
            if let Ok(synonyms) = Synonyms::parse(&text) {
                prop_assert_eq!(Synonyms::parse(&synonyms.to_text()), Ok(synonyms));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), line in "\\PC{0,20}(\t|=>)\\PC{0,20}", at in 0usize..4) {
            for text in [text, line] {
                let Ok(synonyms) = Synonyms::parse(&text) else { continue };
                prop_assert_eq!(Synonyms::parse(&synonyms.to_text()), Ok(synonyms.clone()));
                let folded = fold(&text);
                let words: Vec<&str> = folded.split(' ').collect();
                for (len, others) in synonyms.of(&words, at) {
                    prop_assert!(len > 0 && at + len <= words.len() && !others.is_empty());
                }
            }
        }
    }
}
