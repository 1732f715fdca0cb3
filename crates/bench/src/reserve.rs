//! How many reservations a second are made durable, over HTTP, and how long each takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rand::RngExt as _;
use serde_json::json;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::books;
use crate::figures::Histogram;
use crate::options::{Options, dice, run_name};
use crate::server::Program;
use crate::shop::{Shop, location, sku};
use crate::shopper::{Shopper, wish};

const SHOPS: usize = 40;
const SKUS: usize = 500;

/// What `reserve` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// For how long.
    #[arg(long)]
    seconds: Option<u64>,
}

/// What came of a load.
#[derive(Default)]
pub(crate) struct Load {
    pub(crate) times: Histogram,
    pub(crate) refusals: Histogram,
    pub(crate) made: AtomicU64,
    pub(crate) busy: AtomicU64,
    pub(crate) failed: AtomicU64,
}

/// Reserves from so many connections for so long, each the next when it has its answer; where `pace` is given, not before
/// that much time has gone by since the one before.
pub(crate) async fn load(
    server: std::net::SocketAddr,
    connections: usize,
    seconds: Duration,
    seed: u64,
    pace: Option<Duration>,
) -> Outcome<Arc<Load>> {
    let (load, name) = (Arc::new(Load::default()), run_name());
    let end = Instant::now() + seconds;
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let (load, name) = (Arc::clone(&load), name.clone());
        tasks.spawn(async move {
            let (mut shopper, mut dice) = (Shopper::new(server, connection), dice(seed, connection));
            let mut next = Instant::now();
            for n in 0_u64.. {
                if Instant::now() >= end {
                    break;
                }
                if let Some(pace) = pace {
                    tokio::time::sleep_until(next.into()).await;
                    next = Instant::now().max(next + pace);
                }
                let place = location(dice.random_range(0..SHOPS));
                let who = format!("{connection}-{n}");
                let body = wish(&place, &[(sku(dice.random_range(0..SKUS)), 1)], &who);
                let begun = Instant::now();
                match shopper.reserve(&format!("{name}-{who}"), &body).await {
                    Ok(reply) if reply.status == 201 => {
                        load.times.add(begun.elapsed());
                        load.made.fetch_add(1, Relaxed);
                    }
                    Ok(reply) if reply.status == 503 => {
                        load.refusals.add(begun.elapsed());
                        load.busy.fetch_add(1, Relaxed);
                    }
                    _ => {
                        load.failed.fetch_add(1, Relaxed);
                    }
                }
            }
        });
    }
    tasks.join_all().await;
    Ok(load)
}

/// A database with enough of everything.
pub(crate) fn fill(program: &Program) -> Outcome<Shop> {
    Shop::fill(program, SHOPS, SKUS, 1_000_000)
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let (options, seed) = (&args.options, args.options.seed());
    let seconds = args.seconds.unwrap_or_else(|| options.size(60, 3));
    let program = options.program()?;
    let shop = fill(&program)?;
    let server = program.start(&shop.db(), 0)?;
    let begun = Instant::now();
    let load = load(server.address, options.connections(), Duration::from_secs(seconds), seed, None).await?;
    let took = begun.elapsed();
    server.stop(Duration::from_secs(10))?;
    let made = load.made.load(Relaxed);
    let stored = books::Books::open(&shop.db())?.number("SELECT count(*) FROM reservation")?;
    let (failed, agree) = (load.failed.load(Relaxed), books::agree(&program, &shop.db()));
    let right = failed == 0 && agree && u64::try_from(stored)? == made;
    println!(
        "{}",
        json!({
            "name": "reserve", "seed": seed, "connections": options.connections(), "seconds": seconds,
            "made": made, "per_second": (u128::from(made) * 1000).checked_div(took.as_millis()),
            "latency": load.times.json(), "busy": load.busy.load(Relaxed), "failed": failed, "stored": stored,
            "books_agree": agree, "db_MiB": std::fs::metadata(shop.db())?.len() >> 20, "ok": right,
        })
    );
    Ok(right)
}
