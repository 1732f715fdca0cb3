//! Reservations: making one, and everything that happens to it afterwards.

use std::fmt;
use std::sync::Arc;

use domain::basket::{Basket, Fulfils, Line};
use domain::hours::{OpenSpan, PickupRules};
use domain::id::{LocationId, ReservationId, Sku};
use domain::money::Money;
use domain::reservation::{Action, Contact, Handover, HoldRules, InvalidTransition, Status};
use domain::time::Timestamp;

use super::ShelfRow;

/// Names one write of one caller, so that it happens once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is; each principal has a namespace of its own.
    pub principal: String,
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

/// What became of a write that happens once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once<V> {
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
    Refused(V),
}

/// Somebody who may have only so much put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    /// `person`, `device`, `kiosk` or `address`.
    pub kind: &'static str,
    /// A keyed hash of who it is; the database never learns more.
    pub hash: [u8; 32],
    /// Active reservations that they may have at most.
    pub max_active: u32,
}

/// What one shopper may have put aside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HoldingLimits {
    /// Everybody as whom the shopper counts.
    pub claimants: Vec<Claimant>,
    /// Units of one product that one person may have put aside at a time; no limit where absent.
    pub units_per_product: Option<u32>,
}

/// Shops to look at where one cannot serve, nearest first; worked out only where somebody asks.
#[derive(Clone)]
pub struct Others(Arc<dyn Fn() -> Vec<LocationId> + Send + Sync>);

impl Others {
    /// With what works them out.
    #[must_use]
    pub fn new(find: impl Fn() -> Vec<LocationId> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// The shops.
    #[must_use]
    pub fn find(&self) -> Vec<LocationId> {
        (self.0)()
    }
}

impl fmt::Debug for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Others")
    }
}

/// A shop as a reservation needs to know it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The shop.
    pub location: LocationId,
    /// When it is open in the coming days.
    pub open: Option<Vec<OpenSpan>>,
    /// IANA zone of its clock.
    pub timezone: String,
    /// How it hands over at agreed times.
    pub pickup: PickupRules,
    /// The beginning of the agreed time, where one is asked for.
    pub window: Option<Timestamp>,
    /// Shops to look at where this one cannot.
    pub others: Others,
    /// For how long goods are kept.
    pub holds: Arc<HoldRules>,
}

/// A reservation to be made.
#[derive(Debug, Clone)]
pub struct Reserve {
    /// Its public name.
    pub id: ReservationId,
    /// SHA-256 of its owner's secret.
    pub token_hash: [u8; 32],
    /// The shop.
    pub place: Place,
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
    /// What the shopper may have put aside.
    pub limits: HoldingLimits,
    /// Makes it happen once.
    pub idempotency: IdempotencyKey,
}

/// The verdict on a [`Reserve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReserveVerdict {
    /// Held.
    Held(Box<ReservationRow>),
    /// Nothing is held.
    No(Refusal),
}

/// Why goods were not claimed. Nothing is held then, and what was held before still is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Some lines are short.
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
    /// The pickup window has no place left, is not offered, or begins before the goods can be ready.
    WindowFull,
    /// The shopper has enough put aside already.
    LimitReached(Limit),
}

/// A limit that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// So many reservations at a time, for this kind of claimant.
    Reservations(&'static str, u32),
    /// So many units of this product at a time.
    Units(Sku, u32),
}

/// A reservation with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct ReservationRow {
    /// Its number in the database.
    pub no: i64,
    pub id: ReservationId,
    pub code: String,
    /// As stored; [`Status::at`] says what it is now.
    pub status: Status,
    pub location: LocationId,
    pub method: Handover,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub hold_expires_at: Timestamp,
    /// Milliseconds for which it is kept once it is ready.
    pub hold_ms: i64,
    pub extended: bool,
    pub ready_by: Option<Timestamp>,
    /// The agreed time of pickup, from and to.
    pub window: Option<(Timestamp, Timestamp)>,
    pub token_hash: [u8; 32],
    /// The name of whoever collects.
    pub collector: String,
    /// What the shopper said of their coming, as JSON.
    pub arrival: Option<String>,
    /// Codes to be redeemed at the till, as JSON.
    pub promo_codes: Option<String>,
    /// Which campaign brought the shopper, as JSON.
    pub attribution: Option<String>,
    pub lines: Vec<ReservedLine>,
}

impl ReservationRow {
    /// Units that still stand as claims.
    #[must_use]
    pub fn claimed(&self) -> u32 {
        self.lines.iter().map(|line| line.claimed).sum()
    }

    /// Whether goods lie at the desk that nobody will take any more.
    #[must_use]
    pub fn waits_to_be_put_back(&self, now: Timestamp) -> bool {
        let over = matches!(
            self.status.at(now, self.hold_expires_at),
            Status::Cancelled | Status::NoShow | Status::PartiallyCollected
        );
        over && self.claimed() > 0
    }
}

/// A line of a reservation, as it was when it was reserved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in the table, where each column is explained
pub struct ReservedLine {
    pub sku: Sku,
    pub quantity: u32,
    pub claimed: u32,
    pub collected: u32,
    pub rejected: u32,
    pub returned: u32,
    pub reason: Option<String>,
    pub title: String,
    pub variant: Option<String>,
    pub price: Option<Money>,
    pub image: Option<String>,
}

/// Who wants something done with a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doer {
    /// Whoever has its secret; this is the SHA-256 of what was shown.
    Owner([u8; 32]),
    /// Somebody with a staff token of this shop.
    Staff {
        /// The token's name in the table, for the ledger.
        token: String,
        /// The shop.
        location: LocationId,
    },
}

/// What is to be done with a reservation.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Give it back.
    Cancel,
    /// Keep it longer, once.
    Extend,
    /// Somebody else comes for it.
    SetCollector(String),
    /// Fetch it from another shop.
    ChangeLocation(Place),
    /// Give a line back, or so many units of it.
    ReleaseLine(Sku, Option<u32>),
    /// The shopper comes; JSON for the staff.
    Arrive(String),
    /// Take it on.
    Accept,
    /// Fetch it from the shelf.
    Pick,
    /// It lies at the desk.
    Ready,
    /// The shop cannot give a line, or so many units of it.
    RejectLine {
        /// The product.
        sku: Sku,
        /// Units; all that are left where absent.
        quantity: Option<u32>,
        /// Why.
        reason: &'static str,
        /// Whether the units are not on the shelf after all, or no longer good.
        missing: bool,
    },
    /// Goods change hands.
    Handover {
        /// Units; all that are left where absent.
        lines: Option<Basket>,
        /// The code that was shown, where it was asked for.
        code: Option<String>,
    },
    /// What lies at the desk goes back to the shelf.
    PutBack,
    /// Goods come back: all, or these units.
    Return {
        /// Units; all that were handed over where absent.
        lines: Option<Basket>,
        /// Why.
        reason: &'static str,
        /// Whether they are good enough for the shelf.
        restock: bool,
    },
}

impl Deed {
    /// The row of the domain's table that it is judged by.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Deed::Cancel => Action::Cancel,
            Deed::Extend => Action::Extend,
            Deed::SetCollector(_) => Action::SetCollector,
            Deed::ChangeLocation(_) => Action::ChangeLocation,
            Deed::ReleaseLine(..) => Action::ReleaseLine,
            Deed::Arrive(_) => Action::Arrive,
            Deed::Accept => Action::Accept,
            Deed::Pick => Action::Pick,
            Deed::Ready => Action::Ready,
            Deed::RejectLine { .. } => Action::RejectLine,
            Deed::Handover { .. } => Action::Handover,
            Deed::PutBack => Action::PutBack,
            Deed::Return { .. } => Action::Return,
        }
    }
}

/// What became of a [`Deed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeedVerdict {
    /// It is done, now or before.
    Done(Box<ReservationRow>),
    /// Not in this state.
    NotPossible(InvalidTransition),
    /// No such reservation, or none of the caller's.
    NotFound,
    /// The code that was shown is another one.
    WrongCode,
    /// It was extended before.
    AlreadyExtended,
    /// It has no such line.
    UnknownLine(Sku),
    /// It has fewer units than that.
    TooMany(Sku, u32),
    /// The other shop cannot serve it; it stays where it is.
    No(Refusal),
}
