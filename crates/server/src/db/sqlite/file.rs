//! The file before SQLite sees it: what is refused, with its cause and the way out, and how a new one begins.
//!
//! SQLite itself takes an empty file for a new database and another program's database for its own. Both would be
//! written over; here neither is.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::db::DbError;
use crate::random;

/// Stands in the header of each database that this program made ("NSHF").
pub(super) const APPLICATION_ID: i64 = 0x4E53_4846;

/// Tables that every version had: how a database is known that was made before there was an application id.
const OLDEST_TABLES: &str = "('location', 'product', 'stock', 'reservation', 'hold')";

/// A refusal to use a file.
pub(super) fn refusal(path: &Path, why: impl std::fmt::Display) -> DbError {
    DbError::Failed(format!("{}: {why}", path.display()))
}

/// What SQLite keeps beside a database, and what this program does.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes sure that there is a database file which may be read and written, creating it where there is none at all.
pub(super) fn ensure(path: &Path) -> Result<(), DbError> {
    match fs::metadata(path) {
        Ok(metadata) => inspect(path, &metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            refuse_remains(path)?;
            create(path)?;
            let metadata = fs::metadata(path).map_err(|error| refusal(path, format!("cannot be created: {error}")))?;
            inspect(path, &metadata)
        }
        Err(error) => Err(refusal(path, format!("cannot be looked at: {error}; {}", rights(None)))),
    }
}

/// Refuses what is no database of ours, without changing a byte of it.
pub(super) fn inspect(path: &Path, metadata: &fs::Metadata) -> Result<(), DbError> {
    if !metadata.is_file() {
        return Err(refusal(path, "is not a file; give the database a file of its own"));
    }
    if metadata.len() == 0 {
        let way_out = "put a backup in its place, or remove it to begin with nothing";
        return Err(refusal(path, format!("is empty, and no database is begun over a file that is there; {way_out}")));
    }
    writable(path).map_err(|error| {
        let fix = match error.kind() {
            ErrorKind::ReadOnlyFilesystem => "its disk is mounted read-only: remount it, or copy the file elsewhere",
            _ => &rights(Some(metadata)),
        };
        refusal(path, format!("cannot be read and written: {error}; {fix}"))
    })
}

/// The system is asked without opening the file: closing it again would free the locks that SQLite may have on it.
#[cfg(unix)]
fn writable(path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    Ok(access(path, Access::READ_OK | Access::WRITE_OK)?)
}

#[cfg(not(unix))]
fn writable(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.permissions().readonly() { Err(ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

#[cfg(unix)]
fn rights(metadata: Option<&fs::Metadata>) -> String {
    use std::os::unix::fs::MetadataExt as _;
    match metadata {
        Some(file) => format!(
            "it belongs to user {} with mode {:o}: run as that user, or change its owner or mode",
            file.uid(),
            file.mode() & 0o7777
        ),
        None => "run as a user who may enter its folder".to_owned(),
    }
}

#[cfg(not(unix))]
fn rights(_: Option<&fs::Metadata>) -> String {
    "give the user who runs this the right to read and write it".to_owned()
}

/// A log without its database is the last that is left of somebody's reservations.
fn refuse_remains(path: &Path) -> Result<(), DbError> {
    for ending in ["-wal", "-journal"] {
        let log = beside(path, ending);
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let log = log.display();
            let way_out = format!("put the database back beside it, or remove {log} to begin with nothing");
            return Err(refusal(path, format!("is missing, and {log} is what is left of it; {way_out}")));
        }
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            Err(refusal(path, format!("cannot be created: there is no folder {}; make it first", folder.display())))
        }
        _ => Ok(()),
    }
}

/// The file appears under its name only once it is a database: whoever comes at the same moment never finds it empty,
/// and neither does the next start where this one is killed.
fn create(path: &Path) -> Result<(), DbError> {
    let failed = |error: &dyn std::fmt::Display| {
        refusal(path, format!("cannot be created: {error}; check that its folder may be written and has space"))
    };
    let unique = random::bytes::<6>().map_err(|error| failed(&error))?;
    let draft = beside(path, &format!(".new-{}", random::hex(&unique)));
    // Opened here first, because the system says more plainly than SQLite why it does not work.
    File::create_new(&draft).map_err(|error| failed(&error))?;
    let made = begin(&draft).map_err(|error| failed(&error));
    let published = made.and_then(|()| publish(&draft, path).map_err(|error| failed(&error)));
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(&draft, ending));
    }
    // Not ours to refuse where somebody else was faster: it is looked at like any other file.
    published.map(drop)
}

fn begin(draft: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(draft, flags)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)
}

/// Gives a finished file its name, unless there is such a file; answers whether it did.
pub(super) fn publish(draft: &Path, path: &Path) -> io::Result<bool> {
    match fs::hard_link(draft, path) {
        Ok(()) => fs::remove_file(draft)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        // A file system without links: the name is reserved first, so that nothing is written over.
        Err(_) => match File::create_new(path) {
            Ok(_) => fs::rename(draft, path)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error),
        },
    }
    // The name is as durable as the contents.
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
    }
    Ok(true)
}

/// Refuses the database of another program, and one that a newer version of this program wrote. `steps` is how many
/// migrations this version knows.
pub(super) fn refuse_foreign(path: &Path, connection: &Connection, steps: usize) -> Result<(), DbError> {
    let number = |sql: &str| -> Result<i64, DbError> {
        connection.query_row(sql, [], |row| row.get(0)).map_err(|error| refusal(path, unreadable(&error)))
    };
    let id = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let ours = match id {
        APPLICATION_ID => true,
        0 => {
            let tables = number("SELECT count(*) FROM sqlite_schema")?;
            let sql = format!("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN {OLDEST_TABLES}");
            (version == 0 && tables == 0) || (version > 0 && number(&sql)? == 5)
        }
        _ => false,
    };
    if !ours {
        return Err(refusal(path, "is the database of another program; give this one a file of its own"));
    }
    if usize::try_from(version).map_or(true, |version| version > steps) {
        let way_out = "start that version, or put a backup from before in its place";
        return Err(refusal(path, format!("was written by a newer version of this program; {way_out}")));
    }
    Ok(())
}

/// Why SQLite cannot use the file, and what to do.
pub(super) fn unreadable(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseCorrupt, NotADatabase, PermissionDenied, ReadOnly};
    let fix = match error.sqlite_error_code() {
        Some(NotADatabase) => "name another file, or put a backup in its place",
        Some(DatabaseCorrupt) => "it is damaged: put a backup in its place",
        Some(CannotOpen | PermissionDenied | ReadOnly) => {
            "this user must be able to write its folder and the files beside it that end in -wal and -shm"
        }
        _ => "look at the disk and at who else uses the file",
    };
    format!("cannot be used: {error}; {fix}")
}
