//! What the screen of a barcode decides.

use domain::gtin::BadGtin;

use crate::text;

/// Why a number is none of a barcode.
#[must_use]
pub fn explain(bad: BadGtin) -> &'static str {
    match bad {
        BadGtin::BadCheckDigit => text::scan_wrong_digit(),
        BadGtin::BadLength => text::scan_wrong_length(),
        BadGtin::NotDigits => text::scan_not_digits(),
    }
}

#[cfg(test)]
mod tests {
    use domain::gtin::Gtin;

    use super::*;

    #[test]
    fn a_wrong_number_is_told_apart_from_one_that_is_too_short() {
        let why = |number: &str| Gtin::new(number).map_err(explain).unwrap_err();
        assert_ne!(why("4006381333932"), why("400638133393"[..10].trim()));
        assert_ne!(why("40063813x"), why("400638"));
    }
}
