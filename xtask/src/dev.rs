//! `cargo xtask dev`: the app with live reload before a server with the demo shop.

use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use crate::args::Args;
use crate::data::{Database, Feeds};
use crate::problem::{Outcome, Problem, While};
use crate::serve::free;
use crate::server::Server;
use crate::steps::Steps;
use crate::tools::WebTools;
use crate::{files, workspace};

/// Trunk.toml sends the API there.
const API_PORT: u16 = 8081;

/// Runs Trunk and the server until one of them ends or somebody stops both.
pub(crate) fn run(mut args: Args) -> Outcome {
    let port = args.port("--port", 8080)?;
    let folder = args.value("--data")?;
    args.none()?;
    free("127.0.0.1", port)?;
    free("127.0.0.1", API_PORT)
        .map_err(|_| Problem::new(format!("port {API_PORT} is taken by another program, and Trunk.toml names it")))?;

    let feeds = folder.as_deref().map_or_else(Feeds::demo, |folder| Feeds::inside(folder.as_ref()))?;
    let database = Database::at(feeds.database());
    database.not_in_use()?;
    let mut steps = Steps::new(4);
    steps.next("the tools");
    let tools = WebTools::ready()?;
    steps.next("the server, not optimised");
    let server = Server::build(false)?;
    steps.next("the database");
    database.import(&feeds, &server, false)?;
    database.ensure_token(&server, "dev")?;
    steps.next("starting; the app is compiled now and after each change");
    println!("\n  Nearshelf   http://127.0.0.1:{port} (API on {API_PORT})\n  to stop     ctrl-c\n");

    let dist = workspace::scratch("app/dev");
    files::write(&dist.join("index.html"), b"")?;
    let mut api = server.command(&["serve"], &database.file);
    api.arg("--dist").arg(&dist).args(["--port", &API_PORT.to_string(), "--simulate"]);
    if let Some(pictures) = feeds.pictures() {
        api.arg("--media").arg(pictures);
    }
    let mut trunk = tools.trunk()?;
    trunk.args(["serve", "--open=false", "--port", &port.to_string(), "--dist"]).arg(&dist);
    let stop = stop_flag()?;
    let mut children = Vec::new();
    let ended = together(&mut children, [("the server", api), ("Trunk", trunk)], &stop);
    for (_, child) in &mut children {
        end(child);
    }
    ended
}

type Named<T> = (&'static str, T);

/// Starts all and waits for the first one to end.
fn together(children: &mut Vec<Named<Child>>, commands: [Named<Command>; 2], stop: &AtomicBool) -> Outcome {
    for (name, mut command) in commands {
        children.push((name, command.spawn().while_doing(|| format!("start {name}"))?));
    }
    while !stop.load(Ordering::Relaxed) {
        for (name, child) in children.iter_mut() {
            if let Some(status) = child.try_wait().while_doing(|| format!("wait for {name}"))? {
                if stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                return Err(Problem::new(format!("{name} ended ({status}), so the other one was stopped too")));
            }
        }
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Asks it to end, and after three seconds no longer asks.
fn end(child: &mut Child) {
    if !matches!(child.try_wait(), Ok(None)) {
        return;
    }
    if cfg!(unix) {
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        for _ in 0..30 {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(100));
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Becomes true when somebody asks us to stop.
fn stop_flag() -> Outcome<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&flag)).while_doing(|| "listen for signals".into())?;
    }
    Ok(flag)
}
