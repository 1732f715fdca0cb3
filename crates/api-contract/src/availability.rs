//! Stock: what may be promised of products at shops, with the age of each number.

use domain::basket::Fulfils;
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, Reason, StockState};
use domain::money::Money;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Item;
use crate::rows::Rows;

/// Products that one question may name.
pub const MAX_ITEMS: usize = 50;
/// Shops that one question or one stream may name.
pub const MAX_LOCATIONS: usize = 200;
/// Shops that are looked at around a place where no other number is asked for.
pub const DEFAULT_NEAR: u32 = 20;

/// What is asked. Exactly one of `location_ids` and `near` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AvailabilityRequest {
    /// The products, at most [`MAX_ITEMS`].
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub items: Vec<Item>,
    /// At these shops, at most [`MAX_LOCATIONS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 200))]
    pub location_ids: Option<Vec<LocationId>>,
    /// Around a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<Near>,
}

/// Around a place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Near {
    /// Degrees north.
    #[cfg_attr(feature = "openapi", schema(minimum = -90, maximum = 90))]
    pub latitude: f64,
    /// Degrees east.
    #[cfg_attr(feature = "openapi", schema(minimum = -180, maximum = 180))]
    pub longitude: f64,
    /// Metres, included; without it there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub max_m: Option<f64>,
    /// How many of the nearest shops, 1 to [`MAX_LOCATIONS`]; [`DEFAULT_NEAR`] where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    pub limit: Option<u32>,
}

/// The answer: a row for each product at each shop, and the basket as a whole for each shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AvailabilityAnswer {
    /// The instant for which all rows hold, by the server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
    /// Shop by shop, nearest first where a place was given; within a shop in the order of the question.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<AvailabilityRow>))]
    pub rows: Rows<AvailabilityRow>,
    /// One for each shop, in the same order.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<BasketRow>))]
    pub baskets: Rows<BasketRow>,
}

/// One product at one shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AvailabilityRow {
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// Whether as many as asked may be promised.
    #[cfg_attr(feature = "openapi", schema(value_type = StockStateSchema))]
    pub state: StockState,
    /// Units that may be promised; absent where not carried or not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// How the number is meant.
    #[serde(default)]
    pub quantity_kind: QuantityKind,
    /// Whether it can be put aside here now: there are enough, and the shop hands this product over.
    #[serde(default)]
    pub pickup: bool,
    /// Why it cannot be put aside here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub reason: Option<Reason>,
    /// When it would be ready if reserved now, counted in open minutes of the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ready_by: Option<Timestamp>,
    /// Where it stands in the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aisle: Option<String>,
    /// What it costs here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::MoneySchema>))]
    pub price: Option<Money>,
    /// What it costs here when it is not on sale; absent where it is not on sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::MoneySchema>))]
    pub regular_price: Option<Money>,
    /// When the shop's own system last said something about this shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub counted_at: Option<Timestamp>,
    /// The instant for which the row holds.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
}

impl AvailabilityRow {
    /// The row as a reading for a screen.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading { state: self.state, quantity: self.quantity, as_of: self.as_of }
    }
}

/// How a quantity is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum QuantityKind {
    /// That many.
    #[default]
    Exact,
    /// That many or more.
    AtLeast,
    /// Only the state means anything. Also any kind that a newer server may send.
    #[serde(other)]
    Band,
}

/// A basket at one shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BasketRow {
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// How much of the basket may be promised there.
    #[cfg_attr(feature = "openapi", schema(value_type = FulfilsSchema))]
    pub fulfils: Fulfils,
    /// Products of which there are fewer than asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub missing: Vec<Sku>,
    /// Metres from the place that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
}

/// The name of the event that carries an [`AvailabilityEvent`].
pub const EVENT_AVAILABILITY: &str = "availability";
/// The name of the event that says: forget what you have, a snapshot of everything follows.
pub const EVENT_RESET: &str = "reset";
/// The name of the event that says: nothing changed, the line is alive. Its data is a [`Heartbeat`].
pub const EVENT_HEARTBEAT: &str = "heartbeat";
/// Seconds between heartbeats.
pub const HEARTBEAT_SECONDS: u64 = 15;

/// The state of a shelf, sent when it changed; a state and not a difference, so that the last one always wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AvailabilityEvent {
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// What to say to somebody who asks for one unit.
    #[cfg_attr(feature = "openapi", schema(value_type = StockStateSchema))]
    pub state: StockState,
    /// Units that may be promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// The instant for which it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
}

impl AvailabilityEvent {
    /// The event as a reading for a screen.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading { state: self.state, quantity: self.quantity, as_of: self.as_of }
    }
}

/// A sign of life on a stream, also the data of `reset`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Heartbeat {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
}

/// See `domain::inventory::StockState`.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema, Serialize)]
#[schema(as = StockState)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)] // only its schema is used
pub enum StockStateSchema {
    Available,
    Limited,
    Unavailable,
    NotCarried,
    Unknown,
}

/// See `domain::basket::Fulfils`.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema, Serialize)]
#[schema(as = Fulfils)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)] // only its schema is used
pub enum FulfilsSchema {
    All,
    Some,
    None,
}
