//! What a retailer sets for the app.

use serde::{Deserialize, Serialize};

/// The settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// The street map; without it there is the drawn one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<MapSettings>,
}

/// Where the street map comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapSettings {
    /// One file of vector tiles (PMTiles version 3): a path of this server, or an https address that allows us (CORS, Range).
    #[cfg_attr(feature = "openapi", schema(example = "/maps/firenze.pmtiles"))]
    pub pmtiles_url: String,
    /// Who made the map; always in sight.
    #[cfg_attr(feature = "openapi", schema(example = "© OpenStreetMap contributors"))]
    pub attribution: String,
}
