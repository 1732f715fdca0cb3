//! What the search inside the browser needs: the index, and what shops have.

use domain::id::LocationId;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which index is the present one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchInfo {
    /// Names the index by its content: another catalogue, another id.
    pub index: String,
    /// Where it is. It never changes there and may be kept for ever.
    pub url: String,
    /// Its size as it travels, in bytes.
    pub bytes: u64,
    /// How many product variants are in it.
    pub products: u64,
}

/// What shops can promise at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchStock {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
    /// For each shop that was asked for and is known.
    pub locations: Vec<LocationStock>,
}

/// The products that a shop can promise one unit of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationStock {
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// Numbers of products in the index, as the gaps between them in groups of seven bits, in base64.
    pub products: String,
}
