//! Stock changes from tills and ERPs.

use domain::id::{LocationId, Sku};
use serde::{Deserialize, Serialize};

/// Changes that one request may carry.
pub const MAX_CHANGES: usize = 10_000;

/// Changes, judged row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryRequest {
    /// At most [`MAX_CHANGES`], applied in order.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10000))]
    pub changes: Vec<InventoryChange>,
}

/// One change of one shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryChange {
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// What `quantity` means.
    pub kind: ChangeKind,
    /// `set`: units on the shelf, 0 or more. `delta`: units to add, negative for a sale.
    #[cfg_attr(feature = "openapi", schema(minimum = -1000000, maximum = 1000000))]
    pub quantity: i64,
    /// Only if the shelf is still at this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_version: Option<u64>,
    /// Which till or system says so.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub source: String,
    /// Grows with each change of that source to that shelf; an old or repeated one is ignored.
    pub sequence: u64,
}

/// What a quantity means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ChangeKind {
    /// A count: so many are there.
    Set,
    /// A movement: so many came or went.
    Delta,
}

/// What became of the changes, row by row in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryAnswer {
    /// One for each change.
    pub results: Vec<ChangeResult>,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeResult {
    /// The verdict.
    pub verdict: Verdict,
    /// The version of the shelf now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Units on the shelf now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hand: Option<i64>,
    /// Units that are promised beyond what the shelf holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<u64>,
    /// For people, where it was not applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A verdict on one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// Done.
    Applied,
    /// This sequence, or a later one of the same source, was seen before.
    AlreadySeen,
    /// The shelf is at another version than `if_version`.
    VersionMismatch,
    /// No such shop.
    UnknownLocation,
    /// No such product.
    UnknownProduct,
    /// A movement of something that the shop does not carry.
    NotCarried,
    /// The quantity or the source is out of range.
    Invalid,
}
