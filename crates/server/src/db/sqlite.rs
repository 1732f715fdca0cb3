//! Everything that is said in SQL.
//!
//! Reading order: here (opening, schema), [`writer`] (one thread, group commit), [`reading`], then one module for each
//! thing that is stored.

pub(crate) mod catalog;
pub(crate) mod inventory;
pub(crate) mod reading;
pub(crate) mod reservations;
pub(crate) mod reserve;
pub(crate) mod stock;
pub(crate) mod sweep;
pub(crate) mod tokens;
pub mod writer;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::DbError;

/// Each step is applied once, in order; `user_version` says how many are done.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_main_job.sql"),
    include_str!("../../migrations/sqlite/0002_ledger.sql"),
];

/// How long a write waits for another process that holds the lock.
const BUSY_WAIT: Duration = Duration::from_secs(5);

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        let later = matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull | ErrorCode::ReadOnly)
        );
        if later { DbError::Unavailable(error.to_string()) } else { DbError::Failed(error.to_string()) }
    }
}

/// Opens a file for writing, with durable commits, and brings its schema up to date.
///
/// # Errors
/// Where the file is no Nearshelf database, is newer than this program or cannot be written.
pub fn open(path: &Path) -> Result<Connection, DbError> {
    let at = |error: rusqlite::Error| DbError::Failed(format!("{}: {error}", path.display()));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(at)?;
    connection.busy_timeout(BUSY_WAIT).map_err(at)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(at)?;
    connection.pragma_update(None, "trusted_schema", false).map_err(at)?;
    // The file is looked at before anything is written to it.
    refuse_foreign_file(path, &connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(at)?;
    if mode != "wal" {
        return Err(DbError::Failed(format!("{}: write-ahead log is not possible here ({mode})", path.display())));
    }
    // An acknowledged reservation survives a power cut: each commit is synced before it is answered.
    connection.pragma_update(None, "synchronous", "FULL").map_err(at)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024).map_err(at)?;
    connection.set_prepared_statement_cache_capacity(128);
    migrate(&mut connection).map_err(at)?;
    Ok(connection)
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn refuse_foreign_file(path: &Path, connection: &Connection) -> Result<(), DbError> {
    let at = |error: rusqlite::Error| DbError::Failed(format!("{}: {error}", path.display()));
    let version = version(connection).map_err(at)?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(at)?;
    let refuse = |why: &str| Err(DbError::Failed(format!("{}: {why}", path.display())));
    if version > MIGRATIONS.len() {
        refuse("was written by a newer version of this program")
    } else if version == 0 && tables > 0 {
        refuse("is the database of another program")
    } else {
        Ok(())
    }
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    loop {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Asked again under the lock, because another process may have been faster.
        let done = version(&transaction)?;
        let Some(step) = MIGRATIONS.get(done) else { return Ok(()) };
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", i64::try_from(done + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
}
