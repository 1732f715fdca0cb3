//! What this crate needs of the standard library's text handling, in a small part of its size.
//!
//! The general ways to join, split and count take several kilobytes of the worker of a phone: each is written for any kind
//! of text and pattern, and compiled anew for each kind that it is used with.

use alloc::string::String;

/// Texts one after the other, with this between two.
pub(crate) fn join(parts: &[&str], between: &str) -> String {
    let mut out = String::new();
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push_str(between);
        }
        out.push_str(part);
    }
    out
}

/// Texts one after the other.
pub(crate) fn concat(parts: &[&str]) -> String {
    join(parts, "")
}

/// How many characters a text has.
pub(crate) fn letters(text: &str) -> usize {
    let mut count = 0;
    for byte in text.as_bytes() {
        count += usize::from(byte & 0xC0 != 0x80);
    }
    count
}

/// Whether it has a digit from 0 to 9.
pub(crate) fn has_digit(text: &str) -> bool {
    text.as_bytes().iter().any(u8::is_ascii_digit)
}

/// What stands before and behind the first of this ASCII character.
#[must_use]
pub fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.as_bytes().iter().position(|byte| *byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The parts of a text between all of this ASCII character.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    rest: Option<&'a str>,
    at: u8,
}

/// Splits a text; what is empty has one empty part.
#[must_use]
pub fn split(text: &str, at: u8) -> Split<'_> {
    Split { rest: Some(text), at }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (part, rest) = match cut(rest, self.at) {
            Some((part, rest)) => (part, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_does_what_the_standard_library_does(text in "([ ,a]|\\PC){0,20}", others in prop::collection::vec("\\PC{0,5}", 0..4)) {
            let parts: Vec<&str> = others.iter().map(String::as_str).collect();
            prop_assert_eq!(join(&parts, ", "), parts.join(", "));
            prop_assert_eq!(concat(&parts), parts.concat());
            prop_assert_eq!(letters(&text), text.chars().count());
            prop_assert_eq!(cut(&text, b','), text.split_once(','));
            prop_assert_eq!(split(&text, b' ').collect::<Vec<_>>(), text.split(' ').collect::<Vec<_>>());
            prop_assert_eq!(has_digit(&text), text.chars().any(|c| c.is_ascii_digit()));
        }
    }
}
