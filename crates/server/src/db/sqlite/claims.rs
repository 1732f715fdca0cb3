//! Claiming a basket at a shop: all lines or none.

use domain::basket::{Basket, Fulfils};
use domain::hours;
use domain::id::{LocationId, Sku};
use domain::reservation::Handover;
use domain::time::{HOUR_MS, Timestamp};
use rusqlite::{OptionalExtension, Row};

use super::ledger::{self, Terms};
use super::stock;
use super::sweep::free_due;
use super::windows;
use super::writer::WriteTx;
use crate::db::{DbError, Place, Refusal, ReservedLine, ShelfRow};

/// Other shops that a refusal names at most.
const ALTERNATIVES: usize = 5;

/// A basket whose units are claimed.
pub(crate) struct Claimed {
    pub(crate) lines: Vec<ReservedLine>,
    pub(crate) ready_by: Option<Timestamp>,
    pub(crate) window: Option<(Timestamp, Timestamp)>,
    pub(crate) hold_ms: i64,
    pub(crate) hold_expires_at: Timestamp,
}

/// Why nothing was claimed.
pub(crate) enum No {
    /// Something is short; the caller looks at what, after its claims were undone.
    Short,
    Refused(Refusal),
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

/// Claims a basket for a reservation of this number. What was claimed of it is undone where a line is refused.
pub(crate) fn claim_all(
    tx: &mut WriteTx<'_>,
    place: &Place,
    method: Handover,
    basket: &Basket,
    no: i64,
) -> Result<Result<Claimed, Refusal>, DbError> {
    let claimed = match basket.lines() {
        // One line claims or does not: there is nothing to undo.
        [_] if place.window.is_none() => claim_lines(tx, place, method, basket, no),
        _ => tx.attempt(|tx| claim_lines(tx, place, method, basket, no)),
    };
    match claimed {
        Ok(claimed) => Ok(Ok(claimed)),
        Err(No::Short) => short(tx, place, basket).map(Err),
        Err(No::Refused(refusal)) => Ok(Err(refusal)),
        Err(No::Db(error)) => Err(error),
    }
}

fn claim_lines(tx: &mut WriteTx<'_>, place: &Place, method: Handover, basket: &Basket, no: i64) -> Result<Claimed, No> {
    check_pickup(tx, &place.location, method)?;
    let (mut lead_minutes, mut hours) = (0, u32::MAX);
    let mut lines = Vec::with_capacity(basket.lines().len());
    for line in basket.lines() {
        let (mut reserved, category) = product(tx, &line.sku)?;
        let terms = claim(tx, &place.location, &line.sku, line.quantity, no)?;
        lead_minutes = lead_minutes.max(terms.lead_minutes);
        hours = hours.min(place.holds.hours(&place.location, &category));
        reserved.price = terms.price.or(reserved.price);
        (reserved.quantity, reserved.claimed) = (line.quantity, line.quantity);
        lines.push(reserved);
    }
    let now = tx.now();
    let begins = hours::counts_from(now, place.pickup.order_cut_off, &place.timezone);
    let ready_by = hours::ready_by(begins, lead_minutes, place.open.as_deref());
    let hold_ms = i64::from(hours) * HOUR_MS;
    // The time to fetch it begins when it is ready: what is reserved on Saturday night is kept on Monday.
    let hold_expires_at = ready_by.unwrap_or(now).max(now).plus_millis(hold_ms);
    let window =
        place.window.map(|starts_at| window(tx, place, starts_at, ready_by, hold_expires_at, no)).transpose()?;
    Ok(Claimed { lines, ready_by, window, hold_ms, hold_expires_at })
}

/// A place in a pickup window. One thread writes, so that nobody else takes it before this is committed.
fn window(
    tx: &WriteTx<'_>,
    place: &Place,
    starts_at: Timestamp,
    ready_by: Option<Timestamp>,
    hold_expires_at: Timestamp,
    no: i64,
) -> Result<(Timestamp, Timestamp), No> {
    let taken = windows::taken(tx.connection(), &place.location, tx.now(), no)?;
    let earliest = ready_by.ok_or(No::Refused(Refusal::WindowFull))?;
    let open = place.open.as_deref().unwrap_or_default();
    let windows = place.pickup.windows(open, earliest, hold_expires_at, &taken);
    let found = windows.into_iter().find(|window| window.starts_at == starts_at && window.left != Some(0));
    found.map(|window| (window.starts_at, window.ends_at)).ok_or(No::Refused(Refusal::WindowFull))
}

/// Claims past their time are in the way only until somebody looks: they are freed where they would make the difference.
fn claim(tx: &mut WriteTx<'_>, location: &LocationId, sku: &Sku, quantity: u32, no: i64) -> Result<Terms, No> {
    if let Some(terms) = ledger::claim(tx, location, sku, quantity, no)? {
        return Ok(terms);
    }
    if free_due(tx, location, sku)?
        && let Some(terms) = ledger::claim(tx, location, sku, quantity, no)?
    {
        return Ok(terms);
    }
    let shelf = stock::shelf(tx.connection(), location, sku, tx.now())?;
    if shelf.is_some_and(|shelf| !shelf.pickup) {
        return Err(No::Refused(Refusal::NoPickup(Some(sku.clone()))));
    }
    Err(No::Short)
}

fn check_pickup(tx: &WriteTx<'_>, location: &LocationId, method: Handover) -> Result<(), No> {
    let offered: Option<(bool, bool)> = tx
        .connection()
        .prepare_cached("SELECT pickup_in_store, pickup_curbside FROM location WHERE id = ?")?
        .query_row([location.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match (offered, method) {
        (None, _) => Err(No::Refused(Refusal::UnknownLocation)),
        (Some((true, _)), Handover::InStore) | (Some((_, true)), Handover::Curbside) => Ok(()),
        _ => Err(No::Refused(Refusal::NoPickup(None))),
    }
}

/// What a pass shows of a product, with nothing claimed yet, and its category.
fn product(tx: &WriteTx<'_>, sku: &Sku) -> Result<(ReservedLine, String), No> {
    let mut statement = tx.connection().prepare_cached(
        "SELECT title, color, size, price_amount, price_currency, image, category FROM product WHERE sku = ?",
    )?;
    let found = statement.query_row([sku.as_str()], |row| Ok(line(sku, row))).optional()?;
    match found {
        Some(line) => Ok(line?),
        None => Err(No::Refused(Refusal::UnknownProduct(sku.clone()))),
    }
}

fn line(sku: &Sku, row: &Row<'_>) -> Result<(ReservedLine, String), DbError> {
    let (color, size): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
    let variant: Vec<String> = color.into_iter().chain(size).collect();
    let line = ReservedLine {
        sku: sku.clone(),
        quantity: 0,
        claimed: 0,
        collected: 0,
        rejected: 0,
        returned: 0,
        reason: None,
        title: row.get(0)?,
        variant: (!variant.is_empty()).then(|| variant.join(", ")),
        price: stock::money(row, 3, 4)?,
        image: row.get(5)?,
    };
    Ok((line, row.get(6)?))
}

/// Every line that is short here, and who could serve the basket instead.
fn short(tx: &WriteTx<'_>, place: &Place, basket: &Basket) -> Result<Refusal, DbError> {
    let now = tx.now();
    let skus: Vec<Sku> = basket.lines().iter().map(|line| line.sku.clone()).collect();
    let mut lines = Vec::new();
    for line in basket.lines() {
        let shelf = stock::shelf(tx.connection(), &place.location, &line.sku, now)?;
        if shelf.as_ref().map_or(0, ShelfRow::units) < i64::from(line.quantity) {
            lines.push((line.clone(), shelf));
        }
    }
    let others = place.others.find();
    let shelves = stock::shelves(tx.connection(), &others, &skus, now)?;
    let units = |location: &LocationId, sku: &Sku| {
        let row = shelves.iter().find(|row| row.location == *location && row.sku == *sku && row.pickup);
        row.map_or(0, ShelfRow::units)
    };
    let serving = others.iter().filter_map(|location| {
        let (fulfils, _) = basket.served_by(|sku| units(location, sku));
        (fulfils != Fulfils::None).then(|| (location.clone(), fulfils))
    });
    Ok(Refusal::Short { as_of: now, lines, alternatives: serving.take(ALTERNATIVES).collect() })
}
