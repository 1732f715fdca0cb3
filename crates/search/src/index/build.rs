//! From products to the dictionary.

use domain::gtin::Gtin;

use super::{Document, HashMap, Index, is_word, letters, words};
use crate::fold::Word;

/// That a document has a term, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    pub(super) doc: u32,
    /// Bits of [`FIELDS`].
    fields: u8,
}

/// What a word is worth where it stands, by bit.
const FIELDS: [f32; 5] = [10.0, 7.0, 4.0, 3.0, 1.0];
const TITLE: u8 = 1;
/// Brand, colour and size.
const TRAIT: u8 = 1 << 1;
const CATEGORY: u8 = 1 << 2;
/// SKU, GTIN and the maker's number.
const CODE: u8 = 1 << 3;
const DESCRIPTION: u8 = 1 << 4;

/// What follows a number as its unit, and is written with or without a space before it.
const UNITS: &[&str] = &[
    "ah", "cl", "cm", "dl", "fps", "ft", "g", "gb", "ghz", "hz", "in", "inch", "k", "kg", "khz", "km", "kw", "l", "lb",
    "lbs", "lm", "m", "mah", "mb", "mg", "mhz", "ml", "mm", "mp", "oz", "p", "pack", "pc", "pcs", "qt", "t", "tb", "v",
    "w", "wh", "x",
];

impl Posting {
    /// The weight of the best field that has the word.
    pub(super) fn weight(self) -> f32 {
        let best = usize::try_from(self.fields.trailing_zeros()).unwrap_or(FIELDS.len());
        FIELDS.get(best).copied().unwrap_or(0.0)
    }
}

/// The postings of each term while the documents are read.
#[derive(Default)]
struct Draft(HashMap<Box<str>, Vec<Posting>>);

pub(super) fn build(documents: impl IntoIterator<Item = Document>) -> Index {
    let mut draft = Draft::default();
    let mut bonus = Vec::new();
    for (doc, document) in (0u32..).zip(documents) {
        let title_words = draft.text(doc, TITLE, &document.title);
        draft.text(doc, TRAIT, &document.brand);
        draft.text(doc, TRAIT, &document.color);
        draft.text(doc, TRAIT, &document.size);
        draft.text(doc, CATEGORY, &document.category);
        draft.code(doc, &document.sku);
        draft.code(doc, &document.mpn);
        draft.gtin(doc, &document.gtin);
        draft.text(doc, DESCRIPTION, &document.description);
        bonus.push(1.0 / f32::from(u16::try_from(title_words).unwrap_or(u16::MAX).saturating_add(1)));
    }
    let mut sorted: Vec<(Box<str>, Vec<Posting>)> = draft.0.into_iter().collect();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut index = Index { bonus, ..Index::default() };
    for (term, postings) in sorted {
        let shape = if is_word(&term) { (letters(&term), term.chars().count()) } else { (0, 0) };
        index.shapes.push(shape);
        index.terms.push(term);
        index.postings.extend(postings);
        index.ends.push(index.postings.len());
    }
    index
}

impl Draft {
    fn add(&mut self, doc: u32, field: u8, term: &str) {
        let postings = match self.0.get_mut(term) {
            Some(postings) => postings,
            None => self.0.entry(term.into()).or_default(),
        };
        match postings.last_mut() {
            Some(last) if last.doc == doc => last.fields |= field,
            _ => postings.push(Posting { doc, fields: field }),
        }
    }

    /// Takes the words of a text; a number and its unit both apart and joined. Answers how many words there were.
    fn text(&mut self, doc: u32, field: u8, text: &str) -> usize {
        let words = words(text);
        for word in &words {
            self.add(doc, field, &word.folded);
            if let Some((number, unit)) = number_and_unit(&word.folded) {
                self.add(doc, field, number);
                self.add(doc, field, unit);
            }
        }
        for pair in words.windows(2) {
            if let [number, unit] = pair
                && number.folded.bytes().all(|b| b.is_ascii_digit())
                && UNITS.contains(&unit.folded.as_str())
            {
                self.add(doc, field, &format!("{}{}", number.folded, unit.folded));
            }
        }
        words.len()
    }

    /// Takes a code in its parts and, for who leaves the dashes out, as a whole.
    fn code(&mut self, doc: u32, code: &str) {
        let parts: Vec<String> = words(code).into_iter().map(|Word { folded, .. }| folded).collect();
        for part in &parts {
            self.add(doc, CODE, part);
        }
        if parts.len() > 1 {
            self.add(doc, CODE, &parts.concat());
        }
    }

    /// Takes a barcode as given and with 14 digits, since one item is scanned as 12 or 13 of them.
    fn gtin(&mut self, doc: u32, gtin: &str) {
        self.code(doc, gtin);
        if let Ok(gtin) = Gtin::new(gtin) {
            self.add(doc, CODE, &gtin.to_gtin14());
        }
    }
}

/// `75l` as `75` and `l`.
fn number_and_unit(word: &str) -> Option<(&str, &str)> {
    let (number, unit) = word.split_at_checked(word.bytes().take_while(u8::is_ascii_digit).count())?;
    (!number.is_empty() && UNITS.contains(&unit)).then_some((number, unit))
}
