//! A machine whose clock is set wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::Request;
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use http_body_util::BodyExt as _;
use nearshelf_server::app;
use nearshelf_server::clock::{Clock, Guard};
use nearshelf_server::state::{AppState, Config};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::shop::{Shop, number, wish};

const START: i64 = 1_900_000_000_000;

/// A machine with both hands free.
#[derive(Clone)]
struct Machine {
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
    clock: Clock,
}

impl Machine {
    fn new() -> Self {
        let (wall, steady) = (Arc::new(AtomicI64::new(START)), Arc::new(AtomicI64::new(5_000)));
        let (w, s) = (Arc::clone(&wall), Arc::clone(&steady));
        let guard = Guard::new(move || w.load(Ordering::SeqCst), move || s.load(Ordering::SeqCst));
        Self { wall, steady, clock: Clock::Guarded(Arc::new(guard)) }
    }

    /// Time goes by.
    fn pass(&self, millis: i64) {
        self.wall.fetch_add(millis, Ordering::SeqCst);
        self.steady.fetch_add(millis, Ordering::SeqCst);
    }

    /// Somebody sets the clock.
    fn set_by(&self, millis: i64) {
        self.wall.fetch_add(millis, Ordering::SeqCst);
    }

    /// Milliseconds since the start, as the server believes.
    fn now(&self) -> i64 {
        self.clock.now().millis() - START
    }
}

#[test]
fn c14_a_jump_in_either_direction_is_not_followed_and_is_told_until_it_is_set_right() {
    for jump in [HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS, MINUTE_MS + 1, -MINUTE_MS - 1, i64::MAX / 4, i64::MIN / 4] {
        let machine = Machine::new();
        machine.pass(1_000);
        assert_eq!((machine.now(), machine.clock.degraded()), (1_000, None), "{jump}");
        machine.set_by(jump);
        assert_eq!(machine.now(), 1_000, "{jump}");
        let told = machine.clock.degraded().unwrap();
        assert!(told.contains(&format!("jumped by {} s", jump / 1000)), "{told}");
        machine.pass(DAY_MS);
        assert_eq!(machine.now(), DAY_MS + 1_000, "{jump}");
        machine.set_by(-jump);
        assert_eq!((machine.now(), machine.clock.degraded()), (DAY_MS + 1_000, None), "{jump}");
    }
}

#[test]
fn c14_small_corrections_are_followed_and_never_backwards() {
    let machine = Machine::new();
    machine.pass(10_000);
    assert_eq!(machine.now(), 10_000);
    // A leap second, a network that corrects it, and many of them one after the other.
    for _ in 0..100 {
        machine.set_by(50_000);
        let before = machine.now();
        machine.set_by(-50_000);
        assert!(machine.now() >= before);
        machine.pass(60_000);
    }
    assert_eq!((machine.now(), machine.clock.degraded()), (10_000 + 100 * 60_000, None));
    machine.set_by(-30_000);
    let stands = machine.now();
    machine.pass(29_000);
    assert_eq!(machine.now(), stands, "it stands still until the corrected time has caught up");
    machine.pass(2_000);
    assert_eq!(machine.now(), stands + 1_000);
}

#[test]
fn c14_the_control_a_machine_that_slept_is_believed() {
    let machine = Machine::new();
    // Both clocks count while it sleeps.
    machine.pass(8 * HOUR_MS);
    assert_eq!((machine.now(), machine.clock.degraded()), (8 * HOUR_MS, None));
}

async fn ready(state: &AppState) -> Value {
    let request = Request::get("/health/ready").body(Body::empty()).unwrap();
    let response = app(state.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn c14_holds_do_not_end_because_the_clock_was_set_and_a_restart_adopts_it() {
    let shop = Shop::new();
    let machine = Machine::new();
    let config = Config { clock: machine.clock.clone(), ..Config::new(shop.db()) };
    let state = AppState::open(config.clone()).await.unwrap();
    let request = Request::post("/v1/reservations")
        .header("content-type", "application/json")
        .header("idempotency-key", "one")
        .body(Body::from(wish("p1").to_string()))
        .unwrap();
    assert_eq!(app(state.clone()).oneshot(request).await.unwrap().status(), 201);
    let standing = "SELECT count(*) FROM hold WHERE claimed > 0";
    machine.set_by(365 * DAY_MS);
    assert_eq!(state.db.sweep().await.unwrap(), 0);
    assert_eq!(number(&shop.db(), standing), 1);
    let told = ready(&state).await;
    assert_eq!(told["status"], "ready");
    assert_eq!(told["degraded"].as_array().unwrap().len(), 1, "{told}");
    machine.set_by(-365 * DAY_MS);
    assert_eq!(ready(&state).await["degraded"], json!([]));
    // The control: when so much time really goes by, it ends.
    machine.pass(365 * DAY_MS);
    assert_eq!(state.db.sweep().await.unwrap(), 1);
    assert_eq!(number(&shop.db(), standing), 0);
    // A server that is started anew believes what the machine says then.
    let later = Timestamp::from_millis(START + 999 * DAY_MS);
    let guard = Guard::new(move || later.millis(), || 0);
    assert_eq!(Clock::Guarded(Arc::new(guard)).now(), later);
}
