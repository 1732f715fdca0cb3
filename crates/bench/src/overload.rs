//! What a server does when five times as much is asked of it as it can do.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use serde_json::json;

use crate::Outcome;
use crate::books;
use crate::options::Options;
use crate::reserve::{fill, load};

/// What `overload` is asked to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
}

/// Runs it; answers whether nothing was wrong.
pub(crate) async fn run(args: Args) -> Outcome<bool> {
    let (options, seed) = (&args.options, args.options.seed());
    let seconds = Duration::from_secs(options.size(20, 3));
    let program = options.program()?;
    let shop = fill(&program)?;
    let server = program.start(&shop.db(), 0)?;
    let peak = load(server.address, options.connections(), seconds, seed, None).await?;
    let before = server.memory()?;
    let peak_made = peak.made.load(Relaxed).max(1);
    // More connections than there are places in the queue, each of which asks again after a fixed time, answered or not.
    let connections = options.size(8_000, 4_000);
    let offered = 5.0 * as_f64(peak_made) / seconds.as_secs_f64();
    let pace = Duration::from_secs_f64(as_f64(u64::try_from(connections)?) / offered);
    let over = load(server.address, connections, seconds, seed + 1, Some(pace)).await?;
    let after = server.memory()?;
    server.stop(Duration::from_secs(10))?;
    let (made, failed) = (over.made.load(Relaxed), over.failed.load(Relaxed));
    let stored = books::Books::open(&shop.db())?.number("SELECT count(*) FROM reservation")?;
    let agree = books::agree(&program, &shop.db());
    let right = failed == 0 && peak.failed.load(Relaxed) == 0 && agree && u64::try_from(stored)? == peak_made + made;
    println!(
        "{}",
        json!({
            "name": "overload", "seed": seed, "connections": connections, "seconds": seconds.as_secs(),
            "peak_per_second": peak_made / seconds.as_secs(), "offered_per_second": offered.round(),
            "asked_per_second": (made + over.busy.load(Relaxed)) / seconds.as_secs(),
            "served_per_second": made / seconds.as_secs(),
            "served_share_of_peak": (as_f64(made) / as_f64(peak_made) * 1000.0).round() / 1000.0,
            "latency": over.times.json(), "refusals": over.refusals.json(), "failed": failed,
            "rss_KiB_before": before, "rss_KiB_after": after, "books_agree": agree, "ok": right,
        })
    );
    Ok(right)
}

#[allow(clippy::cast_precision_loss)] // far below 2^52
fn as_f64(count: u64) -> f64 {
    count as f64
}
