//! What the search screen decides.

use api_contract::availability::AvailabilityRow;
use api_contract::location::Location;
use domain::hours::OpenSpan;
use domain::id::{LocationId, Sku};
use domain::inventory::{Headline, Reading, headline};
use domain::time::Timestamp;

use crate::nearby::{Shop, short_name};
use crate::route::SearchQuery;
use crate::text;
use crate::words::{self, Said};

/// A filter of the search, as it stands above the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Only what the shopper's shop has now.
    InStock,
    /// Only what a shop within [`NEAR_M`] has now.
    Near,
    /// Only what can be collected nearby today.
    Today,
    /// Only the brand that was chosen.
    Brand,
    /// Only this category.
    Category(String),
}

impl Filter {
    /// Whether a search has it.
    #[must_use]
    pub fn is_on(&self, query: &SearchQuery) -> bool {
        match self {
            Filter::InStock => query.in_stock,
            Filter::Near => query.near,
            Filter::Today => query.today,
            Filter::Brand => query.brand.is_some(),
            Filter::Category(name) => query.category.as_ref() == Some(name),
        }
    }

    /// The search with it where it was without, and without it where it had it. A brand can only be let go of.
    #[must_use]
    pub fn toggled(&self, query: &SearchQuery) -> SearchQuery {
        let on = self.is_on(query);
        let mut query = query.clone();
        match self {
            Filter::InStock => query.in_stock = !on,
            Filter::Near => query.near = !on,
            Filter::Today => query.today = !on,
            Filter::Brand => query.brand = None,
            Filter::Category(name) => query.category = (!on).then(|| name.clone()),
        }
        query
    }
}

/// The shops that a line in a list speaks of: the shopper's own, then all others nearby, the nearest first.
#[must_use]
pub fn shops_for_lines(shops: &[Shop], here: Option<&LocationId>) -> Vec<Shop> {
    let own = shops.iter().filter(|s| Some(&s.location.id) == here);
    let others = shops.iter().filter(|s| Some(&s.location.id) != here && s.is_nearby());
    own.chain(others).cloned().collect()
}

/// The shops that are worth a live stream: the own one, the next four, and those that a line names. Streaming all shops
/// for all lines would send far more than the screen shows.
#[must_use]
pub fn shops_to_watch(shops: &[Shop], rows: &[AvailabilityRow]) -> Vec<LocationId> {
    let mut skus: Vec<&Sku> = Vec::new();
    for row in rows {
        if !skus.contains(&&row.sku) {
            skus.push(&row.sku);
        }
    }
    let mut watched: Vec<LocationId> = shops.iter().take(5).map(|s| s.location.id.clone()).collect();
    for sku in skus {
        let reading =
            |id: &LocationId| rows.iter().find(|r| r.sku == *sku && r.location_id == *id).map(AvailabilityRow::reading);
        let readings: Vec<Option<Reading>> = shops.iter().map(|s| reading(&s.location.id)).collect();
        if let Headline::Elsewhere(place, _) = headline(&readings)
            && let Some(shop) = shops.get(place)
            && !watched.contains(&shop.location.id)
        {
            watched.push(shop.location.id.clone());
        }
    }
    watched
}

/// Shops within this many metres are "near".
pub const NEAR_M: u32 = 10_000;

/// The shops to which the answer is narrowed; `None` where it is not, or where no shop is known. The start page shows what
/// the shopper's own shop has.
#[must_use]
pub fn only(
    query: &SearchQuery,
    shops: &[Shop],
    here: Option<&LocationId>,
    today: &dyn Fn(&Shop) -> bool,
) -> Option<Vec<LocationId>> {
    let own = query.in_stock || *query == SearchQuery::default();
    if shops.is_empty() || !(own || query.near || query.today) {
        return None;
    }
    let passes = |shop: &&Shop| {
        (!own || Some(&shop.location.id) == here)
            && (!query.near || shop.distance_m.is_some_and(|metres| metres <= NEAR_M))
            && (!query.today || shop.is_nearby() && today(shop))
    };
    Some(shops.iter().filter(passes).map(|shop| shop.location.id.clone()).collect())
}

/// Whether something that is reserved now can be collected today: the shop hands over reservations, and there is an hour in
/// which it is open that begins today. What is not known is not promised.
#[must_use]
pub fn collected_today(location: &Location, now: Timestamp, is_today: &dyn Fn(Timestamp) -> bool) -> bool {
    let spans = location.open_spans.as_deref().unwrap_or_default();
    let long_enough = |span: &OpenSpan| {
        let from = span.opens_at.max(now);
        is_today(from) && span.closes_at.since(from) >= PREPARED_IN_MS
    };
    location.pickup.enabled && spans.iter().any(long_enough)
}

/// How long a shop needs for putting something aside where it does not say: an hour.
const PREPARED_IN_MS: i64 = 3_600_000;

/// What a line says of a product's stock; `distance` writes out how far a shop is.
#[must_use]
pub fn line(
    shops: &[Shop],
    reading: impl Fn(&LocationId) -> Option<Reading>,
    distance: impl Fn(&Shop) -> String,
) -> Option<Said> {
    let own = shops.first()?;
    let readings: Vec<Option<Reading>> = shops.iter().map(|s| reading(&s.location.id)).collect();
    match headline(&readings) {
        Headline::Here(reading) => Some(words::stock_at(Some(reading), short_name(&own.location))),
        Headline::Elsewhere(place, reading) => {
            let shop = shops.get(place)?;
            Some(words::stock_elsewhere(reading, short_name(&shop.location), &distance(shop)))
        }
        Headline::Nowhere(state) if shops.len() == 1 => {
            let as_of = readings.first().copied().flatten()?.as_of;
            Some(words::stock_at(Some(Reading { state, quantity: None, as_of }), short_name(&own.location)))
        }
        Headline::Nowhere(_) => Some(Said { tone: words::Tone::Out, text: text::stock_none_nearby().to_owned() }),
        // Nothing has been heard yet: silence, not "not known".
        Headline::NotKnown if readings.iter().all(Option::is_none) => None,
        Headline::NotKnown => Some(words::stock_at(None, "")),
    }
}

#[cfg(test)]
mod tests {
    use domain::inventory::StockState;
    use domain::time::Timestamp;

    use super::*;
    use crate::nearby::example::shop;

    #[test]
    fn a_filter_is_switched_and_the_rest_of_the_search_stays() {
        let words = SearchQuery { words: "lamp".into(), near: true, ..SearchQuery::default() };
        let category = |name: &str| Filter::Category(name.to_owned());
        for filter in [Filter::InStock, Filter::Near, Filter::Today, category("Water")] {
            let switched = filter.toggled(&words);
            assert_ne!(filter.is_on(&words), filter.is_on(&switched), "{filter:?}");
            assert_eq!(filter.toggled(&switched), words, "{filter:?}");
        }
        // One category at a time; a brand is only let go of.
        let water = category("Water").toggled(&words);
        assert!(!category("Camp").is_on(&water));
        assert_eq!(category("Camp").toggled(&water), category("Camp").toggled(&words));
        let brand = SearchQuery { brand: Some("Boreal".into()), ..words.clone() };
        assert!(Filter::Brand.is_on(&brand));
        assert_eq!(Filter::Brand.toggled(&brand), words);
    }

    fn say(stock: &[(&str, StockState, u32)]) -> Option<String> {
        let shops = [shop("own", 900), shop("next", 2_100)];
        let reading = |id: &LocationId| {
            stock.iter().find(|s| s.0 == id.as_str()).map(|s| Reading {
                state: s.1,
                quantity: Some(s.2),
                as_of: Timestamp::from_millis(1),
            })
        };
        line(&shops, reading, |_| "2.1 km".to_owned()).map(|said| said.text)
    }

    #[test]
    fn a_line_speaks_of_the_best_shop_and_is_silent_before_anything_is_heard() {
        use StockState as S;
        assert_eq!(say(&[("own", S::Available, 6)]).as_deref(), Some("6 at own"));
        assert_eq!(
            say(&[("own", S::Unavailable, 0), ("next", S::Available, 14)]).as_deref(),
            Some("14 · next, 2.1 km")
        );
        assert_eq!(say(&[("own", S::Unavailable, 0), ("next", S::NotCarried, 0)]).as_deref(), Some("None nearby"));
        assert_eq!(say(&[("own", S::Unavailable, 0)]).as_deref(), Some("Stock not known"));
        assert_eq!(say(&[]), None);
    }

    #[test]
    fn the_answer_is_narrowed_to_the_shops_that_pass() {
        let shops = [shop("own", 900), shop("next", 2_100), shop("town", 14_000), shop("far", 300_000)];
        let own = LocationId::new("own").unwrap();
        let check = |query: SearchQuery, expect: Option<&[&str]>| {
            let only = only(&query, &shops, Some(&own), &|shop| shop.location.id.as_str() != "own");
            let ids: Option<Vec<&str>> = only.as_ref().map(|ids| ids.iter().map(LocationId::as_str).collect());
            assert_eq!(ids.as_deref(), expect, "{query:?}");
        };
        let words = SearchQuery { words: "tent".to_owned(), ..SearchQuery::default() };
        check(SearchQuery::default(), Some(&["own"]));
        check(words.clone(), None);
        check(SearchQuery { in_stock: true, ..words.clone() }, Some(&["own"]));
        check(SearchQuery { near: true, ..words.clone() }, Some(&["own", "next"]));
        check(SearchQuery { today: true, ..words.clone() }, Some(&["next", "town"]));
        check(SearchQuery { today: true, in_stock: true, ..words.clone() }, Some(&[]));
        assert_eq!(only(&SearchQuery { near: true, ..words }, &[], None, &|_| true), None);
    }

    #[test]
    fn today_is_an_hour_in_which_the_shop_is_open() {
        let at = |minutes: i64| Timestamp::from_millis(minutes * 60_000);
        let mut location = shop("own", 1).location;
        location.pickup.enabled = true;
        location.open_spans = Some(vec![
            OpenSpan { opens_at: at(600), closes_at: at(1_140) },
            OpenSpan { opens_at: at(2_040), closes_at: at(2_580) },
        ]);
        let today = |location: &Location, now: i64| collected_today(location, at(now), &|then| then < at(1_440));
        assert!(today(&location, 300));
        assert!(today(&location, 1_080));
        assert!(!today(&location, 1_081), "less than an hour is left");
        location.pickup.enabled = false;
        assert!(!today(&location, 300));
        location.pickup.enabled = true;
        location.open_spans = None;
        assert!(!today(&location, 300), "not known is not promised");
    }

    #[test]
    fn the_own_shop_comes_first_and_far_ones_are_left_out() {
        let shops = [shop("a", 1_000), shop("own", 2_000), shop("far", 300_000)];
        let own = LocationId::new("own").unwrap();
        let ids: Vec<_> = shops_for_lines(&shops, Some(&own)).iter().map(|s| s.location.id.to_string()).collect();
        assert_eq!(ids, ["own", "a"]);
    }
}
