//! What a database says after a load, read by another eye than the server's: SQL on the file.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::Outcome;
use crate::server::Program;

/// A database that no server uses at the moment.
pub(crate) struct Books(Connection);

impl Books {
    /// Opens it for reading. A log that a killed server left is read as well.
    pub(crate) fn open(db: &Path) -> Outcome<Self> {
        Ok(Self(Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_WRITE)?))
    }

    /// A number.
    pub(crate) fn number(&self, sql: &str) -> Outcome<i64> {
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// Whether there is exactly one row for a text.
    pub(crate) fn once(&self, sql: &str, text: &str) -> Outcome<bool> {
        Ok(self.0.prepare_cached(sql)?.query_row([text], |row| row.get::<_, i64>(0))? == 1)
    }

    /// Whether the file is whole.
    pub(crate) fn is_whole(&self) -> Outcome<bool> {
        Ok(self.0.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))? == "ok")
    }

    /// Promises that were made beyond what was there at that moment.
    pub(crate) fn oversold(&self) -> Outcome<i64> {
        self.number("SELECT count(*) FROM ledger WHERE kind = 'reserve' AND reserved > on_hand")
    }
}

/// Whether counters, ledger and claims agree.
pub(crate) fn agree(program: &Program, db: &Path) -> bool {
    program.run(&["check", "--db", &db.display().to_string()]).is_ok()
}
