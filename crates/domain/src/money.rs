//! Money in minor units: cents, pence, grosze. Never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency code, three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code such as `EUR`.
    ///
    /// # Errors
    /// [`BadMoney::Currency`] unless it is three ASCII capital letters.
    pub fn new(code: &str) -> Result<Self, BadMoney> {
        match code.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(BadMoney::Currency),
        }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII capitals ever come in.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits the minor unit has (ISO 4217): 2 for most, 0 for yen, 3 for dinars.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = BadMoney;
    fn try_from(text: String) -> Result<Self, BadMoney> {
        Self::new(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().to_owned()
    }
}

/// The largest amount that is accepted, in minor units: ten thousand million of them, so that sums stay exact
/// everywhere, JavaScript's numbers included.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// An amount of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units (cents), 0 to [`MAX_AMOUNT`].
    pub amount: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Why a text is not a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadMoney {
    /// Not `<number> <code>`, as in `5.49 USD`.
    Form,
    /// The currency is not three capital letters.
    Currency,
    /// The number is no plain decimal number, or has more digits after the point than the currency.
    Number,
    /// Negative, or above [`MAX_AMOUNT`].
    Range,
}

impl fmt::Display for BadMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadMoney::Form => "is not written like 5.49 USD",
            BadMoney::Currency => "has a currency that is not three capital letters",
            BadMoney::Number => "has a number that is not a plain decimal with the digits of its currency",
            BadMoney::Range => "is negative or too large",
        })
    }
}

impl std::error::Error for BadMoney {}

impl Money {
    /// Reads a price as product feeds write it: `5.49 USD`.
    ///
    /// # Errors
    /// [`BadMoney`] says what is wrong; nothing is rounded.
    pub fn parse(text: &str) -> Result<Self, BadMoney> {
        let (number, code) = text.trim().split_once(' ').ok_or(BadMoney::Form)?;
        let currency = Currency::new(code.trim())?;
        if number.starts_with('-') {
            return Err(BadMoney::Range);
        }
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(BadMoney::Number);
        }
        let places = currency.minor_digits();
        let fraction = fraction.trim_end_matches('0');
        let given = u32::try_from(fraction.len()).map_err(|_| BadMoney::Number)?;
        if given > places {
            return Err(BadMoney::Number);
        }
        let minor = |t: &str| if t.is_empty() { Ok(0) } else { t.parse::<i64>().map_err(|_| BadMoney::Range) };
        let amount = minor(whole)?
            .checked_mul(10_i64.pow(places))
            .and_then(|w| Some((w, minor(fraction).ok()?.checked_mul(10_i64.pow(places - given))?)))
            .and_then(|(w, f)| w.checked_add(f))
            .ok_or(BadMoney::Range)?;
        if amount > MAX_AMOUNT {
            return Err(BadMoney::Range);
        }
        Ok(Self { amount, currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<(i64, &str), BadMoney>) {
        let got = Money::parse(text);
        assert_eq!(got.map(|m| (m.amount, m.currency.to_string())), expect.map(|(a, c)| (a, c.to_owned())), "{text}");
    }

    #[test]
    fn prices_of_feeds_become_minor_units_without_rounding() {
        check("5.49 USD", Ok((549, "USD")));
        check("249 EUR", Ok((24_900, "EUR")));
        check("0.10 EUR", Ok((10, "EUR")));
        check("0.1 EUR", Ok((10, "EUR")));
        check("1200 JPY", Ok((1200, "JPY")));
        check("1.234 KWD", Ok((1234, "KWD")));
        check("1.500 EUR", Ok((150, "EUR")));
    }

    #[test]
    fn what_is_no_price_is_refused() {
        check("5.49", Err(BadMoney::Form));
        check("5,49 EUR", Err(BadMoney::Number));
        check("-1 EUR", Err(BadMoney::Range));
        check("1e3 EUR", Err(BadMoney::Number));
        check("1.005 EUR", Err(BadMoney::Number));
        check("1.5 JPY", Err(BadMoney::Number));
        check("5 eur", Err(BadMoney::Currency));
        check("99999999999999999999 EUR", Err(BadMoney::Range));
        check("NaN EUR", Err(BadMoney::Number));
        check(".5 EUR", Err(BadMoney::Number));
    }
}
