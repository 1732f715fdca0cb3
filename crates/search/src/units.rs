//! Quantities: "0.75 l", "75 cl" and "750ml" are one.

use std::ops::Range;

/// A quantity in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// The words that it is made of.
    pub(crate) words: Range<usize>,
    /// Other ways to write it, each as folded words that follow each other.
    pub(crate) spellings: Vec<Vec<String>>,
}

/// Units by dimension: for each the power of ten of the smallest one of its dimension, then its names, folded, the one first
/// that labels use. Imperial units stand alone: nobody writes 68.58 cm on a screen of 27 inches.
const UNITS: &str = "0 ml millilitre millilitres milliliter мл|1 cl centilitre centilitres|2 dl|3 l litre litres liter liters litro \
    litri litr litry litrow л литр литра литров;\
    0 mg мг|3 g gram grams gramme grammes grammi gramow г гр|6 kg kilo kilos chilo kilogram кг;\
    0 mm мм|1 cm centimetre centimetres centymetrow см|3 m metre metres meter meters metro metri metr м метр метра метров|6 km км;\
    0 in inch inches pouce pouces pollice pollici cal cale cali дюйм дюйма дюймов;\
    0 ft foot feet pied pieds piedi;\
    0 oz ounce ounces;\
    0 lb lbs pound pounds;\
    0 mb мб|3 gb go гб|6 tb to тб;\
    0 hz herz hertz гц|3 khz|6 mhz мгц|9 ghz ггц;\
    0 w watt watts вт|3 kw квт;\
    0 mah мач|3 ah;\
    0 v volt volts";

/// Digits of a number that are understood.
const LONGEST: usize = 9;
/// Other spellings, at most.
const MOST: usize = 12;

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
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = word.split_at_checked(digits)?;
    (digits > 0 && digits <= LONGEST && (unit.is_empty() || is_unit(unit))).then_some((number, unit))
}

/// The units of the dimension that has this one, and its power of ten.
fn dimension(name: &str) -> Option<(&'static str, usize)> {
    UNITS.split(';').find_map(|units| {
        let mut one = units.split('|').filter(|unit| names(unit).any(|known| known == name));
        one.next().and_then(|unit| Some((units, power(unit)?)))
    })
}

fn names(unit: &str) -> impl Iterator<Item = &str> {
    unit.split(' ').filter(|name| !name.is_empty()).skip(1)
}

fn power(unit: &str) -> Option<usize> {
    let digit = unit.trim_start().bytes().next()?;
    char::from(digit).to_digit(10).and_then(|power| usize::try_from(power).ok())
}

fn made(words: &[&str], place: Range<usize>, whole: &str, part: &str, unit: &str) -> Option<Quantity> {
    let (units, power_of_unit) = dimension(unit)?;
    let asked = words.get(place.clone())?;
    let mut spellings: Vec<Vec<String>> = Vec::new();
    let mut add = |spelling: Vec<String>| {
        let same = spelling.len() == asked.len() && spelling.iter().zip(asked).all(|(a, b)| a == b);
        if !same && spellings.len() < MOST && !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    };
    for other in units.split('|') {
        let Some((whole, part)) = power(other).and_then(|power| shifted(whole, part, power_of_unit, power)) else {
            continue;
        };
        let number = || [&whole, &part].into_iter().filter(|digits| !digits.is_empty()).cloned();
        // The unit as labels have it, in the script of who asks too, and as it was asked for; other names are for others.
        let same_script = names(other).find(|name| !unit.is_ascii() && !name.is_ascii());
        let asked_for = names(other).filter(|name| *name == unit);
        for name in names(other).take(1).chain(same_script).chain(asked_for) {
            let mut joined: Vec<String> = number().collect();
            if let Some(last) = joined.last_mut() {
                last.push_str(name);
            }
            add(joined);
            add(number().chain([name.to_owned()]).collect());
        }
    }
    (!spellings.is_empty()).then_some(Quantity { words: place, spellings })
}

/// The digits before and behind the point in a unit of another power of ten; `None` where they would be too many.
fn shifted(whole: &str, part: &str, from: usize, to: usize) -> Option<(String, String)> {
    let mut digits = [whole, part].concat();
    let mut point = whole.len() + from;
    if point > digits.len() + to {
        let missing = point - to - digits.len();
        digits.extend(std::iter::repeat_n('0', missing.min(2 * LONGEST)));
    }
    if point < to + 1 {
        let missing = to + 1 - point;
        digits.insert_str(0, &"0".repeat(missing));
        point += missing;
    }
    let point = point - to;
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
        check("0 75 l", 0..3, "750ml | 750 ml | 75cl | 75 cl | 7 5dl | 7 5 dl | 0 75l");
        check("bottle 0 75l", 1..3, "750ml | 750 ml | 75cl | 75 cl | 7 5dl | 7 5 dl | 0 75 l");
        check("75 cl", 0..2, "750ml | 750 ml | 75cl | 7 5dl | 7 5 dl | 0 75l | 0 75 l");
        check("27in", 0..1, "27 in");
        check("27 pouces", 0..2, "27in | 27 in | 27pouces");
        check("27 дюймов", 0..2, "27in | 27 in | 27дюйм | 27 дюйм | 27дюймов");
        check("1000gb", 0..1, "1000000mb | 1000000 mb | 1000 gb | 1tb | 1 tb");
        check("1 tb", 0..2, "1000000mb | 1000000 mb | 1000gb | 1000 gb | 1tb");
        check("2000 g", 0..2, "2000000mg | 2000000 mg | 2000g | 2kg | 2 kg");
        check("65w", 0..1, "65 w | 0 065kw | 0 065 kw");
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
