//! A JSON body: announced as JSON (else 415), not too large (413), JSON at all (400), and of the right shape (422).

use std::time::Duration;

use api_contract::problem::ProblemType;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::error::Error;

/// A body of at most `LIMIT` bytes.
#[derive(Debug, Clone)]
pub struct JsonBody<T, const LIMIT: usize = 65_536>(pub T);

/// A body that takes longer than this to arrive is given up.
const PATIENCE: Duration = Duration::from_secs(10);

impl<S: Send + Sync, T: DeserializeOwned + Serialize, const LIMIT: usize> FromRequest<S> for JsonBody<T, LIMIT> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        if !is_json(request.headers()) {
            return Err(Error::new(ProblemType::UnsupportedMediaType, "Send Content-Type: application/json."));
        }
        let bytes = read(request.into_body(), LIMIT).await?;
        parse(&bytes).map(JsonBody)
    }
}

/// A body that need not be there: none at all is the default.
#[derive(Debug, Clone)]
pub struct MaybeBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Serialize + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if axum::body::HttpBody::is_end_stream(request.body()) {
            return Ok(MaybeBody(T::default()));
        }
        JsonBody::<T>::from_request(request, state).await.map(|JsonBody(body)| MaybeBody(body))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Error> {
    let too_large = || Error::new(ProblemType::PayloadTooLarge, format!("The body may have at most {limit} bytes."));
    // A body that says its length is refused before it is read.
    if axum::body::HttpBody::size_hint(&body).lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let late = |_| Error::new(ProblemType::MalformedJson, "The body did not arrive in time.");
    let read = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, limit)).await.map_err(late)?;
    read.map_err(|error| {
        let full = std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>);
        if full { too_large() } else { Error::new(ProblemType::MalformedJson, "The body was cut off.") }
    })
}

fn parse<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, Error> {
    let malformed = |detail: String| Error::new(ProblemType::MalformedJson, detail);
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(format!("The body is not UTF-8: {error}.")))?;
    // First whether it is JSON, with no number read: 1e400 is JSON, and no number that we can use.
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| malformed(format!("The body is not JSON: {error}.")))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let detail = error.inner().to_string();
        // The place is said by the pointer; a line number would be about bytes that a program wrote.
        let detail = detail.rsplit_once(" at line ").map_or(detail.as_str(), |(detail, _)| detail);
        Error::invalid(pointer(error.path()), detail)
    })?;
    no_list_for_an_object(text, &parsed)?;
    Ok(parsed)
}

/// serde reads a list of values as an object with its fields in order; in our API that is a mistake and no spelling.
fn no_list_for_an_object(text: &str, parsed: &impl Serialize) -> Result<(), Error> {
    let unreadable = |error: serde_json::Error| Error::new(ProblemType::MalformedJson, error.to_string());
    let given: Value = serde_json::from_str(text).map_err(unreadable)?;
    let meant = serde_json::to_value(parsed).map_err(unreadable)?;
    match list_for_an_object(&given, &meant) {
        None => Ok(()),
        Some(pointer) => Err(Error::invalid(pointer, "must be an object")),
    }
}

/// The place of the first list that was read as an object.
fn list_for_an_object(given: &Value, meant: &Value) -> Option<String> {
    match (given, meant) {
        (Value::Array(_), Value::Object(_)) => Some(String::new()),
        (Value::Object(given), Value::Object(meant)) => meant.iter().find_map(|(name, meant)| {
            let place = list_for_an_object(given.get(name)?, meant)?;
            Some(format!("/{name}{place}"))
        }),
        (Value::Array(given), Value::Array(meant)) => {
            given.iter().zip(meant).enumerate().find_map(|(index, (given, meant))| {
                let place = list_for_an_object(given, meant)?;
                Some(format!("/{index}{place}"))
            })
        }
        _ => None,
    }
}

/// A path as JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}
