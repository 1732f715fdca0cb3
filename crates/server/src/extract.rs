//! What comes in, checked: body, path, query and headers. Each way of being wrong has its own status.

mod json;
mod query;

pub use json::{JsonBody, MaybeBody};
pub use query::Query;

use api_contract::paths::IDEMPOTENCY_KEY;
use api_contract::problem::ProblemType;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::error::Error;
use crate::state::AppState;

/// A code in the path. One that cannot be a code is one that does not exist.
#[derive(Debug, Clone)]
pub struct Code<T>(pub T);

impl<S: Send + Sync, T: TryFrom<String>> FromRequestParts<S> for Code<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(Error::not_found());
        };
        T::try_from(text).map(Code).map_err(|_| Error::not_found())
    }
}

/// A place for a write. Who would be turned away at the database's door is turned away before anything is read: under five
/// times the load that can be served, reading what is then refused would take the time of those who are served.
#[derive(Debug, Clone, Copy)]
pub struct Room;

impl FromRequestParts<AppState> for Room {
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Error> {
        if state.db.has_room() { Ok(Room) } else { Err(Error::busy()) }
    }
}

/// The key that makes a write happen once: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone)]
pub struct WriteKey(pub String);

impl<S: Sync> FromRequestParts<S> for WriteKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let mut keys = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(key) = keys.next() else {
            let detail =
                "Send an Idempotency-Key header, a new random one for each intent of a person; see /openapi.json.";
            return Err(Error::new(ProblemType::IdempotencyKeyMissing, detail));
        };
        let usable = (1..=255).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic);
        match key.to_str() {
            Ok(text) if usable && keys.next().is_none() => Ok(WriteKey(text.to_owned())),
            _ => {
                let detail = "The Idempotency-Key header must be one value of 1 to 255 visible ASCII characters.";
                Err(Error::new(ProblemType::IdempotencyKeyInvalid, detail))
            }
        }
    }
}

/// The same key where it need not be sent.
#[derive(Debug, Clone)]
pub struct MaybeKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for MaybeKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        if !parts.headers.contains_key(IDEMPOTENCY_KEY) {
            return Ok(MaybeKey(None));
        }
        WriteKey::from_request_parts(parts, state).await.map(|WriteKey(key)| MaybeKey(Some(key)))
    }
}

/// The secret of an `Authorization: Bearer` header, where there is one.
#[derive(Debug, Clone)]
pub struct Bearer(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(Bearer(bearer(&parts.headers).map(str::to_owned)))
    }
}

/// The secret of an `Authorization: Bearer` header. Another scheme is somebody else's, such as the password of a site that
/// is not open yet.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}
