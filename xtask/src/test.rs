//! `cargo xtask test`: every check, in order, up to the first one that fails.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::count::Count;
use crate::problem::{Outcome, Problem, While};
use crate::server::Server;
use crate::steps::Steps;
use crate::tools::rust;
use crate::{bench, end2end, fuzz, process, size, tidy, web, workspace};

/// Runs it all, prints the table of steps and, last, `N passed, N failed`.
pub(crate) fn run(mut args: Args) -> Outcome {
    let no_browser = args.flag("--no-browser");
    args.none()?;
    let mut report = Report::new(if no_browser { 9 } else { 10 });
    let ended = all(&mut report, no_browser);
    report.print(&ended);
    println!("{}", report.count);
    match ended {
        Ok(()) => Ok(()),
        // Said above; the last line of the output stays the count.
        Err(_) => std::process::exit(1),
    }
}

fn all(report: &mut Report, no_browser: bool) -> Outcome {
    report.check("formatting", || process::run(workspace::cargo().args(["fmt", "--all", "--check"])))?;
    report.check("lints", || {
        process::run(workspace::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    report.check("lints of the app as the browser gets it", || {
        rust::wasm_target()?;
        let target = ["--target", "wasm32-unknown-unknown"];
        process::run(
            workspace::cargo()
                .args(["clippy", "-p", "nearshelf", "-p", "widget"])
                .args(target)
                .args(["--", "-D", "warnings"]),
        )
    })?;
    report.check("tidy", tidy::run)?;
    report.step("cargo test", cargo_test)?;
    let mut server = None;
    report.check("the app and the server", || {
        web::ensure()?;
        server = Some(Server::build(true)?);
        Ok(())
    })?;
    report.check("sizes", size::run)?;
    report.check("small loads, each with its control", bench::quick)?;
    if let Some(server) = &server {
        report.check("whatever the API document allows and does not", || fuzz::quick(server))?;
    }
    if let (Some(server), false) = (server, no_browser) {
        report.step("journeys in a browser", || end2end::play(&server, &[]))?;
    }
    Ok(())
}

/// Runs every Rust test, also those behind a failing one, and counts.
fn cargo_test() -> Outcome<(Count, Outcome)> {
    let mut command = workspace::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).stdout(Stdio::piped());
    let mut child = command.spawn().while_doing(|| "start cargo test".into())?;
    let mut count = Count::default();
    for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
        let line = line.while_doing(|| "read what cargo test prints".into())?;
        count.add(Count::of_line(&line).unwrap_or_default());
        println!("{line}");
    }
    let status = child.wait().while_doing(|| "wait for cargo test".into())?;
    let ended = if status.success() { Ok(()) } else { Err(Problem::new(format!("cargo test failed ({status})"))) };
    Ok((count, ended))
}

struct Report {
    steps: Steps,
    rows: Vec<(&'static str, Duration, bool)>,
    count: Count,
}

impl Report {
    fn new(total: usize) -> Self {
        Self { steps: Steps::new(total), rows: Vec::new(), count: Count::default() }
    }

    /// A step that has no tests to count; where it fails, it counts as one.
    fn check(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> Outcome {
        self.step(name, || Ok((Count::default(), work())))
    }

    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Outcome<(Count, Outcome)>) -> Outcome {
        println!();
        self.steps.next(name);
        let begun = Instant::now();
        let (mut count, ended) = work().unwrap_or_else(|problem| (Count::default(), Err(problem)));
        if ended.is_err() {
            // A red run never says "0 failed", also where it was a lint or the compiler.
            count.failed = count.failed.max(1);
        }
        self.count.add(count);
        self.rows.push((name, begun.elapsed(), ended.is_ok()));
        ended
    }

    fn print(&self, ended: &Outcome) {
        if let (Err(problem), Some((name, ..))) = (ended, self.rows.last()) {
            println!("\n======== FAILED: {name} ========\n{problem}");
        }
        println!();
        for (name, took, well) in &self.rows {
            println!("{:<6} {name:<42} {:>6.1} s", if *well { "ok" } else { "FAILED" }, took.as_secs_f32());
        }
        println!();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_check_is_counted_and_ends_the_run() {
        let mut report = Report::new(2);
        report.step("tests", || Ok((Count { passed: 3, failed: 0 }, Ok(())))).unwrap();
        assert!(report.check("lints", || Err(Problem::new("no"))).is_err());
        assert_eq!(report.count.to_string(), "3 passed, 1 failed");
        assert_eq!(report.rows.iter().map(|(_, _, well)| *well).collect::<Vec<_>>(), [true, false]);
    }
}
