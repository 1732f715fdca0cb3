//! `cargo xtask bench`: loads on a release build of the server, each with a control that must go wrong.

mod places;
mod search;
mod start;

use std::path::PathBuf;
use std::process::Command;

use crate::args::Args;
use crate::problem::{Outcome, Problem};
use crate::server::Server;
use crate::tools::rust;
use crate::{process, workspace};

/// In the order in which a person would want to hear of them.
const ALL: [&str; 8] = ["race", "mixed", "intents", "crash", "powercut", "reserve", "overload", "live"];
/// One that needs no server.
type Alone = (&'static str, fn(&[String]) -> Outcome);
/// In the browser.
const ALONE: [Alone; 3] = [("search", search::run), ("places", places::run), ("start", start::run)];
/// Those that are repeated against a server without one of its mechanisms.
const WITH_CONTROL: [&str; 5] = ["race", "mixed", "intents", "crash", "powercut"];

/// Runs one of them, or all; what stands behind is passed on.
pub(crate) fn run(args: Args) -> Outcome {
    let mut words = args.rest();
    if words.is_empty() {
        return Err(Problem::new(format!("which one? {}", names())));
    }
    let name = words.remove(0);
    if let Some((_, run)) = ALONE.iter().find(|(known, _)| *known == name) {
        return run(&words);
    }
    let names: Vec<&str> = match ALL.iter().find(|known| **known == name) {
        Some(one) => vec![one],
        None if name == "all" => ALL.to_vec(),
        None => return Err(Problem::new(format!("there is no bench `{name}`: {}", names()))),
    };
    let tools = Tools::build()?;
    names.into_iter().try_for_each(|name| tools.run(name, &words))?;
    if name == "all" { ALONE.iter().try_for_each(|(_, run)| run(&words)) } else { Ok(()) }
}

/// What may be asked for.
fn names() -> String {
    ["all"].into_iter().chain(ALL).chain(ALONE.map(|(name, _)| name)).collect::<Vec<_>>().join(", ")
}

/// Everything small, as the tests want it.
pub(crate) fn quick() -> Outcome {
    let tools = Tools::build()?;
    let quick = ["--quick".to_owned()];
    ALL.iter().try_for_each(|name| tools.run(name, &quick))?;
    ALONE.iter().try_for_each(|(_, run)| run(&quick))
}

struct Tools {
    bench: PathBuf,
    server: PathBuf,
    chaos: PathBuf,
}

impl Tools {
    fn build() -> Outcome<Self> {
        rust::c_compiler()?;
        let server = Server::build(true)?.binary;
        process::run(workspace::cargo().args(["build", "--release", "--package", "nearshelf-bench"]))?;
        // What it is without its mechanisms need not be fast.
        let chaos = ["build", "--package", "nearshelf-server", "--features", "chaos"];
        process::run(workspace::cargo().args(chaos))?;
        let target = workspace::cargo_target()?;
        let file =
            |folder: &str, name: &str| target.join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        // Kept aside: another build of the same profile would put a server with all its mechanisms in its place.
        let kept = file("debug", "nearshelf-server-chaos");
        std::fs::copy(file("debug", "nearshelf-server"), &kept)
            .map_err(|error| Problem::new(format!("could not keep the server for the controls: {error}")))?;
        Ok(Self { bench: file("release", "nearshelf-bench"), server, chaos: kept })
    }

    fn run(&self, name: &str, words: &[String]) -> Outcome {
        let mut command = Command::new(&self.bench);
        command.current_dir(workspace::root()).arg(name).arg("--server").arg(&self.server).args(words);
        if WITH_CONTROL.contains(&name) {
            command.arg("--chaos-server").arg(&self.chaos);
        }
        process::run(&mut command)
    }
}
