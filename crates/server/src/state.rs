//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use domain::reservation::HoldRules;
use search::Synonyms;

use crate::catalog::Catalog;
use crate::catalog::shop_file::ShopFile;
use crate::catalog::stock::Stocks;
use crate::chaos::Chaos;
use crate::clock::Clock;
use crate::db::{Db, DbError, Options, Reconciled};
use crate::devices::Devices;
use crate::limits::{Gate, Limits, Ticker};
use crate::live::Hub;
use crate::metrics::Metrics;
use crate::random;
use crate::settings::SettingsFile;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database file.
    pub db: PathBuf,
    /// The built app.
    pub dist: Option<PathBuf>,
    /// Pictures of products.
    pub media: Option<PathBuf>,
    /// Files of map tiles.
    pub maps: Option<PathBuf>,
    /// What the retailer set.
    pub settings: Arc<SettingsFile>,
    /// What the retailer calls the same.
    pub synonyms: Arc<Synonyms>,
    /// Origins of other sites that may call the API.
    pub cors_origins: Vec<String>,
    /// Origins of other sites that may show the app in a frame; by default none may.
    pub embed_origins: Vec<String>,
    /// For how long goods are kept once they are ready.
    pub holds: Arc<HoldRules>,
    /// Decides what has expired.
    pub clock: Clock,
    /// Faults that a test wants.
    pub chaos: Chaos,
    /// How often somebody may ask, and how much one shopper may have put aside.
    pub limits: Limits,
    /// What drives the limits that are rates.
    pub ticker: Ticker,
    /// Proxies of ours through which every request comes; as many entries of X-Forwarded-For are believed.
    pub trusted_hops: u8,
}

impl Config {
    /// The usual settings for a database file, without limits.
    #[must_use]
    pub fn new(db: PathBuf) -> Self {
        Self {
            db,
            dist: None,
            media: None,
            maps: None,
            settings: Arc::default(),
            synonyms: Arc::default(),
            cors_origins: Vec::new(),
            embed_origins: Vec::new(),
            holds: Arc::new(SettingsFile::default().holds()),
            clock: Clock::System,
            chaos: Chaos::default(),
            limits: Limits::off(),
            ticker: Ticker::default(),
            trusted_hops: 0,
        }
    }
}

/// Shared by all handlers; clones are the same.
#[derive(Clone)]
pub struct AppState {
    /// What is stored.
    pub db: Db,
    /// Shops and products, replaced as a whole when somebody imports.
    pub catalog: Arc<ArcSwap<Catalog>>,
    /// What shops have, as the search asks it.
    pub stocks: Arc<Stocks>,
    /// All shops as the file that browsers keep.
    pub shop_file: Arc<ShopFile>,
    /// Changes on their way to screens.
    pub hub: Arc<Hub>,
    /// Whether the counters agree with the ledger.
    pub books: Arc<Books>,
    /// How the screens in shops are doing.
    pub devices: Arc<Devices>,
    /// With which people and addresses are hashed.
    pub limit_secret: Arc<[u8]>,
    /// Who has to wait.
    pub gate: Arc<Gate>,
    /// Figures about the server.
    pub metrics: Arc<Metrics>,
    /// The settings.
    pub config: Arc<Config>,
}

/// What the last reconciliation found.
#[derive(Debug, Default)]
pub struct Books {
    differences: AtomicU64,
    shortfalls: AtomicU64,
}

impl Books {
    /// Remembers what was found.
    pub fn set(&self, found: &Reconciled) {
        self.differences.store(found.differences.len() as u64, Ordering::Relaxed);
        self.shortfalls.store(found.shortfalls, Ordering::Relaxed);
    }

    /// Counters that do not agree with their witnesses.
    #[must_use]
    pub fn differences(&self) -> u64 {
        self.differences.load(Ordering::Relaxed)
    }

    /// Shelves that hold fewer units than were promised.
    #[must_use]
    pub fn shortfalls(&self) -> u64 {
        self.shortfalls.load(Ordering::Relaxed)
    }
}

impl AppState {
    /// Opens the database and reads the catalogue.
    ///
    /// # Errors
    /// Where the database cannot be used.
    pub async fn open(config: Config) -> Result<Self, DbError> {
        let epoch = random::bytes::<6>().map_err(|error| DbError::Failed(error.to_string()))?;
        let hub = Hub::start(random::hex(&epoch)).map_err(|error| DbError::Failed(error.to_string()))?;
        let publisher = Arc::clone(&hub);
        let publish = Box::new(move |changes: &[_]| publisher.publish(changes));
        let options = Options { chaos: config.chaos, ..Options::new(config.clock.clone(), publish) };
        let db = Db::open(&config.db, options)?;
        let catalog = Catalog::build(db.catalog().await?, &config.synonyms, config.clock.now(), None);
        let metrics = Arc::new(Metrics::new());
        let gate = Gate::new(&config.limits, &config.ticker, Arc::clone(&metrics));
        let gate = Arc::new(gate.with_partners(&config.settings.embed, &config.ticker));
        let catalog = Arc::new(ArcSwap::from_pointee(catalog));
        let limit_secret = db.limit_secret().await?.into();
        Ok(Self {
            db,
            catalog,
            stocks: Arc::default(),
            shop_file: Arc::default(),
            hub,
            books: Arc::default(),
            devices: Arc::new(Devices::new(config.clock.now())),
            limit_secret,
            gate,
            metrics,
            config: Arc::new(config),
        })
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// Reads shops and products again, after an import.
    ///
    /// # Errors
    /// Where the database cannot be read; the old ones stay.
    pub async fn reload(&self) -> Result<(), DbError> {
        let (rows, config, now) = (self.db.catalog().await?, Arc::clone(&self.config), self.clock().now());
        // Up to a second of work for a large catalogue: shoppers are served beside it.
        let before = self.catalog.load_full();
        let built =
            tokio::task::spawn_blocking(move || Catalog::build(rows, &config.synonyms, now, Some(&before))).await;
        self.catalog.store(Arc::new(built.map_err(|error| DbError::Failed(error.to_string()))?));
        // The import may have changed stock as well, which came through no publisher.
        self.hub.reset();
        Ok(())
    }
}
