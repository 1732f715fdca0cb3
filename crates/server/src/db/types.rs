//! Rows and commands.

use std::fmt;

use domain::basket::{Basket, Fulfils, Line};
use domain::geo::Position;
use domain::gtin::Gtin;
use domain::hours::{OpenSpan, Schedule};
use domain::id::{LocationId, ReservationId, Sku};
use domain::inventory::Shelf;
use domain::money::Money;
use domain::reservation::{Contact, Handover, InvalidTransition, Status};
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
    /// Grows with each import; this is the one that the rows are of.
    pub generation: i64,
}

/// Names one write of one caller, so that it happens once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is; each principal has a namespace of its own.
    pub principal: &'static str,
    /// As the caller chose it.
    pub key: String,
    /// SHA-256 of route and canonical body.
    pub fingerprint: [u8; 32],
}

/// An answer as it was or will be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// HTTP status.
    pub status: u16,
    /// The Location header.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

/// A reservation to be made.
#[derive(Debug, Clone)]
pub struct Reserve {
    /// Its public name.
    pub id: ReservationId,
    /// SHA-256 of its owner's secret.
    pub token_hash: [u8; 32],
    /// The shop.
    pub location: LocationId,
    /// How the goods change hands.
    pub method: Handover,
    /// The goods.
    pub basket: Basket,
    /// Who reserves.
    pub contact: Contact,
    /// Who collects, where it is somebody else.
    pub collector: Option<String>,
    /// JSON, kept as it is.
    pub consents: Option<String>,
    /// JSON, kept as it is.
    pub promo_codes: Option<String>,
    /// JSON, kept as it is.
    pub attribution: Option<String>,
    /// When the shop is open in the coming days.
    pub open: Option<Vec<OpenSpan>>,
    /// How long goods are kept once they are ready.
    pub hold_ms: i64,
    /// Shops to look at where this one cannot, nearest first.
    pub others: Vec<LocationId>,
    /// Makes it happen once.
    pub idempotency: IdempotencyKey,
}

/// The verdict on a [`Reserve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReserveVerdict {
    /// Held.
    Held(Box<ReservationRow>),
    /// Nothing is held: some lines are short.
    Short {
        /// The instant of the decision.
        as_of: Timestamp,
        /// Every line that is short, with its shelf where the shop carries it.
        lines: Vec<(Line, Option<ShelfRow>)>,
        /// Shops that could, nearest first.
        alternatives: Vec<(LocationId, Fulfils)>,
    },
    /// The shop does not hand it over; the product, where it is this one only.
    NoPickup(Option<Sku>),
    /// No such shop.
    UnknownLocation,
    /// No such product.
    UnknownProduct(Sku),
}

/// What became of a [`Reserve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// This is to be sent; `replayed` where it is the stored answer of an earlier, equal request.
    Answer {
        /// The answer.
        answer: StoredAnswer,
        /// Whether it was there before.
        replayed: bool,
    },
    /// The key belongs to another body.
    KeyReused,
    /// A verdict that is not stored under the key, because the request itself must change.
    Refused(ReserveVerdict),
}

/// A reservation with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct ReservationRow {
    pub id: ReservationId,
    pub code: String,
    /// As stored; [`Status::at`] says what it is now.
    pub status: Status,
    pub location: LocationId,
    pub method: Handover,
    pub created_at: Timestamp,
    pub hold_expires_at: Timestamp,
    pub ready_by: Option<Timestamp>,
    pub token_hash: [u8; 32],
    /// The name of whoever collects.
    pub collector: String,
    pub lines: Vec<ReservedLine>,
}

/// A line of a reservation, as it was when it was reserved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct ReservedLine {
    pub sku: Sku,
    pub quantity: u32,
    pub title: String,
    pub variant: Option<String>,
    pub price: Option<Money>,
    pub image: Option<String>,
}

/// What became of a cancellation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelled {
    /// It is cancelled, now or before.
    Done(Box<ReservationRow>),
    /// Too late.
    NotPossible(InvalidTransition),
    /// No such reservation, or not the owner's secret.
    NotFound,
}

/// A change of one shelf, as a till or an ERP says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockChange {
    /// The shop.
    pub location: LocationId,
    /// The product.
    pub sku: Sku,
    /// What is said.
    pub amount: Amount,
    /// Only if the shelf is still at this version.
    pub if_version: Option<u64>,
    /// Who says it.
    pub source: String,
    /// Grows with each change of that source to that shelf.
    pub sequence: i64,
}

/// What is said of a shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many are there.
    Set(i64),
    /// So many came, or went where negative.
    Delta(i64),
}

/// What became of a [`StockChange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it all
pub enum StockVerdict {
    Applied {
        version: u64,
        on_hand: i64,
        shortfall: u64,
    },
    AlreadySeen,
    VersionMismatch {
        version: u64,
    },
    UnknownLocation,
    UnknownProduct,
    NotCarried,
    /// A movement of a shelf that nobody ever counted.
    NeverCounted,
}

/// A device, person or feed that may do more than a shopper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its name in the table.
    pub id: String,
    /// For people.
    pub name: String,
    /// What it may do.
    pub scope: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}
