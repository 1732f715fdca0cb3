//! Hundreds of shoppers after the last hundred units.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::books::{self, Books};
use crate::options::{Options, run_name};
use crate::server::Program;
use crate::shop::{Shop, location, sku};
use crate::shopper::{Shopper, wish};

const UNITS: u32 = 100;

/// What `race` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// Races, each with a database of its own.
    #[arg(long)]
    runs: Option<usize>,
    /// Wishes in each.
    #[arg(long)]
    attempts: Option<u64>,
}

struct Race {
    won: u64,
    lost: u64,
    other: u64,
    reserved: i64,
    claimed: i64,
    oversold: i64,
    agree: bool,
}

impl Race {
    fn is_right(&self) -> bool {
        self.won == u64::from(UNITS)
            && self.other == 0
            && (self.reserved, self.claimed) == (i64::from(UNITS), i64::from(UNITS))
            && self.oversold == 0
            && self.agree
    }
}

async fn race(program: &Program, connections: usize, attempts: u64) -> Outcome<Race> {
    let shop = Shop::fill(program, 1, 1, UNITS)?;
    let server = program.start(&shop.db(), 0)?;
    let (left, name) = (Arc::new(AtomicU64::new(attempts)), run_name());
    let counts: Arc<[AtomicU64; 3]> = Arc::default();
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let (left, counts, name) = (Arc::clone(&left), Arc::clone(&counts), name.clone());
        let address = server.address;
        tasks.spawn(async move {
            let mut shopper = Shopper::new(address, connection);
            while let Ok(n) = left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
                let who = format!("{name}-{n}");
                let reply = shopper.reserve_surely(&who, &wish(&location(0), &[(sku(0), 1)], &who)).await;
                let [won, lost, other] = &*counts;
                match reply.map(|reply| reply.status) {
                    Ok(201) => won.fetch_add(1, Relaxed),
                    Ok(409) => lost.fetch_add(1, Relaxed),
                    _ => other.fetch_add(1, Relaxed),
                };
            }
        });
    }
    tasks.join_all().await;
    server.stop(Duration::from_secs(10))?;
    let books = Books::open(&shop.db())?;
    let [won, lost, other] = &*counts;
    Ok(Race {
        won: won.load(Relaxed),
        lost: lost.load(Relaxed),
        other: other.load(Relaxed),
        reserved: books.number("SELECT SUM(reserved) FROM stock")?,
        claimed: books.number("SELECT SUM(claimed) FROM hold")?,
        oversold: books.oversold()?,
        agree: books::agree(program, &shop.db()),
    })
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let options = &args.options;
    let runs = args.runs.unwrap_or_else(|| options.size(20, 2));
    let attempts = args.attempts.unwrap_or_else(|| options.size(200_000, 4_000));
    let program = options.program()?;
    let (mut wrong, mut won, mut lost) = (0, 0, 0);
    for _ in 0..runs {
        let race = race(&program, options.connections(), attempts).await?;
        wrong += usize::from(!race.is_right());
        (won, lost) = (won + race.won, lost + race.lost);
    }
    // Without the condition in the statement that claims, the same race must be lost.
    let control = match options.without("blind-claims")? {
        None => None,
        Some(program) => Some(race(&program, options.connections().min(64), 2_000).await?.oversold),
    };
    let right = wrong == 0 && control != Some(0);
    println!(
        "{}",
        json!({
            "name": "race", "connections": options.connections(), "runs": runs, "attempts": attempts, "units": UNITS,
            "won": won, "lost": lost, "runs_oversold_or_wrong": wrong, "control_oversold": control, "ok": right,
        })
    );
    Ok(right)
}
