//! The JSON that crosses the wire: shapes, paths and error codes of version 1, and no rule.
//!
//! The server writes these types and the app reads them, so that the two cannot drift apart. Names follow the Universal
//! Commerce Protocol where it has one. Requests refuse unknown fields; answers tolerate them, so that an older app goes
//! on working against a newer server.
//!
//! Reading order: [`paths`], [`location`], [`product`], [`availability`], [`reservation`], [`staff`],
//! [`inventory`], [`device`], [`problem`]; [`json`] and [`rows`] read them in the app.

pub mod availability;
pub mod device;
pub mod inventory;
pub mod json;
pub mod location;
pub mod paths;
pub mod place;
pub mod problem;
pub mod product;
pub mod reservation;
pub mod rows;
pub mod search;
pub mod settings;
pub mod staff;

use serde::{Deserialize, Serialize};

/// The largest page that a list is answered with.
pub const MAX_PAGE: u32 = 100;

/// Where a list goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pagination {
    /// Give this back as `cursor` to get what follows; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are in all.
    #[serde(default)]
    pub total: u64,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageRequest {
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows wanted, 1 to [`MAX_PAGE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// So many units of one product, as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "BO-075-GLA"))]
    pub sku: domain::id::Sku,
    /// Units, 1 to 99.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 99, example = 1))]
    pub quantity: u32,
}

/// Money in minor units.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[schema(as = Money)]
#[allow(dead_code)] // only its schema is used
pub struct MoneySchema {
    /// Minor units (cents).
    #[schema(minimum = 0, example = 3490)]
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    pub currency: String,
}

/// Degrees, WGS 84.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[schema(as = Geo)]
#[allow(dead_code)] // only its schema is used
pub struct GeoSchema {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90, example = 45.76)]
    pub latitude: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180, example = 4.86)]
    pub longitude: f64,
}
