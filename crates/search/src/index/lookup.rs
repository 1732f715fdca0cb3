//! From a word of the query to words of the dictionary.

use std::ops::Range;

use domain::gtin::Gtin;

use super::build::Posting;
use super::{Candidate, Index, PREFIX, PREFIX_COVERED, SLIP_IN_PREFIX, SLIPS, both, is_word, letters, slips_allowed};
use crate::typo::distance;

/// Halves shorter than this are hardly words.
const SHORTEST_HALF: usize = 3;
/// An unfinished word is guessed from this many letters on.
const SHORTEST_GUESSED_PREFIX: usize = 5;

impl Index {
    pub(super) fn postings(&self, term: usize) -> &[Posting] {
        let end = self.ends.get(term).copied().unwrap_or(0);
        let start = term.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.postings.get(start..end).unwrap_or(&[])
    }

    /// The word itself and, where it may be unfinished, the words that begin with it.
    pub(super) fn spelt(&self, word: &str, prefix: bool, quality: f32) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = self.exact(word).into_iter().map(|term| Candidate { term, quality }).collect();
        // A barcode of 12 digits and the same with a zero before it are one item.
        if let Some(term) = Gtin::new(word).ok().and_then(|gtin| self.exact(&gtin.to_gtin14())) {
            found.push(Candidate { term, quality });
        }
        if prefix {
            found.extend(self.beginning_with(word).filter(|term| self.term(*term) != word).map(|term| {
                let covered = share(word.len(), self.term(term).len());
                Candidate { term, quality: quality * (PREFIX + PREFIX_COVERED * covered) }
            }));
        }
        found
    }

    /// Pairs of dictionary words that make up the word and stand together in some product.
    pub(super) fn halves(&self, word: &str) -> Vec<(usize, usize)> {
        if !is_word(word) {
            return Vec::new();
        }
        let letters = word.chars().count();
        word.char_indices()
            .map(|(at, _)| at)
            .take((letters + 1).saturating_sub(SHORTEST_HALF))
            .skip(SHORTEST_HALF)
            .filter_map(|at| {
                let (first, second) = word.split_at_checked(at)?;
                Some((self.exact(first)?, self.exact(second)?))
            })
            .filter(|(first, second)| both(self.postings(*first), self.postings(*second)).next().is_some())
            .collect()
    }

    /// The dictionary words that somebody may have meant.
    pub(super) fn guess(&self, word: &str, prefix: bool) -> Vec<Candidate> {
        let asked: Vec<char> = word.chars().collect();
        let max = slips_allowed(asked.len());
        if max == 0 || !is_word(word) {
            return Vec::new();
        }
        let whole = self.near(word, &asked, max, false);
        if whole.is_empty() && prefix && asked.len() >= SHORTEST_GUESSED_PREFIX {
            self.near(word, &asked, max, true)
        } else {
            whole
        }
    }

    fn near(&self, word: &str, asked: &[char], max: usize, prefix: bool) -> Vec<Candidate> {
        let has = letters(word);
        let few = |bits: u32| usize::try_from(bits.count_ones()).is_ok_and(|count| count <= max);
        let mut chars = Vec::new();
        (self.shapes.iter().enumerate())
            .filter(|(_, (_, len))| *len > 0 && asked.len() <= len + max && (prefix || *len <= asked.len() + max))
            .filter(|(_, (letters, _))| few(has & !letters) && (prefix || few(letters & !has)))
            .filter_map(|(term, _)| {
                chars.clear();
                chars.extend(self.term(term).chars());
                let slips = distance(asked, &chars, max, prefix)?;
                let quality = SLIPS.get(slips)? * if prefix { SLIP_IN_PREFIX } else { 1.0 };
                Some(Candidate { term, quality })
            })
            .collect()
    }

    fn term(&self, term: usize) -> &str {
        self.terms.get(term).map_or("", |text| text)
    }

    fn exact(&self, word: &str) -> Option<usize> {
        self.terms.binary_search_by(|term| (**term).cmp(word)).ok()
    }

    fn beginning_with(&self, prefix: &str) -> Range<usize> {
        let start = self.terms.partition_point(|term| &**term < prefix);
        let rest = self.terms.get(start..).unwrap_or(&[]);
        start..start + rest.partition_point(|term| term.starts_with(prefix))
    }
}

/// How much of a word is typed already, 0 to 1.
fn share(part: usize, whole: usize) -> f32 {
    let small = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
    small(part) / small(whole).max(1.0)
}
