//! Shops and products in memory: they change when somebody imports them, and are read by every request.

pub mod download;
pub mod gazetteer;
pub mod products;
pub mod search_index;
pub mod shop_file;
pub mod shops;
pub mod stock;

use domain::time::Timestamp;
use search::Synonyms;

use crate::db::CatalogRows;
use gazetteer::Gazetteer;
use products::Products;
use shops::Shops;

/// All shops and products as of one reading. It is never changed, only replaced as a whole.
pub struct Catalog {
    /// The shops.
    pub shops: Shops,
    /// The products.
    pub products: Products,
    /// Postcodes and towns.
    pub gazetteer: Gazetteer,
    /// When it was read.
    pub loaded_at: Timestamp,
    /// Of which import it is; see [`crate::db::Db::catalog_generation`].
    pub generation: i64,
}

impl Catalog {
    /// Prepares what was read for searching; what is the same as `before` is not compressed again.
    #[must_use]
    pub fn build(rows: CatalogRows, synonyms: &Synonyms, now: Timestamp, before: Option<&Catalog>) -> Self {
        let generation = rows.generation;
        let gazetteer = Gazetteer::open(rows.gazetteer, &rows.locations, before.map(|before| &before.gazetteer));
        Self {
            gazetteer,
            shops: Shops::new(rows.locations),
            products: Products::new(rows.products, synonyms, before.map(|before| before.products.search())),
            loaded_at: now,
            generation,
        }
    }
}
