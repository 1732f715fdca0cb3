use serde_json::Value;

use crate::seed::{BOTTLE, BOTTLE_GTIN};
use crate::support::TestApp;

fn skus(answer: &Value) -> Vec<&str> {
    answer["products"].as_array().unwrap().iter().map(|p| p["sku"].as_str().unwrap()).collect()
}

/// The counts of a facet in one line.
fn counts(answer: &Value, facet: &str) -> String {
    let counts = answer[facet].as_array().into_iter().flatten();
    let counts = counts.map(|count| format!("{} {}", count["name"].as_str().unwrap(), count["count"]));
    counts.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn variants_of_one_product_are_one_row() {
    let app = TestApp::new().await;
    let all = app.get("/v1/products").await.ok();
    assert_eq!(all["pagination"]["total"], 6);
    assert_eq!(skus(&all), ["CHALK", "ROPE-60", "HARN-L", "LAMP-1", "BO-075-FER", "TENT-2"]);
    let bottle = app.get(&format!("/v1/products/{BOTTLE}")).await.ok();
    assert_eq!(bottle["variants"].as_array().unwrap().len(), 2);
    assert_eq!(bottle["categories"], serde_json::json!(["Camp", "Bottles"]));
    assert!(app.get("/v1/products/ROPE-60").await.ok().get("variants").is_none());
}

#[tokio::test]
async fn words_barcodes_and_codes_find_products() {
    let app = TestApp::new().await;
    for (query, expected) in [
        ("q=rope", vec!["ROPE-60"]),
        ("q=creme+headlamp", vec!["LAMP-1"]),
        ("q=bo-075-gla", vec![BOTTLE]),
        (&format!("q={BOTTLE}"), vec![BOTTLE]),
        (&format!("q={BOTTLE_GTIN}"), vec![BOTTLE]),
        (&format!("gtin=0{BOTTLE_GTIN}"), vec![BOTTLE]),
        ("gtin=5901234123457", vec![]),
        ("q=harness", vec!["HARN-L"]),
        ("q=zzzzqqqq", vec![]),
    ] {
        assert_eq!(skus(&app.get(&format!("/v1/products?{query}")).await.ok()), expected, "{query}");
    }
}

#[tokio::test]
async fn a_category_narrows_and_the_counts_stay() {
    let app = TestApp::new().await;
    for (category, expected, counted) in [
        ("Camp", vec!["LAMP-1", "BO-075-FER", "TENT-2"], "Climb 3, Camp > Bottles 1, Camp > Light 1, Camp > Tents 1"),
        ("Camp+%3E+Tents", vec!["TENT-2"], "Climb 3"),
        ("climb%3Eropes", vec!["ROPE-60"], "Camp 3"),
        ("Tents", vec![], "Camp 3, Climb 3"),
    ] {
        let answer = app.get(&format!("/v1/products?category={category}")).await.ok();
        assert_eq!(skus(&answer), expected, "{category}");
        assert_eq!(counts(&answer, "categories"), counted, "{category}");
    }
}

#[tokio::test]
async fn a_shop_narrows_to_what_it_carries_or_can_promise() {
    let app = TestApp::new().await;
    // Carried, and shown by the variant that is.
    assert_eq!(skus(&app.get("/v1/products?location_id=ams-1").await.ok()), ["HARN-L", "TENT-2"]);
    assert_eq!(skus(&app.get("/v1/products?location_id=lyo-1&q=bottle").await.ok()), [BOTTLE]);
    assert_eq!(skus(&app.get("/v1/products?location_id=par-1").await.ok()), [BOTTLE, "TENT-2"]);
    // None of the bottles at Paris can be promised.
    assert_eq!(skus(&app.get("/v1/products?location_id=par-1&available=true").await.ok()), ["TENT-2"]);
}

#[tokio::test]
async fn questions_that_cannot_be_answered_are_refused() {
    let app = TestApp::new().await;
    let long = "x".repeat(201);
    for (query, pointer) in [
        ("limit=0", "?limit"),
        ("price=cheap", "?price"),
        ("price=5000-2000", "?price"),
        ("sort=newest", "?sort"),
        ("verbatim=1", "?verbatim"),
        ("location_id=lyo-1,", "?location_id"),
        (&format!("near={}", vec!["a"; 51].join(",")), "?near"),
        ("limit=101", "?limit"),
        ("limit=ten", "?limit"),
        ("cursor=-1", "?cursor"),
        ("cursor=abc", "?cursor"),
        ("colour=red", "?colour"),
        ("q=a&q=b", "?q"),
        ("gtin=123", "?gtin"),
        ("gtin=4006381333932", "?gtin"),
        ("available=true", "?available"),
        ("available=yes&location_id=lyo-1", "?available"),
        (&format!("q={long}"), "?q"),
    ] {
        let problem = app.get(&format!("/v1/products?{query}")).await.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
    app.get("/v1/products?location_id=nowhere").await.problem(422, "unknown-location");
    app.get("/v1/products/nothing").await.problem(404, "not-found");
}

#[tokio::test]
async fn odd_words_are_only_words() {
    let app = TestApp::new().await;
    for query in ["%25", "_", "%27%20OR%201%3D1--", "%00", "%F0%9F%98%80", "%ff%fe", "((((", "*", "%22", "+++"] {
        app.get(&format!("/v1/products?q={query}")).await.ok();
    }
}

#[tokio::test]
async fn what_is_near_comes_first_and_nothing_is_left_out_for_it() {
    let app = TestApp::new().await;
    let all = app.get("/v1/products").await.ok();
    let near = app.get("/v1/products?near=ams-1,nowhere").await.ok();
    assert_eq!(all["pagination"]["total"], near["pagination"]["total"]);
    let there = app.get("/v1/products?location_id=ams-1&available=true").await.ok();
    assert!(!skus(&there).is_empty());
    assert_eq!(skus(&near)[..skus(&there).len()], skus(&there));
    // Several shops: what either has.
    let both = app.get("/v1/products?location_id=ams-1,lyo-1&available=true").await.ok();
    assert!(skus(&both).len() > skus(&there).len());
}

#[tokio::test]
async fn brands_and_prices_narrow_and_are_counted() {
    let app = TestApp::new().await;
    let all = app.get("/v1/products").await.ok();
    let brand = all["brands"][0]["name"].as_str().unwrap().to_owned();
    let count = all["brands"][0]["count"].clone();
    let narrowed = app.get(&format!("/v1/products?brand={brand}")).await.ok();
    assert_eq!(narrowed["pagination"]["total"], count);
    // Its own kind of filter does not count: the others are still offered.
    assert_eq!(counts(&narrowed, "brands"), counts(&all, "brands"));
    for range in all["prices"].as_array().unwrap() {
        let (name, count) = (range["name"].as_str().unwrap(), &range["count"]);
        let narrowed = app.get(&format!("/v1/products?price={name}")).await.ok();
        assert_eq!(&narrowed["pagination"]["total"], count, "{name}");
    }
}
