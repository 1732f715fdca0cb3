//! From a question to an answer.
//!
//! Each word of the query becomes a [`Slot`]: all that the dictionary offers for it. Products that have every slot are
//! found (`gather`), then put in order and counted (`rank`). Where nothing is found, help is looked for in this order:
//! another keyboard layout, slips in words that nobody knows, slips in any word, fewer words.

mod corrected;
mod facets;
mod gather;
mod rank;
mod relax;
mod slots;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::Index;
use crate::fold::{Word, compact, words};
use crate::layout::other_layouts;
use crate::num::small;
use crate::query::{Answer, Mark, Query};
use crate::text::has_digit;
use gather::{Found, gather};
use slots::{Slot, Spelling};

pub use facets::segments;

/// Words of a query that are looked at.
pub(crate) const MOST_WORDS: usize = 24;

/// What matches, before filters.
#[derive(Default)]
struct Matched {
    found: Vec<Found>,
    marks: Vec<Mark>,
    /// How much the words of the query say, as [`Index::title_weight`] says it of titles.
    weight: u32,
    corrected: Option<String>,
    relaxations: Vec<(String, Vec<Found>)>,
}

impl Matched {
    /// So many products, of which none fits better than another.
    fn alike(count: usize, doc: &dyn Fn(usize) -> u32) -> Self {
        let mut found = Vec::with_capacity(count);
        for number in 0..count {
            found.push(Found { doc: doc(number), score: 0 });
        }
        Self { found, ..Self::default() }
    }

    /// What has all of these slots.
    fn of(index: &Index, slots: &[Slot], found: Vec<Found>) -> Self {
        Self { found, marks: marks(slots), weight: gather::weight(index, slots), ..Self::default() }
    }
}

impl Index {
    /// Answers a query. It never fails: what makes no sense finds nothing.
    ///
    /// Order: how well the words match, in coarse steps; then the nearest of the shops in [`Query::near`] that has it;
    /// then the first of several with the very same title; then popularity; then how well the words match in fine steps; then the order of the index, which is by category,
    /// brand and title. `docs/adr/0005` has the numbers.
    #[must_use]
    pub fn search(&self, query: &Query<'_>) -> Answer {
        let matched = self.matched(query);
        rank::answer(self, query, matched)
    }

    fn matched(&self, query: &Query<'_>) -> Matched {
        let text = query.words.trim();
        let mut matched = if text.is_empty() {
            Matched::alike(self.len(), &small)
        } else if let Some(docs) = self.by_code(text) {
            Matched::alike(docs.len(), &|number| docs.get(number).copied().unwrap_or(u32::MAX))
        } else {
            self.by_words(text, query.verbatim)
        };
        if let Some(gtin) = query.gtin {
            let same = self.with_barcode(gtin);
            gather::keep(&mut matched.found, &mut |found| same.contains(&found.doc));
        }
        matched
    }

    /// Who scans a label or types its code wants that product and no similar one.
    fn by_code(&self, text: &str) -> Option<Vec<u32>> {
        if let Some(doc) = self.doc(text) {
            return Some(vec![doc]);
        }
        let digits = text.len() >= 8 && text.len() <= 14 && text.as_bytes().iter().all(u8::is_ascii_digit);
        if digits {
            let same = self.with_barcode(text);
            if !same.is_empty() {
                return Some(same);
            }
        }
        let code = compact(text);
        // One word with a digit, dashes and the like aside; a code of words alone is found as words.
        let one = !text.chars().any(char::is_whitespace) && has_digit(&code) && code.len() >= 3;
        if !one || self.exactly(&code).is_some() {
            return None;
        }
        let same = self.with_code(&code, true);
        (!same.is_empty()).then_some(same)
    }

    fn by_words(&self, text: &str, verbatim: bool) -> Matched {
        let asked = asked(text);
        let mut slots = self.slots(&asked);
        let found = gather(self, &slots, &[]);
        if !found.is_empty() || asked.is_empty() {
            return Matched::of(self, &slots, found);
        }
        if verbatim {
            return Matched { relaxations: relax::fewer_words(self, text, &asked, &slots), ..Matched::default() };
        }
        if slots.iter().any(Slot::is_empty)
            && let Some(matched) = self.in_other_layout(text)
        {
            return matched;
        }
        for any in [false, true] {
            let mut changed = false;
            for (at, slot) in slots.iter_mut().enumerate() {
                if !slot.guessed && (any || slot.is_empty()) {
                    changed |= self.guess(&asked, at, slot);
                }
            }
            if changed {
                let found = gather(self, &slots, &[]);
                if !found.is_empty() {
                    let corrected = Some(corrected::corrected(self, text, &asked, &slots, &found));
                    return Matched { corrected, ..Matched::of(self, &slots, found) };
                }
            }
        }
        let mut relaxations = relax::fewer_words(self, text, &asked, &slots);
        if relaxations.is_empty() {
            return Matched::default();
        }
        let (words, found) = relaxations.remove(0);
        Matched { corrected: Some(words), relaxations, ..Matched::of(self, &slots, found) }
    }

    fn in_other_layout(&self, text: &str) -> Option<Matched> {
        for meant in other_layouts(text) {
            let words = asked(&meant);
            // Nearly always it was not meant so, and that is quickly seen.
            let known = |word: &Word| {
                word.folded.as_bytes().iter().all(u8::is_ascii_digit) || !self.beginning(&word.folded).is_empty()
            };
            if !words.iter().all(known) {
                continue;
            }
            let slots = self.slots(&words);
            let found = gather(self, &slots, &[]);
            if !found.is_empty() {
                return Some(Matched { corrected: Some(meant), ..Matched::of(self, &slots, found) });
            }
        }
        None
    }
}

fn asked(text: &str) -> Vec<Word> {
    let mut asked = words(text);
    asked.truncate(MOST_WORDS);
    asked
}

fn marks(slots: &[Slot]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for slot in slots {
        for spelling in &slot.spellings {
            let terms = match spelling {
                Spelling::Beginning { terms, asked } => {
                    marks.push(Mark { terms: terms.clone(), beginning: Some(*asked) });
                    continue;
                }
                Spelling::Word { term, .. } => core::slice::from_ref(term),
                Spelling::Several { terms, .. } => terms.as_slice(),
                Spelling::Products { .. } => continue,
            };
            for term in terms {
                marks.push(Mark { terms: *term..*term + 1, beginning: None });
            }
        }
    }
    marks
}
