//! The screens and their addresses. No path is spelled anywhere else.

use api_contract::Item;
use api_contract::paths::encode;
use domain::basket::{MAX_LINES, MAX_QUANTITY};
use domain::id::{LocationId, ReservationId, Sku};

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// What is on the shelf nearby.
    Start,
    /// Products that match words and filters.
    Search(SearchQuery),
    /// One product and the shops that have it.
    Product(Sku),
    /// Shops.
    Stores(StoresQuery),
    /// One shop and what is in stock there.
    Store(LocationId),
    /// Putting a product aside.
    Reserve(ReserveQuery),
    /// What the shopper wants, and which shops have it.
    Basket,
    /// Putting the part of the basket aside that a shop has.
    Collect(LocationId),
    /// What the shopper has put aside.
    Pickups,
    /// A pickup pass.
    Pickup(ReservationId),
    /// The product with a barcode, as typed or linked (GS1 Digital Link); the number may be wrong.
    Barcode(String),
    /// Taking goods over that were gathered on another screen.
    Take(Vec<Item>),
    /// The app on a screen in this shop.
    Kiosk(LocationId),
    /// An address that leads nowhere.
    NotFound,
}

/// Words and filters of a search; all of it lives in the address, so that a shared link reopens the same screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// The words, as typed.
    pub words: String,
    /// Only this category.
    pub category: Option<String>,
    /// Only this brand.
    pub brand: Option<String>,
    /// Only what the shopper's shop has now.
    pub in_stock: bool,
    /// Only what a shop within ten kilometres has now.
    pub near: bool,
    /// Only what a shop nearby has now where it can be collected today.
    pub today: bool,
    /// Only these very words, without help in spelling.
    pub verbatim: bool,
}

/// Words and filters of the list of shops.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoresQuery {
    /// Town, postcode or name, as typed.
    pub words: String,
    /// Only shops that are open now.
    pub open_now: bool,
    /// Only shops that are open at this time of the shopper's clock, `2026-11-21T18:00`.
    pub open_at: Option<String>,
    /// Only shops that offer this, by its id.
    pub service: Option<String>,
    /// On a phone the map is shown in place of the list.
    pub map: bool,
}

/// What is to be put aside, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveQuery {
    /// The product.
    pub sku: Sku,
    /// The shop.
    pub location: LocationId,
}

impl Route {
    /// Reads an address: the path as the browser gives it, and the query behind it.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Route {
        let segments: Vec<String> = path.split('/').filter(|s| !s.is_empty()).map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let query = pairs(query);
        // Of what stands there twice the last one counts.
        let value = |name: &str| {
            let (_, value) = query.iter().rev().find(|(known, _)| known == name)?;
            Some(value.clone()).filter(|v| !v.is_empty())
        };
        let found = match segments.as_slice() {
            [] => Some(Route::Start),
            ["search"] => Some(Route::Search(SearchQuery {
                words: value("q").unwrap_or_default(),
                category: value("category"),
                brand: value("brand"),
                in_stock: value("in_stock").is_some(),
                near: value("near").is_some(),
                today: value("today").is_some(),
                verbatim: value("verbatim").is_some(),
            })),
            ["p", sku] => Sku::new(*sku).ok().map(Route::Product),
            ["stores"] => Some(Route::Stores(StoresQuery {
                words: value("q").unwrap_or_default(),
                open_now: value("open").as_deref() == Some("1"),
                open_at: value("open").filter(|open| open != "1"),
                service: value("service"),
                map: value("view").as_deref() == Some("map"),
            })),
            ["stores", id] => LocationId::new(*id).ok().map(Route::Store),
            ["reserve"] => match (value("sku").map(Sku::new), value("store").map(LocationId::new)) {
                (Some(Ok(sku)), Some(Ok(location))) => Some(Route::Reserve(ReserveQuery { sku, location })),
                _ => None,
            },
            ["basket"] => Some(Route::Basket),
            ["basket", id] => LocationId::new(*id).ok().map(Route::Collect),
            ["pickups"] => Some(Route::Pickups),
            ["pickups", id] => ReservationId::new(*id).ok().map(Route::Pickup),
            ["01", number, ..] => Some(Route::Barcode((*number).to_owned())),
            ["take"] => {
                let goods: Vec<Item> =
                    query.iter().filter(|(name, _)| name == "i").filter_map(|(_, of)| good(of)).collect();
                (1..=MAX_LINES).contains(&goods.len()).then_some(Route::Take(goods))
            }
            ["kiosk", id] => LocationId::new(*id).ok().map(Route::Kiosk),
            _ => None,
        };
        found.unwrap_or(Route::NotFound)
    }

    /// The address of the screen.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Route::Start | Route::NotFound => "/".to_owned(),
            Route::Search(query) => {
                let yes = "1".to_owned();
                let flag = |set: bool| set.then_some(&yes);
                let parts = [
                    ("q", Some(&query.words)),
                    ("category", query.category.as_ref()),
                    ("brand", query.brand.as_ref()),
                    ("in_stock", flag(query.in_stock)),
                    ("near", flag(query.near)),
                    ("today", flag(query.today)),
                    ("verbatim", flag(query.verbatim)),
                ];
                with_query("/search", &parts)
            }
            Route::Product(sku) => format!("/p/{}", encode(sku.as_str())),
            Route::Stores(query) => {
                let (now, map) = ("1".to_owned(), "map".to_owned());
                let open = if query.open_now { Some(&now) } else { query.open_at.as_ref() };
                let parts = [
                    ("q", Some(&query.words)),
                    ("open", open),
                    ("service", query.service.as_ref()),
                    ("view", query.map.then_some(&map)),
                ];
                with_query("/stores", &parts)
            }
            Route::Store(id) => format!("/stores/{}", encode(id.as_str())),
            Route::Reserve(query) => {
                format!("/reserve?sku={}&store={}", encode(query.sku.as_str()), encode(query.location.as_str()))
            }
            Route::Basket => "/basket".to_owned(),
            Route::Collect(id) => format!("/basket/{}", encode(id.as_str())),
            Route::Pickups => "/pickups".to_owned(),
            Route::Pickup(id) => format!("/pickups/{}", encode(id.as_str())),
            Route::Barcode(number) => format!("/01/{}", encode(number)),
            Route::Take(goods) => {
                let goods = goods.iter().map(|item| [item.sku.as_str(), "*", &item.quantity.to_string()].concat());
                let goods: Vec<String> = goods.collect();
                let parts: Vec<(&str, Option<&String>)> = goods.iter().map(|good| ("i", Some(good))).collect();
                with_query("/take", &parts)
            }
            Route::Kiosk(id) => format!("/kiosk/{}", encode(id.as_str())),
        }
    }

    /// The address of the screen for somebody who is at a shop, or thinks of one.
    #[must_use]
    pub fn path_at(&self, shop: &LocationId) -> String {
        let path = self.path();
        [path.as_str(), if path.contains('?') { "&" } else { "?" }, "store=", &encode(shop.as_str())].concat()
    }

    /// The shop that an address names besides its screen, as [`Route::path_at`] writes it.
    #[must_use]
    pub fn shop_of(&self, query: &str) -> Option<LocationId> {
        match self {
            // There it is a part of what is asked.
            Route::Reserve(_) | Route::Kiosk(_) => None,
            _ => pairs(query)
                .into_iter()
                .rev()
                .find(|(name, _)| name == "store")
                .and_then(|(_, id)| LocationId::new(id).ok()),
        }
    }

    /// The tab at the bottom that the screen belongs to.
    #[must_use]
    pub fn tab(&self) -> Tab {
        match self {
            Route::Start
            | Route::Search(_)
            | Route::Product(_)
            | Route::Barcode(_)
            | Route::Reserve(_)
            | Route::Kiosk(_)
            | Route::NotFound => Tab::Search,
            Route::Stores(_) | Route::Store(_) => Tab::Stores,
            Route::Basket | Route::Collect(_) | Route::Take(_) => Tab::Basket,
            Route::Pickups | Route::Pickup(_) => Tab::Pickups,
        }
    }
}

/// A tab at the bottom of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Products.
    Search,
    /// Shops.
    Stores,
    /// What is wanted.
    Basket,
    /// What is put aside.
    Pickups,
}

/// `BO-075-GLA*2`; what is no product or no quantity is left out.
fn good(text: &str) -> Option<Item> {
    let (sku, quantity) = text.rsplit_once('*')?;
    let quantity = quantity.parse().ok().filter(|quantity| (1..=MAX_QUANTITY).contains(quantity))?;
    Some(Item { sku: Sku::new(sku).ok()?, quantity })
}

fn with_query(path: &str, parts: &[(&str, Option<&String>)]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .filter_map(|(name, value)| value.filter(|v| !v.is_empty()).map(|v| format!("{name}={}", encode(v))))
        .collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

/// The value of a parameter that belongs to no screen; of what stands there twice the last one counts.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let found = pairs(query).into_iter().rev().find(|(known, _)| known == name);
    found.map(|(_, value)| value).filter(|value| !value.is_empty())
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(&value.replace('+', " "))))
        .collect()
}

/// Undoes percent-encoding; what is not valid stays as it stands.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |place: usize| bytes.get(place).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(route: Route) {
        let address = route.path();
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        assert_eq!(Route::parse(path, query), route, "{address}");
    }

    #[test]
    fn each_screen_is_found_again_by_its_address() {
        let sku = Sku::new("a/b?c%20&d=#é".replace('é', "e")).unwrap();
        let location = LocationId::new("lyo-part-dieu").unwrap();
        round_trip(Route::Start);
        round_trip(Route::Search(SearchQuery::default()));
        round_trip(Route::Search(SearchQuery {
            words: "boréal & 100% +łódź".to_owned(),
            category: Some("Connected Home & Housewares".to_owned()),
            brand: Some("Björn > Söhne".to_owned()),
            in_stock: true,
            near: true,
            today: true,
            verbatim: true,
        }));
        round_trip(Route::Product(sku.clone()));
        round_trip(Route::Stores(StoresQuery::default()));
        round_trip(Route::Stores(StoresQuery {
            words: "69003 Łódź".to_owned(),
            open_now: true,
            ..StoresQuery::default()
        }));
        round_trip(Route::Stores(StoresQuery {
            open_at: Some("2026-11-21T18:00".to_owned()),
            service: Some("repair".to_owned()),
            map: true,
            ..StoresQuery::default()
        }));
        round_trip(Route::Store(location.clone()));
        round_trip(Route::Take(vec![
            Item { sku: sku.clone(), quantity: 2 },
            Item { sku: Sku::new("a*9").unwrap(), quantity: 99 },
        ]));
        round_trip(Route::Barcode("4006381333931".to_owned()));
        round_trip(Route::Kiosk(location.clone()));
        round_trip(Route::Reserve(ReserveQuery { sku, location: location.clone() }));
        round_trip(Route::Basket);
        round_trip(Route::Collect(location.clone()));
        round_trip(Route::Pickups);
        round_trip(Route::Pickup(ReservationId::new("r_1").unwrap()));
    }

    #[test]
    fn an_address_that_makes_no_sense_leads_nowhere_and_does_not_panic() {
        for (path, query) in [
            ("/nowhere", ""),
            ("/p/a%20b", ""),
            ("/p/%ff%fe", ""),
            ("/reserve", "sku=a"),
            ("/p/a/b", ""),
            ("/p/%", "x"),
        ] {
            let route = Route::parse(path, query);
            assert!(matches!(route, Route::NotFound | Route::Product(_)), "{path}: {route:?}");
        }
        assert_eq!(Route::parse("/p/a%20b", ""), Route::NotFound);
    }

    #[test]
    fn a_digital_link_leads_to_the_barcode_whatever_follows_it() {
        let route = Route::Barcode("4006381333931".to_owned());
        for path in ["/01/4006381333931", "/01/4006381333931/22/2A/10/A%2FB/21/7"] {
            assert_eq!(Route::parse(path, "17=261231"), route, "{path}");
        }
        assert_eq!(Route::parse("/01", ""), Route::NotFound);
    }

    #[test]
    fn goods_that_make_no_sense_are_not_taken_over() {
        assert_eq!(Route::parse("/take", "i=a*2&i=b*0&i=c&i=d*100&i=*3").path(), "/take?i=a%2A2");
        assert_eq!(Route::parse("/take", "i=b*0"), Route::NotFound);
        assert_eq!(Route::parse("/take", ""), Route::NotFound);
    }

    #[test]
    fn a_link_may_name_the_shop_in_which_it_was_seen() {
        let shop = LocationId::new("lyo&1").unwrap();
        for route in [Route::Product(Sku::new("a").unwrap()), Route::Start, Route::Barcode("1".to_owned())] {
            let address = route.path_at(&shop);
            let (path, query) = address.split_once('?').unwrap();
            assert_eq!(Route::parse(path, query), route);
            assert_eq!(route.shop_of(query), Some(shop.clone()), "{address}");
            assert_eq!(route.shop_of("q=a"), None);
        }
        let reserve = Route::parse("/reserve", "sku=a&store=b");
        assert_eq!(reserve.shop_of("sku=a&store=b"), None);
    }

    #[test]
    fn the_language_of_an_address_is_no_part_of_what_it_shows() {
        for (path, query) in
            [("/", ""), ("/search", "q=tent&near=1"), ("/stores", "open=1"), ("/reserve", "sku=a&store=b")]
        {
            let spoken = [query, if query.is_empty() { "" } else { "&" }, "lang=pl"].concat();
            let route = Route::parse(path, &spoken);
            assert_eq!(route, Route::parse(path, query));
            assert!(!route.path().contains("lang"), "{}", route.path());
        }
        assert_eq!(Route::parse("/search", "?lang=pl"), Route::Search(SearchQuery::default()));
    }

    #[test]
    fn a_plus_in_a_query_is_a_space() {
        let Route::Search(query) = Route::parse("/search", "?q=trekking+tent&category=") else { panic!() };
        assert_eq!((query.words.as_str(), query.category), ("trekking tent", None));
    }
}
