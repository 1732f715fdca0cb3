//! What a query was meant to be that was typed on the wrong keyboard layout, or in Latin letters instead of Russian ones.

use alloc::string::String;
use alloc::vec::Vec;

use crate::text::split;

/// Keys of QWERTY, each followed by what the same key types in ЙЦУКЕН. The last ones are where the Ukrainian layout
/// differs; they are only read from right to left.
const KEYS: &str = "qйwцeуrкtеyнuгiшoщpз[х]ъaфsыdвfаgпhрjоkлlд;ж'эzяxчcсvмbиnтmь,б.ю`ё/.\
    QЙWЦEУRКTЕYНUГIШOЩPЗ{Х}ЪAФSЫDВFАGПHРJОKЛLД:Ж\"ЭZЯXЧCСVМBИNТMЬ<Б>Ю~Ё?,sі]ї'єSІ}Ї\"Є";

/// What is the same key in both: digits and spaces are, too.
const SAME: &str = "-_=+()*!%\\";

/// How Russian is written in Latin letters by people who have no Russian keyboard, the longer ones first: mostly GOST 7.79
/// and passports (`shch`, `kh`, `ts`), and what chats use (`sch`, `j`, `h`, `c`, `w`, `x`, an apostrophe for the soft
/// sign). `y` is not here, for it depends on what stands before.
const SOUNDS: &str = "shch щ sch щ shh щ yo ё jo ё zh ж kh х ph ф ts ц tc ц ch ч ck к sh ш yu ю ju ю ya я ja я ye е je е \
    a а b б c к d д e е f ф g г h х i и j й k к l л m м n н o о p п q к r р s с t т u у v в w в x кс z з ' ь";

/// Readings of a query that finds nothing as it stands, the likeliest first: the other layout, then Russian in Latin
/// letters. Empty where it can be neither, as for a mixture of scripts or a letter that the keyboard does not have.
pub(crate) fn other_layouts(query: &str) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    let latin = query.as_bytes().iter().any(u8::is_ascii_alphabetic);
    let beyond_ascii = !query.is_ascii();
    if latin == beyond_ascii {
        return readings;
    }
    readings.extend(other_keys(query, latin));
    if latin {
        for rare_beginnings in [false, true] {
            if let Some(reading) = russian(query, rare_beginnings)
                && !readings.contains(&reading)
            {
                readings.push(reading);
            }
        }
    }
    readings
}

fn other_keys(query: &str, latin: bool) -> Option<String> {
    let mut out = String::new();
    let mut before = ' ';
    let mut rest = query.chars();
    while let Some(c) = rest.next() {
        // "0.75" is a number whatever the layout.
        let point = matches!(c, '.' | ',') && before.is_ascii_digit();
        let point = point && rest.as_str().as_bytes().first().is_some_and(u8::is_ascii_digit);
        let same = point || c.is_ascii_digit() || c == ' ' || SAME.chars().any(|same| same == c);
        out.push(if same { c } else { key(c, latin)? });
        before = c;
    }
    Some(out)
}

fn key(c: char, latin: bool) -> Option<char> {
    let mut keys = KEYS.chars();
    while let (Some(qwerty), Some(jcuken)) = (keys.next(), keys.next()) {
        let (from, to) = if latin { (qwerty, jcuken) } else { (jcuken, qwerty) };
        if from == c {
            return Some(to);
        }
    }
    None
}

/// Reads Latin letters as Russian. A word that begins with `e` or `yo` mostly begins with `э` or `ё` (`ekran`, `yolka`);
/// with `rare_beginnings` it is read as `е` or `йо` (`el`, `yogurt`).
fn russian(query: &str, rare_beginnings: bool) -> Option<String> {
    let small = query.to_ascii_lowercase();
    let mut rest = small.as_str();
    let mut out = String::new();
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let begins = !before.is_ascii_alphanumeric();
        let (typed, meant) = if !c.is_ascii_alphabetic() && c != '\'' {
            let kept = c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | ',');
            (c.len_utf8(), rest.get(..c.len_utf8()).filter(|_| kept)?)
        } else if begins && rare_beginnings && rest.starts_with("yo") {
            (2, "йо")
        } else if begins && !rare_beginnings && c == 'e' {
            (1, "э")
        } else {
            sound(rest, before)?
        };
        out.push_str(meant);
        before = rest.get(..typed).and_then(|typed| typed.chars().next_back())?;
        rest = rest.get(typed..)?;
    }
    Some(out)
}

/// The first sound of what is left: how many bytes it takes and its letters.
fn sound(rest: &str, before: char) -> Option<(usize, &'static str)> {
    let mut table = split(SOUNDS, b' ');
    while let (Some(typed), Some(meant)) = (table.next(), table.next()) {
        if rest.starts_with(typed) {
            // "cvet" and "cena" are not "квет" and "кена".
            let hiss = typed == "c" && matches!(rest.as_bytes().get(1), Some(b'e' | b'i' | b'v' | b'y'));
            return Some((typed.len(), if hiss { "ц" } else { meant }));
        }
    }
    // Only `y` is left: after a vowel "moyka" is "мойка", after a consonant "myshka" is "мышка".
    let short = matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') || !before.is_ascii_alphabetic();
    rest.starts_with('y').then_some((1, if short { "й" } else { "ы" }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the first reading is.
    fn check(query: &str, expect: &str) {
        assert_eq!(other_layouts(query).first().map(String::as_str), Some(expect), "{query}");
    }

    fn check_one_of(query: &str, expect: &str) {
        let readings = other_layouts(query);
        assert!(readings.iter().any(|reading| reading == expect), "{query}: {readings:?}");
    }

    fn check_none(query: &str) {
        assert_eq!(other_layouts(query), [""; 0], "{query}");
    }

    #[test]
    fn russian_on_an_english_keyboard() {
        check("ntktajy", "телефон");
        check("Ntktajy CFVCEYU", "Телефон САМСУНГ");
        check("j,edm", "обувь");
        check("[jkjlbkmybr", "холодильник");
        check("k.cnhf", "люстра");
        check("'rhfy 27", "экран 27");
        check("`krf", "ёлка");
        check(":bktn", "Жилет");
        check("gjl]tpl", "подъезд");
        check("djlf 0.75", "вода 0.75");
        check("djlf 0?75", "вода 0,75");
    }

    #[test]
    fn english_on_a_russian_keyboard() {
        check("тщеуищщл", "notebook");
        check("Тщеуищщл", "Notebook");
        check("ГЫИ-С 65ц", "USB-C 65w");
        check("вщтэе", "don't");
        check("іфьігтп", "samsung");
    }

    #[test]
    fn russian_in_latin_letters() {
        check_one_of("naushniki", "наушники");
        check_one_of("Palatka 2-mestnaya", "палатка 2-местная");
        check_one_of("ekran", "экран");
        check_one_of("elka", "елка");
        check_one_of("yogurt", "йогурт");
        check_one_of("krasnyy ryukzak", "красный рюкзак");
        check_one_of("moyka", "мойка");
        check_one_of("borshch", "борщ");
        check_one_of("zhilet", "жилет");
        check_one_of("cvet", "цвет");
        check_one_of("sol'", "соль");
        check_one_of("chaynik", "чайник");
    }

    #[test]
    fn what_can_be_neither_is_left_alone() {
        check_none("");
        check_none("4080 12");
        check_none("écran");
        check_none("żółty");
        check_none("usb кабель");
        check_none("🎧");
        check_none("οδός");
    }

    proptest! {
        #[test]
        fn what_was_typed_comes_back(text in "[a-zA-Z0-9 -]{0,20}[a-z]") {
            let there = other_keys(&text, true).unwrap();
            prop_assert_eq!(other_keys(&there, false), Some(text));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), keys in "[ -~а-яё]{0,20}") {
            prop_assert!(other_layouts(&text).len() <= 3);
            prop_assert!(other_layouts(&keys).len() <= 3);
        }
    }
}
