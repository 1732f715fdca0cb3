//! A write that happens once: what was answered is remembered in the transaction of what was done.

use domain::time::DAY_MS;
use rusqlite::{OptionalExtension, params};

use super::writer::WriteTx;
use crate::db::{DbError, IdempotencyKey, Once, StoredAnswer};

/// Answers that one commit forgets at most.
const AT_ONCE: i64 = 500;

/// Does `work`, unless it was done under this key before: then the earlier answer is given again. `answer` makes the body
/// of a verdict that is stored under the key; `None` for one that is not.
pub(crate) fn once<V>(
    tx: &mut WriteTx<'_>,
    key: &IdempotencyKey,
    work: impl FnOnce(&mut WriteTx<'_>) -> Result<V, DbError>,
    answer: impl FnOnce(&V) -> Option<StoredAnswer>,
) -> Result<Once<V>, DbError> {
    if let Some((fingerprint, answer)) = earlier(tx, key)? {
        let same = fingerprint == key.fingerprint;
        return Ok(if same { Once::Answer { answer, replayed: true } } else { Once::KeyReused });
    }
    let verdict = work(tx)?;
    let Some(answer) = answer(&verdict) else { return Ok(Once::Refused(verdict)) };
    remember(tx, key, &answer)?;
    Ok(Once::Answer { answer, replayed: false })
}

fn earlier(tx: &WriteTx<'_>, key: &IdempotencyKey) -> Result<Option<([u8; 32], StoredAnswer)>, DbError> {
    if tx.chaos().forget_keys() {
        return Ok(None);
    }
    let mut statement = tx.connection().prepare_cached(
        "SELECT fingerprint, status, location, body FROM idempotency WHERE principal = ?1 AND key = ?2",
    )?;
    let found = statement.query_row(params![key.principal, key.key], |row| {
        Ok((row.get(0)?, StoredAnswer { status: row.get(1)?, location: row.get(2)?, body: row.get(3)? }))
    });
    Ok(found.optional()?)
}

fn remember(tx: &WriteTx<'_>, key: &IdempotencyKey, answer: &StoredAnswer) -> Result<(), DbError> {
    if tx.chaos().forget_keys() {
        return Ok(());
    }
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO idempotency (principal, key, fingerprint, status, location, body, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let fingerprint = key.fingerprint.as_slice();
    let (status, location, body) = (answer.status, answer.location.as_deref(), answer.body.as_str());
    statement.execute(params![key.principal, key.key, fingerprint, status, location, body, tx.now().millis()])?;
    Ok(())
}

/// Forgets answers that are older than a day. Rows are numbered in the order of time, so the old ones are the first: a
/// bounded piece of the table's beginning is looked at, never the whole.
pub(crate) fn forget_old(tx: &WriteTx<'_>) -> Result<(), DbError> {
    let oldest = tx.now().millis().saturating_sub(DAY_MS);
    let last: Option<i64> = tx
        .connection()
        .prepare_cached(
            "SELECT MAX(no) FROM (SELECT no, created_at FROM idempotency ORDER BY no LIMIT ?2) WHERE created_at < ?1",
        )?
        .query_row(params![oldest, AT_ONCE], |row| row.get(0))?;
    if let Some(last) = last {
        tx.connection().prepare_cached("DELETE FROM idempotency WHERE no <= ?")?.execute([last])?;
    }
    Ok(())
}
