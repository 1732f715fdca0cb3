//! Where things are in this repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::problem::{Outcome, Problem, While};
use crate::process;

/// The folder of the workspace. Cargo says it at run time; the compiled-in path is only for a binary run by hand.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
    })
}

/// A path below the root.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Our own scratch space: databases, stamps, bundled styles. Always here, also where Cargo builds elsewhere.
pub(crate) fn scratch(relative: &str) -> PathBuf {
    root().join("target").join(relative)
}

/// The app, ready to be served.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The Cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Where Cargo builds (`target`, unless the environment or the configuration says otherwise).
pub(crate) fn cargo_target() -> Outcome<PathBuf> {
    let json = process::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let value: serde_json::Value = serde_json::from_str(&json).while_doing(|| "read `cargo metadata`".into())?;
    let found = value.get("target_directory").and_then(serde_json::Value::as_str);
    found.map(PathBuf::from).ok_or_else(|| Problem::new("`cargo metadata` names no target directory"))
}

/// A path as people write it: below the root without the root.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
