//! Changes of stock by tills, ERPs and the simulator: one way in for all of them.

use rusqlite::{Connection, OptionalExtension, params};

use super::ledger::{self, After, Kind, Movement};
use super::stock;
use super::writer::WriteTx;
use crate::db::{Amount, DbError, ShelfRow, StockChange, StockVerdict};

/// Judges one change and applies it. Physical truth wins: the shelf may end up below what is promised, or below zero, and
/// is never clamped.
pub(crate) fn apply(tx: &mut WriteTx<'_>, change: &StockChange) -> Result<StockVerdict, DbError> {
    let (connection, now) = (tx.connection(), tx.now());
    if !exists(connection, "SELECT 1 FROM location WHERE id = ?", change.location.as_str())? {
        return Ok(StockVerdict::UnknownLocation);
    }
    if !exists(connection, "SELECT 1 FROM product WHERE sku = ?", change.sku.as_str())? {
        return Ok(StockVerdict::UnknownProduct);
    }
    if last_sequence(connection, change)?.is_some_and(|last| change.sequence <= last) {
        return Ok(StockVerdict::AlreadySeen);
    }
    let known = stock::shelf(connection, &change.location, &change.sku, now)?;
    let version = known.as_ref().map_or(0, |shelf| shelf.version);
    if change.if_version.is_some_and(|wanted| wanted != version) {
        return Ok(StockVerdict::VersionMismatch { version });
    }
    let on_hand = known.as_ref().map(|shelf| shelf.shelf.on_hand);
    let after = match (change.amount, on_hand) {
        (Amount::Set(units), _) => count(tx, change, known.as_ref(), units)?,
        (Amount::Delta(units), Some(Some(_))) => ledger::post(tx, &movement(change, Kind::Adjust, units))?,
        (Amount::Delta(_), Some(None)) => return Ok(StockVerdict::NeverCounted),
        (Amount::Delta(_), None) => return Ok(StockVerdict::NotCarried),
    };
    confirm(tx.connection(), change, now.millis())?;
    tx.touch(&change.location, &change.sku);
    let on_hand = after.on_hand.unwrap_or(0);
    // What is due counts no more, though the counter still has it.
    let held = known.map_or(0, |shelf| shelf.shelf.held);
    let shortfall = u64::try_from(held.saturating_sub(on_hand)).unwrap_or(0);
    Ok(StockVerdict::Applied { version: after.version, on_hand, shortfall })
}

fn movement<'a>(change: &'a StockChange, kind: Kind, on_hand: i64) -> Movement<'a> {
    Movement {
        kind,
        location: &change.location,
        sku: &change.sku,
        on_hand,
        reserved: 0,
        reservation: None,
        actor: Some(&change.source),
    }
}

/// Writes a count; a shelf that is new begins its ledger with it.
fn count(tx: &WriteTx<'_>, change: &StockChange, known: Option<&ShelfRow>, units: i64) -> Result<After, DbError> {
    let mut upsert = tx.connection().prepare_cached(
        "INSERT INTO stock (location_id, sku, on_hand, opening, counted_at) VALUES (?1, ?2, ?3, ?3, ?4)
         ON CONFLICT (location_id, sku) DO UPDATE SET on_hand = excluded.on_hand, version = version + 1
         RETURNING on_hand, reserved, version",
    )?;
    let (location, sku) = (change.location.as_str(), change.sku.as_str());
    let after = upsert.query_row(params![location, sku, units, tx.now().millis()], |row| {
        Ok(After { on_hand: row.get(0)?, reserved: row.get(1)?, version: row.get(2)? })
    })?;
    let before = known.map_or(Some(units), |shelf| shelf.shelf.on_hand);
    let moved = before.map(|before| units - before);
    ledger::write(tx.connection(), tx.now(), &movement(change, Kind::Count, moved.unwrap_or(0)), moved, after)?;
    Ok(after)
}

/// Remembers that the shop's system spoke of this shelf, and how far it has come.
fn confirm(connection: &Connection, change: &StockChange, now: i64) -> Result<(), DbError> {
    let (location, sku) = (change.location.as_str(), change.sku.as_str());
    connection
        .prepare_cached("UPDATE stock SET counted_at = ?3 WHERE location_id = ?1 AND sku = ?2")?
        .execute(params![location, sku, now])?;
    let mut remember = connection.prepare_cached(
        "INSERT INTO source_sequence (source, location_id, sku, sequence) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (source, location_id, sku) DO UPDATE SET sequence = excluded.sequence",
    )?;
    remember.execute(params![change.source, location, sku, change.sequence])?;
    Ok(())
}

fn last_sequence(connection: &Connection, change: &StockChange) -> Result<Option<i64>, DbError> {
    let mut statement = connection
        .prepare_cached("SELECT sequence FROM source_sequence WHERE source = ?1 AND location_id = ?2 AND sku = ?3")?;
    let values = params![change.source, change.location.as_str(), change.sku.as_str()];
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

/// Whether there is a row under this key.
pub(crate) fn exists(connection: &Connection, sql: &str, key: &str) -> Result<bool, DbError> {
    Ok(connection.prepare_cached(sql)?.exists([key])?)
}
