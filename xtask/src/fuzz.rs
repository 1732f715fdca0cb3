//! `cargo xtask fuzz`: Schemathesis reads our OpenAPI document and sends whatever it allows and whatever it does not; every
//! answer must be one that the document foresees, and none may be a failure of ours.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::args::Args;
use crate::data::{Database, Feeds};
use crate::problem::{Outcome, Problem, While};
use crate::server::Server;
use crate::steps::note;
use crate::{process, workspace};

const PACKAGE: &str = "schemathesis==4.32.5";
/// What must hold for every answer.
const CHECKS: &str = "not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance,\
                      response_headers_conformance";
/// A stream has no end; its tests are elsewhere.
const STREAM: &str = "/v1/availability/events";
/// Cases for each address and caller: in the tests, and where somebody asks for more.
const FEW: u32 = 25;
const MANY: u32 = 420;

/// Runs it at length: about 20,000 cases.
pub(crate) fn run(mut args: Args) -> Outcome {
    let cases = match args.value("--cases")? {
        None => MANY,
        Some(text) => text.parse().map_err(|_| Problem::new(format!("--cases is a number, not `{text}`")))?,
    };
    args.none()?;
    fuzz(&Server::build(true)?, cases)
}

/// The small form for the tests.
pub(crate) fn quick(server: &Server) -> Outcome {
    fuzz(server, FEW)
}

fn fuzz(server: &Server, cases: u32) -> Outcome {
    let Some(schemathesis) = schemathesis() else {
        note("left out: it needs Python 3 with venv and pip, and a package index that can be reached");
        return Ok(());
    };
    let database = Database::at(workspace::scratch("fuzz/shop.db"));
    database.import_for_tests(&Feeds::demo()?, server)?;
    let feed = token(server, &database.file, &["--scope", "feed"])?;
    let shop = a_shop()?;
    let staff = token(server, &database.file, &["--scope", "staff", "--location", &shop])?;
    let device = token(server, &database.file, &["--scope", "device", "--location", &shop])?;
    let running = Running::start(server, &database.file)?;
    // As a shopper, as a till, as the people of a shop and as its screen: each sees other addresses from the inside.
    for secret in [None, Some(feed), Some(staff), Some(device)] {
        let mut command = Command::new(&schemathesis);
        command.current_dir(workspace::scratch("fuzz")).arg("run").arg(format!("{}/openapi.json", running.address));
        command.args(["--url", &running.address, "--phases", "fuzzing", "--checks", CHECKS, "--seed", "1"]);
        command.args(["--workers", "1", "--exclude-path", STREAM, "--max-examples", &cases.to_string()]);
        if let Some(secret) = secret {
            command.args(["-H", &format!("Authorization:Bearer {secret}")]);
        }
        process::run(&mut command)?;
    }
    Ok(())
}

/// The program, installed into a place of its own where it is missing.
fn schemathesis() -> Option<PathBuf> {
    let venv = workspace::scratch("fuzz/venv");
    let program = venv.join("bin").join("schemathesis");
    let python = process::find("python3")?;
    let version = PACKAGE.rsplit("==").next().unwrap_or_default();
    if process::answer(Command::new(&program).arg("--version")).is_some_and(|said| said.contains(version)) {
        return Some(program);
    }
    note("installing Schemathesis");
    process::run(Command::new(python).args(["-m", "venv"]).arg(&venv)).ok()?;
    process::run(Command::new(venv.join("bin").join("pip")).args(["install", "--quiet", PACKAGE])).ok()?;
    Some(program)
}

fn token(server: &Server, db: &Path, scope: &[&str]) -> Outcome<String> {
    let mut command = server.command(&["token", "create"], db);
    Ok(process::output(command.args(scope).args(["--name", "fuzz"]))?.trim().to_owned())
}

/// The first shop of the demo.
fn a_shop() -> Outcome<String> {
    let stores = crate::files::read(&workspace::path("demo").join("stores.csv"))?;
    let first = stores.lines().nth(1).and_then(|line| line.split(',').next());
    first.map(str::to_owned).ok_or_else(|| Problem::new("the demo has no shop"))
}

/// A server, until this is dropped.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(server: &Server, db: &Path) -> Outcome<Self> {
        let mut command = server.command(&["serve", "--port", "0", "--limits", "off"], db);
        command.env("RUST_LOG", "error").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().while_doing(|| "start the server".into())?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).while_doing(|| "read what the server says".into())?;
        }
        let address = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        let running = Self { child, address };
        if running.address.is_empty() { Err(Problem::new("the server did not start")) } else { Ok(running) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
