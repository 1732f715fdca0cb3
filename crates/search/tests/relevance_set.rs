//! How well a made-up shop in five languages is searched: nDCG@10 over all queries of `relevance/queries.tsv`.
//!
//! `cargo test -p search --test relevance_set -- --nocapture` prints the mean and every query below 1.

// Helpers of tests may unwrap as tests may.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use search::{Document, Index, Query, Synonyms};

const CATALOG: &str = include_str!("relevance/catalog.tsv");
const QUERIES: &str = include_str!("relevance/queries.tsv");
const SYNONYMS: &str = include_str!("relevance/synonyms.tsv");

/// Rows that count.
const ROWS: usize = 10;
/// A little under what was measured last; raise it with the search.
const FLOOR: f64 = 0.965;

fn catalog() -> Vec<Document> {
    let mut lines = CATALOG.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let read = |line: Vec<&str>| {
        assert_eq!(line.len(), names.len(), "{line:?}");
        let field = |name: &str| line[names.iter().position(|known| *known == name).unwrap()].to_owned();
        Document {
            sku: field("sku"),
            title: field("title"),
            brand: field("brand"),
            category: field("category"),
            gtin: field("gtin"),
            mpn: field("mpn"),
            color: field("color"),
            size: field("size"),
            price: Some(field("price").parse().unwrap()),
            currency: "EUR".to_owned(),
            group: field("group"),
            ..Document::default()
        }
    };
    lines.map(read).collect()
}

/// Queries, each with the worth of products by code.
fn queries() -> Vec<(&'static str, BTreeMap<&'static str, u32>)> {
    let read = |line: &'static str| {
        let (words, judged) = line.split_once('\t').unwrap();
        let worth = |judged: &'static str| {
            let (sku, worth) = judged.split_once(':').unwrap();
            (sku, worth.parse().unwrap())
        };
        (words, judged.split(' ').map(worth).collect())
    };
    QUERIES.lines().filter(|line| !line.starts_with('#')).map(read).collect()
}

/// Discounted cumulative gain of rows of this worth, in their order.
fn gain(worths: &[u32]) -> f64 {
    (1u32..).zip(worths).map(|(place, worth)| f64::from((1u32 << worth) - 1) / f64::from(place + 1).log2()).sum::<f64>()
        + 0.0
}

#[test]
fn the_set_is_found_as_well_as_it_was() {
    let catalog = catalog();
    let index = Index::open(search::build(&catalog, &Synonyms::parse(SYNONYMS).unwrap())).unwrap();
    // Variants of one product are one row and worth the same.
    let row = |sku: &str| {
        let document = catalog.iter().find(|document| document.sku == sku).unwrap();
        if document.group.is_empty() { document.sku.clone() } else { document.group.clone() }
    };
    let (mut sum, queries) = (0.0, queries());
    for (words, judged) in &queries {
        let judged: BTreeMap<String, u32> = judged.iter().map(|(sku, worth)| (row(sku), *worth)).collect();
        let answer = index.search(&Query { words, limit: ROWS, ..Query::default() });
        let rows: Vec<String> = answer.hits.iter().map(|hit| row(&index.sku(hit.doc))).collect();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len(), "{words}: a product twice");
        let worths: Vec<u32> = rows.iter().map(|row| judged.get(row).copied().unwrap_or_default()).collect();
        let mut ideal: Vec<u32> = judged.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        ideal.truncate(ROWS);
        let score = gain(&worths) / gain(&ideal);
        if score < 0.9995 {
            let said: Vec<String> = rows.iter().zip(&worths).map(|(row, worth)| format!("{row}:{worth}")).collect();
            println!("{score:.3} {words}: {} (corrected {:?})", said.join(" "), answer.corrected);
        }
        sum += score;
    }
    let mean = sum / f64::from(u32::try_from(queries.len()).unwrap());
    println!("nDCG@{ROWS} of {} queries over {} products: {mean:.4}", queries.len(), catalog.len());
    assert!(mean >= FLOOR, "{mean}");
}

#[test]
fn the_set_is_whole() {
    let catalog = catalog();
    let codes = |code: fn(&Document) -> &str| catalog.iter().map(code).collect::<BTreeSet<_>>().len();
    assert_eq!(codes(|document| &document.sku), catalog.len());
    assert_eq!(codes(|document| &document.gtin), catalog.len());
    for Document { gtin, sku, .. } in &catalog {
        // Numbers 200 to 299 are a shop's own, so none of these is anybody's product.
        assert!(gtin.len() == 13 && gtin.starts_with('2'), "{sku}");
        let digits = gtin.chars().map(|digit| digit.to_digit(10).unwrap());
        let sum: u32 = digits.zip([1, 3].into_iter().cycle()).map(|(digit, times)| digit * times).sum();
        assert_eq!(sum % 10, 0, "{sku}");
    }
    let queries = queries();
    assert_eq!(queries.iter().map(|(words, _)| words).collect::<BTreeSet<_>>().len(), queries.len());
    for (words, judged) in &queries {
        assert!(judged.values().all(|worth| (1..=3).contains(worth)), "{words}");
        assert!(judged.keys().all(|sku| catalog.iter().any(|document| document.sku == *sku)), "{words}");
    }
}

#[test]
fn every_product_is_found_by_its_codes_and_alone() {
    let catalog = catalog();
    let index = Index::open(search::build(&catalog, &Synonyms::default())).unwrap();
    for document in &catalog {
        // A code of letters alone is looked for as words.
        let has_digit = |code: &&&String| code.bytes().any(|byte| byte.is_ascii_digit());
        for code in [&document.sku, &document.gtin, &document.mpn].iter().filter(has_digit) {
            let answer = index.search(&Query { words: code, limit: ROWS, ..Query::default() });
            let found: Vec<String> = answer.hits.iter().map(|hit| index.sku(hit.doc)).collect();
            assert_eq!(found, [document.sku.as_str()], "{code}");
        }
    }
}
