//! What people write for a postcode, country by country.

/// What somebody typed, taken apart.
pub(crate) struct Typed {
    /// Its folded words.
    pub(crate) words: Vec<String>,
    /// The country that stands before the postcode, in capital letters: `FR` of `F-69003`.
    pub(crate) country: Option<&'static str>,
    /// What may be the postcode, the longest reading first, and how many words it takes.
    pub(crate) codes: Vec<(String, usize)>,
}

/// Letters before postcodes on the continent, as the post has long written them.
const BEFORE: [(&str, &str); 10] = [
    ("a", "AT"),
    ("b", "BE"),
    ("ch", "CH"),
    ("d", "DE"),
    ("e", "ES"),
    ("f", "FR"),
    ("i", "IT"),
    ("l", "LU"),
    ("nl", "NL"),
    ("p", "PT"),
];

/// Words that a postcode may be written in: `SW1A 1AA`, `00-950`, `K1A 0B1`.
const WORDS: usize = 2;

impl Typed {
    /// Takes it apart; `known` are the countries of the gazetteer.
    pub(crate) fn of<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let folded = search::fold(text);
        let mut words: Vec<String> = folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let mut country = None;
        let digits_follow = words.get(1).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(first) = words.first().filter(|_| digits_follow) {
            let mut known = known.filter(|code| code.eq_ignore_ascii_case(first));
            let long = known.next().and_then(two_letters);
            country = long.or_else(|| BEFORE.iter().find(|(short, _)| short == first).map(|(_, code)| *code));
        }
        if country.is_some() {
            words.remove(0);
        }
        let mut codes = Vec::new();
        let mut joined = String::new();
        for (place, word) in words.iter().take(WORDS).enumerate() {
            let belongs = has_digit(word) || place == 1 && is_dutch(&joined, word);
            if !belongs || !word.is_ascii() {
                break;
            }
            joined.push_str(&typed_alike(word));
            codes.insert(0, (joined.clone(), place + 1));
        }
        Self { words, country, codes }
    }
}

/// The country as one of those that live for ever; of the others no letters stand before a postcode.
fn two_letters(code: &str) -> Option<&'static str> {
    const CODES: &str = "AD AT BE CH CZ DE DK EE ES FI FR GB HR HU IE IT LI LT LU LV MC NL NO PL PT RO SE SI SK US";
    CODES.split(' ').find(|known| *known == code)
}

/// A postcode as it is compared: letters and digits, small.
pub(crate) fn typed_alike(code: &str) -> String {
    code.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())).collect()
}

pub(crate) fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_dutch(code: &str, word: &str) -> bool {
    code.len() == 4
        && code.bytes().all(|b| b.is_ascii_digit())
        && word.len() <= 2
        && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// The part of a full postcode that gazetteers have, where they do not have all of it.
pub(crate) fn shortened<'a>(country: &str, code: &'a str) -> Option<&'a str> {
    let bytes = code.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match country {
        // "SW1A 1AA" is of the outward code SW1A, and so is "SW1A 1A" on its way there. Ofcom, UK Postal Address: the inward
        // code is a digit and two letters.
        "GB" if bytes.len() >= 4 => (1..=3).find_map(|inward| {
            let (outward, inward) = code.split_at_checked(code.len().checked_sub(inward)?)?;
            let [digit, letters @ ..] = inward.as_bytes() else { return None };
            let whole = digit.is_ascii_digit() && letters.iter().all(u8::is_ascii_lowercase);
            (whole && letters.len() == 2 && outward.len() >= 2).then_some(outward)
        }),
        // "1012 AB" is a street of 1012.
        "NL" if digits == 4 => code.get(..4),
        // ZIP+4.
        "US" if digits == bytes.len() && digits > 5 => code.get(..5),
        _ => None,
    }
}

/// The number of a district: `3` of `3e`, `03` and `3rd`.
pub(crate) fn ordinal(word: &str) -> Option<&str> {
    let end = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, ending) = word.split_at_checked(end)?;
    let known = ["", "e", "eme", "er", "ere", "st", "nd", "rd", "th"].contains(&ending);
    Some(number.trim_start_matches('0')).filter(|number| known && (1..=2).contains(&number.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> (Option<&'static str>, Vec<String>) {
        let typed = Typed::of(text, ["FR", "GB", "PL", "US"].into_iter());
        (typed.country, typed.codes.into_iter().map(|(code, _)| code).collect())
    }

    #[test]
    fn postcodes_are_seen_in_what_people_write() {
        assert_eq!(codes("69003"), (None, vec!["69003".into()]));
        assert_eq!(codes("F-69003 Lyon"), (Some("FR"), vec!["69003".into()]));
        assert_eq!(codes("PL 00-950"), (Some("PL"), vec!["00950".into(), "00".into()]));
        assert_eq!(codes("SW1A 1AA"), (None, vec!["sw1a1aa".into(), "sw1a".into()]));
        assert_eq!(codes("1012 AB"), (None, vec!["1012ab".into(), "1012".into()]));
        assert_eq!(codes("55401-1234"), (None, vec!["554011234".into(), "55401".into()]));
        assert_eq!(codes("Lyon 3e"), (None, vec![]));
        assert_eq!(codes(""), (None, vec![]));
    }

    #[test]
    fn what_gazetteers_do_not_have_is_cut_off() {
        assert_eq!(shortened("GB", "sw1a1aa"), Some("sw1a"));
        assert_eq!(shortened("GB", "m11ae"), Some("m1"));
        assert_eq!(shortened("GB", "m60"), None);
        assert_eq!(shortened("NL", "1012ab"), Some("1012"));
        assert_eq!(shortened("US", "554011234"), Some("55401"));
        assert_eq!(shortened("US", "55401"), None);
        assert_eq!(shortened("FR", "690031"), None);
    }

    #[test]
    fn districts_have_numbers_in_many_forms() {
        for word in ["3e", "03", "3", "3rd", "3eme"] {
            assert_eq!(ordinal(word), Some("3"), "{word}");
        }
        assert_eq!(ordinal("3x"), None);
        assert_eq!(ordinal("123"), None);
        assert_eq!(ordinal("rue"), None);
    }
}
