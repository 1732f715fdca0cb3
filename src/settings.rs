//! What the retailer set: name, languages, units, what is switched on. It stands in the page, so it is there before the first
//! screen and without a network.

use std::sync::LazyLock;

use api_contract::json;
use api_contract::location::Location;
use api_contract::settings::{Settings, Units};
use domain::map::Unit;
use domain::reservation::Handover;

use crate::browser::document;

/// The id of the block in the page; the server writes it.
const BLOCK: &str = "nearshelf-settings";
/// The service that goes with [`Handover::Curbside`].
const TO_THE_CAR: &str = "curbside-pickup";

static OF_PAGE: LazyLock<Settings> = LazyLock::new(|| {
    // Natively, in the tests, there is no page.
    let block = if cfg!(target_arch = "wasm32") { document::text(BLOCK) } else { None };
    read(block.as_deref())
});

/// The settings of this page, which do not change while it is there.
#[must_use]
pub fn of_page() -> &'static Settings {
    &OF_PAGE
}

/// The name of the retailer.
#[must_use]
pub fn name() -> &'static str {
    &of_page().name
}

/// In what distances are said in a country (ISO 3166-1).
#[must_use]
pub fn unit(country: &str) -> Unit {
    unit_by(of_page().units, country)
}

/// A shop without the services that are switched off.
#[must_use]
pub fn offered(location: Location) -> Location {
    if of_page().features.curbside { location } else { to_the_counter(location) }
}

fn unit_by(units: Units, country: &str) -> Unit {
    match units {
        Units::Auto => Unit::of(country),
        Units::Metric => Unit::Kilometre,
        Units::Imperial => Unit::Mile,
    }
}

fn to_the_counter(mut location: Location) -> Location {
    location.pickup.methods.retain(|way| *way != Handover::Curbside);
    location.amenities.retain(|id, _| id != TO_THE_CAR);
    location
}

/// The settings that a page says; as by default where it says none, or none that can be read.
fn read(block: Option<&str>) -> Settings {
    let mut settings: Settings = block.and_then(|text| json::read(text).ok()).unwrap_or_default();
    // Our server says so itself; a page that somebody else serves may say less.
    let features = &mut settings.features;
    features.basket &= features.reserve;
    features.curbside &= features.reserve;
    settings.map = settings.map.filter(|_| features.street_map);
    settings
}

#[cfg(test)]
mod tests {
    use api_contract::location::Amenity;

    use super::*;
    use crate::nearby::example;

    #[test]
    fn a_page_that_says_nothing_readable_is_as_by_default() {
        for block in [None, Some(""), Some("{"), Some("{}"), Some("[]"), Some(r#"{"units":"leagues"}"#)] {
            assert_eq!(read(block), Settings::default(), "{block:?}");
        }
    }

    #[test]
    fn what_a_page_says_is_taken() {
        let settings =
            read(Some(r#"{"name":"\u003c/script\u003e \u0026 Co","units":"imperial","features":{"scan":false}}"#));
        assert_eq!((settings.name.as_str(), settings.units), ("</script> & Co", Units::Imperial));
        assert!(!settings.features.scan && settings.features.basket);
    }

    #[test]
    fn what_follows_from_something_that_is_off_is_off() {
        let map = r#""map":{"pmtiles_url":"/maps/a.pmtiles","attribution":"A"}"#;
        let on = read(Some(&["{", map, "}"].concat()));
        assert!(on.map.is_some() && on.features.basket && on.features.curbside);
        let off = read(Some(&["{", map, r#","features":{"reserve":false,"street_map":false}}"#].concat()));
        assert!(off.map.is_none() && !off.features.basket && !off.features.curbside);
    }

    #[test]
    fn distances_are_said_as_the_retailer_wants_them() {
        let check = |units, expect: [Unit; 2]| assert_eq!(["FR", "GB"].map(|country| unit_by(units, country)), expect);
        check(Units::Auto, [Unit::Kilometre, Unit::Mile]);
        check(Units::Metric, [Unit::Kilometre; 2]);
        check(Units::Imperial, [Unit::Mile; 2]);
    }

    #[test]
    fn a_shop_that_brings_nothing_to_cars_does_not_say_that_it_does() {
        let mut shop = example::shop("a", 1).location;
        shop.pickup.methods = vec![Handover::InStore, Handover::Curbside];
        shop.amenities = ["curbside-pickup", "parking"]
            .map(|id| (id.to_owned(), Amenity { description: String::new() }))
            .into_iter()
            .collect();
        let shop = to_the_counter(shop);
        assert_eq!(shop.pickup.methods, [Handover::InStore]);
        assert_eq!(shop.amenities.keys().collect::<Vec<_>>(), ["parking"]);
    }
}
