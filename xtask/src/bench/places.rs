//! `cargo xtask bench places`: postcodes, towns and the nearest shops, natively and in a browser.

use std::path::PathBuf;

use serde_json::json;

use crate::args::Args;
use crate::problem::{Outcome, Problem, While};
use crate::steps::note;
use crate::tools::{WebTools, node};
use crate::{browser, files, process, worker, workspace};

/// Real postcodes lie beside the repository; they are not ours.
const DATA: &str = "../shared/data/postcodes";
const COUNTRIES: [&str; 4] = ["US", "FR", "GB", "PL"];

/// Runs it. `--quick` is one country, and fails where a size is over its limit.
pub(crate) fn run(words: &[String]) -> Outcome {
    let mut args = Args::new(words.iter().cloned());
    let named: Option<PathBuf> = args
        .value("--data")?
        .map(|text| std::path::absolute(&text).while_doing(|| format!("find {text}")))
        .transpose()?;
    let quick = args.flag("--quick");
    args.none()?;
    let data = named.clone().unwrap_or_else(|| workspace::path(DATA));
    let countries = COUNTRIES.into_iter().take(if quick { 1 } else { COUNTRIES.len() });
    let packed: Vec<PathBuf> =
        countries.map(|country| data.join(format!("{country}.csv.gz"))).filter(|file| file.is_file()).collect();
    if packed.is_empty() {
        let missing = format!("there are no postcodes in {}", data.display());
        if named.is_some() {
            return Err(Problem::new(missing));
        }
        note(&format!("left out: {missing}"));
    }
    let scratch = workspace::scratch("bench-places");
    files::remove(&scratch)?;
    files::make_folder_of(&scratch.join("any"))?;
    let engine = worker::build(&WebTools::ready()?, &worker::PLACES)?;
    let end2end = workspace::path("end2end");
    node::packages(&end2end)?;
    process::run(workspace::cargo().args(["build", "--release", "--package", "places", "--example", "measure"]))?;
    let name = format!("release/examples/measure{}", std::env::consts::EXE_SUFFIX);
    let mut measure = std::process::Command::new(workspace::cargo_target()?.join(name));
    process::run(measure.arg(&scratch).args(packed))?;
    let options = json!({
        "scratch": scratch, "engine": engine, "end2end": end2end, "chromium": browser::find()?, "gate": quick,
    });
    let script = workspace::path("xtask/src/bench/places.mjs");
    process::run(node::node().arg(script).arg(options.to_string()))
}
