//! The door to the database: one method for each thing that routes and background tasks need.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::id::{LocationId, ReservationId, Sku};
use domain::time::Timestamp;

use super::sqlite::{
    self, catalog, inventory, reading::Readers, reservations, reserve, stock, sweep, tokens, wal, writer,
};
use super::types::*;
use crate::clock::Clock;

/// Hears of what a commit changed.
pub type Publish = Box<dyn Fn(&[ShelfChange]) + Send>;

/// What a database needs to know besides its file.
pub struct Options {
    /// Decides what has expired.
    pub clock: Clock,
    /// Called after each commit, in the order of the commits, with the shelves that it touched.
    pub publish: Publish,
}

/// A handle to the database; clones share it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    readers: Readers,
    wal: Arc<wal::Keeper>,
    writer: writer::Writer,
}

impl Db {
    /// Opens a database file, creating it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// Where the file is no Nearshelf database, is newer than this program or cannot be read and written.
    pub fn open(path: &Path, options: Options) -> Result<Self, DbError> {
        let connection = sqlite::open(path)?;
        let readers = Readers::open(path)?;
        let writer = writer::Writer::start(connection, options)?;
        let wal = Arc::new(wal::Keeper::open(path, writer.durability().clone())?);
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), readers, wal, writer }) })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Whether it can be read and the writer lives.
    ///
    /// # Errors
    /// The cause where it cannot.
    pub async fn check(&self) -> Result<(), DbError> {
        self.inner
            .readers
            .read(|c| Ok(c.query_row("SELECT 1 FROM stock LIMIT 1", [], |_| Ok(())).or_else(none)?))
            .await?;
        self.inner.writer.check()
    }

    /// A number that grows with each import.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn catalog_generation(&self) -> Result<i64, DbError> {
        self.inner.readers.read(catalog::generation).await
    }

    /// Keeps the write-ahead log small; to be called every second or so.
    ///
    /// # Errors
    /// Where it is too large and cannot be emptied, or the disk fails.
    pub async fn tend_wal(&self) -> Result<(), DbError> {
        let wal = Arc::clone(&self.inner.wal);
        let task = tokio::task::spawn_blocking(move || wal.tend());
        task.await.unwrap_or_else(|_| Err(DbError::Failed("looking after the log panicked".to_owned())))
    }

    /// What somebody should look at though everything is served, in words for people who run servers.
    #[must_use]
    pub fn degraded(&self) -> Option<String> {
        let size = self.inner.wal.size();
        let large = size > wal::LIMIT;
        large.then(|| format!("the write-ahead log has {} MiB: something reads for very long", size / (1024 * 1024)))
    }

    /// All shops and products.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn catalog(&self) -> Result<CatalogRows, DbError> {
        self.inner.readers.read(catalog::load).await
    }

    /// The shelves of these products at these shops, where they are carried, all at one instant.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn shelves(
        &self,
        locations: Vec<LocationId>,
        skus: Vec<Sku>,
        now: Timestamp,
    ) -> Result<Vec<ShelfRow>, DbError> {
        self.inner.readers.read(move |c| stock::shelves(c, &locations, &skus, now)).await
    }

    /// All shelves of a shop.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn shelves_of(&self, location: LocationId, now: Timestamp) -> Result<Vec<ShelfRow>, DbError> {
        self.inner.readers.read(move |c| stock::shelves_of(c, &location, now)).await
    }

    /// Holds a basket, all of it or nothing, once for each key. `answer` makes the body of a verdict that is stored under
    /// the key; `None` for one that is not.
    ///
    /// # Errors
    /// [`DbError`]; nothing is stored then.
    pub async fn reserve(
        &self,
        wish: Reserve,
        answer: impl FnOnce(&ReserveVerdict) -> Option<StoredAnswer> + Send + 'static,
    ) -> Result<Reserved, DbError> {
        self.inner.writer.write(move |tx| reserve::reserve(tx, &wish, answer)).await
    }

    /// A reservation by its name.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn reservation(&self, id: ReservationId) -> Result<Option<ReservationRow>, DbError> {
        self.inner.readers.read(move |c| reservations::load(c, &id)).await
    }

    /// Gives a reservation back, if the secret is its owner's.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn cancel(&self, id: ReservationId, token_hash: [u8; 32]) -> Result<Cancelled, DbError> {
        self.inner.writer.write(move |tx| reservations::cancel(tx, &id, &token_hash)).await
    }

    /// Applies changes of stock in order; each is judged by itself.
    ///
    /// # Errors
    /// [`DbError`]; none of them is applied then.
    pub async fn change_stock(&self, changes: Vec<StockChange>) -> Result<Vec<StockVerdict>, DbError> {
        self.inner.writer.write(move |tx| changes.iter().map(|c| inventory::apply(tx, c)).collect()).await
    }

    /// Tidies up what is over: holds past their time, answers older than a day. Answers how many holds it released.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn sweep(&self) -> Result<usize, DbError> {
        self.inner.writer.write(sweep::sweep).await
    }

    /// Stores a token.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn create_token(&self, name: String, scope: String, hash: [u8; 32]) -> Result<TokenRow, DbError> {
        self.inner.writer.write(move |tx| tokens::create(tx, &name, &scope, &hash)).await
    }

    /// The token with this hash, unless it was taken back.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn token(&self, hash: [u8; 32]) -> Result<Option<TokenRow>, DbError> {
        self.inner.readers.read(move |c| tokens::find(c, &hash)).await
    }

    /// All tokens.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, DbError> {
        self.inner.readers.read(tokens::list).await
    }

    /// Takes a token back; answers whether there was one.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn revoke_token(&self, id: String) -> Result<bool, DbError> {
        self.inner.writer.write(move |tx| tokens::revoke(tx, &id)).await
    }
}

fn none(error: rusqlite::Error) -> Result<(), rusqlite::Error> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    }
}
