//! The life of a reservation after it was made: what its owner may do, what the shop does, and what time does.

use axum::http::Method;
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{Answer, TestApp, json_request, reserve_request, wish};

const HOUR: i64 = 3_600_000;

/// A reservation at a shop, with what its owner and its shop need to go on.
struct Kept<'a> {
    app: &'a TestApp,
    id: String,
    secret: String,
    staff: String,
    made: Value,
}

impl<'a> Kept<'a> {
    async fn new(app: &'a TestApp, location: &str, items: &[(&str, u32)]) -> Self {
        let key = format!("k{}", app.count("SELECT count(*) FROM idempotency"));
        let made = app.reserve(&key, &wish(location, items)).await.ok();
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        let (id, secret) = (text("id"), text("manage_token"));
        let staff = app.token_at("staff", Some(location)).await;
        Self { app, id, secret, staff, made }
    }

    async fn ask(&self, change: Value) -> Answer {
        let path = format!("/v1/reservations/{}", self.id);
        self.app.with_token(&self.secret, Method::PATCH, &path, &change.to_string()).await
    }

    async fn step(&self, step: &str, body: &Value) -> Answer {
        let path = format!("/v1/reservations/{}/{step}", self.id);
        self.app.with_token(&self.staff, Method::POST, &path, &body.to_string()).await
    }

    async fn steps(&self, steps: &[&str]) {
        for step in steps {
            self.step(step, &json!({})).await.ok();
        }
    }

    async fn look(&self) -> Value {
        let path = format!("/v1/reservations/{}", self.id);
        self.app.with_token(&self.secret, Method::GET, &path, "").await.ok()
    }

    fn ends_at(&self) -> i64 {
        self.app.count(&format!("SELECT hold_expires_at FROM reservation WHERE id = '{}'", self.id))
    }
}

fn on_hand(app: &TestApp, location: &str, sku: &str) -> (i64, i64) {
    let of = |column: &str| {
        app.count(&format!("SELECT {column} FROM stock WHERE location_id = '{location}' AND sku = '{sku}'"))
    };
    (of("on_hand"), of("reserved"))
}

#[tokio::test]
async fn from_the_shelf_to_the_shopper_and_back() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 2), ("ROPE-60", 1)]).await;
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (5, 2));
    for (step, status, todo) in
        [("accept", "accepted", "pick"), ("pick", "picking", "make_ready"), ("ready", "ready", "hand_over")]
    {
        let task = kept.step(step, &json!({})).await.ok();
        assert_eq!((&task["status"], &task["todo"]), (&json!(status), &json!(todo)));
        // Done twice is no error and changes nothing.
        assert_eq!(kept.step(step, &json!({})).await.ok()["status"], status);
        assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (5, 2));
    }
    kept.step("handover", &json!({ "code": "00-000" })).await.problem(409, "wrong-code");
    let code = kept.made["code"].as_str().unwrap().to_lowercase().replace('-', " ");
    let task = kept.step("handover", &json!({ "code": code })).await.ok();
    assert_eq!((&task["status"], &task["todo"]), (&json!("collected"), &json!("nothing")));
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (3, 0));
    let part = json!({ "items": [{ "sku": BOTTLE, "quantity": 1 }], "reason": "changed_mind" });
    assert_eq!(kept.step("return", &part).await.ok()["status"], "collected");
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (4, 0));
    let task = kept.step("return", &json!({ "reason": "damaged" })).await.ok();
    assert_eq!(task["status"], "returned");
    // What is broken does not go back on the shelf.
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (4, 0));
    assert_eq!(kept.look().await["status"], "returned");
    app.books_agree().await;
}

#[tokio::test]
async fn part_of_it_is_collected_and_the_rest_waits_to_be_put_back() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 3)]).await;
    kept.steps(&["accept", "pick", "ready"]).await;
    let some = |n: u32| json!({ "items": [{ "sku": BOTTLE, "quantity": n }] });
    kept.step("handover", &some(4)).await.problem(422, "unknown-line");
    kept.step("handover", &json!({ "items": [{ "sku": "TENT-2", "quantity": 1 }] })).await.problem(422, "unknown-line");
    let task = kept.step("handover", &some(1)).await.ok();
    assert_eq!((&task["status"], &task["todo"]), (&json!("partially_collected"), &json!("put_back")));
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (4, 2));
    kept.step("handover", &some(1)).await.ok();
    assert_eq!(kept.step("put_back", &json!({})).await.ok()["todo"], "nothing");
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (3, 0));
    assert_eq!(kept.look().await["items"][0]["collected"], 2);
    app.books_agree().await;
}

#[tokio::test]
async fn a_line_that_the_shop_cannot_give_is_said_and_not_promised_to_the_next() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 2), ("ROPE-60", 1)]).await;
    kept.steps(&["accept"]).await;
    let task = kept.step("reject_line", &json!({ "sku": BOTTLE, "quantity": 1, "reason": "not_found" })).await.ok();
    assert_eq!(task["status"], "accepted");
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (4, 1));
    kept.step("reject_line", &json!({ "sku": BOTTLE, "reason": "customer_request" })).await.ok();
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (4, 0));
    let task = kept.step("reject_line", &json!({ "sku": "ROPE-60", "reason": "damaged" })).await.ok();
    assert_eq!(task["status"], "rejected");
    assert_eq!(on_hand(&app, "lyo-1", "ROPE-60"), (1, 0));
    let seen = kept.look().await;
    assert_eq!((&seen["items"][1]["rejected"], &seen["items"][1]["reason"]), (&json!(1), &json!("damaged")));
    app.books_agree().await;
}

#[tokio::test]
async fn a13_what_is_over_stays_over_and_the_books_do_not_move() {
    let app = TestApp::new().await;
    let check = async |kept: &Kept<'_>, step: &str| {
        let before = on_hand(&app, "lyo-1", BOTTLE);
        let rows = app.count("SELECT count(*) FROM ledger");
        kept.step(step, &json!({})).await.problem(409, "invalid-transition");
        assert_eq!(
            (on_hand(&app, "lyo-1", BOTTLE), app.count("SELECT count(*) FROM ledger")),
            (before, rows),
            "{step}"
        );
    };
    let collected = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    check(&collected, "handover").await;
    collected.steps(&["accept", "pick", "ready", "handover"]).await;
    for step in ["handover", "put_back", "accept", "pick", "ready"] {
        check(&collected, step).await;
    }
    collected.ask(json!({ "action": "cancel" })).await.problem(409, "invalid-transition");
    let expired = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    app.clock.advance(60 * HOUR);
    check(&expired, "handover").await;
    expired.ask(json!({ "action": "cancel" })).await.problem(409, "invalid-transition");
    let cancelled = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    cancelled.ask(json!({ "action": "cancel" })).await.ok();
    cancelled.ask(json!({ "action": "cancel" })).await.ok();
    check(&cancelled, "handover").await;
    app.books_agree().await;
}

#[tokio::test]
async fn a13_g01_another_shop_sees_nothing_and_a_shopper_is_no_staff() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    let other = app.token_at("staff", Some("lyo-2")).await;
    let path = format!("/v1/reservations/{}/accept", kept.id);
    let nothing = app.with_token(&other, Method::POST, "/v1/reservations/r_nothing/accept", "{}").await;
    let elsewhere = app.with_token(&other, Method::POST, &path, "{}").await;
    let same = |answer: &Answer| {
        let mut problem = answer.problem(404, "not-found");
        problem["request_id"] = json!("");
        problem
    };
    assert_eq!(same(&elsewhere), same(&nothing));
    app.with_token(&other, Method::GET, "/v1/locations/lyo-1/tasks", "").await.problem(404, "not-found");
    app.with_token(&kept.secret, Method::POST, &path, "{}").await.problem(401, "unauthorized");
    let feed = app.token("feed").await;
    app.with_token(&feed, Method::POST, &path, "{}").await.problem(403, "forbidden");
    assert_eq!(kept.look().await["status"], "held");
}

#[tokio::test]
async fn a12_picked_goods_never_go_back_by_themselves() {
    let app = TestApp::new().await;
    for (steps, late) in [(&["accept", "pick"][..], "picking"), (&["accept", "pick", "ready"], "no_show")] {
        let kept = Kept::new(&app, "lyo-1", &[("TENT-2", 1)]).await;
        kept.steps(steps).await;
        app.clock.advance(100 * HOUR);
        app.state.db.sweep().await.unwrap();
        assert_eq!(kept.look().await["status"], late);
        assert_eq!((app.units("lyo-1", "TENT-2").await, on_hand(&app, "lyo-1", "TENT-2")), (0, (1, 1)));
        app.reserve(&format!("no-{late}"), &wish("lyo-1", &[("TENT-2", 1)])).await.problem(409, "insufficient-stock");
        if late == "picking" {
            kept.ask(json!({ "action": "cancel" })).await.ok();
            assert_eq!(app.units("lyo-1", "TENT-2").await, 0);
        }
        let tasks = app.with_token(&kept.staff, Method::GET, "/v1/locations/lyo-1/tasks", "").await.ok();
        assert_eq!(tasks["tasks"].as_array().unwrap().last().unwrap()["todo"], "put_back", "{tasks:#}");
        kept.steps(&["put_back"]).await;
        assert_eq!(app.units("lyo-1", "TENT-2").await, 1);
    }
    app.books_agree().await;
}

#[tokio::test]
async fn who_comes_a_little_late_still_gets_it() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    kept.steps(&["accept", "pick", "ready"]).await;
    app.clock.advance(100 * HOUR);
    app.state.db.sweep().await.unwrap();
    assert_eq!(kept.step("handover", &json!({})).await.ok()["status"], "collected");
    app.books_agree().await;
}

#[tokio::test]
async fn a09_at_its_last_instant_a_hold_is_over_and_a_millisecond_before_it_is_not() {
    for (before, kept_longer) in [(1, true), (0, false), (-1, false)] {
        let app = TestApp::new().await;
        let kept = Kept::new(&app, "lyo-1", &[("TENT-2", 1)]).await;
        app.clock.advance(kept.ends_at() - app.clock.now().millis() - before);
        let answer = kept.ask(json!({ "action": "extend" })).await;
        let other = app.reserve("other", &wish("lyo-1", &[("TENT-2", 1)])).await;
        if kept_longer {
            answer.ok();
            other.problem(409, "insufficient-stock");
        } else {
            answer.problem(410, "hold-expired");
            assert_eq!(other.status.as_u16(), 201);
        }
        assert_eq!(on_hand(&app, "lyo-1", "TENT-2"), (1, 1));
        app.books_agree().await;
    }
}

#[tokio::test]
async fn a10_without_any_sweeper_what_is_over_is_free_for_the_next() {
    let app = TestApp::new().await;
    let first = Kept::new(&app, "lyo-1", &[("TENT-2", 1), (BOTTLE, 2)]).await;
    app.clock.advance(first.ends_at() - app.clock.now().millis() + 600_000);
    assert_eq!((app.units("lyo-1", "TENT-2").await, app.units("lyo-1", BOTTLE).await), (1, 5));
    let second = Kept::new(&app, "lyo-1", &[("TENT-2", 1)]).await;
    assert_eq!(first.look().await["status"], "expired");
    // Freed as a whole, once: the bottles of the same reservation as well.
    assert_eq!((on_hand(&app, "lyo-1", "TENT-2"), on_hand(&app, "lyo-1", BOTTLE)), ((1, 1), (5, 0)));
    assert_eq!(second.look().await["status"], "held");
    assert_eq!(app.state.db.sweep().await.unwrap(), 0);
    app.books_agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a11_sweepers_and_a_cancellation_give_a_unit_back_once() {
    for round in 0..10 {
        let app = TestApp::new().await;
        let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 2)]).await;
        app.clock.advance(kept.ends_at() - app.clock.now().millis() - i64::from(round % 2));
        let (one, two) = (app.state.db.clone(), app.state.db.clone());
        let sweeps = [tokio::spawn(async move { one.sweep().await }), tokio::spawn(async move { two.sweep().await })];
        let cancelled = kept.ask(json!({ "action": "cancel" })).await.status.as_u16();
        for sweep in sweeps {
            sweep.await.unwrap().unwrap();
        }
        assert!([200, 409].contains(&cancelled));
        assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (5, 0));
        assert_eq!(app.count("SELECT count(*) FROM ledger WHERE reserved_change < 0"), 1);
        app.books_agree().await;
    }
}

#[tokio::test]
async fn a_hold_is_kept_longer_once() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    assert_eq!(kept.made["can_extend"], true);
    let end = kept.ends_at();
    let longer = kept.ask(json!({ "action": "extend" })).await.ok();
    assert_eq!((kept.ends_at(), &longer["can_extend"]), (end + 48 * HOUR, &json!(false)));
    kept.ask(json!({ "action": "extend" })).await.problem(409, "already-extended");
    app.clock.advance(end - app.clock.now().millis() + HOUR);
    app.state.db.sweep().await.unwrap();
    assert_eq!((kept.look().await["status"].as_str(), app.units("lyo-1", BOTTLE).await), (Some("held"), 4));
    app.clock.advance(48 * HOUR);
    assert_eq!(app.units("lyo-1", BOTTLE).await, 5);
}

#[tokio::test]
async fn a_late_shop_costs_the_shopper_no_time() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    app.clock.advance(kept.ends_at() - app.clock.now().millis() - HOUR);
    kept.steps(&["accept", "ready"]).await;
    assert_eq!(kept.ends_at(), app.clock.now().millis() + 48 * HOUR);
}

#[tokio::test]
async fn somebody_else_collects_and_the_shop_hears_who_comes_and_where_they_stand() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-2", &[(BOTTLE, 1)]).await;
    let changed = kept.ask(json!({ "action": "set_collector", "collector": " Ægir " })).await.ok();
    assert_eq!(changed["collector"], "Ægir");
    kept.ask(json!({ "action": "set_collector", "collector": " " })).await.problem(422, "invalid-request");
    let path = format!("/v1/reservations/{}/arrival", kept.id);
    let body = json!({ "phase": "arrived", "bay": "3", "vehicle": "blue van" }).to_string();
    let seen = app.with_token(&kept.secret, Method::POST, &path, &body).await.ok();
    assert_eq!(seen["arrival"]["bay"], "3");
    app.with_token("0000", Method::POST, &path, &body).await.problem(404, "not-found");
    let long = json!({ "phase": "arrived", "bay": "x".repeat(21) }).to_string();
    app.with_token(&kept.secret, Method::POST, &path, &long).await.problem(422, "invalid-request");
    let tasks = app.with_token(&kept.staff, Method::GET, "/v1/locations/lyo-2/tasks", "").await.ok();
    let task = &tasks["tasks"][0];
    assert_eq!((&task["collector"], &task["arrival"]["vehicle"]), (&json!("Ægir"), &json!("blue van")));
}

#[tokio::test]
async fn a08_moving_to_another_shop_is_all_or_nothing_and_never_in_its_own_way() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[("TENT-2", 1), ("ROPE-60", 2)]).await;
    let to = |shop: &str| json!({ "action": "change_location", "location_id": shop });
    // Bellecour has one rope only: nothing moves.
    let refused = kept.ask(to("lyo-2")).await.problem(409, "insufficient-stock");
    assert_eq!(refused["rows"][0]["sku"], "ROPE-60");
    assert_eq!((kept.look().await["location_id"].as_str(), on_hand(&app, "lyo-2", "TENT-2")), (Some("lyo-1"), (3, 0)));
    kept.ask(to("lyo-3")).await.problem(409, "pickup-unavailable");
    kept.ask(to("nowhere")).await.problem(422, "unknown-location");
    let released = kept.ask(json!({ "action": "release_line", "sku": "ROPE-60", "quantity": 1 })).await.ok();
    assert_eq!(released["items"][0]["quantity"], 1);
    let moved = kept.ask(to("lyo-2")).await.ok();
    assert_eq!((&moved["location_id"], &moved["status"]), (&json!("lyo-2"), &json!("held")));
    assert_eq!((on_hand(&app, "lyo-1", "TENT-2"), on_hand(&app, "lyo-2", "ROPE-60")), ((1, 0), (1, 1)));
    // The last rope of the shop is this reservation's own: asking again for the shop where it is must not fail on it.
    kept.ask(to("lyo-2")).await.ok();
    assert_eq!(on_hand(&app, "lyo-2", "ROPE-60"), (1, 1));
    kept.step("accept", &json!({})).await.problem(404, "not-found");
    app.books_agree().await;
}

#[tokio::test]
async fn a_line_is_given_back_and_the_last_one_gives_it_all_back() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 3), ("ROPE-60", 1)]).await;
    let release = |sku: &str, quantity: Option<u32>| {
        let mut change = json!({ "action": "release_line", "sku": sku });
        if let Some(quantity) = quantity {
            change["quantity"] = json!(quantity);
        }
        change
    };
    kept.ask(release("TENT-2", None)).await.problem(422, "unknown-line");
    kept.ask(release(BOTTLE, Some(4))).await.problem(422, "unknown-line");
    kept.ask(release(BOTTLE, Some(0))).await.problem(422, "unknown-line");
    assert_eq!(kept.ask(release(BOTTLE, Some(1))).await.ok()["items"][0]["quantity"], 2);
    assert_eq!(kept.ask(release("ROPE-60", None)).await.ok()["items"].as_array().unwrap().len(), 1);
    let over = kept.ask(release(BOTTLE, None)).await.ok();
    assert_eq!((&over["status"], &over["items"][0]["quantity"]), (&json!("cancelled"), &json!(2)));
    assert_eq!((on_hand(&app, "lyo-1", BOTTLE), on_hand(&app, "lyo-1", "ROPE-60")), ((5, 0), (2, 0)));
    app.books_agree().await;
}

#[tokio::test]
async fn a14_the_newest_promises_of_a_short_shelf_are_at_risk() {
    let app = TestApp::new().await;
    let (first, _second) =
        (Kept::new(&app, "lyo-1", &[(BOTTLE, 2)]).await, Kept::new(&app, "lyo-1", &[(BOTTLE, 2)]).await);
    let feed = app.token("feed").await;
    let count =
        json!([{ "location_id": "lyo-1", "sku": BOTTLE, "kind": "set", "quantity": 3, "source": "t", "sequence": 1 }]);
    assert_eq!(app.change(&feed, count).await.ok()["results"][0]["shortfall"], 1);
    let tasks = app.with_token(&first.staff, Method::GET, "/v1/locations/lyo-1/tasks", "").await.ok();
    let risks: Vec<&Value> = tasks["tasks"].as_array().unwrap().iter().map(|t| &t["items"][0]["at_risk"]).collect();
    assert_eq!(risks, [&json!(false), &json!(true)]);
    let (found, _) = app.state.db.reconcile(Default::default()).await.unwrap();
    assert_eq!((found.shortfalls, found.differences.len()), (1, 0));
}

#[tokio::test]
async fn a18_what_is_held_outlives_what_the_shop_no_longer_offers() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 1)]).await;
    let sql = |text: &str| {
        let connection = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
        connection.execute_batch(text).unwrap();
    };
    sql("UPDATE stock SET pickup = 0 WHERE location_id = 'lyo-1' AND sku = 'BO-075-GLA'");
    app.reserve("n1", &wish("lyo-1", &[(BOTTLE, 1)])).await.problem(409, "pickup-unavailable");
    sql("UPDATE location SET pickup_in_store = 0 WHERE id = 'lyo-1'");
    app.reserve("n2", &wish("lyo-1", &[("TENT-2", 1)])).await.problem(409, "pickup-unavailable");
    let tasks = app.with_token(&kept.staff, Method::GET, "/v1/locations/lyo-1/tasks", "").await.ok();
    assert_eq!(tasks["tasks"][0]["items"][0]["title"], "Fell bottle 0.75 l");
    kept.steps(&["accept", "pick", "ready", "handover"]).await;
    app.books_agree().await;
}

#[tokio::test]
async fn b05_keys_of_the_staff_and_of_shoppers_are_strangers_and_a_step_happens_once() {
    let app = TestApp::new().await;
    let kept = Kept::new(&app, "lyo-1", &[(BOTTLE, 2)]).await;
    kept.steps(&["accept", "ready"]).await;
    let bearer = format!("Bearer {}", kept.staff);
    // The key of the reservation itself, sent by somebody else.
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k0")];
    let path = format!("/v1/reservations/{}/handover", kept.id);
    let one = json!({ "items": [{ "sku": BOTTLE, "quantity": 1 }] }).to_string();
    let first = app.send(json_request(Method::POST, &path, &one, &headers)).await;
    assert_eq!(first.ok()["status"], "partially_collected");
    let again = app.send(json_request(Method::POST, &path, &one, &headers)).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    assert_eq!(on_hand(&app, "lyo-1", BOTTLE), (4, 1));
    app.send(json_request(Method::POST, &path, "{}", &headers)).await.problem(422, "idempotency-key-reused");
    let replay = app.send(reserve_request("k0", &wish("lyo-1", &[(BOTTLE, 2)]).to_string())).await;
    assert_eq!((replay.status.as_u16(), replay.header("idempotent-replayed")), (201, "true"));
    app.books_agree().await;
}
