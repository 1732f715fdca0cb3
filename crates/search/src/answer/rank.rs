//! Filters, variants, order and counts.

use alloc::vec;
use alloc::vec::Vec;

use super::facets::{Facets, Filters, Misses};
use super::gather::Found;
use super::{MOST_WORDS, Matched};
use crate::Index;
use crate::num::at;
use crate::order::{Best, Ranked};
use crate::query::{Answer, Count, Hit, Query, Sort};

/// The text counts in so many steps before the shops do: of 4,000 points.
const COARSE: u32 = 500;

pub(super) fn answer(index: &Index, query: &Query<'_>, matched: Matched) -> Answer {
    let filters = Filters::of(index, query);
    let words = word_count(query, &matched);
    let mut facets = Facets::new(index);
    let mut kept = Best::of(query.offset.saturating_add(query.limit));
    let mut total = 0;
    rows(index, query, &filters, &matched.found, words, matched.weight, &mut |row, misses| {
        facets.count(row.number(), misses);
        if misses == 0 {
            total += 1;
            kept.take(row);
        }
    });
    let mut relaxations = Vec::new();
    for (name, found) in &matched.relaxations {
        let mut count = 0;
        rows(index, query, &filters, found, words, matched.weight, &mut |_, misses| count += usize::from(misses == 0));
        if count > 0 {
            relaxations.push(Count { name: name.clone(), count });
        }
    }
    let mut hits = Vec::new();
    // No more were kept than offset and limit together.
    for row in kept.in_order().get(query.offset..).unwrap_or_default() {
        hits.push(Hit { doc: row.number() });
    }
    Answer {
        hits,
        total,
        categories: facets.categories(query.category),
        brands: facets.brands(),
        prices: facets.prices(),
        corrected: matched.corrected,
        relaxations,
        marks: matched.marks,
    }
}

fn word_count(query: &Query<'_>, matched: &Matched) -> u32 {
    let words = matched.corrected.as_deref().unwrap_or(query.words);
    let count = crate::fold::words(words).len().clamp(1, MOST_WORDS);
    u32::try_from(count).unwrap_or(1)
}

/// Tells of every row and which filters it misses: of a group of variants the best of those that miss the fewest.
fn rows(
    index: &Index,
    query: &Query<'_>,
    filters: &Filters<'_>,
    found: &[Found],
    words: u32,
    weight: u32,
    told: &mut dyn FnMut(Ranked, Misses),
) {
    let mut groups: Vec<Option<(Misses, Ranked)>> = vec![None; index.groups()];
    for found in found {
        let misses = filters.misses(found.doc);
        let ranked = Ranked::new(key(index, query, *found, words, weight), found.doc);
        match groups.get_mut(index.group(at(found.doc))) {
            Some(best) if index.group(at(found.doc)) > 0 => {
                let fewer = |known: &(Misses, Ranked)| {
                    let (fewer, more) = (misses.count_ones(), known.0.count_ones());
                    fewer < more || fewer == more && ranked > known.1
                };
                if best.as_ref().is_none_or(fewer) {
                    *best = Some((misses, ranked));
                }
            }
            _ => told(ranked, misses),
        }
    }
    for (misses, ranked) in groups.iter().flatten() {
        told(*ranked, *misses);
    }
}

/// What the order goes by, the weightiest in the highest bits: text in coarse steps, the nearest shop that has it (6 bits),
/// whether it is the first of its title (1), popularity (8), text in fine steps (16).
///
/// Text is three parts how well the words match and one part how much of the title was asked for, each word counted by the
/// square of its rarity (Salton's cosine measure): who looks for one product names what sets it apart, so of the titles that
/// match, that one is likelier whose other words say little.
fn key(index: &Index, query: &Query<'_>, found: Found, words: u32, weight: u32) -> u64 {
    let doc = at(found.doc);
    match query.sort {
        Sort::Relevance => {}
        Sort::PriceAscending => return u64::MAX - index.price(doc).unwrap_or(u64::MAX - 1),
        Sort::PriceDescending => return index.price(doc).map_or(0, |price| price + 1),
    }
    // 0 to 1,000: the mean over the words of quality times field.
    let quality = found.quality() / words;
    // 0 to 1,000: how much of what the title says was asked for.
    let title = index.title_weight(doc).max(1);
    let coverage = (1_000 * weight.min(title) / title).min(1_000);
    let coarse = u64::from((quality * 3 + coverage) / COARSE);
    // 63 for the first shop, 2 for the 62nd, which is the last that counts.
    let (mut near, mut next) = (0u64, 63);
    for set in query.near {
        if next > 1 && set.contains(found.doc) {
            near = next;
            break;
        }
        next = next.max(2) - 1;
    }
    // How early in the title the words stand.
    let early = found.early() / words;
    let fine = u64::from(coverage * 60 + early).min(0xFFFF);
    let first = u64::from(index.repeat(doc) == 0);
    coarse << 31 | near << 25 | first << 24 | index.popularity(doc).min(255) << 16 | fine
}
