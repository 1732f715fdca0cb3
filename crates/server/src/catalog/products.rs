//! Products: by code, by barcode, by words. Variants of one product are one row.

use std::collections::HashMap;

use domain::gtin::Gtin;
use domain::id::Sku;

use crate::db::ProductRow;

/// All products in the order of the catalogue.
pub struct Products {
    rows: Vec<ProductRow>,
    by_sku: HashMap<Sku, usize>,
    by_gtin: HashMap<String, Vec<usize>>,
    groups: HashMap<String, Vec<usize>>,
    index: search::Index,
}

/// What products are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Words, a barcode or a code; empty for all.
    pub words: String,
    /// A barcode.
    pub gtin: Option<Gtin>,
    /// A category, from the widest on: `Camp` or `Camp > Tents`.
    pub category: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Places of products, best first, one for each group of variants.
    pub places: Vec<usize>,
    /// Top categories of all that was found in any category, most first.
    pub categories: Vec<(String, u64)>,
    /// The words that were searched instead.
    pub corrected: Option<String>,
}

impl Products {
    pub(super) fn new(rows: Vec<ProductRow>) -> Self {
        let (mut by_sku, mut by_gtin, mut groups) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (place, row) in rows.iter().enumerate() {
            by_sku.insert(row.sku.clone(), place);
            if let Some(gtin) = &row.gtin {
                by_gtin.entry(gtin.to_gtin14()).or_insert_with(Vec::new).push(place);
            }
            if let Some(group) = &row.group_id {
                groups.entry(group.clone()).or_insert_with(Vec::new).push(place);
            }
        }
        let index = search::Index::build(rows.iter().map(document));
        Self { rows, by_sku, by_gtin, groups, index }
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

    /// Products that are wanted, as far as `keep` lets them pass. A group of variants stays where any of them passes, and
    /// is shown by its best match that does.
    #[must_use]
    pub fn find(&self, wanted: &Wanted, keep: impl Fn(&Sku) -> bool) -> Found {
        let (mut hits, corrected) = self.hits(&wanted.words);
        if let Some(gtin) = &wanted.gtin {
            let same = self.by_gtin.get(&gtin.to_gtin14()).map_or(&[][..], Vec::as_slice);
            hits.retain(|place| same.contains(place));
        }
        let rows = self.collapse(hits, &keep);
        let categories = self.count_categories(&rows);
        let mut places = rows;
        if let Some(category) = &wanted.category {
            let asked = path(category);
            places.retain(|place| self.at(*place).is_some_and(|row| path(&row.category).starts_with(&asked)));
        }
        Found { places, categories, corrected }
    }

    fn hits(&self, words: &str) -> (Vec<usize>, Option<String>) {
        let words = words.trim();
        if words.is_empty() {
            return ((0..self.rows.len()).collect(), None);
        }
        // Who scans a label or types its code wants that product and no similar one.
        if let Some(place) = Sku::new(words).ok().and_then(|sku| self.by_sku.get(&sku)) {
            return (vec![*place], None);
        }
        if let Ok(gtin) = Gtin::new(words) {
            let same = self.by_gtin.get(&gtin.to_gtin14()).cloned().unwrap_or_default();
            // Eight digits may as well be some other number.
            if !same.is_empty() || words.len() > 8 {
                return (same, None);
            }
        }
        let answer = self.index.search(words);
        let places = answer.hits.iter().filter_map(|hit| usize::try_from(hit.doc).ok()).collect();
        (places, answer.corrected)
    }

    fn collapse(&self, hits: Vec<usize>, keep: &impl Fn(&Sku) -> bool) -> Vec<usize> {
        let mut rows: Vec<(usize, bool)> = Vec::new();
        let mut groups: HashMap<&str, usize> = HashMap::new();
        for place in hits {
            let Some(row) = self.at(place) else { continue };
            let passes = keep(&row.sku);
            let Some(group) = &row.group_id else {
                rows.push((place, passes));
                continue;
            };
            match groups.get(group.as_str()).and_then(|at| rows.get_mut(*at)) {
                None => {
                    groups.insert(group, rows.len());
                    rows.push((place, passes));
                }
                Some(shown) if !shown.1 && passes => *shown = (place, true),
                Some(_) => {}
            }
        }
        let any_variant =
            |place: &usize| self.at(*place).is_some_and(|row| self.variants(row).any(|variant| keep(&variant.sku)));
        rows.into_iter().filter(|(place, passes)| *passes || any_variant(place)).map(|(place, _)| place).collect()
    }

    fn count_categories(&self, places: &[usize]) -> Vec<(String, u64)> {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for row in places.iter().filter_map(|place| self.at(*place)) {
            if let Some(top) = segments(&row.category).next() {
                *counts.entry(top).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts
    }
}

/// The categories of a path, widest first.
pub fn segments(category: &str) -> impl Iterator<Item = &str> {
    category.split('>').map(str::trim).filter(|segment| !segment.is_empty())
}

fn path(category: &str) -> Vec<String> {
    segments(category).map(search::fold).collect()
}

fn document(row: &ProductRow) -> search::Document {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    search::Document {
        title: row.title.clone(),
        brand: text(&row.brand),
        category: row.category.clone(),
        color: text(&row.color),
        size: text(&row.size),
        sku: row.sku.to_string(),
        gtin: row.gtin.as_ref().map(Gtin::to_gtin14).unwrap_or_default(),
        mpn: text(&row.mpn),
        description: text(&row.description),
    }
}
