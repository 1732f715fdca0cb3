use axum::http::Method;
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{TestApp, json_request, wish};

fn change(location: &str, sku: &str, kind: &str, quantity: i64, sequence: u64) -> Value {
    json!({ "location_id": location, "sku": sku, "kind": kind, "quantity": quantity, "source": "till", "sequence": sequence })
}

async fn verdicts(app: &TestApp, changes: Value) -> Vec<String> {
    let token = app.token("feed").await;
    let answer = app.change(&token, changes).await.ok();
    answer["results"].as_array().unwrap().iter().map(|r| r["verdict"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn only_a_feed_may_change_stock() {
    let app = TestApp::new().await;
    let before = app.fingerprint();
    let body = json!({ "changes": [change("lyo-1", BOTTLE, "set", 1, 1)] }).to_string();
    app.send(json_request(Method::POST, "/v1/inventory", &body, &[])).await.problem(401, "unauthorized");
    for header in ["Bearer wrong", "Basic abc", "Bearer ", "wrong"] {
        let request = json_request(Method::POST, "/v1/inventory", &body, &[("authorization", header)]);
        app.send(request).await.problem(401, "unauthorized");
    }
    let staff = app.token("staff").await;
    app.change(&staff, json!([])).await.problem(403, "forbidden");
    let feed = app.token("feed").await;
    let id = app
        .state
        .db
        .tokens()
        .await
        .unwrap()
        .into_iter()
        .find(|t| t.scope == nearshelf_server::db::Scope::Feed)
        .unwrap()
        .id;
    assert!(app.state.db.revoke_token(id).await.unwrap());
    app.change(&feed, json!([])).await.problem(401, "unauthorized");
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn a17_each_row_is_judged_by_itself_and_an_older_one_is_ignored() {
    let app = TestApp::new().await;
    let changes = json!([
        change("lyo-1", BOTTLE, "set", 7, 1),
        change("lyo-1", BOTTLE, "delta", -2, 2),
        change("lyo-1", BOTTLE, "delta", -2, 2),
        change("lyo-1", BOTTLE, "set", 100, 1),
        change("nowhere", BOTTLE, "set", 1, 1),
        change("lyo-1", "nothing", "set", 1, 1),
        change("lyo-1", "BO-075-FER", "delta", 1, 1),
        change("lyo-1", "BO-075-FER", "set", 4, 1),
        change("lyo-1", "CHALK", "delta", 1, 1),
        change("lyo-1", BOTTLE, "set", -1, 9),
        change("lyo-1", BOTTLE, "delta", 1_000_001, 9),
        change("lyo-1", BOTTLE, "delta", i64::MIN, 9),
        change("lyo-1", BOTTLE, "set", 1, u64::MAX),
    ]);
    let expected = [
        "applied",
        "applied",
        "already_seen",
        "already_seen",
        "unknown_location",
        "unknown_product",
        "not_carried",
        "applied",
        "invalid",
        "invalid",
        "invalid",
        "invalid",
        "invalid",
    ];
    assert_eq!(verdicts(&app, changes).await, expected);
    assert_eq!(app.units("lyo-1", BOTTLE).await, 5);
    // A count says that the shop carries it.
    assert_eq!(app.units("lyo-1", "BO-075-FER").await, 4);
}

#[tokio::test]
async fn a15_a_change_on_an_older_version_is_refused() {
    let app = TestApp::new().await;
    let token = app.token("feed").await;
    let mut row = change("lyo-1", BOTTLE, "set", 9, 1);
    row["if_version"] = json!(1);
    let first = app.change(&token, json!([row])).await.ok();
    assert_eq!(first["results"][0], json!({ "verdict": "applied", "version": 2, "on_hand": 9, "shortfall": 0 }));
    row["sequence"] = json!(2);
    row["quantity"] = json!(1);
    let second = app.change(&token, json!([row])).await.ok();
    assert_eq!(
        (&second["results"][0]["verdict"], &second["results"][0]["version"]),
        (&json!("version_mismatch"), &json!(2))
    );
    assert_eq!(app.units("lyo-1", BOTTLE).await, 9);
    // A refused change does not use up its number.
    row["if_version"] = json!(2);
    assert_eq!(app.change(&token, json!([row])).await.ok()["results"][0]["verdict"], "applied");
}

#[tokio::test]
async fn a14_physical_truth_wins_and_the_shortfall_is_said() {
    let app = TestApp::new().await;
    app.reserve("k", &wish("lyo-1", &[(BOTTLE, 4)])).await.ok();
    let token = app.token("feed").await;
    let answer = app.change(&token, json!([change("lyo-1", BOTTLE, "set", 1, 1)])).await.ok();
    assert_eq!(answer["results"][0]["shortfall"], 3);
    let answer = app.change(&token, json!([change("lyo-1", BOTTLE, "delta", -3, 2)])).await.ok();
    assert_eq!((&answer["results"][0]["on_hand"], &answer["results"][0]["shortfall"]), (&json!(-2), &json!(6)));
    assert_eq!(app.count("SELECT on_hand FROM stock WHERE location_id = 'lyo-1' AND sku = 'BO-075-GLA'"), -2);
    assert_eq!(app.units("lyo-1", BOTTLE).await, 0);
    assert_eq!(app.count("SELECT sum(claimed) FROM hold"), 4);
}

#[tokio::test]
async fn a_large_feed_is_taken_and_a_larger_one_is_not() {
    let app = TestApp::new().await;
    let rows = |count: u64| (1..=count).map(|n| change("lyo-1", BOTTLE, "delta", 1, n)).collect::<Vec<_>>();
    assert!(verdicts(&app, json!(rows(10_000))).await.iter().all(|verdict| verdict == "applied"));
    assert_eq!(app.units("lyo-1", BOTTLE).await, 10_005);
    let token = app.token("feed").await;
    app.change(&token, json!(rows(10_001))).await.problem(422, "invalid-request");
    app.change(&token, json!([])).await.problem(422, "invalid-request");
    let body = format!("{{\"changes\":[]{}}}", " ".repeat(4_200_000));
    let bearer = format!("Bearer {token}");
    let request = json_request(Method::POST, "/v1/inventory", &body, &[("authorization", &bearer)]);
    app.send(request).await.problem(413, "payload-too-large");
}
