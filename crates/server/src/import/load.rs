//! Files into checked rows. The database is only asked which stores and products there are.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::error::ImportError;
use super::feed::{self, Format};
use super::inventory::{Inventory, unknown_product, unknown_store};
use super::products::{ProductRow, Products};
use super::report::FileReport;
use super::source::Source;
use super::staging::Staging;
use super::stores::{StoreRow, Stores};

pub(super) fn stores(source: Source) -> Result<(FileReport, Vec<StoreRow>), ImportError> {
    let (mut seen, mut rows) = (HashSet::new(), Vec::new());
    let report = feed::read::<Stores>(source, |row, cells| {
        if !seen.insert(row.id.clone()) {
            return Ok(Err(Stores::duplicate(cells)));
        }
        rows.push(row);
        Ok(Ok(()))
    })?;
    Ok((report, rows))
}

pub(super) fn products(source: Source) -> Result<(FileReport, Vec<ProductRow>), ImportError> {
    let (mut seen, mut rows) = (HashSet::new(), Vec::new());
    let report = feed::read::<Products>(source, |row, cells| {
        if !seen.insert(row.sku.clone()) {
            return Ok(Err(Products::duplicate(cells)));
        }
        rows.push(row);
        Ok(Ok(()))
    })?;
    Ok((report, rows))
}

/// Puts the stock rows of a feed aside. A shelf may belong to what the database has or to what comes with it.
pub(super) fn inventory(
    conn: &Connection,
    source: Source,
    new_stores: &[StoreRow],
    new_products: &[ProductRow],
    staging: &mut Staging,
) -> Result<FileReport, ImportError> {
    let mut stores = numbered(conn, "SELECT id FROM location")?;
    let mut products = numbered(conn, "SELECT sku FROM product")?;
    add(&mut stores, new_stores.iter().map(|row| row.id.as_str()));
    add(&mut products, new_products.iter().map(|row| row.sku.as_str()));
    let mut seen = Seen::default();
    staging.fill(|filling| {
        feed::read::<Inventory>(source, |row, cells| {
            let Some(store) = stores.get(row.location.as_str()) else { return Ok(Err(unknown_store(cells))) };
            let Some(product) = products.get(row.sku.as_str()) else { return Ok(Err(unknown_product(cells))) };
            if !seen.insert(*store, *product) {
                return Ok(Err(Inventory::duplicate(cells)));
            }
            filling.put(&row).map(Ok)
        })
    })
}

/// All codes of a table, each with a number of its own.
fn numbered(conn: &Connection, sql: &str) -> rusqlite::Result<HashMap<String, usize>> {
    let mut statement = conn.prepare(sql)?;
    let codes = statement.query_map([], |row| row.get(0))?;
    codes.enumerate().map(|(number, code)| Ok((code?, number))).collect()
}

/// Gives those that are not there yet the next numbers.
fn add<'a>(codes: &mut HashMap<String, usize>, new: impl Iterator<Item = &'a str>) {
    for code in new {
        if !codes.contains_key(code) {
            codes.insert(code.to_owned(), codes.len());
        }
    }
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
