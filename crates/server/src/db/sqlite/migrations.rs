//! The schema, step by step.

use rusqlite::{Connection, TransactionBehavior};

use super::file::APPLICATION_ID;

/// Each step is applied once, in order; `user_version` says how many are done.
pub(super) const STEPS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_main_job.sql"),
    include_str!("../../../migrations/sqlite/0002_meta.sql"),
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
