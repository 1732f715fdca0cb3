//! The camera that reads barcodes: bundles of their own, which the app fetches after a tap.

use std::path::Path;

use crate::problem::Outcome;
use crate::tools::node;
use crate::{files, process, workspace};

/// Puts it into `dist/scanner` under names that say their content, and tells the page.
pub(crate) fn add_to(dist: &Path) -> Outcome {
    let source = workspace::path("scanner");
    node::packages(&source)?;
    let folder = dist.join("scanner");
    let named = |from: &Path, name: &str, ending: &str| {
        let mut digest = files::Digest::new();
        digest.add_file(from)?;
        let name = format!("{name}-{}.{ending}", digest.finish());
        files::copy(from, &folder.join(&name))?;
        Outcome::Ok(format!("/scanner/{name}"))
    };
    let bundle = |script: &str, define: String| {
        let out = workspace::scratch(&format!("scanner/{script}"));
        files::make_folder_of(&out)?;
        let mut esbuild = node::esbuild()?;
        esbuild.current_dir(&source).args(["--bundle", "--minify", "--format=esm", "--target=es2022"]);
        esbuild.args(["--log-level=warning", "--legal-comments=eof", "--external:/scanner/*"]);
        process::run(esbuild.arg(define).arg(format!("--outfile={}", out.display())).arg(script))?;
        Outcome::Ok(out)
    };
    let library = source.join("node_modules/zxing-wasm/dist/reader/zxing_reader.wasm");
    let wasm = named(&library, "reader", "wasm")?;
    let decoder = named(&bundle("decoder.js", format!("--define:WASM_URL=\"{wasm}\""))?, "decoder", "js")?;
    let script = named(&bundle("scanner.js", format!("--define:DECODER_URL=\"{decoder}\""))?, "scanner", "js")?;
    let page = dist.join("index.html");
    let named = format!("name=\"nearshelf-scanner\" content=\"{script}\"");
    files::write(&page, files::read(&page)?.replace("name=\"nearshelf-scanner\" content=\"\"", &named).as_bytes())
}
