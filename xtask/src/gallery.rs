//! `cargo xtask gallery`: every component in each of its states, on one page.

use std::path::PathBuf;

use crate::problem::Outcome;
use crate::steps::note;
use crate::{files, process, web, workspace};

/// Writes the page and says where it is.
pub(crate) fn run() -> Outcome {
    note(&format!("open {}", write()?.display()));
    Ok(())
}

/// The page, made by the app's own components (`examples/gallery.rs`), with its styles in it.
pub(crate) fn write() -> Outcome<PathBuf> {
    web::css::bundle()?;
    let styles = files::read(&workspace::scratch("style/nearshelf.css"))?;
    let body =
        process::output(workspace::cargo().args(["run", "--quiet", "--package", "nearshelf", "--example", "gallery"]))?;
    let page = workspace::scratch("gallery/index.html");
    let more = ".specimen__state{margin-block:8px;max-width:100%} .specimen .tabs{position:static}";
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Gallery</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <style>{styles}</style><style>{more}</style></head><body><main class=\"main\" id=\"main\">{body}</main></body></html>"
    );
    files::write(&page, html.as_bytes())?;
    Ok(page)
}
