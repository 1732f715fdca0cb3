//! `cargo xtask <command>`: everything that is done to this repository by command.
//!
//! Reading order: this file dispatches; `serve`, `dev`, `test`, `size` and `tidy` are the commands; `web`, `server` and
//! `data` build what they need; `tools` and `browser` find or install what those need; the rest are small helpers.

mod args;
mod bench;
mod browser;
mod count;
mod data;
mod dev;
mod end2end;
mod files;
mod fuzz;
mod gallery;
mod problem;
mod process;
mod profile;
mod scanner;
mod serve;
mod server;
mod size;
mod steps;
mod street_map;
mod test;
mod tidy;
mod tools;
mod web;
mod widget;
mod worker;
mod workspace;

use std::process::ExitCode;

use args::Args;
use problem::{Outcome, Problem};

const HELP: &str = "\
cargo xtask <command>

Run it
  serve [--data DIR] [--db FILE] [--port N] [--host H] [--settings FILE] [--fresh]
               build everything, import the demo shop (or the feeds in DIR) and serve it on http://127.0.0.1:8080
  dev [--port N] [--data DIR]
               the same with live reload, for working on the app

Check it
  test [--no-browser]
               formatting, lints, tidy, unit tests, sizes and the journeys in a real browser (`ci` is the same)
  end2end [PLAYWRIGHT OPTIONS]
               only the journeys, for example `cargo xtask end2end reserve.spec.ts --headed`
  bench NAME|all [--quick] [OPTIONS]
               loads a release build of the server: race, mixed, crash, intents, reserve, overload, live, powercut;
               search [--data DIR] [--queries FILE] measures ours and its peers in a browser;
               places [--data DIR] postcodes, towns and the nearest shops, natively and in a browser;
               start [--only PART] [--rounds N] the app: Lighthouse, stock events, slow networks, half an hour of use;
               `docs/benchmarks.md` says what each shows
  fuzz [--cases N]
               Schemathesis against the OpenAPI document, about 20,000 cases; the tests run a few
  tidy         who may import whom, and other rules that no compiler checks
  size         what a first visit downloads, against its budget

Parts
  build        the app into dist/, ready to be served
  gallery      every component in each of its states, as target/gallery/index.html
  profile      records in a browser what the first screens run; from then on that is the start of the program
  css          style/main.css into target/style/nearshelf.css (Trunk calls this)
  catalogs     locales/ into the app that Trunk has built (Trunk calls this)
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let args = Args::new(words);
    if args.wants_help() {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match dispatch(&command, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nerror: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, args: Args) -> Outcome {
    match command {
        "serve" => serve::run(args),
        "dev" => dev::run(args),
        "test" | "ci" => test::run(args),
        "end2end" => end2end::run(args),
        "bench" => bench::run(args),
        "fuzz" => fuzz::run(args),
        "tidy" => args.none().and_then(|()| tidy::run()),
        "size" => args.none().and_then(|()| size::run()),
        "build" => args.none().and_then(|()| web::ensure()),
        "gallery" => args.none().and_then(|()| gallery::run()),
        "profile" => args.none().and_then(|()| profile::run()),
        "css" => args.none().and_then(|()| web::css::bundle()),
        "catalogs" => args.none().and_then(|()| web::catalogs::add_to_staging()),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Problem::new(format!("there is no command `{other}`\n\n{HELP}"))),
    }
}
