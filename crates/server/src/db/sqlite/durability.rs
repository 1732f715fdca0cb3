//! Whether this process may still say that something is stored.
//!
//! A sync that failed cannot be tried again: the system may have thrown the unwritten pages away and answer the next
//! sync with success. So one failure is the end of all writing until somebody has looked at the disk and started anew;
//! then SQLite reads what really is on it.

use std::sync::{Arc, OnceLock};

use rusqlite::ffi::{SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC};

use crate::db::DbError;

/// Shared by all that write; once lost it stays lost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Durability(Arc<OnceLock<String>>);

impl Durability {
    /// # Errors
    /// [`DbError::Unsynced`] once a sync has failed.
    pub(crate) fn check(&self) -> Result<(), DbError> {
        self.0.get().map_or(Ok(()), |cause| Err(DbError::Unsynced(cause.clone())))
    }

    /// Takes note of an error of a commit or a checkpoint.
    pub(crate) fn heed(&self, error: &rusqlite::Error) {
        let code = error.sqlite_error().map(|error| error.extended_code);
        if matches!(code, Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC)) && self.0.set(error.to_string()).is_ok() {
            tracing::error!(%error, "the disk failed to sync: nothing more is stored until the server is started anew");
        }
    }
}
