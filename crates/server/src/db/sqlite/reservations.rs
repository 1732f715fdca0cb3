//! Reservations as they stand in the tables.

use domain::id::{LocationId, ReservationId};
use domain::reservation::{Handover, Status};
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::stock::{id, instant, money};
use super::writer::WriteTx;
use crate::db::{DbError, ReservationRow, ReservedLine};

macro_rules! head_columns {
    () => {
        "r.no, r.id, r.code, r.status, r.location_id, r.method, r.created_at, r.changed_at, r.hold_expires_at, r.hold_ms,
         r.extended, r.ready_by, r.token_hash, COALESCE(c.collector, c.name, ''), r.arrival,
         r.pickup_from, r.pickup_until, r.attribution, r.promo_codes"
    };
}

/// A reservation with its lines.
pub(crate) fn load(connection: &Connection, name: &ReservationId) -> Result<Option<ReservationRow>, DbError> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        head_columns!(),
        " FROM reservation r LEFT JOIN reservation_contact c ON c.reservation_no = r.no WHERE r.id = ?"
    ))?;
    let Some(read) = statement.query_row([name.as_str()], |row| Ok(head(row))).optional()? else { return Ok(None) };
    let mut reservation = read?;
    reservation.lines = lines(connection, reservation.no)?;
    Ok(Some(reservation))
}

/// What a shop has to do something about: active reservations, and goods at the desk that nobody will take any more;
/// oldest first, at most `limit`.
pub(crate) fn tasks(
    connection: &Connection,
    location: &LocationId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<ReservationRow>, DbError> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        head_columns!(),
        " FROM reservation r LEFT JOIN reservation_contact c ON c.reservation_no = r.no
         WHERE r.no IN (
            SELECT no FROM reservation WHERE location_id = ?1 AND status IN ('held', 'accepted', 'picking', 'ready')
               AND NOT (status IN ('held', 'accepted') AND hold_expires_at <= ?2)
            UNION
            SELECT reservation_no FROM hold WHERE location_id = ?1 AND claimed > 0 AND expires_at IS NULL)
         ORDER BY r.no LIMIT ?3"
    ))?;
    let mut rows = statement.query(params![location.as_str(), now.millis(), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(head(row)?);
    }
    for reservation in &mut found {
        reservation.lines = lines(connection, reservation.no)?;
    }
    Ok(found)
}

fn lines(connection: &Connection, no: i64) -> Result<Vec<ReservedLine>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT sku, quantity, claimed, collected, rejected, returned, reason, title, variant, price_amount,
                price_currency, image
           FROM hold WHERE reservation_no = ? ORDER BY sku",
    )?;
    let mut rows = statement.query([no])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(ReservedLine {
            sku: id(row.get(0)?)?,
            quantity: row.get(1)?,
            claimed: row.get(2)?,
            collected: row.get(3)?,
            rejected: row.get(4)?,
            returned: row.get(5)?,
            reason: row.get(6)?,
            title: row.get(7)?,
            variant: row.get(8)?,
            price: money(row, 9, 10)?,
            image: row.get(11)?,
        });
    }
    Ok(lines)
}

fn head(row: &Row<'_>) -> Result<ReservationRow, DbError> {
    let (status, method): (String, String) = (row.get(3)?, row.get(5)?);
    let ready_by: Option<i64> = row.get(11)?;
    let (from, until): (Option<i64>, Option<i64>) = (row.get(15)?, row.get(16)?);
    Ok(ReservationRow {
        no: row.get(0)?,
        id: id(row.get(1)?)?,
        code: row.get(2)?,
        status: word(&status)?,
        location: id(row.get(4)?)?,
        method: parse(&method)?,
        created_at: instant(row, 6)?,
        changed_at: instant(row, 7)?,
        hold_expires_at: instant(row, 8)?,
        hold_ms: row.get(9)?,
        extended: row.get(10)?,
        ready_by: ready_by.map(Timestamp::from_millis),
        window: from.zip(until).map(|(from, until)| (Timestamp::from_millis(from), Timestamp::from_millis(until))),
        token_hash: row.get(12)?,
        collector: row.get(13)?,
        arrival: row.get(14)?,
        attribution: row.get(17)?,
        promo_codes: row.get(18)?,
        lines: Vec::new(),
    })
}

/// The state behind a stored word.
pub(crate) fn word(text: &str) -> Result<Status, DbError> {
    match parse(text)? {
        Status::Unknown => Err(DbError::Failed(format!("the stored state {text:?} is not known"))),
        status => Ok(status),
    }
}

/// The words of the database are those of the domain's JSON.
fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbError> {
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

/// Writes what a deed may have changed of a reservation itself; its lines are written where they move.
pub(crate) fn save(tx: &WriteTx<'_>, row: &ReservationRow) -> Result<(), DbError> {
    let mut statement = tx.connection().prepare_cached(
        "UPDATE reservation SET status = ?2, location_id = ?3, code = ?4, changed_at = ?5, hold_expires_at = ?6,
                                hold_ms = ?7, extended = ?8, ready_by = ?9, arrival = ?10, pickup_from = ?11,
                                pickup_until = ?12
          WHERE no = ?1",
    )?;
    statement.execute(params![
        row.no,
        row.status.as_str(),
        row.location.as_str(),
        row.code,
        row.changed_at.millis(),
        row.hold_expires_at.millis(),
        row.hold_ms,
        row.extended,
        row.ready_by.map(Timestamp::millis),
        row.arrival,
        row.window.map(|(from, _)| from.millis()),
        row.window.map(|(_, until)| until.millis()),
    ])?;
    Ok(())
}
