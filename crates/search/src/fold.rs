//! When two spellings are one word: `Écran`, `ECRAN` and `ecran` are.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::text::join;

/// A text in the form in which words are compared: small letters without marks, words apart by one space.
///
/// `Żółć Bouteille 0,75L` becomes `zolc bouteille 0 75l`. Folding twice changes nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    joined(text, " ")
}

/// The same without what stands between: how codes are compared.
#[must_use]
pub(crate) fn compact(text: &str) -> String {
    joined(text, "")
}

fn joined(text: &str, between: &str) -> String {
    let words = words(text);
    let mut parts: Vec<&str> = Vec::new();
    for word in &words {
        parts.push(&word.folded);
    }
    join(&parts, between)
}

/// One word of a text, folded, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) folded: String,
    /// Bytes of the original text, from its first letter to its last, marks included. Two words share bytes where one
    /// character makes both of them, as `¼` does.
    pub(crate) range: Range<usize>,
}

/// The words of a text in their order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut inside = false;
    let mut after_digit = false;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        let end = at + c.len_utf8();
        // Of 27" the mark is a word: it meets "27 in" and "27 inch". Some write it as two apostrophes.
        let after = core::mem::replace(&mut after_digit, c.is_ascii_digit());
        let two = c == '\'' && characters.as_str().starts_with('\'');
        if after && (two || matches!(c, '"' | '″' | '”')) {
            let end = if two { characters.next().map_or(end, |(at, c)| at + c.len_utf8()) } else { end };
            found.push(Word { folded: "in".to_owned(), range: at..end });
            inside = false;
            continue;
        }
        fold_char(c, |piece| match piece {
            Some(letter) => {
                if !inside {
                    found.push(Word { folded: String::new(), range: at..at });
                    inside = true;
                }
                if let Some(word) = found.last_mut() {
                    word.folded.push(letter);
                    word.range.end = end;
                }
            }
            None => inside = false,
        });
        // A mark folds to nothing and still belongs to the letter before it.
        if inside && let Some(word) = found.last_mut() {
            word.range.end = end;
        }
    }
    found
}

/// How many bytes at the beginning of `original` fold to at least `len` bytes, the marks that follow included.
pub(crate) fn original_len(original: &str, len: usize) -> usize {
    let mut folded = 0;
    for (at, c) in original.char_indices() {
        let mut more = 0;
        fold_char(c, |piece| more += piece.map_or(0, char::len_utf8));
        if folded >= len && more > 0 {
            return at;
        }
        folded += more;
    }
    original.len()
}

/// What one character becomes: some letters, an end of the word (`None`), or nothing at all.
fn fold_char(c: char, mut push: impl FnMut(Option<char>)) {
    if is_invisible(c) {
        return;
    }
    // Compatibility would make letters of them: "DURALOCK™" is not "duralocktm".
    if matches!(c, '™' | '℠') {
        return push(None);
    }
    for part in small_letters(c) {
        match part {
            'ß' => ['s', 's'].into_iter().for_each(|c| push(Some(c))),
            'æ' => ['a', 'e'].into_iter().for_each(|c| push(Some(c))),
            'œ' => ['o', 'e'].into_iter().for_each(|c| push(Some(c))),
            'ł' => push(Some('l')),
            'ø' => push(Some('o')),
            'đ' => push(Some('d')),
            'ı' => push(Some('i')),
            'ς' => push(Some('σ')),
            letter if letter.is_alphanumeric() => push(Some(letter)),
            _ => push(None),
        }
    }
}

/// The small letters of a character without their marks, by the tables of Unicode.
#[cfg(feature = "nfkd")]
fn small_letters(c: char) -> impl Iterator<Item = char> {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    core::iter::once(c).nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c))
}

/// The same for the letters of Latin, Greek and Cyrillic alone: the tables are 60 kB of a phone's first visit, and there
/// only what is marked in a title depends on it.
#[cfg(not(feature = "nfkd"))]
fn small_letters(c: char) -> impl Iterator<Item = char> {
    core::iter::once(small_letter(c)).filter(|c| !('\u{300}'..='\u{36F}').contains(c)).map(without_mark)
}

/// The small letter of a capital of Latin, Greek or Cyrillic (Unicode 16, `UnicodeData.txt`); the full table is 12 kB.
#[cfg(any(not(feature = "nfkd"), test))]
fn small_letter(c: char) -> char {
    let up = |by: u32| char::from_u32(u32::from(c) + by).unwrap_or(c);
    match c {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => up(0x20),
        'Ѐ'..='Џ' => up(0x50),
        'İ' => 'i',
        'Ÿ' => 'ÿ',
        'ẞ' => 'ß',
        'Ά' => 'ά',
        'Έ'..='Ί' => up(37),
        'Ό' => 'ό',
        'Ύ' | 'Ώ' => up(63),
        // In these the capitals are even, or odd.
        'Ā'..='ķ' | 'Ŋ'..='ŷ' | 'Ș'..='ȟ' | 'Ḁ'..='ẕ' | 'Ạ'..='ỹ' | 'Ѡ'..='ҁ' | 'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' => {
            up(u32::from(u32::from(c) % 2 == 0))
        }
        'Ĺ'..='ň' | 'Ź'..='ž' | 'Ӂ'..='ӎ' => up(u32::from(u32::from(c) % 2 == 1)),
        _ => c,
    }
}

/// Each word begins with a letter and goes on with its marked forms.
#[cfg(any(not(feature = "nfkd"), test))]
const MARKED: &str = "aàáâãäåāăąạảấầẩẫậắằẳẵặ cçćĉċč eèéêëēĕėęěẹẻẽếềểễệ iìíîïĩīĭįỉị nñńņň oòóôõöōŏőọỏốồổỗộớờởỡợ \
    uùúûüũūŭůűųụủứừửữự yýÿŷẏẙỳỵỷỹ dď gĝğġģ hĥẖ jĵ kķ lĺļľ rŕŗř sśŝşšſșẛ tţťțẗ wŵẁẃẅẇẉẘ zźżžẑẓẕ αά εέ ηή \
    ιίΐϊ οό υύϋΰ ωώ еѐё гѓ ії кќ иѝй уў xẋẍ";

#[cfg(any(not(feature = "nfkd"), test))]
fn without_mark(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let (mut plain, mut begins) = (' ', true);
    for form in MARKED.chars() {
        if begins {
            plain = form;
        }
        if form == letter {
            return plain;
        }
        begins = form == ' ';
    }
    letter
}

/// Characters that nobody sees and that stand inside words: soft hyphen, zero-width space and joiners.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(fold(text), expect, "{text}");
    }

    #[test]
    fn spellings_of_one_word_become_the_same() {
        check("Écran", "ecran");
        check("E\u{301}cran", "ecran");
        check("ŻÓŁĆ", "zolc");
        check("Straße STRASSE", "strasse strasse");
        check("STRAẞE", "strasse");
        check("Ølkrus Œuvre Æble Đorđe", "olkrus oeuvre aeble dorde");
        check("İstanbul ISPARTA ısparta", "istanbul isparta isparta");
        check("Ёлка ёлка елка", "елка елка елка");
        check("ΟΔΟΣ οδός", "οδοσ οδοσ");
        check("wa\u{AD}ter", "water");
    }

    #[test]
    #[cfg(feature = "nfkd")]
    fn characters_that_stand_for_others_become_those() {
        check("ﬁlter ２００", "filter 200");
        check("¼ cup", "1 4 cup");
    }

    #[test]
    #[cfg(feature = "nfkd")]
    fn the_small_table_says_what_unicode_says() {
        let mut seen = 0;
        for letter in MARKED.split(' ').flat_map(str::chars) {
            assert_eq!(small_letters(letter).collect::<String>(), without_mark(letter).to_string(), "{letter}");
            seen += 1;
        }
        assert!(seen > 150, "{seen}");
        for letter in "éèêëàâçîïôûùüÿñ òìą ćęłńóśźż äöü ёй řšž őű ğş".chars().filter(|c| c.is_alphabetic() && *c != 'ł')
        {
            assert!(without_mark(letter) != letter, "{letter}");
        }
    }

    #[test]
    fn the_small_letters_are_those_of_unicode() {
        let mut seen = 0;
        for capital in ('A'..='ž').chain('Ș'..='ț').chain('Ά'..='Я').chain('Ѐ'..='ԯ').chain('Ḁ'..='ỹ') {
            // One capital has two: the letter and a dot that is a mark.
            let all: Vec<char> = capital.to_lowercase().filter(|c| *c != '\u{307}').collect();
            if small_letter(capital) != capital {
                assert_eq!(all, [small_letter(capital)], "{capital}");
                seen += 1;
            } else if MARKED.contains(all[0]) && !MARKED.contains(capital) {
                assert_eq!(all, [capital], "{capital}");
            }
        }
        assert!(seen > 400, "{seen}");
    }

    #[test]
    fn what_is_no_letter_or_digit_ends_a_word() {
        check("  Sony - WH/1000 (XM4)  ", "sony wh 1000 xm4");
        check("DURALOCK™ Power", "duralock power");
        check("0,75 l", "0 75 l");
        check("13.3\"", "13 3 in");
        check("\"13\" 7″ \"", "13 in 7 in");
        check("10'' '' 6'2 5'", "10 in 6 2 5");
        check("🎧", "");
        check("", "");
    }

    #[test]
    fn a_beginning_is_found_again_in_the_original() {
        assert_eq!(original_len("Écran", 2), "Éc".len());
        assert_eq!(original_len("E\u{301}cran", 1), "E\u{301}".len());
        assert_eq!(original_len("Straße", 5), "Straß".len());
        assert_eq!(original_len("abc", 9), 3);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn words_stand_where_they_say(text in "([0-9a'\"″]|\\PC){0,20}") {
            for word in words(&text) {
                let original = text.get(word.range.clone());
                let is = |original: &str| match original {
                    "\"" | "″" | "”" | "''" => word.folded == "in",
                    _ => fold(original).contains(&word.folded),
                };
                prop_assert!(original.is_some_and(is));
            }
        }
    }
}
