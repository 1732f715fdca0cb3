//! How much one shopper may have put aside, counted in the transaction that adds to it, so that fifty requests at once get
//! no more than one after the other.

use domain::basket::Basket;
use rusqlite::params;

use super::writer::WriteTx;
use crate::db::{Claimant, DbError, HoldingLimits, Limit};

/// The first limit that a basket would break.
pub(crate) fn broken(tx: &WriteTx<'_>, limits: &HoldingLimits, basket: &Basket) -> Result<Option<Limit>, DbError> {
    for claimant in &limits.claimants {
        if active(tx, claimant)? >= claimant.max_active {
            return Ok(Some(Limit::Reservations(claimant.kind, claimant.max_active)));
        }
    }
    let Some(most) = limits.units_per_product else { return Ok(None) };
    for line in basket.lines() {
        if line.quantity > most {
            return Ok(Some(Limit::Units(line.sku.clone(), most)));
        }
        for person in limits.claimants.iter().filter(|claimant| claimant.kind == "person") {
            let held = units(tx, person, line.sku.as_str())?;
            if held.saturating_add(i64::from(line.quantity)) > i64::from(most) {
                return Ok(Some(Limit::Units(line.sku.clone(), most)));
            }
        }
    }
    Ok(None)
}

fn active(tx: &WriteTx<'_>, claimant: &Claimant) -> Result<u32, DbError> {
    // What is past its time counts no more, whether or not somebody has tidied up.
    let mut statement = tx.connection().prepare_cached(
        "SELECT count(*) FROM claimant c JOIN reservation r ON r.no = c.reservation_no
          WHERE c.kind = ?1 AND c.hash = ?2
            AND (r.status = 'picking' OR (r.status IN ('held', 'accepted', 'ready') AND r.hold_expires_at > ?3))",
    )?;
    let values = params![claimant.kind, claimant.hash.as_slice(), tx.now().millis()];
    Ok(statement.query_row(values, |row| row.get(0))?)
}

fn units(tx: &WriteTx<'_>, claimant: &Claimant, sku: &str) -> Result<i64, DbError> {
    let mut statement = tx.connection().prepare_cached(
        "SELECT COALESCE(SUM(h.claimed), 0) FROM claimant c JOIN hold h ON h.reservation_no = c.reservation_no
          WHERE c.kind = ?1 AND c.hash = ?2 AND h.sku = ?3 AND (h.expires_at IS NULL OR h.expires_at > ?4)",
    )?;
    let values = params![claimant.kind, claimant.hash.as_slice(), sku, tx.now().millis()];
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// Remembers for whom a reservation counts.
pub(crate) fn remember(tx: &WriteTx<'_>, claimants: &[Claimant], no: i64) -> Result<(), DbError> {
    for claimant in claimants {
        tx.connection()
            .prepare_cached("INSERT OR IGNORE INTO claimant (kind, hash, reservation_no) VALUES (?1, ?2, ?3)")?
            .execute(params![claimant.kind, claimant.hash.as_slice(), no])?;
    }
    Ok(())
}

/// Forgets who it was for: the reservation is over.
pub(crate) fn forget(tx: &WriteTx<'_>, no: i64) -> Result<(), DbError> {
    tx.connection().prepare_cached("DELETE FROM claimant WHERE reservation_no = ?")?.execute([no])?;
    Ok(())
}
