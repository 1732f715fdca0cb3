//! Checked stock rows, kept aside until all files are read.
//!
//! They lie in a temporary database that SQLite keeps in memory while it is small, writes to a nameless file when it is
//! not, and forgets when it is closed. Nobody else sees it, so that nobody waits while a feed is read.

use domain::money::Money;
use rusqlite::{Connection, Row, Statement, TransactionBehavior, params};

use super::inventory::InventoryRow;

const TABLE: &str = "
    CREATE TABLE row (
        location TEXT NOT NULL, sku TEXT NOT NULL, on_hand INTEGER, price_amount INTEGER, price_currency TEXT,
        sale_amount INTEGER, pickup INTEGER NOT NULL, lead_minutes INTEGER NOT NULL, aisle TEXT)";

const INSERT: &str = "INSERT INTO row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

const PAGE: &str = "SELECT rowid, * FROM row WHERE rowid > ?1 ORDER BY rowid LIMIT ?2";

/// One shelf of a feed, as columns of the table `stock`.
#[derive(Debug)]
pub(super) struct StagedRow {
    pub(super) location: String,
    pub(super) sku: String,
    pub(super) on_hand: Option<i64>,
    pub(super) price_amount: Option<i64>,
    pub(super) price_currency: Option<String>,
    pub(super) sale_amount: Option<i64>,
    pub(super) pickup: bool,
    pub(super) lead_minutes: u32,
    pub(super) aisle: Option<String>,
}

/// Stock rows in the order of their feed.
pub(super) struct Staging {
    connection: Connection,
}

impl Staging {
    pub(super) fn new() -> rusqlite::Result<Self> {
        // The empty name is the temporary database of this connection alone.
        let connection = Connection::open("")?;
        connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.execute_batch(TABLE)?;
        Ok(Self { connection })
    }

    /// Lets `work` put rows in, all of them or none.
    pub(super) fn fill<T, E: From<rusqlite::Error>>(
        &mut self,
        work: impl FnOnce(&mut Filling<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&mut Filling { statement: transaction.prepare(INSERT)? })?;
        transaction.commit()?;
        Ok(done)
    }

    /// At most `count` rows after `after`, and the position of the last of them; none at the end. It begins after 0.
    pub(super) fn page(&self, after: i64, count: u32) -> rusqlite::Result<(i64, Vec<StagedRow>)> {
        let mut last = after;
        let mut statement = self.connection.prepare_cached(PAGE)?;
        let rows = statement.query_map(params![after, count], |row| {
            last = row.get(0)?;
            read(row)
        })?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok((last, rows))
    }
}

/// Takes rows.
pub(super) struct Filling<'a> {
    statement: Statement<'a>,
}

impl Filling<'_> {
    pub(super) fn put(&mut self, row: &InventoryRow) -> rusqlite::Result<()> {
        self.statement.execute(params![
            row.location.as_str(),
            row.sku.as_str(),
            row.on_hand,
            row.price.map(|price| price.amount),
            row.price.as_ref().map(|Money { currency, .. }| currency.as_str()),
            row.sale_amount,
            row.pickup,
            row.lead_minutes,
            row.aisle,
        ])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<StagedRow> {
    Ok(StagedRow {
        location: row.get(1)?,
        sku: row.get(2)?,
        on_hand: row.get(3)?,
        price_amount: row.get(4)?,
        price_currency: row.get(5)?,
        sale_amount: row.get(6)?,
        pickup: row.get(7)?,
        lead_minutes: row.get(8)?,
        aisle: row.get(9)?,
    })
}
