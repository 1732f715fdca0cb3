//! From the verdict on what somebody wants done with a reservation to the answer.

use api_contract::paths::IDEMPOTENT_REPLAYED;
use api_contract::problem::{MEDIA_TYPE, ProblemType};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::LocationId;
use domain::reservation::Status;

use super::reserve;
use crate::catalog::Catalog;
use crate::db::{DeedVerdict, Refusal, ReservationRow, StoredAnswer};
use crate::error::Error;

/// The reservation, or why it was not done. `other` is the shop to which it should have moved.
pub(super) fn done(
    catalog: &Catalog,
    other: Option<&LocationId>,
    verdict: DeedVerdict,
) -> Result<ReservationRow, Error> {
    match verdict {
        DeedVerdict::Done(row) => Ok(*row),
        DeedVerdict::NotFound => Err(Error::not_found()),
        DeedVerdict::NotPossible(refused) if refused.from == Status::Expired && refused.action.goes_on() => {
            let detail =
                "The hold is over, and the goods are free for others. Reserve them again if they are still there.";
            Err(Error::new(ProblemType::HoldExpired, detail))
        }
        DeedVerdict::NotPossible(refused) => {
            let (state, done) = (refused.from.as_str().replace('_', " "), refused.action.done());
            let detail = format!("The reservation is {state}: it cannot be {done}.");
            Err(Error::new(ProblemType::InvalidTransition, detail))
        }
        DeedVerdict::WrongCode => {
            Err(Error::new(ProblemType::WrongCode, "This code belongs to another reservation. Ask for it again."))
        }
        DeedVerdict::AlreadyExtended => {
            Err(Error::new(ProblemType::AlreadyExtended, "A reservation can be kept longer once."))
        }
        DeedVerdict::UnknownLine(sku) => {
            Err(Error::new(ProblemType::UnknownLine, format!("The reservation has no {sku}.")))
        }
        DeedVerdict::TooMany(sku, most) => {
            Err(Error::new(ProblemType::UnknownLine, format!("Of {sku} there are {most}, and at least 1 is needed.")))
        }
        DeedVerdict::No(refusal) => match (other, refusal) {
            (Some(other), Refusal::UnknownLocation) => Err(reserve::unknown_location(other)),
            (Some(other), refusal) => Err(reserve::refused(catalog, other, &refusal).into()),
            (None, refusal) => Err(Error::internal(&format!("a deed was refused without a shop: {refusal:?}"))),
        },
    }
}

/// The key was used for something else.
pub(super) fn key_reused() -> Error {
    let detail = "This Idempotency-Key was sent before with another body. Take a new key for a new intent.";
    Error::new(ProblemType::IdempotencyKeyReused, detail)
}

/// A stored answer on its way.
pub(super) fn send(answer: StoredAnswer, replayed: bool) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media_type = if status.is_success() { "application/json" } else { MEDIA_TYPE };
    let mut response = (status, [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")], answer.body)
        .into_response();
    let headers = response.headers_mut();
    if let Some(Ok(location)) = answer.location.map(|path| HeaderValue::from_str(&path)) {
        headers.insert(header::LOCATION, location);
    }
    if replayed {
        headers.insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
