//! The two counters of a shelf and the ledger of everything that moved them: one function moves, and it writes both.

use domain::id::{LocationId, Sku};
use domain::money::Money;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::stock;
use super::writer::WriteTx;
use crate::db::DbError;

/// Why a counter moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Units were promised.
    Reserve,
    /// A promise was taken back before anybody picked.
    Release,
    /// A promise ran out.
    Expire,
    /// Goods left the shop.
    Collect,
    /// Picked goods went back to the shelf.
    PutBack,
    /// Goods came back from a shopper.
    Return,
    /// The shop could not keep the promise.
    Reject,
    /// Somebody counted.
    Count,
    /// Units came or went.
    Adjust,
    /// A feed said so.
    Import,
    /// The reconciler's repair.
    Repair,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Reserve => "reserve",
            Kind::Release => "release",
            Kind::Expire => "expire",
            Kind::Collect => "collect",
            Kind::PutBack => "put_back",
            Kind::Return => "return",
            Kind::Reject => "reject",
            Kind::Count => "count",
            Kind::Adjust => "adjust",
            Kind::Import => "import",
            Kind::Repair => "repair",
        }
    }
}

/// One movement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Movement<'a> {
    pub(crate) kind: Kind,
    pub(crate) location: &'a LocationId,
    pub(crate) sku: &'a Sku,
    /// Units that came (or went, where negative).
    pub(crate) on_hand: i64,
    /// Units that were promised (or no longer are, where negative).
    pub(crate) reserved: i64,
    /// `reservation.no`, where it was for one.
    pub(crate) reservation: Option<i64>,
    /// The token or source behind it; `None` for the shopper and for time.
    pub(crate) actor: Option<&'a str>,
}

/// A shelf's counters after a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) on_hand: Option<i64>,
    pub(crate) reserved: i64,
    pub(crate) version: u64,
}

/// What a shelf says to somebody whose claim was taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) lead_minutes: u32,
    /// What one costs there, where the shop says so.
    pub(crate) price: Option<Money>,
}

/// Moves a shelf's counters. The version grows only with `on_hand`: who compares and swaps a count is not told off for
/// somebody's reservation.
pub(crate) fn post(tx: &mut WriteTx<'_>, movement: &Movement<'_>) -> Result<After, DbError> {
    let after = tx
        .connection()
        .prepare_cached(
            "UPDATE stock SET on_hand = on_hand + :on_hand, reserved = reserved + :reserved,
                              version = version + (:on_hand <> 0)
              WHERE location_id = :location AND sku = :sku RETURNING on_hand, reserved, version",
        )?
        .query_row(
            named_params! {
                ":on_hand": movement.on_hand, ":reserved": movement.reserved,
                ":location": movement.location.as_str(), ":sku": movement.sku.as_str(),
            },
            |row| Ok(After { on_hand: row.get(0)?, reserved: row.get(1)?, version: row.get(2)? }),
        )
        .optional()?
        .ok_or_else(|| DbError::Failed(format!("there is no shelf {} {}", movement.location, movement.sku)))?;
    record(tx, movement, after)?;
    tx.touch(movement.location, movement.sku);
    Ok(after)
}

/// Claims units, if so many may be promised at this very moment: the number of rows is the verdict. Claims past their time
/// still count here, so that a yes is always right; the caller frees them and asks again where the answer is no.
pub(crate) fn claim(
    tx: &mut WriteTx<'_>,
    location: &LocationId,
    sku: &Sku,
    quantity: u32,
    reservation: i64,
) -> Result<Option<Terms>, DbError> {
    // The table's second wall would stop a counter below zero, but not one above what is there: this condition is it.
    const CLAIM: &str = "UPDATE stock SET reserved = reserved + :quantity
          WHERE location_id = :location AND sku = :sku AND pickup = 1
            AND on_hand - safety_stock - reserved >= :quantity
      RETURNING on_hand, reserved, version, lead_minutes, price_amount, price_currency, sale_amount";
    const BLIND: &str = "UPDATE stock SET reserved = reserved + :quantity
          WHERE location_id = :location AND sku = :sku
      RETURNING on_hand, reserved, version, lead_minutes, price_amount, price_currency, sale_amount";
    let sql = if tx.chaos().blind_claims() { BLIND } else { CLAIM };
    let claimed = tx
        .connection()
        .prepare_cached(sql)?
        .query_row(
            named_params! { ":quantity": quantity, ":location": location.as_str(), ":sku": sku.as_str() },
            |row| {
                let after = After { on_hand: row.get(0)?, reserved: row.get(1)?, version: row.get(2)? };
                Ok((after, row.get(3)?, stock::pays(row, 4)))
            },
        )
        .optional()?;
    let Some((after, lead_minutes, price)) = claimed else { return Ok(None) };
    let movement = Movement {
        kind: Kind::Reserve,
        location,
        sku,
        on_hand: 0,
        reserved: i64::from(quantity),
        reservation: Some(reservation),
        actor: None,
    };
    record(tx, &movement, after)?;
    tx.touch(location, sku);
    Ok(Some(Terms { lead_minutes, price: price? }))
}

fn record(tx: &WriteTx<'_>, movement: &Movement<'_>, after: After) -> Result<(), DbError> {
    if tx.chaos().no_ledger() {
        return Ok(());
    }
    let change = after.on_hand.map(|_| movement.on_hand);
    write(tx.connection(), tx.now(), movement, change, after)
}

/// Writes a row of the ledger for counters that the caller has moved. `change` is `None` where the count before or after is
/// not known.
pub(crate) fn write(
    connection: &Connection,
    now: Timestamp,
    movement: &Movement<'_>,
    change: Option<i64>,
    after: After,
) -> Result<(), DbError> {
    connection
        .prepare_cached(
            "INSERT INTO ledger (at, location_id, sku, kind, on_hand_change, on_hand, reserved_change, reserved,
                                 reservation_no, actor)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            now.millis(),
            movement.location.as_str(),
            movement.sku.as_str(),
            movement.kind.as_str(),
            change,
            after.on_hand,
            movement.reserved,
            after.reserved,
            movement.reservation,
            movement.actor,
        ])?;
    Ok(())
}

/// Writes the row of an import that has just changed what is on hand.
pub(crate) fn imported(
    connection: &Connection,
    as_of: i64,
    (location, sku): (&str, &str),
    change: Option<i64>,
    actor: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO ledger (at, location_id, sku, kind, on_hand_change, on_hand, reserved_change, reserved, actor)
             SELECT ?1, location_id, sku, ?4, ?5, on_hand, 0, reserved, ?6 FROM stock WHERE location_id = ?2 AND sku = ?3",
        )?
        .execute(params![as_of, location, sku, Kind::Import.as_str(), change, actor])?;
    Ok(())
}
