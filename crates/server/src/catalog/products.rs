//! Products by their code, and the search over them.

use std::collections::HashMap;

use domain::id::Sku;

use crate::catalog::search_index::SearchIndex;
use crate::db::ProductRow;

/// All products in the order of the catalogue.
pub struct Products {
    rows: Vec<ProductRow>,
    by_sku: HashMap<Sku, usize>,
    groups: HashMap<String, Vec<usize>>,
    search: SearchIndex,
    numbers: HashMap<Sku, u32>,
}

impl Products {
    pub(super) fn new(rows: Vec<ProductRow>, synonyms: &search::Synonyms, before: Option<&SearchIndex>) -> Self {
        let (mut by_sku, mut groups) = (HashMap::new(), HashMap::new());
        for (place, row) in rows.iter().enumerate() {
            by_sku.insert(row.sku.clone(), place);
            if let Some(group) = &row.group_id {
                groups.entry(group.clone()).or_insert_with(Vec::new).push(place);
            }
        }
        let documents: Vec<search::Document> =
            rows.iter().enumerate().map(|(place, row)| document(row, wanted(place, rows.len()))).collect();
        let search = SearchIndex::build(&documents, synonyms, before);
        let numbered = (0u32..).take(search.index().len());
        let numbers = numbered.filter_map(|n| Some((Sku::new(search.index().sku(n)).ok()?, n))).collect();
        Self { rows, by_sku, groups, search, numbers }
    }

    /// A product by its place.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<&ProductRow> {
        self.rows.get(place)
    }

    /// A product by its code.
    #[must_use]
    pub fn get(&self, sku: &Sku) -> Option<&ProductRow> {
        self.at(*self.by_sku.get(sku)?)
    }

    /// All variants of a product, itself included; only itself where it has no others.
    pub fn variants<'a>(&'a self, row: &'a ProductRow) -> impl Iterator<Item = &'a ProductRow> {
        let group = row.group_id.as_ref().and_then(|group| self.groups.get(group));
        let alone = group.is_none().then_some(row);
        alone.into_iter().chain(group.into_iter().flatten().filter_map(|place| self.at(*place)))
    }

    /// The search over them.
    #[must_use]
    pub fn search(&self) -> &SearchIndex {
        &self.search
    }

    /// The number of a product in the index.
    #[must_use]
    pub fn number(&self, sku: &Sku) -> Option<u32> {
        self.numbers.get(sku).copied()
    }
}

/// The first of a feed is what the retailer wants to be seen first. In a large one nobody has put thousands in order, and
/// each product's place in it would weigh a byte of the index.
fn wanted(place: usize, count: usize) -> u8 {
    let step = if count <= ORDERED { place * 256 / count.max(1) } else { 255 };
    255 - u8::try_from(step).unwrap_or(u8::MAX)
}

/// Feeds up to this long are taken to be in order.
const ORDERED: usize = 4_096;

fn document(row: &ProductRow, popularity: u8) -> search::Document {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    search::Document {
        sku: row.sku.to_string(),
        title: row.title.clone(),
        brand: text(&row.brand),
        category: row.category.clone(),
        color: text(&row.color),
        size: text(&row.size),
        gtin: row.gtin.as_ref().map(ToString::to_string).unwrap_or_default(),
        mpn: text(&row.mpn),
        description: text(&row.description),
        image: text(&row.image),
        price: row.price.and_then(|price| u64::try_from(price.amount).ok()),
        currency: row.price.map(|price| price.currency.to_string()).unwrap_or_default(),
        group: text(&row.group_id),
        popularity,
    }
}
