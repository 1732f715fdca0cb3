//! The journeys: the real server, the real app and a browser, driven by Playwright.

use std::path::Path;

use crate::args::Args;
use crate::count::Count;
use crate::data::{Database, Feeds};
use crate::problem::{Outcome, Problem};
use crate::server::Server;
use crate::steps::note;
use crate::tools::node;
use crate::{browser, files, process, web, workspace};

/// `cargo xtask end2end`: only the journeys, with options for Playwright.
pub(crate) fn run(args: Args) -> Outcome {
    web::ensure()?;
    let server = Server::build(true)?;
    let (count, ended) = play(&server, &args.rest())?;
    println!("{count}");
    ended
}

/// Plays them and counts; the outer result is for what kept them from being played.
pub(crate) fn play(server: &Server, options: &[String]) -> Outcome<(Count, Outcome)> {
    play_with(server, &workspace::dist(), options)
}

/// The same with the app of another folder.
pub(crate) fn play_with(server: &Server, app: &Path, options: &[String]) -> Outcome<(Count, Outcome)> {
    node::check()?;
    let _alone = files::alone(&workspace::scratch("e2e/lock"), "another run of the journeys")?;
    let folder = workspace::path("end2end");
    node::packages(&folder)?;
    let browser = browser::find()?;
    note(&format!("with {}", browser.display()));

    let mut command = node::node();
    command.current_dir(&folder).args(["node_modules/@playwright/test/cli.js", "test"]).args(options);
    // Copies: what somebody builds meanwhile is not what these journeys are about.
    let (dist, binary) = (workspace::scratch("e2e/dist"), workspace::scratch("e2e/server"));
    files::remove(&dist)?;
    files::copy(app, &dist)?;
    files::copy(&server.binary, &binary)?;
    command.env("CHROMIUM", browser).env("NEARSHELF_SERVER", binary).env("NEARSHELF_DIST", dist);
    let demo = Feeds::demo()?;
    command.env("NEARSHELF_DEMO_DB", prepare("demo", &demo, server)?);
    if let Some(pictures) = demo.pictures() {
        command.env("NEARSHELF_DEMO_MEDIA", pictures);
    }
    // Too large for the repository; where it lies beside it, journeys with 4,000 shops are played too.
    match Feeds::inside(&workspace::path("../shared/data/electronics")) {
        Ok(feeds) => _ = command.env("NEARSHELF_ELECTRONICS_DB", prepare("electronics", &feeds, server)?),
        Err(_) => _ = command.env_remove("NEARSHELF_ELECTRONICS_DB"),
    }
    for (name, folder) in [("NEARSHELF_POSTCODES", "postcodes"), ("NEARSHELF_MAPS", "maps")] {
        let folder = workspace::path("../shared/data").join(folder);
        if folder.is_dir() {
            command.env(name, folder);
        } else {
            command.env_remove(name);
        }
    }
    let results = folder.join("test-results").join("results.json");
    files::remove(&results)?;
    let ended = process::run(&mut command)
        .map_err(|_| Problem::new("not every journey ended well; traces and pictures are in end2end/test-results"));
    Ok((counted(&results, ended.is_ok())?, ended))
}

/// A database with those feeds and a token beside it, for every test to copy.
fn prepare(name: &str, feeds: &Feeds, server: &Server) -> Outcome<std::path::PathBuf> {
    let database = Database::at(workspace::scratch(&format!("e2e/{name}.db")));
    database.import_for_tests(feeds, server)?;
    database.ensure_token(server, "end2end")?;
    Ok(database.file)
}

fn counted(results: &Path, all_well: bool) -> Outcome<Count> {
    if !results.is_file() {
        // `--list`, or Playwright stopped before the first one.
        return Ok(Count { passed: 0, failed: usize::from(!all_well) });
    }
    let count = Count::of_playwright(&files::read(results)?);
    count.ok_or_else(|| Problem::new(format!("{} is not a report of Playwright", results.display())))
}
