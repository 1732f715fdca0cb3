//! A plain reading of what `docs/adr/0005` says, product by product and without an index, must give the same products in the
//! same order.

// The oracle may unwrap as tests may.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use search::{Document, Index, Query, StockSet, Synonyms};

const WORDS: [&str; 14] = [
    "tent", "tents", "trek", "trekking", "ear", "buds", "earbuds", "bottle", "bottles", "battle", "steel", "steal",
    "red", "rope",
];
const BRANDS: [&str; 4] = ["", "boreal", "ridge", "tarn"];

/// The ways to answer a word: words that must follow each other, and their quality; and how many places they have in all.
type Slot<'a> = (Vec<(Vec<&'a str>, u32)>, u32);

struct Oracle<'a> {
    docs: &'a [Document],
    terms: Vec<&'a str>,
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

impl<'a> Oracle<'a> {
    fn of(docs: &'a [Document]) -> Self {
        let mut terms: Vec<&str> =
            docs.iter().flat_map(|d| words(&d.title).into_iter().chain(words(&d.brand))).collect();
        terms.sort_unstable();
        terms.dedup();
        Self { docs, terms }
    }

    fn count(&self, term: &str) -> u32 {
        u32::try_from(self.docs.iter().filter(|d| has(d, term).is_some()).count()).unwrap()
    }

    fn rarity(&self, few: u32) -> u32 {
        let all = u32::try_from(self.docs.len()).unwrap();
        let ratio = (all * 8).max(8) / few.clamp(1, all.max(1));
        let whole = ratio.max(8).ilog2();
        (whole - 3) * 8 + (ratio >> (whole - 3) & 7)
    }

    /// For each word of the query all ways to answer it.
    fn slots(&self, asked: &[&str], guess: &dyn Fn(bool) -> bool) -> Vec<Slot<'a>> {
        let exact = |word: &str| self.terms.iter().copied().find(|term| *term == word);
        let beginning = |word: &'_ str| -> Vec<&'a str> {
            self.terms.iter().copied().filter(|term| term.starts_with(word)).collect()
        };
        let mut slots: Vec<Slot<'a>> = vec![(Vec::new(), 0); asked.len()];
        for (at, word) in asked.iter().enumerate() {
            let slot = &mut slots[at];
            if at + 1 == asked.len() {
                for term in beginning(word) {
                    let quality = if term == *word { 100 } else { 60 + 25 * word.len() / term.len() };
                    slot.0.push((vec![term], u32::try_from(quality).unwrap()));
                    slot.1 += self.count(term) + 1;
                }
            } else if let Some(term) = exact(word) {
                slot.0.push((vec![term], 100));
                slot.1 += self.count(term);
            }
            for cut in 2..word.len().saturating_sub(1) {
                if let (Some(one), Some(other)) = (exact(&word[..cut]), exact(&word[cut..])) {
                    slot.0.push((vec![one, other], 90));
                    slot.1 += self.count(one).min(self.count(other));
                }
            }
        }
        for at in 0..asked.len().saturating_sub(1) {
            let joined = [asked[at], asked[at + 1]].concat();
            let found = if at + 2 == asked.len() { beginning(&joined).first().copied() } else { exact(&joined) };
            for slot in &mut slots[at..at + 2] {
                if let Some(term) = found
                    && !slot.0.contains(&(vec![term], 90))
                {
                    slot.0.push((vec![term], 90));
                    slot.1 += self.count(term);
                }
            }
        }
        for (at, word) in asked.iter().enumerate() {
            let last = at + 1 == asked.len();
            if !guess(slots[at].0.is_empty()) {
                continue;
            }
            let allowed = match word.len() {
                0..=3 => 0,
                4..=7 => 1,
                _ => 2,
            };
            for term in &self.terms {
                let ends = if last { 0..=term.len() } else { term.len()..=term.len() };
                let slips = ends.map(|end| distance(word, &term[..end])).min().unwrap();
                if slips > 0 && slips <= allowed {
                    let longer = last && term.len() > word.len() + slips;
                    let quality = [100, 50, 30][slips] - if longer { 10 } else { 0 };
                    if !slots[at].0.contains(&(vec![*term], quality)) {
                        slots[at].0.push((vec![term], quality));
                        slots[at].1 += self.count(term);
                    }
                }
            }
        }
        slots
    }

    fn ranked(&self, asked: &[&str], near: &[StockSet], guess: &dyn Fn(bool) -> bool) -> Vec<String> {
        let slots = self.slots(asked, guess);
        let weight = slots.iter().map(|(_, places)| self.rarity(*places).pow(2)).sum::<u32>() / 16;
        let count = u32::try_from(asked.len()).unwrap();
        let mut found = Vec::new();
        let mut before = "";
        for (number, doc) in (0u32..).zip(self.docs) {
            let first = doc.title != before || number == 0;
            before = &doc.title;
            let points: Option<Vec<(u32, u32)>> = slots.iter().map(|(ways, _)| best(doc, ways)).collect();
            let Some(points) = points else { continue };
            let quality = points.iter().map(|(quality, _)| quality).sum::<u32>() / count;
            let early = points.iter().map(|(_, early)| early).sum::<u32>() / count;
            let title: u32 =
                words(&doc.title).iter().map(|word| self.rarity(self.count(word)).pow(2)).sum::<u32>() / 16;
            let title = title.max(1);
            let coverage = (1_000 * weight.min(title) / title).min(1_000);
            let nearest = near.iter().position(|set| set.contains(number)).map_or(0, |shop| 63 - shop);
            let key = ((quality * 3 + coverage) / 500, nearest, first, doc.popularity, coverage * 60 + early);
            found.push((key, number, doc.sku.clone()));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, _, sku)| sku).collect()
    }
}

/// Where a product has a word: its weight, and how early.
fn has(doc: &Document, term: &str) -> Option<(u32, u32)> {
    let place = words(&doc.title).iter().position(|word| *word == term);
    let in_title = place.map(|place| (10, 63 - u32::try_from(place).unwrap()));
    in_title.or_else(|| words(&doc.brand).contains(&term).then_some((9, 0)))
}

/// The best way to answer a word with this product.
fn best(doc: &Document, ways: &[(Vec<&str>, u32)]) -> Option<(u32, u32)> {
    let way = |(terms, quality): &(Vec<&str>, u32)| {
        let each: Option<Vec<(u32, u32)>> = terms.iter().map(|term| has(doc, term)).collect();
        let follows = terms.len() == 1 || words(&doc.title).windows(terms.len()).any(|window| window == terms);
        each?.into_iter().map(|(weight, early)| (weight * quality, early)).min().filter(|_| follows)
    };
    ways.iter().filter_map(way).max()
}

/// Optimal string alignment, by the book.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            d[i][j] = match (i, j) {
                (i, 0) => i,
                (0, j) => j,
                (i, j) => {
                    let replaced = d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut least = replaced.min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(d[i - 2][j - 2] + 1);
                    }
                    least
                }
            };
        }
    }
    d[a.len()][b.len()]
}

fn document() -> impl Strategy<Value = Document> {
    (prop::collection::vec(prop::sample::select(&WORDS[..]), 1..6), prop::sample::select(&BRANDS[..]), 0u8..3).prop_map(
        |(title, brand, popularity)| Document {
            title: title.join(" "),
            brand: brand.to_owned(),
            popularity,
            ..Document::default()
        },
    )
}

/// A word as somebody types it: cut off, or with a letter that is wrong, missing, doubled or swapped.
fn typed() -> impl Strategy<Value = String> {
    let all = [&WORDS[..], &BRANDS[1..]].concat();
    (prop::sample::select(all), 0u8..8, 0usize..12).prop_map(|(word, how, at)| {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len();
        match how {
            0 => letters.truncate(at.max(1)),
            1 => letters[at] = 'x',
            2 if letters.len() > 1 => _ = letters.remove(at),
            3 => letters.insert(at, 'q'),
            4 if at > 0 => letters.swap(at - 1, at),
            _ => {}
        }
        letters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 1_500 } else { 20_000 }))]

    #[test]
    fn index_and_plain_reading_agree(
        mut docs in prop::collection::vec(document(), 1..25),
        asked in prop::collection::vec(typed(), 1..4),
        near in prop::collection::vec(prop::collection::vec(0u32..25, 0..8), 0..3),
    ) {
        docs.sort_by(|a, b| (&a.brand, &a.title).cmp(&(&b.brand, &b.title)));
        for (number, doc) in docs.iter_mut().enumerate() {
            // Codes in the order of the file, and no words.
            doc.sku = format!("~{number:03}");
        }
        let index = Index::open(search::build(&docs, &Synonyms::default())).unwrap();
        let oracle = Oracle::of(&docs);
        let near: Vec<StockSet> = near.into_iter().map(StockSet::of).collect();
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let stages: [&dyn Fn(bool) -> bool; 3] = [&|_| false, &|unknown| unknown, &|_| true];
        let expected = stages.iter().map(|guess| oracle.ranked(&asked, &near, guess)).find(|found| !found.is_empty());

        let sets: Vec<&StockSet> = near.iter().collect();
        let words = asked.join(" ");
        let answer = index.search(&Query { words: &words, near: &sets, limit: 100, ..Query::default() });
        let found: Vec<String> = answer.hits.iter().map(|hit| index.sku(hit.doc)).collect();
        match expected {
            Some(expected) => prop_assert_eq!(found, expected, "{}", words),
            // Then fewer words are all that is left.
            None => prop_assert!(found.is_empty() || answer.corrected.is_some(), "{}", words),
        }
        // And in parts it is the same list.
        let second = index.search(&Query { words: &words, near: &sets, offset: 2, limit: 3, ..Query::default() });
        prop_assert_eq!(&second.hits[..], answer.hits.get(2..).unwrap_or_default().get(..second.hits.len()).unwrap());
        prop_assert_eq!(second.total, answer.total);
    }
}
