//! The workers of the browser: programs of their own, which the app starts when there is nothing else to do.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Outcome;
use crate::tools::{WebTools, node};
use crate::web::finish;
use crate::{files, process, workspace};

/// A worker: an engine in WebAssembly, and the script that fetches what it needs and asks it.
pub(crate) struct Worker {
    /// The folder of `dist/` that it is put into; `crates/<name>-worker` is its source, and `nearshelf-<name>` what the page
    /// calls it.
    name: &'static str,
    /// The classes that its script uses.
    classes: &'static [&'static str],
}

pub(crate) const SEARCH: Worker = Worker { name: "search", classes: &["Searcher"] };
pub(crate) const PLACES: Worker = Worker { name: "places", classes: &["Gazetteer", "Locator"] };

/// The engine and its glue, `search_worker.js` and `search_worker_bg.wasm`, as small as they get; answers their folder.
pub(crate) fn build(tools: &WebTools, worker: &Worker) -> Outcome<PathBuf> {
    let (package, library) = (format!("{}-worker", worker.name), format!("{}_worker", worker.name));
    program(tools, &package, &library, worker.classes)
}

/// A program of the browser and its glue, `<library>.js` and `<library>_bg.wasm`, as small as they get; answers their folder.
/// `classes` are those of its exports that are used.
pub(crate) fn program(tools: &WebTools, package: &str, library: &str, classes: &[&str]) -> Outcome<PathBuf> {
    // Never in one command with the app: what is built together shares its features, and so the standard library, which has a
    // panic handler of its own.
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--package", package, "--target", "wasm32-unknown-unknown", "--profile", "web"]);
    process::run(&mut cargo)?;
    let built = workspace::cargo_target()?.join(format!("wasm32-unknown-unknown/web/{library}.wasm"));
    let folder = workspace::scratch(package);
    files::remove(&folder)?;
    let mut bindgen = Command::new(tools.wasm_bindgen());
    process::run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(built))?;
    let (glue, engine) = (folder.join(format!("{library}.js")), folder.join(format!("{library}_bg.wasm")));
    finish::shrink_pair(&glue, &engine, classes)?;
    Ok(folder)
}

/// Puts all workers and their engines into `dist/` under names that say their content, and tells the page.
pub(crate) fn add_to(dist: &Path, tools: &WebTools) -> Outcome {
    add(dist, tools, &SEARCH)?;
    add(dist, tools, &PLACES)
}

fn add(dist: &Path, tools: &WebTools, worker: &Worker) -> Outcome {
    let built = build(tools, worker)?;
    let name = worker.name;
    let engine = built.join(format!("{name}_worker_bg.wasm"));
    let hash = |path: &Path| {
        let mut digest = files::Digest::new();
        digest.add_file(path)?;
        Outcome::Ok(digest.finish())
    };
    let engine_name = format!("engine-{}.wasm", hash(&engine)?);
    files::copy(&engine, &dist.join(name).join(&engine_name))?;
    let script = workspace::path(&format!("crates/{name}-worker/worker.js"));
    files::copy(&script, &built.join("worker.js"))?;
    let bundle = built.join("bundle.js");
    let mut esbuild = node::esbuild()?;
    esbuild.args(["--bundle", "--minify", "--format=esm", "--log-level=warning", "--legal-comments=none"]);
    esbuild.arg(format!("--define:ENGINE_WASM=\"/{name}/{engine_name}\""));
    process::run(esbuild.arg(format!("--outfile={}", bundle.display())).arg(built.join("worker.js")))?;
    let script_name = format!("worker-{}.js", hash(&bundle)?);
    files::copy(&bundle, &dist.join(name).join(&script_name))?;
    let page = dist.join("index.html");
    let named = format!("name=\"nearshelf-{name}\" content=\"/{name}/{script_name}\"");
    let empty = format!("name=\"nearshelf-{name}\" content=\"\"");
    files::write(&page, files::read(&page)?.replace(&empty, &named).as_bytes())
}
