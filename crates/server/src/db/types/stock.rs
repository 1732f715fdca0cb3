//! Changes of stock, and what the reconciler says of the books.

use std::fmt;

use domain::id::{LocationId, Sku};

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

/// A shelf whose counters do not agree with its ledger or its claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The shop.
    pub location: LocationId,
    /// The product.
    pub sku: Sku,
    /// The counter that is wrong.
    pub counter: Counter,
    /// What the counter says.
    pub stored: Option<i64>,
    /// What its witness says.
    pub expected: Option<i64>,
    /// The witness.
    pub witness: Witness,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counter = match self.counter {
            Counter::OnHand => "on hand",
            Counter::Reserved => "reserved",
        };
        let witness = match self.witness {
            Witness::Claims => "the claims",
            Witness::Ledger => "the ledger",
        };
        let units = |units: Option<i64>| units.map_or_else(|| "unknown".to_owned(), |units| units.to_string());
        let (stored, expected) = (units(self.stored), units(self.expected));
        write!(f, "{} {}: {counter} is {stored}, by {witness} {expected}", self.location, self.sku)
    }
}

/// A number that a shelf keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Units that are there.
    OnHand,
    /// Units that claims promise.
    Reserved,
}

/// Where the right number was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Witness {
    /// The sum of the claims.
    Claims,
    /// The ledger, replayed.
    Ledger,
}

/// What a reconciliation found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Shelves that were looked at.
    pub shelves: u64,
    /// Rows of the ledger that were replayed.
    pub entries: u64,
    /// What does not agree; empty in a healthy database.
    pub differences: Vec<Difference>,
    /// Shelves that hold fewer units than were promised. No fault of the books: somebody has to act.
    pub shortfalls: u64,
}
