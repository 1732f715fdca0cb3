//! Quantities: "0.75 l", "75 cl" and "750ml" are one.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::num::at;
use crate::text::{Split, concat, cut, letters, split};

/// A quantity in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// The words that it is made of.
    pub(crate) words: Range<usize>,
    /// Other ways to write it, each as folded words that follow each other.
    pub(crate) spellings: Vec<Vec<String>>,
}

/// Units by dimension: for each the power of ten of the smallest one of its dimension, then its names, folded: first those
/// that labels have, in English, French, Italian, Polish and Russian, then behind a slash those that are only understood.
/// Imperial units stand alone: nobody writes 68.58 cm on a screen of 27 inches.
const UNITS: &str = "0 ml мл / millilitre millilitres milliliter milliliters|1 cl / centilitre centilitres|2 dl|\
    3 l л litre litri литр / litres liter liters litro litr litry litrow литра литров;\
    0 mg мг|3 g г gr / gram grams gramme grammes grammi gramow гр грамм граммов|6 kg кг / kilo kilos chilo kilogram;\
    0 mm мм|1 cm см / centimetre centymetrow|3 m м / metre metres meter meters metro metri metr метр метра метров|6 km км;\
    0 in inch pouces pollici cali cale дюимов дюима дюим / inches pouce pollice cal zoll;\
    0 ft / foot feet pied pieds piedi stop фут фута футов;\
    0 oz / ounce ounces once oncia унция;\
    0 lb lbs / pound pounds libbre funt funty;\
    0 mb мб|3 gb гб go|6 tb тб to;\
    0 hz гц / herz hertz|3 khz|6 mhz мгц|9 ghz ггц;\
    0 w вт / watt watts|3 kw квт;\
    0 mah мач|3 ah;\
    0 v / volt volts";

/// Units that come in thousands: "5,000 mAh" is none with three places behind the point, and "1,500 kg" is.
const IN_THOUSANDS: &str = "ml мл mg мг g г gr mm мм mb мб hz гц w вт mah мач";

/// Digits of a number that are understood.
const LONGEST: usize = 9;
/// Digits before and behind the point in a unit that was not asked for.
const MOST_WHOLE: usize = 5;
const MOST_PLACES: usize = 3;
/// Letters of a name that is written right behind the number: "27inch", and not "27pouces".
const SHORT: usize = 4;
/// Other spellings, at most. Each costs a look into the dictionary for each of its words.
const MOST: usize = 16;

/// The quantities among the folded words of a query, from the first on. "0.75 l" is three words, "0,75L" two.
pub(crate) fn quantities(words: &[&str]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let Some(quantity) = quantity(words, from) else {
            from += 1;
            continue;
        };
        from = quantity.words.end;
        found.push(quantity);
    }
    found
}

fn quantity(words: &[&str], from: usize) -> Option<Quantity> {
    let (whole, unit) = digits_first(words.get(from)?)?;
    if !unit.is_empty() {
        return made(words, from..from + 1, whole, "", unit);
    }
    let next = words.get(from + 1)?;
    if is_unit(next) {
        return made(words, from..from + 2, whole, "", next);
    }
    // The digits behind the point are a word of their own.
    let (part, unit) = digits_first(next)?;
    if !unit.is_empty() {
        return made(words, from..from + 2, whole, part, unit);
    }
    let unit = words.get(from + 2).filter(|unit| is_unit(unit))?;
    made(words, from..from + 3, whole, part, unit)
}

fn is_unit(word: &str) -> bool {
    dimension(word).is_some()
}

/// Splits "27in" behind its digits; `None` where it does not begin with any.
fn digits_first(word: &str) -> Option<(&str, &str)> {
    let mut digits = 0;
    while word.as_bytes().get(digits).is_some_and(u8::is_ascii_digit) {
        digits += 1;
    }
    let (number, unit) = word.split_at_checked(digits)?;
    (digits > 0 && digits <= LONGEST && (unit.is_empty() || is_unit(unit))).then_some((number, unit))
}

/// The units of the dimension that has this one, and its power of ten.
fn dimension(name: &str) -> Option<(&'static str, usize)> {
    for units in split(UNITS, b';') {
        for unit in split(units, b'|') {
            if names(unit).any(|known| known == name) {
                return Some((units, power(unit)?));
            }
        }
    }
    None
}

/// The names of a unit, and the slash between those that labels have and the others.
fn names(unit: &str) -> Split<'_> {
    let (_, names) = cut(unit.trim_start(), b' ').unwrap_or_default();
    split(names, b' ')
}

fn in_thousands(name: &str) -> bool {
    split(IN_THOUSANDS, b' ').any(|known| known == name)
}

fn power(unit: &str) -> Option<usize> {
    let digit = *unit.trim_start().as_bytes().first()?;
    char::from(digit).to_digit(10).map(at)
}

fn made(words: &[&str], place: Range<usize>, whole: &str, part: &str, unit: &str) -> Option<Quantity> {
    let (units, power_of_unit) = dimension(unit)?;
    let asked = words.get(place.clone())?;
    let grouped = part.len() == 3 && !whole.starts_with('0') && in_thousands(unit);
    let number = concat(&[whole, if grouped { part } else { "" }]);
    let part = if grouped { "" } else { part };
    let mut spellings: Vec<Vec<String>> = Vec::new();
    let mut add = |digits: &[&str], name: &str| {
        for apart in [false, true] {
            if !apart && name != unit && letters(name) > SHORT {
                continue;
            }
            let mut spelling: Vec<String> = Vec::new();
            for digits in digits {
                if !digits.is_empty() {
                    spelling.push((*digits).to_owned());
                }
            }
            if apart {
                spelling.push(name.to_owned());
            } else if let Some(last) = spelling.last_mut() {
                last.push_str(name);
            }
            if spelling != asked && spellings.len() < MOST && !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
    };
    for other in split(units, b'|') {
        let Some((whole, part)) = power(other).and_then(|power| shifted(&number, part, power_of_unit, power)) else {
            continue;
        };
        // "1000000 mb" is on no label.
        if power(other) != Some(power_of_unit) && (whole.len() > MOST_WHOLE || part.len() > MOST_PLACES) {
            continue;
        }
        let mut on_labels = true;
        for name in names(other) {
            on_labels &= name != "/";
            if !(on_labels || name == unit) {
                continue;
            }
            add(&[&whole, &part], name);
            // "5,000 mAh", as it is split into words.
            let thousands = whole.len().checked_sub(3).filter(|at| *at > 0 && part.is_empty() && in_thousands(name));
            if let Some((thousands, rest)) = thousands.and_then(|at| whole.split_at_checked(at)) {
                add(&[thousands, rest], name);
            }
        }
    }
    (!spellings.is_empty()).then_some(Quantity { words: place, spellings })
}

/// The digits before and behind the point in a unit of another power of ten; `None` where they would be too many.
fn shifted(whole: &str, part: &str, from: usize, to: usize) -> Option<(String, String)> {
    let mut digits = String::new();
    let mut point = whole.len() + from;
    while point < to + 1 {
        digits.push('0');
        point += 1;
    }
    digits.push_str(whole);
    digits.push_str(part);
    let point = point - to;
    // Powers of ten are 0 to 9.
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, part) = digits.split_at_checked(point)?;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    (whole.len() <= LONGEST && part.len() <= LONGEST).then(|| (whole.to_owned(), part.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The spellings of the first quantity, words with spaces, spellings with bars between.
    fn check(query: &str, words: Range<usize>, expect: &str) {
        let asked: Vec<&str> = query.split(' ').collect();
        let found = quantities(&asked);
        let spellings = found.first().map(|quantity| {
            assert_eq!(quantity.words, words, "{query}");
            quantity.spellings.iter().map(|spelling| spelling.join(" ")).collect::<Vec<_>>().join(" | ")
        });
        assert_eq!(spellings.as_deref().unwrap_or_default(), expect, "{query}");
    }

    #[test]
    fn a_quantity_is_found_however_it_is_written() {
        let of_litre = "750ml | 750 ml | 750мл | 750 мл | 75cl | 75 cl | 7 5dl | 7 5 dl";
        let litre = "0 75л | 0 75 л | 0 75 litre | 0 75 litri | 0 75литр | 0 75 литр";
        check("0 75 l", 0..3, &format!("{of_litre} | 0 75l | {litre}"));
        check("bottle 0 75l", 1..3, &format!("{of_litre} | 0 75 l | {litre}"));
        let of_centilitre = of_litre.replace(" | 75 cl", "");
        check("75 cl", 0..2, &format!("{of_centilitre} | 0 75l | 0 75 l | {litre}"));
        check("1000gb", 0..1, "1000 gb | 1000гб | 1000 гб | 1000go | 1000 go | 1tb | 1 tb | 1тб | 1 тб | 1to | 1 to");
        check("1 tb", 0..2, "1000gb | 1000 gb | 1000гб | 1000 гб | 1000go | 1000 go | 1tb | 1тб | 1 тб | 1to | 1 to");
        check("65w", 0..1, "65 w | 65вт | 65 вт | 0 065kw | 0 065 kw | 0 065квт | 0 065 квт");
    }

    #[test]
    fn labels_of_all_languages_are_found_in_any() {
        let inches = "27 pouces | 27 pollici | 27cali | 27 cali | 27cale | 27 cale | 27 дюимов | 27 дюима | \
            27дюим | 27 дюим";
        check("27in", 0..1, &format!("27 in | 27inch | 27 inch | {inches}"));
        check("27 inch", 0..2, &format!("27in | 27 in | 27inch | {inches}"));
        check("27 cale", 0..2, &format!("27in | 27 in | 27inch | 27 inch | {}", inches.replace(" | 27 cale", "")));
        check(
            "27 дюима",
            0..2,
            &format!("27in | 27 in | 27inch | 27 inch | {}", inches.replace("27 дюима", "27дюима")),
        );
    }

    #[test]
    fn thousands_may_have_a_comma() {
        let five = "5000мач | 5000 мач | 5 000мач | 5 000 мач | 5ah | 5 ah";
        check("5000mah", 0..1, &format!("5000 mah | 5 000mah | 5 000 mah | {five}"));
        check("5 000 mah", 0..3, &format!("5000mah | 5000 mah | 5 000mah | {five}"));
        // Three places behind the point of a litre or a kilogram are just that, and so are those behind a zero.
        let kilograms = "1500g | 1500 g | 1 500g | 1 500 g | 1500г | 1500 г | 1 500г | 1 500 г | 1500gr | 1500 gr | \
            1 500gr | 1 500 gr | 1 5kg | 1 5 kg | 1 5кг | 1 5 кг";
        check("1 500 kg", 0..3, kilograms);
        check("0 500 g", 0..3, "500mg | 500 mg | 500мг | 500 мг | 0 5g | 0 5 g | 0 5г | 0 5 г | 0 5gr | 0 5 gr");
    }

    #[test]
    fn the_names_of_units_are_folded() {
        for name in UNITS.split(';').flat_map(|units| units.split('|')).flat_map(names).filter(|name| *name != "/") {
            assert_eq!(crate::fold(name), name);
        }
        assert!(IN_THOUSANDS.split(' ').all(is_unit));
    }

    #[test]
    fn what_is_no_quantity_is_left_alone() {
        for query in ["gtx1080", "4070", "l", "l 5", "in", "", "1234567890 l", "12a"] {
            check(query, 0..0, "");
        }
    }

    #[test]
    fn several_are_found() {
        let found = quantities(&["rope", "9", "5", "mm", "60", "m"]);
        assert_eq!(found.iter().map(|quantity| quantity.words.clone()).collect::<Vec<_>>(), [1..4, 4..6]);
    }

    proptest! {
        #[test]
        fn any_words_are_taken(words in prop::collection::vec("[0-9]{0,12}(l|cl|kg|tb|in|)", 0..6)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            for quantity in quantities(&words) {
                prop_assert!(quantity.words.end <= words.len());
                prop_assert!(quantity.spellings.len() <= MOST);
            }
        }
    }
}
