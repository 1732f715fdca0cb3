//! What a shopper wants, line by line, and which part of it a shop can serve.

pub mod rank;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::Sku;

/// Units of one product that one reservation may hold.
pub const MAX_QUANTITY: u32 = 99;
/// Different products that one reservation may hold.
pub const MAX_LINES: usize = 50;

/// So many units of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product.
    pub sku: Sku,
    /// Units, 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
}

/// Why lines make no basket; the number is the place of the line, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadBasket {
    /// There is no line.
    Empty,
    /// More than [`MAX_LINES`] different products.
    TooManyLines,
    /// The quantity of a line is 0.
    NoQuantity(usize),
    /// The quantity of a line, added to those of the same product before it, is above [`MAX_QUANTITY`].
    TooMany(usize),
}

impl fmt::Display for BadBasket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadBasket::Empty => f.write_str("there must be at least one item"),
            BadBasket::TooManyLines => write!(f, "there may be at most {MAX_LINES} different items"),
            BadBasket::NoQuantity(_) => f.write_str("the quantity must be at least 1"),
            BadBasket::TooMany(_) => write!(f, "the quantity of one item may be at most {MAX_QUANTITY}"),
        }
    }
}

impl std::error::Error for BadBasket {}

/// A checked basket: each product once, in the order of the codes, so that all who lock shelves lock them in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket(Vec<Line>);

impl Basket {
    /// Adds up lines of the same product and checks the sums.
    ///
    /// # Errors
    /// [`BadBasket`] names the line that is wrong.
    pub fn new(lines: impl IntoIterator<Item = (Sku, u32)>) -> Result<Self, BadBasket> {
        let mut sums: BTreeMap<Sku, u32> = BTreeMap::new();
        for (place, (sku, quantity)) in lines.into_iter().enumerate() {
            if quantity == 0 {
                return Err(BadBasket::NoQuantity(place));
            }
            let sum = sums.entry(sku).or_default();
            *sum = sum.saturating_add(quantity);
            if *sum > MAX_QUANTITY {
                return Err(BadBasket::TooMany(place));
            }
            if sums.len() > MAX_LINES {
                return Err(BadBasket::TooManyLines);
            }
        }
        if sums.is_empty() {
            return Err(BadBasket::Empty);
        }
        Ok(Self(sums.into_iter().map(|(sku, quantity)| Line { sku, quantity }).collect()))
    }

    /// The lines in the order of their codes.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.0
    }

    /// How much of the basket a shop can serve, and what it lacks. `units` says how many of a product may be promised
    /// there (nothing carried or not known is 0).
    pub fn served_by(&self, units: impl Fn(&Sku) -> i64) -> (Fulfils, Vec<Sku>) {
        let missing: Vec<Sku> =
            self.0.iter().filter(|l| units(&l.sku) < i64::from(l.quantity)).map(|l| l.sku.clone()).collect();
        let fulfils = match missing.len() {
            0 => Fulfils::All,
            n if n == self.0.len() => Fulfils::None,
            _ => Fulfils::Some,
        };
        (fulfils, missing)
    }
}

/// Which part of a basket a shop can serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fulfils {
    /// Every line in full.
    All,
    /// Some lines in full.
    Some,
    /// No line in full.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sku(text: &str) -> Sku {
        Sku::new(text).unwrap()
    }

    fn basket(lines: &[(&str, u32)]) -> Result<Basket, BadBasket> {
        Basket::new(lines.iter().map(|(s, q)| (sku(s), *q)))
    }

    #[test]
    fn equal_lines_become_one_and_the_order_is_fixed() {
        let got = basket(&[("b", 2), ("a", 1), ("b", 3)]).unwrap();
        let lines: Vec<_> = got.lines().iter().map(|l| (l.sku.as_str(), l.quantity)).collect();
        assert_eq!(lines, [("a", 1), ("b", 5)]);
    }

    #[test]
    fn the_limit_holds_for_the_sum() {
        assert_eq!(basket(&[("a", 0)]), Err(BadBasket::NoQuantity(0)));
        assert_eq!(basket(&[("a", 99), ("b", 1), ("a", 1)]), Err(BadBasket::TooMany(2)));
        assert_eq!(basket(&[("a", u32::MAX), ("a", u32::MAX)]), Err(BadBasket::TooMany(0)));
        assert_eq!(basket(&[]), Err(BadBasket::Empty));
        let many: Vec<_> = (0..51).map(|n| (sku(&format!("s{n}")), 1)).collect();
        assert_eq!(Basket::new(many), Err(BadBasket::TooManyLines));
    }

    #[test]
    fn a_shop_serves_all_some_or_none() {
        let wanted = basket(&[("a", 2), ("b", 1)]).unwrap();
        let with = |a: i64, b: i64| {
            let (fulfils, missing) = wanted.served_by(|s| if s.as_str() == "a" { a } else { b });
            (fulfils, missing.iter().map(|s| s.as_str().to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(with(2, 1), (Fulfils::All, vec![]));
        assert_eq!(with(1, 1), (Fulfils::Some, vec!["a".to_owned()]));
        assert_eq!(with(-1, 0), (Fulfils::None, vec!["a".to_owned(), "b".to_owned()]));
    }
}
