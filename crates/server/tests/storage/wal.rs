//! A reader outside the server that keeps the write-ahead log from being emptied.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use nearshelf_server::app;
use nearshelf_server::db::DbError;
use nearshelf_server::state::{AppState, Config};
use rusqlite::Connection;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::shop::Shop;

async fn degraded(state: &AppState) -> Value {
    let request = Request::get("/health/ready").body(Body::empty()).unwrap();
    let response = app(state.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice::<Value>(&body).unwrap()["degraded"].clone()
}

#[tokio::test]
async fn c05_a_log_that_cannot_be_emptied_is_told_and_is_emptied_when_the_reader_is_gone() {
    let shop = Shop::new();
    let state = AppState::open(Config::new(shop.db())).await.unwrap();
    assert_eq!(degraded(&state).await, json!([]));
    // Somebody draws up a report and went to lunch.
    let report = Connection::open(shop.db()).unwrap();
    report.execute_batch("BEGIN; SELECT count(*) FROM stock").unwrap();
    let other = Connection::open(shop.db()).unwrap();
    other.execute_batch("CREATE TABLE load (bytes BLOB)").unwrap();
    for _ in 0..70 {
        other.execute("INSERT INTO load VALUES (zeroblob(1048576))", []).unwrap();
    }
    let told = degraded(&state).await;
    let reason = told[0].as_str().unwrap();
    assert!(reason.contains("write-ahead log has 7") && reason.contains("MiB"), "{told}");
    assert!(matches!(state.db.tend_wal().await, Err(DbError::Unavailable(_))));
    report.execute_batch("COMMIT").unwrap();
    state.db.tend_wal().await.unwrap();
    assert_eq!(std::fs::metadata(shop.path("shop.db-wal")).unwrap().len(), 0);
    assert_eq!(degraded(&state).await, json!([]));
}
