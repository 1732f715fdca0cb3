//! Codes that were scanned or typed, where they are none of ours.

use domain::gtin::BadGtin;
use domain::scan::BadScan;

use crate::text;

/// Why a number is none of a barcode.
#[must_use]
pub fn bad_gtin(bad: BadGtin) -> &'static str {
    match bad {
        BadGtin::BadCheckDigit => text::scan_wrong_digit(),
        BadGtin::BadLength => text::scan_wrong_length(),
        BadGtin::NotDigits => text::scan_not_digits(),
    }
}

/// Why a code that was scanned says nothing to us.
#[must_use]
pub fn bad_scan(bad: BadScan) -> &'static str {
    match bad {
        BadScan::Gtin(bad) => bad_gtin(bad),
        BadScan::NoProduct | BadScan::BadQualifier => text::scan_no_product(),
        BadScan::Empty | BadScan::TooLong | BadScan::NotACode => text::scan_not_a_code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bad_code_has_a_reason_of_its_own() {
        let bad = [
            BadScan::Gtin(BadGtin::BadCheckDigit),
            BadScan::Gtin(BadGtin::BadLength),
            BadScan::Gtin(BadGtin::NotDigits),
            BadScan::NoProduct,
            BadScan::NotACode,
        ];
        let mut said = bad.map(bad_scan).to_vec();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), bad.len());
    }
}
