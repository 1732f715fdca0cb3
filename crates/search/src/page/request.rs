//! Reads the query string of a request.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::StockSet;
use crate::num::parse;
use crate::query::{Query, Sort};
use crate::text::{cut, join, letters, split};

/// Characters that `q` may have.
const LONGEST: usize = 200;
const DEFAULT_LIMIT: usize = 20;
const LARGEST_LIMIT: usize = 100;
/// Shops that may be named.
const MOST_SHOPS: usize = 50;

const NAMES: [&str; 12] = [
    "q",
    "verbatim",
    "gtin",
    "category",
    "brand",
    "price",
    "sort",
    "cursor",
    "limit",
    "location_id",
    "near",
    "available",
];

/// Why a request cannot be answered: which parameter, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadQuery {
    /// The name of the parameter.
    pub parameter: String,
    /// What is wrong, to be read after the name.
    pub problem: &'static str,
}

impl BadQuery {
    /// Parameter and problem as one text.
    #[must_use]
    pub fn text(&self) -> String {
        join(&[&self.parameter, self.problem], " ")
    }
}

impl fmt::Display for BadQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for BadQuery {}

/// What a request asks, each parameter checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    words: String,
    verbatim: bool,
    gtin: Option<String>,
    category: Option<String>,
    brand: Option<String>,
    price: Option<(u64, Option<u64>)>,
    sort: Sort,
    offset: usize,
    limit: usize,
    /// Only what these shops have.
    pub location_ids: Vec<String>,
    /// Whether it must be there to be promised now; else it is enough that they carry it.
    pub available: bool,
    /// What these shops have comes first, the nearest first.
    pub near: Vec<String>,
}

impl Request {
    /// Reads parameters that are decoded already.
    ///
    /// # Errors
    /// [`BadQuery`] for one that is unknown, is there twice or makes no sense.
    pub fn of<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, BadQuery> {
        let mut request = Self { limit: DEFAULT_LIMIT, ..Self::default() };
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in parameters {
            let bad = |problem| BadQuery { parameter: name.to_owned(), problem };
            if seen.contains(&name) {
                return Err(bad("stands there more than once"));
            }
            seen.push(name);
            // A form field that nobody filled in.
            if value.is_empty() && NAMES.contains(&name) {
                continue;
            }
            request.take(name, value).map_err(bad)?;
        }
        if request.available && request.location_ids.is_empty() {
            // "Available anywhere" would be another question; better no answer than that of a question nobody asked.
            return Err(BadQuery { parameter: "available".to_owned(), problem: "needs a location_id" });
        }
        Ok(request)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        match name {
            "q" if letters(value) > LONGEST => return Err("is longer than 200 characters"),
            "q" => value.clone_into(&mut self.words),
            "verbatim" => self.verbatim = flag(value)?,
            "gtin" => {
                if !is_gtin(value) {
                    return Err("is no barcode of 8, 12, 13 or 14 digits with a check digit");
                }
                self.gtin = Some(value.to_owned());
            }
            "category" => self.category = Some(value.to_owned()),
            "brand" => self.brand = Some(value.to_owned()),
            "price" => {
                self.price = Some(range(value).ok_or("must be a range in minor units, such as 2000-5000 or 5000-")?);
            }
            "sort" => {
                self.sort = match value {
                    "relevance" => Sort::Relevance,
                    "price_asc" => Sort::PriceAscending,
                    "price_desc" => Sort::PriceDescending,
                    _ => return Err("must be relevance, price_asc or price_desc"),
                }
            }
            "cursor" => self.offset = cursor(value).ok_or("is not a cursor of this list")?,
            "limit" => {
                let limit = position(value).filter(|limit| (1..=LARGEST_LIMIT).contains(limit));
                self.limit = limit.ok_or("must be 1 to 100")?;
            }
            "location_id" => self.location_ids = shops(value)?,
            "near" => self.near = shops(value)?,
            "available" => self.available = flag(value)?,
            _ => return Err("is not a parameter of this address"),
        }
        Ok(())
    }

    pub(super) fn query<'a>(&'a self, only: Option<&'a [&'a StockSet]>, near: &'a [&'a StockSet]) -> Query<'a> {
        Query {
            words: &self.words,
            verbatim: self.verbatim,
            gtin: self.gtin.as_deref(),
            category: self.category.as_deref(),
            brand: self.brand.as_deref(),
            price: self.price,
            only,
            near,
            sort: self.sort,
            offset: self.offset,
            limit: self.limit,
        }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }
}

/// What `domain::gtin` says as well; that crate would bring the standard library, which weighs more than all this.
fn is_gtin(digits: &str) -> bool {
    let mut sum = 0;
    let mut weight = 1;
    for byte in digits.bytes().rev() {
        let Some(digit) = char::from(byte).to_digit(10) else { return false };
        sum += digit * weight;
        weight = 4 - weight;
    }
    matches!(digits.len(), 8 | 12 | 13 | 14) && sum % 10 == 0
}

fn flag(value: &str) -> Result<bool, &'static str> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("must be true or false"),
    }
}

fn range(value: &str) -> Option<(u64, Option<u64>)> {
    let (from, below) = cut(value, b'-')?;
    let below = if below.is_empty() { None } else { Some(parse(below)?) };
    let from = parse(from)?;
    below.is_none_or(|below| from < below).then_some((from, below))
}

fn cursor(value: &str) -> Option<usize> {
    position(value).filter(|_| value.len() <= 9)
}

fn position(value: &str) -> Option<usize> {
    parse(value).and_then(|number| usize::try_from(number).ok())
}

fn shops(value: &str) -> Result<Vec<String>, &'static str> {
    let mut shops: Vec<String> = Vec::new();
    let mut nameless = false;
    for shop in split(value, b',') {
        nameless |= shop.is_empty();
        shops.push(shop.to_owned());
    }
    if shops.len() > MOST_SHOPS {
        return Err("names more than 50 shops");
    }
    if nameless { Err("names a shop without an id") } else { Ok(shops) }
}

#[cfg(test)]
mod tests {
    use domain::gtin::Gtin;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_barcode_is_what_the_domain_says(text in "[0-9]{0,16}|[0-9]{8}|[0-9]{12,14}|\\PC{0,14}", last in 0u32..10) {
            // Of ten last digits one is right.
            let with_check: String = text.chars().skip(1).chain(char::from_digit(last, 10)).collect();
            for text in [text, with_check] {
                prop_assert_eq!(is_gtin(&text), Gtin::new(text.as_str()).is_ok(), "{}", text);
            }
        }
    }
}
