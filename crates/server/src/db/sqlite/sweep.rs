//! Tidying up. Nothing depends on it being done in time: a hold past its time counts for nothing anyway, and what this
//! adds is that screens hear of it.

use domain::id::{LocationId, Sku};
use domain::time::DAY_MS;
use rusqlite::params;

use super::stock::id;
use super::writer::WriteTx;
use crate::db::DbError;

/// Holds that one commit releases at most, so that nobody waits long behind it.
const AT_ONCE: i64 = 500;

pub(crate) fn sweep(tx: &mut WriteTx<'_>) -> Result<usize, DbError> {
    let now = tx.now().millis();
    let due: Vec<(LocationId, Sku)> = {
        // Picked goods are on the desk, not on the shelf: only a person puts those back.
        let mut statement = tx.connection().prepare_cached(
            "UPDATE hold SET released_at = ?1
              WHERE (reservation_id, sku) IN (
                SELECT h.reservation_id, h.sku FROM hold h JOIN reservation r ON r.id = h.reservation_id
                 WHERE h.released_at IS NULL AND h.expires_at <= ?1 AND r.status IN ('held', 'accepted') LIMIT ?2)
              RETURNING location_id, sku, reservation_id",
        )?;
        let mut rows = statement.query(params![now, AT_ONCE])?;
        let mut due = Vec::new();
        while let Some(row) = rows.next()? {
            due.push((id(row.get(0)?)?, id(row.get(1)?)?));
        }
        due
    };
    if !due.is_empty() {
        // A reservation is over once none of its claims stands.
        tx.connection().execute(
            "UPDATE reservation SET status = 'expired'
              WHERE status IN ('held', 'accepted') AND hold_expires_at <= ?1
                AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.reservation_id = id AND h.released_at IS NULL)",
            [now],
        )?;
    }
    for (location, sku) in &due {
        tx.touch(location, sku);
    }
    let sql = "DELETE FROM idempotency WHERE created_at < ?";
    tx.connection().prepare_cached(sql)?.execute([now.saturating_sub(DAY_MS)])?;
    Ok(due.len())
}
