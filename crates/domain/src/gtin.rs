//! Global Trade Item Numbers: what a barcode on a package says.
//!
//! Lengths and the check digit follow the GS1 General Specifications, section 7.9 (modulo 10, weights 3 and 1 from the
//! right).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A GTIN-8, -12, -13 or -14 whose check digit is right, kept with the digits it was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gtin(String);

/// Why a text is not a GTIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadGtin {
    /// Something other than the digits 0 to 9.
    NotDigits,
    /// Not 8, 12, 13 or 14 digits.
    BadLength,
    /// The last digit does not follow from the others: most often a typing error.
    BadCheckDigit,
}

impl fmt::Display for BadGtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadGtin::NotDigits => "has characters other than digits",
            BadGtin::BadLength => "does not have 8, 12, 13 or 14 digits",
            BadGtin::BadCheckDigit => "has a wrong check digit",
        })
    }
}

impl std::error::Error for BadGtin {}

impl Gtin {
    /// Reads the digits below a barcode.
    ///
    /// # Errors
    /// [`BadGtin`] when the length or the check digit is wrong.
    pub fn new(text: impl Into<String>) -> Result<Self, BadGtin> {
        let text = text.into();
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadGtin::NotDigits);
        }
        if !matches!(text.len(), 8 | 12 | 13 | 14) {
            return Err(BadGtin::BadLength);
        }
        let sum: u32 = text
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, b)| u32::from(b - b'0') * if place % 2 == 0 { 1 } else { 3 })
            .sum();
        if !sum.is_multiple_of(10) {
            return Err(BadGtin::BadCheckDigit);
        }
        Ok(Self(text))
    }

    /// The digits as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same item as 14 digits, the form in which GTINs of different lengths are compared.
    #[must_use]
    pub fn to_gtin14(&self) -> String {
        format!("{:0>14}", self.0)
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Gtin {
    type Error = BadGtin;
    fn try_from(text: String) -> Result<Self, BadGtin> {
        Self::new(text)
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> String {
        gtin.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_length_with_its_right_check_digit_is_read() {
        for good in ["73513537", "036000291452", "4006381333931", "10036000291459"] {
            assert_eq!(Gtin::new(good).map(|g| g.as_str().to_owned()), Ok(good.to_owned()));
        }
    }

    #[test]
    fn one_wrong_digit_is_noticed() {
        assert_eq!(Gtin::new("4006381333932"), Err(BadGtin::BadCheckDigit));
        assert_eq!(Gtin::new("400638133393"), Err(BadGtin::BadCheckDigit));
        assert_eq!(Gtin::new("40063813339311"), Err(BadGtin::BadCheckDigit));
        assert_eq!(Gtin::new("400638133"), Err(BadGtin::BadLength));
        assert_eq!(Gtin::new("4006381 33931"), Err(BadGtin::NotDigits));
        assert_eq!(Gtin::new("٤٠٠٦٣٨١٣٣٣٩٣١"), Err(BadGtin::NotDigits));
        assert_eq!(Gtin::new(""), Err(BadGtin::NotDigits));
    }

    #[test]
    fn a_upc_and_its_ean_are_the_same_item() {
        let upc = Gtin::new("036000291452").unwrap();
        let ean = Gtin::new("0036000291452").unwrap();
        assert_eq!(upc.to_gtin14(), ean.to_gtin14());
    }
}
