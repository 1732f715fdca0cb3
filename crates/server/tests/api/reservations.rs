use std::collections::HashSet;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{Answer, TestApp, json_request, reserve_request, wish};

async fn look(app: &TestApp, id: &str, token: &str) -> Answer {
    let path = format!("/v1/reservations/{id}");
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn cancel(app: &TestApp, id: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    app.send(json_request(Method::PATCH, &format!("/v1/reservations/{id}"), "{\"action\":\"cancel\"}", &headers)).await
}

fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap()
}

#[tokio::test]
async fn a_reservation_is_made_and_shown_to_its_owner_only() {
    let app = TestApp::new().await;
    let mut body = wish("lyo-1", &[(BOTTLE, 2), ("ROPE-60", 1)]);
    body["collector"] = json!("Ægir");
    body["consents"] = json!({ "pickup_messages": true });
    body["promo_codes"] = json!(["WINTER"]);
    body["attribution"] = json!({ "campaign": "c1" });
    let answer = app.reserve("k", &body).await;
    assert_eq!(answer.status.as_u16(), 201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.ok();
    let (id, token) = (text(&made, "id"), text(&made, "manage_token"));
    assert_eq!(answer.header("location"), format!("/v1/reservations/{id}"));
    assert_eq!(made["pass_url"], format!("/pickups/{id}#t={token}"));
    assert_eq!(token.len(), 40);
    assert_eq!((&made["status"], &made["collector"]), (&json!("held"), &json!("Ægir")));
    // The slowest line decides, and the hold begins when all is ready.
    assert_eq!(made["ready_by"], "2026-11-20T13:30:00Z");
    assert_eq!(made["hold_expires_at"], "2026-11-22T13:30:00Z");
    assert_eq!(made["items"][0]["variant"], "Glacier");
    assert_eq!(made["items"][0]["price"], json!({ "amount": 3490, "currency": "EUR" }));

    let seen = look(&app, id, token).await;
    assert_eq!(seen.header("cache-control"), "no-store");
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().retain(|field, _| field != "manage_token" && field != "pass_url");
    assert_eq!(seen.ok(), expected);
    // Of the secret itself only its hash is stored with the reservation.
    let hash = nearshelf_server::random::hex(&nearshelf_server::random::sha256(token.as_bytes())).to_uppercase();
    assert_eq!(app.count(&format!("SELECT count(*) FROM reservation WHERE hex(token_hash) = '{hash}'")), 1);
}

#[tokio::test]
async fn g01_not_yours_looks_like_not_there() {
    let app = TestApp::new().await;
    let made = app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    let id = text(&made, "id");
    let same = |answer: &Answer| {
        let mut problem = answer.problem(404, "not-found");
        problem["request_id"] = json!("");
        problem
    };
    let expected = same(&look(&app, "r_nothing", text(&made, "manage_token")).await);
    assert_eq!(same(&look(&app, id, &"0".repeat(40)).await), expected);
    assert_eq!(same(&look(&app, id, text(&made, "code")).await), expected);
    assert_eq!(same(&app.get(&format!("/v1/reservations/{id}")).await), expected);
    assert_eq!(same(&cancel(&app, id, &"0".repeat(40)).await), expected);
    assert_eq!(same(&cancel(&app, "r_nothing", "x").await), expected);
    assert_eq!(app.units("lyo-1", BOTTLE).await, 4);
}

/// Sends many wishes at once and counts the statuses.
async fn burst(app: &TestApp, wishes: Vec<(String, Value)>) -> Vec<u16> {
    let tasks: Vec<_> = wishes
        .into_iter()
        .map(|(key, body)| {
            let router = app.router.clone();
            let request = reserve_request(&key, &body.to_string());
            tokio::spawn(async move { tower::ServiceExt::oneshot(router, request).await.unwrap().status().as_u16() })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn a01_the_last_unit_goes_to_exactly_one_of_a_hundred() {
    let app = TestApp::new().await;
    let wishes = (0..100).map(|n| (format!("k{n}"), wish("lyo-1", &[("TENT-2", 1)]))).collect();
    let statuses = burst(&app, wishes).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 99);
    assert_eq!(app.count("SELECT sum(quantity) FROM hold"), 1);
    // The control: with two units it is two, so it is the stock that decides and not some lock.
    let wishes = (0..100).map(|n| (format!("c{n}"), wish("par-1", &[("TENT-2", 1)]))).collect();
    assert_eq!(burst(&app, wishes).await.iter().filter(|status| **status == 201).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a04_baskets_in_opposite_order_neither_deadlock_nor_oversell() {
    let app = TestApp::new().await;
    let wishes = (0..60).map(|n| {
        let lines: [(&str, u32); 2] =
            if n % 2 == 0 { [(BOTTLE, 1), ("HARN-M", 1)] } else { [("HARN-M", 1), (BOTTLE, 1)] };
        (format!("k{n}"), wish("lyo-1", &lines))
    });
    let statuses = burst(&app, wishes.collect()).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 5);
    assert!(statuses.iter().all(|status| [201, 409].contains(status)));
}

#[tokio::test]
async fn b03_b06_the_same_key_and_intent_gives_the_same_answer_however_it_is_spelled() {
    let app = TestApp::new().await;
    let body = wish("lyo-1", &[(BOTTLE, 1)]);
    let first = app.reserve("k", &body).await;
    assert_eq!(first.header("idempotent-replayed"), "");
    // Other spacing, other order of keys, the same intent.
    let other = r#" { "contact" : {"email":"zoe@example.com","name":"Zoë Ångström"}, "items":[{"quantity":1,"sku":"BO-075-GLA"}],
        "promo_codes": [], "method":"in_store","location_id":"lyo-1"} "#;
    app.clock.advance(60_000);
    let again = app.send(reserve_request("k", other)).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(app.units("lyo-1", BOTTLE).await, 4);
    assert_eq!(app.count("SELECT count(*) FROM reservation"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b04_equal_requests_in_flight_have_one_effect() {
    let app = TestApp::new().await;
    let wishes = (0..50).map(|_| ("k".to_owned(), wish("lyo-1", &[(BOTTLE, 1)]))).collect();
    assert!(burst(&app, wishes).await.iter().all(|status| *status == 201));
    assert_eq!(app.count("SELECT count(*) FROM reservation"), 1);
    assert_eq!(app.units("lyo-1", BOTTLE).await, 4);
}

#[tokio::test]
async fn b05_a_key_is_for_one_intent() {
    let app = TestApp::new().await;
    app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    let before = app.fingerprint();
    app.reserve("k", &wish("lyo-1", &[(BOTTLE, 2)])).await.problem(422, "idempotency-key-reused");
    app.reserve("k", &wish("lyo-2", &[(BOTTLE, 1)])).await.problem(422, "idempotency-key-reused");
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn b10_a_refusal_is_replayed_too_because_the_intent_is_the_same() {
    let app = TestApp::new().await;
    let body = wish("lyo-1", &[("TENT-2", 2)]);
    let first = app.reserve("k", &body).await;
    first.problem(409, "insufficient-stock");
    let token = app.token("feed").await;
    let restock = json!([{ "location_id": "lyo-1", "sku": "TENT-2", "kind": "set", "quantity": 5, "source": "t", "sequence": 1 }]);
    app.change(&token, restock).await.ok();
    let again = app.reserve("k", &body).await;
    assert_eq!((again.status.as_u16(), again.header("idempotent-replayed")), (409, "true"));
    assert_eq!(again.body, first.body);
    app.reserve("a-new-tap", &body).await.ok();
}

#[tokio::test]
async fn a05_all_lines_or_none_and_every_short_line_is_told() {
    let app = TestApp::new().await;
    let before = app.count("SELECT count(*) FROM hold");
    let body = wish("lyo-1", &[(BOTTLE, 1), ("TENT-2", 2), ("ROPE-60", 3), ("CHALK", 1), ("BO-075-FER", 1)]);
    let problem = app.reserve("k", &body).await.problem(409, "insufficient-stock");
    let mut short: Vec<(&str, &str)> = problem["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["sku"].as_str().unwrap(), row["state"].as_str().unwrap()))
        .collect();
    short.sort_unstable();
    let expected =
        [("BO-075-FER", "not_carried"), ("CHALK", "unknown"), ("ROPE-60", "unavailable"), ("TENT-2", "unavailable")];
    assert_eq!(short, expected);
    assert_eq!(app.count("SELECT count(*) FROM hold"), before);
    assert_eq!(app.count("SELECT count(*) FROM reservation"), 0);
    assert_eq!(app.units("lyo-1", BOTTLE).await, 5);
}

#[tokio::test]
async fn a03_equal_lines_are_added_up_before_the_stock_is_looked_at() {
    let app = TestApp::new().await;
    let twice = wish("lyo-1", &[(BOTTLE, 3), (BOTTLE, 3)]);
    app.reserve("k", &twice).await.problem(409, "insufficient-stock");
    assert_eq!(app.units("lyo-1", BOTTLE).await, 5);
    let made = app.reserve("k2", &wish("lyo-1", &[(BOTTLE, 2), (BOTTLE, 3)])).await.ok();
    assert_eq!(
        made["items"],
        json!([{ "sku": BOTTLE, "quantity": 5, "title": "Fell bottle 0.75 l", "variant": "Glacier",
        "price": { "amount": 3490, "currency": "EUR" } }])
    );
    app.reserve("k3", &wish("lyo-1", &[(BOTTLE, 60), (BOTTLE, 40)])).await.problem(422, "invalid-request");
}

#[tokio::test]
async fn other_shops_are_offered_nearest_first_unless_they_hand_nothing_over() {
    let app = TestApp::new().await;
    let problem = app.reserve("k", &wish("lyo-1", &[("TENT-2", 2)])).await.problem(409, "insufficient-stock");
    let offered: Vec<(&str, &str)> = problem["alternatives"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shop| (shop["location_id"].as_str().unwrap(), shop["fulfils"].as_str().unwrap()))
        .collect();
    // Not lyo-3, which has no pickup at all, and not ams-1, which does not hand over tents.
    assert_eq!(offered, [("lyo-2", "all"), ("par-1", "all"), ("par-2", "all")]);
    assert_eq!(problem["alternatives"][0]["name"], "Lyon Bellecour");
    assert!((2000..2300).contains(&problem["alternatives"][0]["distance_m"].as_u64().unwrap()));
    let some =
        app.reserve("k2", &wish("lyo-1", &[("TENT-2", 2), ("ROPE-60", 2)])).await.problem(409, "insufficient-stock");
    assert_eq!(some["alternatives"][0]["fulfils"], "some");
}

#[tokio::test]
async fn what_a_shop_does_not_hand_over_cannot_be_reserved() {
    let app = TestApp::new().await;
    let holds = || app.count("SELECT count(*) FROM hold");
    app.reserve("k1", &wish("lyo-3", &[("TENT-2", 1)])).await.problem(409, "pickup-unavailable");
    app.reserve("k2", &wish("lyo-1", &[(BOTTLE, 1), ("LAMP-1", 1)])).await.problem(409, "pickup-unavailable");
    let mut kerb = wish("lyo-1", &[(BOTTLE, 1)]);
    kerb["method"] = json!("curbside");
    app.reserve("k3", &kerb).await.problem(409, "pickup-unavailable");
    assert_eq!(holds(), 0);
    kerb["location_id"] = json!("lyo-2");
    assert_eq!(app.reserve("k4", &kerb).await.ok()["method"], "curbside");
}

#[tokio::test]
async fn b13_cancelling_gives_the_unit_back_and_may_be_repeated() {
    let app = TestApp::new().await;
    let made = app.reserve("k", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    let (id, token) = (text(&made, "id"), text(&made, "manage_token"));
    assert_eq!(app.units("lyo-1", "TENT-2").await, 0);
    let first = cancel(&app, id, token).await.ok();
    assert_eq!(first["status"], "cancelled");
    assert_eq!(app.units("lyo-1", "TENT-2").await, 1);
    assert_eq!(cancel(&app, id, token).await.ok(), first);
    assert_eq!(app.units("lyo-1", "TENT-2").await, 1);
    assert_eq!(look(&app, id, token).await.ok()["status"], "cancelled");
}

#[tokio::test]
async fn what_is_over_cannot_be_cancelled() {
    let app = TestApp::new().await;
    let made = app.reserve("k", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    let (id, token) = (text(&made, "id"), text(&made, "manage_token"));
    app.clock.advance(49 * 3_600_000);
    assert_eq!(look(&app, id, token).await.ok()["status"], "expired");
    cancel(&app, id, token).await.problem(409, "invalid-transition");
    assert_eq!(app.state.db.sweep().await.unwrap(), 1);
    assert_eq!(app.state.db.sweep().await.unwrap(), 0);
    assert_eq!(app.count("SELECT count(*) FROM reservation WHERE status = 'expired'"), 1);
    cancel(&app, id, token).await.problem(409, "invalid-transition");
    assert_eq!(app.units("lyo-1", "TENT-2").await, 1);
}

#[tokio::test]
async fn a_change_that_does_not_exist_is_refused() {
    let app = TestApp::new().await;
    let made = app.reserve("k", &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    let bearer = format!("Bearer {}", text(&made, "manage_token"));
    let path = format!("/v1/reservations/{}", text(&made, "id"));
    for body in [r#"{"action":"collect"}"#, r#"{"action":"cancel","status":"ready"}"#, "{}", r#"{"action":1e400}"#] {
        let request = json_request(Method::PATCH, &path, body, &[("authorization", &bearer)]);
        app.send(request).await.problem(422, "invalid-request");
    }
    assert_eq!(app.units("lyo-1", "TENT-2").await, 0);
}

#[tokio::test]
async fn codes_are_unique_among_what_a_shop_may_still_hand_over() {
    let app = TestApp::new().await;
    let token = app.token("feed").await;
    let stock = json!([{ "location_id": "lyo-1", "sku": BOTTLE, "kind": "set", "quantity": 300, "source": "t", "sequence": 1 }]);
    app.change(&token, stock).await.ok();
    let mut codes = HashSet::new();
    for n in 0..200 {
        let made = app.reserve(&format!("k{n}"), &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
        let code = text(&made, "code").to_owned();
        assert_eq!((code.len(), code.as_bytes()[2]), (6, b'-'));
        assert!(codes.insert(code));
    }
}

#[tokio::test]
async fn b12_answers_are_forgotten_after_a_day() {
    let app = TestApp::new().await;
    app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    app.clock.advance(24 * 3_600_000 + 1);
    app.state.db.sweep().await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM idempotency"), 0);
}

#[tokio::test]
async fn a_reservation_outlives_the_server() {
    let app = TestApp::new().await;
    let body = wish("lyo-1", &[("TENT-2", 1)]);
    let first = app.reserve("k", &body).await;
    let TestApp { state, router, clock, dir } = app;
    let config = nearshelf_server::state::Config::clone(&state.config);
    drop((state, router));
    let state = nearshelf_server::state::AppState::open(config).await.unwrap();
    let app = TestApp { router: nearshelf_server::app(state.clone()), state, clock, dir };
    let again = app.reserve("k", &body).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    assert_eq!(app.units("lyo-1", "TENT-2").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_c06_a_database_that_is_locked_for_long_is_said_to_be_busy_and_the_same_key_may_try_again() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    let other = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let body = wish("lyo-1", &[(BOTTLE, 1)]);
    let busy = app.reserve("k", &body).await;
    busy.problem(503, "unavailable");
    assert_eq!(busy.header("retry-after"), "1");
    // Reading goes on meanwhile.
    assert_eq!(app.units("lyo-1", BOTTLE).await, 5);
    assert_eq!(app.fingerprint(), before);
    other.execute_batch("ROLLBACK").unwrap();
    // What was refused is not remembered: the same key may try again.
    assert_eq!(app.reserve("k", &body).await.status.as_u16(), 201);
}
