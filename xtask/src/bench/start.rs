//! `cargo xtask bench start`: how fast the app starts and stays, in a browser against the release server.

use serde_json::json;

use crate::args::Args;
use crate::data::{Database, Feeds};
use crate::problem::{Outcome, Problem};
use crate::server::Server;
use crate::tools::node;
use crate::{browser, files, process, web, workspace};

/// The parts of it, by the names under which `run.mjs` knows them.
const PARTS: [&str; 5] = ["first visit", "lighthouse", "events", "load", "use"];
/// Rounds of seven screens; a person who takes four seconds a screen makes so many in half an hour.
const ROUNDS: u32 = 60;

/// Runs it. `--quick` is one visit, and fails where something is over its limit that no machine has a say in; `--only` is one
/// part, which is then shortened by `--quick`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let mut args = Args::new(words.iter().cloned());
    let quick = args.flag("--quick");
    let only = args.value("--only")?;
    let rounds = args.value("--rounds")?.map_or(Ok(ROUNDS), |text| {
        text.parse().map_err(|_| Problem::new(format!("--rounds takes a number, not `{text}`")))
    })?;
    args.none()?;
    if let Some(other) = only.as_deref().filter(|only| !PARTS.contains(only)) {
        return Err(Problem::new(format!("there is no part `{other}`: {}", PARTS.join(", "))));
    }
    web::ensure()?;
    let server = Server::build(true)?;
    let end2end = workspace::path("end2end");
    node::packages(&end2end)?;
    let folder = workspace::path("xtask/bench-start");
    // Lighthouse is large, and the tests do without.
    if only.as_deref() == Some("lighthouse") || (only.is_none() && !quick) {
        node::packages(&folder)?;
    }
    let demo = Feeds::demo()?;
    let database = Database::at(workspace::scratch("bench-start/demo.db"));
    files::make_folder_of(&database.file)?;
    database.import_for_tests(&demo, &server)?;
    database.ensure_token(&server, "bench")?;
    // A copy: what somebody builds meanwhile is not what is measured.
    let dist = workspace::scratch("bench-start/dist");
    files::remove(&dist)?;
    files::copy(&workspace::dist(), &dist)?;
    let options = json!({
        "quick": quick, "only": only, "rounds": rounds, "server": server.binary, "dist": dist, "database": database.file,
        "token": database.token(), "media": demo.pictures(), "end2end": end2end, "chromium": browser::find()?,
    });
    process::run(node::node().current_dir(&folder).arg("run.mjs").arg(options.to_string()))
}
