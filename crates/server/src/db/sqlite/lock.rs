//! One server for one database.
//!
//! Two servers on one file would each believe to be the only writer. The system frees the lock, however the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::file::{beside, refusal};
use crate::db::DbError;

/// An import looks at the lock for an instant by holding it; a server that starts just then waits this long.
const PATIENCE: Duration = Duration::from_millis(500);

/// Held by a server as long as it lives.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock of a database; the database itself need not be there yet.
    ///
    /// # Errors
    /// Where another server has it, or the file beside the database cannot be written.
    pub fn take(db: &Path) -> Result<Self, DbError> {
        let path = beside(db, ".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| {
            let fix = "its folder must exist and this user must be able to write it";
            refusal(&path, format!("cannot be written: {error}; {fix}"))
        })?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => {
                    let fix = "stop it, or give this one a database of its own";
                    return Err(refusal(db, format!("another server uses this database; {fix}")));
                }
                Err(TryLockError::Error(error)) => {
                    let fix = "its disk must be able to lock files";
                    return Err(refusal(&path, format!("cannot be locked: {error}; {fix}")));
                }
            }
        }
    }
}

/// Whether a server has the database open.
pub(crate) fn is_served(db: &Path) -> bool {
    match File::open(beside(db, ".lock")) {
        // Freed again by closing the file.
        Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a24_only_one_server_has_the_lock_and_an_import_that_looks_is_no_server() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("shop.db");
        assert!(!is_served(&db));
        let first = ServerLock::take(&db).unwrap();
        assert!(is_served(&db));
        let told = ServerLock::take(&db).unwrap_err().to_string();
        assert!(told.contains("another server uses this database"), "{told}");
        drop(first);
        assert!(!is_served(&db));

        // Held for a moment, as by an import that looks just then.
        let look = File::open(beside(&db, ".lock")).unwrap();
        look.try_lock_shared().unwrap();
        assert!(!is_served(&db), "another one that looks is no server");
        std::thread::scope(|scope| {
            let (begins, begun) = std::sync::mpsc::channel();
            let taking = scope.spawn({
                let db = db.clone();
                move || {
                    begins.send(()).unwrap();
                    ServerLock::take(&db)
                }
            });
            begun.recv().unwrap();
            std::thread::sleep(PATIENCE / 10);
            drop(look);
            taking.join().unwrap().unwrap();
        });
    }
}
