//! Everything at once: shoppers, staff and tills on the same few shelves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::json;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::books::{self, Books};
use crate::options::{Options, dice, run_name};
use crate::server::Program;
use crate::shop::{Shop, location, sku};
use crate::shopper::{Made, Shopper, made, wish};

const SHOPS: usize = 4;
const SKUS: usize = 6;
/// So few that most shelves are empty most of the time.
const UNITS: u32 = 20;
/// Reservations that a connection goes on with.
const REMEMBERED: usize = 8;

/// What `mixed` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
    /// Operations.
    #[arg(long)]
    operations: Option<u64>,
}

struct Known {
    made: Made,
    shop: usize,
    key: String,
    body: String,
}

struct Person {
    shopper: Shopper,
    dice: StdRng,
    known: Vec<Known>,
    feed: Arc<str>,
    staff: Arc<[String]>,
    name: String,
}

impl Person {
    fn basket(&mut self) -> Vec<(String, u32)> {
        // Now and then the same product twice, which is one line.
        let lines = self.dice.random_range(1..4);
        (0..lines).map(|_| (sku(self.dice.random_range(0..SKUS)), self.dice.random_range(1..3))).collect()
    }

    async fn step(&mut self, n: u64) -> Outcome<u16> {
        let recent = if self.known.is_empty() { None } else { Some(self.dice.random_range(0..self.known.len())) };
        let what = self.dice.random_range(0..20);
        let known = recent.and_then(|at| self.known.get(at));
        match (what, known) {
            (0..6, _) | (_, None) => {
                let shop = self.dice.random_range(0..SHOPS);
                let key = format!("{}-{n}", self.name);
                let body = wish(&location(shop), &self.basket(), &key);
                let reply = self.shopper.reserve(&key, &body).await?;
                if reply.status == 201 {
                    if self.known.len() == REMEMBERED {
                        self.known.remove(0);
                    }
                    self.known.push(Known { made: made(&reply)?, shop, key, body });
                }
                Ok(reply.status)
            }
            (6, Some(known)) => {
                let (key, body) = (known.key.clone(), known.body.clone());
                let reply = self.shopper.reserve(&key, &body).await?;
                let same = reply.status != 201 || made(&reply)?.id == known.made.id;
                if same { Ok(reply.status) } else { Err("a key was answered with another reservation".into()) }
            }
            (7..10, Some(known)) => {
                let change = match self.dice.random_range(0..4) {
                    0 => r#"{"action":"cancel"}"#.to_owned(),
                    1 => r#"{"action":"extend"}"#.to_owned(),
                    2 => format!(
                        r#"{{"action":"release_line","sku":"{}","quantity":1}}"#,
                        sku(self.dice.random_range(0..SKUS))
                    ),
                    _ => format!(
                        r#"{{"action":"change_location","location_id":"{}"}}"#,
                        location(self.dice.random_range(0..SHOPS))
                    ),
                };
                let (path, secret) = (format!("/v1/reservations/{}", known.made.id), known.made.manage_token.clone());
                Ok(self.shopper.with_token(&secret, "PATCH", &path, &change).await?.status)
            }
            (10..17, Some(known)) => {
                let reject = format!(
                    r#"{{"sku":"{}","quantity":1,"reason":"not_found"}}"#,
                    sku(self.dice.random_range(0..SKUS))
                );
                let steps = [
                    ("accept", "{}"),
                    ("pick", "{}"),
                    ("ready", "{}"),
                    ("handover", "{}"),
                    ("return", r#"{"reason":"changed_mind"}"#),
                    ("put_back", "{}"),
                    ("reject_line", reject.as_str()),
                ];
                let (step, body) = steps.get(self.dice.random_range(0..steps.len())).copied().unwrap_or_default();
                let path = format!("/v1/reservations/{}/{step}", known.made.id);
                let token = self.staff.get(known.shop).cloned().unwrap_or_default();
                Ok(self.shopper.with_token(&token, "POST", &path, body).await?.status)
            }
            _ => {
                let (kind, quantity) = match self.dice.random_range(0..10) {
                    0 => ("set", self.dice.random_range(0..30)),
                    1..6 => ("delta", self.dice.random_range(1..6)),
                    _ => ("delta", -1),
                };
                let change = json!({ "changes": [{
                    "location_id": location(self.dice.random_range(0..SHOPS)),
                    "sku": sku(self.dice.random_range(0..SKUS)), "kind": kind, "quantity": quantity,
                    "source": self.name, "sequence": n,
                }] });
                let feed = Arc::clone(&self.feed);
                Ok(self.shopper.with_token(&feed, "POST", "/v1/inventory", &change.to_string()).await?.status)
            }
        }
    }
}

struct Mixed {
    done: u64,
    refused: u64,
    broken: u64,
    took: Duration,
    oversold: i64,
    agree: bool,
    entries: i64,
}

async fn mix(program: &Program, options: &Options, seed: u64, operations: u64) -> Outcome<Mixed> {
    let shop = Shop::fill(program, SHOPS, SKUS, UNITS)?;
    let feed: Arc<str> = program.token(&shop.db())?.into();
    let db = shop.db().display().to_string();
    let staff = (0..SHOPS).map(|place| {
        let place = location(place);
        let args = ["token", "create", "--db", &db, "--scope", "staff", "--location", &place, "--name", "desk"];
        Ok(program.run(&args)?.trim().to_owned())
    });
    let staff: Arc<[String]> = staff.collect::<Outcome<Vec<_>>>()?.into();
    let server = program.start(&shop.db(), 0)?;
    let (next, counts): (Arc<AtomicU64>, Arc<[AtomicU64; 2]>) = (Arc::default(), Arc::default());
    let (name, begun) = (run_name(), Instant::now());
    let mut tasks = JoinSet::new();
    for connection in 0..options.connections() {
        let (next, counts) = (Arc::clone(&next), Arc::clone(&counts));
        let mut person = Person {
            shopper: Shopper::new(server.address, connection),
            dice: dice(seed, connection),
            known: Vec::new(),
            feed: Arc::clone(&feed),
            staff: Arc::clone(&staff),
            name: format!("{name}-{connection}"),
        };
        tasks.spawn(async move {
            loop {
                let n = next.fetch_add(1, Relaxed);
                if n >= operations {
                    return;
                }
                let [refused, broken] = &*counts;
                match person.step(n).await {
                    Ok(200..=299) => {}
                    Ok(400..=499 | 503) => {
                        refused.fetch_add(1, Relaxed);
                    }
                    _ => {
                        broken.fetch_add(1, Relaxed);
                    }
                }
            }
        });
    }
    tasks.join_all().await;
    let took = begun.elapsed();
    server.stop(Duration::from_secs(10))?;
    let books = Books::open(&shop.db())?;
    let [refused, broken] = &*counts;
    Ok(Mixed {
        done: operations,
        refused: refused.load(Relaxed),
        broken: broken.load(Relaxed),
        took,
        oversold: books.oversold()?,
        agree: books::agree(program, &shop.db()),
        entries: books.number("SELECT count(*) FROM ledger")?,
    })
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let (options, seed) = (&args.options, args.options.seed());
    let operations = args.operations.unwrap_or_else(|| options.size(1_000_000, 5_000));
    let found = mix(&options.program()?, options, seed, operations).await?;
    let (mut unchecked, mut unwritten) = (None, None);
    if let Some(program) = options.without("blind-claims")? {
        unchecked = Some(mix(&program, options, seed, 2_000).await?.oversold);
    }
    if let Some(program) = options.without("no-ledger")? {
        unwritten = Some(!mix(&program, options, seed, 2_000).await?.agree);
    }
    let right = found.oversold == 0
        && found.agree
        && found.broken == 0
        && found.entries > 0
        && unchecked != Some(0)
        && unwritten != Some(false);
    println!(
        "{}",
        json!({
            "name": "mixed", "seed": seed, "connections": options.connections(), "operations": found.done,
            "per_second": (u128::from(found.done) * 1000).checked_div(found.took.as_millis()),
            "refused": found.refused, "broken": found.broken, "ledger_rows": found.entries,
            "oversold": found.oversold, "books_agree": found.agree, "control_oversold": unchecked,
            "control_ledger_noticed": unwritten, "ok": right,
        })
    );
    Ok(right)
}
