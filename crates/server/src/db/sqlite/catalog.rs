//! Shops and products, read as a whole.

use domain::geo::Position;
use domain::gtin::Gtin;
use domain::hours::{PickupRules, TimeOfDay};
use rusqlite::{Connection, OptionalExtension, Row};

use super::stock::{id, money};
use crate::db::{CatalogRows, DbError, LocationRow, ProductRow};

macro_rules! select_products {
    () => {
        "SELECT sku, title, description, brand, gtin, mpn, category, image, price_amount, price_currency, group_id, color,
                size
           FROM product"
    };
}

/// Everything. A row that cannot be understood is left out and said in the log: one bad shop must not close all others.
pub(crate) fn load(connection: &Connection) -> Result<CatalogRows, DbError> {
    let locations = all(
        connection,
        "SELECT id, name, street_address, locality, region, postal_code, country, latitude, longitude, timezone, schedule,
                amenities, phone, pickup_in_store, pickup_curbside, pickup_window_minutes, pickup_capacity, order_cut_off
           FROM location ORDER BY name, id",
        location,
    )?;
    let products = all(connection, concat!(select_products!(), " ORDER BY title, group_id, sku"), product)?;
    let mut statement = connection.prepare("SELECT file FROM gazetteer")?;
    let gazetteer = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(CatalogRows { locations, products, gazetteer, generation: generation(connection)? })
}

/// A number that grows with each import.
pub(crate) fn generation(connection: &Connection) -> Result<i64, DbError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = 'catalog_generation'")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    read: impl Fn(&Row<'_>) -> Result<T, DbError>,
) -> Result<Vec<T>, DbError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(value) => found.push(value),
            Err(error) => tracing::error!(%error, "a row of the catalogue was left out"),
        }
    }
    Ok(found)
}

fn bad(what: &str) -> impl Fn(&dyn std::fmt::Display) -> DbError {
    move |error| DbError::Failed(format!("{what}: {error}"))
}

fn location(row: &Row<'_>) -> Result<LocationRow, DbError> {
    let (schedule, amenities): (String, String) = (row.get(10)?, row.get(11)?);
    let cut_off: Option<String> = row.get(17)?;
    Ok(LocationRow {
        id: id(row.get(0)?)?,
        name: row.get(1)?,
        street_address: row.get(2)?,
        locality: row.get(3)?,
        region: row.get(4)?,
        postal_code: row.get(5)?,
        country: row.get(6)?,
        position: Position::new(row.get(7)?, row.get(8)?).map_err(|e| bad("position")(&e))?,
        timezone: row.get(9)?,
        schedule: serde_json::from_str(&schedule).map_err(|e| bad("schedule")(&e))?,
        amenities: serde_json::from_str(&amenities).map_err(|e| bad("amenities")(&e))?,
        phone: row.get(12)?,
        pickup_in_store: row.get(13)?,
        pickup_curbside: row.get(14)?,
        pickup: PickupRules {
            window_minutes: row.get(15)?,
            capacity: row.get(16)?,
            order_cut_off: cut_off.map(TimeOfDay::try_from).transpose().map_err(|e| bad("order_cut_off")(&e))?,
        },
    })
}

fn product(row: &Row<'_>) -> Result<ProductRow, DbError> {
    let gtin: Option<String> = row.get(4)?;
    Ok(ProductRow {
        sku: id(row.get(0)?)?,
        title: row.get(1)?,
        description: row.get(2)?,
        brand: row.get(3)?,
        gtin: gtin.map(Gtin::new).transpose().map_err(|e| bad("gtin")(&e))?,
        mpn: row.get(5)?,
        category: row.get(6)?,
        image: row.get(7)?,
        price: money(row, 8, 9)?,
        group_id: row.get(10)?,
        color: row.get(11)?,
        size: row.get(12)?,
    })
}
