//! How long searches take over a product feed.
//!
//! `zcat -f ../shared/data/parts/products.tsv.gz | cargo run --release -p search --example measure`

use std::error::Error;
use std::io::{BufRead, stdin};
use std::time::{Duration, Instant};

use search::{Document, Index};

fn main() -> Result<(), Box<dyn Error>> {
    let documents: Vec<Document> =
        stdin().lock().lines().skip(1).map(|line| line.map(read)).collect::<Result<_, _>>()?;
    let titles: Vec<String> = documents.iter().map(|document| document.title.clone()).collect();
    let begun = Instant::now();
    let index = Index::build(documents);
    println!("{} products indexed in {:?}", titles.len(), begun.elapsed());

    let step = (titles.len() / 500).max(1);
    let sample = || titles.iter().step_by(step);
    report(&index, "first two words", sample().map(|title| first_words(title, 2)));
    report(&index, "whole title", sample().cloned());
    report(&index, "first letter", sample().map(|title| title.chars().take(1).collect()));
    report(&index, "three letters", sample().map(|title| title.chars().take(3).collect()));
    report(&index, "two words, one letter wrong in each", sample().map(|title| wrong(&first_words(title, 2))));
    report(
        &index,
        "nonsense of nine letters",
        sample().map(|title| title.chars().filter(|c| c.is_alphabetic()).rev().take(9).collect()),
    );
    Ok(())
}

/// The columns of a product feed: id, title, description, link, picture, availability, price, brand, gtin, mpn, type.
fn read(line: String) -> Document {
    let fields: Vec<&str> = line.split('\t').collect();
    let field = |at: usize| fields.get(at).copied().unwrap_or_default().to_owned();
    Document {
        sku: field(0),
        title: field(1),
        description: field(2),
        brand: field(7),
        gtin: field(8),
        mpn: field(9),
        category: field(10),
        ..Document::default()
    }
}

fn first_words(title: &str, count: usize) -> String {
    title
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(count)
        .collect::<Vec<_>>()
        .join(" ")
}

fn wrong(text: &str) -> String {
    let slip = |word: &str| {
        let mut chars: Vec<char> = word.chars().collect();
        if let Some(c) = chars.get_mut(2) {
            *c = 'q';
        }
        chars.into_iter().collect::<String>()
    };
    text.split_whitespace().map(slip).collect::<Vec<_>>().join(" ")
}

fn report(index: &Index, name: &str, queries: impl Iterator<Item = String>) {
    let mut times: Vec<Duration> = Vec::new();
    let mut found = 0;
    for query in queries {
        let begun = Instant::now();
        let answer = index.search(&query);
        times.push(begun.elapsed());
        found += usize::from(!answer.hits.is_empty());
    }
    times.sort_unstable();
    let at = |share: usize| {
        times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    println!(
        "{name}: {} queries, {found} with hits, p50 {:?}, p99 {:?}, most {:?}",
        times.len(),
        at(50),
        at(99),
        at(100)
    );
}
