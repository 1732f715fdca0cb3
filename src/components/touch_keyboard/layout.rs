//! Which keys stand where, by language.

/// What a keyboard is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Words in the language of the screen.
    Words,
    /// Latin letters, as in addresses of mail, whatever the language.
    Latin,
    /// Digits alone.
    Digits,
}

impl Keys {
    /// For a field of this kind: `tel`, `email`, or anything else for words.
    #[must_use]
    pub fn of_field(kind: &str) -> Self {
        match kind {
            "tel" => Keys::Digits,
            "email" => Keys::Latin,
            _ => Keys::Words,
        }
    }
}

const DIGITS: &str = "1234567890";

/// The rows of keys that write something, from top to bottom.
#[must_use]
pub fn rows(keys: Keys, language: &str) -> &'static [&'static str] {
    match (keys, language) {
        (Keys::Digits, _) => &["123", "456", "789", "+0-"],
        (Keys::Words, "ru") => &[DIGITS, "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбюё"],
        (Keys::Words, "fr") => &[DIGITS, "éèêàâçùûîô", "azertyuiop", "qsdfghjklm", "wxcvbn'"],
        (Keys::Words, "pl") => &[DIGITS, "ąćęłńóśźż", "qwertyuiop", "asdfghjkl", "zxcvbnm"],
        (Keys::Words, "it") => &[DIGITS, "àèéìòù", "qwertyuiop", "asdfghjkl", "zxcvbnm'"],
        _ => &[DIGITS, "qwertyuiop", "asdfghjkl", "zxcvbnm'"],
    }
}

/// The capital of a letter that has a key. The table for all scripts would be 5 kB of each first visit.
#[must_use]
pub fn capital(letter: char) -> char {
    let below = match letter {
        'a'..='z' | 'à'..='þ' | 'а'..='я' => 0x20,
        'ё' => 0x50,
        // In pairs, the capital first.
        'ā'..='ž' => 1,
        _ => 0,
    };
    char::from_u32(u32::from(letter) - below).unwrap_or(letter)
}

/// The signs beside the space bar.
#[must_use]
pub fn signs(keys: Keys) -> &'static [&'static str] {
    match keys {
        Keys::Words => &["-", "."],
        Keys::Latin => &["@", ".", "-", "_"],
        Keys::Digits => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_capital() {
        for language in ["en", "fr", "it", "pl", "ru"] {
            for letter in rows(Keys::Words, language).concat().chars() {
                assert_eq!(capital(letter).to_string(), letter.to_uppercase().to_string(), "{letter}");
            }
        }
    }

    #[test]
    fn each_language_can_be_written() {
        for (language, letters) in [
            ("en", "abcdefghijklmnopqrstuvwxyz"),
            ("fr", "abcdefghijklmnopqrstuvwxyzéèêàâçùûîô'"),
            ("it", "abcdefghijklmnopqrstuvwxyzàèéìòù'"),
            ("pl", "abcdefghijklmnopqrstuvwxyząćęłńóśźż"),
            ("ru", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
        ] {
            let all = rows(Keys::Words, language).concat();
            for letter in letters.chars().chain(DIGITS.chars()) {
                assert_eq!(all.matches(letter).count(), 1, "{language}: {letter}");
            }
        }
    }

    #[test]
    fn an_address_of_mail_and_a_number_can_be_written_in_each_language() {
        for language in ["en", "fr", "it", "pl", "ru"] {
            let mail = [rows(Keys::Latin, language).concat(), signs(Keys::Latin).concat()].concat();
            assert!(
                "abcdefghijklmnopqrstuvwxyz0123456789@._-".chars().all(|letter| mail.contains(letter)),
                "{language}"
            );
            let number = rows(Keys::Digits, language).concat();
            assert!("+0123456789".chars().all(|digit| number.contains(digit)), "{language}");
        }
    }

    #[test]
    fn a_field_gets_the_keys_that_it_needs() {
        let kinds = ["search", "text", "email", "tel"].map(Keys::of_field);
        assert_eq!(kinds, [Keys::Words, Keys::Words, Keys::Latin, Keys::Digits]);
    }
}
