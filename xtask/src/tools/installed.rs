//! Trunk and wasm-bindgen: command line tools that Cargo builds.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::steps::note;
use crate::{files, process, workspace};

/// Trunk 0.22 needs a newer compiler than ours; with one, it works as well.
const TRUNK: &str = "0.21.14";

/// Trunk, built once if there is none that fits.
pub(crate) fn trunk() -> Outcome<PathBuf> {
    if let Some(found) = find("trunk", fits_trunk) {
        return Ok(found);
    }
    note("Trunk is not installed; building it once, about 5-10 minutes");
    install("trunk", "trunk", TRUNK, &["--locked"])?;
    find("trunk", fits_trunk).ok_or_else(|| Problem::new(format!("Trunk {TRUNK} was installed but is not found")))
}

/// The wasm-bindgen of exactly the version that the app is compiled against.
pub(crate) fn wasm_bindgen() -> Outcome<PathBuf> {
    let lock = files::read(&workspace::path("Cargo.lock"))?;
    let version = locked(&lock, "wasm-bindgen").ok_or_else(|| Problem::new("Cargo.lock names no wasm-bindgen"))?;
    let fits = |found: &str| found == version;
    if let Some(found) = find("wasm-bindgen", fits) {
        return Ok(found);
    }
    note(&format!("wasm-bindgen {version} is not installed; building it once, about 2-4 minutes"));
    install("wasm-bindgen-cli", "wasm-bindgen", &version, &[])?;
    find("wasm-bindgen", fits)
        .ok_or_else(|| Problem::new(format!("wasm-bindgen {version} was installed but is not found")))
}

/// Where `cargo install` puts things, for this repository and for this person.
pub(crate) fn folders() -> Vec<PathBuf> {
    let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| env::var_os(home).map(|home| Path::new(&home).join(".cargo")));
    [Some(own_root()), cargo].into_iter().flatten().map(|root| root.join("bin")).collect()
}

fn own_root() -> PathBuf {
    workspace::scratch("tools")
}

/// The first one anywhere whose version fits.
fn find(program: &str, fits: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let known = folders().into_iter().filter_map(|folder| process::in_folder(&folder, program));
    known.chain(process::find_all(program)).find(|path| {
        let answer = process::answer(Command::new(path).arg("--version"));
        answer.is_some_and(|words| words.split_whitespace().nth(1).is_some_and(&fits))
    })
}

/// Beside another version that somebody needs elsewhere, the tool goes into `target/tools`.
fn install(package: &str, program: &str, version: &str, options: &[&str]) -> Outcome {
    let mut command = workspace::cargo();
    // By force, because cargo remembers what it installed even after somebody took the program away.
    command.args(["install", "--force", package, "--version", version]).args(options);
    if folders().iter().any(|folder| process::in_folder(folder, program).is_some()) {
        command.arg("--root").arg(own_root());
    }
    process::run(&mut command)
}

/// At least 0.21.14 and below 0.23; no release candidates.
fn fits_trunk(version: &str) -> bool {
    let numbers: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers >= vec![0, 21, 14] && numbers < vec![0, 23])
}

/// The version of a package in a Cargo.lock.
fn locked(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_fits_from_0_21_14_to_before_0_23() {
        for fits in ["0.21.14", "0.21.15", "0.22.0", "0.22.1"] {
            assert!(fits_trunk(fits), "{fits}");
        }
        for too in ["0.21.13", "0.20.3", "0.22.0-beta.1", "0.23.0", "1.0.0", "trunk", ""] {
            assert!(!fits_trunk(too), "{too}");
        }
    }

    #[test]
    fn the_lockfile_is_asked_for_the_package_and_not_its_neighbours() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").unwrap(), "0.2.130");
        assert_eq!(locked(lock, "trunk"), None);
    }
}
