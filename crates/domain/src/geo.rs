//! Where things are, and which is nearest.
//!
//! Distances are great-circle metres on the mean Earth sphere (`geo::Haversine`), within 0.5 % of the ellipsoid, so the
//! antimeridian and the poles need no special case.

mod index;

use std::collections::BinaryHeap;
use std::fmt;

use geo::{Distance, Haversine, Point};
use serde::{Deserialize, Serialize};

pub use index::GeoIndex;

/// A place on Earth, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPosition", into = "RawPosition")]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

/// A position as it stands in JSON, not yet believed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPosition {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// Why two numbers are not a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPosition {
    /// Latitude is not a number from -90 to 90.
    Latitude,
    /// Longitude is not a number from -180 to 180.
    Longitude,
}

impl fmt::Display for BadPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadPosition::Latitude => "latitude is not between -90 and 90",
            BadPosition::Longitude => "longitude is not between -180 and 180",
        })
    }
}

impl std::error::Error for BadPosition {}

impl Position {
    /// Checks a pair of degrees.
    ///
    /// # Errors
    /// [`BadPosition`] names the one that is out of range or not a number.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, BadPosition> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(BadPosition::Latitude);
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(BadPosition::Longitude);
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north, -90 to 90.
    #[must_use]
    pub fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east, -180 to 180.
    #[must_use]
    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Great-circle distance in metres.
    #[must_use]
    pub fn distance_m(self, other: Position) -> f64 {
        Haversine.distance(self.point(), other.point())
    }

    /// The position to about a kilometre (two decimals): near enough to rank shops, too coarse to find a home.
    #[must_use]
    pub fn rounded(self) -> Position {
        let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
        Position { latitude: round(self.latitude), longitude: round(self.longitude) }
    }

    fn point(self) -> Point<f64> {
        Point::new(self.longitude, self.latitude)
    }
}

impl TryFrom<RawPosition> for Position {
    type Error = BadPosition;
    fn try_from(raw: RawPosition) -> Result<Self, BadPosition> {
        Self::new(raw.latitude, raw.longitude)
    }
}

impl From<Position> for RawPosition {
    fn from(p: Position) -> RawPosition {
        RawPosition { latitude: p.latitude, longitude: p.longitude }
    }
}

/// The `count` nearest of `items`, nearest first, each with its distance in metres.
///
/// Only items at most `max_m` metres away are taken; the limit itself is included.
/// Items at the very same distance keep the order in which they came, so that an answer is stable.
pub fn nearest<T>(
    origin: Position,
    items: impl IntoIterator<Item = T>,
    position: impl Fn(&T) -> Position,
    max_m: Option<f64>,
    count: usize,
) -> Vec<(T, f64)> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let order: Vec<(f64, usize)> = items
        .iter()
        .enumerate()
        .filter_map(|(place, item)| Some((origin.distance_m(position(item.as_ref()?)), place)))
        .filter(|(distance, _)| max_m.is_none_or(|max| *distance <= max))
        .collect();
    // Small pairs are ranked instead of the items, and once for all kinds of items.
    let order = rank(order, count);
    order.into_iter().filter_map(|(distance, place)| Some((items.get_mut(place)?.take()?, distance))).collect()
}

/// All of `items`, nearest first, each with its distance in whole metres; as they came, without distances, where no place is known.
pub fn ranked<T>(origin: Option<Position>, items: Vec<T>, position: impl Fn(&T) -> Position) -> Vec<(T, Option<u32>)> {
    let Some(origin) = origin else { return items.into_iter().map(|item| (item, None)).collect() };
    let count = items.len();
    let ranked = nearest(origin, items, position, None, count);
    ranked.into_iter().map(|(item, metres)| (item, Some(whole_metres(metres)))).collect()
}

/// A distance as it is said and sent.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most half the Earth's girth, never negative
pub fn whole_metres(metres: f64) -> u32 {
    metres.round() as u32
}

/// The `count` smallest, in order; the place decides between equals. The general sorts would be 7 kB of the wasm.
fn rank(all: Vec<(f64, usize)>, count: usize) -> Vec<(f64, usize)> {
    let mut nearest = BinaryHeap::new();
    for (distance, place) in all {
        // The bits of numbers that are not negative are in the order of the numbers.
        nearest.push((distance.to_bits(), place));
        if nearest.len() > count {
            nearest.pop();
        }
    }
    nearest.into_sorted_vec().into_iter().map(|(bits, place)| (f64::from_bits(bits), place)).collect()
}

/// Degrees as people and links write them: six decimals, about ten centimetres.
#[must_use]
pub fn decimal_degrees(degrees: f64) -> String {
    #[allow(clippy::cast_possible_truncation)] // at most 180 million
    let micro = (degrees * 1e6).round() as i64;
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", micro.abs() / 1_000_000, micro.abs() % 1_000_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    #[test]
    fn positions_outside_the_earth_are_refused() {
        assert_eq!(Position::new(91.0, 0.0), Err(BadPosition::Latitude));
        assert_eq!(Position::new(f64::NAN, 0.0), Err(BadPosition::Latitude));
        assert_eq!(Position::new(0.0, 180.1), Err(BadPosition::Longitude));
        assert_eq!(Position::new(0.0, f64::INFINITY), Err(BadPosition::Longitude));
        assert!(Position::new(-90.0, 180.0).is_ok());
        assert!(serde_json::from_str::<Position>(r#"{"latitude":91,"longitude":0}"#).is_err());
    }

    #[test]
    fn distances_agree_with_known_ones() {
        // Lyon Part-Dieu to Place Bellecour: 2.4 km. Paris to Warsaw: 1,367 km.
        assert!((at(45.7606, 4.8590).distance_m(at(45.7578, 4.8320)) - 2_120.0).abs() < 60.0);
        assert!((at(48.8566, 2.3522).distance_m(at(52.2297, 21.0122)) - 1_367_000.0).abs() < 5_000.0);
    }

    #[test]
    fn the_antimeridian_and_the_poles_are_no_walls() {
        assert!(at(0.0, 179.9).distance_m(at(0.0, -179.9)) < 22_300.0);
        assert!(at(90.0, 0.0).distance_m(at(90.0, 135.0)) < 1.0);
        assert!(at(89.9, 0.0).distance_m(at(89.9, 180.0)) < 22_300.0);
    }

    #[test]
    fn the_radius_is_inclusive_and_ties_keep_their_order() {
        let here = at(45.0, 5.0);
        let exact = here.distance_m(at(45.0, 5.1));
        let items = [("a", at(45.0, 5.1)), ("b", at(45.0, 5.1)), ("far", at(46.0, 5.0))];
        let got = nearest(here, items, |i| i.1, Some(exact), 10);
        assert_eq!(got.iter().map(|g| g.0.0).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn shops_are_ranked_by_whole_metres_and_stay_as_they_came_without_a_place() {
        let shops = || vec![("far", at(45.1, 5.0)), ("near", at(45.0, 5.0001))];
        let names = |ranked: Vec<((_, _), _)>| ranked.into_iter().map(|(shop, m)| (shop.0, m)).collect::<Vec<_>>();
        let ranked = |origin| names(ranked(origin, shops(), |shop| shop.1));
        assert_eq!(ranked(Some(at(45.0, 5.0))), [("near", Some(8)), ("far", Some(11_120))]);
        assert_eq!(ranked(None), [("far", None), ("near", None)]);
    }

    #[test]
    fn a_distance_is_said_in_whole_metres() {
        assert_eq!([0.0, 0.4, 0.5, 20_037_508.3].map(whole_metres), [0, 0, 1, 20_037_508]);
    }

    #[test]
    fn degrees_are_written_with_six_decimals() {
        assert_eq!(decimal_degrees(45.764_219), "45.764219");
        assert_eq!(decimal_degrees(-0.000_001_4), "-0.000001");
        assert_eq!(decimal_degrees(-93.25), "-93.250000");
        assert_eq!(decimal_degrees(180.0), "180.000000");
    }

    #[test]
    fn a_rounded_position_is_within_a_kilometre() {
        let home = at(45.764_219, 4.857_881);
        assert!((home.rounded().latitude() - 45.76).abs() < 1e-9);
        assert!(home.distance_m(home.rounded()) < 1_000.0);
    }

    proptest! {
        #[test]
        fn nearest_is_what_sorting_everything_gives(
            origin in (-90.0..=90.0f64, -180.0..=180.0f64),
            places in prop::collection::vec((-90.0..=90.0f64, -180.0..=180.0f64), 0..60),
            count in 0usize..25,
        ) {
            let origin = at(origin.0, origin.1);
            let got = nearest(origin, places.iter().copied(), |p| at(p.0, p.1), None, count);
            let mut all: Vec<f64> = places.iter().map(|p| origin.distance_m(at(p.0, p.1))).collect();
            all.sort_by(f64::total_cmp);
            all.truncate(count);
            prop_assert_eq!(got.iter().map(|g| g.1).collect::<Vec<_>>(), all);
        }
    }
}
