//! Changes of stock by tills, ERPs and the simulator: one way in for all of them.

use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::stock;
use super::writer::WriteTx;
use crate::db::{Amount, DbError, StockChange, StockVerdict};

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
    let on_hand = match (change.amount, known.as_ref().map(|shelf| shelf.shelf.on_hand)) {
        (Amount::Set(units), _) => units,
        (Amount::Delta(units), Some(Some(on_hand))) => on_hand.saturating_add(units),
        (Amount::Delta(_), Some(None)) => return Ok(StockVerdict::NeverCounted),
        (Amount::Delta(_), None) => return Ok(StockVerdict::NotCarried),
    };
    write(connection, change, on_hand, now)?;
    let held = known.map_or(0, |shelf| shelf.shelf.held);
    tx.touch(&change.location, &change.sku);
    let shortfall = u64::try_from(held.saturating_sub(on_hand)).unwrap_or(0);
    Ok(StockVerdict::Applied { version: version + 1, on_hand, shortfall })
}

fn write(connection: &Connection, change: &StockChange, on_hand: i64, now: Timestamp) -> Result<(), DbError> {
    let mut upsert = connection.prepare_cached(
        "INSERT INTO stock (location_id, sku, on_hand, counted_at) VALUES (:location, :sku, :on_hand, :now)
         ON CONFLICT (location_id, sku)
         DO UPDATE SET on_hand = excluded.on_hand, counted_at = excluded.counted_at, version = version + 1",
    )?;
    upsert.execute(named_params! {
        ":location": change.location.as_str(), ":sku": change.sku.as_str(), ":on_hand": on_hand, ":now": now.millis(),
    })?;
    let mut remember = connection.prepare_cached(
        "INSERT INTO source_sequence (source, location_id, sku, sequence) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (source, location_id, sku) DO UPDATE SET sequence = excluded.sequence",
    )?;
    remember.execute(params![change.source, change.location.as_str(), change.sku.as_str(), change.sequence])?;
    Ok(())
}

fn last_sequence(connection: &Connection, change: &StockChange) -> Result<Option<i64>, DbError> {
    let mut statement = connection
        .prepare_cached("SELECT sequence FROM source_sequence WHERE source = ?1 AND location_id = ?2 AND sku = ?3")?;
    let values = params![change.source, change.location.as_str(), change.sku.as_str()];
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

pub(crate) fn exists(connection: &Connection, sql: &str, key: &str) -> Result<bool, DbError> {
    Ok(connection.prepare_cached(sql)?.exists([key])?)
}
