//! Checked rows into the tables, in steps so short that a server which runs meanwhile hardly waits for them.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params};

use super::error::ImportError;
use super::products::ProductRow;
use super::staging::{StagedRow, Staging};
use super::stores::StoreRow;
use crate::db::sqlite::{ledger, lock};

/// Rows of one step while a server runs: a reservation waits for at most one step, some milliseconds.
const ROWS_BESIDE_SERVER: u32 = 500;
/// Rows of one step where nobody waits.
const ROWS_ALONE: u32 = 20_000;
/// After each step a server gets at least so long to write, and at least as long as the step took.
const REST: Duration = Duration::from_millis(3);

const STORE: &str = "
    INSERT INTO location (id, name, street_address, locality, region, postal_code, country, latitude, longitude,
                          timezone, schedule, amenities, phone, pickup_curbside, pickup_window_minutes,
                          pickup_capacity, order_cut_off)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
    ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, street_address = excluded.street_address, locality = excluded.locality,
        region = excluded.region, postal_code = excluded.postal_code, country = excluded.country,
        latitude = excluded.latitude, longitude = excluded.longitude, timezone = excluded.timezone,
        schedule = excluded.schedule, amenities = excluded.amenities, phone = excluded.phone,
        pickup_curbside = excluded.pickup_curbside, pickup_window_minutes = excluded.pickup_window_minutes,
        pickup_capacity = excluded.pickup_capacity, order_cut_off = excluded.order_cut_off";

const PRODUCT: &str = "
    INSERT INTO product (sku, title, description, brand, gtin, mpn, category, image, price_amount, price_currency,
                         group_id, color, size)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (sku) DO UPDATE SET
        title = excluded.title, description = excluded.description, brand = excluded.brand, gtin = excluded.gtin,
        mpn = excluded.mpn, category = excluded.category, image = excluded.image,
        price_amount = excluded.price_amount, price_currency = excluded.price_currency,
        group_id = excluded.group_id, color = excluded.color, size = excluded.size";

const KNOWN: &str = "SELECT on_hand, counted_at FROM stock WHERE location_id = ?1 AND sku = ?2";

const NEW_STOCK: &str = "
    INSERT INTO stock (location_id, sku, on_hand, opening, price_amount, price_currency, sale_amount, pickup,
                       lead_minutes, aisle, counted_at)
    VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

// The version moves with the quantity only: who compares and swaps must not be told off for a new price.
const STOCK: &str = "
    UPDATE stock SET
        version = version + (on_hand IS NOT ?3), on_hand = ?3, price_amount = ?4, price_currency = ?5,
        sale_amount = ?6, pickup = ?7, lead_minutes = ?8, aisle = ?9, counted_at = ?10
    WHERE location_id = ?1 AND sku = ?2";

/// A running server reads the catalogue again, and screens start anew, when this number is another one.
const NEXT_GENERATION: &str = "UPDATE meta SET value = value + 1 WHERE key = 'catalog_generation'";

fn begin(conn: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    conn.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// Stores and products, all of them in one step.
pub(super) fn catalog(conn: &mut Connection, stores: &[StoreRow], products: &[ProductRow]) -> rusqlite::Result<()> {
    if stores.is_empty() && products.is_empty() {
        return Ok(());
    }
    let transaction = begin(conn)?;
    {
        let mut statement = transaction.prepare(STORE)?;
        stores.iter().try_for_each(|row| put_store(&mut statement, row))?;
        let mut statement = transaction.prepare(PRODUCT)?;
        products.iter().try_for_each(|row| put_product(&mut statement, row))?;
        transaction.execute(NEXT_GENERATION, [])?;
    }
    transaction.commit()
}

/// Postcodes and towns, all at once.
pub(super) fn places(conn: &mut Connection, file: &[u8]) -> rusqlite::Result<()> {
    let transaction = begin(conn)?;
    transaction.execute("INSERT OR REPLACE INTO gazetteer (id, file) VALUES (1, ?1)", [file])?;
    transaction.execute(NEXT_GENERATION, [])?;
    transaction.commit()
}

/// What became of stock rows.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Applied {
    /// Rows that are in the table now.
    pub(super) taken: u64,
    /// Rows that were left alone, because the shelf was counted later.
    pub(super) older: u64,
}

/// Stock as it was at `as_of`. Steps that are done stay done where a later one fails.
pub(super) fn stock(conn: &mut Connection, staging: &Staging, as_of: Timestamp) -> Result<Applied, ImportError> {
    let mut applied = Applied::default();
    let result = all_steps(conn, staging, as_of, &mut applied);
    // Also where it stopped half-way: what changed must be seen.
    let told = tell(conn);
    match result.and(told) {
        Ok(()) => Ok(applied),
        Err(error) => Err(ImportError::Partly { rows: applied.taken + applied.older, error }),
    }
}

fn all_steps(
    conn: &mut Connection,
    staging: &Staging,
    as_of: Timestamp,
    applied: &mut Applied,
) -> rusqlite::Result<()> {
    // A power cut in the middle of an import loses no more than the import. The last commit syncs them all, and so does
    // each commit of the server, which may stand on them.
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    // Done in between instead, because SQLite keeps to itself what goes wrong where a commit does it.
    let pages: i64 = conn.pragma_query_value(None, "wal_autocheckpoint", |row| row.get(0))?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    let result = steps(conn, staging, as_of, pages, applied);
    conn.pragma_update(None, "wal_autocheckpoint", pages)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    result
}

/// Moves the log into the database whenever it has so many `pages`.
fn steps(
    conn: &mut Connection,
    staging: &Staging,
    as_of: Timestamp,
    pages: i64,
    applied: &mut Applied,
) -> rusqlite::Result<()> {
    let path = conn.path().filter(|path| !path.is_empty()).map(|path| Path::new(path).to_owned());
    let mut at = 0;
    loop {
        let served = path.as_deref().is_some_and(lock::is_served);
        let (last, rows) = staging.page(at, if served { ROWS_BESIDE_SERVER } else { ROWS_ALONE })?;
        if rows.is_empty() {
            break;
        }
        let begun = Instant::now();
        let step = step(conn, &rows, as_of)?;
        (applied.taken, applied.older) = (applied.taken + step.taken, applied.older + step.older);
        at = last;
        let waiting = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?);
        if conn.query_row("PRAGMA wal_checkpoint(NOOP)", [], waiting)? >= pages {
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        if served {
            thread::sleep(begun.elapsed().max(REST));
        }
    }
    Ok(())
}

fn step(conn: &mut Connection, rows: &[StagedRow], as_of: Timestamp) -> rusqlite::Result<Applied> {
    let transaction = begin(conn)?;
    let mut applied = Applied::default();
    {
        let mut known = transaction.prepare_cached(KNOWN)?;
        let mut shelves = Shelves {
            connection: &transaction,
            insert: transaction.prepare_cached(NEW_STOCK)?,
            update: transaction.prepare_cached(STOCK)?,
            as_of,
        };
        for row in rows {
            let key = params![row.location, row.sku];
            let old = known.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            match old {
                Some((_, counted_at)) if as_of.millis() < counted_at => applied.older += 1,
                old => {
                    let old_on_hand: Option<Option<i64>> = old.map(|(on_hand, _)| on_hand);
                    shelves.apply_stock_row(old_on_hand, row)?;
                    applied.taken += 1;
                }
            }
        }
    }
    transaction.commit()?;
    Ok(applied)
}

/// The shelves inside one step.
struct Shelves<'a> {
    connection: &'a Connection,
    insert: CachedStatement<'a>,
    update: CachedStatement<'a>,
    as_of: Timestamp,
}

impl Shelves<'_> {
    /// One shelf as the feed has it. This is the one place that knows both numbers: `old_on_hand` is what was on hand so
    /// far, `None` where the shelf is new, and `row.on_hand` is what is on hand from now on. A new shelf begins its ledger
    /// with it; for others the ledger gets a row where the number is another one.
    fn apply_stock_row(&mut self, old_on_hand: Option<Option<i64>>, row: &StagedRow) -> rusqlite::Result<()> {
        let statement = if old_on_hand.is_some() { &mut self.update } else { &mut self.insert };
        statement.execute(params![
            row.location,
            row.sku,
            row.on_hand,
            row.price_amount,
            row.price_currency,
            row.sale_amount,
            row.pickup,
            row.lead_minutes,
            row.aisle,
            self.as_of.millis(),
        ])?;
        match old_on_hand {
            Some(old) if old != row.on_hand => {
                let change = row.on_hand.zip(old).map(|(new, old)| new - old);
                let shelf = (row.location.as_str(), row.sku.as_str());
                ledger::imported(self.connection, self.as_of.millis(), shelf, change, "import")
            }
            _ => Ok(()),
        }
    }
}

/// The last commit of an import: durable, and with it all before.
fn tell(conn: &mut Connection) -> rusqlite::Result<()> {
    let transaction = begin(conn)?;
    transaction.execute(NEXT_GENERATION, [])?;
    transaction.commit()
}

fn put_store(statement: &mut Statement<'_>, row: &StoreRow) -> rusqlite::Result<()> {
    let json = |error| rusqlite::Error::ToSqlConversionFailure(Box::new(error));
    statement.execute(params![
        row.id.as_str(),
        row.name,
        row.street_address,
        row.locality,
        row.region,
        row.postal_code,
        row.country,
        row.position.latitude(),
        row.position.longitude(),
        row.timezone,
        serde_json::to_string(&row.schedule).map_err(json)?,
        serde_json::to_string(&row.amenities).map_err(json)?,
        row.phone,
        row.pickup_curbside,
        row.pickup.window_minutes,
        row.pickup.capacity,
        row.pickup.order_cut_off.map(String::from),
    ])?;
    Ok(())
}

fn put_product(statement: &mut Statement<'_>, row: &ProductRow) -> rusqlite::Result<()> {
    statement.execute(params![
        row.sku.as_str(),
        row.title,
        row.description,
        row.brand,
        row.gtin.as_ref().map(domain::gtin::Gtin::as_str),
        row.mpn,
        row.category,
        row.image,
        row.price.map(|price| price.amount),
        row.price.as_ref().map(|price| price.currency.as_str()),
        row.group_id,
        row.color,
        row.size,
    ])?;
    Ok(())
}
