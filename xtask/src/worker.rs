//! The search engine of the browser: a program of its own, which the app starts when there is nothing else to do.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Outcome;
use crate::tools::{WebTools, node};
use crate::web::finish;
use crate::{files, process, workspace};

/// Where the parts are built.
fn folder() -> PathBuf {
    workspace::scratch("search-worker")
}

/// The engine and its glue, `search_worker.js` and `search_worker_bg.wasm`, as small as they get.
pub(crate) fn build(tools: &WebTools) -> Outcome<PathBuf> {
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--package", "search-worker", "--target", "wasm32-unknown-unknown", "--profile", "web"]);
    process::run(&mut cargo)?;
    let built = workspace::cargo_target()?.join("wasm32-unknown-unknown/web/search_worker.wasm");
    let folder = folder();
    files::remove(&folder)?;
    let mut bindgen = Command::new(tools.wasm_bindgen());
    process::run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(built))?;
    let engine = folder.join("search_worker_bg.wasm");
    finish::shrink_pair(&folder.join("search_worker.js"), &engine, &["Searcher"])?;
    Ok(folder)
}

/// Puts worker and engine into `dist/search` under names that say their content, and tells the page.
pub(crate) fn add_to(dist: &Path, tools: &WebTools) -> Outcome {
    let built = build(tools)?;
    let engine = built.join("search_worker_bg.wasm");
    let hash = |path: &Path| {
        let mut digest = files::Digest::new();
        digest.add_file(path)?;
        Outcome::Ok(digest.finish())
    };
    let engine_name = format!("engine-{}.wasm", hash(&engine)?);
    files::copy(&engine, &dist.join("search").join(&engine_name))?;
    let script = workspace::path("crates/search-worker/worker.js");
    files::copy(&script, &built.join("worker.js"))?;
    let bundle = built.join("bundle.js");
    let mut esbuild = node::esbuild()?;
    esbuild.args(["--bundle", "--minify", "--format=esm", "--log-level=warning", "--legal-comments=none"]);
    esbuild.arg(format!("--define:SEARCH_WASM=\"/search/{engine_name}\""));
    process::run(esbuild.arg(format!("--outfile={}", bundle.display())).arg(built.join("worker.js")))?;
    let script_name = format!("worker-{}.js", hash(&bundle)?);
    files::copy(&bundle, &dist.join("search").join(&script_name))?;
    let page = dist.join("index.html");
    let named = format!("name=\"nearshelf-search\" content=\"/search/{script_name}\"");
    files::write(&page, files::read(&page)?.replace("name=\"nearshelf-search\" content=\"\"", &named).as_bytes())
}
