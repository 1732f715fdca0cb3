use domain::inventory::Reason;

use super::*;

pub(crate) const NOW: i64 = 1_700_000_000_000;

pub(crate) fn options(attributes: &[(&str, &str)]) -> Options {
    Options::read(
        false,
        |name| attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        |_| None,
    )
}

pub(crate) fn sku() -> Sku {
    Sku::new("BO-075").unwrap()
}

pub(crate) fn id(name: &str) -> LocationId {
    LocationId::new(name).unwrap()
}

pub(crate) fn shop(name: &str, latitude: f64) -> Location {
    Location {
        id: id(name),
        name: format!("Lyon {name}"),
        street: "1 rue A".into(),
        postal_code: "69003".into(),
        town: "Lyon".into(),
        country: "FR".into(),
        geo: Position::new(latitude, 4.85).unwrap(),
        timezone: "Europe/Paris".into(),
        open_spans: None,
        open_known_until: Timestamp::from_millis(NOW),
        pickup: true,
        at_desk: true,
        to_car: false,
    }
}

pub(crate) fn row(shop: &str, state: StockState, quantity: Option<u32>) -> Row {
    let pickup = has(state);
    let reading = Reading { state, quantity, as_of: Timestamp::from_millis(NOW) };
    Row { sku: sku(), location_id: id(shop), reading, pickup, reason: None }
}

pub(crate) fn product() -> Product {
    Product {
        title: "Boreal bottle".into(),
        price: Some(domain::money::Money { amount: 3490, currency: domain::money::Currency::new("EUR").unwrap() }),
        image: Some("/media/a.svg".into()),
    }
}

pub(crate) fn begun(attributes: &[(&str, &str)]) -> Model {
    let attributes: Vec<_> = [("sku", "BO-075")].into_iter().chain(attributes.iter().copied()).collect();
    let mut model = Model::new(options(&attributes), true, true);
    model.happened(Event::Began, &World::default());
    model.happened(Event::Product(Ok(product())), &World::default());
    model
}

pub(crate) fn in_lyon() -> Event {
    Event::Device(Ok(Position::new(45.76, 4.85).unwrap()))
}

/// Shops at growing distances, and what they have.
pub(crate) fn with_stock(attributes: &[(&str, &str)], rows: &[(&str, StockState, Option<u32>)]) -> Model {
    let mut model = begun(attributes);
    model.happened(in_lyon(), &World::default());
    let locations = rows
        .iter()
        .enumerate()
        .map(|(at, (name, ..))| shop(name, 45.77 + 0.01 * f64::from(u32::try_from(at).unwrap())));
    let page = Page { locations: locations.collect(), as_of: Timestamp::from_millis(NOW) };
    model.happened(Event::Shops(Ok(page)), &World::default());
    let rows = rows.iter().map(|(name, state, quantity)| row(name, *state, *quantity)).collect();
    let stock = Stock { as_of: Timestamp::from_millis(NOW), rows };
    model.happened(Event::Stock(Ok(stock)), &World::default());
    model
}

fn names(model: &Model) -> Vec<&str> {
    model.shops.ready().into_iter().flatten().map(|shop| shop.location.id.as_str()).collect()
}

fn world(key: &str) -> World {
    World { key: key.to_owned(), seen: true, now: Some(Timestamp::from_millis(NOW)) }
}

fn problem(kind: ProblemType) -> Failure {
    Failure::Problem(Box::new(Problem { kind: kind.uri().to_owned(), status: kind.status(), rows: Vec::new() }))
}

/// At the desk, with a contact.
fn at_desk() -> Model {
    let mut model =
        with_stock(&[("code", "SUMMER10"), ("campaign", "summer")], &[("a", StockState::Available, Some(4))]);
    model.happened(Event::Reserve(id("a")), &World::default());
    model.happened(Event::Typed(Field::Name, "Ada".into()), &World::default());
    model.happened(Event::Typed(Field::Email, "ada@example.org".into()), &World::default());
    model
}

fn sent(effects: &[Effect]) -> Option<(&ReservationRequest, &str)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Send(request, key) => Some((&**request, key.as_str())),
        _ => None,
    })
}

#[test]
fn nothing_but_the_product_is_asked_for_before_the_shopper_says_where_they_are() {
    let mut model = Model::new(options(&[("sku", "BO-075")]), true, true);
    let effects = model.happened(Event::Began, &World::default());
    assert!(matches!(&effects[..], [Effect::LoadProduct(_), Effect::Emit("nearshelf:view", _)]), "{effects:?}");
    let mut model = Model::new(options(&[("sku", "BO-075"), ("near", "none")]), true, true);
    let effects = model.happened(Event::Began, &World::default());
    assert!(effects.contains(&Effect::LoadShops(None)), "{effects:?}");
}

#[test]
fn the_exact_place_is_neither_sent_nor_told_to_the_page() {
    let mut model = begun(&[]);
    let exact = Position::new(45.764_321, 4.835_678).unwrap();
    let effects = model.happened(Event::Device(Ok(exact)), &World::default());
    assert!(effects.contains(&Effect::LoadShops(Some(Position::new(45.76, 4.84).unwrap()))), "{effects:?}");
    let told: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::Emit(..))).collect();
    assert_eq!(told, [&Effect::Emit("nearshelf:located", vec![("by", "device".to_owned())])]);
}

#[test]
fn the_nearest_shop_is_always_there_and_then_those_that_have_it() {
    use StockState as S;
    let rows = [
        ("a", S::Unavailable, Some(0)),
        ("b", S::NotCarried, None),
        ("c", S::Limited, Some(1)),
        ("d", S::Available, Some(9)),
    ];
    assert_eq!(names(&with_stock(&[("limit", "3")], &rows)), ["a", "c", "d"]);
    assert_eq!(names(&with_stock(&[("limit", "10")], &rows)), ["a", "b", "c", "d"]);
    assert_eq!(names(&with_stock(&[("limit", "1")], &rows)), ["a"]);
}

#[test]
fn a_sale_changes_the_number_and_moves_no_row() {
    let mut model = with_stock(&[], &[("a", StockState::Available, Some(9)), ("b", StockState::Limited, Some(1))]);
    let gone = Reading { state: StockState::Unavailable, quantity: Some(0), as_of: Timestamp::from_millis(NOW + 1) };
    model.happened(Event::Shelf(sku(), id("a"), gone), &World::default());
    assert_eq!(names(&model), ["a", "b"]);
    assert_eq!(model.reading(&id("a")), Some(gone));
    let older = Reading { state: StockState::Available, quantity: Some(9), as_of: Timestamp::from_millis(NOW) };
    model.happened(Event::Shelf(sku(), id("a"), older), &World::default());
    assert_eq!(model.reading(&id("a")), Some(gone), "what is shown never goes back in time");
}

#[test]
fn only_what_is_there_and_handed_over_can_be_reserved() {
    use StockState as S;
    for (state, expected) in
        [(S::Available, true), (S::Limited, true), (S::Unavailable, false), (S::NotCarried, false), (S::Unknown, false)]
    {
        let model = with_stock(&[], &[("a", state, None)]);
        assert_eq!(model.is_to_be_had(model.shop(&id("a")).unwrap()), expected, "{state:?}");
    }
    let mut model = with_stock(&[], &[("a", S::Available, Some(3))]);
    if let Remote::Ready(rows) = &mut model.stock {
        (rows[0].pickup, rows[0].reason) = (false, Some(Reason::InStoreOnly));
    }
    assert!(!model.is_to_be_had(model.shop(&id("a")).unwrap()));
    let mut model = with_stock(&[], &[("a", S::Available, Some(3))]);
    model.can_reserve = false;
    assert!(!model.is_to_be_had(model.shop(&id("a")).unwrap()));
}

#[test]
fn a_shelf_that_is_filled_again_can_be_reserved() {
    let mut model = with_stock(&[], &[("a", StockState::Unavailable, Some(0))]);
    let back = Reading { state: StockState::Available, quantity: Some(5), as_of: Timestamp::from_millis(NOW + 1) };
    model.happened(Event::Shelf(sku(), id("a"), back), &World::default());
    assert!(model.is_to_be_had(model.shop(&id("a")).unwrap()));
}

#[test]
fn a_tap_sends_once_with_campaign_and_code_and_a_second_tap_nothing() {
    let mut model = at_desk();
    let effects = model.happened(Event::Confirm, &world("k1"));
    let (request, key) = sent(&effects).unwrap();
    assert_eq!((key, request.promo_codes.as_slice()), ("k1", ["SUMMER10".to_owned()].as_slice()));
    assert_eq!(request.attribution.as_ref().unwrap().campaign.as_deref(), Some("summer"));
    assert!(model.happened(Event::Confirm, &world("k2")).is_empty());
}

#[test]
fn what_was_not_answered_is_sent_again_under_its_key_and_what_was_refused_is_not() {
    let mut model = at_desk();
    model.happened(Event::Confirm, &world("k1"));
    for (failure, key) in [
        (Failure::Offline, "k1"),
        (Failure::TimedOut, "k1"),
        (Failure::Refused, "k1"),
        (problem(ProblemType::InFlight), "k1"),
        (problem(ProblemType::RateLimited), "k1"),
        (problem(ProblemType::Internal), "k1"),
        (problem(ProblemType::InsufficientStock), "fresh"),
    ] {
        model.happened(Event::Reserved(Err(failure.clone())), &World::default());
        assert_eq!(sent(&model.happened(Event::Confirm, &world("fresh"))).unwrap().1, key, "{failure:?}");
    }
    model.happened(Event::Reserved(Err(Failure::Offline)), &World::default());
    model.happened(Event::Typed(Field::Name, "Grace".into()), &World::default());
    let effects = model.happened(Event::Confirm, &world("k9"));
    assert_eq!(sent(&effects).unwrap().1, "k9", "another wish has another key");
}

#[test]
fn success_comes_only_with_the_servers_yes_and_is_told_without_anything_of_a_person() {
    let mut model = at_desk();
    model.happened(Event::Confirm, &world("k1"));
    assert_eq!(model.receipt, None);
    let reservation = Reservation {
        location_id: id("a"),
        code: "K7-4MQ".into(),
        hold_expires_at: Timestamp::from_millis(NOW),
        pass_url: Some("/pickups/r_1#t=secret".into()),
    };
    let effects = model.happened(Event::Reserved(Ok(Box::new(reservation))), &World::default());
    assert!(model.receipt.is_some() && model.desk.is_none());
    let told = format!("{effects:?}");
    for private in ["Ada", "ada@", "K7-4MQ", "secret", "r_1", "45."] {
        assert!(!told.contains(private), "{told}");
    }
}

#[test]
fn a_contact_that_cannot_be_used_is_said_before_anything_is_sent() {
    let mut model = with_stock(&[], &[("a", StockState::Available, Some(4))]);
    model.happened(Event::Reserve(id("a")), &World::default());
    assert!(model.happened(Event::Confirm, &world("k1")).is_empty());
    let problems = |model: &Model| model.desk.as_ref().unwrap().problems.clone();
    assert_eq!(problems(&model), [ContactProblem::NameMissing, ContactProblem::NoWayToReach]);
    model.happened(Event::Typed(Field::Name, "Ada".into()), &World::default());
    assert_eq!(problems(&model), [ContactProblem::NoWayToReach], "what is mended goes at once");
}

#[test]
fn g09_a_button_that_was_not_in_sight_long_enough_sends_nothing() {
    let mut model = at_desk();
    let unseen = World { seen: false, ..world("k1") };
    assert!(model.happened(Event::Confirm, &unseen).is_empty());
    assert_eq!(model.desk.as_ref().unwrap().sending, Sending::LookFirst);
    assert!(sent(&model.happened(Event::Confirm, &world("k1"))).is_some());
}

#[test]
fn nobody_leaves_the_desk_while_an_answer_is_awaited() {
    let mut model = at_desk();
    model.happened(Event::Confirm, &world("k1"));
    model.happened(Event::Back, &World::default());
    assert!(model.desk.is_some());
    model.happened(Event::Reserved(Err(Failure::Offline)), &World::default());
    model.happened(Event::Back, &World::default());
    assert!(model.desk.is_none());
}

#[test]
fn another_box_that_learns_the_place_tells_this_one_but_not_at_its_desk() {
    let spot = Spot { label: "Nice".into(), position: Position::new(43.7, 7.26).unwrap() };
    assert!(!begun(&[]).happened(Event::Told(spot.clone()), &World::default()).is_empty());
    assert!(begun(&[("near", "none")]).happened(Event::Told(spot.clone()), &World::default()).is_empty());
    assert!(at_desk().happened(Event::Told(spot), &World::default()).is_empty());
}

#[test]
fn a_device_that_may_not_be_asked_is_not_offered_any_more() {
    let mut model = begun(&[]);
    assert!(model.offers_device());
    model.happened(Event::Device(Err(LocateProblem::Denied)), &World::default());
    assert!(model.offers_device(), "the shopper may think again");
    model.happened(Event::Device(Err(LocateProblem::Blocked)), &World::default());
    assert!(!model.offers_device());
    assert!(!begun(&[("near", "postcode")]).offers_device());
}

#[test]
fn a_place_is_taken_where_it_is_plain_and_asked_about_where_it_is_not() {
    let place =
        |label: &str| Place { label: label.into(), detail: String::new(), geo: Position::new(45.76, 4.85).unwrap() };
    let asked = |exact, labels: &[&str]| {
        let mut model = begun(&[]);
        model.happened(Event::Typed(Field::Place, " lyon ".into()), &World::default());
        let effects = model.happened(Event::FindPlace, &World::default());
        assert_eq!(effects, [Effect::FindPlace("lyon".into())]);
        let places = labels.iter().map(|label| place(label)).collect();
        model.happened(Event::Places(Ok(Places { exact, places, ..Places::default() })), &World::default());
        model
    };
    assert_eq!(asked(true, &["Lyon", "Lyons"]).spot.unwrap().label, "Lyon");
    assert_eq!(asked(false, &["Lyon"]).spot.unwrap().label, "Lyon");
    let mut model = asked(false, &["Springfield IL", "Springfield MA"]);
    assert!(model.spot.is_none() && matches!(model.asking, Asking::Choose(..)));
    model.happened(Event::TakePlace(1), &World::default());
    assert_eq!(model.spot.unwrap().label, "Springfield MA");
    let mut model = asked(false, &[]);
    model.happened(Event::TakePlace(7), &World::default());
    assert!(model.spot.is_none());
}

#[test]
fn shops_beyond_reach_are_not_near() {
    let mut model = begun(&[]);
    model.happened(in_lyon(), &World::default());
    let page = Page { locations: vec![shop("far", 48.8)], as_of: Timestamp::from_millis(NOW) };
    model.happened(Event::Shops(Ok(page)), &World::default());
    assert_eq!(model.shops.ready().map(Vec::len), Some(0));
    assert!(model.too_far.is_some());
}

#[test]
fn what_failed_is_asked_again_and_what_came_is_not() {
    let mut model = begun(&[]);
    model.happened(in_lyon(), &World::default());
    model.happened(Event::Shops(Err(Failure::Offline)), &World::default());
    let effects = model.happened(Event::Online, &World::default());
    assert!(matches!(&effects[..], [Effect::LoadShops(Some(_))]), "{effects:?}");
    let mut model = begun(&[]);
    model.happened(in_lyon(), &World::default());
    model.happened(Event::Shops(Err(Failure::Refused)), &World::default());
    assert!(model.happened(Event::Online, &World::default()).is_empty(), "a network does not change that");
}
