//! The search as a browser's worker calls it: the index, the stock of shops, and answers in the words of the API.
//!
//! `worker.js` is the worker around it; it fetches, this answers.

// In the browser without the standard library: what a panic would print there is a tenth of all bytes, and nobody reads it.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod parameters;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use search::{Index, Request, StockSet, page};
use wasm_bindgen::prelude::wasm_bindgen;

/// A third of the size of the one that the standard library brings, and as quick here.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// There is no panic in the engine; should there be one, the worker stops, and the app asks the server.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// An opened index, and what is known of the shops' stock.
#[wasm_bindgen]
pub struct Searcher {
    index: Index,
    shops: Vec<(String, StockSet)>,
}

#[wasm_bindgen]
impl Searcher {
    /// Opens an index.
    ///
    /// # Errors
    /// Says why the bytes are none.
    #[wasm_bindgen(constructor)]
    pub fn new(file: Vec<u8>) -> Result<Searcher, String> {
        let index = Index::open(file).map_err(|damaged| damaged.text())?;
        Ok(Self { index, shops: Vec::new() })
    }

    /// Answers a query string of `GET /v1/products` with its JSON.
    ///
    /// # Errors
    /// Says which parameter makes no sense, or which shop's stock is not known here: then the server has to be asked.
    pub fn products(&self, query: &str) -> Result<String, String> {
        let parameters = parameters::read(query);
        let request = Request::of(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let request = request.map_err(|bad| bad.text())?;
        let mut only = Vec::new();
        for shop in &request.location_ids {
            // Which products a shop carries without having them is not sent here.
            let set = self.stock(shop).filter(|_| request.available);
            let Some(set) = set else {
                let mut unknown = "the stock of ".to_owned();
                unknown.push_str(shop);
                unknown.push_str(" is not known here");
                return Err(unknown);
            };
            only.push(set);
        }
        let mut near = Vec::new();
        for shop in &request.near {
            near.extend(self.stock(shop));
        }
        Ok(page(&self.index, &request, (!only.is_empty()).then_some(&only), &near))
    }

    /// Takes what a shop can promise now, as `GET /v1/search/stock` tells it; says whether it is of this index.
    pub fn set_stock(&mut self, shop: &str, set: &[u8]) -> bool {
        let Some(set) = StockSet::from_bytes(set, self.index.len()) else { return false };
        match self.shops.iter_mut().find(|(known, _)| known == shop) {
            Some((_, known)) => *known = set,
            None => self.shops.push((shop.to_owned(), set)),
        }
        true
    }

    /// Takes a change of one product at one shop. Shops and products that are not known here are passed over.
    pub fn set_available(&mut self, shop: &str, sku: &str, available: bool) {
        if let Some((_, set)) = self.shops.iter_mut().find(|(known, _)| known == shop)
            && let Some(doc) = self.index.doc(sku)
        {
            set.set(doc, available);
        }
    }

    fn stock(&self, shop: &str) -> Option<&StockSet> {
        self.shops.iter().find(|(known, _)| known == shop).map(|(_, set)| set)
    }
}

#[cfg(test)]
mod tests {
    use search::{Document, Synonyms, build};

    use super::*;

    fn searcher() -> Searcher {
        let documents = ["Steel bottle 0.75 l", "Café mug (blue)"].map(|title| Document {
            sku: title.to_lowercase().replace(' ', "-"),
            title: title.to_owned(),
            ..Document::default()
        });
        Searcher::new(build(&documents, &Synonyms::default())).unwrap()
    }

    #[test]
    fn odd_questions_are_answered_or_it_is_said_why_not() {
        let searcher = searcher();
        for words in [
            "",
            "+",
            "!%3F.,;:-_",
            "%00%01%7F%C2%9F",
            // Half of a pair, as JavaScript may have it: encoded by somebody who did not look, and as it arrives from a string.
            "%ED%A0%80",
            "a%ED%B0%80b",
            "\u{FFFD}",
            ".*%2B?^${}()|[]\\",
            "'; DROP TABLE product; --",
            "%25_",
            "%",
            "\u{1F600}",
        ] {
            let answer = searcher.products(&["q=", words].concat()).unwrap();
            assert!(answer.starts_with("{\"products\":["), "{words}: {answer}");
        }
        let long = "q is longer than 200 characters";
        for words in ["x".repeat(10_000), "steel ".repeat(1_700), "%00".repeat(201), "\u{FFFD}".repeat(201)] {
            assert_eq!(searcher.products(&["q=", &words].concat()), Err(long.to_owned()));
        }
        // And nothing of it has done any harm.
        assert!(searcher.products("q=cafe").unwrap().contains("Café mug (blue)"));
    }

    #[test]
    fn what_is_not_known_here_is_left_to_the_server() {
        let mut searcher = searcher();
        let unknown = Err("the stock of lyo-1 is not known here".to_owned());
        assert_eq!(searcher.products("location_id=lyo-1&available=true"), unknown);
        assert!(searcher.set_stock("lyo-1", &[0]));
        assert!(searcher.products("location_id=lyo-1&available=true").unwrap().contains("\"total\":1"));
        // Carried is more than to be had.
        assert_eq!(searcher.products("location_id=lyo-1"), unknown);
        assert!(!searcher.set_stock("lyo-1", &[9]));
        assert_eq!(searcher.products("colour=red").unwrap_err(), "colour is not a parameter of this address");
        assert_eq!(Searcher::new(b"nearsrch".to_vec()).err().unwrap(), "this search index is not whole");
    }
}
