//! Whatever comes in, the answer is a problem document of the right status, and nothing has changed.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{TestApp, json_request, reserve_request, wish};

/// A wish as text, with a part of it replaced.
fn with(pointer: &str, raw: &str) -> String {
    let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
    *body.pointer_mut(pointer).unwrap() = json!("@@");
    body.to_string().replace("\"@@\"", raw)
}

#[tokio::test]
async fn a06_a_quantity_that_is_no_quantity_is_refused_with_its_place() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    for raw in
        ["0", "-1", "1.5", "\"1\"", "9223372036854775808", "1e400", "null", "true", "[]", "{}", "100", "4294967296"]
    {
        let answer = app.send(reserve_request("k", &with("/items/0/quantity", raw))).await;
        let problem = answer.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], "/items/0/quantity", "{raw}: {problem:#}");
    }
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_from_json_that_does_not_fit() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    for text in ["", "{", "{\"a\":}", "nul", "{} {}", "{'a':1}", "\u{feff}{}", "[1,]", "NaN"] {
        app.send(reserve_request("k", text)).await.problem(400, "malformed-json");
    }
    for text in ["null", "[]", "1", "\"x\"", "{}", "[[[[[]]]]]"] {
        app.send(reserve_request("k", text)).await.problem(422, "invalid-request");
    }
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    app.send(reserve_request("k", &deep)).await.problem(422, "invalid-request");
    let mut latin = reserve_request("k", "");
    *latin.body_mut() = Body::from(b"{\"name\":\"Zo\xeb\"}".to_vec());
    app.send(latin).await.problem(400, "malformed-json");
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn a_list_is_no_spelling_of_an_object() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    app.post("/v1/locations/search", &json!([null, null])).await.problem(422, "invalid-request");
    let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
    body["items"] = json!([[BOTTLE, 1]]);
    let problem = app.reserve("k", &body).await.problem(422, "invalid-request");
    assert_eq!(problem["errors"][0]["pointer"], "/items/0", "{problem:#}");
    let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
    body["contact"] = json!(["Ada", "ada@example.org", null]);
    let problem = app.reserve("k", &body).await.problem(422, "invalid-request");
    assert_eq!(problem["errors"][0]["pointer"], "/contact", "{problem:#}");
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn unknown_fields_are_refused_everywhere_on_writes() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    for (pointer, field) in [("", "status"), ("/items/0", "price"), ("/contact", "id"), ("", "manage_token")] {
        let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
        body.pointer_mut(pointer).unwrap()[field] = json!("x");
        let problem = app.reserve("k", &body).await.problem(422, "invalid-request");
        assert!(problem["detail"].as_str().unwrap().contains("unknown field"), "{problem:#}");
    }
    app.post("/v1/locations/search", &json!({ "radius": 5 })).await.problem(422, "invalid-request");
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn a_place_that_is_not_on_earth_is_refused() {
    let app = TestApp::new().await;
    for (latitude, longitude) in
        [("91", "0"), ("-90.1", "0"), ("0", "180.5"), ("1e400", "0"), ("null", "0"), ("\"1\"", "0")]
    {
        let body = format!("{{\"distance\":{{\"center\":{{\"latitude\":{latitude},\"longitude\":{longitude}}}}}}}");
        let answer = app.send(json_request(Method::POST, "/v1/locations/search", &body, &[])).await;
        let problem = answer.problem(422, "invalid-request");
        let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with("/distance/center"), "{pointer}");
    }
    for body in [
        json!({ "pagination": { "limit": 0 } }),
        json!({ "pagination": { "limit": 101 } }),
        json!({ "pagination": { "cursor": "next" } }),
        json!({ "query": "x".repeat(201) }),
        json!({ "distance": { "center": { "latitude": 0, "longitude": 0 }, "max": -1 } }),
        json!({ "filters": { "hours": { "open_at": "tomorrow" } } }),
        json!({ "filters": { "items": [{ "sku": "a b", "quantity": 1 }] } }),
    ] {
        app.post("/v1/locations/search", &body).await.problem(422, "invalid-request");
    }
    let unknown = json!({ "filters": { "items": [{ "sku": "nothing", "quantity": 1 }] } });
    app.post("/v1/locations/search", &unknown).await.problem(422, "unknown-product");
}

#[tokio::test]
async fn an_unknown_shop_or_product_is_named() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    let shop = app.reserve("k", &wish("nowhere", &[(BOTTLE, 1)])).await.problem(422, "unknown-location");
    assert_eq!(shop["errors"][0]["pointer"], "/location_id");
    let product =
        app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1), ("nothing", 1)])).await.problem(422, "unknown-product");
    assert_eq!(product["errors"][0]["pointer"], "/items/1/sku");
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn b01_b02_a_key_is_needed_and_must_be_usable() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    let body = wish("lyo-1", &[(BOTTLE, 1)]);
    app.post("/v1/reservations", &body).await.problem(400, "idempotency-key-missing");
    let long = "k".repeat(256);
    for key in ["", &long, "a b", "clé", "a\tb"] {
        app.reserve(key, &body).await.problem(400, "idempotency-key-invalid");
    }
    assert_eq!(app.fingerprint(), before);
    app.reserve(&"k".repeat(255), &body).await.ok();
}

#[tokio::test]
async fn a_body_that_is_not_announced_as_json_is_refused() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let mut request = reserve_request("k", &wish("lyo-1", &[(BOTTLE, 1)]).to_string());
        request.headers_mut().remove("content-type");
        if let Some(content_type) = content_type {
            request.headers_mut().insert("content-type", content_type.parse().unwrap());
        }
        app.send(request).await.problem(415, "unsupported-media-type");
    }
    assert_eq!(app.fingerprint(), before);
    let mut request = reserve_request("k", &wish("lyo-1", &[(BOTTLE, 1)]).to_string());
    request.headers_mut().insert("content-type", "application/json; charset=utf-8".parse().unwrap());
    app.send(request).await.ok();
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
    body["promo_codes"] = json!(["x".repeat(70_000)]);
    app.reserve("k", &body).await.problem(413, "payload-too-large");
    let chunks = futures_stream(body.to_string());
    let mut request = reserve_request("k", "");
    *request.body_mut() = chunks;
    app.send(request).await.problem(413, "payload-too-large");
    assert_eq!(app.fingerprint(), before);
}

/// A body of unknown length.
fn futures_stream(text: String) -> Body {
    Body::from_stream(async_stream::stream! {
        for chunk in text.as_bytes().chunks(1000) {
            yield Ok::<_, std::io::Error>(chunk.to_vec());
        }
    })
}

#[tokio::test]
async fn a_contact_is_checked_field_by_field() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    let control = "a\u{7}b";
    for (contact, pointers) in [
        (json!({ "name": "", "email": "a@b.example" }), vec!["/contact/name"]),
        (json!({ "name": "  " }), vec!["/contact/name", "/contact"]),
        (json!({ "name": "Zoë", "email": "nobody" }), vec!["/contact/email"]),
        (json!({ "name": "Zoë", "phone": "12" }), vec!["/contact/phone"]),
        (json!({ "name": control, "email": "a@b.example" }), vec!["/contact/name"]),
        (json!({ "name": "x".repeat(81), "email": "a@b.example" }), vec!["/contact/name"]),
    ] {
        let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
        body["contact"] = contact;
        let problem = app.reserve("k", &body).await.problem(422, "invalid-request");
        let found: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(found, pointers);
    }
    for (field, value, pointer) in [
        ("collector", json!("x".repeat(81)), "/collector"),
        ("promo_codes", json!(vec!["A"; 11]), "/promo_codes"),
        ("promo_codes", json!([""]), "/promo_codes/0"),
        ("attribution", json!({ "campaign": "x".repeat(101) }), "/attribution/campaign"),
        ("items", json!([]), "/items"),
        ("method", json!("by_drone"), "/method"),
        ("location_id", json!("a b"), "/location_id"),
    ] {
        let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
        body[field] = value;
        let problem = app.reserve("k", &body).await.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn hostile_text_is_kept_as_text() {
    let app = TestApp::new().await;
    let mut body = wish("lyo-1", &[(BOTTLE, 1)]);
    body["contact"]["name"] = json!("'); DROP TABLE stock;-- <script>\u{202e}");
    let reserved = app.reserve("k", &body).await.ok();
    assert_eq!(reserved["collector"], "'); DROP TABLE stock;-- <script>\u{202e}");
    assert_eq!(app.units("lyo-1", BOTTLE).await, 4);
    let answer = app.send_raw(Request::get("/v1/%0d%0aX-Evil:1").body(Body::empty()).unwrap()).await;
    let problem: Value = answer.problem(404, "not-found");
    assert!(problem["detail"].as_str().unwrap().is_ascii());
}
