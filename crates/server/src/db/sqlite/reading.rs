//! Read-only connections. Each request reads in one transaction, so all rows of its answer hold for one instant.
//!
//! No reading lasts longer than a few seconds: as long as it does, the write-ahead log cannot start over.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::BUSY_WAIT;
use crate::db::DbError;

const CONNECTIONS: usize = 4;
/// A reading is cut off after this, and one that gets no connection for so long gives up.
const LIMIT: Duration = Duration::from_secs(5);
/// The reconciler goes over all shelves; the log grows meanwhile.
const LONG: Duration = Duration::from_secs(60);
/// So many steps of SQLite's machine go by between two looks at the time: some tens of microseconds.
const STEPS: i32 = 4000;

/// A few connections, handed out in turn.
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Reader>>>,
    turn: Arc<Semaphore>,
    limit: Duration,
}

struct Reader {
    connection: Connection,
    deadline: Arc<Deadline>,
}

/// When the reading of a connection is cut off, in milliseconds since it was opened.
struct Deadline {
    opened: Instant,
    at: AtomicU64,
}

impl Deadline {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn set(&self, limit: Duration) {
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        self.at.store(self.elapsed().saturating_add(limit), Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.elapsed() > self.at.load(Ordering::Relaxed)
    }
}

impl Readers {
    pub(crate) fn open(path: &Path) -> Result<Self, DbError> {
        Self::with_limit(path, LIMIT)
    }

    pub(super) fn with_limit(path: &Path, limit: Duration) -> Result<Self, DbError> {
        let readers = (0..CONNECTIONS).map(|_| open(path)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(readers)), turn: Arc::new(Semaphore::new(CONNECTIONS)), limit })
    }

    /// Runs `work` on a thread that may block, inside a read transaction; [`DbError::Unavailable`] where it lasts too long.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.read_within(self.limit, work).await
    }

    /// The same for work that goes over everything, within a minute.
    pub(crate) async fn read_at_length<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.read_within(LONG, work).await
    }

    async fn read_within<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let closed = |_| DbError::Failed("the readers are closed".to_owned());
        let turn = tokio::time::timeout(self.limit, Arc::clone(&self.turn).acquire_owned()).await;
        let busy = |_| DbError::Unavailable("too many are reading".to_owned());
        let turn = turn.map_err(busy)?.map_err(closed)?;
        let idle = Arc::clone(&self.idle);
        let task = tokio::task::spawn_blocking(move || {
            let reader = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut reader) = reader else {
                return Err(DbError::Failed("a reader was lost".to_owned()));
            };
            reader.deadline.set(limit);
            // A panic in `work` must not cost a connection.
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let transaction = reader.connection.transaction()?;
                let result = work(&transaction)?;
                transaction.commit()?;
                Ok(result)
            }));
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            drop(turn);
            result.unwrap_or_else(|_| Err(DbError::Failed("a reading panicked".to_owned())))
        });
        task.await.unwrap_or_else(|_| Err(DbError::Failed("a reading was cut off".to_owned())))
    }
}

fn open(path: &Path) -> Result<Reader, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    let deadline = Arc::new(Deadline { opened: Instant::now(), at: AtomicU64::new(u64::MAX) });
    let watched = Arc::clone(&deadline);
    connection.progress_handler(STEPS, Some(move || watched.is_over()))?;
    Ok(Reader { connection, deadline })
}
