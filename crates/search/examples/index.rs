//! Writes the search index of a product feed: `index products.tsv index.bin [--repeat N]`.
//!
//! With `--repeat` the catalogue is there N times, each time under other codes and with another word in every title, for
//! measuring what a larger one costs.

use std::error::Error;
use std::fs;

use search::{Document, Synonyms};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (feed, target, times) = match arguments.as_slice() {
        [feed, target] => (feed, target, 1),
        [feed, target, option, times] if option == "--repeat" => (feed, target, times.parse()?),
        _ => return Err("a feed and where to write, please".into()),
    };
    let text = fs::read_to_string(feed)?;
    let once: Vec<Document> = text.lines().skip(1).filter(|line| !line.is_empty()).map(read).collect();
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

/// The columns of a product feed: id, title, description, link, picture, availability, price, brand, gtin, mpn, type.
fn read(line: &str) -> Document {
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
