//! The types of the contract are written as the server writes them, and read as the box does.

use api_contract::availability as theirs;
use api_contract::location as shops;
use serde_json::{Value as Json, json};

use super::*;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T10:00:00Z").unwrap()
}

fn row(state: StockState, reason: Option<Reason>) -> theirs::AvailabilityRow {
    theirs::AvailabilityRow {
        sku: Sku::new("BO-075").unwrap(),
        location_id: LocationId::new("lyo").unwrap(),
        state,
        quantity: Some(3),
        quantity_kind: theirs::QuantityKind::Exact,
        pickup: true,
        reason,
        ready_by: None,
        aisle: Some("4".into()),
        price: None,
        regular_price: None,
        counted_at: None,
        as_of: now(),
    }
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn every_state_and_reason_of_the_contract_is_read_as_it_is() {
    use StockState as S;
    for state in [S::Available, S::Limited, S::Unavailable, S::NotCarried, S::Unknown] {
        let read: Row = super::read(&text(&row(state, None))).unwrap();
        assert_eq!((read.reading.state, read.reading.quantity, read.reading.as_of), (state, Some(3), now()));
    }
    for reason in [Reason::SoldOut, Reason::FewerThanAsked, Reason::InStoreOnly, Reason::PickupDisabled, Reason::Other]
    {
        assert_eq!(super::read::<Row>(&text(&row(S::Available, Some(reason)))).unwrap().reason, Some(reason));
    }
    let mut newer: Json = serde_json::to_value(row(S::Available, None)).unwrap();
    newer["state"] = json!("on_the_moon");
    assert_eq!(super::read::<Row>(&newer.to_string()).unwrap().reading.state, S::Unknown, "never sold out");
}

#[test]
fn an_answer_about_stock_is_read_and_so_is_an_event() {
    let answer = theirs::AvailabilityAnswer {
        as_of: now(),
        rows: vec![row(StockState::Limited, None)].into(),
        baskets: vec![].into(),
    };
    let read: Stock = super::read(&text(&answer)).unwrap();
    assert_eq!((read.as_of, read.rows.len(), read.rows[0].pickup), (now(), 1, true));
    let event = theirs::AvailabilityEvent {
        sku: Sku::new("BO-075").unwrap(),
        location_id: LocationId::new("lyo").unwrap(),
        state: StockState::Unavailable,
        quantity: None,
        as_of: now(),
    };
    let read: Row = super::read(&text(&event)).unwrap();
    assert_eq!((read.reading.state, read.reading.quantity), (StockState::Unavailable, None));
    assert_eq!(super::read::<Timestamp>(&text(&theirs::Heartbeat { as_of: now() })), Some(now()));
}

#[test]
fn a_shop_is_read_with_its_opening_and_the_ways_in_which_goods_change_hands() {
    use domain::reservation::Handover;
    let span = OpenSpan { opens_at: now(), closes_at: now().plus_millis(1) };
    let shop = shops::Location {
        id: LocationId::new("lyo").unwrap(),
        name: "Lyon".into(),
        address: shops::Address { postal_code: "69003".into(), address_country: "FR".into(), ..Default::default() },
        geo: Position::new(45.76, -4.85).unwrap(),
        timezone: "Europe/Paris".into(),
        hours: None,
        hours_text: None,
        exception_hours: vec![],
        open_spans: Some(vec![span]),
        open_known_until: now(),
        amenities: std::collections::BTreeMap::new(),
        distance_m: Some(4),
        pickup: shops::Pickup { enabled: true, methods: vec![Handover::InStore, Handover::Curbside], hold_hours: 48 },
        phone: None,
    };
    let page = shops::LocationPage {
        as_of: now(),
        locations: vec![shop.clone(), shops::Location { open_spans: None, ..shop }].into(),
        pagination: api_contract::Pagination::default(),
    };
    let read: Page = super::read(&text(&page)).unwrap();
    let [first, second] = &read.locations[..] else { panic!() };
    assert_eq!((first.postal_code.as_str(), first.country.as_str(), first.street.as_str()), ("69003", "FR", ""));
    assert_eq!((first.geo.latitude(), first.geo.longitude()), (45.76, -4.85));
    assert_eq!((first.pickup, first.at_desk, first.to_car), (true, true, true));
    assert_eq!(first.open_spans.as_deref(), Some([span].as_slice()));
    assert_eq!(second.open_spans, None, "what is not known is not closed");
}

#[test]
fn e04_a_bad_row_costs_itself_and_a_list_of_bad_rows_is_no_empty_list() {
    let answer = theirs::AvailabilityAnswer {
        as_of: now(),
        rows: vec![row(StockState::Limited, None)].into(),
        baskets: vec![].into(),
    };
    let good = text(&answer);
    let (begin, end) = (good.find("[{").unwrap() + 1, good.find("}]").unwrap() + 1);
    let bad = good[begin..end].replace("\"sku\":", "\"sku\":7,\"was\":");
    let with = |rows: &str| super::read::<Stock>(&[&good[..begin], rows, &good[end..]].concat());
    assert_eq!(with(&[&bad, ",", &good[begin..end]].concat()).map(|stock| stock.rows.len()), Some(1));
    assert!(with(&bad).is_none());
    assert_eq!(with("").map(|stock| stock.rows.len()), Some(0));
}

#[test]
fn a_product_a_place_and_what_was_reserved_are_read() {
    let product = json!({"sku": "a", "title": "Tent", "price": {"amount": 24900, "currency": "EUR"}, "categories": []});
    let read: Product = super::read(&product.to_string()).unwrap();
    assert_eq!((read.price.unwrap().amount, read.image), (24_900, None));
    let place = api_contract::place::Place {
        label: "69003 Lyon".into(),
        detail: "FR".into(),
        country: "FR".into(),
        kind: api_contract::place::PlaceKind::Postcode,
        geo: Position::new(45.76, 4.85).unwrap(),
    };
    for (fit, exact) in
        [(api_contract::place::PlaceFit::Exact, true), (api_contract::place::PlaceFit::Ambiguous, false)]
    {
        let answer = api_contract::place::PlaceAnswer { fit, places: vec![place.clone()].into(), ..Default::default() };
        let read: Places = super::read(&text(&answer)).unwrap();
        assert_eq!((read.exact, read.places[0].label.as_str()), (exact, "69003 Lyon"));
    }
    let made = json!({"location_id": "lyo", "code": "K7-4MQ", "hold_expires_at": "2026-11-20T10:00:00Z", "status": "held",
        "pass_url": "/pickups/r_1#t=s"});
    let read: Reservation = super::read(&made.to_string()).unwrap();
    assert_eq!((read.code.as_str(), read.pass_url.as_deref()), ("K7-4MQ", Some("/pickups/r_1#t=s")));
}

#[test]
fn the_settings_and_a_refusal_are_read() {
    let mut settings = api_contract::settings::Settings { name: "Boreal".into(), ..Default::default() };
    assert_eq!(super::read::<Settings>(&text(&settings)).map(|read| (read.reserve, read.curbside)), Some((true, true)));
    (settings.features.reserve, settings.units) = (false, api_contract::settings::Units::Imperial);
    let read: Settings = super::read(&text(&settings)).unwrap();
    assert_eq!((read.reserve, read.units.as_str(), read.name.as_str()), (false, "imperial", "Boreal"));
    assert_eq!(super::read::<Settings>("{}"), Some(Settings::default()));
    use api_contract::problem::{Problem as Theirs, ProblemType};
    let problem =
        Theirs { rows: vec![row(StockState::Limited, None)], ..Theirs::new(ProblemType::InsufficientStock, "") };
    let read: Problem = super::read(&text(&problem)).unwrap();
    assert_eq!((read.kind.as_str(), read.status, read.rows.len()), ("/problems/insufficient-stock", 409, 1));
}

#[test]
fn answers_that_are_none_are_no_answers() {
    for text in
        ["", "{", "[]", "null", "{\"as_of\": 1}", "{\"as_of\":\"2026-11-20T10:00:00Z\",\"rows\":[{}]}", "<html>"]
    {
        assert_eq!(super::read::<Stock>(text), None, "{text}");
        assert_eq!(super::read::<Product>(text), None, "{text}");
        assert_eq!(super::read::<Row>(text), None, "{text}");
    }
}
