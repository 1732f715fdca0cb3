//! Everything that is said in SQL.
//!
//! Reading order: here (opening), `file` (what is refused), `migrations` (schema), [`writer`] (one thread, group commit),
//! `durability`, `wal`, [`reading`], then one module for each thing that is stored.

mod backup;
pub(crate) mod catalog;
pub mod check;
mod claims;
pub(crate) mod deeds;
pub(crate) mod durability;
mod file;
pub(crate) mod inventory;
pub(crate) mod ledger;
mod limits;
pub(crate) mod lock;
mod migrations;
pub(crate) mod once;
pub(crate) mod reading;
pub(crate) mod reservations;
pub(crate) mod reserve;
pub(crate) mod stock;
pub(crate) mod sweep;
pub(crate) mod tokens;
pub(crate) mod wal;
pub(crate) mod windows;
pub mod writer;

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::DbError;

pub use backup::backup;
pub use lock::ServerLock;

/// Pages in memory for whoever writes, as SQLite writes KiB: those of a busy day.
const WRITER_CACHE_KIB: i64 = -65_536;

/// How long a write waits for another process that holds the lock.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// How often it looks whether the lock is free. SQLite's own waiting looks away for up to 100 ms, and an import that
/// lets go of the lock for a moment would take it again unseen.
const BUSY_LOOK: Duration = Duration::from_millis(1);

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, OperationInterrupted, ReadOnly, SystemIoFailure,
        };
        match error.sqlite_error_code() {
            _ if durability::is_failed_sync(&error) => DbError::Unsynced(error.to_string()),
            Some(DiskFull) => DbError::StorageFull(error.to_string()),
            Some(OperationInterrupted) => DbError::Unavailable("a reading took too long".to_owned()),
            // The transaction was undone as a whole.
            Some(DatabaseBusy | DatabaseLocked | ReadOnly | SystemIoFailure | CannotOpen) => {
                DbError::Unavailable(error.to_string())
            }
            _ => DbError::Failed(error.to_string()),
        }
    }
}

/// Opens a file for writing, with durable commits, and brings its schema up to date. A file that is not there is created.
///
/// # Errors
/// One line with the cause and the way out, where the file is no Nearshelf database, is empty, is newer than this program
/// or cannot be read and written. What is there is never written over.
pub fn open(path: &Path) -> Result<Connection, DbError> {
    file::ensure(path)?;
    let at = |error: rusqlite::Error| file::refusal(path, file::unreadable(&error));
    // Without CREATE: a file that goes away just now is not begun anew.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(at)?;
    wait_for_lock(&mut connection, BUSY_WAIT).map_err(at)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(at)?;
    connection.pragma_update(None, "trusted_schema", false).map_err(at)?;
    // The file is looked at before anything is written to it.
    file::refuse_foreign(path, &connection, migrations::STEPS.len())?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(at)?;
    if mode != "wal" {
        let fix = "put it on a local disk";
        return Err(file::refusal(path, format!("write-ahead log is not possible here ({mode}); {fix}")));
    }
    // An acknowledged reservation survives a power cut: each commit is synced before it is answered.
    connection.pragma_update(None, "synchronous", "FULL").map_err(at)?;
    connection.pragma_update(None, "journal_size_limit", wal::LIMIT / 4).map_err(at)?;
    connection.pragma_update(None, "wal_autocheckpoint", wal::PAGES).map_err(at)?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB).map_err(at)?;
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(at)?;
    connection.set_prepared_statement_cache_capacity(128);
    migrations::run(&mut connection, migrations::STEPS).map_err(at)?;
    // Another process may have been faster with a newer schema.
    file::refuse_foreign(path, &connection, migrations::STEPS.len())?;
    Ok(connection)
}

/// Where somebody else writes, looks again and again for so long.
fn wait_for_lock(connection: &mut Connection, limit: Duration) -> rusqlite::Result<()> {
    let mut begun = Instant::now();
    connection.busy_handler(Some(move |tries| {
        if tries == 0 {
            begun = Instant::now();
        }
        let patient = begun.elapsed() < limit;
        if patient {
            std::thread::sleep(BUSY_LOOK);
        }
        patient
    }))
}
