//! Loads a real server and says how it did. One module a subcommand; the others are shared: [`shop`] (a database with
//! something in it), [`server`] (the process), [`client`] (requests), [`sse`] (streams), [`figures`] (what is printed).

mod client;
mod figures;
mod live;
mod powercut;
mod server;
mod shop;
mod sse;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a step answers; the text of an error is for the person who runs this.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Loads a real server and says how it did.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Many screens on live streams: latency, memory, and a server that is killed under them.
    Live(live::Args),
    /// Crash images made from recorded writes: what was acknowledged must be in each.
    Powercut(powercut::Args),
}

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let right = runtime.block_on(async {
        match Cli::parse().command {
            Command::Live(args) => live::run(args).await,
            Command::Powercut(args) => powercut::run(args).await,
        }
    });
    match right {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &(dyn Error + Send + Sync)) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}
