//! Counters, ledger and claims: they agree after whatever happened, and where somebody made them disagree it is seen.

use std::collections::HashSet;

use axum::http::Method;
use domain::time::Timestamp;
use nearshelf_server::chaos::Chaos;
use nearshelf_server::db::sqlite::check::Position;
use nearshelf_server::db::{Counter, Witness};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{TestApp, reserve_request, wish};

/// What a reservation still needs to be worked with.
struct Known {
    id: String,
    secret: String,
    key: String,
    body: Value,
    at: Timestamp,
    /// Where it was made, as a place in the list of staff tokens.
    shop: usize,
}

const SHELVES: [(&str, &str); 5] =
    [("lyo-1", BOTTLE), ("lyo-1", "TENT-2"), ("lyo-1", "ROPE-60"), ("lyo-2", BOTTLE), ("lyo-2", "TENT-2")];

/// Does `count` random things to a few shelves, with the clock going on.
async fn live(app: &TestApp, seed: u64, count: usize) {
    let mut rng = StdRng::seed_from_u64(seed);
    let feed = app.token("feed").await;
    let staff = [app.token_at("staff", Some("lyo-1")).await, app.token_at("staff", Some("lyo-2")).await];
    let mut known: Vec<Known> = Vec::new();
    for n in 0..count {
        // Mostly the newest ones, so that some of them get through all of their life.
        let recent = known.get(known.len().saturating_sub(4)..).unwrap_or_default();
        match (rng.random_range(0..10), recent.choose(&mut rng)) {
            (0..4, _) => {
                let (shop, _) = *SHELVES.choose(&mut rng).unwrap();
                let lines: Vec<(&str, u32)> = (0..rng.random_range(1..4))
                    .map(|_| (SHELVES.choose(&mut rng).unwrap().1, rng.random_range(1..3)))
                    .collect();
                let (key, body) = (format!("k{seed}-{n}"), wish(shop, &lines));
                let answer = app.send(reserve_request(&key, &body.to_string())).await;
                if answer.status.as_u16() == 201 {
                    let made = answer.json();
                    let text = |field: &str| made[field].as_str().unwrap().to_owned();
                    known.push(Known {
                        id: text("id"),
                        secret: text("manage_token"),
                        key,
                        body,
                        at: app.clock.now(),
                        shop: usize::from(shop == "lyo-2"),
                    });
                }
            }
            // A key is forgotten after a day; then it would be a new intent.
            (4, Some(known)) if app.clock.now().since(known.at) < 24 * 3_600_000 => {
                let again = app.send(reserve_request(&known.key, &known.body.to_string())).await;
                assert_eq!(again.json()["id"], json!(known.id), "seed {seed}");
            }
            (5, Some(known)) => {
                let change = [
                    json!({ "action": "cancel" }),
                    json!({ "action": "extend" }),
                    json!({ "action": "release_line", "sku": BOTTLE, "quantity": 1 }),
                    json!({ "action": "change_location", "location_id": SHELVES.choose(&mut rng).unwrap().0 }),
                ];
                let (path, change) = (format!("/v1/reservations/{}", known.id), change.choose(&mut rng).unwrap());
                app.with_token(&known.secret, Method::PATCH, &path, &change.to_string()).await;
            }
            (6..8, Some(known)) => {
                // A stretch of the way through the shop; most steps are refused where the one before was not done.
                let way = [
                    ("accept", "{}"),
                    ("reject_line", r#"{"sku":"BO-075-GLA","quantity":1,"reason":"not_found"}"#),
                    ("pick", "{}"),
                    ("ready", "{}"),
                    ("handover", r#"{"items":[{"sku":"BO-075-GLA","quantity":1}]}"#),
                    ("handover", "{}"),
                    ("return", r#"{"reason":"changed_mind"}"#),
                    ("put_back", "{}"),
                ];
                let desk = if rng.random_bool(0.9) { known.shop } else { 1 - known.shop };
                let skip = rng.random_range(0..way.len());
                for (step, body) in way
                    .iter()
                    .take(rng.random_range(1..=way.len()))
                    .enumerate()
                    .filter_map(|(n, step)| (n != skip).then_some(step))
                {
                    let path = format!("/v1/reservations/{}/{step}", known.id);
                    app.with_token(&staff[desk], Method::POST, &path, body).await;
                }
            }
            (8, _) => {
                let (shop, sku) = SHELVES.choose(&mut rng).unwrap();
                let set = rng.random_bool(0.3);
                let (kind, quantity) =
                    if set { ("set", rng.random_range(0..20)) } else { ("delta", rng.random_range(-2..4)) };
                let change = json!([{ "location_id": shop, "sku": sku, "kind": kind, "quantity": quantity,
                    "source": "till", "sequence": n }]);
                app.change(&feed, change).await.ok();
            }
            _ => {
                app.clock.advance(rng.random_range(0..8 * 3_600_000));
                if rng.random_bool(0.5) {
                    app.state.db.sweep().await.unwrap();
                }
            }
        }
    }
}

#[tokio::test]
async fn a22_whatever_happens_the_books_agree() {
    let mut kinds = HashSet::new();
    for seed in 0..2 {
        let app = TestApp::new().await;
        live(&app, seed, 400).await;
        app.books_agree().await;
        // Nothing was promised that a count had not taken away later.
        let sold = "SELECT count(*) FROM ledger WHERE kind = 'reserve' AND reserved > on_hand";
        assert_eq!(app.count(sold), 0, "seed {seed}");
        assert!(app.count("SELECT count(*) FROM ledger") > 100, "seed {seed}: too little happened");
        let connection = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
        let mut statement = connection.prepare("SELECT DISTINCT kind FROM ledger").unwrap();
        kinds.extend(statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    // Each kind of movement was there, so that none is right by never being tried.
    for kind in ["reserve", "release", "expire", "collect", "put_back", "return", "reject", "count", "adjust"] {
        assert!(kinds.contains(kind), "{kind} never happened");
    }
}

#[tokio::test]
async fn a22_control_a_ledger_with_holes_is_noticed() {
    let app = TestApp::with(|config, _| config.chaos = Chaos::parse("no-ledger").unwrap()).await;
    live(&app, 1, 100).await;
    let (found, _) = app.state.db.reconcile(Position::default()).await.unwrap();
    assert!(found.differences.iter().any(|difference| difference.witness == Witness::Ledger), "{found:?}");
}

#[tokio::test]
async fn a01_control_claims_that_do_not_look_oversell() {
    let app = TestApp::with(|config, _| config.chaos = Chaos::parse("blind-claims").unwrap()).await;
    for n in 0..3 {
        app.reserve(&format!("k{n}"), &wish("lyo-1", &[("TENT-2", 1)])).await.ok();
    }
    assert!(app.count("SELECT count(*) FROM ledger WHERE kind = 'reserve' AND reserved > on_hand") > 0);
}

#[tokio::test]
async fn b03_control_without_its_record_a_key_makes_two() {
    let app = TestApp::with(|config, _| config.chaos = Chaos::parse("forget-keys").unwrap()).await;
    for _ in 0..2 {
        app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    }
    assert_eq!(app.count("SELECT count(*) FROM reservation"), 2);
}

#[tokio::test]
async fn a23_a_counter_that_somebody_edited_is_found_and_repaired_with_a_record() {
    let app = TestApp::new().await;
    app.reserve("k", &wish("lyo-1", &[(BOTTLE, 2)])).await.ok();
    app.books_agree().await;
    let edit = |sql: &str| {
        let connection = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
        connection.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0);
    };
    let check = async |counter, witnesses: &[Witness]| {
        let (found, _) = app.state.db.reconcile(Position::default()).await.unwrap();
        let seen: Vec<_> = found.differences.iter().map(|d| (d.sku.as_str(), d.counter, d.witness)).collect();
        let expected: Vec<_> = witnesses.iter().map(|witness| (BOTTLE, counter, *witness)).collect();
        assert_eq!(seen, expected);
        app.state.db.repair("Ada".to_owned()).await.unwrap();
        app.books_agree().await;
    };
    // Without the switch the table itself refuses.
    let plain = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
    assert!(plain.execute("UPDATE stock SET reserved = -5", []).is_err());
    edit("UPDATE stock SET reserved = -5 WHERE location_id = 'lyo-1' AND sku = 'BO-075-GLA'");
    check(Counter::Reserved, &[Witness::Ledger, Witness::Claims]).await;
    assert_eq!(app.units("lyo-1", BOTTLE).await, 3);
    edit("UPDATE hold SET claimed = 1");
    check(Counter::Reserved, &[Witness::Claims]).await;
    edit("UPDATE stock SET on_hand = 50 WHERE location_id = 'lyo-1' AND sku = 'BO-075-GLA'");
    check(Counter::OnHand, &[Witness::Ledger]).await;
    app.reserve("k2", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    edit("DELETE FROM ledger WHERE no = (SELECT MAX(no) FROM ledger)");
    let (found, _) = app.state.db.reconcile(Position::default()).await.unwrap();
    assert!(!found.differences.is_empty());
    app.state.db.repair("Ada".to_owned()).await.unwrap();
    app.books_agree().await;
    assert_eq!(app.count("SELECT count(*) FROM audit WHERE actor = 'Ada'"), 4);
    assert_eq!(app.count("SELECT count(*) FROM ledger WHERE kind = 'repair' AND actor = 'Ada'"), 4);
}

#[tokio::test]
async fn a23_a_difference_is_a_figure_for_those_who_look_after_the_server() {
    let app = TestApp::new().await;
    let ops = app.token("ops").await;
    let figure = async || {
        let text = app.with_token(&ops, Method::GET, "/metrics", "").await.text();
        text.lines().find_map(|line| line.strip_prefix("nearshelf_stock_differences ").map(str::to_owned)).unwrap()
    };
    let look = async || app.state.books.set(&app.state.db.reconcile(Position::default()).await.unwrap().0);
    look().await;
    assert_eq!(figure().await, "0");
    let connection = nearshelf_server::db::sqlite::open(app.state.db.path()).unwrap();
    connection.execute("UPDATE stock SET on_hand = 77 WHERE location_id = 'lyo-1' AND sku = 'TENT-2'", []).unwrap();
    look().await;
    assert_eq!(figure().await, "1");
}

#[tokio::test]
async fn a_reconciliation_goes_on_where_the_last_one_stopped() {
    let app = TestApp::new().await;
    let (first, position) = app.state.db.reconcile(Position::default()).await.unwrap();
    assert_eq!((first.entries, first.shelves), (0, 16));
    app.reserve("k", &wish("lyo-1", &[(BOTTLE, 2)])).await.ok();
    let (second, position) = app.state.db.reconcile(position).await.unwrap();
    assert_eq!((second.entries, second.differences.len()), (1, 0));
    let (third, _) = app.state.db.reconcile(position).await.unwrap();
    assert_eq!((third.entries, third.differences.len()), (0, 0));
}

#[tokio::test]
async fn how_long_goods_are_kept_depends_on_shop_and_category() {
    let rules = r#"{"default_hours":48,"rules":[{"category":"Camp","hours":24},{"location_id":"lyo-2","hours":6}]}"#;
    let app = TestApp::with(|config, _| config.holds = std::sync::Arc::new(serde_json::from_str(rules).unwrap())).await;
    let hours = async |key: &str, shop: &str, lines: &[(&str, u32)]| {
        app.reserve(key, &wish(shop, lines)).await.ok();
        app.count("SELECT hold_ms / 3600000 FROM reservation ORDER BY no DESC LIMIT 1")
    };
    assert_eq!(hours("a", "lyo-1", &[("ROPE-60", 1)]).await, 48);
    assert_eq!(hours("b", "lyo-1", &[(BOTTLE, 1)]).await, 24);
    assert_eq!(hours("c", "lyo-1", &[(BOTTLE, 1), ("ROPE-60", 1)]).await, 24);
    assert_eq!(hours("d", "lyo-2", &[("ROPE-60", 1)]).await, 6);
    assert_eq!(hours("e", "lyo-2", &[(BOTTLE, 1)]).await, 24);
}
