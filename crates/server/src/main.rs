//! The command line of the server.

use std::error::Error;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use domain::id::LocationId;
use domain::reservation::HoldRules;
use domain::time::Timestamp;
#[cfg(feature = "chaos")]
use nearshelf_server::chaos::Chaos;
use nearshelf_server::clock::Clock;
use nearshelf_server::db::sqlite::{self, check::Position};
use nearshelf_server::db::{Db, Options, Scope, TokenVerdict};
use nearshelf_server::import::{self, ImportFiles};
use nearshelf_server::limits::Limits;
use nearshelf_server::routes::openapi;
use nearshelf_server::settings::SettingsFile;
use nearshelf_server::state::{AppState, Config};
use nearshelf_server::{app, background, random, serve, settings, simulator};
use search::Synonyms;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    Serve(Box<Serve>),
    /// Reads feeds of shops, products and stock into the database; a running server notices.
    Import(Import),
    /// Holds the books against the ledger and the claims; fails where they differ.
    Check(Check),
    /// Copies the database to a new file, checked; a server may go on writing meanwhile.
    Backup(Backup),
    /// Tokens of feeds, of staff, of kiosks and of those who look after the server.
    #[command(subcommand)]
    Token(Token),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the JSON Schema of settings.json.
    SettingsSchema,
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
    /// Folder of map tiles (*.pmtiles), served at /maps.
    #[arg(long, value_name = "DIR")]
    maps: Option<PathBuf>,
    /// Name, colour, languages and more of this retailer, as JSON; see docs/settings.md.
    #[arg(long, value_name = "FILE", value_parser = |path: &str| settings::load(Path::new(path)))]
    settings: Option<SettingsFile>,
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
    /// Hours for which goods are kept once they are ready, instead of what the settings say; 48 where they say nothing.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=720))]
    hold_hours: Option<u32>,
    /// How long goods are kept by shop and category, instead of what the settings say; see the README.
    #[arg(long, value_name = "FILE", conflicts_with = "hold_hours")]
    hold_rules: Option<PathBuf>,
    /// What shoppers call the same, a group of words or phrases a line, with tabs between; see the README.
    #[arg(long, value_name = "FILE")]
    synonyms: Option<PathBuf>,
    /// Faults to switch on, with commas between them.
    #[cfg(feature = "chaos")]
    #[arg(long, value_name = "FAULTS", value_parser = Chaos::parse)]
    chaos: Option<Chaos>,
    /// Another site that may call the API, such as <https://shop.example>; may be repeated.
    #[arg(long, value_name = "URL")]
    cors_origin: Vec<String>,
    /// Another site that may show the app in a frame, such as <https://shop.example> or <https://*.shop.example>; may be
    /// repeated.
    #[arg(long, value_name = "URL", value_parser = origin)]
    embed_origin: Vec<String>,
    /// How often somebody may ask and how much one shopper may have put aside: `default`, `off`, or a JSON file.
    #[arg(long, value_name = "LIMITS", default_value = "default", value_parser = Limits::load)]
    limits: Limits,
    /// Proxies of yours through which every request comes; as many entries of X-Forwarded-For are believed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    trusted_hops: u8,
    /// Connections that one address may have; 0 for no limit, as behind a proxy, where all have the same. Those of this
    /// machine are not counted.
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
    /// Postcodes and towns: GeoNames postal codes; may be repeated, once for each country.
    #[arg(long, value_name = "FILE")]
    places: Vec<PathBuf>,
    /// The instant of which the stock tells; shelves that were counted later are left alone. Now, where nothing is said.
    #[arg(long, value_name = "RFC3339", value_parser = Timestamp::parse)]
    as_of: Option<Timestamp>,
}

#[derive(Debug, Args)]
struct Backup {
    /// The database; a server may be using it.
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    /// The copy; there must not be such a file yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct Check {
    /// The database.
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    /// Sets wrong counters right; each repair is in the ledger and in the audit.
    #[arg(long)]
    repair: bool,
    /// Who repairs, for the audit.
    #[arg(long, default_value = "command line")]
    actor: String,
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Makes a token and prints it, this once.
    Create {
        /// The database.
        #[arg(long, value_name = "FILE")]
        db: PathBuf,
        /// What it may do: feed, staff, device or ops.
        #[arg(long)]
        scope: Scope,
        /// The shop for which it is good: needed for staff and device, possible for feed.
        #[arg(long, value_name = "ID", value_parser = |text: &str| LocationId::new(text))]
        location: Option<LocationId>,
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
        Command::Backup(args) => backup(&args),
        Command::Openapi => print_openapi(),
        Command::SettingsSchema => print_settings_schema(),
        Command::Serve(args) => block_on(serve_until_stopped(*args)),
        Command::Check(args) => block_on(check(args)),
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

/// An origin as a browser writes it: what stands in the policy as written must not be able to end it.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'*'));
    if plain && !host.is_empty() { Ok(text.to_owned()) } else { Err("is not like https://shop.example".to_owned()) }
}

async fn serve_until_stopped(args: Serve) -> Outcome {
    let settings = args.settings.unwrap_or_default();
    settings.check_pictures(args.media.as_deref()).map_err(|problem| format!("settings: {problem}"))?;
    let holds = holds(args.hold_rules.as_deref(), args.hold_hours, &settings)?;
    let synonyms = args.synonyms.as_deref().map_or_else(|| Ok(Synonyms::default()), synonyms)?;
    let _lock = sqlite::ServerLock::take(&args.db)?;
    // Who is held to no limits, in a load test for instance, is held to none here either.
    let per_address = if args.limits == Limits::off() { 0 } else { args.connections_per_address };
    let guards = serve::Guards { per_address, ..serve::Guards::default() };
    let config = Config {
        dist: args.dist,
        media: args.media,
        maps: args.maps,
        settings: Arc::new(settings),
        cors_origins: args.cors_origin,
        embed_origins: args.embed_origin,
        holds: Arc::new(holds),
        synonyms: Arc::new(synonyms),
        #[cfg(feature = "chaos")]
        chaos: args.chaos.unwrap_or_default(),
        limits: args.limits,
        trusted_hops: args.trusted_hops,
        clock: args.clock.map_or(Clock::System, Clock::fixed),
        ..Config::new(args.db)
    };
    let state = AppState::open(config).await?;
    background::start(&state);
    if args.simulate {
        match state.clock() {
            Clock::Fixed(_) => return Err("--simulate needs a clock that runs".into()),
            Clock::System | Clock::Guarded(_) => drop(tokio::spawn(simulator::run(state.clone()))),
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

/// The command line goes before the settings.
fn holds(rules: Option<&Path>, hours: Option<u32>, settings: &SettingsFile) -> Result<HoldRules, Box<dyn Error>> {
    match (rules, hours) {
        (Some(path), _) => hold_rules(path),
        (None, Some(hours)) => Ok(HoldRules::everywhere(hours)),
        (None, None) => Ok(settings.holds()),
    }
}

fn hold_rules(path: &Path) -> Result<HoldRules, Box<dyn Error>> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| at(&error))?;
    let rules: HoldRules = serde_json::from_str(&text).map_err(|error| at(&error))?;
    rules.check().map_err(|error| at(&error))?;
    Ok(rules)
}

fn synonyms(path: &Path) -> Result<Synonyms, Box<dyn Error>> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| at(&error))?;
    Ok(Synonyms::parse(&text).map_err(|error| at(&error))?)
}

fn import_feeds(args: &Import) -> Outcome {
    let files = ImportFiles {
        stores: args.stores.clone(),
        products: args.products.clone(),
        inventory: args.inventory.clone(),
        places: args.places.clone(),
    };
    let mut connection = sqlite::open(&args.db)?;
    let as_of = args.as_of.unwrap_or_else(|| Clock::System.now());
    let report = import::run(&mut connection, &files, as_of, true)?;
    println!("{report}");
    Ok(())
}

fn backup(args: &Backup) -> Outcome {
    sqlite::backup(&args.db, &args.out)?;
    println!("{}", args.out.display());
    Ok(())
}

async fn check(args: Check) -> Outcome {
    if !args.db.exists() {
        return Err(format!("{}: there is no such file", args.db.display()).into());
    }
    let db = Db::open(&args.db, Options::new(Clock::System, Box::new(|_| {})))?;
    let (found, _) = db.reconcile(Position::default()).await?;
    let count = found.differences.len();
    println!("{} shelves, {} rows of the ledger, {} shelves short", found.shelves, found.entries, found.shortfalls);
    for difference in &found.differences {
        println!("{difference}");
    }
    match (count, args.repair) {
        (0, _) => println!("the books agree"),
        (_, false) => return Err(format!("{count} differences; --repair sets them right").into()),
        (_, true) => {
            db.repair(args.actor).await?;
            let (left, _) = db.reconcile(Position::default()).await?;
            if !left.differences.is_empty() {
                return Err(format!("{} differences are left", left.differences.len()).into());
            }
            println!("{count} differences are repaired");
        }
    }
    Ok(())
}

async fn token(command: Token) -> Outcome {
    let open = |db: &Path| Db::open(db, Options::new(Clock::System, Box::new(|_| {})));
    match command {
        Token::Create { db, scope, location, name, out } => {
            let secret = format!("nst_{}", random::hex(&random::bytes::<20>()?));
            let db = open(&db)?;
            // The file comes first: a token that nobody can read any more helps nobody.
            if let Some(path) = &out {
                write_secret(path, &secret)?;
            }
            let created = db.create_token(name, scope, location.clone(), random::sha256(secret.as_bytes())).await;
            if let Err(error) = created.map_err(Into::into).and_then(|verdict| refusal(&verdict, scope, location)) {
                if let Some(path) = &out {
                    std::fs::remove_file(path)?;
                }
                return Err(error);
            }
            if out.is_none() {
                println!("{secret}");
            }
        }
        Token::List { db } => {
            for token in open(&db)?.tokens().await? {
                let state = token.revoked_at.map_or_else(|| "valid".to_owned(), |at| format!("revoked {at}"));
                let shop = token.location.as_ref().map_or("-", LocationId::as_str);
                println!("{}\t{}\t{shop}\t{}\t{}\t{state}", token.id, token.scope, token.created_at, token.name);
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

fn refusal(verdict: &TokenVerdict, scope: Scope, location: Option<LocationId>) -> Outcome {
    match verdict {
        TokenVerdict::Created(_) => Ok(()),
        TokenVerdict::UnknownLocation => {
            let shop = location.map(|shop| shop.to_string()).unwrap_or_default();
            Err(format!("there is no shop {shop}").into())
        }
        TokenVerdict::NeedsLocation => Err(format!("a token for {scope} names its shop: --location ID").into()),
        TokenVerdict::TakesNoLocation => {
            Err(format!("a token for {scope} is for all shops, without --location").into())
        }
    }
}

fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{secret}")
}

fn print_settings_schema() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&settings::schema::schema()?)?);
    Ok(())
}

fn print_openapi() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&openapi::document())?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_command_line_says_of_holds_goes_before_the_settings() {
        let file = settings::parse(r#"{"holds": {"default_hours": 12}}"#).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("holds.json");
        std::fs::write(&path, r#"{"default_hours": 6}"#).unwrap();
        assert_eq!(holds(Some(&path), None, &file).unwrap().default_hours, 6);
        assert_eq!(holds(None, Some(24), &file).unwrap().default_hours, 24);
        assert_eq!(holds(None, None, &file).unwrap().default_hours, 12);
        assert_eq!(holds(None, None, &SettingsFile::default()).unwrap().default_hours, 48);
    }
}
