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
    pub(crate) fn heed(&self, error: &DbError) {
        if let DbError::Unsynced(cause) = error
            && self.0.set(cause.clone()).is_ok()
        {
            tracing::error!(cause, "the disk failed to sync: nothing more is stored until the server is started anew");
        }
    }
}

/// Whether it was a sync that failed.
pub(super) fn is_failed_sync(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC))
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi::{Error, SQLITE_BUSY, SQLITE_FULL, SQLITE_IOERR_WRITE};

    use super::super::writer::Writer;
    use super::*;
    use crate::clock::Clock;
    use crate::db::Options;

    fn failure(code: i32) -> DbError {
        rusqlite::Error::SqliteFailure(Error::new(code), None).into()
    }

    #[test]
    fn c03_only_a_failed_sync_is_the_end_of_writing() {
        for code in [SQLITE_BUSY, SQLITE_FULL, SQLITE_IOERR_WRITE] {
            let durability = Durability::default();
            durability.heed(&failure(code));
            assert_eq!(durability.check(), Ok(()), "{code}");
        }
        for code in [SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC] {
            let durability = Durability::default();
            durability.clone().heed(&failure(code));
            durability.heed(&failure(SQLITE_BUSY));
            assert!(matches!(durability.check(), Err(DbError::Unsynced(_))), "{code}");
        }
    }

    #[tokio::test]
    async fn c04_a_database_that_may_not_grow_refuses_what_does_not_fit_and_takes_it_later() {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::open(&folder.path().join("shop.db")).unwrap();
        let writer = Writer::start(connection, Options::new(Clock::System, Box::new(|_| {}))).unwrap();
        // The pragma answers with what it set.
        let pages = |sql: String| {
            writer.write(move |tx| Ok(tx.connection().query_row(&sql, [], |row| row.get::<_, i64>(0))?))
        };
        let insert = |size: i64| {
            writer.write(move |tx| {
                let sql = "INSERT INTO meta (key, value) VALUES (?1, zeroblob(?1))";
                Ok(tx.connection().execute(sql, [size])?)
            })
        };
        let now = pages("PRAGMA page_count".to_owned()).await.unwrap();
        pages(format!("PRAGMA max_page_count = {}", now + 4)).await.unwrap();
        let refused = insert(1_000_000).await.unwrap_err();
        assert!(matches!(refused, DbError::StorageFull(_)), "{refused}");
        // What fits still works, and all of it once there is space.
        assert_eq!(insert(1).await, Ok(1));
        assert_eq!(writer.check(), Ok(()));
        pages("PRAGMA max_page_count = 1000000".to_owned()).await.unwrap();
        assert_eq!(insert(1_000_000).await, Ok(1));
    }
}
