//! What was searched instead of what was typed.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::gather::Found;
use super::slots::{Slot, Spelling};
use crate::Index;
use crate::fold::Word;
use crate::text::concat;

/// The query with each guessed word put right: the nearest one that most of what was found has.
pub(super) fn corrected(index: &Index, text: &str, asked: &[Word], slots: &[Slot], found: &[Found]) -> String {
    // How many of the found products have a word.
    let hits = |term: u32| {
        let mut hits = 0;
        for posting in index.postings(term) {
            hits += usize::from(found.binary_search_by_key(&posting.doc(), |found| found.doc).is_ok());
        }
        hits
    };
    let mut corrected = text.to_owned();
    // From behind, so that the ranges before stay right. One character can make two words; the first is then left.
    let mut free = text.len();
    for (word, slot) in asked.iter().zip(slots).rev() {
        if !slot.guessed || word.range.end > free {
            continue;
        }
        free = word.range.start;
        let mut best: Option<(u16, usize, u32)> = None;
        for spelling in &slot.spellings {
            let (term, quality) = match spelling {
                Spelling::Word { term, quality } => (*term, *quality),
                // What was typed is right after all.
                Spelling::Beginning { terms, .. } => {
                    if terms.clone().any(|term| hits(term) > 0) {
                        best = None;
                        break;
                    }
                    continue;
                }
                Spelling::Several { .. } | Spelling::Products { .. } => continue,
            };
            let hits = hits(term);
            let better =
                best.is_none_or(|(q, h, t)| quality > q || quality == q && (hits > h || hits == h && term < t));
            if hits > 0 && better {
                best = Some((quality, hits, term));
            }
        }
        if let Some((_, _, term)) = best {
            let before = corrected.get(..word.range.start).unwrap_or_default();
            let behind = corrected.get(word.range.end..).unwrap_or_default();
            corrected = concat(&[before, &index.term(term), behind]);
        }
    }
    corrected
}
