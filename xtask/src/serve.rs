//! `cargo xtask serve`: from a fresh checkout to a shop in the browser.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::PathBuf;

use crate::args::Args;
use crate::data::{Database, Feeds};
use crate::problem::{Outcome, Problem, While};
use crate::server::Server;
use crate::steps::Steps;
use crate::tools::rust;
use crate::{process, web, workspace};

/// Builds what is missing, imports, and becomes the server.
pub(crate) fn run(mut args: Args) -> Outcome {
    let folder = args.value("--data")?.map(PathBuf::from);
    let db = args.value("--db")?.map(PathBuf::from);
    let port = args.port("--port", 8080)?;
    let host = args.value("--host")?.unwrap_or_else(|| "127.0.0.1".into());
    let settings = args.value("--settings")?.map(|file| absolute(file.into())).transpose()?;
    let fresh = args.flag("--fresh");
    args.none()?;

    // Before minutes of building, not after.
    free(&host, port)?;
    rust::c_compiler()?;
    let feeds = folder.as_deref().map_or_else(Feeds::demo, Feeds::inside)?;
    let is_demo = folder.is_none();
    let database = Database::at(db.map_or_else(|| Ok(feeds.database()), absolute)?);

    database.not_in_use()?;

    let mut steps = Steps::new(4);
    steps.next("the app");
    web::ensure()?;
    steps.next("the server");
    let server = Server::build(true)?;
    steps.next("the database");
    database.import(&feeds, &server, fresh)?;
    database.ensure_token(&server, "serve")?;
    steps.next("starting");
    free(&host, port)?;
    println!("{}", welcome(&host, port, &database));

    let mut command = server.command(&["serve"], &database.file);
    command.arg("--dist").arg(workspace::dist()).args(["--host", &host, "--port", &port.to_string()]);
    if let Some(pictures) = feeds.pictures() {
        command.arg("--media").arg(pictures);
    }
    if let Some(settings) = settings {
        command.arg("--settings").arg(settings);
    }
    if is_demo {
        command.arg("--simulate");
    }
    process::become_it(&mut command)
}

/// Complains in words if somebody else listens there.
pub(crate) fn free(host: &str, port: u16) -> Outcome {
    match TcpListener::bind((host, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(Problem::new(format!(
            "port {port} is taken by another program; choose another one with --port, for example --port {}",
            port.saturating_add(10)
        ))),
        Err(error) => Err(error).while_doing(|| format!("listen on {host}, port {port}")),
    }
}

fn absolute(path: PathBuf) -> Outcome<PathBuf> {
    std::path::absolute(&path).while_doing(|| format!("understand the path {}", path.display()))
}

fn welcome(host: &str, port: u16, database: &Database) -> String {
    let shown = if host == "0.0.0.0" || host == "::" { "127.0.0.1" } else { host };
    let address = match port {
        0 => "the address is in the next lines".to_owned(),
        _ => format!("http://{shown}:{port}"),
    };
    let (db, token) = (workspace::shown(&database.file), workspace::shown(&database.token()));
    format!(
        "\n  Nearshelf   {address}\n  database    {db}\n  feed token  in {token}, for POST /v1/inventory\n  \
         to stop     ctrl-c\n"
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_taken_port_is_named_with_the_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let problem = free("127.0.0.1", port).unwrap_err().to_string();
        assert!(problem.contains(&format!("port {port} is taken")) && problem.contains("--port"), "{problem}");
        free("127.0.0.1", 0).unwrap();
    }

    #[test]
    fn the_address_shown_can_be_opened() {
        let database = Database::at(workspace::scratch("demo.db"));
        assert!(welcome("0.0.0.0", 8080, &database).contains("http://127.0.0.1:8080\n"));
        let own = Path::new("target").join("demo.feed-token");
        assert!(welcome("127.0.0.1", 0, &database).contains(&own.display().to_string()));
    }
}
