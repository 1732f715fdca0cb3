//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use domain::reservation::HOLD_MS;
use domain::time::HOUR_MS;

use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::db::{Db, DbError, Options};
use crate::live::Hub;
use crate::random;

/// Hours for which goods are kept where nothing else is said.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small constant
const HOLD_HOURS: u32 = (HOLD_MS / HOUR_MS) as u32;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database file.
    pub db: PathBuf,
    /// The built app.
    pub dist: Option<PathBuf>,
    /// Pictures of products.
    pub media: Option<PathBuf>,
    /// Origins of other sites that may call the API.
    pub cors_origins: Vec<String>,
    /// Hours for which goods are kept once they are ready.
    pub hold_hours: u32,
    /// Decides what has expired.
    pub clock: Clock,
}

impl Config {
    /// The usual settings for a database file.
    #[must_use]
    pub fn new(db: PathBuf) -> Self {
        Self { db, dist: None, media: None, cors_origins: Vec::new(), hold_hours: HOLD_HOURS, clock: Clock::System }
    }
}

/// Shared by all handlers; clones are the same.
#[derive(Clone)]
pub struct AppState {
    /// What is stored.
    pub db: Db,
    /// Shops and products, replaced as a whole when somebody imports.
    pub catalog: Arc<ArcSwap<Catalog>>,
    /// Changes on their way to screens.
    pub hub: Arc<Hub>,
    /// The settings.
    pub config: Arc<Config>,
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
        let db = Db::open(&config.db, Options { clock: config.clock.clone(), publish })?;
        let catalog = Catalog::build(db.catalog().await?, config.clock.now());
        Ok(Self { db, catalog: Arc::new(ArcSwap::from_pointee(catalog)), hub, config: Arc::new(config) })
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
        let catalog = Catalog::build(self.db.catalog().await?, self.clock().now());
        self.catalog.store(Arc::new(catalog));
        // The import may have changed stock as well, which came through no publisher.
        self.hub.reset();
        Ok(())
    }
}
