//! Making a reservation: all lines or none, decided by the database in the statement that writes them.

use std::collections::HashMap;

use domain::basket::{Fulfils, Line};
use domain::hours;
use domain::id::{LocationId, Sku};
use domain::reservation::{Handover, PickupCode, Status};
use domain::time::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};

use super::reservations::method_word;
use super::stock;
use super::writer::WriteTx;
use crate::db::{
    DbError, IdempotencyKey, ProductRow, ReservationRow, Reserve, ReserveVerdict, Reserved, ReservedLine, ShelfRow,
    StoredAnswer,
};
use crate::random;

/// Other shops that a refusal names at most.
const ALTERNATIVES: usize = 5;
/// Tries to find a pickup code that is free at the shop; with 17 million codes the first one nearly always is.
const CODE_TRIES: usize = 32;

/// Carries out a wish once: an earlier answer under the same key is given again.
pub(crate) fn reserve(
    tx: &mut WriteTx<'_>,
    wish: &Reserve,
    answer: impl FnOnce(&ReserveVerdict) -> Option<StoredAnswer>,
) -> Result<Reserved, DbError> {
    if let Some((fingerprint, answer)) = earlier(tx, &wish.idempotency)? {
        let same = fingerprint == wish.idempotency.fingerprint;
        return Ok(if same { Reserved::Answer { answer, replayed: true } } else { Reserved::KeyReused });
    }
    // Holds are undone where the verdict is no; the answer is remembered either way, in the same commit.
    let verdict = match tx.attempt(|tx| hold_all(tx, wish)) {
        Ok(reservation) => ReserveVerdict::Held(Box::new(reservation)),
        Err(No::Short) => short(tx, wish)?,
        Err(No::Verdict(verdict)) => verdict,
        Err(No::Db(error)) => return Err(error),
    };
    let Some(answer) = answer(&verdict) else { return Ok(Reserved::Refused(verdict)) };
    remember(tx, &wish.idempotency, &answer)?;
    Ok(Reserved::Answer { answer, replayed: false })
}

enum No {
    Short,
    Verdict(ReserveVerdict),
    Db(DbError),
}

impl From<DbError> for No {
    fn from(error: DbError) -> Self {
        No::Db(error)
    }
}

impl From<rusqlite::Error> for No {
    fn from(error: rusqlite::Error) -> Self {
        No::Db(error.into())
    }
}

fn hold_all(tx: &mut WriteTx<'_>, wish: &Reserve) -> Result<ReservationRow, No> {
    let now = tx.now();
    check_pickup(tx, wish)?;
    let mut lead_minutes = 0;
    let mut lines = Vec::new();
    for line in wish.basket.lines() {
        let product = product(tx, &line.sku)?;
        let shelf = stock::shelf_without_holds(tx.connection(), &wish.location, &line.sku)?;
        if shelf.as_ref().is_some_and(|shelf| !shelf.pickup) {
            return Err(No::Verdict(ReserveVerdict::NoPickup(Some(line.sku.clone()))));
        }
        lead_minutes = lead_minutes.max(shelf.as_ref().map_or(0, |shelf| shelf.lead_minutes));
        lines.push(reserved_line(line, product, shelf.as_ref()));
    }
    let ready_by = hours::ready_by(now, lead_minutes, wish.open.as_deref());
    let mut reservation = ReservationRow {
        id: wish.id.clone(),
        code: String::new(),
        status: Status::Held,
        location: wish.location.clone(),
        method: wish.method,
        created_at: now,
        // The time to fetch it begins when it is ready: what is reserved on Saturday night is kept on Monday.
        hold_expires_at: ready_by.unwrap_or(now).max(now).plus_millis(wish.hold_ms),
        ready_by,
        token_hash: wish.token_hash,
        collector: wish.collector.clone().unwrap_or_else(|| wish.contact.name().to_owned()),
        lines,
    };
    reservation.code = insert_reservation(tx, &reservation, wish)?;
    insert_contact(tx, wish)?;
    for line in &reservation.lines {
        insert_hold(tx, &reservation, line)?;
        tx.touch(&reservation.location, &line.sku);
    }
    Ok(reservation)
}

fn check_pickup(tx: &WriteTx<'_>, wish: &Reserve) -> Result<(), No> {
    let offered: Option<(bool, bool)> = tx
        .connection()
        .prepare_cached("SELECT pickup_in_store, pickup_curbside FROM location WHERE id = ?")?
        .query_row([wish.location.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match (offered, wish.method) {
        (None, _) => Err(No::Verdict(ReserveVerdict::UnknownLocation)),
        (Some((true, _)), Handover::InStore) | (Some((_, true)), Handover::Curbside) => Ok(()),
        _ => Err(No::Verdict(ReserveVerdict::NoPickup(None))),
    }
}

fn product(tx: &WriteTx<'_>, sku: &Sku) -> Result<ProductRow, No> {
    let found = super::catalog::product_by_sku(tx.connection(), sku)?;
    found.ok_or_else(|| No::Verdict(ReserveVerdict::UnknownProduct(sku.clone())))
}

fn reserved_line(line: &Line, product: ProductRow, shelf: Option<&ShelfRow>) -> ReservedLine {
    let variant: Vec<String> = [product.color, product.size].into_iter().flatten().collect();
    ReservedLine {
        sku: line.sku.clone(),
        quantity: line.quantity,
        title: product.title,
        variant: (!variant.is_empty()).then(|| variant.join(", ")),
        price: shelf.and_then(ShelfRow::pays).or(product.price),
        image: product.image,
    }
}

/// The verdict is the number of rows: the claim is written only where enough is free at this very moment.
fn insert_hold(tx: &WriteTx<'_>, reservation: &ReservationRow, line: &ReservedLine) -> Result<(), No> {
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO hold (reservation_id, sku, location_id, quantity, expires_at, title, variant, price_amount,
                           price_currency, image)
         SELECT :reservation, s.sku, s.location_id, :quantity, :expires, :title, :variant, :amount, :currency, :image
           FROM stock s
          WHERE s.location_id = :location AND s.sku = :sku AND s.pickup = 1
            AND s.on_hand - s.safety_stock
                - (SELECT COALESCE(SUM(h.quantity), 0) FROM hold h
                    WHERE h.location_id = s.location_id AND h.sku = s.sku
                      AND h.released_at IS NULL AND h.expires_at > :now) >= :quantity",
    )?;
    let inserted = statement.execute(named_params! {
        ":reservation": reservation.id.as_str(),
        ":quantity": line.quantity,
        ":expires": reservation.hold_expires_at.millis(),
        ":title": line.title,
        ":variant": line.variant,
        ":amount": line.price.map(|price| price.amount),
        ":currency": line.price.map(|price| price.currency.to_string()),
        ":image": line.image,
        ":location": reservation.location.as_str(),
        ":sku": line.sku.as_str(),
        ":now": reservation.created_at.millis(),
    })?;
    if inserted == 1 { Ok(()) } else { Err(No::Short) }
}

/// Writes the reservation under a code that no other active one of its shop has, and answers the code.
fn insert_reservation(tx: &WriteTx<'_>, reservation: &ReservationRow, wish: &Reserve) -> Result<String, No> {
    // The conflict is named by its columns, so that any other one is still an error.
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO reservation (id, code, status, location_id, method, created_at, hold_expires_at, ready_by, token_hash,
                                  promo_codes, attribution)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (location_id, code) WHERE status IN ('held', 'accepted', 'picking', 'ready') DO NOTHING",
    )?;
    for _ in 0..CODE_TRIES {
        let random = random::bytes().map_err(|error| DbError::Failed(error.to_string()))?;
        let code = PickupCode::from_random(random).to_string();
        let inserted = statement.execute(params![
            reservation.id.as_str(),
            code,
            reservation.status.as_str(),
            reservation.location.as_str(),
            method_word(reservation.method),
            reservation.created_at.millis(),
            reservation.hold_expires_at.millis(),
            reservation.ready_by.map(Timestamp::millis),
            reservation.token_hash.as_slice(),
            wish.promo_codes,
            wish.attribution,
        ])?;
        if inserted == 1 {
            return Ok(code);
        }
    }
    Err(No::Db(DbError::Unavailable("no pickup code is free at the shop".to_owned())))
}

fn insert_contact(tx: &WriteTx<'_>, wish: &Reserve) -> Result<(), No> {
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO reservation_contact (reservation_id, name, email, phone, collector, consents)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let contact = &wish.contact;
    let values = (wish.id.as_str(), contact.name(), contact.email(), contact.phone(), &wish.collector, &wish.consents);
    statement.execute(values)?;
    Ok(())
}

/// Every line that is short here, and who could serve the basket instead.
fn short(tx: &WriteTx<'_>, wish: &Reserve) -> Result<ReserveVerdict, DbError> {
    let now = tx.now();
    let mut lines = Vec::new();
    for line in wish.basket.lines() {
        let shelf = stock::shelf(tx.connection(), &wish.location, &line.sku, now)?;
        if shelf.as_ref().map_or(0, ShelfRow::units) < i64::from(line.quantity) {
            lines.push((line.clone(), shelf));
        }
    }
    let mut alternatives = Vec::new();
    for location in &wish.others {
        if alternatives.len() == ALTERNATIVES {
            break;
        }
        let fulfils = serves(tx, wish, location)?;
        if fulfils != Fulfils::None {
            alternatives.push((location.clone(), fulfils));
        }
    }
    Ok(ReserveVerdict::Short { as_of: now, lines, alternatives })
}

fn serves(tx: &WriteTx<'_>, wish: &Reserve, location: &LocationId) -> Result<Fulfils, DbError> {
    let mut units = HashMap::new();
    for line in wish.basket.lines() {
        let shelf = stock::shelf(tx.connection(), location, &line.sku, tx.now())?;
        units.insert(line.sku.clone(), shelf.filter(|shelf| shelf.pickup).map_or(0, |shelf| shelf.units()));
    }
    Ok(wish.basket.served_by(|sku| units.get(sku).copied().unwrap_or(0)).0)
}

fn earlier(tx: &WriteTx<'_>, key: &IdempotencyKey) -> Result<Option<([u8; 32], StoredAnswer)>, DbError> {
    let mut statement = tx.connection().prepare_cached(
        "SELECT fingerprint, status, location, body FROM idempotency WHERE principal = ?1 AND key = ?2",
    )?;
    let found = statement.query_row(params![key.principal, key.key], |row| {
        Ok((row.get(0)?, StoredAnswer { status: row.get(1)?, location: row.get(2)?, body: row.get(3)? }))
    });
    Ok(found.optional()?)
}

fn remember(tx: &WriteTx<'_>, key: &IdempotencyKey, answer: &StoredAnswer) -> Result<(), DbError> {
    let mut statement = tx.connection().prepare_cached(
        "INSERT INTO idempotency (principal, key, fingerprint, status, location, body, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let fingerprint = key.fingerprint.as_slice();
    let created = tx.now().millis();
    statement.execute(params![
        key.principal,
        key.key,
        fingerprint,
        answer.status,
        answer.location,
        answer.body,
        created
    ])?;
    Ok(())
}
