use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nearshelf_server::db::sqlite;
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpStream;

use crate::seed;
use crate::support::{PATIENCE, Peer};

/// The real binary on a port.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(db: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nearshelf-server"))
            .arg("serve")
            .arg("--db")
            .arg(db)
            .args(["--port", "0", "--connections-per-address", "0"])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").expect("where it listens").to_owned();
        Self { child, address }
    }

    async fn stream(&self, last_event_id: &str) -> Peer {
        let mut peer = Peer::new(TcpStream::connect(&self.address).await.unwrap());
        peer.watch_all(last_event_id).await;
        peer
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap(), signal).unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn token(db: &Path) -> String {
    let args = ["--scope", "feed", "--name", "till"];
    let command = Command::new(env!("CARGO_BIN_EXE_nearshelf-server"))
        .args(["token", "create", "--db"])
        .arg(db)
        .args(args)
        .output()
        .unwrap();
    assert!(command.status.success(), "{}", String::from_utf8_lossy(&command.stderr));
    String::from_utf8(command.stdout).unwrap().trim().to_owned()
}

/// Counts a shelf again and again until the server is gone; answers the last number that was acknowledged, and the last
/// that was sent.
async fn count(address: String, token: String, sku: &'static str) -> (i64, i64) {
    let (mut acknowledged, mut sent) = (0, 0);
    let Ok(stream) = TcpStream::connect(&address).await else { return (0, 0) };
    let mut till = Peer::new(stream);
    loop {
        sent += 1;
        let body = format!(
            r#"{{"changes":[{{"location_id":"lyo-1","sku":"{sku}","kind":"set","quantity":{sent},"source":"t","sequence":{sent}}}]}}"#
        );
        let head = format!(
            "Host: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}",
            body.len()
        );
        let request = format!("POST /v1/inventory HTTP/1.1\r\n{head}\r\n\r\n{body}");
        if tokio::io::AsyncWriteExt::write_all(&mut till.stream, request.as_bytes()).await.is_err() {
            return (acknowledged, sent);
        }
        while !till.text.contains("\"verdict\":\"applied\"") {
            let before = till.text.len();
            let mut buffer = [0; 4096];
            let read = tokio::io::AsyncReadExt::read(&mut till.stream, &mut buffer);
            match tokio::time::timeout(PATIENCE, read).await.unwrap() {
                Ok(length) if length > 0 => till.text.push_str(&String::from_utf8_lossy(&buffer[..length])),
                _ => return (acknowledged, sent),
            }
            assert!(till.text.len() > before);
        }
        till.text.clear();
        acknowledged = sent;
    }
}

fn on_hand(db: &Path, sku: &str) -> i64 {
    let connection = rusqlite::Connection::open(db).unwrap();
    connection
        .query_row("SELECT on_hand FROM stock WHERE location_id = 'lyo-1' AND sku = ?1", [sku], |r| r.get(0))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn c15_a_server_that_is_asked_to_stop_under_load_ends_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("shop.db");
    seed::fill(&sqlite::open(&db).unwrap());
    let token = token(&db);
    let mut server = Process::start(&db);
    let mut streams = Vec::new();
    for _ in 0..50 {
        let mut stream = server.stream("").await;
        stream.heard("event: reset").await;
        streams.push(stream);
    }
    let skus = [seed::BOTTLE, "TENT-2", "ROPE-60", "HARN-M"];
    let tills: Vec<_> = skus.map(|sku| tokio::spawn(count(server.address.clone(), token.clone(), sku))).into();
    // Under load: the first stream has heard of counts several times.
    let mut heard = streams[0].text.len();
    for _ in 0..5 {
        streams[0].heard_more_than(heard).await;
        heard = streams[0].text.len();
    }
    let begun = Instant::now();
    server.signal(Signal::TERM);
    let mut retries = std::collections::HashSet::new();
    for mut stream in streams {
        let rest = stream.read_to_end().await;
        let retry: u64 = rest.rsplit_once("retry: ").unwrap().1.lines().next().unwrap().parse().unwrap();
        assert!((1000..=3000).contains(&retry), "{retry}");
        // The last thing that is said, apart from the end of the body.
        assert!(rest.ends_with("\n\n\r\n0\r\n\r\n"), "{rest}");
        retries.insert(retry);
    }
    assert!(retries.len() > 10, "they would come back at once: {retries:?}");
    let status = tokio::task::spawn_blocking(move || {
        let status = server.child.wait().unwrap();
        (status, server)
    });
    let (status, server) = tokio::time::timeout(PATIENCE, status).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(TcpStream::connect(&server.address).await.is_err());
    // What was acknowledged is there, and nothing that was never sent.
    for (till, sku) in tills.into_iter().zip(skus) {
        let (acknowledged, sent) = till.await.unwrap();
        let stored = on_hand(&db, sku);
        assert!(acknowledged > 0 && (acknowledged..=sent).contains(&stored), "{sku}: {acknowledged} {stored} {sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_after_a_restart_a_screen_starts_anew_and_shows_what_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("shop.db");
    seed::fill(&sqlite::open(&db).unwrap());
    let server = Process::start(&db);
    let mut stream = server.stream("").await;
    stream.heard("event: reset").await;
    // The last event of the snapshot names a position.
    let position = loop {
        let whole = stream.text.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
        let ids = whole.lines().filter_map(|line| line.strip_prefix("id: "));
        if let Some(id) = ids.rev().find(|id| !id.ends_with("-0")) {
            break id.to_owned();
        }
        let length = stream.text.len();
        stream.heard_more_than(length).await;
    };
    drop(server);
    stream.read_to_end().await;
    let update = "UPDATE stock SET on_hand = 4711 WHERE location_id = 'lyo-1' AND sku = 'TENT-2'";
    assert_eq!(sqlite::open(&db).unwrap().execute(update, []).unwrap(), 1);
    let server = Process::start(&db);
    let mut stream = server.stream(&position).await;
    stream.heard("event: reset").await;
    stream.heard("\"quantity\":4711").await;
    assert!(!stream.text.contains(position.rsplit_once('-').unwrap().0), "the numbers are of another start");
}
