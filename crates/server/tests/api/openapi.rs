use std::collections::BTreeSet;

use api_contract::paths;
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use crate::schema;
use crate::support::TestApp;

fn documented() -> BTreeSet<(String, String)> {
    let paths = schema::document()["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

#[tokio::test]
async fn the_document_is_served_and_is_of_version_3_1() {
    let app = TestApp::new().await;
    let document = app.get("/openapi.json").await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(&document, schema::document());
}

#[tokio::test]
async fn exactly_the_served_paths_are_documented() {
    let expected = [
        ("GET", paths::HEALTH_LIVE),
        ("GET", paths::HEALTH_READY),
        ("GET", paths::OPENAPI),
        ("POST", paths::LOCATIONS_SEARCH),
        ("GET", "/v1/locations/{id}"),
        ("GET", "/v1/locations/{id}/pickup-windows"),
        ("GET", paths::PRODUCTS),
        ("GET", "/v1/products/{sku}"),
        ("GET", paths::SEARCH),
        ("GET", "/v1/search/indexes/{id}"),
        ("GET", paths::SEARCH_STOCK),
        ("GET", paths::PLACES),
        ("GET", paths::SETTINGS),
        ("GET", paths::LOCATION_INDEX),
        ("GET", "/v1/location-indexes/{id}"),
        ("GET", "/v1/places/indexes/{id}"),
        ("GET", paths::PLACES_SEARCH),
        ("POST", paths::AVAILABILITY),
        ("GET", paths::AVAILABILITY_EVENTS),
        ("POST", paths::RESERVATIONS),
        ("POST", paths::DEVICES),
        ("GET", paths::DEVICES),
        ("GET", "/v1/reservations/{id}"),
        ("PATCH", "/v1/reservations/{id}"),
        ("POST", "/v1/reservations/{id}/arrival"),
        ("GET", "/v1/locations/{id}/tasks"),
        ("POST", "/v1/reservations/{id}/accept"),
        ("POST", "/v1/reservations/{id}/pick"),
        ("POST", "/v1/reservations/{id}/ready"),
        ("POST", "/v1/reservations/{id}/reject_line"),
        ("POST", "/v1/reservations/{id}/handover"),
        ("POST", "/v1/reservations/{id}/put_back"),
        ("POST", "/v1/reservations/{id}/return"),
        ("POST", paths::INVENTORY),
        ("GET", paths::METRICS),
    ];
    let expected: BTreeSet<(String, String)> = expected.map(|(m, p)| (m.to_owned(), p.to_owned())).into();
    assert_eq!(documented(), expected);
    // And each of them is there, with no other method.
    let app = TestApp::new().await;
    for path in expected.iter().map(|(_, path)| path).collect::<BTreeSet<_>>() {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let address = path.replace("{id}", "lyo-1").replace("{sku}", "ROPE-60");
            let request = Request::builder().method(&method).uri(address).body(Body::empty()).unwrap();
            let served = app.send_raw(request).await.status.as_u16() != 405;
            assert_eq!(served, expected.contains(&(method.to_string(), path.clone())), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_documented_would_be_noticed() {
    let app = TestApp::new().await;
    let answer = app.get("/v1/products/ROPE-60").await;
    let check =
        |path: &str, status, media_type: &str, body: &[u8]| schema::check("GET", path, status, media_type, body);
    let (path, json_type) = ("/v1/products/ROPE-60", "application/json");
    assert!(check(path, 200, json_type, &answer.body).is_ok());
    for (field, value) in [("sku", json!(7)), ("categories", json!("Camp")), ("price", json!({ "amount": "1" }))] {
        let mut body = answer.json();
        body[field] = value;
        assert!(check(path, 200, json_type, body.to_string().as_bytes()).is_err(), "{field}");
    }
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("title");
    assert!(check(path, 200, json_type, body.to_string().as_bytes()).is_err());
    assert!(check(path, 418, json_type, &answer.body).is_err());
    assert!(check(path, 200, "text/html", &answer.body).is_err());
    assert!(check("/v1/nothing", 200, json_type, &answer.body).is_err());
    assert!(schema::check("DELETE", path, 200, json_type, &answer.body).is_err());
}
