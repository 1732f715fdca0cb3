//! The command line of the server.

use std::error::Error;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use domain::time::Timestamp;
use nearshelf_server::clock::Clock;
use nearshelf_server::db::{Db, Options, sqlite};
use nearshelf_server::import::{self, ImportFiles};
use nearshelf_server::routes::{inventory, openapi};
use nearshelf_server::state::{AppState, Config};
use nearshelf_server::{app, background, random, serve, simulator};

type Outcome = Result<(), Box<dyn Error>>;

/// The server of Nearshelf.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API, and the app where it is built.
    Serve(Serve),
    /// Reads feeds of shops, products and stock into the database; a running server notices.
    Import(Import),
    /// Tokens of feeds.
    #[command(subcommand)]
    Token(Token),
    /// Prints the OpenAPI document.
    Openapi,
}

#[derive(Debug, Args)]
struct Serve {
    /// The database; created where there is none.
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    /// Folder of the built app.
    #[arg(long, value_name = "DIR")]
    dist: Option<PathBuf>,
    /// Folder of product pictures, served at /media.
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A clock that stands still at this instant, for tests.
    #[arg(long, value_name = "RFC3339", value_parser = Timestamp::parse)]
    clock: Option<Timestamp>,
    /// Sells and restocks a little, so that a demo is live.
    #[arg(long)]
    simulate: bool,
    /// Hours for which goods are kept once they are ready.
    #[arg(long, default_value_t = 48, value_parser = clap::value_parser!(u32).range(1..=720))]
    hold_hours: u32,
    /// Another site that may call the API, such as <https://shop.example>; may be repeated.
    #[arg(long, value_name = "URL")]
    cors_origin: Vec<String>,
    /// Connections that one address may have; 0 for no limit, as behind a proxy, where all have the same.
    #[arg(long, value_name = "N", default_value_t = serve::Guards::default().per_address)]
    connections_per_address: usize,
}

#[derive(Debug, Args)]
struct Import {
    /// The database; created where there is none.
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    /// Shops: a Business Profile sheet.
    #[arg(long, value_name = "FILE")]
    stores: Option<PathBuf>,
    /// Products: a Google Merchant feed.
    #[arg(long, value_name = "FILE")]
    products: Option<PathBuf>,
    /// Stock: a Google local-inventory feed.
    #[arg(long, value_name = "FILE")]
    inventory: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Makes a token and prints it, this once.
    Create {
        /// The database.
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// What it may do.
        #[arg(long, value_parser = [inventory::SCOPE])]
        scope: String,
        /// Whose it is, for people.
        #[arg(long)]
        name: String,
        /// Write it to this new file, for its owner's eyes only, instead of printing it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Lists all tokens.
    List {
        /// The database.
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
    },
    /// Takes a token back.
    Revoke {
        /// The database.
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// Its id, as listed.
        id: String,
    },
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // Colours are for people: a log in a file has none.
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Import(args) => import_feeds(&args),
        Command::Openapi => print_openapi(),
        Command::Serve(args) => block_on(serve_until_stopped(args)),
        Command::Token(command) => block_on(token(command)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn block_on(work: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Runtime::new()?.block_on(work)
}

async fn serve_until_stopped(args: Serve) -> Outcome {
    let _lock = lock(&args.db)?;
    let guards = serve::Guards { per_address: args.connections_per_address, ..serve::Guards::default() };
    let config = Config {
        dist: args.dist,
        media: args.media,
        cors_origins: args.cors_origin,
        hold_hours: args.hold_hours,
        clock: args.clock.map_or(Clock::System, Clock::fixed),
        ..Config::new(args.db)
    };
    let state = AppState::open(config).await?;
    background::start(&state);
    if args.simulate {
        match state.clock() {
            Clock::System => drop(tokio::spawn(simulator::run(state.clone()))),
            Clock::Fixed(_) => return Err("--simulate needs a clock that runs".into()),
        }
    }
    let listener = serve::listen(&args.host, args.port).await?;
    let address = listener.local_addr()?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{address}")?;
    out.flush()?;
    let hub = state.hub.clone();
    serve::run(listener, app(state), hub, guards, serve::asked_to_stop()).await;
    Ok(())
}

/// Two servers on one file would each believe to be the only writer. The system frees the lock, however the process ends.
fn lock(db: &Path) -> Result<std::fs::File, Box<dyn Error>> {
    let mut path = db.as_os_str().to_owned();
    path.push(".lock");
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(format!("{}: another server uses this database", db.display()).into())
        }
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn import_feeds(args: &Import) -> Outcome {
    let files =
        ImportFiles { stores: args.stores.clone(), products: args.products.clone(), inventory: args.inventory.clone() };
    let mut connection = sqlite::open(&args.db)?;
    let report = import::run(&mut connection, &files, Clock::System.now(), true)?;
    println!("{report}");
    Ok(())
}

async fn token(command: Token) -> Outcome {
    let open = |db: &Path| Db::open(db, Options { clock: Clock::System, publish: Box::new(|_| {}) });
    match command {
        Token::Create { db, scope, name, out } => {
            let secret = format!("nst_{}", random::hex(&random::bytes::<20>()?));
            // The file comes first: a token that nobody can read any more helps nobody.
            match &out {
                Some(path) => write_secret(path, &secret)?,
                None => println!("{secret}"),
            }
            open(&db)?.create_token(name, scope, random::sha256(secret.as_bytes())).await?;
        }
        Token::List { db } => {
            for token in open(&db)?.tokens().await? {
                let state = token.revoked_at.map_or_else(|| "valid".to_owned(), |at| format!("revoked {at}"));
                println!("{}\t{}\t{}\t{}\t{state}", token.id, token.scope, token.created_at, token.name);
            }
        }
        Token::Revoke { db, id } => {
            if !open(&db)?.revoke_token(id.clone()).await? {
                return Err(format!("there is no valid token {id}").into());
            }
        }
    }
    Ok(())
}

fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{secret}")
}

fn print_openapi() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&openapi::document())?);
    Ok(())
}
