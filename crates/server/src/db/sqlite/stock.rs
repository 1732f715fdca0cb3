//! Shelves: what is there, and what active holds claim of it.

use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, named_params};

use crate::db::{DbError, ShelfRow};

/// Columns of a shelf `s`. A claim counts only while its time is not over, so what is due is taken off the counter: no
/// sweeper has to come first. The index holds only what can be due, so there is nearly never anything to add up.
macro_rules! shelf_columns {
    () => {
        "s.location_id, s.sku, s.on_hand, s.safety_stock, s.version, s.price_amount, s.price_currency, s.sale_amount,
         s.pickup, s.lead_minutes, s.aisle, s.counted_at,
         s.reserved - (SELECT COALESCE(SUM(h.claimed), 0) FROM hold h
           WHERE h.location_id = s.location_id AND h.sku = s.sku
             AND h.claimed > 0 AND h.expires_at IS NOT NULL AND h.expires_at <= :now)"
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

fn rows(mut rows: rusqlite::Rows<'_>) -> Result<Vec<ShelfRow>, DbError> {
    let mut shelves = Vec::new();
    while let Some(row) = rows.next()? {
        shelves.push(read(row)?);
    }
    Ok(shelves)
}

fn read(row: &Row<'_>) -> Result<ShelfRow, DbError> {
    let (price, sale) = prices(row, 5)?;
    Ok(ShelfRow {
        location: id(row.get(0)?)?,
        sku: id(row.get(1)?)?,
        shelf: Shelf { on_hand: row.get(2)?, safety_stock: row.get(3)?, held: row.get(12)? },
        version: row.get(4)?,
        price,
        sale,
        pickup: row.get(8)?,
        lead_minutes: row.get(9)?,
        aisle: row.get(10)?,
        counted_at: instant(row, 11)?,
    })
}

/// Price and lower price of three columns: amount, currency, sale amount.
fn prices(row: &Row<'_>, first: usize) -> Result<(Option<Money>, Option<Money>), DbError> {
    let price = money(row, first, first + 1)?;
    let sale: Option<i64> = row.get(first + 2)?;
    let sale = price.zip(sale).filter(|(price, sale)| sale < &price.amount);
    Ok((price, sale.map(|(price, amount)| Money { amount, ..price })))
}

/// What a shopper pays, of the same three columns.
pub(crate) fn pays(row: &Row<'_>, first: usize) -> Result<Option<Money>, DbError> {
    prices(row, first).map(|(price, sale)| sale.or(price))
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
