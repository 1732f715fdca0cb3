//! Values into tables, one prepared statement for each file.

use std::collections::{HashMap, HashSet};

use domain::time::Timestamp;
use rusqlite::{Connection, Statement, params};

use super::error::ImportError;
use super::feed::{self, Format};
use super::inventory::{Inventory, InventoryRow, unknown_product, unknown_store};
use super::products::{ProductRow, Products};
use super::report::FileReport;
use super::source::Source;
use super::stores::{StoreRow, Stores};

const STORE: &str = "
    INSERT INTO location (id, name, street_address, locality, region, postal_code, country, latitude, longitude,
                          timezone, schedule, amenities, phone, pickup_curbside)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, street_address = excluded.street_address, locality = excluded.locality,
        region = excluded.region, postal_code = excluded.postal_code, country = excluded.country,
        latitude = excluded.latitude, longitude = excluded.longitude, timezone = excluded.timezone,
        schedule = excluded.schedule, amenities = excluded.amenities, phone = excluded.phone,
        pickup_curbside = excluded.pickup_curbside";

const PRODUCT: &str = "
    INSERT INTO product (sku, title, description, brand, gtin, mpn, category, image, price_amount, price_currency,
                         group_id, color, size)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (sku) DO UPDATE SET
        title = excluded.title, description = excluded.description, brand = excluded.brand, gtin = excluded.gtin,
        mpn = excluded.mpn, category = excluded.category, image = excluded.image,
        price_amount = excluded.price_amount, price_currency = excluded.price_currency,
        group_id = excluded.group_id, color = excluded.color, size = excluded.size";

// The version moves with the quantity only: who compares and swaps must not be told off for a new price.
const STOCK: &str = "
    INSERT INTO stock (location_id, sku, on_hand, opening, price_amount, price_currency, sale_amount, pickup,
                       lead_minutes, aisle, counted_at)
    VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (location_id, sku) DO UPDATE SET
        version = version + (on_hand IS NOT excluded.on_hand), on_hand = excluded.on_hand,
        price_amount = excluded.price_amount, price_currency = excluded.price_currency,
        sale_amount = excluded.sale_amount, pickup = excluded.pickup, lead_minutes = excluded.lead_minutes,
        aisle = excluded.aisle, counted_at = excluded.counted_at";

pub(super) fn stores(conn: &Connection, source: Source) -> Result<FileReport, ImportError> {
    let mut statement = conn.prepare(STORE)?;
    let mut seen = HashSet::new();
    feed::read::<Stores>(source, |row, cells| {
        if !seen.insert(row.id.clone()) {
            return Ok(Err(Stores::duplicate(cells)));
        }
        put_store(&mut statement, &row).map(Ok)
    })
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
    ])?;
    Ok(())
}

pub(super) fn products(conn: &Connection, source: Source) -> Result<FileReport, ImportError> {
    let mut statement = conn.prepare(PRODUCT)?;
    let mut seen = HashSet::new();
    feed::read::<Products>(source, |row, cells| {
        if !seen.insert(row.sku.clone()) {
            return Ok(Err(Products::duplicate(cells)));
        }
        put_product(&mut statement, &row).map(Ok)
    })
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

pub(super) fn inventory(conn: &Connection, source: Source, now: Timestamp) -> Result<FileReport, ImportError> {
    let stores = numbered(conn, "SELECT id FROM location")?;
    let products = numbered(conn, "SELECT sku FROM product")?;
    let mut seen = Seen::default();
    let mut statement = conn.prepare(STOCK)?;
    feed::read::<Inventory>(source, |row, cells| {
        let Some(store) = stores.get(row.location.as_str()) else { return Ok(Err(unknown_store(cells))) };
        let Some(product) = products.get(row.sku.as_str()) else { return Ok(Err(unknown_product(cells))) };
        if !seen.insert(*store, *product) {
            return Ok(Err(Inventory::duplicate(cells)));
        }
        put_stock(&mut statement, &row, now).map(Ok)
    })
}

fn put_stock(statement: &mut Statement<'_>, row: &InventoryRow, now: Timestamp) -> rusqlite::Result<()> {
    statement.execute(params![
        row.location.as_str(),
        row.sku.as_str(),
        row.on_hand,
        row.price.map(|price| price.amount),
        row.price.as_ref().map(|price| price.currency.as_str()),
        row.sale_amount,
        row.pickup,
        row.lead_minutes,
        row.aisle,
        now.millis(),
    ])?;
    Ok(())
}

/// All codes of a table, each with a number of its own.
fn numbered(conn: &Connection, sql: &str) -> rusqlite::Result<HashMap<String, usize>> {
    let mut statement = conn.prepare(sql)?;
    let codes = statement.query_map([], |row| row.get(0))?;
    codes.enumerate().map(|(number, code)| Ok((code?, number))).collect()
}

/// The shelves that the file had so far: one bit for each product, for the stores that it names. A set of pairs would
/// grow with the rows of the file.
#[derive(Default)]
struct Seen(HashMap<usize, Vec<u64>>);

impl Seen {
    /// Whether the shelf is new.
    fn insert(&mut self, store: usize, product: usize) -> bool {
        let bits = self.0.entry(store).or_default();
        let (word, bit) = (product / 64, 1_u64 << (product % 64));
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        match bits.get_mut(word) {
            Some(bits) if *bits & bit == 0 => {
                *bits |= bit;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_is_new_once() {
        let mut seen = Seen::default();
        for (store, product, new) in
            [(0, 0, true), (0, 0, false), (0, 64, true), (1, 64, true), (0, 63, true), (0, 64, false)]
        {
            assert_eq!(seen.insert(store, product), new, "{store} {product}");
        }
    }
}
