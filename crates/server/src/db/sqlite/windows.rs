//! Agreed times of pickup that are taken. A reservation that is over takes none, by predicate: nothing has to be released.

use domain::id::LocationId;
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::db::DbError;

/// The windows of the active reservations of a shop that are not over yet, without the one of this number.
pub(crate) fn taken(
    connection: &Connection,
    location: &LocationId,
    now: Timestamp,
    without: i64,
) -> Result<Vec<(Timestamp, Timestamp)>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT pickup_from, pickup_until FROM reservation
          WHERE location_id = ?1 AND pickup_until > ?2 AND no <> ?3
            AND status IN ('held', 'accepted', 'picking', 'ready')
            AND NOT (status IN ('held', 'accepted', 'ready') AND hold_expires_at <= ?2)",
    )?;
    let values = params![location.as_str(), now.millis(), without];
    let rows = statement
        .query_map(values, |row| Ok((Timestamp::from_millis(row.get(0)?), Timestamp::from_millis(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
