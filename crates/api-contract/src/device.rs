//! How the screens in shops are doing.

use domain::id::LocationId;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest name of a version, in characters.
pub const MAX_VERSION: usize = 64;
/// The longest last error, in characters.
pub const MAX_ERROR: usize = 200;

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceReport {
    /// Where it thinks that it stands; a token of another shop is refused.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// Which version of the app it runs.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub app_version: String,
    /// Seconds since the stock that it shows was last confirmed; absent where it shows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_age_s: Option<u32>,
    /// Seconds since it was started.
    pub uptime_s: u32,
    /// What went wrong last, without anything of a person in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub last_error: Option<String>,
}

/// A device as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// The id of its token, by which it can be taken back.
    pub id: String,
    /// What its token is called.
    pub name: String,
    /// Its shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// When it was last heard of; absent where it was not since `heard_since`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_contact_at: Option<Timestamp>,
    /// Seconds since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_contact_age_s: Option<u32>,
    /// Which version of the app it ran then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    /// How old the stock that it showed was then, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_age_s: Option<u32>,
    /// For how long it had run then, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime_s: Option<u32>,
    /// What had gone wrong last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// All devices whose tokens are valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceList {
    /// The instant for which ages hold.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
    /// Since when this server listens: what was said before is not known to it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub heard_since: Timestamp,
    /// The longest silent first.
    pub devices: Vec<Device>,
}
