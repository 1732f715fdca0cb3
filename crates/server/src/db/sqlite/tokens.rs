//! Tokens of devices, people and feeds. Only hashes are stored.

use domain::id::LocationId;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use super::inventory::exists;
use super::stock::instant;
use super::writer::WriteTx;
use crate::db::{DbError, Scope, TokenRow, TokenVerdict};
use crate::random;

const COLUMNS: &str = "id, name, scope, location_id, created_at, revoked_at";

pub(crate) fn create(
    tx: &mut WriteTx<'_>,
    name: &str,
    scope: Scope,
    location: Option<LocationId>,
    hash: &[u8; 32],
) -> Result<TokenVerdict, DbError> {
    match &location {
        None if scope.needs_location() => return Ok(TokenVerdict::NeedsLocation),
        Some(_) if !scope.takes_location() => return Ok(TokenVerdict::TakesNoLocation),
        Some(id) if !exists(tx.connection(), "SELECT 1 FROM location WHERE id = ?", id.as_str())? => {
            return Ok(TokenVerdict::UnknownLocation);
        }
        _ => {}
    }
    let id = random::bytes::<6>().map_err(|error| DbError::Failed(error.to_string()))?;
    let row = TokenRow {
        id: format!("t_{}", random::hex(&id)),
        name: name.to_owned(),
        scope,
        location,
        created_at: tx.now(),
        revoked_at: None,
    };
    let shop = row.location.as_ref().map(LocationId::as_str);
    tx.connection().execute(
        "INSERT INTO token (id, name, scope, location_id, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![row.id, row.name, row.scope.as_str(), shop, hash.as_slice(), row.created_at.millis()],
    )?;
    Ok(TokenVerdict::Created(row))
}

/// Looked up by the hash of what was sent, so that the time it takes says nothing about the secret.
pub(crate) fn find(connection: &Connection, hash: &[u8; 32]) -> Result<Option<TokenRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM token WHERE hash = ? AND revoked_at IS NULL");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([hash.as_slice()])?;
    rows.next()?.map(read).transpose()
}

pub(crate) fn list(connection: &Connection) -> Result<Vec<TokenRow>, DbError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM token ORDER BY created_at, id"))?;
    let mut rows = statement.query([])?;
    let mut tokens = Vec::new();
    while let Some(row) = rows.next()? {
        tokens.push(read(row)?);
    }
    Ok(tokens)
}

pub(crate) fn revoke(tx: &mut WriteTx<'_>, id: &str) -> Result<bool, DbError> {
    let sql = "UPDATE token SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    Ok(tx.connection().execute(sql, params![id, tx.now().millis()])? > 0)
}

fn read(row: &Row<'_>) -> Result<TokenRow, DbError> {
    let scope: String = row.get(2)?;
    let location: Option<String> = row.get(3)?;
    let revoked: Option<i64> = row.get(5)?;
    Ok(TokenRow {
        id: row.get(0)?,
        name: row.get(1)?,
        scope: scope.parse().map_err(|_| DbError::Failed(format!("a token has the unknown scope {scope}")))?,
        location: location.map(LocationId::new).transpose().map_err(|bad| DbError::Failed(bad.to_string()))?,
        created_at: instant(row, 4)?,
        revoked_at: revoked.map(Timestamp::from_millis),
    })
}
