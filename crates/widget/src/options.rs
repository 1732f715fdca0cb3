//! What the page asks for, read from the attributes of the element. Whoever writes a page may write anything: what cannot be used is
//! as if it were not there, and nothing is longer than it may be.

use api_contract::reservation::{Attribution, LONGEST_ATTRIBUTION};
use domain::id::Sku;

/// Rows that a box shows where nothing is said, and at most.
const USUAL_ROWS: usize = 3;
const MOST_ROWS: usize = 10;
/// The longest code that the API takes, in characters.
const LONGEST_CODE: usize = 64;

/// Which box it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The stock of one product; `None` where the page names none that can be.
    Stock(Option<Sku>),
    /// The shops nearby.
    Locator,
}

/// How the box learns where the shopper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// By the device, after a tap, or by a postcode.
    Auto,
    /// By a postcode.
    Postcode,
    /// Not at all: shops that have it, wherever they are.
    Nowhere,
}

/// How something is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// In the box.
    Here,
    /// In the app, to which the button leads.
    InApp,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which box.
    pub kind: Kind,
    /// How it learns where the shopper is.
    pub near: Near,
    /// Rows, 1 to 10.
    pub limit: usize,
    /// A code to be redeemed at the till.
    pub code: Option<String>,
    /// How something is put aside.
    pub desk: Desk,
    /// Which campaign brought the shopper.
    pub campaign: Option<Attribution>,
}

impl Options {
    /// Reads the attributes of an element; `landing` are the parameters of the page's own address, which the attributes go before.
    #[must_use]
    pub fn read(
        locator: bool,
        attribute: impl Fn(&str) -> Option<String>,
        landing: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let word = |name: &str| attribute(name).unwrap_or_default().trim().to_ascii_lowercase();
        let kind = if locator {
            Kind::Locator
        } else {
            Kind::Stock(attribute("sku").and_then(|sku| Sku::new(sku.trim()).ok()))
        };
        let near = match word("near").as_str() {
            "postcode" => Near::Postcode,
            "none" => Near::Nowhere,
            _ => Near::Auto,
        };
        let limit = word("limit").parse().map_or(USUAL_ROWS, |rows: usize| rows.clamp(1, MOST_ROWS));
        let desk = if word("reserve") == "app" { Desk::InApp } else { Desk::Here };
        let campaign = Attribution::from_parameters(|name| {
            let own = match name {
                "utm_campaign" => "campaign",
                "utm_source" => "source",
                "utm_medium" => "medium",
                _ => "campaign-id",
            };
            attribute(own).filter(|value| !value.trim().is_empty()).or_else(|| landing(name))
        });
        Self { kind, near, limit, code: attribute("code").and_then(|code| self::code(&code)), desk, campaign }
    }
}

fn code(typed: &str) -> Option<String> {
    let code = typed.trim();
    let plain = !code.chars().any(char::is_control) && code.chars().count() <= LONGEST_CODE;
    (plain && !code.is_empty()).then(|| code.to_owned())
}

/// The value of a parameter in a query string, such as `?utm_source=blog`, no longer than any of ours may be.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next_back()?;
    // Each character is at most four bytes, each written as %XX.
    let value: String = value.chars().take(LONGEST_ATTRIBUTION * 12).collect();
    Some(decode(&value.replace('+', " ")))
}

/// Undoes percent-encoding; what is not valid stays as it stands.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |place: usize| bytes.get(place).and_then(|b| char::from(*b).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, hex(at + 1), hex(at + 2)) {
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attributes: &[(&str, &str)], query: &str) -> Options {
        let attribute = |name: &str| {
            let (_, value) = attributes.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        };
        Options::read(false, attribute, |name| parameter(query, name))
    }

    #[test]
    fn what_is_not_said_is_as_usual() {
        let options = read(&[("sku", " BO-075-GLA ")], "");
        assert_eq!(options.kind, Kind::Stock(Some(Sku::new("BO-075-GLA").unwrap())));
        assert_eq!((options.near, options.limit, options.desk), (Near::Auto, 3, Desk::Here));
        assert_eq!((options.code, options.campaign), (None, None));
        assert_eq!(Options::read(true, |_| None, |_| None).kind, Kind::Locator);
    }

    #[test]
    fn hostile_values_are_as_if_they_were_not_there() {
        let long = "x".repeat(100_000);
        for sku in ["", "a b", "\u{e9}", long.as_str()] {
            assert_eq!(read(&[("sku", sku)], "").kind, Kind::Stock(None), "{}", sku.len());
        }
        for limit in ["0", "-1", "1e9", "NaN", "99999999999999999999", "<b>"] {
            assert!((1..=10).contains(&read(&[("limit", limit)], "").limit), "{limit}");
        }
        for code in ["", "a\nb", long.as_str()] {
            assert_eq!(read(&[("code", code)], "").code, None, "{}", code.len());
        }
        let campaign = read(&[("campaign", long.as_str())], &format!("?utm_source={}", "%F0%9F%98%80".repeat(5_000)));
        let campaign = campaign.campaign.unwrap();
        assert_eq!(campaign.campaign.unwrap().chars().count(), LONGEST_ATTRIBUTION);
        assert_eq!(campaign.source.unwrap().chars().count(), LONGEST_ATTRIBUTION);
    }

    #[test]
    fn the_campaign_is_that_of_the_element_and_else_that_of_the_address_of_the_page() {
        let query = "?a=1&utm_source=alpine+journal&utm_campaign=%C3%A9t%C3%A9&utm_medium=banner";
        let campaign =
            read(&[("source", "newsletter"), ("campaign-id", "c-7"), ("medium", " ")], query).campaign.unwrap();
        assert_eq!(campaign.source.as_deref(), Some("newsletter"));
        assert_eq!(campaign.campaign.as_deref(), Some("été"));
        assert_eq!(campaign.medium.as_deref(), Some("banner"));
        assert_eq!(campaign.campaign_id.as_deref(), Some("c-7"));
    }

    #[test]
    fn a_broken_query_breaks_nothing() {
        for query in ["?utm_source=%", "?utm_source=%zz", "?utm_source=%ff%fe", "?=&&=", "?utm_source"] {
            let _ = parameter(query, "utm_source");
        }
        assert_eq!(parameter("?b=%", "b").as_deref(), Some("%"));
    }
}
