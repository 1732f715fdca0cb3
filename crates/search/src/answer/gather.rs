//! Products that have every word.

use alloc::vec;
use alloc::vec::Vec;

use super::slots::{GUESS, Slot, Spelling, beginning};
use crate::Index;
use crate::index::{Field, Posting, rarity};
use crate::num::{at, small};
use crate::order::best;

/// A product that has every word, and how well: the sums over the words of what [`points`] gives each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) doc: u32,
    pub(super) score: u32,
}

/// Below this the score says how early in the title the words stand, at most 63 for each of 24; above, how well they match.
const EARLY: u32 = 1 << 11;

impl Found {
    /// The sum of quality times field, at most 1,000 for each word.
    pub(super) fn quality(self) -> u32 {
        self.score / EARLY
    }

    /// The sum of how early they stand, at most 63 for each word.
    pub(super) fn early(self) -> u32 {
        self.score % EARLY
    }
}

/// What a word adds to a score.
fn spread(points: u16) -> u32 {
    u32::from(points / STEP) * EARLY + u32::from(points % STEP)
}

/// Points of a word are counted in steps of so many; below is room for the place in the title.
const STEP: u16 = 64;

/// What one word brings a product: the quality of the spelling times the weight of the field, and a little more the
/// earlier in the title it stands. At most 1,000 steps.
pub(super) fn points(quality: u16, posting: Posting) -> u16 {
    let weight = match posting.field() {
        // A guess must be seen to be understood, and descriptions are not seen in a list.
        Field::Description if quality <= GUESS => 0,
        Field::Title => 10,
        Field::Brand => 9,
        Field::Kind => 7,
        Field::Description => 3,
    };
    let early = u16::try_from(Posting::LAST_PLACE - posting.place()).unwrap_or_default();
    quality * weight * STEP + early
}

/// All products that have every slot but those in `without`, in their order.
pub(super) fn gather(index: &Index, slots: &[Slot], without: &[usize]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut wanted: Vec<&Slot> = Vec::new();
    for (number, slot) in slots.iter().enumerate() {
        if !without.contains(&number) {
            if slot.is_empty() {
                return found;
            }
            wanted.push(slot);
        }
    }
    if wanted.is_empty() {
        return found;
    }
    // The rarest word first: after it only few products are left to look at.
    let cheap = |number: usize| wanted.get(number).map_or(0, |slot| u32::MAX - small(cost(index, slot)));
    let order = best(wanted.len(), wanted.len(), &cheap);
    let mut best = vec![0u16; index.len()];
    let mut first = true;
    for number in order {
        let Some(slot) = wanted.get(number) else { continue };
        if !first && found.len() * lookups(slot) * 8 < cost(index, slot) {
            keep(&mut found, &mut |found| {
                let points = points_of(index, slot, found.doc);
                found.score += spread(points);
                points > 0
            });
        } else {
            best.fill(0);
            fill(index, slot, &mut best);
            if first {
                // Exactly as many as there are: on a phone, memory that was once taken is never given back.
                let mut count = 0;
                for points in &best {
                    count += usize::from(*points > 0);
                }
                found.reserve_exact(count);
                for (doc, points) in best.iter().enumerate() {
                    if *points > 0 {
                        found.push(Found { doc: small(doc), score: spread(*points) });
                    }
                }
            } else {
                keep(&mut found, &mut |found| {
                    let points = best.get(at(found.doc)).copied().unwrap_or_default();
                    found.score += spread(points);
                    points > 0
                });
            }
        }
        first = false;
        if found.is_empty() {
            break;
        }
    }
    found
}

/// Keeps those of which this holds, in their order.
pub(super) fn keep(all: &mut Vec<Found>, holds: &mut dyn FnMut(&mut Found) -> bool) {
    let mut kept = 0;
    for at in 0..all.len() {
        let Some(mut one) = all.get(at).copied() else { break };
        if holds(&mut one)
            && let Some(place) = all.get_mut(kept)
        {
            *place = one;
            kept += 1;
        }
    }
    all.truncate(kept);
}

/// How many postings a slot has at most, some more for looking each of its words up.
fn cost(index: &Index, slot: &Slot) -> usize {
    let mut cost = 0;
    for spelling in &slot.spellings {
        cost += match spelling {
            Spelling::Word { term, .. } => index.postings(*term).len(),
            Spelling::Beginning { terms, .. } => {
                let mut all = terms.len();
                for term in terms.clone() {
                    all += index.postings(term).len();
                }
                all
            }
            Spelling::Several { terms, .. } => rarest(index, terms).len(),
            Spelling::Products { docs, .. } => docs.len(),
        };
    }
    cost
}

/// The fewest postings that one of these has.
fn rarest<'a>(index: &'a Index, terms: &[u32]) -> &'a [Posting] {
    let mut rarest: Option<&[Posting]> = None;
    for term in terms {
        let postings = index.postings(*term);
        if rarest.is_none_or(|rarest| postings.len() < rarest.len()) {
            rarest = Some(postings);
        }
    }
    rarest.unwrap_or_default()
}

/// How much the words of a query say together, the commonest reading of each.
pub(super) fn weight(index: &Index, slots: &[Slot]) -> u32 {
    let mut weight = 0;
    for slot in slots {
        let rarity = rarity(cost(index, slot), index.len());
        weight += rarity * rarity;
    }
    weight / 16
}

/// How many words have to be looked up to answer for one product.
fn lookups(slot: &Slot) -> usize {
    let mut lookups = 0;
    for spelling in &slot.spellings {
        lookups += match spelling {
            Spelling::Word { .. } | Spelling::Products { .. } => 1,
            Spelling::Beginning { terms, .. } => terms.len(),
            Spelling::Several { terms, .. } => terms.len() + 2,
        };
    }
    lookups
}

/// Notes for each product the best that any spelling gives it.
fn fill(index: &Index, slot: &Slot, best: &mut [u16]) {
    let mut note = |doc: u32, points: u16| {
        if let Some(best) = best.get_mut(at(doc)) {
            *best = points.max(*best);
        }
    };
    for spelling in &slot.spellings {
        match spelling {
            Spelling::Word { term, quality } => {
                for posting in index.postings(*term) {
                    note(posting.doc(), points(*quality, *posting));
                }
            }
            Spelling::Beginning { terms, asked } => {
                for term in terms.clone() {
                    let quality = beginning(*asked, index.term_len(term));
                    for posting in index.postings(term) {
                        note(posting.doc(), points(quality, *posting));
                    }
                }
            }
            Spelling::Several { terms, quality, beside } => {
                for posting in rarest(index, terms) {
                    let points = several(index, terms, *quality, *beside, posting.doc());
                    if points > 0 {
                        note(posting.doc(), points);
                    }
                }
            }
            Spelling::Products { docs, quality } => {
                for doc in docs {
                    note(*doc, *quality * 10 * STEP);
                }
            }
        }
    }
}

/// What a slot gives one product, without looking at the others.
fn points_of(index: &Index, slot: &Slot, doc: u32) -> u16 {
    let mut best = 0;
    for spelling in &slot.spellings {
        match spelling {
            Spelling::Word { term, quality } => {
                if let Some(posting) = posting(index, *term, doc) {
                    best = best.max(points(*quality, posting));
                }
            }
            Spelling::Beginning { terms, asked } => {
                for term in terms.clone() {
                    if let Some(posting) = posting(index, term, doc) {
                        best = best.max(points(beginning(*asked, index.term_len(term)), posting));
                    }
                }
            }
            Spelling::Several { terms, quality, beside } => {
                best = best.max(several(index, terms, *quality, *beside, doc));
            }
            Spelling::Products { docs, quality } => {
                if docs.binary_search(&doc).is_ok() {
                    best = best.max(*quality * 10 * STEP);
                }
            }
        }
    }
    best
}

fn posting(index: &Index, term: u32, doc: u32) -> Option<Posting> {
    let postings = index.postings(term);
    let place = postings.binary_search_by_key(&doc, |posting| posting.doc()).ok()?;
    postings.get(place).copied()
}

/// What words give a product that must have all of them: as much as the weakest.
fn several(index: &Index, terms: &[u32], quality: u16, beside: bool, doc: u32) -> u16 {
    let mut least = u16::MAX;
    for term in terms {
        match posting(index, *term, doc) {
            Some(posting) => least = least.min(points(quality, posting)),
            None => return 0,
        }
    }
    if beside && !index.follow_each_other(doc, terms) { 0 } else { least }
}
