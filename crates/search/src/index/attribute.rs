//! What many products share: brand, category, colour, size, currency.

use alloc::vec::Vec;
use core::ops::Range;

use crate::file::Damaged;
use crate::file::columns::{Numbers, Texts, read_lists};
use crate::num::at;

/// The values, and which product has which.
#[derive(Debug, Default)]
pub(super) struct Attribute {
    pub(super) values: Texts,
    /// The words of each value.
    pub(super) words: Vec<Vec<u32>>,
    /// For each product the number of its value and one more; 0 for none.
    pub(super) of: Numbers,
}

impl Attribute {
    pub(super) fn open(
        file: &[u8],
        [values, words, of]: [Range<usize>; 3],
        docs: usize,
        terms: usize,
    ) -> Result<Self, Damaged> {
        let values = Texts::open(file, values, None)?;
        let words = read_lists(file.get(words).unwrap_or_default(), values.len())?;
        for words in &words {
            if words.iter().any(|term| at(*term) >= terms) {
                return Err(Damaged::Content("a word that is not in the dictionary"));
            }
        }
        let of = Numbers::open(file, of, docs)?;
        if !of.below(file, values.len() + 1) {
            return Err(Damaged::Content("a value that there is not"));
        }
        Ok(Self { values, words, of })
    }
}
