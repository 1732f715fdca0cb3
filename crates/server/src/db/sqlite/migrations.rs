//! The schema, step by step.

use rusqlite::{Connection, TransactionBehavior};

use super::file::APPLICATION_ID;

/// Each step is applied once, in order; `user_version` says how many are done.
pub(super) const STEPS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_main_job.sql"),
    include_str!("../../../migrations/sqlite/0002_ledger.sql"),
    include_str!("../../../migrations/sqlite/0003_pickup_windows.sql"),
    include_str!("../../../migrations/sqlite/0004_gazetteer.sql"),
];

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Applies the steps that are missing. Each is one transaction together with its number: killed in the middle, it was
/// never there, and the next start goes on with it.
///
/// Rows may point to nothing inside a step, so that it can build a table anew; at its end they may not.
pub(super) fn run(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    // Without a lock first: whoever opens an up-to-date database need not wait for one who writes.
    if version(connection)? >= steps.len() {
        return Ok(());
    }
    // Not possible inside a transaction.
    connection.pragma_update(None, "foreign_keys", false)?;
    let done = apply(connection, steps);
    connection.pragma_update(None, "foreign_keys", true)?;
    done
}

fn apply(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked again under the lock, because another process may have been faster.
        let done = version(&transaction)?;
        let Some(step) = steps.get(done) else { return Ok(()) };
        transaction.execute_batch(step)?;
        let lost: i64 = transaction.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        if lost > 0 {
            let cause = format!("step {} of the schema leaves {lost} rows that point to nothing", done + 1);
            return Err(rusqlite::Error::ToSqlConversionFailure(cause.into()));
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", i64::try_from(done + 1).unwrap_or(i64::MAX))?;
        transaction.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "CREATE TABLE one (id INTEGER PRIMARY KEY); INSERT INTO one VALUES (1)";
    const TWO: &str = "CREATE TABLE two (one INTEGER REFERENCES one (id)); INSERT INTO two VALUES (1)";
    /// Fails after half of its work.
    const HALF: &str = "CREATE TABLE two (one INTEGER REFERENCES one (id)); INSERT INTO one VALUES (7);
                        INSERT INTO nothing VALUES (1); INSERT INTO two VALUES (1)";
    const ORPHAN: &str = "CREATE TABLE two (one INTEGER REFERENCES one (id)); INSERT INTO two VALUES (99)";
    /// A table with rows that others point to, built anew.
    const REBUILD: &str = "CREATE TABLE new (id INTEGER PRIMARY KEY, more TEXT);
                           INSERT INTO new SELECT id, 'x' FROM one; DROP TABLE one; ALTER TABLE new RENAME TO one";

    fn open(folder: &tempfile::TempDir) -> Connection {
        let connection = Connection::open(folder.path().join("db")).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        connection
    }

    fn schema(connection: &Connection) -> (usize, Vec<String>) {
        let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        (version(connection).unwrap(), names)
    }

    fn foreign_keys(connection: &Connection) -> bool {
        connection.query_row("PRAGMA foreign_keys", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn c09_a_step_that_fails_half_way_was_never_there_and_the_next_start_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = open(&folder);
        for bad in [HALF, ORPHAN] {
            run(&mut connection, &[ONE, bad]).unwrap_err();
            assert_eq!(schema(&connection), (1, vec!["one".to_owned()]));
            assert!(connection.is_autocommit() && foreign_keys(&connection));
            let rows: i64 = connection.query_row("SELECT SUM(id) FROM one", [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 1);
        }
        // A connection that is dropped in the middle, as by a kill, leaves nothing either.
        let killed = open(&folder);
        killed.execute_batch(&format!("BEGIN IMMEDIATE; {TWO}")).unwrap();
        drop(killed);
        assert_eq!(schema(&connection).0, 1);
        run(&mut connection, &[ONE, TWO]).unwrap();
        assert_eq!(schema(&connection), (2, vec!["one".to_owned(), "two".to_owned()]));
        run(&mut connection, &[ONE, TWO, REBUILD]).unwrap();
        assert_eq!(schema(&connection).0, 3);
        assert!(foreign_keys(&connection));
        let told: String =
            connection.query_row("SELECT more FROM one JOIN two ON one = id", [], |row| row.get(0)).unwrap();
        assert_eq!(told, "x");
    }

    #[test]
    fn c09_each_step_is_done_once_however_many_processes_do_it() {
        let folder = tempfile::tempdir().unwrap();
        let more: Vec<String> = (0..20).map(|n| format!("INSERT INTO one VALUES ({})", n + 100)).collect();
        let steps: Vec<&str> = std::iter::once(ONE).chain(more.iter().map(String::as_str)).collect();
        // Turning to the log is not what this is about, and SQLite lets nobody wait for it.
        let _turned = open(&folder);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| run(&mut open(&folder), &steps).unwrap());
            }
        });
        let connection = open(&folder);
        assert_eq!(schema(&connection).0, 21);
        let rows: i64 = connection.query_row("SELECT count(*) FROM one", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 21);
    }
}
