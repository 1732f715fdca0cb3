//! The street map: a bundle of its own, which the app fetches after a tap.

use std::path::Path;

use crate::problem::Outcome;
use crate::tools::node;
use crate::{files, process, workspace};

/// Puts it into `dist/street-map` under names that say their content, and tells the page.
pub(crate) fn add_to(dist: &Path) -> Outcome {
    let source = workspace::path("street-map");
    node::packages(&source)?;
    let library = source.join("node_modules/maplibre-gl/dist");
    let folder = dist.join("street-map");
    let named = |from: &Path, name: &str, ending: &str| {
        let mut digest = files::Digest::new();
        digest.add_file(from)?;
        let name = format!("{name}-{}.{ending}", digest.finish());
        files::copy(from, &folder.join(&name))?;
        Outcome::Ok(format!("/street-map/{name}"))
    };
    let worker = named(&library.join("maplibre-gl-csp-worker.js"), "worker", "js")?;
    let styles = named(&library.join("maplibre-gl.css"), "map", "css")?;
    let bundle = workspace::scratch("street-map/bundle.js");
    files::make_folder_of(&bundle)?;
    let mut esbuild = node::esbuild()?;
    esbuild.current_dir(&source).args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--log-level=warning",
    ]);
    esbuild.arg("--legal-comments=eof");
    esbuild.arg(format!("--define:WORKER_URL=\"{worker}\"")).arg(format!("--define:STYLES_URL=\"{styles}\""));
    process::run(esbuild.arg(format!("--outfile={}", bundle.display())).arg("street-map.js"))?;
    let script = named(&bundle, "street-map", "js")?;
    let page = dist.join("index.html");
    let named = format!("name=\"nearshelf-street-map\" content=\"{script}\"");
    files::write(&page, files::read(&page)?.replace("name=\"nearshelf-street-map\" content=\"\"", &named).as_bytes())
}
