//! Many screens on live streams: how late, how heavy, and whether each shows the truth after the server was killed.

mod screen;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt as _, SeedableRng};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::Outcome;
use crate::client::Client;
use crate::figures::Histogram;
use crate::server::{Program, Server};
use crate::shop::{Shop, location, sku};
use screen::{Crowd, SKUS};

/// The product that all screens watch at one shop.
const HOT: usize = 1;
/// The number of the till's connection, beyond those of the screens.
const TILL: usize = 40_000;

/// What `live` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The server.
    #[arg(long, value_name = "FILE", default_value = "target/release/nearshelf-server")]
    server: PathBuf,
    /// Screens.
    #[arg(long, default_value_t = 15_000)]
    clients: usize,
    /// 500 screens and fewer changes.
    #[arg(long)]
    quick: bool,
    /// Repeats the choices of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
    /// Breaks the screens on purpose, to see that it is noticed.
    #[arg(long)]
    chaos: Option<Chaos>,
}

/// A way to be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Chaos {
    /// After a reconnect, snapshots are not believed.
    NoResync,
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let clients = if args.quick { 500 } else { args.clients.max(1) };
    let (shelf_changes, broadcasts) = if args.quick { (60, 4) } else { (300, 12) };
    let seed = args.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
    // The last shop is the one that everybody watches.
    let shops = (clients / 300).max(20.min(clients)) + 1;
    let program = Program::new(args.server)?;
    let shop = Shop::fill(&program, shops, SKUS, 5)?;
    let token = program.token(&shop.db())?;
    let server = program.start(&shop.db(), 0)?;
    let address = server.address;
    let empty = server.memory()?;

    let begun = Instant::now();
    let crowd = Arc::new(Crowd::open(address, clients, shops, args.chaos));
    let connected = crowd.wait_until_ready(Duration::from_secs(120)).await;
    let connect_time = begun.elapsed();
    sleep(Duration::from_secs(2)).await;
    let full = server.memory()?;

    let mut till = Till::open(address, token, seed, shops).await?;
    crowd.measure(Some(screen::Measured::Shelf));
    let mut order: Vec<usize> = (0..shops - 1).collect();
    order.shuffle(&mut till.dice);
    for place in order.iter().cycle().take(shelf_changes) {
        till.set(*place, 0).await?;
        sleep(Duration::from_millis(50)).await;
    }
    sleep(Duration::from_secs(1)).await;
    crowd.measure(Some(screen::Measured::Broadcast));
    for _ in 0..broadcasts {
        till.set(shops - 1, HOT).await?;
        sleep(Duration::from_millis(1500)).await;
    }
    crowd.measure(None);
    let busy = server.memory()?;
    let before = crowd.differences(&till.truth);

    let server = till.outlive(server, &program, &shop, &crowd).await?;
    let begun = Instant::now();
    let back = crowd.wait_until_ready(Duration::from_secs(120)).await;
    let back_time = begun.elapsed();
    for place in 0..shops {
        till.set(place, if place + 1 == shops { HOT } else { 0 }).await?;
    }
    let begun = Instant::now();
    let mut differences = crowd.differences(&till.truth);
    while differences > 0 && begun.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(20)).await;
        differences = crowd.differences(&till.truth);
    }
    let settled = begun.elapsed();
    let stored = till.stored_otherwise(address).await?;
    let restarted = server.memory()?;
    let begun = Instant::now();
    let ended = tokio::task::spawn_blocking(move || server.stop(Duration::from_secs(15))).await??;
    let stop_time = begun.elapsed();

    let per_client = |now: u64| now.saturating_sub(empty) / u64::try_from(clients).unwrap_or(1);
    let right =
        connected == clients && back == clients && before == 0 && differences == 0 && stored == 0 && ended.success();
    println!(
        "{}",
        json!({
            "bench": "live", "ok": right, "seed": seed, "clients": clients, "shops": shops,
            "chaos": args.chaos.map(|chaos| format!("{chaos:?}")),
            "connected": connected, "connect_s": connect_time.as_secs_f64(),
            "commit_to_client": crowd.shelf.json(), "broadcast": crowd.broadcast.json(), "till": till.times.json(),
            "rss_empty_kib": empty, "rss_kib": full, "rss_busy_kib": busy,
            "kib_per_client": per_client(full), "kib_per_client_busy": per_client(busy),
            "rss_after_restart_kib": restarted,
            "differences_before": before, "back": back, "back_s": back_time.as_secs_f64(),
            "differences": differences, "settled_s": settled.as_secs_f64(), "stored_otherwise": stored,
            "stop_s": stop_time.as_secs_f64(), "stopped_in_order": ended.success(),
        })
    );
    Ok(right)
}

/// Changes stock and knows what is true.
struct Till {
    client: Client,
    authorization: String,
    dice: StdRng,
    sequence: u64,
    truth: Vec<[u32; SKUS]>,
    times: Histogram,
}

impl Till {
    async fn open(server: SocketAddr, token: String, seed: u64, shops: usize) -> Outcome<Self> {
        Ok(Self {
            client: Client::connect(server, TILL).await?,
            authorization: format!("Authorization: Bearer {token}\r\n"),
            dice: StdRng::seed_from_u64(seed),
            sequence: 0,
            truth: vec![[5; SKUS]; shops],
            times: Histogram::default(),
        })
    }

    /// Counts a shelf.
    async fn set(&mut self, place: usize, product: usize) -> Outcome {
        let known = self.truth.get_mut(place).and_then(|shop| shop.get_mut(product)).ok_or("no such shelf")?;
        // Another number than the one before, so that every change can be seen.
        *known = (*known + self.dice.random_range(1..90)) % 100;
        self.sequence += 1;
        let body = json!({ "changes": [{
            "location_id": location(place), "sku": sku(product), "kind": "set", "quantity": *known,
            "source": "bench", "sequence": self.sequence,
        }] });
        let begun = Instant::now();
        let reply = self.client.send("POST", "/v1/inventory", &self.authorization, &body.to_string()).await?;
        self.times.add(begun.elapsed());
        let answer: Value = serde_json::from_slice(&reply.body)?;
        match answer["results"][0]["verdict"].as_str() {
            Some("applied") => Ok(()),
            _ => Err(format!("the till was refused: {} {answer}", reply.status).into()),
        }
    }

    /// Kills the server, changes every shelf while it is away, and starts it again at the same address.
    async fn outlive(&mut self, server: Server, program: &Program, shop: &Shop, crowd: &Crowd) -> Outcome<Server> {
        let address = server.address;
        server.kill()?;
        crowd.wait_until_gone().await;
        for units in self.truth.iter_mut().flatten() {
            *units = (*units + self.dice.random_range(1..90)) % 100;
        }
        let truth = &self.truth;
        let shelves = truth
            .iter()
            .enumerate()
            .flat_map(|(place, skus)| skus.iter().enumerate().map(move |(product, units)| (place, product, *units)));
        shop.recount(program, shelves)?;
        let server = program.start(&shop.db(), address.port())?;
        self.client = Client::connect(address, TILL).await?;
        Ok(server)
    }

    /// Shelves of which the server says something else than what the till knows.
    async fn stored_otherwise(&mut self, server: SocketAddr) -> Outcome<usize> {
        // The connection of before may have been idle for longer than the server likes.
        self.client = Client::connect(server, TILL).await?;
        let mut wrong = 0;
        for (place, units) in self.truth.iter().enumerate() {
            let items: Vec<Value> = (0..SKUS).map(|number| json!({ "sku": sku(number), "quantity": 1 })).collect();
            let body = json!({ "items": items, "location_ids": [location(place)] }).to_string();
            let reply = self.client.send("POST", "/v1/availability", "", &body).await?;
            let answer: Value = serde_json::from_slice(&reply.body)?;
            let rows = answer["rows"].as_array().ok_or_else(|| format!("no rows: {answer}"))?;
            wrong += units
                .iter()
                .enumerate()
                .filter(|(number, units)| {
                    let row = rows.iter().find(|row| row["sku"] == sku(*number));
                    row.and_then(|row| row["quantity"].as_u64()) != Some(u64::from(**units))
                })
                .count();
        }
        Ok(wrong)
    }
}
