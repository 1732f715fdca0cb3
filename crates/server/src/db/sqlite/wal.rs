//! The write-ahead log is kept small.
//!
//! Commits move it into the database by themselves now and then, but a reader that is open meanwhile keeps it from
//! starting over, and it never shrinks. From a connection of its own this empties it when it has grown too large, and
//! when nobody writes anyway.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rusqlite::{Connection, OpenFlags};

use super::durability::Durability;
use super::file::beside;
use crate::db::DbError;

/// A log above this, in bytes, is emptied at once, and where that is not possible somebody must look.
pub(crate) const LIMIT: u64 = 64 * 1024 * 1024;
/// A commit moves the log into the database when it has this many pages (of 4 KiB).
pub(super) const PAGES: i64 = 4000;
/// Nobody has written for so long: a good moment.
const IDLE: Duration = Duration::from_secs(30);
/// Emptying keeps writers waiting while it waits for readers, so it does not wait long.
const PATIENCE: Duration = Duration::from_millis(50);

/// Looks after the log of one database.
pub(crate) struct Keeper {
    wal: PathBuf,
    durability: Durability,
    state: Mutex<State>,
}

struct State {
    connection: Connection,
    seen: Option<(u64, SystemTime)>,
    since: Instant,
}

impl Keeper {
    pub(crate) fn open(path: &Path, durability: Durability) -> Result<Self, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let state = State { connection, seen: None, since: Instant::now() };
        Ok(Self { wal: beside(path, "-wal"), durability, state: Mutex::new(state) })
    }

    /// Bytes of the log.
    pub(crate) fn size(&self) -> u64 {
        fs::metadata(&self.wal).map_or(0, |log| log.len())
    }

    /// Empties the log if it is time to. To be called every second or so, where a thread may block.
    ///
    /// # Errors
    /// Where the log is too large and cannot be emptied, or the disk fails.
    pub(crate) fn tend(&self) -> Result<(), DbError> {
        self.tend_with(LIMIT, IDLE)
    }

    fn tend_with(&self, limit: u64, idle: Duration) -> Result<(), DbError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = fs::metadata(&self.wal).ok().and_then(|log| Some((log.len(), log.modified().ok()?)));
        if seen != state.seen {
            (state.seen, state.since) = (seen, Instant::now());
        }
        let size = seen.map_or(0, |(size, _)| size);
        if size <= limit && (size == 0 || state.since.elapsed() < idle) {
            return Ok(());
        }
        self.durability.check()?;
        let emptied = self.empty(&state.connection).inspect_err(|error| self.durability.heed(error))?;
        if !emptied && size > limit {
            return Err(DbError::Unavailable(format!("the log has {size} bytes and somebody still reads in it")));
        }
        // Where a reader was in the way though it is idle, that is soon tried again.
        state.seen = None;
        Ok(())
    }

    /// Whether it is empty now.
    fn empty(&self, connection: &Connection) -> rusqlite::Result<bool> {
        // Most of the work goes on beside the writers; only the rest keeps them waiting.
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
    }
}
