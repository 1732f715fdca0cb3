//! Reservations that exist: reading and giving back.

use domain::id::ReservationId;
use domain::reservation::{Action, Handover, Status};
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use subtle::ConstantTimeEq;

use super::stock::{id, instant, money};
use super::writer::WriteTx;
use crate::db::{Cancelled, DbError, ReservationRow, ReservedLine};

/// A reservation with its lines.
pub(crate) fn load(connection: &Connection, name: &ReservationId) -> Result<Option<ReservationRow>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.id, r.code, r.status, r.location_id, r.method, r.created_at, r.hold_expires_at, r.ready_by, r.token_hash,
                COALESCE(c.collector, c.name, '')
           FROM reservation r LEFT JOIN reservation_contact c ON c.reservation_id = r.id
          WHERE r.id = ?",
    )?;
    let Some(read) = statement.query_row([name.as_str()], |row| Ok(head(row))).optional()? else { return Ok(None) };
    let mut reservation = read?;
    let mut statement = connection.prepare_cached(
        "SELECT sku, quantity, title, variant, price_amount, price_currency, image
           FROM hold WHERE reservation_id = ? ORDER BY sku",
    )?;
    let mut rows = statement.query([name.as_str()])?;
    while let Some(row) = rows.next()? {
        reservation.lines.push(ReservedLine {
            sku: id(row.get(0)?)?,
            quantity: row.get(1)?,
            title: row.get(2)?,
            variant: row.get(3)?,
            price: money(row, 4, 5)?,
            image: row.get(6)?,
        });
    }
    Ok(Some(reservation))
}

fn head(row: &Row<'_>) -> Result<ReservationRow, DbError> {
    let (status, method): (String, String) = (row.get(2)?, row.get(4)?);
    let ready_by: Option<i64> = row.get(7)?;
    Ok(ReservationRow {
        id: id(row.get(0)?)?,
        code: row.get(1)?,
        status: word(&status)?,
        location: id(row.get(3)?)?,
        method: word(&method)?,
        created_at: instant(row, 5)?,
        hold_expires_at: instant(row, 6)?,
        ready_by: ready_by.map(Timestamp::from_millis),
        token_hash: row.get(8)?,
        collector: row.get(9)?,
        lines: Vec::new(),
    })
}

/// The words of the database are those of the domain's JSON.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbError> {
    serde_json::from_value(serde_json::Value::from(text))
        .map_err(|_| DbError::Failed(format!("the stored word {text:?} is not known")))
}

/// The word under which a way of handing over is stored.
pub(crate) fn method_word(method: Handover) -> &'static str {
    match method {
        Handover::InStore => "in_store",
        Handover::Curbside => "curbside",
    }
}

/// Gives everything back. Whoever has the wrong secret learns nothing, not even whether the reservation exists.
pub(crate) fn cancel(tx: &mut WriteTx<'_>, name: &ReservationId, token_hash: &[u8; 32]) -> Result<Cancelled, DbError> {
    let now = tx.now();
    let Some(mut reservation) = load(tx.connection(), name)? else { return Ok(Cancelled::NotFound) };
    if !bool::from(reservation.token_hash.ct_eq(token_hash)) {
        return Ok(Cancelled::NotFound);
    }
    match reservation.status.at(now, reservation.hold_expires_at).after(Action::Cancel) {
        Err(refused) => return Ok(Cancelled::NotPossible(refused)),
        Ok(_) if reservation.status == Status::Cancelled => return Ok(Cancelled::Done(Box::new(reservation))),
        Ok(status) => reservation.status = status,
    }
    tx.connection()
        .prepare_cached("UPDATE reservation SET status = ?2 WHERE id = ?1")?
        .execute(params![name.as_str(), reservation.status.as_str()])?;
    tx.connection()
        .prepare_cached("UPDATE hold SET released_at = ?2 WHERE reservation_id = ?1 AND released_at IS NULL")?
        .execute(params![name.as_str(), now.millis()])?;
    for line in &reservation.lines {
        tx.touch(&reservation.location, &line.sku);
    }
    Ok(Cancelled::Done(Box::new(reservation)))
}
