//! The server binary: building it and asking it for things.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Outcome;
use crate::tools::rust;
use crate::{process, workspace};

const PACKAGE: &str = "nearshelf-server";

/// A built server.
pub(crate) struct Server {
    /// Where its binary is.
    pub(crate) binary: PathBuf,
}

impl Server {
    /// Builds it, optimised or (faster to build) not.
    pub(crate) fn build(optimised: bool) -> Outcome<Self> {
        rust::c_compiler()?;
        let mut command = workspace::cargo();
        command.args(["build", "--package", PACKAGE]);
        if optimised {
            command.arg("--release");
        }
        process::run(&mut command)?;
        let folder = workspace::cargo_target()?.join(if optimised { "release" } else { "debug" });
        Ok(Self { binary: folder.join(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX)) })
    }

    /// It, with a subcommand.
    pub(crate) fn command(&self, subcommand: &[&str], db: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(workspace::root()).args(subcommand).arg("--db").arg(db);
        command
    }
}
