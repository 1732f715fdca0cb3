//! Screens in shops: who may speak for one, and what an operator sees.

use axum::http::Method;
use nearshelf_server::db::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const PATH: &str = "/v1/devices";

fn report() -> Value {
    json!({ "location_id": "lyo-1", "app_version": "8cfef3c3", "stock_age_s": 4, "uptime_s": 3600 })
}

impl TestApp {
    async fn says(&self, token: &str, body: &Value) -> Answer {
        self.with_token(token, Method::POST, PATH, &body.to_string()).await
    }

    async fn devices(&self, ops: &str) -> Value {
        self.with_token(ops, Method::GET, PATH, "").await.ok()
    }
}

#[tokio::test]
async fn an_operator_sees_each_device_with_its_shop_its_last_contact_and_the_age_of_that() {
    let app = TestApp::new().await;
    let (ops, kiosk, silent) = (app.token("ops").await, app.token("device").await, app.token("device").await);
    let said = app.says(&kiosk, &report()).await.ok();
    assert_eq!(said["last_contact_age_s"], 0);
    app.clock.advance(90_000);
    let mut body = report();
    body["last_error"] = json!("crashed");
    let list = app.devices(&ops).await;
    let devices = list["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 2);
    assert_eq!(devices[0].get("last_contact_at"), None, "who never spoke is first");
    assert_eq!(devices[1]["location_id"], "lyo-1");
    assert_eq!(devices[1]["last_contact_age_s"], 90);
    assert_eq!((&devices[1]["stock_age_s"], &devices[1]["uptime_s"]), (&json!(4), &json!(3600)));
    assert_eq!(devices[1].get("last_error"), None);
    app.says(&silent, &body).await.ok();
    let list = app.devices(&ops).await;
    assert_eq!(list["devices"][0]["last_contact_age_s"], 90, "the longest silent is first");
    assert_eq!(list["devices"][1]["last_error"], "crashed");
}

#[tokio::test]
async fn g01_only_a_device_of_that_shop_speaks_for_it() {
    let app = TestApp::new().await;
    let (ops, staff, kiosk) = (app.token("ops").await, app.token("staff").await, app.token("device").await);
    let other = app.token_at("device", Some("lyo-2")).await;
    app.post(PATH, &report()).await.problem(401, "unauthorized");
    app.says("wrong", &report()).await.problem(401, "unauthorized");
    for token in [&ops, &staff, &other] {
        app.says(token, &report()).await.problem(403, "forbidden");
    }
    app.says(&kiosk, &report()).await.ok();
    let list = app.devices(&ops).await;
    assert!(list["devices"].as_array().unwrap().iter().any(|device| device.get("last_contact_at").is_none()));
}

#[tokio::test]
async fn only_an_operator_sees_the_list_and_a_token_that_was_taken_back_is_not_on_it() {
    let app = TestApp::new().await;
    let (ops, kiosk) = (app.token("ops").await, app.token("device").await);
    app.get(PATH).await.problem(401, "unauthorized");
    app.with_token(&kiosk, Method::GET, PATH, "").await.problem(403, "forbidden");
    app.says(&kiosk, &report()).await.ok();
    let tokens = app.state.db.tokens().await.unwrap();
    let id = tokens.into_iter().find(|token| token.scope == Scope::Device).unwrap().id;
    assert!(app.state.db.revoke_token(id).await.unwrap());
    app.says(&kiosk, &report()).await.problem(401, "unauthorized");
    assert_eq!(app.devices(&ops).await["devices"], json!([]));
}

#[tokio::test]
async fn what_a_device_says_is_checked() {
    let app = TestApp::new().await;
    let kiosk = app.token("device").await;
    for (field, value) in [
        ("app_version", json!("")),
        ("app_version", json!("x".repeat(65))),
        ("last_error", json!("x".repeat(201))),
        ("last_error", json!("a\nb")),
        ("uptime_s", json!(-1)),
        ("stock_age_s", json!("old")),
        ("person", json!("Ada")),
    ] {
        let mut body = report();
        body[field] = value;
        app.says(&kiosk, &body).await.problem(422, "invalid-request");
    }
}
