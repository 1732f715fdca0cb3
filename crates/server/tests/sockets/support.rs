//! A server on a port, and streams that are read as bytes.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use nearshelf_server::db::{ShelfChange, sqlite};
use nearshelf_server::serve::{self, Guards};
use nearshelf_server::state::{AppState, Config};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::seed;

/// Longer than anything here takes on a machine that is busy with other things.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    pub(crate) state: AppState,
    pub(crate) address: SocketAddr,
    _dir: TempDir,
}

impl Server {
    pub(crate) async fn start(guards: Guards) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shop.db");
        seed::fill(&sqlite::open(&path).unwrap());
        let state = AppState::open(Config::new(path)).await.unwrap();
        let listener = serve::listen("127.0.0.1", 0).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = nearshelf_server::app(state.clone());
        tokio::spawn(serve::run(listener, router, state.hub.clone(), guards, std::future::pending()));
        Self { state, address, _dir: dir }
    }

    pub(crate) async fn connect(&self) -> Peer {
        Peer::new(TcpStream::connect(self.address).await.unwrap())
    }

    /// With a buffer so small that it is soon full.
    pub(crate) async fn connect_narrow(&self) -> Peer {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2048).unwrap();
        Peer::new(socket.connect(self.address).await.unwrap())
    }

    pub(crate) fn publish(&self, sku: &str, on_hand: i64) {
        let shelf = Some(Shelf { on_hand: Some(on_hand), safety_stock: 0, held: 0 });
        let (location, sku) = (LocationId::new("lyo-1").unwrap(), Sku::new(sku).unwrap());
        self.state.hub.publish(&[ShelfChange { location, sku, shelf, as_of: self.state.clock().now() }]);
    }
}

/// One end of a connection.
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    pub(crate) text: String,
}

impl Peer {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, text: String::new() }
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Asks for a stream of all shops and products.
    pub(crate) async fn watch_all(&mut self, last_event_id: &str) {
        let shops = ["lyo-1", "lyo-2", "lyo-3", "par-1", "par-2", "ber-1", "lod-1", "ams-1"];
        let skus = [seed::BOTTLE, "BO-075-FER", "TENT-2", "ROPE-60", "HARN-M", "HARN-L", "LAMP-1", "CHALK"];
        let query: Vec<String> = (shops.iter().map(|shop| format!("location_id={shop}")))
            .chain(skus.iter().map(|sku| format!("sku={sku}")))
            .collect();
        let path = format!("/v1/availability/events?{}", query.join("&"));
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nLast-Event-ID: {last_event_id}\r\n\r\n")).await;
    }

    /// Reads until `text` was heard.
    pub(crate) async fn heard(&mut self, text: &str) {
        while !self.text.contains(text) {
            assert!(self.more().await, "the connection ended before {text:?}: {}", self.text);
        }
    }

    /// Reads until there is more text than so many bytes.
    pub(crate) async fn heard_more_than(&mut self, length: usize) {
        while self.text.len() <= length {
            assert!(self.more().await, "the connection ended: {}", self.text);
        }
    }

    /// Reads to the end, which may be rude.
    pub(crate) async fn read_to_end(&mut self) -> String {
        while self.more().await {}
        std::mem::take(&mut self.text)
    }

    async fn more(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match timeout(PATIENCE, self.stream.read(&mut buffer)).await.expect("something in time") {
            Ok(0) | Err(_) => false,
            Ok(length) => {
                self.text.push_str(&String::from_utf8_lossy(&buffer[..length]));
                true
            }
        }
    }
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
