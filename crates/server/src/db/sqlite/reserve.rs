//! Making a reservation: decided by the database in the statement that claims the units.

use domain::reservation::{PickupCode, Status};
use domain::time::Timestamp;
use rusqlite::params;

use super::claims::{self, Claimed};
use super::limits;
use super::once::once;
use super::reservations::method_word;
use super::writer::WriteTx;
use crate::db::{DbError, Once, Refusal, ReservationRow, Reserve, ReserveVerdict, ReservedLine, StoredAnswer};
use crate::random;

/// Tries to find a pickup code that is free at the shop; with 17 million codes the first one nearly always is.
const CODE_TRIES: usize = 32;

/// Carries out a wish once: an earlier answer under the same key is given again.
pub(crate) fn reserve(
    tx: &mut WriteTx<'_>,
    wish: &Reserve,
    answer: impl FnOnce(&ReserveVerdict) -> Option<StoredAnswer>,
) -> Result<Once<ReserveVerdict>, DbError> {
    once(tx, &wish.idempotency, |tx| decide(tx, wish), answer)
}

fn decide(tx: &mut WriteTx<'_>, wish: &Reserve) -> Result<ReserveVerdict, DbError> {
    if let Some(limit) = limits::broken(tx, &wish.limits, &wish.basket)? {
        return Ok(ReserveVerdict::No(Refusal::LimitReached(limit)));
    }
    // One thread writes, so the next number is free until this transaction is over.
    let no = tx
        .connection()
        .prepare_cached("SELECT COALESCE(MAX(no), 0) + 1 FROM reservation")?
        .query_row([], |row| row.get(0))?;
    match claims::claim_all(tx, &wish.place, wish.method, &wish.basket, no)? {
        Err(refusal) => Ok(ReserveVerdict::No(refusal)),
        Ok(claimed) => {
            let row = insert(tx, wish, no, claimed)?;
            limits::remember(tx, &wish.limits.claimants, no)?;
            Ok(ReserveVerdict::Held(Box::new(row)))
        }
    }
}

fn insert(tx: &WriteTx<'_>, wish: &Reserve, no: i64, claimed: Claimed) -> Result<ReservationRow, DbError> {
    let now = tx.now();
    let mut row = ReservationRow {
        no,
        id: wish.id.clone(),
        code: String::new(),
        status: Status::Held,
        location: wish.place.location.clone(),
        method: wish.method,
        created_at: now,
        changed_at: now,
        hold_expires_at: claimed.hold_expires_at,
        hold_ms: claimed.hold_ms,
        extended: false,
        ready_by: claimed.ready_by,
        window: claimed.window,
        token_hash: wish.token_hash,
        collector: wish.collector.clone().unwrap_or_else(|| wish.contact.name().to_owned()),
        arrival: None,
        attribution: wish.attribution.clone(),
        promo_codes: wish.promo_codes.clone(),
        lines: claimed.lines,
    };
    row.code = insert_reservation(tx, &row, wish)?;
    insert_contact(tx, wish, no)?;
    for line in &row.lines {
        insert_hold(tx, &row, line)?;
    }
    Ok(row)
}

/// Writes the reservation under a code that no other active one of its shop has, and answers the code.
fn insert_reservation(tx: &WriteTx<'_>, row: &ReservationRow, wish: &Reserve) -> Result<String, DbError> {
    // The conflict is named by its columns, so that any other one is still an error.
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO reservation (no, id, code, status, location_id, method, created_at, changed_at, hold_expires_at,
                                  hold_ms, ready_by, token_hash, promo_codes, attribution, pickup_from, pickup_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (location_id, code) WHERE status IN ('held', 'accepted', 'picking', 'ready') DO NOTHING",
    )?;
    for _ in 0..CODE_TRIES {
        let code = random_code()?;
        let inserted = statement.execute(params![
            row.no,
            row.id.as_str(),
            code,
            row.status.as_str(),
            row.location.as_str(),
            method_word(row.method),
            row.created_at.millis(),
            row.hold_expires_at.millis(),
            row.hold_ms,
            row.ready_by.map(Timestamp::millis),
            row.token_hash.as_slice(),
            wish.promo_codes,
            wish.attribution,
            row.window.map(|(from, _)| from.millis()),
            row.window.map(|(_, until)| until.millis()),
        ])?;
        if inserted == 1 {
            return Ok(code);
        }
    }
    Err(no_code())
}

/// A code drawn at random.
pub(crate) fn random_code() -> Result<String, DbError> {
    let random = random::bytes().map_err(|error| DbError::Failed(error.to_string()))?;
    Ok(PickupCode::from_random(random).to_string())
}

/// Gives a reservation that moved to another shop a code that is free there.
pub(crate) fn redraw_code(tx: &WriteTx<'_>, row: &mut ReservationRow) -> Result<(), DbError> {
    let mut statement = tx.connection().prepare_cached(
        "SELECT 1 FROM reservation WHERE location_id = ?1 AND code = ?2 AND no <> ?3
            AND status IN ('held', 'accepted', 'picking', 'ready')",
    )?;
    for _ in 0..CODE_TRIES {
        if !statement.exists(params![row.location.as_str(), row.code, row.no])? {
            return Ok(());
        }
        row.code = random_code()?;
    }
    Err(no_code())
}

fn no_code() -> DbError {
    DbError::Unavailable("no pickup code is free at the shop".to_owned())
}

fn insert_contact(tx: &WriteTx<'_>, wish: &Reserve, no: i64) -> Result<(), DbError> {
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO reservation_contact (reservation_no, name, email, phone, collector, consents)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let contact = &wish.contact;
    let values = (no, contact.name(), contact.email(), contact.phone(), &wish.collector, &wish.consents);
    statement.execute(values)?;
    Ok(())
}

fn insert_hold(tx: &WriteTx<'_>, row: &ReservationRow, line: &ReservedLine) -> Result<(), DbError> {
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO hold (reservation_no, sku, location_id, quantity, claimed, expires_at, title, variant, price_amount,
                           price_currency, image)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    statement.execute(params![
        row.no,
        line.sku.as_str(),
        row.location.as_str(),
        line.quantity,
        row.hold_expires_at.millis(),
        line.title,
        line.variant,
        line.price.map(|price| price.amount),
        line.price.as_ref().map(|price| price.currency.as_str()),
        line.image,
    ])?;
    Ok(())
}
