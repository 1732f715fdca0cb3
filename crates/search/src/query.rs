//! What is asked, and what comes back.

use alloc::string::String;
use alloc::vec::Vec;

use crate::StockSet;

/// The order of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best match first; see [`crate::Index::search`].
    #[default]
    Relevance,
    /// Cheapest first; what has no price comes last.
    PriceAscending,
    /// Dearest first; what has no price comes last.
    PriceDescending,
}

/// A question. Its default asks for everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    /// Words, a barcode or a code; empty for all products. Words beyond the 24th are not looked at.
    pub words: &'a str,
    /// Whether only these very words are looked for, without help in spelling.
    pub verbatim: bool,
    /// Only products with this barcode, digits alone.
    pub gtin: Option<&'a str>,
    /// Only this category, from the widest on: `Camp` or `Camp > Tents`.
    pub category: Option<&'a str>,
    /// Only this brand.
    pub brand: Option<&'a str>,
    /// Only prices from this on and below that, in minor units.
    pub price: Option<(u64, Option<u64>)>,
    /// Only what one of these shops has.
    pub only: Option<&'a [&'a StockSet]>,
    /// What shops nearby have, the nearest first, for the order.
    pub near: &'a [&'a StockSet],
    /// In which order.
    pub sort: Sort,
    /// How many rows to leave out at the front.
    pub offset: usize,
    /// How many rows at most.
    pub limit: usize,
}

/// A product that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which one, by its number in the index.
    pub doc: u32,
}

/// How many rows there are of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What, as given back in a query.
    pub name: String,
    /// How many.
    pub count: usize,
}

/// The answer to a query. Variants of one product are one row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The rows that were asked for, best first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// By category, most first: the top ones, or those inside the one that is asked for.
    pub categories: Vec<Count>,
    /// By brand, most first.
    pub brands: Vec<Count>,
    /// By price, cheapest first: `2000-5000` is from 20.00 to below 50.00.
    pub prices: Vec<Count>,
    /// The words that were looked for instead, where those that were asked find nothing.
    pub corrected: Option<String>,
    /// Fewer words that find something, where all of them do not, and how much.
    pub relaxations: Vec<Count>,
    /// What to mark in titles.
    pub(crate) marks: Vec<Mark>,
}

/// Words of the dictionary that answer a word of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) terms: core::ops::Range<u32>,
    /// How many bytes of the folded word were asked for; `None` for all of it.
    pub(crate) beginning: Option<usize>,
}
