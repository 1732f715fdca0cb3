//! The short code that names a reservation at the desk.

use std::fmt;

/// The letters and digits of a pickup code: none that is taken for another when read aloud or off a screen, and no
/// vowels, so that no code is a word.
const CODE_ALPHABET: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";

/// The short code that a shopper shows at the desk, `K7-4MQ`. It names a reservation to the staff of its shop and opens
/// nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PickupCode(String);

impl PickupCode {
    /// A code from five random bytes; about 17 million different ones.
    #[must_use]
    pub fn from_random(bytes: [u8; 5]) -> Self {
        let mut text: String =
            bytes.iter().map(|b| char::from(CODE_ALPHABET[usize::from(*b) % CODE_ALPHABET.len()])).collect();
        text.insert(2, '-');
        Self(text)
    }

    /// Whether what somebody typed or read aloud is this code: case, blanks and dashes do not matter.
    #[must_use]
    pub fn is_same(code: &str, typed: &str) -> bool {
        let plain = |text: &str| {
            let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
            letters.map(|c| c.to_ascii_uppercase()).collect::<String>()
        };
        plain(code) == plain(typed)
    }

    /// Whether a text has the form of a code, dash and all; small letters do as well.
    #[must_use]
    pub fn has_form(text: &str) -> bool {
        let (before, behind) = text.split_once('-').unwrap_or_default();
        let known = |byte: u8| CODE_ALPHABET.contains(&byte.to_ascii_uppercase());
        before.len() == 2 && behind.len() == 3 && before.bytes().chain(behind.bytes()).all(known)
    }

    /// The code with its dash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PickupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_be_read_aloud() {
        let code = PickupCode::from_random([0, 1, 27, 28, 255]);
        assert_eq!(code.as_str(), "23-Z25");
        assert!(PickupCode::is_same("23-Z25", " 23 z25"));
        assert!(!PickupCode::is_same("23-Z25", "23-Z26"));
    }

    #[test]
    fn a_code_is_known_by_its_form() {
        assert!(PickupCode::has_form("K7-4MQ") && PickupCode::has_form("k7-4mq"));
        for other in ["", "-", "K7-4M", "K74-MQ", "K7-4MO", "K7-4MQ-2", "K7 4MQ"] {
            assert!(!PickupCode::has_form(other), "{other}");
        }
    }
}
