//! What building the app needs, found or installed.

mod installed;
pub(crate) mod node;
pub(crate) mod rust;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Outcome;
use crate::{process, workspace};

/// Everything that Trunk calls, so that it never has to download anything itself.
pub(crate) struct WebTools {
    trunk: PathBuf,
    bindgen: PathBuf,
    folders: Vec<PathBuf>,
}

impl WebTools {
    /// Finds the tools and installs those that are missing.
    pub(crate) fn ready() -> Outcome<Self> {
        node::check()?;
        rust::wasm_target()?;
        let trunk = installed::trunk()?;
        let bindgen = installed::wasm_bindgen()?;
        node::packages(workspace::root())?;
        let mut folders = vec![workspace::path("node_modules").join(".bin")];
        folders.extend([&bindgen, &trunk].into_iter().filter_map(|tool| tool.parent()).map(PathBuf::from));
        folders.extend(installed::folders());
        Ok(Self { trunk, bindgen, folders })
    }

    /// wasm-bindgen of the version that the programs are compiled against.
    pub(crate) fn wasm_bindgen(&self) -> &Path {
        &self.bindgen
    }

    /// Trunk with those tools on its `PATH`, started in the root.
    pub(crate) fn trunk(&self) -> Outcome<Command> {
        let mut command = Command::new(&self.trunk);
        command.current_dir(workspace::root()).env("PATH", process::path_with(&self.folders)?);
        // It would ask the registry for a newer Trunk, which the compiler of today could not build.
        command.env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
        Ok(command)
    }
}
