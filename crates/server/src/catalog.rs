//! Shops and products in memory: they change when somebody imports them, and are read by every request.

pub mod products;
pub mod search_index;
pub mod shops;
pub mod stock;

use domain::time::Timestamp;
use search::Synonyms;

use crate::db::CatalogRows;
use products::Products;
use shops::Shops;

/// All shops and products as of one reading. It is never changed, only replaced as a whole.
pub struct Catalog {
    /// The shops.
    pub shops: Shops,
    /// The products.
    pub products: Products,
    /// When it was read.
    pub loaded_at: Timestamp,
    /// Of which import it is; see [`crate::db::Db::catalog_generation`].
    pub generation: i64,
}

impl Catalog {
    /// Prepares what was read for searching.
    #[must_use]
    pub fn build(rows: CatalogRows, synonyms: &Synonyms, now: Timestamp) -> Self {
        let generation = rows.generation;
        Self {
            shops: Shops::new(rows.locations),
            products: Products::new(rows.products, synonyms),
            loaded_at: now,
            generation,
        }
    }
}
