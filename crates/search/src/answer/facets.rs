//! Filters, and how many rows each further one would leave.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::Index;
use crate::fold::{compact, fold};
use crate::index::Of;
use crate::num::{at, decimal, small};
use crate::order::best;
use crate::query::{Count, Query};
use crate::text::{join, split};

/// Which kinds of filter a product does not pass, as bits.
pub(super) type Misses = u8;
pub(super) const CATEGORY: Misses = 1;
pub(super) const BRAND: Misses = 2;
pub(super) const PRICE: Misses = 4;
pub(super) const STOCK: Misses = 8;

/// Brands that are counted out, at most.
const MOST_BRANDS: usize = 50;
/// Ranges of prices, at most.
const MOST_RANGES: usize = 6;

/// The filters of a query, looked up once.
pub(super) struct Filters<'a> {
    index: &'a Index,
    query: &'a Query<'a>,
    /// For each category whether it is inside of the one asked for; `None` where any will do.
    categories: Option<Vec<bool>>,
    brands: Option<Vec<bool>>,
}

impl<'a> Filters<'a> {
    pub(super) fn of(index: &'a Index, query: &'a Query<'a>) -> Self {
        let categories = query.category.map(|asked| {
            let asked = path(asked);
            inside(index, Of::Category, &|value| path(value).starts_with(&asked))
        });
        let brands = query.brand.map(|asked| {
            let asked = fold(asked);
            inside(index, Of::Brand, &|value| !value.is_empty() && fold(value) == asked)
        });
        Self { index, query, categories, brands }
    }

    pub(super) fn misses(&self, doc: u32) -> Misses {
        let place = at(doc);
        let inside = |wanted: &Option<Vec<bool>>, of: Of| match wanted {
            None => true,
            Some(wanted) => wanted.get(self.index.value(of, place)).copied().unwrap_or_default(),
        };
        let mut misses = 0;
        if !inside(&self.categories, Of::Category) {
            misses |= CATEGORY;
        }
        if !inside(&self.brands, Of::Brand) {
            misses |= BRAND;
        }
        if let Some((from, below)) = self.query.price {
            let price = self.index.price(place);
            if !price.is_some_and(|price| price >= from && below.is_none_or(|below| price < below)) {
                misses |= PRICE;
            }
        }
        if self.query.only.is_some_and(|sets| !sets.iter().any(|set| set.contains(doc))) {
            misses |= STOCK;
        }
        misses
    }
}

/// For each value of an attribute, and first for none, whether it is meant.
fn inside(index: &Index, of: Of, is: &dyn Fn(&str) -> bool) -> Vec<bool> {
    let mut inside = Vec::new();
    for value in 0..=index.values(of) {
        inside.push(is(&index.text(of, value)));
    }
    inside
}

/// The parts of a category path in the form in which they are compared.
fn path(category: &str) -> Vec<String> {
    let mut path = Vec::new();
    for segment in segments(category) {
        path.push(fold(segment));
    }
    path
}

/// The categories of a path, widest first.
pub fn segments(category: &str) -> impl Iterator<Item = &str> {
    split(category, b'>').map(str::trim).filter(|segment| !segment.is_empty())
}

/// Counts rows by category, brand and price.
pub(super) struct Facets<'a> {
    index: &'a Index,
    categories: Vec<usize>,
    brands: Vec<usize>,
    prices: [usize; LADDER.len() + 1],
}

/// Where ranges of prices may begin and end: 1, 2, 5, 10 and so on, in units of a currency with cents.
const LADDER: [u64; 19] = [
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
];

impl<'a> Facets<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self {
            index,
            categories: vec![0; index.values(Of::Category) + 1],
            brands: vec![0; index.values(Of::Brand) + 1],
            prices: [0; LADDER.len() + 1],
        }
    }

    /// Of its own kind of filter a facet is free: it says what choosing otherwise would bring.
    pub(super) fn count(&mut self, doc: u32, misses: Misses) {
        let place = at(doc);
        let add = |counts: &mut [usize], value: usize| {
            if let Some(count) = counts.get_mut(value) {
                *count += 1;
            }
        };
        if misses & !CATEGORY == 0 {
            add(&mut self.categories, self.index.value(Of::Category, place));
        }
        if misses & !BRAND == 0 {
            add(&mut self.brands, self.index.value(Of::Brand, place));
        }
        if misses & !PRICE == 0
            && let Some(price) = self.index.price(place)
        {
            add(&mut self.prices, LADDER.partition_point(|step| *step <= price));
        }
    }

    /// The categories right inside of the one asked for, or the top ones.
    pub(super) fn categories(&self, asked: Option<&str>) -> Vec<Count> {
        let inside = asked.map(path).unwrap_or_default();
        let mut counts: Vec<Count> = Vec::new();
        for (value, count) in self.categories.iter().enumerate() {
            if *count == 0 {
                continue;
            }
            let whole = self.index.text(Of::Category, value);
            let mut parts: Vec<&str> = Vec::new();
            let mut folded: Vec<String> = Vec::new();
            for part in segments(&whole) {
                parts.push(part);
                folded.push(fold(part));
            }
            if !folded.starts_with(&inside) {
                // The way back: what else there is beside the category asked for is counted by its top one.
                if let Some(top) = parts.first()
                    && folded.first() != inside.first()
                {
                    add(&mut counts, top, *count);
                }
            } else if let Some(shown) = parts.get(..=inside.len()) {
                add(&mut counts, &join(shown, " > "), *count);
            }
        }
        in_order(&counts, usize::MAX)
    }

    pub(super) fn brands(&self) -> Vec<Count> {
        let mut counts: Vec<Count> = Vec::new();
        for (value, count) in self.brands.iter().enumerate() {
            // 0 is none.
            if value > 0 && *count > 0 {
                counts.push(Count { name: self.index.text(Of::Brand, value), count: *count });
            }
        }
        in_order(&counts, MOST_BRANDS)
    }

    /// Neighbours with the fewest rows are put together until there are few enough.
    pub(super) fn prices(&self) -> Vec<Count> {
        // Where a range begins and ends (0 for nowhere), and how many there are.
        let mut ranges: Vec<(u64, u64, usize)> = Vec::new();
        let mut begin = 0;
        for (step, count) in self.prices.iter().enumerate() {
            let end = LADDER.get(step).copied().unwrap_or_default();
            if *count > 0 {
                ranges.push((begin, end, *count));
            }
            begin = end;
        }
        while ranges.len() > MOST_RANGES {
            let (mut fewest, mut of) = (usize::MAX, 0);
            for (at, pair) in ranges.windows(2).enumerate() {
                let together = pair.iter().map(|range| range.2).sum();
                if together < fewest {
                    (fewest, of) = (together, at);
                }
            }
            let (_, end, _) = ranges.remove(of + 1);
            if let Some(range) = ranges.get_mut(of) {
                (range.1, range.2) = (end, fewest);
            }
        }
        let mut counts = Vec::new();
        for (begin, end, count) in ranges {
            let end = if end > 0 { decimal(end) } else { String::new() };
            counts.push(Count { name: join(&[&decimal(begin), &end], "-"), count });
        }
        counts
    }
}

fn add(counts: &mut Vec<Count>, name: &str, count: usize) {
    match counts.iter_mut().find(|known| compact(&known.name) == compact(name)) {
        Some(known) => known.count += count,
        None => counts.push(Count { name: name.to_owned(), count }),
    }
}

/// Most first; equal ones as they came, which is by name.
fn in_order(counts: &[Count], most: usize) -> Vec<Count> {
    let mut sorted = Vec::new();
    for number in best(counts.len(), most, &|number| counts.get(number).map_or(0, |count| small(count.count))) {
        sorted.extend(counts.get(number).cloned());
    }
    sorted
}
