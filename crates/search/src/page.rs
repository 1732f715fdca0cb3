//! Question and answer as they cross the wire: the query string of `GET /v1/products` and its JSON.
//!
//! Server and browser both answer with this very text, so that they cannot differ.

mod json;
mod request;

use alloc::string::String;
use alloc::vec::Vec;

use json::Json;
pub use request::{BadQuery, Request};

use crate::answer::segments;
use crate::index::{Of, Part};
use crate::num::{at, decimal, small};
use crate::query::{Answer, Count, Mark};
use crate::{Index, StockSet};

/// Answers a request. `only` are the sets of the shops that the request names in `location_id`, `near` those in `near`.
#[must_use]
pub fn page(index: &Index, request: &Request, only: Option<&[&StockSet]>, near: &[&StockSet]) -> String {
    let query = request.query(only, near);
    let answer = index.search(&query);
    let mut json = Json::default();
    json.open('{');
    json.key("products");
    json.open('[');
    for hit in &answer.hits {
        product(&mut json, index, hit.doc, &answer.marks);
    }
    json.close(']');
    for (name, counts) in [
        ("categories", &answer.categories),
        ("brands", &answer.brands),
        ("prices", &answer.prices),
        ("relaxations", &answer.relaxations),
    ] {
        // As the contract has it: an answer always says its categories.
        if !counts.is_empty() || name == "categories" {
            json.key(name);
            json.open('[');
            for counted in counts {
                count(&mut json, counted);
            }
            json.close(']');
        }
    }
    pagination(&mut json, &answer, request);
    json.text("corrected", answer.corrected.as_deref().unwrap_or_default());
    json.close('}');
    json.done()
}

fn pagination(json: &mut Json, answer: &Answer, request: &Request) {
    json.key("pagination");
    json.open('{');
    let next = request.offset() + answer.hits.len();
    if !answer.hits.is_empty() && next < answer.total {
        json.text("next_cursor", &decimal(u64::from(small(next))));
    }
    json.number("total", small(answer.total).into());
    json.close('}');
}

fn count(json: &mut Json, count: &Count) {
    json.open('{');
    json.key("name");
    json.string(&count.name);
    json.number("count", small(count.count).into());
    json.close('}');
}

fn product(json: &mut Json, index: &Index, doc: u32, marks: &[Mark]) {
    let place = at(doc);
    json.open('{');
    json.text("sku", &index.sku(doc));
    json.text("gtin", &index.barcode(place));
    let (title, matches) = marked_title(index, doc, marks);
    json.key("title");
    json.string(&title);
    json.text("brand", &attribute(index, Of::Brand, place));
    if let Some(price) = index.price(place) {
        json.key("price");
        json.open('{');
        json.number("amount", price);
        json.text("currency", &attribute(index, Of::Currency, place));
        json.close('}');
    }
    let mut image = String::new();
    index.push_image(place, &mut image);
    json.text("image", &image);
    json.key("categories");
    let category = attribute(index, Of::Category, place);
    json.open('[');
    for segment in segments(&category) {
        json.string(segment);
    }
    json.close(']');
    variant(json, index, place);
    let variants = index.members(index.group(place));
    if variants.len() > 1 {
        json.key("variants");
        json.open('[');
        for doc in variants {
            json.open('{');
            json.text("sku", &index.sku(*doc));
            variant(json, index, at(*doc));
            json.close('}');
        }
        json.close(']');
    }
    if !matches.is_empty() {
        json.key("matches");
        json.open('[');
        for [begin, end] in matches {
            json.open('[');
            json.figure(begin.into());
            json.figure(end.into());
            json.close(']');
        }
        json.close(']');
    }
    json.close('}');
}

fn variant(json: &mut Json, index: &Index, place: usize) {
    json.text("color", &attribute(index, Of::Color, place));
    json.text("size", &attribute(index, Of::Size, place));
}

fn attribute(index: &Index, of: Of, place: usize) -> String {
    index.text(of, index.value(of, place))
}

/// A title, and which parts of it match, as begin and end in UTF-16 code units.
fn marked_title(index: &Index, doc: u32, marks: &[Mark]) -> (String, Vec<[u32; 2]>) {
    let mut title = String::new();
    let mut matches = Vec::new();
    let mut units = 0u32;
    index.read_title(doc, |part, text| {
        if let Part::Word(term) = part
            && let Some(len) = marked(index, term, text, marks)
        {
            let begin = text.get(..len).unwrap_or(text);
            matches.push([units, units + utf16(begin)]);
        }
        units += utf16(text);
        title.push_str(text);
    });
    (title, matches)
}

fn utf16(text: &str) -> u32 {
    let mut units = 0;
    for byte in text.as_bytes() {
        // One for each character, and one more where four bytes make it.
        units += u32::from(byte & 0xC0 != 0x80) + u32::from(*byte >= 0xF0);
    }
    units
}

/// How many bytes of a word in a title are marked: of all spellings that it answers the one that marks most.
fn marked(index: &Index, term: u32, text: &str, marks: &[Mark]) -> Option<usize> {
    let mut longest = None;
    for mark in marks {
        if mark.terms.contains(&term) && !text.is_empty() {
            let len = match mark.beginning {
                Some(asked) if asked < index.term_len(term) => crate::fold::original_len(text, asked),
                _ => text.len(),
            };
            longest = longest.max(Some(len));
        }
    }
    longest
}
