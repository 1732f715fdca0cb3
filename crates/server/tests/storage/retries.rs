//! Answers that got lost and processes that died, and the same request once more: one effect, the same answer.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use nearshelf_server::db::sqlite;
use serde_json::Value;

use crate::process::{Answer, Server, binary, run, until};
use crate::shop::{Shop, integrity, number, wish};

const RESERVATIONS: &str = "SELECT count(*) FROM reservation";

/// Sends a wish and never reads the answer.
fn send_and_leave(server: &Server, key: &str, wish: &Value) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let body = wish.to_string();
    let head = format!("POST /v1/reservations HTTP/1.1\r\nhost: test\r\nidempotency-key: {key}\r\n");
    let head = format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    stream
}

fn is_replay(answer: &Answer) -> bool {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.head.contains("idempotent-replayed: true")
}

fn books_agree(db: &Path) {
    let output = run(&["check"], db);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn b07_who_lost_the_answer_asks_again_and_gets_it() {
    let shop = Shop::new();
    let server = Server::start(&shop.db());
    let stream = send_and_leave(&server, "k", &wish("p1"));
    until("the reservation", || number(&shop.db(), RESERVATIONS) == 1);
    stream.shutdown(Shutdown::Both).unwrap();
    let again = server.reserve("k", &wish("p1"));
    assert!(is_replay(&again));
    assert_eq!(again.body["manage_token"].as_str().unwrap().len(), 40);
    assert_eq!(number(&shop.db(), RESERVATIONS), 1);
}

#[test]
fn b08_who_was_not_answered_before_the_server_died_gets_the_same_answer_from_the_next() {
    let shop = Shop::new();
    let server = Server::start(&shop.db());
    let _stream = send_and_leave(&server, "k", &wish("p1"));
    until("the reservation", || number(&shop.db(), RESERVATIONS) == 1);
    server.kill();
    let server = Server::start(&shop.db());
    assert!(is_replay(&server.reserve("k", &wish("p1"))));
    assert_eq!(number(&shop.db(), RESERVATIONS), 1);
    drop(server);
    books_agree(&shop.db());
}

#[test]
fn b09_what_died_before_its_commit_happens_once_when_it_is_asked_again() {
    let shop = Shop::new();
    let server = Server::start(&shop.db());
    // Nothing can be committed while somebody else has the lock.
    let lock = sqlite::open(&shop.db()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let _stream = send_and_leave(&server, "k", &wish("p1"));
    // The server answers others, so it has read what was sent before; whether it has or not, nothing is committed.
    assert_eq!(server.get("/health/live").status, 200);
    server.kill();
    lock.execute_batch("ROLLBACK").unwrap();
    drop(lock);
    assert_eq!(number(&shop.db(), RESERVATIONS), 0);
    let server = Server::start(&shop.db());
    assert!(!is_replay(&server.reserve("k", &wish("p1"))));
    assert_eq!(number(&shop.db(), RESERVATIONS), 1);
}

/// Reserves from several sides until the server is killed; the keys that were answered with 201, and with which id.
fn kill_under_load(server: Server, round: usize) -> Vec<(String, String)> {
    let (answered, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let pid = server.child.id().to_string();
    std::thread::scope(|scope| {
        for side in 0..8 {
            let (server, answered, stop) = (&server, &answered, &stop);
            scope.spawn(move || {
                for n in 0.. {
                    let key = format!("{round}-{side}-{n}");
                    match server.try_reserve(&key, &wish(&format!("p{}", n % 10))) {
                        Ok(answer) if answer.status == 201 => {
                            let id = answer.body["id"].as_str().unwrap().to_owned();
                            answered.lock().unwrap().push((key, id));
                        }
                        _ if stop.load(Ordering::SeqCst) => break,
                        other => panic!("{other:?}"),
                    }
                }
            });
        }
        until("some answers", || answered.lock().unwrap().len() >= 40);
        stop.store(true, Ordering::SeqCst);
        let killed = std::process::Command::new("kill").args(["-9", &pid]).status().unwrap();
        assert!(killed.success());
    });
    server.kill();
    answered.into_inner().unwrap()
}

/// Kills a server under load so often, and counts the answered reservations that are not there afterwards.
fn lost(shop: &Shop, faults: &[&str], rounds: usize) -> usize {
    let start = || {
        let mut command = binary(&["serve", "--port", "0", "--limits", "off"], &shop.db());
        command.args(faults);
        Server::of(command)
    };
    let mut lost = 0;
    for round in 0..rounds {
        let answered = kill_under_load(start(), round);
        assert!(!answered.is_empty());
        for (key, id) in &answered {
            let there = format!("SELECT count(*) FROM reservation WHERE id = '{id}'");
            let once = format!("SELECT count(*) FROM idempotency WHERE key = '{key}'");
            lost += usize::from((number(&shop.db(), &there), number(&shop.db(), &once)) != (1, 1));
        }
    }
    lost
}

#[test]
fn c01_b08_what_was_answered_before_a_kill_is_there_once_after_it() {
    let shop = Shop::new();
    assert_eq!(lost(&shop, &[], 4), 0);
    assert_eq!(integrity(&shop.db()), "ok");
    books_agree(&shop.db());
    // Nobody was answered with a reservation that is not in the books, and none is there twice.
    let twice = "SELECT count(*) FROM (SELECT key FROM idempotency GROUP BY key HAVING count(*) > 1)";
    assert_eq!(number(&shop.db(), twice), 0);
    let apart = "SELECT count(*) FROM reservation r WHERE NOT EXISTS (
        SELECT 1 FROM idempotency i WHERE i.location = '/v1/reservations/' || r.id)";
    assert_eq!(number(&shop.db(), apart), 0);
}

#[test]
fn c01_control_a_server_that_answers_before_it_commits_loses_some() {
    let shop = Shop::new();
    let mut rounds = 0;
    until("a reservation that was answered and is not there", || {
        rounds += 1;
        assert!(rounds < 60, "the control never lost anything");
        lost(&shop, &["--chaos", "answer-before-commit"], 1) > 0
    });
}
