//! Shops.

use std::collections::BTreeMap;

use domain::geo::Position;
use domain::hours::{LocalDate, OpenSpan, TimeOfDay, Weekday};
use domain::id::LocationId;
use domain::reservation::Handover;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rows::Rows;
use crate::{Item, PageRequest, Pagination};

/// What shops are asked for: all conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationSearch {
    /// Words of the name, street, town, region or the beginning of the postcode; accents and case do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub query: Option<String>,
    /// Around a place; the answer is then nearest first and says how far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<DistanceFilter>,
    /// Further conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<LocationFilters>,
    /// Which part of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<PageRequest>,
}

/// Around a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DistanceFilter {
    /// The place.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::GeoSchema))]
    pub center: Position,
    /// Metres along the great circle, included; without it there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub max: Option<f64>,
}

/// Further conditions on shops.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationFilters {
    /// By opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursFilter>,
    /// Ids of amenities that a shop must all have; one that no shop has is an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amenities: Vec<String>,
    /// Goods of which a shop must have enough, each line in full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

/// By opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HoursFilter {
    /// Open at this instant, past or to come, by the shop's own clock and the hours in force now: how they will be
    /// changed nobody knows. Shops whose hours are not known do not pass.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub open_at: Timestamp,
}

/// Shops that were found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationPage {
    /// The server's clock, by which "open now" is to be told.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
    /// Nearest first where a place was given, else by name.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Location>))]
    pub locations: Rows<Location>,
    /// Where the list goes on.
    pub pagination: Pagination,
}

/// Which file of all shops is the present one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationIndexInfo {
    /// Names the file by its content: other shops or another day, another id.
    pub index: String,
    /// Where it is. It never changes there and may be kept for ever.
    pub url: String,
    /// Its size as it travels, in bytes.
    pub bytes: u64,
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Location {
    /// The retailer's code of the shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "lyo-part-dieu"))]
    pub id: LocationId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub address: Address,
    /// Where it stands on Earth.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::GeoSchema))]
    pub geo: Position,
    /// IANA zone of its clock.
    #[cfg_attr(feature = "openapi", schema(example = "Europe/Paris"))]
    pub timezone: String,
    /// Hours of the week by its own clock, any number of rows a day; absent means not known, never "open". Of a shop
    /// with seasons it is the usual week of the coming four, and days of these that differ are in `exception_hours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Vec<DayHours>>,
    /// What the shop says of its hours in its own words, where the numbers do not say all of it (holidays, seasons, by
    /// appointment) or where there are none. Never a reason to call it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_text: Option<String>,
    /// Dated exceptions; they replace the hours of each of their days.
    #[serde(default)]
    pub exception_hours: Vec<ExceptionHours>,
    /// When it is open in the coming days, as instants in order; absent means not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<OpenSpanSchema>>))]
    pub open_spans: Option<Vec<OpenSpan>>,
    /// Up to when `open_spans` is known.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub open_known_until: Timestamp,
    /// What it offers, by id.
    #[serde(default)]
    pub amenities: BTreeMap<String, Amenity>,
    /// Metres from the place that was asked for, along the great circle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// How goods change hands there.
    pub pickup: Pickup,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Address {
    /// Street and number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub street_address: String,
    /// Town.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address_locality: String,
    /// State, province or county.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address_region: String,
    /// Postcode.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// ISO 3166-1 code of two letters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address_country: String,
}

/// One stretch of a day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayHours {
    /// The day on which it opens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "monday"))]
    pub day: Weekday,
    /// `HH:MM`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "10:00"))]
    pub opens: TimeOfDay,
    /// `HH:MM`, up to `24:00`; earlier than `opens` means the next day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "19:30"))]
    pub closes: TimeOfDay,
}

/// One stretch of an exceptional day; without times the shop is closed that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExceptionHours {
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub valid_from: LocalDate,
    /// Last day, included.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub valid_through: LocalDate,
    /// `HH:MM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub opens: Option<TimeOfDay>,
    /// `HH:MM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub closes: Option<TimeOfDay>,
    /// What the day is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Something a shop offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amenity {
    /// For people.
    pub description: String,
}

/// How goods change hands at a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pickup {
    /// Whether anything can be reserved there.
    pub enabled: bool,
    /// The ways.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["in_store", "curbside"])))]
    pub methods: Vec<Handover>,
    /// How many hours goods are kept aside, counted from when they should be ready.
    #[serde(default)]
    pub hold_hours: u32,
}

/// When goods can be fetched at a shop by agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PickupWindows {
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
    /// In order, full ones among them; empty where the shop agrees on no times or its hours are not known.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<PickupWindow>))]
    pub windows: Rows<PickupWindow>,
}

/// A time at which goods can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PickupWindow {
    /// It begins; what a reservation names it by.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub starts_at: Timestamp,
    /// It ends, at closing at the latest.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub ends_at: Timestamp,
    /// Reservations that it has room for; no limit where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// How many of these are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

/// A stretch of opening as instants.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[schema(as = OpenSpan)]
#[allow(dead_code)] // only its schema is used
pub struct OpenSpanSchema {
    /// The door opens.
    #[schema(format = DateTime)]
    pub opens_at: String,
    /// The door closes.
    #[schema(format = DateTime)]
    pub closes_at: String,
}
