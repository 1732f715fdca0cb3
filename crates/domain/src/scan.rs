//! What a scanner or a camera read: a barcode, a GS1 Digital Link, a pickup code or a product number.
//!
//! The form of a Digital Link follows GS1 Digital Link Standard: URI Syntax, release 1.3: somewhere in the path stands `01`
//! with the GTIN behind it, and pairs of a qualifier and its value may follow. The host is anybody's.

mod wedge;

pub use wedge::Wedge;

use std::fmt;

use crate::gtin::{BadGtin, Gtin};
use crate::id::{ReservationId, Sku};
use crate::reservation::PickupCode;

/// The longest text that is looked at, in bytes: more than any Digital Link needs.
pub const MAX_SCAN_LEN: usize = 512;
/// GS1 application identifier of a GTIN.
const AI_GTIN: &str = "01";
/// What may follow a GTIN in the path: variant, batch, serial number and third-party serial number.
const QUALIFIERS: [&str; 4] = ["22", "10", "21", "235"];

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// A product, by the number of its barcode.
    Gtin(Gtin),
    /// A product, by the retailer's own number.
    Sku(Sku),
    /// The code of a pickup pass, `K7-4MQ`.
    Pass(String),
    /// The link of a pickup pass.
    PassLink(ReservationId),
}

/// Why a code says nothing to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadScan {
    /// Nothing was read.
    Empty,
    /// More than [`MAX_SCAN_LEN`] bytes.
    TooLong,
    /// It should be the number of a barcode, and is none.
    Gtin(BadGtin),
    /// A web address that names no product.
    NoProduct,
    /// What stands behind the GTIN of a Digital Link is no qualifier, or has no value.
    BadQualifier,
    /// Characters that are in no product number.
    NotACode,
}

impl fmt::Display for BadScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadScan::Empty => f.write_str("is empty"),
            BadScan::TooLong => f.write_str("is longer than 512 bytes"),
            BadScan::Gtin(bad) => bad.fmt(f),
            BadScan::NoProduct => f.write_str("is a web address that names no product"),
            BadScan::BadQualifier => f.write_str("has something behind the GTIN that is no qualifier"),
            BadScan::NotACode => f.write_str("has characters that are in no product number"),
        }
    }
}

impl std::error::Error for BadScan {}

impl Scanned {
    /// Reads a code. `home` is the origin of our own app, `https://shop.example`: its links to products and passes are
    /// understood as well.
    ///
    /// # Errors
    /// [`BadScan`], with the reason.
    pub fn read(text: &str, home: &str) -> Result<Self, BadScan> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadScan::Empty);
        }
        if text.len() > MAX_SCAN_LEN {
            return Err(BadScan::TooLong);
        }
        if let Some(path) = path_of(text) {
            return linked(path, text.strip_prefix(home).is_some_and(|rest| !home.is_empty() && rest.starts_with('/')));
        }
        if PickupCode::has_form(text) {
            return Ok(Scanned::Pass(text.to_ascii_uppercase()));
        }
        if text.bytes().all(|b| b.is_ascii_digit()) && matches!(text.len(), 8 | 12 | 13 | 14) {
            return Gtin::new(text).map(Scanned::Gtin).map_err(BadScan::Gtin);
        }
        Sku::new(text).map(Scanned::Sku).map_err(|_| BadScan::NotACode)
    }
}

/// The path of a web address, without host, query and fragment; `None` where it is no web address.
fn path_of(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    Some(rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default())
}

fn linked(path: &str, is_ours: bool) -> Result<Scanned, BadScan> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if let Some(at) = segments.iter().position(|segment| *segment == AI_GTIN) {
        let gtin = Gtin::new(segments.get(at + 1).copied().unwrap_or_default()).map_err(BadScan::Gtin)?;
        let behind = segments.get(at + 2..).unwrap_or_default();
        let sound = behind.chunks(2).all(|pair| matches!(pair, [name, _] if QUALIFIERS.contains(name)));
        return if sound { Ok(Scanned::Gtin(gtin)) } else { Err(BadScan::BadQualifier) };
    }
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    match segments.as_slice() {
        ["p", sku] if is_ours && plain(sku) => Sku::new(*sku).map(Scanned::Sku).map_err(|_| BadScan::NotACode),
        ["pickups", id] if is_ours && plain(id) => {
            ReservationId::new(*id).map(Scanned::PassLink).map_err(|_| BadScan::NotACode)
        }
        _ => Err(BadScan::NoProduct),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "https://shop.example";

    fn check(text: &str, expect: Result<&str, BadScan>) {
        let told = Scanned::read(text, HOME).map(|scanned| match scanned {
            Scanned::Gtin(gtin) => format!("gtin {gtin}"),
            Scanned::Sku(sku) => format!("sku {sku}"),
            Scanned::Pass(code) => format!("pass {code}"),
            Scanned::PassLink(id) => format!("link {id}"),
        });
        assert_eq!(told, expect.map(str::to_owned), "{text}");
    }

    #[test]
    fn a_barcode_of_each_length_is_a_product() {
        for digits in ["73513537", "036000291452", "4006381333931", "10036000291459"] {
            check(digits, Ok(&format!("gtin {digits}")));
        }
        check(" 4006381333931\r\n", Ok("gtin 4006381333931"));
    }

    #[test]
    fn a_barcode_with_a_wrong_digit_says_so_and_is_no_product_number() {
        for digits in ["73513538", "036000291453", "4006381333932", "10036000291450"] {
            check(digits, Err(BadScan::Gtin(BadGtin::BadCheckDigit)));
        }
    }

    #[test]
    fn a_digital_link_of_any_host_names_its_product() {
        for link in [
            "https://id.gs1.org/01/4006381333931",
            "HTTPS://example.com/01/4006381333931/",
            "http://example.com:8080/de/shop/01/4006381333931",
            "https://example.com/01/4006381333931/22/2A/10/ABC/21/12345",
            "https://example.com/01/4006381333931/10/A%2FB?17=261231&linkType=gs1:pip#x",
        ] {
            check(link, Ok("gtin 4006381333931"));
        }
        check("https://example.com/01/10036000291459?3103=000195", Ok("gtin 10036000291459"));
    }

    #[test]
    fn a_digital_link_that_cannot_be_one_says_why() {
        check("https://example.com/01/4006381333932", Err(BadScan::Gtin(BadGtin::BadCheckDigit)));
        check("https://example.com/01/400638133", Err(BadScan::Gtin(BadGtin::BadLength)));
        check("https://example.com/01/", Err(BadScan::Gtin(BadGtin::NotDigits)));
        check("https://example.com/01/4006381333931/99/x", Err(BadScan::BadQualifier));
        check("https://example.com/01/4006381333931/10", Err(BadScan::BadQualifier));
        check("https://example.com/414/4006381333931", Err(BadScan::NoProduct));
        check("https://example.com", Err(BadScan::NoProduct));
    }

    #[test]
    fn our_own_links_are_understood_and_those_of_others_that_look_alike_are_not() {
        check("https://shop.example/p/BO-075-GLA?store=lyo", Ok("sku BO-075-GLA"));
        check("https://shop.example/pickups/r_01#t=secret", Ok("link r_01"));
        check("https://shop.example.evil.example/p/BO-075-GLA", Err(BadScan::NoProduct));
        check("https://other.example/pickups/r_01", Err(BadScan::NoProduct));
        assert_eq!(Scanned::read("https://a.example/p/x", ""), Err(BadScan::NoProduct));
    }

    #[test]
    fn a_pass_is_told_from_a_product_number() {
        check("K7-4MQ", Ok("pass K7-4MQ"));
        check("k7-4mq", Ok("pass K7-4MQ"));
        check("K7-4MO", Ok("sku K7-4MO"));
        check("BO-075-GLA", Ok("sku BO-075-GLA"));
        check("6501234", Ok("sku 6501234"));
    }

    #[test]
    fn what_is_no_code_says_why() {
        check("", Err(BadScan::Empty));
        check(" \t", Err(BadScan::Empty));
        check("blue bottle", Err(BadScan::NotACode));
        check("Łódź", Err(BadScan::NotACode));
        check("ftp://example.com/01/4006381333931 x", Err(BadScan::NotACode));
        check(&"x".repeat(65), Err(BadScan::NotACode));
        check(&"9".repeat(513), Err(BadScan::TooLong));
    }
}
