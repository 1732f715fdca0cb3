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
/// A commit moves the log into the database when it has this many pages (of 4 KiB). More would be moved less often in all,
/// and whoever waits for that commit would wait longer: with 6,000 the slowest hundredth took 79 ms, with these 61.
pub(super) const PAGES: i64 = 1500;
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
        let emptied = self.empty(&state.connection).map_err(DbError::from);
        let emptied = emptied.inspect_err(|error| self.durability.heed(error))?;
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

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::super::reading::Readers;
    use super::*;

    const SMALL: u64 = 1024 * 1024;
    /// Never idle, so that only the size counts.
    const LONG: Duration = Duration::from_secs(3600);

    /// Writes so many bytes in commits of a MiB, as a busy shop would in a day.
    fn write(connection: &Connection, bytes: u64) {
        connection.execute_batch("CREATE TABLE IF NOT EXISTS load (bytes BLOB)").unwrap();
        for _ in 0..bytes / SMALL {
            connection.execute("INSERT INTO load VALUES (zeroblob(1048576))", []).unwrap();
        }
    }

    fn open(folder: &tempfile::TempDir) -> (Connection, Keeper) {
        let path = folder.path().join("shop.db");
        let connection = super::super::open(&path).unwrap();
        let keeper = Keeper::open(&path, Durability::default()).unwrap();
        (connection, keeper)
    }

    const ENDLESS: &str = "
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n, stock";

    #[tokio::test]
    async fn c05_a_reader_without_end_is_cut_off_and_the_log_is_small_again() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, keeper) = open(&folder);
        writer
            .execute_batch(
                "INSERT INTO location (id, name, latitude, longitude, timezone, schedule)
             VALUES ('s', '', 0, 0, 'UTC', '{}'); INSERT INTO product (sku, title) VALUES ('p', '');
             INSERT INTO stock (location_id, sku, counted_at) VALUES ('s', 'p', 0)",
            )
            .unwrap();
        let readers = std::sync::Arc::new(Readers::open(&folder.path().join("shop.db")).unwrap());
        let (reads, reading) = oneshot::channel();
        let long = tokio::spawn({
            let readers = std::sync::Arc::clone(&readers);
            async move {
                let endless = readers.read(move |connection| {
                    // From here on it sees one instant, and the log must keep all that comes after it.
                    connection.query_row("SELECT count(*) FROM stock", [], |_| Ok(()))?;
                    let _ = reads.send(());
                    Ok(connection.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?)
                });
                endless.await
            }
        });
        reading.await.unwrap();
        write(&writer, LIMIT + 8 * SMALL);
        assert!(keeper.size() > LIMIT, "{}", keeper.size());
        // The control: as long as it reads, nothing helps, and that is said. Others read on.
        assert!(!long.is_finished());
        let told = keeper.tend_with(LIMIT, LONG).unwrap_err();
        assert!(matches!(&told, DbError::Unavailable(cause) if cause.contains("still reads")), "{told}");
        assert!(keeper.size() > LIMIT);
        readers.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await.unwrap();

        let cut = long.await.unwrap().unwrap_err();
        assert_eq!(cut, DbError::Unavailable("a reading took too long".to_owned()));
        keeper.tend_with(LIMIT, LONG).unwrap();
        assert_eq!(keeper.size(), 0);
        // Its connection is as good as new.
        for _ in 0..8 {
            readers.read(|connection| Ok(connection.query_row("SELECT 1 FROM load", [], |_| Ok(()))?)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn c05_who_gets_no_connection_in_time_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let (_writer, _keeper) = open(&folder);
        let path = folder.path().join("shop.db");
        let readers = std::sync::Arc::new(Readers::with_limit(&path, Duration::from_millis(50)).unwrap());
        let (mut held, mut free) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            let ((go, wait), (reads, reading)) = (std::sync::mpsc::channel::<()>(), oneshot::channel());
            let readers = std::sync::Arc::clone(&readers);
            held.push(tokio::spawn(async move {
                let read = readers.read(move |_| {
                    let _ = reads.send(());
                    let _ = wait.recv();
                    Ok(())
                });
                read.await
            }));
            free.push(go);
            reading.await.unwrap();
        }
        let told = readers.read(|_| Ok(())).await.unwrap_err();
        assert_eq!(told, DbError::Unavailable("too many are reading".to_owned()));
        drop(free);
        for read in held {
            read.await.unwrap().unwrap();
        }
        readers.read(|_| Ok(())).await.unwrap();
    }

    #[test]
    fn c05_the_log_is_emptied_when_nobody_writes() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, keeper) = open(&folder);
        write(&writer, 2 * SMALL);
        let before = keeper.size();
        assert!(before > 0);
        keeper.tend_with(LIMIT, LONG).unwrap();
        assert_eq!(keeper.size(), before, "somebody wrote just now");
        keeper.tend_with(LIMIT, Duration::ZERO).unwrap();
        assert_eq!(keeper.size(), 0);
        write(&writer, SMALL);
        assert!(keeper.size() > 0, "the writer goes on with a log that was emptied");
        keeper.tend_with(LIMIT, Duration::ZERO).unwrap();
        assert_eq!(keeper.size(), 0);
    }

    #[test]
    fn c05_commits_alone_keep_the_log_near_its_usual_size() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, keeper) = open(&folder);
        write(&writer, 3 * LIMIT / 2);
        assert!(keeper.size() < LIMIT / 2, "{}", keeper.size());
    }

    #[test]
    fn c03_nothing_is_emptied_after_a_sync_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, keeper) = open(&folder);
        write(&writer, SMALL);
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
        keeper.durability.heed(&rusqlite::Error::SqliteFailure(code, None).into());
        let told = keeper.tend_with(0, LONG).unwrap_err();
        assert!(matches!(told, DbError::Unsynced(_)), "{told}");
        assert!(keeper.size() > 0);
    }
}
