//! A copy of a database in use.

use std::fs::{self, File};
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::file::{self, beside, refusal};
use super::{BUSY_WAIT, migrations};
use crate::db::DbError;
use crate::random;

/// Copies a database to a new file, while a server may write to it. The copy is the database at one instant, with all
/// that was answered before; it is checked before it gets its name, so a file of that name is always a whole one.
///
/// # Errors
/// Where there is a file of that name, the database cannot be read, or the copy cannot be written. What is there stays.
pub fn backup(db: &Path, out: &Path) -> Result<(), DbError> {
    let taken = || refusal(out, "is there already and is not written over; give the backup another name");
    if fs::symlink_metadata(out).is_ok() {
        return Err(taken());
    }
    let metadata = fs::metadata(db).map_err(|error| refusal(db, format!("cannot be read: {error}")))?;
    if !metadata.is_file() || metadata.len() == 0 {
        return Err(refusal(db, "is no database; there is nothing to keep"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let unreadable = |error: rusqlite::Error| refusal(db, file::unreadable(&error));
    let source = Connection::open_with_flags(db, flags).map_err(unreadable)?;
    source.busy_timeout(BUSY_WAIT).map_err(unreadable)?;
    file::refuse_foreign(db, &source, migrations::STEPS.len())?;

    let failed = |error: &dyn std::fmt::Display| refusal(out, format!("cannot be written: {error}"));
    let unique = random::bytes::<6>().map_err(|error| failed(&error))?;
    let draft = beside(out, &format!(".part-{}", random::hex(&unique)));
    let copied = File::create_new(&draft)
        .map_err(|error| failed(&error))
        .and_then(|_| copy(&source, &draft).map_err(|error| failed(&error)))
        .and_then(|()| file::publish(&draft, out).map_err(|error| failed(&error)))
        .and_then(|new| if new { Ok(()) } else { Err(taken()) });
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(&draft, ending));
    }
    copied
}

fn copy(source: &Connection, draft: &Path) -> Result<(), DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(draft, flags)?;
    copy.pragma_update(None, "synchronous", "FULL")?;
    // All pages in one step: it reads at one instant, and a writer does not make it begin again.
    match Backup::new(source, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        other => return Err(DbError::Unavailable(format!("the copy did not come to its end ({other:?})"))),
    }
    // One plain file, which can be read from a disk that nobody may write to.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    let found: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(DbError::Failed(format!("the copy is damaged, and so may be the database: {found}")));
    }
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}
