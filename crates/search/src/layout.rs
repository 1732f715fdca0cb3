//! What a query was meant to be that was typed with another keyboard, or with the letters of another script.

/// The letter keys of a PC keyboard, row by row, in the US layout and in the Russian one (ЙЦУКЕН), unshifted.
const KEYS: (&str, &str) = ("`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю");

/// How Russian is commonly typed in Latin letters: the table of passports (ICAO Doc 9303 as used since 2013) with what people
/// write in its place as well. The longer ones come first.
const LATIN: &str = "shch щ|sch щ|yo ё|zh ж|kh х|ts ц|ch ч|sh ш|yu ю|iu ю|ya я|ia я|a а|b б|v в|w в|g г|d д|e е|z з|i и|j й|y й|\
    k к|l л|m м|n н|o о|p п|r р|s с|t т|u у|f ф|h х|c ц";

/// What the query may have been meant to be, the likeliest first. Nothing where it cannot be.
pub(crate) fn other_layouts(query: &str) -> Vec<String> {
    let small: String = query.chars().map(small_letter).collect();
    let latin = small.chars().any(|c| c.is_ascii_lowercase());
    let russian = small.chars().any(|c| ('а'..='ё').contains(&c));
    let (us, ru) = KEYS;
    match (latin, russian) {
        (true, false) => {
            let mut meant = vec![on_other_keys(&small, us, ru)];
            meant.extend(from_latin(&small));
            meant
        }
        (false, true) => vec![on_other_keys(&small, ru, us)],
        _ => Vec::new(),
    }
}

/// Capitals stand on the same keys as their small letters.
fn small_letter(c: char) -> char {
    match c {
        'А'..='Я' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        'Ё' => 'ё',
        _ => c.to_ascii_lowercase(),
    }
}

fn on_other_keys(text: &str, from: &str, to: &str) -> String {
    let key = |c: char| from.chars().position(|known| known == c).and_then(|place| to.chars().nth(place));
    text.chars().map(|c| key(c).unwrap_or(c)).collect()
}

/// Latin letters as the Russian ones that they stand for; `None` where some stand for none.
fn from_latin(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let pair = LATIN.split('|').find_map(|pair| {
            let (latin, russian) = pair.split_once(' ')?;
            rest.strip_prefix(latin).map(|after| (russian, after))
        });
        match pair {
            Some((russian, after)) => {
                out.push_str(russian);
                rest = after;
            }
            None if first.is_ascii_lowercase() => return None,
            None => {
                out.push(first);
                rest = rest.get(first.len_utf8()..)?;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(query: &str, expect: &[&str]) {
        assert_eq!(other_layouts(query), expect, "{query}");
    }

    #[test]
    fn the_same_keys_in_the_other_layout() {
        check("ntktajy", &["телефон", "нтктайй"]);
        check("тщеуищщл", &["notebook"]);
        check("ghbdtn vbh 5", &["привет мир 5", "гхбдтн вбх 5"]);
        assert_eq!(other_layouts("[jkjlbkmybr")[0], "холодильник");
        assert_eq!(other_layouts("k.cnhf")[0], "люстра");
        check("НОУТБУК", &["yjen,er"]);
    }

    #[test]
    fn russian_in_latin_letters() {
        assert_eq!(other_layouts("naushniki")[1], "наушники");
        assert_eq!(other_layouts("Palatka")[1], "палатка");
        assert_eq!(other_layouts("yozh shchit")[1], "ёж щит");
        // No letter of Russian is written q.
        assert_eq!(other_layouts("qq").len(), 1);
    }

    #[test]
    fn what_has_both_scripts_or_none_was_meant_as_it_is() {
        check("usb кабель", &[]);
        check("12345", &[]);
        check("écran", &["éскфт", "éцран"]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            for meant in other_layouts(&text) {
                prop_assert!(!meant.is_empty());
            }
        }
    }
}
