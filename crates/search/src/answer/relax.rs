//! What to offer where nothing has all the words: fewer of them.

use super::gather::{Found, gather};
use super::slots::Slot;
use crate::Index;
use crate::fold::Word;
use crate::num::{at, small};
use crate::order::{Ranked, best};

/// Offers, at most.
const MOST: usize = 3;
/// Queries of more words than this are not taken apart.
const LONGEST: usize = 8;

/// The ways to leave out as few words as possible, best first: those that keep the rarer words, for they say more. Each as
/// the words that stay, as they were typed, and what has them.
pub(super) fn fewer_words(index: &Index, text: &str, asked: &[Word], slots: &[Slot]) -> Vec<(String, Vec<Found>)> {
    let unknown: Vec<usize> = slots.iter().enumerate().filter(|(_, slot)| slot.is_empty()).map(|(at, _)| at).collect();
    let known: Vec<usize> = (0..slots.len()).filter(|at| !unknown.contains(at)).collect();
    if slots.len() < 2 || slots.len() > LONGEST || known.is_empty() {
        return Vec::new();
    }
    for left_out in 0..known.len() {
        let mut offers: Vec<(String, Vec<Found>)> = Vec::new();
        for more in choices(&known, left_out) {
            let without = [unknown.as_slice(), &more].concat();
            if without.is_empty() {
                continue;
            }
            let found = gather(index, slots, &without);
            let words = words_without(text, asked, &without);
            if !found.is_empty() && offers.iter().all(|(known, _)| *known != words) {
                offers.push((words, found));
            }
        }
        if !offers.is_empty() {
            // The fewest first: rare words say more.
            let fewest = |found: &[Found]| u64::from(u32::MAX - small(found.len()));
            let mut ranked = (0u32..).zip(&offers).map(|(number, (_, found))| Ranked::new(fewest(found), number));
            let chosen = best(&mut ranked, MOST);
            return chosen.into_iter().filter_map(|ranked| offers.get(at(ranked.number())).cloned()).collect();
        }
    }
    Vec::new()
}

/// All ways to choose so many of these.
fn choices(from: &[usize], count: usize) -> Vec<Vec<usize>> {
    match (count, from.split_first()) {
        (0, _) => vec![Vec::new()],
        (_, None) => Vec::new(),
        (_, Some((first, rest))) => {
            let with = choices(rest, count - 1).into_iter().map(|chosen| [&[*first], chosen.as_slice()].concat());
            with.chain(choices(rest, count)).collect()
        }
    }
}

fn words_without(text: &str, asked: &[Word], without: &[usize]) -> String {
    let kept = asked.iter().enumerate().filter(|(at, _)| !without.contains(at));
    let mut words: Vec<&str> = kept.filter_map(|(_, word)| text.get(word.range.clone())).collect();
    words.dedup();
    words.join(" ")
}
