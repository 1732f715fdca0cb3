//! `cargo xtask bench search`: our search and what a web team would take today, side by side in a browser.

use std::path::PathBuf;

use serde_json::json;

use crate::args::Args;
use crate::problem::{Outcome, Problem, While};
use crate::steps::note;
use crate::tools::{WebTools, node};
use crate::{browser, files, process, worker, workspace};

/// The catalogue lies beside the repository; it is too large for it, and not ours.
const DATA: &str = "../shared/data/parts";

/// Runs it. `--quick` is fewer queries and one peer, and fails where a floor is missed that no machine has a say in.
pub(crate) fn run(words: &[String]) -> Outcome {
    let mut args = Args::new(words.iter().cloned());
    let file = |text: String| std::path::absolute(&text).while_doing(|| format!("find {text}"));
    let data: Option<PathBuf> = args.value("--data")?.map(file).transpose()?;
    let queries = args.value("--queries")?.map(file).transpose()?;
    let quick = args.flag("--quick");
    args.none()?;
    let named = data.is_some();
    let data = data.unwrap_or_else(|| workspace::path(DATA));
    let Some(feed) = ["products.tsv.gz", "products.tsv"].map(|name| data.join(name)).into_iter().find(|f| f.is_file())
    else {
        let missing = format!("there is no products.tsv in {}", data.display());
        if named {
            return Err(Problem::new(missing));
        }
        note(&format!("left out: {missing}"));
        return Ok(());
    };
    let tools = WebTools::ready()?;
    let built = worker::build(&tools, &worker::SEARCH)?;
    let folder = workspace::path("xtask/bench-search");
    node::packages(&folder)?;
    let end2end = workspace::path("end2end");
    node::packages(&end2end)?;
    process::run(workspace::cargo().args(["build", "--release", "--package", "search", "--example", "feed"]))?;
    let scratch = workspace::scratch("bench-search");
    let bundle = scratch.join("engines.js");
    files::make_folder_of(&bundle)?;
    let mut esbuild = node::esbuild()?;
    esbuild.current_dir(&folder).args(["--bundle", "--minify", "--format=esm", "--log-level=error"]);
    esbuild.arg(format!("--alias:search-worker={}", built.join("search_worker.js").display()));
    process::run(esbuild.arg(format!("--outfile={}", bundle.display())).arg("engines.mjs"))?;
    let indexer =
        workspace::cargo_target()?.join("release/examples").join(format!("feed{}", std::env::consts::EXE_SUFFIX));
    let options = json!({
        "feed": feed, "queries": queries, "quick": quick, "gate": quick, "scratch": scratch, "bundle": bundle,
        "engine": built.join("search_worker_bg.wasm"), "indexer": indexer, "end2end": end2end, "chromium": browser::find()?,
    });
    process::run(node::node().current_dir(&folder).arg("run.mjs").arg(options.to_string()))
}
