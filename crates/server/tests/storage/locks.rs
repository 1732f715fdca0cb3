//! Another process that holds the lock of the database.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::process::Server;
use crate::shop::{Shop, number, wish};

/// How long a write waits for a lock.
const WAIT: Duration = Duration::from_secs(5);
const RESERVED: &str = "SELECT count(*) FROM reservation";

#[test]
fn c06_a_write_waits_for_a_lock_that_is_given_back_in_time() {
    let shop = Shop::new();
    let server = Server::start(&shop.db());
    let other = Connection::open(shop.db()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let held = Duration::from_secs(1);
        let begun = Instant::now();
        let asked = scope.spawn(|| server.reserve("patient", &wish("p1")));
        // Reading goes on meanwhile.
        assert_eq!(server.get("/v1/products?q=product").status, 200);
        std::thread::sleep(held.saturating_sub(begun.elapsed()));
        assert!(!asked.is_finished(), "it was answered although nothing could be stored");
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(asked.join().unwrap().status, 201);
    });
    assert_eq!(number(&shop.db(), RESERVED), 1);
}

#[test]
fn c06_a_lock_that_is_held_for_too_long_is_answered_with_503_and_nothing_is_lost() {
    let shop = Shop::new();
    let server = Server::start(&shop.db());
    assert_eq!(server.reserve("before", &wish("p1")).status, 201);
    let other = Connection::open(shop.db()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8)
            .map(|n| {
                let server = &server;
                scope.spawn(move || server.reserve(&format!("long-{n}"), &wish("p1")))
            })
            .collect();
        for asked in asked {
            asked.join().unwrap().is_later("unavailable");
        }
    });
    // Each waits once, and not first for all that came before it.
    assert!(begun.elapsed() < 2 * WAIT, "{:?}", begun.elapsed());
    assert_eq!(number(&shop.db(), RESERVED), 1);
    other.execute_batch("ROLLBACK").unwrap();
    // The same wishes under the same keys: each is carried out once.
    for _ in 0..2 {
        for n in 0..8 {
            assert_eq!(server.reserve(&format!("long-{n}"), &wish("p1")).status, 201);
        }
    }
    assert_eq!(number(&shop.db(), RESERVED), 9);
}
