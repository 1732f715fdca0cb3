//! Power cuts: what a server writes is recorded, disks are made as a cut may leave them, and each must hold all that was
//! acknowledged before the cut.

mod disk;
mod log;

use std::fs::{self, File};
use std::io::BufReader;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Outcome;
use crate::client::Client;
use crate::server::Program;
use crate::shop::{Shop, location, sku};
use disk::Luck;
use log::Act;

/// Connections that reserve at the same time.
const CONNECTIONS: usize = 16;
/// Products of the shop.
const SKUS: usize = 20;
/// Of so many images one is held against the ledger by the server's own `check`.
const CHECK_EVERY: usize = 10;
/// What is recorded.
const CALLS: &str =
    "openat,pwrite64,write,writev,sendto,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2";

/// What `powercut` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The server.
    #[arg(long, value_name = "FILE", default_value = "target/release/nearshelf-server")]
    server: PathBuf,
    /// A server built with the feature `chaos`: run as well without syncs, which must lose something.
    #[arg(long, value_name = "FILE")]
    chaos_server: Option<PathBuf>,
    /// Disks that are made.
    #[arg(long, default_value_t = 300)]
    images: usize,
    /// Reservations that are made.
    #[arg(long, default_value_t = 2000)]
    reservations: usize,
    /// 20 disks and 300 reservations.
    #[arg(long)]
    quick: bool,
    /// Repeats the choices of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
}

/// What was found on the disks.
#[derive(Debug, Default)]
struct Found {
    acknowledged: usize,
    lost: usize,
    corrupt: usize,
}

/// Runs it; answers whether nothing was lost, and whether the control lost something.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let (images, reservations) = if args.quick { (20, 300) } else { (args.images, args.reservations) };
    let seed = args.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("strace is not installed: writes cannot be recorded");
        println!("{}", json!({ "name": "powercut", "skipped": true }));
        return Ok(true);
    }
    eprintln!("seed {seed}");
    let program = Program::new(args.server)?;
    let found = round(&program, images, reservations, seed).await?;
    let control = match args.chaos_server {
        Some(path) => {
            let mut broken = Program::new(path)?;
            broken.serve.extend(["--chaos".to_owned(), "synchronous-off".to_owned()]);
            Some(round(&broken, images, reservations, seed).await?.lost)
        }
        None => None,
    };
    let ok = found.lost == 0 && found.corrupt == 0 && found.acknowledged > 0 && control != Some(0);
    println!(
        "{}",
        json!({
            "name": "powercut", "seed": seed, "images": images, "acknowledged": found.acknowledged, "lost": found.lost,
            "corrupt": found.corrupt, "control_lost": control, "ok": ok,
        })
    );
    Ok(ok)
}

/// Records one server under load, and looks at the disks that a cut may have left.
async fn round(program: &Program, images: usize, reservations: usize, seed: u64) -> Outcome<Found> {
    let shop = Shop::fill(program, 1, SKUS, 100_000)?;
    let folder = tempfile::tempdir()?;
    let db = fs::canonicalize(shop.db())?;
    let paths = [db.display().to_string(), format!("{}-wal", db.display())];
    let before: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap_or_default()).collect();
    let log = folder.path().join("calls.log");
    let traced = Program { path: wrapper(folder.path(), &program.path, &log)?, serve: program.serve.clone() };
    let server = traced.start(&db, 0)?;
    let made = load(server.address, reservations).await?;
    server.kill()?;
    // The recorder may write its last lines a moment after the server has gone.
    let deadline = Instant::now() + Duration::from_secs(60);
    let acts = loop {
        let acts = log::read(BufReader::new(File::open(&log)?), &paths)?;
        let seen = acts.iter().filter(|(_, act)| matches!(act, Act::Acknowledged(_))).count();
        if seen >= made {
            break acts;
        }
        if Instant::now() > deadline {
            return Err(format!("{made} reservations were acknowledged, but the log has {seen}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let first = acts.iter().find(|(_, act)| matches!(act, Act::Write { .. })).ok_or("nothing was written")?.0;
    let last = acts.last().map_or(first, |(place, _)| *place) + 1;
    let mut found = Found { acknowledged: made, ..Found::default() };
    let mut dice = StdRng::seed_from_u64(seed);
    for number in 0..images {
        let (cut, luck) = (dice.random_range(first + 1..=last), Luck::of(number));
        let image = folder.path().join("image.db");
        let files = disk::after(&before, &acts, cut, luck, &mut dice);
        for (file, end) in files.iter().zip(["", "-wal"]) {
            fs::write(format!("{}{end}", image.display()), file)?;
        }
        let _ = fs::remove_file(format!("{}-shm", image.display()));
        let promised = acts.iter().take_while(|(place, _)| *place < cut).filter_map(|(_, act)| match act {
            Act::Acknowledged(id) => Some(id.as_str()),
            _ => None,
        });
        match missing(&image, promised) {
            Ok(0) => {}
            Ok(lost) => {
                found.lost += 1;
                eprintln!(
                    "seed {seed}, image {number}, cut {cut}, {luck:?}: {lost} acknowledged reservations are missing"
                );
            }
            Err(error) => {
                found.corrupt += 1;
                eprintln!("seed {seed}, image {number}, cut {cut}, {luck:?}: {error}");
                continue;
            }
        }
        if number % CHECK_EVERY == 0
            && let Err(error) = program.run(&["check", "--db", &image.display().to_string()])
        {
            found.corrupt += 1;
            eprintln!("seed {seed}, image {number}, cut {cut}, {luck:?}: {error}");
        }
    }
    Ok(found)
}

/// A program that runs the server under the recorder, which stays in the background so that a kill meets the server.
fn wrapper(folder: &Path, server: &Path, log: &Path) -> Outcome<PathBuf> {
    let path = folder.join("server");
    let (log, server) = (log.display(), server.display());
    let line = format!("exec strace -D -f -qq -y -xx -s 200000 -o '{log}' -e trace={CALLS} '{server}' \"$@\"");
    fs::write(&path, format!("#!/bin/sh\n{line}\n"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path)
}

/// Reserves, and cancels every tenth; answers how many reservations were acknowledged.
async fn load(address: std::net::SocketAddr, reservations: usize) -> Outcome<usize> {
    let mut tasks = JoinSet::new();
    for task in 0..CONNECTIONS {
        tasks.spawn(async move {
            let mut client = Client::connect(address, task).await?;
            let mut made = 0;
            for number in (task..reservations).step_by(CONNECTIONS) {
                let wish = json!({
                    "location_id": location(0), "method": "in_store",
                    "items": [{ "sku": sku(number % SKUS), "quantity": 1 }],
                    "contact": { "name": "Ada", "email": format!("ada{number}@example.org") },
                });
                let key = format!("Idempotency-Key: cut-{number}\r\n");
                let reply = client.send("POST", "/v1/reservations", &key, &wish.to_string()).await?;
                if reply.status != 201 {
                    let body = String::from_utf8_lossy(&reply.body).into_owned();
                    return Err(format!("a reservation was answered with {}: {body}", reply.status).into());
                }
                made += 1;
                if number % 10 == 0 {
                    cancel(&mut client, &serde_json::from_slice(&reply.body)?).await?;
                }
            }
            Outcome::Ok(made)
        });
    }
    let mut made = 0;
    while let Some(task) = tasks.join_next().await {
        made += task??;
    }
    Ok(made)
}

async fn cancel(client: &mut Client, made: &Value) -> Outcome {
    let text = |name: &str| made.get(name).and_then(Value::as_str).unwrap_or_default();
    let secret = format!("Authorization: Bearer {}\r\n", text("manage_token"));
    let path = format!("/v1/reservations/{}", text("id"));
    let reply = client.send("PATCH", &path, &secret, &json!({ "action": "cancel" }).to_string()).await?;
    if reply.status < 300 { Ok(()) } else { Err(format!("a cancel was answered with {}", reply.status).into()) }
}

/// How many of the promised reservations a disk does not have. An error where the database is damaged.
fn missing<'a>(image: &Path, promised: impl Iterator<Item = &'a str>) -> Outcome<usize> {
    let connection = Connection::open(image)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(verdict.into());
    }
    let mut count = connection.prepare("SELECT count(*) FROM reservation WHERE id = ?1")?;
    let mut lost = 0;
    for id in promised {
        match count.query_row([id], |row| row.get::<_, i64>(0))? {
            0 => lost += 1,
            1 => {}
            more => return Err(format!("{id} is there {more} times").into()),
        }
    }
    Ok(lost)
}
