//! Loads a real server and says how it did. One module a subcommand; the others are shared: [`shop`] (a database with
//! something in it), [`server`] (the process), [`client`] (requests), [`shopper`] (somebody who reserves), [`sse`]
//! (streams), [`books`] (what the file says afterwards), [`options`] and [`figures`] (what is asked and what is printed).

mod books;
mod client;
mod crash;
mod figures;
mod intents;
mod live;
mod mixed;
mod options;
mod overload;
mod powercut;
mod race;
mod reserve;
mod server;
mod shop;
mod shopper;
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
    /// Hundreds of shoppers after the last hundred units: exactly a hundred get one.
    Race(race::Args),
    /// Shoppers, staff and tills on the same few shelves; then the books must agree.
    Mixed(mixed::Args),
    /// A server that is killed under load, again and again: what it acknowledged is there, once.
    Crash(crash::Args),
    /// Intents that are sent up to ten times while the server is killed: each happens once.
    Intents(intents::Args),
    /// How many reservations a second are made durable.
    Reserve(reserve::Args),
    /// Five times as much as the server can do.
    Overload(overload::Args),
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
            Command::Race(args) => race::run(args).await,
            Command::Mixed(args) => mixed::run(args).await,
            Command::Crash(args) => crash::run(args).await,
            Command::Intents(args) => intents::run(args).await,
            Command::Reserve(args) => reserve::run(args).await,
            Command::Overload(args) => overload::run(args).await,
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
