//! Which products match a query, best first.
//!
//! A sorted dictionary of words, each with the products that have it. Exact words and beginnings are found by binary
//! search; slips by one pass over the dictionary, and only for a word that is found in no other way.

use std::collections::HashMap;
use std::ops::Range;

use crate::fold::{Word, words};
use crate::typo::{letters, slips_allowed};

mod build;
mod lookup;

use build::Posting;

/// What is known of one product, as text. Fields that it does not have are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it all
pub struct Document {
    pub title: String,
    pub brand: String,
    pub category: String,
    pub color: String,
    pub size: String,
    pub sku: String,
    pub gtin: String,
    pub mpn: String,
    pub description: String,
}

/// A product that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which one: its position among the documents that the index was built of.
    pub doc: u32,
    /// How well it matches; comparable within one answer only.
    pub score: f32,
}

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// All products that match, best first; equal ones in the order in which they were given.
    pub hits: Vec<Hit>,
    /// The query with its misspelt words put right, where that was needed to find anything.
    pub corrected: Option<String>,
}

/// Products, ready to be searched.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// The dictionary, in order.
    terms: Vec<Box<str>>,
    /// For each term its letters as bits and their number; 0 letters for what is no word of letters alone.
    shapes: Vec<(u32, usize)>,
    /// For each term where its postings end; they begin where those of the term before end.
    ends: Vec<usize>,
    postings: Vec<Posting>,
    /// For each document a little more for a shorter title, so that "USB cable" comes before a bag with one in it.
    bonus: Vec<f32>,
}

/// A dictionary word that answers a word of the query, and how well: 1 is the word itself.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    term: usize,
    quality: f32,
}

const EXACT: f32 = 1.0;
/// "ear buds" for "earbuds" and the other way round.
const JOINED: f32 = 0.9;
/// A beginning counts from this, up to nearly as much again as it is of the whole word.
const PREFIX: f32 = 0.6;
const PREFIX_COVERED: f32 = 0.2;
/// One slip, two slips.
const SLIPS: [f32; 3] = [EXACT, 0.5, 0.3];
/// A slip in a word that is not finished yet.
const SLIP_IN_PREFIX: f32 = 0.8;

/// What the dictionary has for one word of the query.
#[derive(Debug, Default)]
struct Found {
    candidates: Vec<Candidate>,
    /// Two words that together are the one asked for; a product needs both.
    pairs: Vec<(usize, usize)>,
    /// Whether the candidates are guesses.
    guessed: bool,
}

impl Index {
    /// Reads the products once; the position of each is its number in the answers.
    #[must_use]
    pub fn build(documents: impl IntoIterator<Item = Document>) -> Index {
        build::build(documents)
    }

    /// The products that have every word of the query; its last word may be unfinished.
    ///
    /// A word of four letters or more that no product has, whole or as that beginning, is taken for a slip: one of
    /// them, or two from eight letters on. Words with digits are never guessed, for "4070" is not "4080".
    #[must_use]
    pub fn search(&self, query: &str) -> Answer {
        let asked = words(query);
        let mut scores = vec![0.0_f32; self.bonus.len()];
        let mut guesses: Vec<(Range<usize>, Vec<Candidate>)> = Vec::new();
        for (at, word) in asked.iter().enumerate() {
            let found = self.find(&asked, at);
            let mut these = vec![0.0_f32; self.bonus.len()];
            self.score(&found, &mut these);
            let mut any = false;
            for (score, this) in scores.iter_mut().zip(&these) {
                let still = *this > 0.0 && (at == 0 || *score > 0.0);
                *score = if still { *score + this } else { 0.0 };
                any |= still;
            }
            if !any {
                return Answer::default();
            }
            if found.guessed {
                guesses.push((word.range.clone(), found.candidates));
            }
        }
        let corrected = self.corrected(query, guesses, &scores);
        Answer { hits: self.hits(&scores), corrected }
    }

    /// The dictionary words for the word at `at`.
    fn find(&self, asked: &[Word], at: usize) -> Found {
        let Some(word) = asked.get(at) else { return Found::default() };
        let last = at + 1 == asked.len();
        let mut candidates = self.spelt(&word.folded, last, EXACT);
        for pair in [at.checked_sub(1), Some(at)].into_iter().flatten() {
            if let Some([first, second]) = asked.get(pair..pair + 2)
                && is_word(&first.folded)
                && is_word(&second.folded)
            {
                let joined = format!("{}{}", first.folded, second.folded);
                candidates.extend(self.spelt(&joined, pair + 2 == asked.len(), JOINED));
            }
        }
        let pairs = self.halves(&word.folded);
        let guessed = candidates.is_empty() && pairs.is_empty();
        if guessed {
            candidates = self.guess(&word.folded, last);
        }
        Found { candidates, pairs, guessed }
    }

    /// Adds to each document the best that any candidate gives it.
    fn score(&self, found: &Found, scores: &mut [f32]) {
        let mut best = |doc: u32, score: f32| {
            if let Some(known) = usize::try_from(doc).ok().and_then(|doc| scores.get_mut(doc)) {
                *known = known.max(score);
            }
        };
        for candidate in &found.candidates {
            for posting in self.postings(candidate.term) {
                best(posting.doc, candidate.quality * posting.weight());
            }
        }
        for (first, second) in &found.pairs {
            for (a, b) in both(self.postings(*first), self.postings(*second)) {
                best(a.doc, JOINED * a.weight().min(b.weight()));
            }
        }
    }

    fn hits(&self, scores: &[f32]) -> Vec<Hit> {
        let mut hits: Vec<Hit> = (0u32..)
            .zip(scores.iter().zip(&self.bonus))
            .filter(|(_, (score, _))| **score > 0.0)
            .map(|(doc, (score, bonus))| Hit { doc, score: score + bonus })
            .collect();
        hits.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.doc.cmp(&b.doc)));
        hits
    }

    /// Puts in place of each guessed word the nearest dictionary word that most of the hits have.
    fn corrected(&self, query: &str, guesses: Vec<(Range<usize>, Vec<Candidate>)>, scores: &[f32]) -> Option<String> {
        let mut corrected = (!guesses.is_empty()).then(|| query.to_owned())?;
        let hit = |doc: u32| usize::try_from(doc).ok().and_then(|doc| scores.get(doc)).is_some_and(|s| *s > 0.0);
        // From behind, so that the ranges before stay right. One character can make two words; the first is then left.
        let mut free = query.len();
        for (range, candidates) in guesses.into_iter().rev() {
            if range.end > free {
                continue;
            }
            free = range.start;
            let best = candidates
                .into_iter()
                .map(|c| (c.quality, self.postings(c.term).iter().filter(|p| hit(p.doc)).count(), c.term))
                .filter(|(_, hits, _)| *hits > 0)
                .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(b.2.cmp(&a.2)))?;
            corrected.replace_range(range, self.terms.get(best.2)?);
        }
        Some(corrected)
    }
}

/// Whether it is a word of letters alone; numbers and codes are never joined, split or guessed.
fn is_word(folded: &str) -> bool {
    folded.chars().all(char::is_alphabetic)
}

/// The postings of two terms that are of the same document.
fn both<'a>(a: &'a [Posting], b: &'a [Posting]) -> impl Iterator<Item = (&'a Posting, &'a Posting)> {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    few.iter().filter_map(|one| {
        let at = many.binary_search_by_key(&one.doc, |other| other.doc).ok()?;
        Some((one, many.get(at)?))
    })
}
