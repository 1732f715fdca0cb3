//! What to offer where nothing has all the words: fewer of them.

use alloc::string::String;
use alloc::vec::Vec;

use super::gather::{Found, gather};
use super::slots::Slot;
use crate::Index;
use crate::fold::Word;
use crate::num::small;
use crate::order::best;
use crate::text::join;

/// Offers, at most.
const MOST: usize = 3;
/// Queries of more words than this are not taken apart.
const LONGEST: usize = 8;

/// The ways to leave out as few words as possible, best first: those that keep the rarer words, for they say more. Each as
/// the words that stay, as they were typed, and what has them.
pub(super) fn fewer_words(index: &Index, text: &str, asked: &[Word], slots: &[Slot]) -> Vec<(String, Vec<Found>)> {
    let (mut unknown, mut known) = (Vec::new(), Vec::new());
    for (at, slot) in slots.iter().enumerate() {
        if slot.is_empty() { &mut unknown } else { &mut known }.push(at);
    }
    if slots.len() < 2 || slots.len() > LONGEST || known.is_empty() {
        return Vec::new();
    }
    for left_out in 0..known.len() {
        let mut offers: Vec<(String, Vec<Found>)> = Vec::new();
        for mut without in choices(&known, left_out) {
            without.extend_from_slice(&unknown);
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
            let few = |offer: usize| offers.get(offer).map_or(0, |(_, found)| u32::MAX - small(found.len()));
            let mut chosen = Vec::new();
            for offer in best(offers.len(), MOST, &few) {
                chosen.extend(offers.get_mut(offer).map(core::mem::take));
            }
            return chosen;
        }
    }
    Vec::new()
}

/// All ways to choose so many of these.
fn choices(from: &[usize], count: usize) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    choose(from, count, &[], &mut all);
    all
}

fn choose(from: &[usize], count: usize, chosen: &[usize], all: &mut Vec<Vec<usize>>) {
    if count == 0 {
        all.push(chosen.to_vec());
    } else if let Some((first, rest)) = from.split_first() {
        let mut with = chosen.to_vec();
        with.push(*first);
        choose(rest, count - 1, &with, all);
        choose(rest, count, chosen, all);
    }
}

fn words_without(text: &str, asked: &[Word], without: &[usize]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for (number, word) in asked.iter().enumerate() {
        let word = text.get(word.range.clone()).unwrap_or_default();
        // One character can make two words.
        if !without.contains(&number) && words.last() != Some(&word) {
            words.push(word);
        }
    }
    join(&words, " ")
}
