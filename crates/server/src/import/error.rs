//! Why nothing was imported.

use std::path::PathBuf;
use std::{fmt, io};

use serde::Serialize;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Shops: a Business Profile bulk sheet.
    Stores,
    /// Products: a Google Merchant product feed.
    Products,
    /// Stock: a Google local-inventory feed.
    Inventory,
    /// Postcodes and towns: a gazetteer.
    Places,
}

impl Kind {
    /// The usual name of such a file.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Kind::Stores => "stores.csv",
            Kind::Products => "products.tsv",
            Kind::Inventory => "inventory.tsv",
            Kind::Places => "places.txt",
        }
    }

    /// What stands between two fields.
    pub(super) fn delimiter(self) -> u8 {
        match self {
            Kind::Stores => b',',
            Kind::Products | Kind::Inventory | Kind::Places => b'\t',
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Stores => "a store sheet (Business Profile, CSV with commas)",
            Kind::Products => "a product feed (Google Merchant, with tabs)",
            Kind::Inventory => "an inventory feed (Google local inventory, with tabs)",
            Kind::Places => "a gazetteer (GeoNames postal codes, with tabs, or a sheet with its columns by name)",
        })
    }
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum ImportError {
    /// A folder lacks files.
    Missing {
        /// Where they were looked for.
        folder: PathBuf,
        /// Their names, without `.gz`.
        missing: Vec<&'static str>,
    },
    /// A folder has a file both plain and packed.
    Ambiguous {
        /// The plain one.
        plain: PathBuf,
        /// The packed one.
        packed: PathBuf,
    },
    /// A file cannot be opened.
    Open {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file cannot be read to its end: the disk failed, or the gzip data is broken or cut off.
    Read {
        /// Which.
        path: PathBuf,
        /// The last line that was read whole.
        line: u64,
        /// Why.
        error: io::Error,
    },
    /// A file is something else than it should be.
    Format {
        /// Which.
        path: PathBuf,
        /// What it should be.
        expected: Kind,
        /// What was found instead.
        problem: String,
    },
    /// The database failed before anything was written.
    Database(rusqlite::Error),
    /// The database failed while stock was written: what came before stands.
    Partly {
        /// Rows of the inventory that are done.
        rows: u64,
        /// Why.
        error: rusqlite::Error,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Missing { folder, missing } => {
                write!(f, "{} has no {} (plain or .gz)", folder.display(), missing.join(", no "))?;
            }
            ImportError::Ambiguous { plain, packed } => {
                write!(f, "{} and {} are both there: leave only the right one", plain.display(), packed.display())?;
            }
            ImportError::Open { path, error } => write!(f, "{} cannot be opened: {error}", path.display())?,
            ImportError::Read { path, line, error } => {
                write!(f, "{} cannot be read beyond line {line}: {error}", path.display())?;
            }
            ImportError::Format { path, expected, problem } => {
                write!(f, "{} is not {expected}: {problem}", path.display())?;
            }
            ImportError::Database(error) => write!(f, "the database refused: {error}")?,
            ImportError::Partly { rows, error } => {
                let stands = "stores, products and these rows stand; import the files again";
                return write!(f, "the database refused after {rows} rows of stock: {error}; {stands}");
            }
        }
        f.write_str("; nothing was imported")
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ImportError::Open { error, .. } | ImportError::Read { error, .. } => Some(error),
            ImportError::Database(error) | ImportError::Partly { error, .. } => Some(error),
            ImportError::Missing { .. } | ImportError::Ambiguous { .. } | ImportError::Format { .. } => None,
        }
    }
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        ImportError::Database(error)
    }
}
