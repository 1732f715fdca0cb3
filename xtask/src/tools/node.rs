//! Node and what comes from npm. No install script of any package is run: the native programs are called where npm
//! puts them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::problem::{Outcome, Problem, While};
use crate::steps::note;
use crate::{process, workspace};

const OLDEST: u32 = 20;

/// Node is there and new enough.
pub(crate) fn check() -> Outcome {
    let advice = format!("Node {OLDEST} or newer is needed: https://nodejs.org, or your system's package");
    let Some(version) = process::answer(node().arg("--version")) else {
        return Err(Problem::new(format!("Node is not installed. {advice}")));
    };
    if !is_new_enough(&version) {
        return Err(Problem::new(format!("Node is {version}. {advice}")));
    }
    if process::find("npm").is_none() {
        return Err(Problem::new(format!("Node is installed, but its npm is not. {advice}")));
    }
    Ok(())
}

/// Node itself.
pub(crate) fn node() -> Command {
    Command::new("node")
}

/// The packages of the lockfile in `folder`, installed when they are missing or older than it.
pub(crate) fn packages(folder: &Path) -> Outcome {
    let lock = modified(&folder.join("package-lock.json"));
    // npm writes this file last.
    let installed = modified(&folder.join("node_modules").join(".package-lock.json"));
    if lock.is_some() && installed >= lock {
        return Ok(());
    }
    note(&format!("npm packages of {}", folder.join("package.json").display()));
    let npm = process::find("npm").unwrap_or_else(|| "npm".into());
    let mut command = Command::new(npm);
    command.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run(command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

/// Bundles styles.
pub(crate) fn lightningcss() -> Outcome<Command> {
    let modules = workspace::path("node_modules");
    native(&modules, "lightningcss-cli-", "", "lightningcss").map(Command::new)
}

/// Minifies scripts.
pub(crate) fn esbuild() -> Outcome<Command> {
    let modules = workspace::path("node_modules").join("@esbuild");
    native(&modules, "", if cfg!(windows) { "" } else { "bin" }, "esbuild").map(Command::new)
}

/// The program of the one package for this system: npm installs no other.
fn native(modules: &Path, prefix: &str, inside: &str, program: &str) -> Outcome<PathBuf> {
    let entries = fs::read_dir(modules).while_doing(|| format!("find {program} in {}", modules.display()))?;
    let packages = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    let found = packages.map(|entry| entry.path().join(inside)).find_map(|path| process::in_folder(&path, program));
    found.ok_or_else(|| {
        Problem::new(format!("npm installed no {program} for this system; remove node_modules and try again"))
    })
}

fn is_new_enough(version: &str) -> bool {
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    major.is_some_and(|major| major >= OLDEST)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_new_enough_from_20() {
        assert!(is_new_enough("v20.0.0") && is_new_enough("v24.1.0"));
        assert!(!is_new_enough("v18.20.1") && !is_new_enough("") && !is_new_enough("what"));
    }
}
