//! What is over, written down. Nothing depends on it being done in time: a claim past its time counts for nothing anyway,
//! and what this adds is that the counters are tidy and that screens hear of it.

use domain::id::{LocationId, Sku};
use domain::reservation::{Action, Status};
use rusqlite::params;

use super::ledger::{self, Kind, Movement};
use super::stock::id;
use super::writer::WriteTx;
use super::{limits, once, reservations};
use crate::db::DbError;

/// Reservations that one commit ends at most, so that nobody waits long behind it.
const AT_ONCE: i64 = 500;

/// Ends what is due and answers how many reservations that were.
pub(crate) fn sweep(tx: &mut WriteTx<'_>) -> Result<usize, DbError> {
    let due: Vec<(i64, String)> = {
        let mut statement = tx.connection().prepare_cached(
            "SELECT no, status FROM reservation
              WHERE status IN ('held', 'accepted', 'ready') AND hold_expires_at <= ?1 ORDER BY hold_expires_at LIMIT ?2",
        )?;
        let rows = statement.query_map(params![tx.now().millis(), AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (no, status) in &due {
        end(tx, *no, reservations::word(status)?)?;
    }
    once::forget_old(tx)?;
    Ok(due.len())
}

/// Ends the reservations whose claims on this shelf are past their time; answers whether there were any.
pub(crate) fn free_due(tx: &mut WriteTx<'_>, location: &LocationId, sku: &Sku) -> Result<bool, DbError> {
    let due: Vec<(i64, String)> = {
        let mut statement = tx.connection().prepare_cached(
            "SELECT r.no, r.status FROM hold h JOIN reservation r ON r.no = h.reservation_no
              WHERE h.location_id = ?1 AND h.sku = ?2 AND h.claimed > 0 AND h.expires_at IS NOT NULL AND h.expires_at <= ?3",
        )?;
        let values = params![location.as_str(), sku.as_str(), tx.now().millis()];
        let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (no, status) in &due {
        end(tx, *no, reservations::word(status)?)?;
    }
    Ok(!due.is_empty())
}

/// Writes down that a reservation's time is over. Picked goods are on the desk, not on the shelf: only a person puts
/// those back.
fn end(tx: &mut WriteTx<'_>, no: i64, status: Status) -> Result<(), DbError> {
    let Ok(after) = status.after(Action::Expire) else { return Ok(()) };
    if status.is_unpicked() {
        release_all(tx, no, Kind::Expire, None)?;
    }
    let now = tx.now().millis();
    tx.connection()
        .prepare_cached("UPDATE reservation SET status = ?2, changed_at = ?3 WHERE no = ?1")?
        .execute(params![no, after.as_str(), now])?;
    limits::forget(tx, no)
}

/// Takes all claims of a reservation back.
pub(crate) fn release_all(tx: &mut WriteTx<'_>, no: i64, kind: Kind, actor: Option<&str>) -> Result<(), DbError> {
    let claims: Vec<(String, String, i64)> = {
        let mut statement = tx.connection().prepare_cached(
            "SELECT location_id, sku, claimed FROM hold WHERE reservation_no = ? AND claimed > 0 ORDER BY sku",
        )?;
        let rows = statement.query_map([no], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    tx.connection()
        .prepare_cached("UPDATE hold SET claimed = 0 WHERE reservation_no = ? AND claimed > 0")?
        .execute([no])?;
    for (location, sku, claimed) in claims {
        let (location, sku): (LocationId, Sku) = (id(location)?, id(sku)?);
        let movement = Movement {
            kind,
            location: &location,
            sku: &sku,
            on_hand: 0,
            reserved: -claimed,
            reservation: Some(no),
            actor,
        };
        ledger::post(tx, &movement)?;
    }
    Ok(())
}
