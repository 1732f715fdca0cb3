//! Every refusal and failure, and how it is said.
//!
//! A handler answers an [`Error`]; [`crate::envelope`] writes its body, because only there the request's id is known.
//! Causes go to the log, never to the caller.

use std::time::Duration;

use api_contract::problem::{FieldError, Problem, ProblemType};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::db::DbError;

/// A request that was not fulfilled.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    problem: Box<Problem>,
    /// Seconds after which it is worth another try, where more is known than the status says.
    retry_after: Option<u64>,
}

impl Error {
    /// A refusal of a kind, in words for people.
    #[must_use]
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Problem::new(kind, detail).into()
    }

    /// One field cannot be used. The pointer is RFC 6901 into the body, or `?name` for a query.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::fields(ProblemType::InvalidRequest, vec![(pointer.into(), detail.into())])
    }

    /// Fields cannot be used.
    #[must_use]
    pub fn fields(kind: ProblemType, fields: Vec<(String, String)>) -> Self {
        let detail =
            fields.iter().map(|(pointer, detail)| format!("{pointer}: {detail}")).collect::<Vec<_>>().join("; ");
        let mut error = Self::new(kind, detail);
        error.problem.errors = fields.into_iter().map(|(pointer, detail)| FieldError { pointer, detail }).collect();
        error
    }

    /// No such thing, or not the caller's: both look the same.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ProblemType::NotFound, "There is nothing at this address.")
    }

    /// Too often; the same request may work after so long.
    #[must_use]
    pub fn rate_limited(wait: Duration, detail: impl Into<String>) -> Self {
        // Rounded up: whoever comes back when told to is let in.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self { retry_after: Some(seconds.max(1)), ..Self::new(ProblemType::RateLimited, detail) }
    }

    /// Not now; soon.
    #[must_use]
    pub fn busy() -> Self {
        Self::new(ProblemType::Unavailable, "The server is too busy. Try again in a moment.")
    }

    /// Something broke; the cause is for the log.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(ProblemType::Internal, "The server could not answer. Nothing was changed.")
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(cause) => {
                // The writer says what is wrong with the database; a line for each who is turned away would be one more load.
                tracing::debug!(cause, "the database is not available");
                Self::busy()
            }
            DbError::StorageFull(cause) => {
                tracing::error!(cause, "the disk is full");
                Self::new(ProblemType::StorageFull, "The server has no space left to store this. Nothing was changed.")
            }
            DbError::Unsynced(cause) => {
                tracing::warn!(cause, "nothing is stored any more");
                Self::new(ProblemType::Unavailable, "The server cannot store anything until its disk was looked at.")
            }
            DbError::Failed(cause) => Self::internal(&cause),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), retry_after: None }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        let headers = response.headers_mut();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(*self.problem);
        response
    }
}
