//! A shop with shelves, as feeds and as a database.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use domain::time::Timestamp;
use nearshelf_server::db::sqlite;
use nearshelf_server::import::{self, ImportFiles};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Units on each shelf.
pub(crate) const UNITS: i64 = 1_000;
/// Before every clock of these tests.
pub(crate) const COUNTED: &str = "2026-01-01T00:00:00Z";

/// A folder with a database in it.
pub(crate) struct Shop {
    pub(crate) folder: TempDir,
}

impl Shop {
    /// Shop `s1`, products `p0` to `p9`, [`UNITS`] of each.
    pub(crate) fn new() -> Self {
        let shop = Self { folder: tempfile::tempdir().unwrap() };
        fill(&shop.db(), shop.folder.path(), 10);
        shop
    }

    pub(crate) fn db(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Makes a database with so many products.
pub(crate) fn fill(db: &Path, feeds: &Path, products: usize) {
    let files = feeds_of(feeds, products, UNITS);
    let mut connection = sqlite::open(db).unwrap();
    import::run(&mut connection, &files, Timestamp::parse(COUNTED).unwrap(), false).unwrap();
}

/// Writes the feeds of a shop with so many products and units of each.
pub(crate) fn feeds_of(folder: &Path, products: usize, units: i64) -> ImportFiles {
    let stores = "Store code,Business name,Latitude,Longitude,Time zone\ns1,Shop,45.9,6.1,Europe/Paris\n".to_owned();
    let (mut feed, mut stock) = ("id\ttitle\tprice\n".to_owned(), "store_code\tid\tquantity\n".to_owned());
    for n in 0..products {
        writeln!(feed, "p{n}\tProduct {n}\t5 EUR").unwrap();
        writeln!(stock, "s1\tp{n}\t{units}").unwrap();
    }
    let write = |name: &str, text: String| {
        fs::write(folder.join(name), text).unwrap();
        Some(folder.join(name))
    };
    ImportFiles {
        stores: write("stores.csv", stores),
        products: write("products.tsv", feed),
        inventory: write("inventory.tsv", stock),
        ..ImportFiles::default()
    }
}

/// A wish for one unit.
pub(crate) fn wish(sku: &str) -> Value {
    json!({
        "location_id": "s1",
        "method": "in_store",
        "items": [{ "sku": sku, "quantity": 1 }],
        "contact": { "name": "Zoë Ångström", "email": "zoe@example.com" },
    })
}

/// A number out of a database.
pub(crate) fn number(db: &Path, sql: &str) -> i64 {
    let connection = Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What SQLite says of the whole file.
pub(crate) fn integrity(db: &Path) -> String {
    let connection = Connection::open(db).unwrap();
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}
