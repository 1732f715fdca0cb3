//! What the search makes of a product feed, natively.
//!
//! - `feed index products.tsv index.bin [--repeat N]` writes its index. With `--repeat` the catalogue is there N times, each
//!   time under other codes and with another word in every title, for measuring what a larger one costs.
//! - `feed measure products.tsv queries.ndjson [--show N]` says how good and how fast searches are, with one
//!   `{"q": …, "sku": …, "typo": …}` a line.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use search::{Document, Index, Query, Synonyms};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["index", feed, target] => index(feed, target, 1),
        ["index", feed, target, "--repeat", times] => index(feed, target, times.parse()?),
        ["measure", feed, queries] => measure(feed, queries, 0),
        ["measure", feed, queries, "--show", count] => measure(feed, queries, count.parse()?),
        _ => Err("`index` or `measure`, and its files, please".into()),
    }
}

fn index(feed: &str, target: &str, times: usize) -> Result<(), Box<dyn Error>> {
    let once = read(feed)?;
    let mut all = once.clone();
    for time in 1..times {
        all.extend(once.iter().map(|document| Document {
            sku: format!("{}-{time}", document.sku),
            title: format!("{} mk{time}", document.title),
            ..document.clone()
        }));
    }
    fs::write(target, search::build(&all, &Synonyms::default()))?;
    println!("{{\"products\":{}}}", all.len());
    Ok(())
}

fn measure(feed: &str, queries: &str, mut show: usize) -> Result<(), Box<dyn Error>> {
    let documents = read(feed)?;
    let titles: HashMap<&str, &str> = documents.iter().map(|d| (d.sku.as_str(), d.title.as_str())).collect();
    let begun = Instant::now();
    let file = search::build(&documents, &Synonyms::default());
    println!("built in {:?}, {} bytes", begun.elapsed(), file.len());
    let raw = file.len();
    let begun = Instant::now();
    let index = Index::open(file)?;
    println!("opened in {:?}, memory {:.2} of the file", begun.elapsed(), ratio(index.memory(), raw));

    let mut right = [0usize; 2];
    let mut asked = [0usize; 2];
    let (mut times, mut strokes) = (Vec::new(), Vec::new());
    for line in fs::read_to_string(queries)?.lines() {
        let (Some(words), Some(sku)) = (text(line, "q"), text(line, "sku")) else { continue };
        let typo = usize::from(line.contains("\"typo\":true"));
        let begun = Instant::now();
        let answer = index.search(&Query { words, limit: 10, ..Query::default() });
        times.push(begun.elapsed());
        let title = titles.get(sku).copied().unwrap_or_default();
        let is = answer.hits.iter().any(|hit| index.sku(hit.doc) == sku || index.title(hit.doc) == title);
        right[typo] += usize::from(is);
        asked[typo] += 1;
        if !is && show > 0 {
            show -= 1;
            println!("{words} | {title} | {} {:?}", answer.total, answer.corrected);
            for hit in answer.hits.iter().take(3) {
                println!("    {}", index.title(hit.doc));
            }
        }
        if asked[0] + asked[1] <= 200 {
            for (end, _) in words.char_indices().skip(1) {
                let begun = Instant::now();
                let _ =
                    index.search(&Query { words: words.get(..end).unwrap_or_default(), limit: 10, ..Query::default() });
                strokes.push(begun.elapsed());
            }
        }
    }
    println!("success@10 clean {:.3}, typo {:.3}", ratio(right[0], asked[0]), ratio(right[1], asked[1]));
    report("whole queries", times);
    report("key strokes", strokes);
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // for reading only
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// A text field of a line of JSON without escapes.
fn text<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_once(&format!("\"{name}\":\""))?.1.split_once('"').map(|(text, _)| text)
}

fn read(feed: &str) -> Result<Vec<Document>, Box<dyn Error>> {
    Ok(fs::read_to_string(feed)?.lines().skip(1).filter(|line| !line.is_empty()).map(document).collect())
}

/// The columns of a product feed: id, title, description, link, picture, availability, price, brand, gtin, mpn, type.
fn document(line: &str) -> Document {
    let fields: Vec<&str> = line.split('\t').collect();
    let field = |at: usize| fields.get(at).copied().unwrap_or_default().to_owned();
    let price = field(6);
    let (price, currency) = price.split_once(' ').unwrap_or_default();
    Document {
        sku: field(0),
        title: field(1).trim().to_owned(),
        description: field(2),
        image: field(4),
        brand: field(7),
        gtin: field(8),
        mpn: field(9),
        category: field(10),
        price: price.replace('.', "").parse().ok(),
        currency: currency.to_owned(),
        ..Document::default()
    }
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    println!("{name}: {}, p50 {:?}, p99 {:?}, most {:?}", times.len(), at(50), at(99), times.last());
}
