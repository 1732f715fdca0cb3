//! What was searched instead of what was typed.

use super::gather::Found;
use super::slots::{Slot, Spelling};
use crate::Index;
use crate::fold::Word;

/// The query with each guessed word put right: the nearest one that most of what was found has.
pub(super) fn corrected(index: &Index, text: &str, asked: &[Word], slots: &[Slot], found: &[Found]) -> String {
    let has = |doc: u32| found.binary_search_by_key(&doc, |found| found.doc).is_ok();
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
                    match terms.clone().find(|t| index.postings(*t).iter().any(|p| has(p.doc()))) {
                        Some(_) => {
                            best = None;
                            break;
                        }
                        None => continue,
                    }
                }
                Spelling::Several { .. } | Spelling::Products { .. } => continue,
            };
            let hits = index.postings(term).iter().filter(|posting| has(posting.doc())).count();
            let better =
                best.is_none_or(|(q, h, t)| (quality, hits, std::cmp::Reverse(term)) > (q, h, std::cmp::Reverse(t)));
            if hits > 0 && better {
                best = Some((quality, hits, term));
            }
        }
        if let Some((_, _, term)) = best {
            corrected.replace_range(word.range.clone(), &index.term(term));
        }
    }
    corrected
}
