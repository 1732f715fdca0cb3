//! A server that is killed under load, again and again: what was acknowledged is there, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rand::RngExt as _;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::books::{self, Books};
use crate::options::{Options, dice, run_name};
use crate::server::{Program, Server};
use crate::shop::{Shop, location, sku};
use crate::shopper::{Shopper, made, wish};

const SHOPS: usize = 10;
const SKUS: usize = 50;

/// What `crash` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// Kills.
    #[arg(long)]
    kills: Option<usize>,
}

/// Loads a server until it is killed; what it acknowledged: key and reservation.
async fn until_killed(
    server: Server,
    connections: usize,
    seed: u64,
    after: Duration,
) -> Outcome<Vec<(String, String)>> {
    let (acknowledged, over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let (name, address) = (run_name(), server.address);
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let (acknowledged, over, name) = (Arc::clone(&acknowledged), Arc::clone(&over), name.clone());
        tasks.spawn(async move {
            let (mut shopper, mut dice) = (Shopper::new(address, connection), dice(seed, connection));
            for n in 0_u64.. {
                let key = format!("{name}-{connection}-{n}");
                let place = location(dice.random_range(0..SHOPS));
                let body = wish(&place, &[(sku(dice.random_range(0..SKUS)), 1)], &key);
                match shopper.reserve(&key, &body).await {
                    Ok(reply) if reply.status == 201 => {
                        if let Ok(made) = made(&reply) {
                            acknowledged.lock().await.push((key, made.id));
                        }
                    }
                    Ok(_) => {}
                    Err(_) if over.load(Ordering::SeqCst) => break,
                    Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            }
        });
    }
    tokio::time::sleep(after).await;
    over.store(true, Ordering::SeqCst);
    server.kill()?;
    tasks.join_all().await;
    let mut acknowledged = acknowledged.lock().await;
    Ok(std::mem::take(&mut acknowledged))
}

#[derive(Default)]
struct Crashes {
    acknowledged: usize,
    lost: usize,
    slowest_start: Duration,
}

async fn crashes(program: &Program, shop: &Shop, options: &Options, seed: u64, kills: usize) -> Outcome<Crashes> {
    let mut found = Crashes::default();
    let mut choices = dice(seed, usize::MAX);
    for kill in 0..kills {
        let begun = Instant::now();
        let server = program.start(&shop.db(), 0)?;
        found.slowest_start = found.slowest_start.max(begun.elapsed());
        let after = Duration::from_millis(choices.random_range(100..500));
        let acknowledged = until_killed(server, options.connections().min(128), seed + kill as u64, after).await?;
        let books = Books::open(&shop.db())?;
        found.acknowledged += acknowledged.len();
        for (key, id) in &acknowledged {
            let there = books.once("SELECT count(*) FROM reservation WHERE id = ?", id)?
                && books.once("SELECT count(*) FROM idempotency WHERE principal = 'public' AND key = ?", key)?;
            found.lost += usize::from(!there);
        }
    }
    Ok(found)
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let (options, seed) = (&args.options, args.options.seed());
    let kills = args.kills.unwrap_or_else(|| options.size(200, 5));
    let program = options.program()?;
    let shop = Shop::fill(&program, SHOPS, SKUS, 1_000_000)?;
    let found = crashes(&program, &shop, options, seed, kills).await?;
    let books = Books::open(&shop.db())?;
    // One reservation for each key, whether or not somebody heard of it.
    let doubled = books.number("SELECT count(*) FROM reservation")?
        - books.number("SELECT count(*) FROM idempotency WHERE status = 201")?;
    let (whole, agree) = (books.is_whole()?, books::agree(&program, &shop.db()));
    // A server that answers before it commits must be found out.
    let mut control = None;
    if let Some(program) = options.without("answer-before-commit")? {
        let shop = Shop::fill(&program, SHOPS, SKUS, 1_000_000)?;
        let mut lost = 0;
        for round in 0..50 {
            lost += crashes(&program, &shop, options, seed + 1000 + round, 1).await?.lost;
            if lost > 0 {
                break;
            }
        }
        control = Some(lost);
    }
    let right = found.lost == 0 && doubled == 0 && whole && agree && found.acknowledged > 0 && control != Some(0);
    println!(
        "{}",
        json!({
            "name": "crash", "seed": seed, "connections": options.connections().min(128), "kills": kills,
            "acknowledged": found.acknowledged, "lost": found.lost, "doubled": doubled, "whole": whole,
            "books_agree": agree, "slowest_start_ms": found.slowest_start.as_millis(), "control_lost": control,
            "ok": right,
        })
    );
    Ok(right)
}
