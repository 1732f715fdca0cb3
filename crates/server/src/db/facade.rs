//! The door to the database: one method for each thing that routes and background tasks need.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::id::{LocationId, ReservationId, Sku};
use domain::time::Timestamp;

use super::sqlite::check::{self, Position};
use super::sqlite::{
    self, catalog, deeds, inventory, once, reading::Readers, reservations, reserve, stock, sweep, tokens, wal, windows,
    writer,
};
use super::types::*;
use crate::chaos::Chaos;
use crate::clock::Clock;

/// Hears of what a commit changed.
pub type Publish = Box<dyn Fn(&[ShelfChange]) + Send>;

/// What a database needs to know besides its file.
pub struct Options {
    /// Decides what has expired.
    pub clock: Clock,
    /// Called after each commit, in the order of the commits, with the shelves that it touched.
    pub publish: Publish,
    /// Faults that a test wants.
    pub chaos: Chaos,
}

impl Options {
    /// Without faults.
    #[must_use]
    pub fn new(clock: Clock, publish: Publish) -> Self {
        Self { clock, publish, chaos: Chaos::default() }
    }
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
        if options.chaos.synchronous_off() {
            connection.pragma_update(None, "synchronous", "OFF")?;
        }
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

    /// Whether a write would find a place in the queue at this moment.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.inner.writer.has_room()
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
    ) -> Result<Once<ReserveVerdict>, DbError> {
        self.inner.writer.write(move |tx| reserve::reserve(tx, &wish, answer)).await
    }

    /// A reservation by its name.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn reservation(&self, id: ReservationId) -> Result<Option<ReservationRow>, DbError> {
        self.inner.readers.read(move |c| reservations::load(c, &id)).await
    }

    /// The agreed times of pickup at a shop that are taken, from and to.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn taken_windows(
        &self,
        location: LocationId,
        now: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>, DbError> {
        self.inner.readers.read(move |c| windows::taken(c, &location, now, 0)).await
    }

    /// What a shop has to do something about, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn tasks(
        &self,
        location: LocationId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReservationRow>, DbError> {
        self.inner.readers.read(move |c| reservations::tasks(c, &location, now, limit)).await
    }

    /// Does something with a reservation, if its state allows it to this caller.
    ///
    /// # Errors
    /// [`DbError`]; nothing is changed then.
    pub async fn act(&self, id: ReservationId, doer: Doer, deed: Deed) -> Result<DeedVerdict, DbError> {
        self.inner.writer.write(move |tx| deeds::act(tx, &id, &doer, &deed)).await
    }

    /// The same, once for each key.
    ///
    /// # Errors
    /// [`DbError`]; nothing is changed then.
    pub async fn act_once(
        &self,
        id: ReservationId,
        doer: Doer,
        deed: Deed,
        key: IdempotencyKey,
        answer: impl FnOnce(&DeedVerdict) -> Option<StoredAnswer> + Send + 'static,
    ) -> Result<Once<DeedVerdict>, DbError> {
        let work =
            move |tx: &mut writer::WriteTx<'_>| once::once(tx, &key, |tx| deeds::act(tx, &id, &doer, &deed), answer);
        self.inner.writer.write(work).await
    }

    /// Holds the counters against ledger and claims, going on from `position`.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn reconcile(&self, mut position: Position) -> Result<(Reconciled, Position), DbError> {
        let read = move |c: &rusqlite::Connection| Ok((check::check(c, &mut position)?, position));
        self.inner.readers.read_at_length(read).await
    }

    /// Sets wrong counters right, with a row in the ledger and a record of who did it; answers what was wrong.
    ///
    /// # Errors
    /// [`DbError`]; nothing is changed then.
    pub async fn repair(&self, actor: String) -> Result<Reconciled, DbError> {
        self.inner.writer.write(move |tx| check::repair(tx, &actor)).await
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

    /// The secret of this database with which people and addresses are hashed, so that the hashes say nothing elsewhere.
    ///
    /// # Errors
    /// [`DbError`]
    pub async fn limit_secret(&self) -> Result<Vec<u8>, DbError> {
        let sql = "SELECT value FROM meta WHERE key = 'limit_secret'";
        self.inner.readers.read(move |c| Ok(c.query_row(sql, [], |row| row.get(0))?)).await
    }

    /// Stores a token, by the hash of its secret.
    ///
    /// # Errors
    /// [`DbError`]; a token that names the wrong shop is a verdict and no error.
    pub async fn create_token(
        &self,
        name: String,
        scope: Scope,
        location: Option<LocationId>,
        hash: [u8; 32],
    ) -> Result<TokenVerdict, DbError> {
        self.inner.writer.write(move |tx| tokens::create(tx, &name, scope, location, &hash)).await
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
