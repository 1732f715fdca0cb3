//! Intents that are sent again and again, from several sides, while the server is killed under them: each happens once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use rand::RngExt as _;
use serde_json::json;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::books::{self, Books};
use crate::options::{Options, dice, run_name};
use crate::server::{Program, Server};
use crate::shop::{Shop, location, sku};
use crate::shopper::{Shopper, made, wish};

const SHOPS: usize = 10;
const SKUS: usize = 50;

/// What `intents` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// Intents.
    #[arg(long)]
    intents: Option<usize>,
}

#[derive(Default)]
struct Seen {
    sent: AtomicU64,
    unanswered: AtomicU64,
    differing: AtomicU64,
}

/// Sends one intent 1 to 10 times under its key, the first ones at once from two sides.
async fn intend(shoppers: &mut [Shopper; 2], dice: &mut impl rand::Rng, key: &str, seen: &Seen) -> Outcome {
    let place = location(dice.random_range(0..SHOPS));
    let body = wish(&place, &[(sku(dice.random_range(0..SKUS)), 1)], key);
    let times = dice.random_range(1..=10);
    let mut id: Option<String> = None;
    for n in (0..times).step_by(2) {
        let [one, two] = &mut *shoppers;
        let replies = if n + 1 < times {
            let (one, two) = tokio::join!(one.reserve(key, &body), two.reserve(key, &body));
            vec![one, two]
        } else {
            // The last word has to be heard.
            vec![one.reserve_surely(key, &body).await]
        };
        for reply in replies {
            seen.sent.fetch_add(1, Relaxed);
            match reply {
                Ok(reply) if reply.status == 201 => {
                    let made = made(&reply)?.id;
                    let same = id.get_or_insert_with(|| made.clone()) == &made;
                    seen.differing.fetch_add(u64::from(!same), Relaxed);
                }
                _ => {
                    seen.unanswered.fetch_add(1, Relaxed);
                }
            }
        }
    }
    if id.is_none() {
        shoppers[0].reserve_surely(key, &body).await?;
    }
    Ok(())
}

struct Counted {
    intents: i64,
    reservations: i64,
    sent: u64,
    unanswered: u64,
    differing: u64,
    kills: u64,
}

async fn all(program: &Program, shop: &Shop, options: &Options, seed: u64, intents: usize) -> Outcome<Counted> {
    let first = program.start(&shop.db(), 0)?;
    let (address, name) = (first.address, run_name());
    let (next, over, seen) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)), Arc::new(Seen::default()));
    let mut tasks = JoinSet::new();
    for side in 0..options.connections().div_ceil(2) {
        let (next, seen, name) = (Arc::clone(&next), Arc::clone(&seen), name.clone());
        tasks.spawn(async move {
            let mut dice = dice(seed, side);
            let mut shoppers = [Shopper::new(address, 2 * side), Shopper::new(address, 2 * side + 1)];
            loop {
                let n = next.fetch_add(1, Relaxed);
                if n >= intents {
                    return Ok(());
                }
                intend(&mut shoppers, &mut dice, &format!("{name}-{n}"), &seen).await?;
            }
        });
    }
    let killer = {
        let (program, db, over) = (program.clone(), shop.db(), Arc::clone(&over));
        let pauses = if options.quick { 200..600 } else { 1_000..3_000 };
        tokio::spawn(async move {
            let (mut server, mut kills, mut dice): (Server, u64, _) = (first, 0, dice(seed, usize::MAX));
            while !over.load(Relaxed) {
                tokio::time::sleep(Duration::from_millis(dice.random_range(pauses.clone()))).await;
                server.kill()?;
                kills += 1;
                server = program.start(&db, address.port())?;
            }
            server.stop(Duration::from_secs(10))?;
            Outcome::Ok(kills)
        })
    };
    let results: Vec<Outcome> = tasks.join_all().await;
    over.store(true, Relaxed);
    let kills = killer.await??;
    results.into_iter().collect::<Outcome<Vec<()>>>()?;
    let reservations = Books::open(&shop.db())?.number("SELECT count(*) FROM reservation")?;
    Ok(Counted {
        intents: i64::try_from(intents)?,
        reservations,
        sent: seen.sent.load(Relaxed),
        unanswered: seen.unanswered.load(Relaxed),
        differing: seen.differing.load(Relaxed),
        kills,
    })
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let (options, seed) = (&args.options, args.options.seed());
    let intents = args.intents.unwrap_or_else(|| options.size(100_000, 1_000));
    let program = options.program()?;
    let shop = Shop::fill(&program, SHOPS, SKUS, 1_000_000)?;
    let found = all(&program, &shop, options, seed, intents).await?;
    let agree = books::agree(&program, &shop.db());
    // A server that forgets what it answered must be found out.
    let control = match options.without("forget-keys")? {
        None => None,
        Some(program) => {
            let shop = Shop::fill(&program, SHOPS, SKUS, 1_000_000)?;
            let found = all(&program, &shop, options, seed, 500).await?;
            Some(found.reservations - found.intents)
        }
    };
    let (doubled, lost) = ((found.reservations - found.intents).max(0), (found.intents - found.reservations).max(0));
    let right = doubled == 0 && lost == 0 && found.differing == 0 && agree && control.is_none_or(|more| more > 0);
    println!(
        "{}",
        json!({
            "name": "intents", "seed": seed, "connections": options.connections(), "intents": found.intents,
            "sent": found.sent, "unanswered": found.unanswered, "kills": found.kills, "doubled": doubled, "lost": lost,
            "answers_that_differ": found.differing, "books_agree": agree, "control_doubled": control, "ok": right,
        })
    );
    Ok(right)
}
