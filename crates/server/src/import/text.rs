//! Texts for people, without what must not reach a screen.

use std::borrow::Cow;

/// Longer names, brands, addresses and the like are cut to this many characters.
pub(super) const MAX_SHORT: usize = 500;
/// Longer descriptions are cut to this many characters; twice of what Google takes.
pub(super) const MAX_LONG: usize = 10_000;
/// Of a field that is told in a report, this many characters.
const MAX_EXCERPT: usize = 60;

/// A text and what was done to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cleaned<'a> {
    pub(super) text: Cow<'a, str>,
    /// Control characters were taken out.
    pub(super) control: bool,
    /// Characters that turn the direction of writing were taken out: they can make a text look like another one.
    pub(super) bidi: bool,
    /// The end was cut off.
    pub(super) cut: bool,
}

/// White space of any kind becomes one space, and none at the ends; controls and what turns the writing go.
pub(super) fn clean(text: &str, most: usize) -> Cleaned<'_> {
    let plain = text.bytes().all(|b| (b' '..=b'~').contains(&b)) && !text.contains("  ") && text.trim() == text;
    if plain && text.len() <= most {
        return Cleaned { text: Cow::Borrowed(text), control: false, bidi: false, cut: false };
    }
    let mut cleaned = Cleaned { text: Cow::Borrowed(""), control: false, bidi: false, cut: false };
    let mut kept = String::with_capacity(text.len());
    let (mut count, mut space) = (0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            space = !kept.is_empty();
        } else if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') {
            cleaned.control = true;
        } else if matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') {
            cleaned.bidi = true;
        } else {
            let needed = 1 + usize::from(space);
            if count + needed > most {
                cleaned.cut = true;
                break;
            }
            if space {
                kept.push(' ');
            }
            kept.push(c);
            (count, space) = (count + needed, false);
        }
    }
    cleaned.text = Cow::Owned(kept);
    cleaned
}

/// The beginning of a field, to be told.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expect: &str, control: bool, bidi: bool) {
        let expect = Cleaned { text: Cow::Borrowed(expect), control, bidi, cut: false };
        assert_eq!(clean(text, MAX_SHORT), expect);
    }

    #[test]
    fn what_must_not_reach_a_screen_is_taken_out() {
        check("Ridge 2 tent", "Ridge 2 tent", false, false);
        check("  two\t lines\r\nof\u{A0}text ", "two lines of text", false, false);
        check("nul\u{0} and\u{7F} bell\u{7}", "nul and bell", true, false);
        check("abc\u{202E}cba\u{2066}x\u{2069}", "abccbax", false, true);
        check("Żółć 水 👩‍👩‍👧", "Żółć 水 👩‍👩‍👧", false, false);
        check("\u{0}", "", true, false);
    }

    #[test]
    fn long_texts_are_cut_by_characters() {
        assert_eq!(clean("żółć", 3), Cleaned { text: "żół".into(), control: false, bidi: false, cut: true });
        assert_eq!(clean("ab cd", 3).text, "ab");
        assert!(!clean("żółć", 4).cut);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>(), most in 0usize..20) {
            let once = clean(&text, most).text.into_owned();
            let twice = clean(&once, most);
            prop_assert_eq!(&twice.text, &once);
            prop_assert!(!twice.control && !twice.bidi && !twice.cut);
            prop_assert!(once.chars().count() <= most);
        }
    }
}
