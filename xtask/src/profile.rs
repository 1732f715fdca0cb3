//! `cargo xtask profile`: what the first screens run, recorded in a browser.

use crate::problem::{Outcome, Problem};
use crate::server::Server;
use crate::web::finish;
use crate::{end2end, files, web, workspace};

/// Builds an app that tells what it runs, visits the first screens with it, and writes down what they ran.
pub(crate) fn run() -> Outcome {
    let (dist, names) = (workspace::scratch("profile/dist"), workspace::scratch("profile/names.json"));
    web::build_traced(&dist, &names)?;
    let server = Server::build(false)?;
    let ran = workspace::scratch("profile/ran.profile");
    files::remove(&ran)?;
    let config = "--config=profile.config.ts".to_owned();
    let (_, ended) = end2end::play_with(&server, &dist, &[config])?;
    ended?;
    if !ran.is_file() {
        return Err(Problem::new("the visits left no profile"));
    }
    files::copy(&ran, &workspace::path(finish::PROFILE))
}
