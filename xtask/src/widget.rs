//! The box for other people's pages: its loader, its program, its texts and the page for frames, in `dist/nearshelf.js` and
//! `dist/widget/`.

mod tokens;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog::Languages;
use serde_json::json;

use crate::problem::{Outcome, Problem};
use crate::tools::{WebTools, node};
use crate::web::css::BROWSERS;
use crate::{files, process, worker, workspace};

/// The folder in `dist/`.
pub(crate) const FOLDER: &str = "widget";

/// Puts all of it there; what has a name of its content may be kept for ever, and the loader names it.
pub(crate) fn add_to(dist: &Path, tools: &WebTools) -> Outcome {
    let source = |name: &str| workspace::path(&format!("crates/widget/{name}"));
    let built = worker::program(tools, "widget", "widget", &[])?;
    let place = Place { dist };
    let program = place.keep(&built.join("widget_bg.wasm"), "program", "wasm")?;
    let catalogs = json!(catalogs(&place, &built)?).to_string();
    let sheet = built.join("box.css");
    let of_app = files::read(&workspace::path("style/tokens.css"))?;
    files::write(&sheet, tokens::in_front_of(&files::read(&source("box.css"))?, &of_app)?.as_bytes())?;
    let style = process::output(node::lightningcss()?.args(["--minify", "--targets", BROWSERS]).arg(sheet))?;
    files::copy(&source("box.js"), &built.join("box.js"))?;
    let wasm = ["BOX_WASM=", &json!(program).to_string()].concat();
    let catalogs = ["BOX_CATALOGS=", &catalogs].concat();
    let style = ["BOX_STYLE=", &json!(style.trim()).to_string()].concat();
    let script = bundle(&built.join("box.js"), "esm", &[&wasm, &catalogs, &style])?;
    let script = place.keep(&script, "box", "js")?;
    let loader = bundle(&source("nearshelf.js"), "iife", &[&["BOX_SCRIPT=", &json!(script).to_string()].concat()])?;
    files::copy(&loader, &dist.join("nearshelf.js"))?;
    let frame = place.keep(&bundle(&source("frame.js"), "esm", &[])?, "frame", "js")?;
    let page = files::read(&source("frame.html"))?;
    if !page.contains("FRAME_SCRIPT") {
        return Err(Problem::new("frame.html has no place for its script"));
    }
    files::write(&dist.join(FOLDER).join("frame.html"), page.replace("FRAME_SCRIPT", &frame).as_bytes())
}

/// Where files go.
struct Place<'a> {
    dist: &'a Path,
}

impl Place<'_> {
    /// Puts a file there under a name of its content; answers its address.
    fn keep(&self, file: &Path, name: &str, ending: &str) -> Outcome<String> {
        let mut digest = files::Digest::new();
        digest.add_file(file)?;
        let named = format!("{name}-{}.{ending}", digest.finish());
        files::copy(file, &self.dist.join(FOLDER).join(&named))?;
        Ok(format!("/{FOLDER}/{named}"))
    }
}

/// The texts of each language, as the box loads them.
fn catalogs(place: &Place<'_>, built: &Path) -> Outcome<BTreeMap<String, String>> {
    let shared = files::read(&workspace::path("crates/widget/texts.txt"))?;
    let languages = Languages::read(&workspace::path("locales"))
        .map_err(|problems| Problem::new(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    let of_box = |catalog: &catalog::Catalog| {
        catalog.for_widget(shared.lines()).map_err(|problem| Problem::new(problem.to_string()))
    };
    let english = of_box(&languages.english)?;
    let mut named = BTreeMap::new();
    for catalog in [&languages.english].into_iter().chain(&languages.others) {
        let file = built.join(format!("{}.txt", catalog.language));
        files::write(&file, of_box(catalog)?.compiled(&english).as_bytes())?;
        named.insert(catalog.language.clone(), place.keep(&file, &catalog.language, "txt")?);
    }
    Ok(named)
}

/// A script with what it imports, and with what the build tells it.
fn bundle(script: &Path, format: &str, told: &[&str]) -> Outcome<PathBuf> {
    let name = script.file_name().unwrap_or_default();
    let out = workspace::scratch("widget-scripts").join(name);
    let mut esbuild = node::esbuild()?;
    esbuild.args(["--bundle", "--minify", "--log-level=warning", "--legal-comments=none"]);
    esbuild.arg(format!("--format={format}")).args(told.iter().map(|told| format!("--define:{told}")));
    process::run(esbuild.arg(format!("--outfile={}", out.display())).arg(script))?;
    Ok(out)
}
