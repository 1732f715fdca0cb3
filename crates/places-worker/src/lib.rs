//! Places and shops as a browser's worker calls them: the gazetteer and the file of all shops, and answers in the words of the API.
//!
//! `worker.js` is the worker around it; it fetches, this answers.

use domain::geo::Position;
use domain::time::Timestamp;
use places::{Places, Shops, ShopsAsked};
use wasm_bindgen::prelude::wasm_bindgen;

/// A third of the size of the one that the standard library brings.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

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

/// All shops of the retailer.
#[wasm_bindgen]
pub struct Locator {
    shops: Shops,
}

#[wasm_bindgen]
impl Locator {
    /// Opens a file.
    ///
    /// # Errors
    /// Says why the text is none.
    #[wasm_bindgen(constructor)]
    pub fn new(file: String) -> Result<Locator, String> {
        Shops::open(file).map(|shops| Self { shops }).map_err(|damaged| damaged.to_string())
    }

    /// Shops as JSON of `POST /v1/locations/search`. Numbers that are none stand for what is not asked; instants are
    /// milliseconds since 1970, amenities have commas between. Nothing where the server has to be asked.
    #[must_use]
    #[allow(clippy::too_many_arguments)] // it crosses into another language
    pub fn search(
        &self,
        words: String,
        latitude: f64,
        longitude: f64,
        max_m: f64,
        open_at: f64,
        amenities: &str,
        offset: usize,
        limit: usize,
        now: f64,
    ) -> Option<String> {
        let number = |number: f64| Some(number).filter(|number| number.is_finite());
        let asked = ShopsAsked {
            words,
            center: Position::new(latitude, longitude).ok(),
            max_m: number(max_m),
            open_at: number(open_at).map(instant),
            amenities: amenities.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            offset,
            limit,
        };
        self.shops.answer_json(&asked, instant(now))
    }
}

fn instant(millis: f64) -> Timestamp {
    #[allow(clippy::cast_possible_truncation)] // a cast stops at the ends of the numbers
    let millis = millis as i64;
    Timestamp::from_millis(millis)
}
