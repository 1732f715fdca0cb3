use serde_json::Value;

use crate::seed::{BOTTLE, BOTTLE_GTIN};
use crate::support::TestApp;

fn skus(answer: &Value) -> Vec<&str> {
    answer["products"].as_array().unwrap().iter().map(|p| p["sku"].as_str().unwrap()).collect()
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
    for (category, expected) in [
        ("Camp", vec!["LAMP-1", "BO-075-FER", "TENT-2"]),
        ("Camp+%3E+Tents", vec!["TENT-2"]),
        ("Climb%3ERopes", vec!["ROPE-60"]),
        ("Tents", vec![]),
    ] {
        let answer = app.get(&format!("/v1/products?category={category}")).await.ok();
        assert_eq!(skus(&answer), expected, "{category}");
        let counts: Vec<(&str, u64)> = answer["categories"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c["name"].as_str().unwrap(), c["count"].as_u64().unwrap()))
            .collect();
        assert_eq!(counts, [("Camp", 3), ("Climb", 3)]);
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
