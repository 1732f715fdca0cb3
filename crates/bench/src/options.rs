//! What all loads on reservations are asked with.

use std::path::PathBuf;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::Outcome;
use crate::server::Program;

/// What all loads on reservations are asked with.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// The server.
    #[arg(long, value_name = "FILE", default_value = "target/release/nearshelf-server")]
    pub(crate) server: PathBuf,
    /// A server with the feature `chaos`: the load is repeated with its mechanisms taken away, which must be noticed.
    #[arg(long, value_name = "FILE")]
    pub(crate) chaos_server: Option<PathBuf>,
    /// A small load that ends in seconds.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Repeats the choices of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
    /// Connections at once.
    #[arg(long)]
    connections: Option<usize>,
}

impl Options {
    /// One of two sizes.
    pub(crate) fn size<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// How many connections.
    pub(crate) fn connections(&self) -> usize {
        self.connections.unwrap_or_else(|| self.size(512, 64)).max(1)
    }

    /// The seed that was asked for, or another one.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| rand::random_range(0..1_000_000))
    }

    /// The server as it is meant.
    pub(crate) fn program(&self) -> Outcome<Program> {
        Program::new(self.server.clone())
    }

    /// The server without a mechanism, where one was given that can be had without.
    pub(crate) fn without(&self, fault: &str) -> Outcome<Option<Program>> {
        let Some(path) = &self.chaos_server else { return Ok(None) };
        let mut program = Program::new(path.clone())?;
        program.serve.extend(["--chaos".to_owned(), fault.to_owned()]);
        Ok(Some(program))
    }
}

/// The choices of one connection.
pub(crate) fn dice(seed: u64, connection: usize) -> StdRng {
    StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(u64::try_from(connection).unwrap_or(0)))
}

/// A name that no other run has, so that keys of two runs on one database never meet.
pub(crate) fn run_name() -> String {
    format!("{:016x}", rand::rng().random::<u64>())
}
