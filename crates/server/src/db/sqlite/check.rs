//! The reconciler: replays the ledger, adds up the claims, and holds both against the counters.
//!
//! Two witnesses, because each catches what the other cannot: a counter that somebody edited disagrees with both, a row of
//! the ledger that is missing disagrees with the counter and the claims, a claim that was edited with the other two.

use std::collections::{BTreeMap, HashMap};

use domain::id::{LocationId, Sku};
use rusqlite::{Connection, params};

use super::ledger::{self, After, Kind, Movement};
use super::stock::id;
use super::writer::WriteTx;
use crate::db::{Counter, DbError, Difference, Reconciled, Witness};

type Key = (String, String);

/// The counters of a shelf as the ledger says, after the last row that was replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Replayed {
    on_hand: Option<i64>,
    reserved: i64,
    /// A row did not follow from the one before it.
    broken: bool,
}

/// Where the replay stands, so that the next one begins there.
#[derive(Debug, Clone, Default)]
pub struct Position {
    last: i64,
    shelves: HashMap<Key, Replayed>,
}

/// Looks at all shelves: replays what is new in the ledger since `position` and moves it on. The caller reads at one
/// instant.
pub(crate) fn check(connection: &Connection, position: &mut Position) -> Result<Reconciled, DbError> {
    let mut found = Reconciled { entries: replay(connection, position)?, ..Reconciled::default() };
    let claims = claims(connection)?;
    let mut statement = connection.prepare_cached("SELECT location_id, sku, on_hand, reserved, opening FROM stock")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key: Key = (row.get(0)?, row.get(1)?);
        let (on_hand, reserved): (Option<i64>, i64) = (row.get(2)?, row.get(3)?);
        let opening = Replayed { on_hand: row.get(4)?, reserved: 0, broken: false };
        let said = position.shelves.get(&key).copied().unwrap_or(opening);
        let claimed = claims.get(&key).copied().unwrap_or(0);
        found.shelves += 1;
        if on_hand.is_some_and(|units| units < reserved) {
            found.shortfalls += 1;
        }
        let mut differs = |counter, stored, expected, witness| {
            let (location, sku) = (id(key.0.clone())?, id(key.1.clone())?);
            found.differences.push(Difference { location, sku, counter, stored, expected, witness });
            Ok::<_, DbError>(())
        };
        if said.broken || on_hand != said.on_hand {
            differs(Counter::OnHand, on_hand, said.on_hand, Witness::Ledger)?;
        }
        if reserved != said.reserved {
            differs(Counter::Reserved, Some(reserved), Some(said.reserved), Witness::Ledger)?;
        }
        if reserved != claimed {
            differs(Counter::Reserved, Some(reserved), Some(claimed), Witness::Claims)?;
        }
    }
    Ok(found)
}

/// Replays rows after the position; each must follow from the one before it.
fn replay(connection: &Connection, position: &mut Position) -> Result<u64, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.no, l.location_id, l.sku, l.on_hand_change, l.on_hand, l.reserved_change, l.reserved, s.opening,
                l.kind = 'repair'
           FROM ledger l LEFT JOIN stock s ON s.location_id = l.location_id AND s.sku = l.sku
          WHERE l.no > ? ORDER BY l.no",
    )?;
    let mut rows = statement.query([position.last])?;
    let mut entries = 0;
    while let Some(row) = rows.next()? {
        let key: Key = (row.get(1)?, row.get(2)?);
        let (change, on_hand): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        let (moved, reserved): (i64, i64) = (row.get(5)?, row.get(6)?);
        let opening = Replayed { on_hand: row.get(7)?, reserved: 0, broken: false };
        let shelf = position.shelves.entry(key).or_insert(opening);
        // Without a difference the count is new: there is nothing that it could follow from.
        let follows = change.is_none_or(|change| shelf.on_hand.map(|before| before + change) == on_hand);
        let holds = !shelf.broken && follows && shelf.reserved + moved == reserved;
        // A repair draws a line: what came before it was looked at by a person and is in the audit.
        let repaired: bool = row.get(8)?;
        *shelf = Replayed { on_hand, reserved, broken: !repaired && !holds };
        position.last = row.get(0)?;
        entries += 1;
    }
    Ok(entries)
}

fn claims(connection: &Connection) -> Result<HashMap<Key, i64>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT location_id, sku, SUM(claimed) FROM hold WHERE claimed > 0 GROUP BY location_id, sku",
    )?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets the counters right and says so: in the ledger, and in the audit with what was found. Claims are the truth about
/// what is promised, because each of them is somebody's reservation; about what is on the shelf the counter is believed,
/// because it is what the shop last said, and the ledger gets a row that says that it follows from nothing.
pub(crate) fn repair(tx: &mut WriteTx<'_>, actor: &str) -> Result<Reconciled, DbError> {
    let found = check(tx.connection(), &mut Position::default())?;
    let mut shelves: BTreeMap<(LocationId, Sku), Vec<&Difference>> = BTreeMap::new();
    for difference in &found.differences {
        shelves.entry((difference.location.clone(), difference.sku.clone())).or_default().push(difference);
    }
    for ((location, sku), differences) in shelves {
        repair_shelf(tx, &location, &sku, &differences, actor)?;
    }
    Ok(found)
}

fn repair_shelf(
    tx: &mut WriteTx<'_>,
    location: &LocationId,
    sku: &Sku,
    differences: &[&Difference],
    actor: &str,
) -> Result<(), DbError> {
    let claimed: i64 = tx.connection().query_row(
        "SELECT COALESCE(SUM(claimed), 0) FROM hold WHERE location_id = ?1 AND sku = ?2",
        params![location.as_str(), sku.as_str()],
        |row| row.get(0),
    )?;
    let after = tx.connection().query_row(
        "UPDATE stock SET reserved = ?3 WHERE location_id = ?1 AND sku = ?2 RETURNING on_hand, reserved, version",
        params![location.as_str(), sku.as_str(), claimed],
        |row| Ok(After { on_hand: row.get(0)?, reserved: row.get(1)?, version: row.get(2)? }),
    )?;
    let wrong = differences.iter().find(|difference| difference.counter == Counter::Reserved);
    let stored = wrong.and_then(|difference| difference.stored).unwrap_or(claimed);
    let movement = Movement {
        kind: Kind::Repair,
        location,
        sku,
        on_hand: 0,
        reserved: claimed - stored,
        reservation: None,
        actor: Some(actor),
    };
    ledger::write(tx.connection(), tx.now(), &movement, None, after)?;
    let what: Vec<String> = differences.iter().map(|difference| format!("{difference:?}")).collect();
    let what = serde_json::json!({ "found": what, "reserved": claimed, "on_hand": after.on_hand }).to_string();
    tx.connection()
        .execute("INSERT INTO audit (at, actor, what) VALUES (?1, ?2, ?3)", params![tx.now().millis(), actor, what])?;
    tx.touch(location, sku);
    Ok(())
}
