use domain::inventory::{Reading, StockState as S};
use domain::money::Money;
use domain::time::DAY_MS;

use super::*;
use crate::model::example::{NOW, begun, id, in_lyon, options, sku, with_stock};
use crate::model::{LocateProblem, World};
use crate::wire::{Page, Problem};

/// Writes as a test reads.
struct Plain;

impl Tongue for Plain {
    fn money(&self, money: Money) -> String {
        format!("{} {}", money.amount, money.currency)
    }

    fn distance(&self, metres: u32, _: &str) -> String {
        format!("{metres} m")
    }

    fn time(&self, at: Timestamp, _: Option<&str>) -> String {
        format!("T{}", at.millis() % DAY_MS)
    }

    fn weekday_time(&self, at: Timestamp, _: &str) -> String {
        format!("D{}", at.millis())
    }

    fn day(&self, at: Timestamp, _: &str) -> String {
        format!("{}", at.millis() / DAY_MS)
    }
}

fn shown(model: &Model) -> Element {
    let links = Links { app: "https://shop.example", language: "en", options: &model.options };
    let media = |path: &str| format!("https://shop.example{path}");
    let now = Timestamp::from_millis(NOW);
    view(model, &Around { name: "Boreal", links, media: &media, tongue: &Plain, now, id: 7 })
}

#[track_caller]
fn says(model: &Model, words: &[&str]) {
    let all = shown(model).words();
    for word in words {
        assert!(all.contains(word), "{word}: {all}");
    }
}

fn refused(kind: &str, status: u16) -> Failure {
    Failure::Problem(Box::new(Problem { kind: format!("/problems/{kind}"), status, rows: vec![] }))
}

#[test]
fn the_five_states_are_five_sentences_and_two_buttons() {
    let rows = [
        ("a", S::Available, Some(14)),
        ("b", S::Limited, Some(1)),
        ("c", S::Unavailable, Some(0)),
        ("d", S::NotCarried, None),
        ("e", S::Unknown, None),
    ];
    let model = with_stock(&[("limit", "5")], &rows);
    says(&model, &["14 in stock", "1 left", "Sold out", "Not sold here", "Not known", "Lyon a", "3490 EUR"]);
    let html = shown(&model).html();
    assert_eq!(html.matches("aria-label=\"Reserve at").count(), 2, "{html}");
}

#[test]
fn nothing_that_a_feed_says_becomes_markup() {
    let mut model = with_stock(&[("code", "<b>10</b>")], &[("a", S::Available, Some(1))]);
    if let Remote::Ready(product) = &mut model.product {
        product.title = "<img src=x onerror=alert(1)>".into();
    }
    let html = shown(&model).html();
    assert!(!html.contains("<img src=x") && !html.contains("<b>10"), "{html}");
}

#[test]
fn where_a_device_may_not_be_asked_a_postcode_is_the_first_thing() {
    says(&begun(&[]), &["Use my location", "Postcode or town"]);
    let mut model = begun(&[]);
    model.happened(Event::Device(Err(LocateProblem::Blocked)), &World::default());
    let words = shown(&model).words();
    assert!(!words.contains("Use my location") && words.contains("Postcode or town"), "{words}");
    assert!(words.contains("type a town or postcode below"), "{words}");
}

#[test]
fn each_failure_has_its_words_and_a_way_on() {
    for (failure, title, again) in [
        (Failure::Offline, "No connection", true),
        (Failure::TimedOut, "This takes too long", true),
        (Failure::Broken, "The shop's system has a problem", true),
        (Failure::Refused, "This page cannot show the stock", false),
        (refused("embed-refused", 403), "This page cannot show the stock", false),
        (refused("not-found", 404), "This product is not sold here", false),
        (refused("rate-limited", 429), "Too many requests", true),
    ] {
        let mut model = begun(&[]);
        model.happened(Event::Product(Err(failure)), &World::default());
        says(&model, &[title, "Open at Boreal"]);
        assert_eq!(shown(&model).words().contains("Try again"), again, "{title}");
    }
}

#[test]
fn a_page_that_names_no_product_is_told_so() {
    let mut model = crate::model::Model::new(options(&[]), true, true);
    model.happened(Event::Began, &World::default());
    says(&model, &["This product is not sold here"]);
}

#[test]
fn who_waits_is_told_after_half_a_second_and_what_comes_has_its_size_before() {
    let mut model = begun(&[]);
    model.happened(in_lyon(), &World::default());
    assert!(!shown(&model).words().contains("Loading"));
    assert!(shown(&model).html().contains("bone"));
    model.happened(Event::Slow, &World::default());
    says(&model, &["Loading stock"]);
}

#[test]
fn nothing_near_says_how_far_it_is_and_offers_another_place() {
    let mut model = begun(&[]);
    model.happened(in_lyon(), &World::default());
    let far = crate::model::example::shop("far", 48.8);
    let page = Page { locations: vec![far], as_of: Timestamp::from_millis(NOW) };
    model.happened(Event::Shops(Ok(page)), &World::default());
    says(&model, &["No shop near", "away. Try another place.", "Other place", "Open at Boreal"]);
}

#[test]
fn where_no_shop_has_it_that_is_said_and_never_where_one_is_not_known() {
    says(
        &with_stock(&[], &[("a", S::Unavailable, Some(0)), ("b", S::NotCarried, None)]),
        &["No shop has it right now"],
    );
    let model = with_stock(&[], &[("a", S::Unavailable, Some(0)), ("b", S::Unknown, None)]);
    assert!(!shown(&model).words().contains("No shop has it right now"));
}

#[test]
fn live_is_said_only_while_it_is() {
    let mut model = with_stock(&[], &[("a", S::Available, Some(3))]);
    says(&model, &["as of"]);
    model.happened(Event::Live, &World::default());
    says(&model, &["live"]);
    let then = Timestamp::from_millis(NOW - 3 * 60_000);
    model.happened(Event::Lost, &World { now: Some(then), ..World::default() });
    says(&model, &["may have changed"]);
}

#[test]
fn the_desk_names_its_fields_and_says_what_is_wrong_beside_them() {
    let mut model = with_stock(&[], &[("a", S::Available, Some(3))]);
    model.happened(Event::Reserve(id("a")), &World::default());
    model.happened(Event::Confirm, &World { seen: true, ..World::default() });
    let html = shown(&model).html();
    for part in [
        "<label for=\"name-7\">Name</label>",
        "<label for=\"email-7\">E-mail</label>",
        "aria-describedby=\"name-7-wrong\"",
        "aria-invalid=\"true\"",
        "Please give a name for the desk.",
        "Please give an e-mail address.",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn somebody_quicker_is_said_at_the_desk_with_what_is_left() {
    let mut model = with_stock(&[], &[("a", S::Limited, Some(1))]);
    model.happened(Event::Reserve(id("a")), &World::default());
    let gone = Reading { state: S::Unavailable, quantity: Some(0), as_of: Timestamp::from_millis(NOW + 1) };
    let row = crate::wire::Row { sku: sku(), location_id: id("a"), reading: gone, pickup: false, reason: None };
    let problem = Problem { kind: "/problems/insufficient-stock".into(), status: 409, rows: vec![row] };
    model.happened(Event::Reserved(Err(Failure::Problem(Box::new(problem)))), &World::default());
    says(&model, &["Somebody was quicker", "Sold out", "Back to the shops"]);
}

#[test]
fn handed_over_to_the_app_the_button_is_a_link_that_keeps_everything() {
    let attributes = [("reserve", "app"), ("campaign", "summer"), ("code", "S10")];
    let html = shown(&with_stock(&attributes, &[("a", S::Available, Some(3))])).html();
    let link = "href=\"https://shop.example/reserve?sku=BO-075&store=a&lang=en&code=S10&utm_campaign=summer\"";
    assert!(html.contains(link) && html.contains("rel=\"noopener noreferrer\""), "{html}");
}
