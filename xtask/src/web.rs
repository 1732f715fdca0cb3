//! The app: Trunk builds it, and this makes it ready to be served.

pub(crate) mod catalogs;
pub(crate) mod css;
pub(crate) mod finish;
mod offline;
mod sources;

use std::path::Path;

use crate::problem::{Outcome, Problem};
use crate::steps::note;
use crate::tools::WebTools;
use crate::{files, process, scanner, street_map, widget, worker, workspace};

/// `dist/` holds the app as it is now; built only if something changed since.
pub(crate) fn ensure() -> Outcome {
    let _alone = files::alone(&workspace::scratch("app/lock"), "another build of the app")?;
    let (stamp, dist) = (workspace::scratch("app/stamp"), workspace::dist());
    let sources = sources::digest()?;
    let key = || Ok(format!("{sources} {}", sources::listing(&dist)?));
    if files::is_stamped(&stamp, &key()?) {
        note("the app is as built before");
        return Ok(());
    }
    files::remove(&stamp)?;
    build(&WebTools::ready()?, &dist)?;
    // Of the sources as they were when it began: what changed meanwhile is built next time.
    files::write(&stamp, key()?.as_bytes())
}

/// An app that tells which functions it runs, for `cargo xtask profile`; `names` will hold their fingerprints.
pub(crate) fn build_traced(dist: &Path, names: &Path) -> Outcome {
    let tools = WebTools::ready()?;
    files::remove(dist)?;
    process::run(tools.trunk()?.args(["build", "--release", "--dist"]).arg(dist))?;
    finish::trace(dist, names)?;
    finish::start_by_boot(dist)?;
    worker::add_to(dist, &tools)?;
    offline::fill_in(dist)
}

/// Builds beside `dist/` and puts the result there in one go, so that a server never shows half of it.
fn build(tools: &WebTools, dist: &Path) -> Outcome {
    if !workspace::path("index.html").is_file() {
        return Err(Problem::new("index.html is missing: it is where Trunk begins"));
    }
    note("building it, about two minutes the first time");
    let (fresh, old) = (workspace::scratch("app/dist"), workspace::scratch("app/old"));
    files::remove(&fresh)?;
    process::run(tools.trunk()?.args(["build", "--release", "--dist"]).arg(&fresh))?;
    finish::shrink(&fresh)?;
    finish::make_stoppable(&fresh)?;
    finish::minify(&fresh)?;
    finish::rename_by_content(&fresh)?;
    finish::start_by_boot(&fresh)?;
    worker::add_to(&fresh, tools)?;
    widget::add_to(&fresh, tools)?;
    street_map::add_to(&fresh)?;
    scanner::add_to(&fresh)?;
    offline::fill_in(&fresh)?;
    finish::compress(&fresh)?;
    files::remove(&old)?;
    if dist.exists() {
        files::rename(dist, &old)?;
    }
    files::rename(&fresh, dist)?;
    files::remove(&old)
}
