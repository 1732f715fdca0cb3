//! Places that people name: postcodes and towns.

use domain::geo::Position;
use serde::{Deserialize, Serialize};

use crate::rows::Rows;

/// What was found for what somebody typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceAnswer {
    /// How well it fits.
    #[serde(rename = "match")]
    pub fit: PlaceFit,
    /// What was looked for instead, where there is no exact match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub showing: Option<String>,
    /// The places, the likeliest first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Place>))]
    pub places: Rows<Place>,
    /// Who is to be named as the source of the places, where their licence asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "GeoNames, CC BY 4.0"))]
    pub credit: Option<String>,
}

/// Which gazetteer is the present one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlacesInfo {
    /// Names the gazetteer by its content: other places, another id.
    pub index: String,
    /// Where it is. It never changes there and may be kept for ever.
    pub url: String,
    /// Its size as it travels, in bytes.
    pub bytes: u64,
    /// How many rows it has: a place and one of its postcodes.
    pub rows: u64,
    /// ISO 3166-1 codes of the countries that it knows.
    pub countries: Vec<String>,
}

/// How well places fit what was typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PlaceFit {
    /// What was typed, or begins so.
    Exact,
    /// There is no such place; these are the nearest to it by name.
    Near,
    /// Several places have this very name: somebody has to choose.
    Ambiguous,
    /// Nothing is like it.
    #[default]
    None,
}

/// A postcode or a town.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// What it is called: `69003 Lyon`.
    #[cfg_attr(feature = "openapi", schema(example = "69003 Lyon"))]
    pub label: String,
    /// What tells it from others of that name: region and country.
    pub detail: String,
    /// ISO 3166-1 code of two letters.
    #[cfg_attr(feature = "openapi", schema(example = "FR"))]
    pub country: String,
    /// Which of the two.
    pub kind: PlaceKind,
    /// Its middle, to about a hundred metres.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::GeoSchema))]
    pub geo: Position,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs)] // the names say it all
pub enum PlaceKind {
    Postcode,
    Town,
}
