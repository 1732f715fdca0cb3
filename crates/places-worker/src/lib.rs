//! Postcodes and towns as a browser's worker calls them: the gazetteer, and answers in the words of the API.
//!
//! `worker.js` is the worker around it; it fetches, this answers.

use domain::geo::Position;
use places::Places;
use wasm_bindgen::prelude::wasm_bindgen;

/// An opened gazetteer.
#[wasm_bindgen]
pub struct Gazetteer {
    places: Places,
}

#[wasm_bindgen]
impl Gazetteer {
    /// Opens a file.
    ///
    /// # Errors
    /// Says why the bytes are none.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Gazetteer, String> {
        Places::open(file).map(|places| Self { places }).map_err(|damaged| damaged.to_string())
    }

    /// Places for what somebody typed, as JSON; of those of one name the nearest to degrees north and east comes first, where
    /// these are numbers.
    #[must_use]
    pub fn find(&self, typed: &str, latitude: f64, longitude: f64, limit: usize) -> String {
        self.places.answer_json(typed, Position::new(latitude, longitude).ok(), limit)
    }
}
