//! Feeds: what a retailer's systems already write, read into the database.
//!
//! | file | format | columns in |
//! | --- | --- | --- |
//! | `stores.csv` | Business Profile bulk sheet, with commas | `stores` |
//! | `products.tsv` | Google Merchant product feed, with tabs | `products` |
//! | `inventory.tsv` | Google local-inventory feed, with tabs | `inventory` |
//! | any | GeoNames postal codes, with tabs, or their columns by name | `gazetteer` |
//!
//! A bad row is refused and said; the rest goes on. A bad file changes nothing, and neither do the files given with it:
//! all of them are read and checked before the first row is written. Reading is a stream: the stock may be larger than
//! the memory. Writing goes in short steps, so that a server which runs meanwhile goes on reserving.
//!
//! Reading order: `source` (bytes of a file, unpacked), `records` (rows of fields), `columns` (which field is which),
//! `stores`, `products`, `inventory` (a row becomes values of the domain, or a refusal), `feed` (all rows of a
//! file), `load` and `staging` (all files, checked and put aside), `apply` (into the tables), [`report`] (what to tell the people who sent the file).

use std::path::{Path, PathBuf};

use domain::time::Timestamp;
use rusqlite::Connection;

mod apply;
mod columns;
mod countries;
mod error;
mod feed;
mod gazetteer;
mod hours;
mod inventory;
mod load;
mod products;
mod records;
pub mod report;
mod source;
mod staging;
mod stores;
mod text;

pub use error::{ImportError, Kind};
pub use report::ImportReport;
use staging::Staging;

/// The files to read. Each may be left out: what is in the database already stands for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportFiles {
    /// A Business Profile bulk sheet, plain or gzip.
    pub stores: Option<PathBuf>,
    /// A Google Merchant product feed, plain or gzip.
    pub products: Option<PathBuf>,
    /// A Google local-inventory feed, plain or gzip.
    pub inventory: Option<PathBuf>,
    /// Gazetteers, plain or gzip; together they take the place of those that were imported before.
    pub places: Vec<PathBuf>,
}

impl ImportFiles {
    /// The three files of a folder by their usual names, each with or without `.gz`.
    ///
    /// # Errors
    /// [`ImportError::Missing`] names all that are not there; [`ImportError::Ambiguous`] one that is there twice, as
    /// nobody can say which of them is the newer truth.
    pub fn in_folder(folder: &Path) -> Result<Self, ImportError> {
        let mut missing = Vec::new();
        let mut find = |kind: Kind| {
            let name = kind.file_name();
            let plain = folder.join(name);
            let packed = folder.join(format!("{name}.gz"));
            match (plain.is_file(), packed.is_file()) {
                (true, true) => Err(ImportError::Ambiguous { plain, packed }),
                (true, false) => Ok(Some(plain)),
                (false, true) => Ok(Some(packed)),
                (false, false) => {
                    missing.push(name);
                    Ok(None)
                }
            }
        };
        let (stores, products, inventory) = (find(Kind::Stores)?, find(Kind::Products)?, find(Kind::Inventory)?);
        let files = Self { stores, products, inventory, places: Vec::new() };
        if missing.is_empty() { Ok(files) } else { Err(ImportError::Missing { folder: folder.to_owned(), missing }) }
    }
}

/// Reads the files into a database whose schema is there already: stores, then products, then inventory.
///
/// Stores, products and stock are added or replaced, never removed; holds and reservations are not touched. The
/// version of a stock row grows only where its quantity is another one. `as_of` is the instant of which the stock tells:
/// shelves that were counted later are left alone. With `progress` a bar is drawn on standard error, where that is a
/// terminal.
///
/// # Errors
/// [`ImportError`] where a file cannot be read as what it should be, or the database fails. Nothing has changed then,
/// except with [`ImportError::Partly`].
pub fn run(
    conn: &mut Connection,
    files: &ImportFiles,
    as_of: Timestamp,
    progress: bool,
) -> Result<ImportReport, ImportError> {
    let cache: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    let report = import(conn, files, as_of, progress);
    conn.pragma_update(None, "cache_size", cache)?;
    report
}

/// Pages in memory while importing, as SQLite writes KiB: a feed whose rows lie in another order than those of the
/// table takes more than twice as long with the usual 2 MB.
const CACHE_KIB: i64 = -65_536;

fn import(
    conn: &mut Connection,
    files: &ImportFiles,
    as_of: Timestamp,
    progress: bool,
) -> Result<ImportReport, ImportError> {
    let mut report = ImportReport::default();
    let (mut stores, mut products) = (Vec::new(), Vec::new());
    if let Some(path) = &files.stores {
        let (file, rows) = load::stores(source::open(path, progress)?)?;
        report.files.push(file);
        stores = rows;
    }
    if let Some(path) = &files.products {
        let (file, rows) = load::products(source::open(path, progress)?)?;
        report.files.push(file);
        products = rows;
    }
    let mut inventory = None;
    if let Some(path) = &files.inventory {
        let mut staging = Staging::new()?;
        let source = source::open(path, progress)?;
        let file = load::inventory(conn, source, &stores, &products, &mut staging)?;
        inventory = Some((file, staging));
    }
    let mut rows = Vec::new();
    for path in &files.places {
        let (file, more) = gazetteer::read(source::open(path, progress)?)?;
        report.files.push(file);
        rows.extend(more);
    }
    // All files are good: only now is anything written.
    apply::catalog(conn, &stores, &products)?;
    if !rows.is_empty() {
        apply::places(conn, &::places::build(rows, gazetteer::CREDIT))?;
    }
    if let Some((mut file, staging)) = inventory {
        let applied = apply::stock(conn, &staging, as_of)?;
        (file.taken, file.older) = (applied.taken, applied.older);
        report.files.push(file);
    }
    Ok(report)
}
