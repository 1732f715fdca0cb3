//! The search as a browser's worker calls it: the index, the stock of shops, and answers in the words of the API.
//!
//! `worker.js` is the worker around it; it fetches, this answers.

mod parameters;

use search::{Index, Request, StockSet, page};
use wasm_bindgen::prelude::wasm_bindgen;

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
        let index = Index::open(file).map_err(|damaged| damaged.to_string())?;
        Ok(Self { index, shops: Vec::new() })
    }

    /// Answers a query string of `GET /v1/products` with its JSON.
    ///
    /// # Errors
    /// Says which parameter makes no sense, or which shop's stock is not known here: then the server has to be asked.
    pub fn products(&self, query: &str) -> Result<String, String> {
        let parameters = parameters::read(query);
        let request = Request::of(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let request = request.map_err(|bad| bad.to_string())?;
        let mut only = Vec::new();
        for shop in &request.location_ids {
            // Which products a shop carries without having them is not sent here.
            let set = self.stock(shop).filter(|_| request.available);
            only.push(set.ok_or_else(|| ["the stock of ", shop, " is not known here"].concat())?);
        }
        let near: Vec<&StockSet> = request.near.iter().filter_map(|shop| self.stock(shop)).collect();
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
