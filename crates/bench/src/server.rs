//! A server process: started, found by the line it prints, measured, ended.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Outcome;

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// How servers of one run are started.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The binary.
    pub(crate) path: PathBuf,
    /// More arguments for `serve`.
    pub(crate) serve: Vec<String>,
}

impl Program {
    /// The binary; flags of `serve` that stand in the way of a load test are set, as far as this build knows them.
    pub(crate) fn new(path: PathBuf) -> Outcome<Self> {
        let help = run(&path, &["serve", "--help"])?;
        let limits = if help.contains("--limits") { vec!["--limits".to_owned(), "off".to_owned()] } else { Vec::new() };
        Ok(Self { path, serve: limits })
    }

    /// Runs a command to its end and answers what it printed.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome<String> {
        run(&self.path, args)
    }

    /// A new secret of a feed.
    pub(crate) fn token(&self, db: &Path) -> Outcome<String> {
        let db = db.display().to_string();
        Ok(self.run(&["token", "create", "--db", &db, "--scope", "feed", "--name", "till"])?.trim().to_owned())
    }

    /// Starts a server and waits until it listens; port 0 takes any.
    pub(crate) fn start(&self, db: &Path, port: u16) -> Outcome<Server> {
        let mut child = Command::new(&self.path)
            .arg("serve")
            .arg("--db")
            .arg(db)
            .args(["--port", &port.to_string()])
            .args(&self.serve)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://").map(str::parse);
        let Some(Ok(address)) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("the server did not say where it listens: {line:?}").into());
        };
        Ok(Server { child, address })
    }
}

impl Server {
    /// Kills it at once, as a power cut would.
    pub(crate) fn kill(mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop, and waits.
    pub(crate) fn stop(mut self, patience: Duration) -> Outcome<ExitStatus> {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).ok_or("the server has no id")?;
        kill_process(id, Signal::TERM)?;
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("the server did not stop in time".into())
    }

    /// Kibibytes of memory that it has now.
    pub(crate) fn memory(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the process has no memory")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(program: &Path, args: &[&str]) -> Outcome<String> {
    let done = Command::new(program).args(args).stdin(Stdio::null()).output();
    let done = done.map_err(|error| format!("{}: {error}", program.display()))?;
    if done.status.success() {
        Ok(String::from_utf8(done.stdout)?)
    } else {
        Err(format!("{} {}: {}", program.display(), args.join(" "), String::from_utf8_lossy(&done.stderr)).into())
    }
}
