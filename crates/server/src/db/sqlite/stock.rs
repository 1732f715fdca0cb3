//! Shelves: what is there, and what active holds claim of it.

use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, named_params};

use crate::db::{DbError, ShelfRow};

/// Columns of a shelf `s`. A hold counts only while it stands and its time is not over: no sweeper has to come first.
macro_rules! shelf_columns {
    () => {
        "s.location_id, s.sku, s.on_hand, s.safety_stock, s.version, s.price_amount, s.price_currency, s.sale_amount,
         s.pickup, s.lead_minutes, s.aisle, s.counted_at,
         (SELECT COALESCE(SUM(h.quantity), 0) FROM hold h
           WHERE h.location_id = s.location_id AND h.sku = s.sku
             AND h.released_at IS NULL AND h.expires_at > :now)"
    };
}

/// These products at these shops, where they are carried.
pub(crate) fn shelves(
    connection: &Connection,
    locations: &[LocationId],
    skus: &[Sku],
    now: Timestamp,
) -> Result<Vec<ShelfRow>, DbError> {
    // CROSS JOIN keeps the order of the loops: one look-up by primary key for each pair.
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        shelf_columns!(),
        " FROM json_each(:locations) l CROSS JOIN json_each(:skus) p
          CROSS JOIN stock s ON s.location_id = l.value AND s.sku = p.value"
    ))?;
    let json = |texts: Vec<&str>| serde_json::Value::from(texts).to_string();
    let locations = json(locations.iter().map(LocationId::as_str).collect());
    let skus = json(skus.iter().map(Sku::as_str).collect());
    let values = named_params! { ":locations": locations, ":skus": skus, ":now": now.millis() };
    rows(statement.query(values)?)
}

/// All shelves of a shop.
pub(crate) fn shelves_of(
    connection: &Connection,
    location: &LocationId,
    now: Timestamp,
) -> Result<Vec<ShelfRow>, DbError> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        shelf_columns!(),
        " FROM stock s WHERE s.location_id = :location"
    ))?;
    rows(statement.query(named_params! { ":location": location.as_str(), ":now": now.millis() })?)
}

/// One shelf.
pub(crate) fn shelf(
    connection: &Connection,
    location: &LocationId,
    sku: &Sku,
    now: Timestamp,
) -> Result<Option<ShelfRow>, DbError> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        shelf_columns!(),
        " FROM stock s WHERE s.location_id = :location AND s.sku = :sku"
    ))?;
    let values = named_params! { ":location": location.as_str(), ":sku": sku.as_str(), ":now": now.millis() };
    Ok(rows(statement.query(values)?)?.pop())
}

/// One shelf as if nothing were held: no hold lasts for ever, so there is none to add up. On a shelf with thousands of
/// holds that is most of the work, and whoever wants to know how a product is handed over need not pay for it.
pub(crate) fn shelf_without_holds(
    connection: &Connection,
    location: &LocationId,
    sku: &Sku,
) -> Result<Option<ShelfRow>, DbError> {
    shelf(connection, location, sku, Timestamp::from_millis(i64::MAX))
}

fn rows(mut rows: rusqlite::Rows<'_>) -> Result<Vec<ShelfRow>, DbError> {
    let mut shelves = Vec::new();
    while let Some(row) = rows.next()? {
        shelves.push(read(row)?);
    }
    Ok(shelves)
}

fn read(row: &Row<'_>) -> Result<ShelfRow, DbError> {
    let price = money(row, 5, 6)?;
    let sale: Option<i64> = row.get(7)?;
    let sale = price.zip(sale).filter(|(price, sale)| sale < &price.amount);
    Ok(ShelfRow {
        location: id(row.get(0)?)?,
        sku: id(row.get(1)?)?,
        shelf: Shelf { on_hand: row.get(2)?, safety_stock: row.get(3)?, held: row.get(12)? },
        version: row.get(4)?,
        price,
        sale: sale.map(|(price, amount)| Money { amount, ..price }),
        pickup: row.get(8)?,
        lead_minutes: row.get(9)?,
        aisle: row.get(10)?,
        counted_at: instant(row, 11)?,
    })
}

/// A code that came out of the database. A bad one was written by somebody else and is a fault, not an input.
pub(crate) fn id<T: TryFrom<String, Error = domain::id::BadId>>(text: String) -> Result<T, DbError> {
    T::try_from(text.clone()).map_err(|bad| DbError::Failed(format!("the stored code {text:?} {bad}")))
}

/// Money of two columns; both or none are there.
pub(crate) fn money(row: &Row<'_>, amount: usize, currency: usize) -> Result<Option<Money>, DbError> {
    let (amount, currency): (Option<i64>, Option<String>) = (row.get(amount)?, row.get(currency)?);
    let Some((amount, currency)) = amount.zip(currency) else { return Ok(None) };
    let currency =
        Currency::new(&currency).map_err(|bad| DbError::Failed(format!("the stored currency {currency:?} {bad}")))?;
    Ok(Some(Money { amount, currency }))
}

/// An instant of a column in milliseconds.
pub(crate) fn instant(row: &Row<'_>, column: usize) -> Result<Timestamp, DbError> {
    Ok(Timestamp::from_millis(row.get(column)?))
}
