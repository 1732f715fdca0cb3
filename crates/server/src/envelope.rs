//! What surrounds every answer: a request id, the body of a refusal, one line in the log.

use std::time::Instant;

use api_contract::problem::{MEDIA_TYPE, Problem};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::Error;
use crate::random;

/// The header that says which request an answer belongs to.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, made here: an id from outside could be a forged line in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let known = parts.extensions.get::<RequestId>().cloned();
        known.ok_or_else(|| Error::internal(&"a request came in without the envelope"))
    }
}

/// The outermost layer.
pub async fn seal(mut request: Request, next: Next) -> Response {
    let id = random::bytes::<8>().map(|bytes| random::hex(&bytes)).unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = write(response, Problem { request_id: id.clone(), ..problem });
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    // The path only: what stands in a query is nobody's business.
    tracing::info!(%method, path, status = response.status().as_u16(), micros = begun.elapsed().as_micros(), id);
    response
}

fn write(mut response: Response, problem: Problem) -> Response {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
    response
}
