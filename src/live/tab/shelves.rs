//! Sets of shelves, as the queries of streams: `location_id=lyo-1&sku=a`. Codes in them are percent-encoded, so that `&`
//! and `=` stand for nothing else.

use api_contract::availability::MAX_LOCATIONS;

/// A longer address is refused by usual proxies (8 kB for the whole first line).
const MAX_BYTES: usize = 7_500;

/// Whether all of `some` is in `all`.
pub(super) fn covers(all: &str, some: &str) -> bool {
    some.split('&').all(|part| part.is_empty() || all.split('&').any(|known| known == part))
}

/// All of these in one, each whole or not at all where one stream cannot carry them; the first ones first.
pub(super) fn union<'a>(sets: impl Iterator<Item = &'a String>) -> String {
    let mut union = String::new();
    for set in sets {
        let mut more = union.clone();
        for part in set.split('&').filter(|part| !covers(&union, part)) {
            if !more.is_empty() {
                more.push('&');
            }
            more.push_str(part);
        }
        let few = |name: char| more.split('&').filter(|part| part.starts_with(name)).count() <= MAX_LOCATIONS;
        if more.len() <= MAX_BYTES && few('l') && few('s') {
            union = more;
        }
    }
    union
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(locations: std::ops::Range<usize>, skus: std::ops::Range<usize>) -> String {
        let locations = locations.map(|n| format!("location_id=l{n}"));
        locations.chain(skus.map(|n| format!("sku=s{n}"))).collect::<Vec<_>>().join("&")
    }

    fn union_of(sets: &[&str]) -> String {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        union(sets.iter())
    }

    #[test]
    fn what_several_tabs_show_is_in_the_union_once() {
        assert_eq!(union_of(&["location_id=a&sku=x", "", "location_id=a&sku=y"]), "location_id=a&sku=x&sku=y");
        assert_eq!(union_of(&["", ""]), "");
    }

    #[test]
    fn a_code_that_begins_like_another_is_not_the_other() {
        assert!(!covers("sku=ab", "sku=a"));
        assert!(covers("location_id=l&sku=ab&sku=a", "sku=a"));
        assert!(covers("", ""));
    }

    #[test]
    fn two_hundred_fit_and_what_does_not_is_left_out_whole() {
        let (most, one) = (shelf(0..200, 0..200), shelf(200..201, 0..1));
        assert_eq!(union_of(&[&most, &one]), most);
        let (little, much) = (shelf(0..1, 0..1), shelf(0..1, 0..201));
        assert_eq!(union_of(&[&little, &much]), little);
        assert_eq!(union_of(&[&much, &little]), little, "who fits is not kept out by who does not");
    }

    #[test]
    fn an_address_that_proxies_would_refuse_is_not_made() {
        let long = |from: usize| (from..from + 100).map(|n| format!("sku={n:060}")).collect::<Vec<_>>().join("&");
        let both = [format!("location_id=a&{}", long(0)), long(100)];
        assert_eq!(union(both.iter()), both[0]);
    }
}
