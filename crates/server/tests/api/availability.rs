use serde_json::{Value, json};

use crate::seed::{BOTTLE, NOW};
use crate::support::{TestApp, wish};

async fn row(app: &TestApp, location: &str, sku: &str, quantity: u32) -> Value {
    let body = json!({ "items": [{ "sku": sku, "quantity": quantity }], "location_ids": [location] });
    app.post("/v1/availability", &body).await.ok()["rows"][0].clone()
}

#[tokio::test]
async fn each_state_is_told_apart() {
    let app = TestApp::new().await;
    for (location, sku, quantity, state, reason, pickup) in [
        ("lyo-1", BOTTLE, 1, "available", Value::Null, true),
        ("lyo-1", BOTTLE, 6, "unavailable", json!("fewer_than_asked"), false),
        ("lyo-1", "TENT-2", 1, "limited", Value::Null, true),
        ("lyo-1", "CHALK", 1, "unknown", Value::Null, false),
        ("lyo-1", "BO-075-FER", 1, "not_carried", Value::Null, false),
        ("lyo-1", "LAMP-1", 1, "available", json!("in_store_only"), false),
        ("lyo-3", "TENT-2", 1, "available", json!("pickup_disabled"), false),
        ("par-1", BOTTLE, 1, "unavailable", json!("sold_out"), false),
        // Ten on the shelf, two kept back.
        ("lyo-1", "HARN-M", 9, "unavailable", json!("fewer_than_asked"), false),
    ] {
        let row = row(&app, location, sku, quantity).await;
        assert_eq!(row["state"], state, "{location} {sku}");
        assert_eq!(row.get("reason").cloned().unwrap_or_default(), reason, "{location} {sku}");
        assert_eq!(row["pickup"], pickup, "{location} {sku}");
        assert_eq!(row["as_of"], NOW);
    }
}

#[tokio::test]
async fn ready_by_counts_open_minutes_only() {
    let app = TestApp::new().await;
    assert_eq!(row(&app, "lyo-1", BOTTLE, 1).await["ready_by"], "2026-11-20T11:00:00Z");
    // Two hours from 11:00, with the break from 12:30 to 14:00 in between: 14:30.
    assert_eq!(row(&app, "lyo-1", "ROPE-60", 1).await["ready_by"], "2026-11-20T13:30:00Z");
    assert!(row(&app, "par-2", "TENT-2", 1).await.get("ready_by").is_none());
}

#[tokio::test]
async fn a_sale_shows_both_prices() {
    let app = TestApp::new().await;
    let sale = row(&app, "lyo-2", BOTTLE, 1).await;
    assert_eq!((&sale["price"]["amount"], &sale["regular_price"]["amount"]), (&json!(2990), &json!(3490)));
    let plain = row(&app, "lyo-1", BOTTLE, 1).await;
    assert_eq!(plain["price"], json!({ "amount": 3490, "currency": "EUR" }));
    assert!(plain.get("regular_price").is_none());
}

#[tokio::test]
async fn a_basket_is_judged_as_a_whole_nearest_first() {
    let app = TestApp::new().await;
    let items = json!([{ "sku": "TENT-2", "quantity": 2 }, { "sku": "ROPE-60", "quantity": 1 }]);
    let near = json!({ "latitude": 45.7606, "longitude": 4.8556, "max_m": 10_000, "limit": 10 });
    let answer = app.post("/v1/availability", &json!({ "items": items, "near": near })).await.ok();
    let baskets: Vec<(&str, &str, Value)> = answer["baskets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| (b["location_id"].as_str().unwrap(), b["fulfils"].as_str().unwrap(), b["missing"].clone()))
        .collect();
    assert_eq!(
        baskets,
        [("lyo-1", "some", json!(["TENT-2"])), ("lyo-3", "some", json!(["ROPE-60"])), ("lyo-2", "all", json!([])),]
    );
    let skus: Vec<&str> = answer["rows"].as_array().unwrap().iter().map(|r| r["sku"].as_str().unwrap()).collect();
    assert_eq!(skus, ["TENT-2", "ROPE-60"].repeat(3));
}

#[tokio::test]
async fn a10_a_hold_counts_up_to_its_last_instant_and_no_sweeper_is_needed() {
    let app = TestApp::new().await;
    let reserved = app.reserve("k", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    assert_eq!(reserved["hold_expires_at"], "2026-11-22T11:00:00Z");
    assert_eq!(app.units("lyo-1", "TENT-2").await, 0);
    app.clock.advance(49 * 3_600_000 - 1);
    assert_eq!(app.units("lyo-1", "TENT-2").await, 0);
    app.clock.advance(1);
    assert_eq!(app.units("lyo-1", "TENT-2").await, 1);
    app.reserve("k2", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let app = TestApp::new().await;
    let item = json!([{ "sku": BOTTLE, "quantity": 1 }]);
    let many: Vec<String> = (0..201).map(|n| format!("s{n}")).collect();
    for (body, kind, pointer) in [
        (json!({ "items": item }), "invalid-request", ""),
        (
            json!({ "items": item, "location_ids": ["lyo-1"], "near": { "latitude": 1, "longitude": 1 } }),
            "invalid-request",
            "",
        ),
        (json!({ "items": item, "location_ids": [] }), "invalid-request", "/location_ids"),
        (json!({ "items": item, "location_ids": many }), "invalid-request", "/location_ids"),
        (json!({ "items": item, "location_ids": ["lyo-1", "nowhere"] }), "unknown-location", "/location_ids/1"),
        (json!({ "items": item, "near": { "latitude": 91, "longitude": 0 } }), "invalid-request", "/near/latitude"),
        (json!({ "items": item, "near": { "latitude": 0, "longitude": 181 } }), "invalid-request", "/near/longitude"),
        (
            json!({ "items": item, "near": { "latitude": 0, "longitude": 0, "limit": 0 } }),
            "invalid-request",
            "/near/limit",
        ),
        (
            json!({ "items": item, "near": { "latitude": 0, "longitude": 0, "max_m": -1 } }),
            "invalid-request",
            "/near/max_m",
        ),
        (json!({ "items": [], "location_ids": ["lyo-1"] }), "invalid-request", "/items"),
        (
            json!({ "items": [{ "sku": "nothing", "quantity": 1 }], "location_ids": ["lyo-1"] }),
            "unknown-product",
            "/items/0/sku",
        ),
        (
            json!({ "items": [{ "sku": BOTTLE, "quantity": 100 }], "location_ids": ["lyo-1"] }),
            "invalid-request",
            "/items/0/quantity",
        ),
    ] {
        let problem = app.post("/v1/availability", &body).await.problem(422, kind);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
}
