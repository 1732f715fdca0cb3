//! Rows and commands.

mod reservation;
mod stock;
mod token;

pub use reservation::*;
pub use stock::*;
pub use token::*;

use std::fmt;

use domain::geo::Position;
use domain::gtin::Gtin;
use domain::hours::{PickupRules, Schedule};
use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use domain::money::Money;
use domain::reservation::Handover;
use domain::time::Timestamp;

/// Why the database did not do it. The text is the cause, for the log and never for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// Too much to do, or locked from outside: the same request may work later.
    Unavailable(String),
    /// There is no space left on the disk: the same request works once there is.
    StorageFull(String),
    /// The disk failed to sync, so that nothing may be called stored until the server is started anew.
    Unsynced(String),
    /// Anything else.
    Failed(String),
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DbError::Unavailable(cause) => write!(f, "not possible at the moment: {cause}"),
            DbError::StorageFull(cause) => write!(f, "there is no space left: {cause}"),
            DbError::Unsynced(cause) => write!(f, "the disk failed to sync: {cause}"),
            DbError::Failed(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for DbError {}

/// A shop.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct LocationRow {
    pub id: LocationId,
    pub name: String,
    pub street_address: String,
    pub locality: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
    pub position: Position,
    pub timezone: String,
    pub schedule: Schedule,
    pub amenities: Vec<String>,
    pub phone: Option<String>,
    pub pickup_in_store: bool,
    pub pickup_curbside: bool,
    pub pickup: PickupRules,
}

impl LocationRow {
    /// Whether anything can be reserved there.
    #[must_use]
    pub fn has_pickup(&self) -> bool {
        self.pickup_in_store || self.pickup_curbside
    }

    /// The ways in which goods change hands.
    #[must_use]
    pub fn methods(&self) -> Vec<Handover> {
        let in_store = self.pickup_in_store.then_some(Handover::InStore);
        in_store.into_iter().chain(self.pickup_curbside.then_some(Handover::Curbside)).collect()
    }
}

/// A product variant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct ProductRow {
    pub sku: Sku,
    pub title: String,
    pub description: Option<String>,
    pub brand: Option<String>,
    pub gtin: Option<Gtin>,
    pub mpn: Option<String>,
    pub category: String,
    pub image: Option<String>,
    pub price: Option<Money>,
    pub group_id: Option<String>,
    pub color: Option<String>,
    pub size: Option<String>,
}

/// One product at one shop that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct ShelfRow {
    pub location: LocationId,
    pub sku: Sku,
    pub shelf: Shelf,
    pub version: u64,
    pub price: Option<Money>,
    /// Where it is lower than `price`.
    pub sale: Option<Money>,
    pub pickup: bool,
    pub lead_minutes: u32,
    pub aisle: Option<String>,
    pub counted_at: Timestamp,
}

impl ShelfRow {
    /// Units that may be promised, 0 where nobody counted.
    #[must_use]
    pub fn units(&self) -> i64 {
        self.shelf.available_to_promise().unwrap_or(0)
    }

    /// What a shopper pays there, where the shop says so.
    #[must_use]
    pub fn pays(&self) -> Option<Money> {
        self.sale.or(self.price)
    }
}

/// A shelf after a commit that touched it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfChange {
    /// The shop.
    pub location: LocationId,
    /// The product.
    pub sku: Sku,
    /// Its figures; `None` where the shop does not carry it.
    pub shelf: Option<Shelf>,
    /// The instant of the commit.
    pub as_of: Timestamp,
}

/// Shops and products, all of them.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)] // the types say it
pub struct CatalogRows {
    pub locations: Vec<LocationRow>,
    pub products: Vec<ProductRow>,
    /// Postcodes and towns as one file, where some were imported.
    pub gazetteer: Option<Vec<u8>>,
    /// Grows with each import; this is the one that the rows are of.
    pub generation: i64,
}
