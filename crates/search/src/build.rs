//! From products to the file: the same products give the same bytes, in whatever order they come.

mod pieces;

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::Document;
use crate::file::columns::{write_lists, write_numbers, write_texts};
use crate::file::{ATTRIBUTES, assemble};
use crate::fold::{compact, words};
use crate::num::small;
use crate::synonyms::Synonyms;
use pieces::{Pieces, split};

pub(crate) use pieces::{Shape, spell, width};

/// Descriptions are searched as long as all of them together have no more bytes than this; above, they would weigh more
/// on a phone than everything else, and bring words that no shopper sees in the list.
pub const DESCRIPTIONS_UP_TO: usize = 1 << 20;

/// Writes the index of a catalogue. Products are numbered by category, brand and title, which puts alike ones together.
///
/// Two products of the same code are both kept; that a code is one product's is for the import to see to.
#[must_use]
pub fn build(documents: &[Document], synonyms: &Synonyms) -> Vec<u8> {
    let mut sorted: Vec<&Document> = documents.iter().collect();
    sorted.sort_by(|a, b| order(a).cmp(&order(b)));
    let described = documents.iter().map(|d| d.description.len()).sum::<usize>() <= DESCRIPTIONS_UP_TO;
    let descriptions: Vec<BTreeSet<String>> =
        sorted.iter().map(|d| if described { extra_words(d) } else { BTreeSet::new() }).collect();
    let attributes: Vec<Attribute> = ATTRIBUTE_TEXTS.iter().map(|text| Attribute::of(&sorted, text)).collect();

    let mut terms: BTreeSet<String> = descriptions.iter().flatten().cloned().collect();
    terms.extend(attributes.iter().flat_map(|a| a.values.iter().flat_map(|value| folded(value))));
    let titles: Vec<_> = sorted.iter().map(|d| split(&d.title)).collect();
    terms.extend(titles.iter().flatten().filter_map(|piece| piece.term.clone()));
    let number: BTreeMap<&str, u32> = (0u32..).zip(&terms).map(|(number, term)| (term.as_str(), number)).collect();
    let numbers = |words: &mut dyn Iterator<Item = String>| -> Vec<u32> {
        words.filter_map(|word| number.get(word.as_str()).copied()).collect()
    };

    let pieces = Pieces::of(&titles, &number);
    let column = |text: fn(&Document) -> String| write_texts(&sorted.iter().map(|d| text(d)).collect::<Vec<_>>());
    let figures =
        |figure: &dyn Fn(&Document) -> u64| write_numbers(&sorted.iter().map(|d| figure(d)).collect::<Vec<_>>());
    let groups = groups(&sorted);
    let mut sections = vec![
        write_texts(&terms.iter().collect::<Vec<_>>()),
        write_texts(&pieces.separators),
        write_numbers(&pieces.terms),
        pieces.shapes,
        write_texts(&pieces.texts),
        pieces.titles,
        column(|d| d.sku.clone()),
        column(|d| compact(&d.mpn)),
        column(|d| d.gtin.clone()),
        column(|d| d.image.clone()),
        // Zero says that it has none.
        figures(&|d| d.price.map_or(0, |price| price.saturating_add(1))),
        figures(&|d| u64::from(d.popularity)),
        figures(&|d| groups.get(d.group.as_str()).copied().unwrap_or_default()),
        if descriptions.iter().all(BTreeSet::is_empty) {
            Vec::new()
        } else {
            write_lists(&descriptions.iter().map(|words| numbers(&mut words.iter().cloned())).collect::<Vec<_>>())
        },
        synonyms.to_text().into_bytes(),
    ];
    for attribute in &attributes {
        let lists: Vec<Vec<u32>> =
            attribute.values.iter().map(|value| numbers(&mut folded(value).into_iter())).collect();
        sections.push(write_texts(&attribute.values));
        sections.push(write_lists(&lists));
        sections.push(write_numbers(&attribute.of));
    }
    assemble(small(sorted.len()), &sections)
}

/// What the order of the file goes by; the rest only settles ties.
fn order(d: &Document) -> [&str; 9] {
    [&d.category, &d.brand, &d.title, &d.group, &d.color, &d.size, &d.sku, &d.mpn, &d.gtin]
}

const ATTRIBUTE_TEXTS: [fn(&Document) -> &str; ATTRIBUTES] =
    [|d| &d.brand, |d| &d.category, |d| &d.color, |d| &d.size, |d| &d.currency];

/// Values that many products share, each once.
struct Attribute {
    values: Vec<String>,
    /// For each product the number of its value and one more; 0 for none.
    of: Vec<u64>,
}

impl Attribute {
    fn of(sorted: &[&Document], text: &fn(&Document) -> &str) -> Self {
        let values: BTreeSet<&str> = sorted.iter().map(|d| text(d)).filter(|value| !value.is_empty()).collect();
        let number: BTreeMap<&str, u64> = (1u64..).zip(&values).map(|(number, value)| (*value, number)).collect();
        let of = sorted.iter().map(|d| number.get(text(d)).copied().unwrap_or_default()).collect();
        Self { values: values.into_iter().map(str::to_owned).collect(), of }
    }
}

fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}

fn extra_words(document: &Document) -> BTreeSet<String> {
    let mut extra: BTreeSet<String> = folded(&document.description).into_iter().collect();
    for word in folded(&document.title) {
        extra.remove(&word);
    }
    extra
}

/// A number from 1 on for each group that more than one product is in.
fn groups<'a>(sorted: &[&'a Document]) -> BTreeMap<&'a str, u64> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for document in sorted.iter().filter(|d| !d.group.is_empty()) {
        *sizes.entry(&document.group).or_default() += 1;
    }
    (1u64..).zip(sizes.into_iter().filter(|(_, size)| *size > 1)).map(|(number, (group, _))| (group, number)).collect()
}
