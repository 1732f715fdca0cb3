//! Agreed times of pickup: offered, taken in the transaction of the hold, given back with it.

use axum::http::Method;
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{TestApp, wish};

const PATH: &str = "/v1/locations/lyo-1/pickup-windows";

/// Lyon hands over in windows of half an hour; so many share one.
async fn app(capacity: u32) -> TestApp {
    TestApp::with(|config, _| {
        let connection = nearshelf_server::db::sqlite::open(&config.db).unwrap();
        let sql = "UPDATE location SET pickup_window_minutes = 30, pickup_capacity = ?1 WHERE id = 'lyo-1'";
        connection.execute(sql, [capacity]).unwrap();
        connection.execute("UPDATE stock SET on_hand = 50, opening = 50 WHERE location_id = 'lyo-1'", []).unwrap();
    })
    .await
}

async fn windows(app: &TestApp, query: &str) -> Vec<Value> {
    let mut answer = app.get(&format!("{PATH}{query}")).await.ok();
    serde_json::from_value(answer["windows"].take()).unwrap()
}

fn at(window: &Value) -> Value {
    let mut wish = wish("lyo-1", &[(BOTTLE, 1)]);
    wish["pickup_window"] = window["starts_at"].clone();
    wish
}

fn left(windows: &[Value], of: &Value) -> Value {
    windows.iter().find(|window| window["starts_at"] == of["starts_at"]).unwrap()["left"].clone()
}

#[tokio::test]
async fn windows_are_whole_inside_the_opening_and_begin_when_the_goods_are_ready() {
    let app = app(2).await;
    let shop = app.get("/v1/locations/lyo-1").await.ok();
    let spans = shop["open_spans"].as_array().unwrap();
    let ready = app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok()["ready_by"].as_str().unwrap().to_owned();
    let offered = windows(&app, &format!("?sku={BOTTLE}")).await;
    assert!(offered.len() > 10);
    for window in &offered {
        let (from, to) = (window["starts_at"].as_str().unwrap(), window["ends_at"].as_str().unwrap());
        let inside =
            |span: &Value| span["opens_at"].as_str().unwrap() <= from && to <= span["closes_at"].as_str().unwrap();
        assert!(spans.iter().any(inside), "{window}");
        assert!(from >= ready.as_str(), "{window} begins before {ready}");
        assert_eq!((&window["capacity"], &window["left"]), (&json!(2), &json!(2)));
    }
    assert!(windows(&app, "").await.len() >= offered.len());
    assert_eq!(app.get("/v1/locations/lyo-2/pickup-windows").await.ok()["windows"], json!([]));
    app.get("/v1/locations/none/pickup-windows").await.problem(404, "not-found");
    app.get(&format!("{PATH}?sku=NONE")).await.problem(422, "unknown-product");
    app.get(&format!("{PATH}?day=1")).await.problem(422, "invalid-request");
}

#[tokio::test]
async fn a_time_that_is_not_offered_holds_nothing() {
    let app = app(2).await;
    let offered = windows(&app, &format!("?sku={BOTTLE}")).await;
    for starts_at in ["2026-11-20T02:00:00Z", "2026-11-20T10:10:00Z", "2001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"] {
        let answer = app.reserve(starts_at, &at(&json!({ "starts_at": starts_at }))).await;
        answer.problem(409, "pickup-window-full");
    }
    assert_eq!(app.count("SELECT count(*) FROM reservation"), 0);
    assert_eq!(app.count("SELECT SUM(reserved) FROM stock"), 0);
    assert_eq!(left(&windows(&app, "").await, &offered[0]), 2);
    app.books_agree().await;
}

#[tokio::test]
async fn of_n_and_one_shoppers_at_once_n_get_the_window() {
    assert_eq!(at_once(3).await, (3, 1));
    // The window is what refuses, not the stock or a limit of the shopper.
    assert_eq!(at_once(4).await, (4, 0));
}

/// Four shoppers at once: how many get it, and how many are told that it is full.
async fn at_once(places: u32) -> (usize, usize) {
    let app = app(places).await;
    let window = windows(&app, &format!("?sku={BOTTLE}")).await.remove(1);
    let wish = at(&window);
    let keys = ["k0", "k1", "k2", "k3"];
    let [a, b, c, d] = keys.each_ref().map(|key| app.reserve(key, &wish));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    let answers = [a, b, c, d];
    let (held, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status.as_u16() == 201);
    let counts = (held.len(), refused.len());
    refused.into_iter().for_each(|answer| drop(answer.problem(409, "pickup-window-full")));
    assert_eq!(app.count("SELECT SUM(reserved) FROM stock"), i64::from(places));
    assert_eq!(left(&windows(&app, "").await, &window), 0);
    app.books_agree().await;
    counts
}

#[tokio::test]
async fn a_place_comes_back_with_its_reservation_and_when_its_time_is_over() {
    let app = app(1).await;
    let window = windows(&app, &format!("?sku={BOTTLE}")).await.remove(2);
    let made = app.reserve("k1", &at(&window)).await.ok();
    assert_eq!((&made["pickup_from"], &made["pickup_until"]), (&window["starts_at"], &window["ends_at"]));
    assert!(made["pickup_until"].as_str() <= made["hold_expires_at"].as_str());
    app.reserve("k2", &at(&window)).await.problem(409, "pickup-window-full");
    let path = format!("/v1/reservations/{}", made["id"].as_str().unwrap());
    let change = json!({ "action": "cancel" }).to_string();
    app.with_token(made["manage_token"].as_str().unwrap(), Method::PATCH, &path, &change).await.ok();
    assert_eq!(left(&windows(&app, "").await, &window), 1);
    let second = app.reserve("k3", &at(&window)).await.ok();
    assert_eq!(left(&windows(&app, "").await, &window), 0);
    // The time was agreed with this shop, not with another.
    let moved = json!({ "action": "change_location", "location_id": "lyo-2" }).to_string();
    let path = format!("/v1/reservations/{}", second["id"].as_str().unwrap());
    let answer = app.with_token(second["manage_token"].as_str().unwrap(), Method::PATCH, &path, &moved).await.ok();
    assert!(answer.get("pickup_from").is_none());
    assert_eq!(left(&windows(&app, "").await, &window), 1);
    let second = app.reserve("k4", &at(&window)).await.ok();
    assert_eq!(left(&windows(&app, "").await, &window), 0);
    // Nobody swept: that its time is over is seen at each reading.
    let id = second["id"].as_str().unwrap();
    let connection = nearshelf_server::db::sqlite::open(&app.dir.path().join("shop.db")).unwrap();
    connection.execute("UPDATE reservation SET hold_expires_at = 1 WHERE id = ?1", [id]).unwrap();
    assert_eq!(left(&windows(&app, "").await, &window), 1);
}

#[tokio::test]
async fn a_promise_respects_the_cut_off_of_the_shop() {
    let ready = async |cut_off: &str| {
        let app = TestApp::with(|config, _| {
            let connection = nearshelf_server::db::sqlite::open(&config.db).unwrap();
            connection.execute("UPDATE location SET order_cut_off = ?1 WHERE id = 'lyo-1'", [cut_off]).unwrap();
        })
        .await;
        let asked = json!({ "items": [{ "sku": BOTTLE, "quantity": 1 }], "location_ids": ["lyo-1"] });
        let said = app.post("/v1/availability", &asked).await.ok()["rows"][0]["ready_by"].clone();
        let held = app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok()["ready_by"].clone();
        assert_eq!(said, held);
        said.as_str().unwrap().to_owned()
    };
    let (early, late) = (ready("24:00").await, ready("00:00").await);
    assert!(early.starts_with("2026-11-20") && late.starts_with("2026-11-21"), "{early} {late}");
}
