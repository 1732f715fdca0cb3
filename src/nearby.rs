//! The shops around the shopper: fetched once for the whole app, ranked on the device.

use api_contract::PageRequest;
use api_contract::location::{DistanceFilter, Location, LocationPage, LocationSearch};
use domain::geo;
use domain::hours::OpenState;
use domain::id::LocationId;
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::api::{self, ApiError};
use crate::browser::intl;
use crate::lasting::Lasting;
use crate::places;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::session::{Place, Session};
use crate::settings;
use crate::words::{self, Said};

/// Shops farther than this are not "nearby", in metres.
pub const NEARBY_M: u32 = 30_000;

/// Shops that are looked at around a place.
pub const SHOPS: u32 = 20;

/// A shop and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shop {
    /// The shop.
    pub location: Location,
    /// Metres from the shopper's place; `None` where no place is known.
    pub distance_m: Option<u32>,
}

impl Shop {
    /// How far, written out; empty where not known, and at the door, where it says nothing.
    #[must_use]
    pub fn distance(&self) -> String {
        let metres = self.distance_m.filter(|metres| *metres >= 25);
        metres.map(|m| intl::distance(m, &self.location.address.address_country)).unwrap_or_default()
    }

    /// Whether somebody would go there for one product.
    #[must_use]
    pub fn is_nearby(&self) -> bool {
        self.distance_m.is_none_or(|metres| metres <= NEARBY_M)
    }

    /// Street and town in one line.
    #[must_use]
    pub fn address_line(&self) -> String {
        address_line(&self.location)
    }
}

/// Street, postcode and town in one line.
#[must_use]
pub fn address_line(location: &Location) -> String {
    let address = &location.address;
    let town = format!("{} {}", address.postal_code, address.address_locality);
    [address.street_address.trim(), town.trim()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name of a shop without that of its chain: `Mall of America` of "Best Buy - Mall of America".
#[must_use]
pub fn own_name(location: &Location) -> &str {
    location.name.rsplit_once(" - ").map_or(location.name.as_str(), |(_, own)| own)
}

/// What tells a shop from its sisters: `Part-Dieu` of "Lyon Part-Dieu" in Lyon, `Mall of America` of "Best Buy - Mall
/// of America". Buttons and lines have no room for the rest, and next to the shop's town it says nothing new.
#[must_use]
pub fn short_name(location: &Location) -> &str {
    let own = own_name(location);
    let town = location.address.address_locality.as_str();
    match own.strip_prefix(town).map(str::trim_start) {
        Some(rest) if !town.is_empty() && !rest.is_empty() && rest.len() < own.len() - town.len() => rest,
        _ => own,
    }
}

/// Whether a shop is open at an instant.
#[must_use]
pub fn open_state(location: &Location, now: Timestamp) -> OpenState {
    OpenState::at(now, location.open_spans.as_deref(), location.open_known_until)
}

/// Whether a shop is open, in words, by its own clock.
#[must_use]
pub fn opening(location: &Location, now: Timestamp) -> (Said, String) {
    let zone = Some(location.timezone.as_str());
    words::opening(
        open_state(location, now),
        now,
        |at| intl::time(at, zone),
        |at| intl::weekday_time(at, zone),
        |at| intl::day_key(at, zone) == intl::day_key(now, zone),
    )
}

/// Ranks shops by the exact place, which never left the device: what was asked with was rounded.
#[must_use]
pub fn rank(locations: Vec<Location>, place: Option<&Place>) -> Vec<Shop> {
    let ranked = geo::ranked(place.map(|place| place.position), locations, |location| location.geo);
    ranked.into_iter().map(|(location, distance_m)| Shop { location, distance_m }).collect()
}

/// The shops around the shopper, shared by all screens.
#[derive(Clone, Copy)]
pub struct Nearby {
    /// Nearest first; idle where no place is known.
    pub shops: Lasting<RwSignal<Remote<Vec<Shop>>>>,
    /// The shopper's own shop: the chosen one, else the nearest.
    pub here: Lasting<Memo<Option<Shop>>>,
    retry: RwSignal<u32>,
}

/// The shops around the shopper.
///
/// # Panics
/// Outside of `<App/>`, which provides them.
#[must_use]
pub fn use_nearby() -> Nearby {
    expect_context()
}

impl Nearby {
    /// Follows the shopper's place.
    #[must_use]
    pub fn follow(session: Session) -> Self {
        let retry = RwSignal::new(0u32);
        let shops = fetch(FAILURE_SHOWS, move || {
            retry.track();
            let place = session.place()?;
            Some(async move {
                let page = around(session, &place).await?;
                Ok(rank(page.locations.into(), Some(&place)))
            })
        });
        let here = Memo::new(move |_| {
            let chosen = session.store();
            shops.with(|shops| own_shop(shops.ready()?, chosen.as_ref()).cloned())
        });
        Effect::new(move |_| {
            if let Some(shop) = here.get() {
                session.own_shop_found(&shop.location);
            }
        });
        Self { shops: Lasting::new(shops), here: Lasting::new(here), retry }
    }

    /// The shops around by their ids: the shopper's own, then the nearest first.
    #[must_use]
    pub fn ids(self) -> Vec<LocationId> {
        let own = self.here.with(|here| here.as_ref().map(|shop| shop.location.id.clone()));
        let others = self.shops.with(|shops| {
            let all = shops.ready().into_iter().flatten().map(|shop| shop.location.id.clone());
            all.filter(|id| Some(id) != own.as_ref()).collect::<Vec<_>>()
        });
        own.into_iter().chain(others).collect()
    }

    /// Asks again.
    pub fn again(self) {
        self.retry.update(|n| *n = n.wrapping_add(1));
    }
}

async fn around(session: Session, place: &Place) -> Result<LocationPage, ApiError> {
    let search = LocationSearch {
        distance: Some(DistanceFilter { center: place.position.rounded(), max: None }),
        pagination: Some(PageRequest { cursor: None, limit: Some(SHOPS) }),
        ..LocationSearch::default()
    };
    find(session, &search).await
}

/// Shops, from wherever they come fastest: the device, where it has them all, else the server.
///
/// # Errors
/// [`ApiError`] of the server, where the device has no answer.
pub async fn find(session: Session, search: &LocationSearch) -> Result<LocationPage, ApiError> {
    let mut page = match places::shops(search, session.clock.now_untracked()).await {
        Some(page) => page,
        None => {
            let page = api::search_locations(search).await?;
            session.clock.learn(page.as_of);
            page
        }
    };
    page.locations = page.locations.map(settings::offered);
    Ok(page)
}

/// The chosen shop where it is among those nearby, else the nearest.
fn own_shop<'a>(shops: &'a [Shop], chosen: Option<&LocationId>) -> Option<&'a Shop> {
    shops.iter().find(|s| Some(&s.location.id) == chosen).or_else(|| shops.first())
}

/// Shops for the tests of those who show them.
#[cfg(test)]
pub(crate) mod example {
    use api_contract::location::{Address, Location, Pickup};
    use domain::geo::Position;
    use domain::id::LocationId;
    use domain::time::Timestamp;

    use super::Shop;

    pub(crate) fn location(id: &str) -> Location {
        Location {
            id: LocationId::new(id).unwrap(),
            name: id.to_owned(),
            address: Address::default(),
            geo: Position::new(45.0, 4.85).unwrap(),
            timezone: "Europe/Paris".to_owned(),
            hours: None,
            exception_hours: vec![],
            open_spans: None,
            open_known_until: Timestamp::from_millis(0),
            amenities: std::collections::BTreeMap::new(),
            distance_m: None,
            pickup: Pickup { enabled: true, methods: vec![], hold_hours: 48 },
            phone: None,
            hours_text: None,
        }
    }

    pub(crate) fn shop(id: &str, metres: u32) -> Shop {
        Shop { location: location(id), distance_m: Some(metres) }
    }
}

#[cfg(test)]
mod tests {
    use domain::geo::Position;

    use super::*;

    fn shop(id: &str, latitude: f64) -> Location {
        Location { geo: Position::new(latitude, 4.85).unwrap(), ..example::location(id) }
    }

    fn ids(shops: &[Shop]) -> Vec<&str> {
        shops.iter().map(|s| s.location.id.as_str()).collect()
    }

    #[test]
    fn shops_are_ranked_by_the_exact_place() {
        let place =
            Place { label: "Near you".into(), position: Position::new(45.7649, 4.85).unwrap(), from_device: true };
        let ranked = rank(vec![shop("far", 45.80), shop("near", 45.765), shop("mid", 45.75)], Some(&place));
        assert_eq!(ids(&ranked), ["near", "mid", "far"]);
        assert_eq!(ranked[0].distance_m, Some(11));
    }

    #[test]
    fn without_a_place_the_order_stays_and_there_is_no_distance() {
        let ranked = rank(vec![shop("b", 1.0), shop("a", 2.0)], None);
        assert_eq!(ids(&ranked), ["b", "a"]);
        assert_eq!(ranked[0].distance_m, None);
    }

    #[test]
    fn the_own_shop_is_the_chosen_one_or_else_the_nearest() {
        let shops = rank(vec![shop("a", 1.0), shop("b", 2.0)], None);
        let own = |chosen: Option<&str>| {
            let chosen = chosen.map(|c| LocationId::new(c).unwrap());
            own_shop(&shops, chosen.as_ref()).map(|s| s.location.id.to_string())
        };
        assert_eq!(own(Some("b")).as_deref(), Some("b"));
        assert_eq!(own(Some("gone")).as_deref(), Some("a"));
        assert_eq!(own(None).as_deref(), Some("a"));
    }

    #[test]
    fn the_short_name_leaves_out_chain_and_town_but_never_everything() {
        let short = |name: &str, town: &str| {
            let mut location = shop("a", 1.0);
            location.name = name.to_owned();
            location.address.address_locality = town.to_owned();
            short_name(&location).to_owned()
        };
        assert_eq!(short("Lyon Part-Dieu", "Lyon"), "Part-Dieu");
        assert_eq!(short("Best Buy - Mall of America", "Bloomington"), "Mall of America");
        assert_eq!(short("Villeurbanne", "Villeurbanne"), "Villeurbanne");
        assert_eq!(short("Lyonnaise", "Lyon"), "Lyonnaise");
        assert_eq!(short("Shop", ""), "Shop");
    }

    #[test]
    fn an_address_without_its_parts_has_no_stray_commas() {
        let mut location = shop("a", 1.0);
        assert_eq!(address_line(&location), "");
        location.address.address_locality = "Lyon".into();
        assert_eq!(address_line(&location), "Lyon");
        location.address.street_address = "17 rue du Docteur Bouchut".into();
        location.address.postal_code = "69003".into();
        assert_eq!(address_line(&location), "17 rue du Docteur Bouchut, 69003 Lyon");
    }
}
