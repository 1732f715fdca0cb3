//! Reservations: making one, looking at it, giving it back.

use api_contract::paths::IDEMPOTENT_REPLAYED;
use api_contract::problem::{MEDIA_TYPE, Problem, ProblemType};
use api_contract::reservation::{Reservation, ReservationChange, ReservationRequest};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::ReservationId;
use subtle::ConstantTimeEq;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reserve::{self, Context};
use crate::db::{Cancelled, Reserved, StoredAnswer};
use crate::envelope::RequestId;
use crate::error::Error;
use crate::extract::{Bearer, Code, JsonBody, WriteKey};
use crate::random;
use crate::state::AppState;
use crate::wire;

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(get, change))
}

/// Puts goods aside: all lines or none, once for each key.
#[utoipa::path(post, path = "/v1/reservations", tag = "reservations", request_body = ReservationRequest,
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters, new for each intent. \
        The same key with the same body gives the first answer again for a day.", min_length = 1, max_length = 255)),
    responses(
        (status = 201, body = Reservation, headers(("Location" = String), ("Idempotent-Replayed" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            headers(("Idempotent-Replayed" = String))),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(state): State<AppState>,
    WriteKey(key): WriteKey,
    RequestId(request_id): RequestId,
    JsonBody(asked): JsonBody<ReservationRequest>,
) -> Result<Response, Error> {
    let request = asked.clone();
    let (wish, context) = reserve::prepare(&state, asked, key, request_id)?;
    match state.db.reserve(wish, move |verdict| context.answer(verdict)).await? {
        Reserved::Answer { answer, replayed } => Ok(send(answer, replayed)),
        Reserved::KeyReused => {
            let detail = "This Idempotency-Key was sent before with another body. Take a new key for a new intent.";
            Err(Error::new(ProblemType::IdempotencyKeyReused, detail))
        }
        Reserved::Refused(verdict) => Err(Context::refusal(&request, &verdict)),
    }
}

fn send(answer: StoredAnswer, replayed: bool) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media_type = if status.is_success() { "application/json" } else { MEDIA_TYPE };
    let mut response = (status, [(header::CONTENT_TYPE, media_type), NO_STORE], answer.body).into_response();
    let headers = response.headers_mut();
    if let Some(Ok(location)) = answer.location.map(|path| HeaderValue::from_str(&path)) {
        headers.insert(header::LOCATION, location);
    }
    if replayed {
        headers.insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// A reservation, for its owner. Anybody else is told that there is nothing.
#[utoipa::path(get, path = "/v1/reservations/{id}", tag = "reservations", params(("id" = String, Path,)),
    security(("manage_token" = [])),
    responses(
        (status = 200, body = Reservation),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn get(
    State(state): State<AppState>,
    Code(id): Code<ReservationId>,
    Bearer(secret): Bearer,
) -> Result<impl IntoResponse, Error> {
    let hash = random::sha256(secret.unwrap_or_default().as_bytes());
    let row = state.db.reservation(id).await?;
    // Compared even where there is nothing, so that both take the same time.
    let known = row.as_ref().map_or([0; 32], |row| row.token_hash);
    let owner = bool::from(known.ct_eq(&hash));
    let row = row.filter(|_| owner).ok_or_else(Error::not_found)?;
    Ok(([NO_STORE], Json(wire::reservation(&row, state.clock().now()))))
}

/// Changes a reservation, for its owner. Cancelling twice is no error.
#[utoipa::path(patch, path = "/v1/reservations/{id}", tag = "reservations", params(("id" = String, Path,)),
    request_body = ReservationChange, security(("manage_token" = [])),
    responses(
        (status = 200, body = Reservation),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(state): State<AppState>,
    Code(id): Code<ReservationId>,
    Bearer(secret): Bearer,
    JsonBody(asked): JsonBody<ReservationChange>,
) -> Result<impl IntoResponse, Error> {
    let ReservationChange::Cancel {} = asked;
    let hash = random::sha256(secret.unwrap_or_default().as_bytes());
    match state.db.cancel(id, hash).await? {
        Cancelled::Done(row) => Ok(([NO_STORE], Json(wire::reservation(&row, state.clock().now())))),
        Cancelled::NotFound => Err(Error::not_found()),
        Cancelled::NotPossible(refused) => {
            let detail =
                format!("The reservation is {}: it cannot be cancelled.", refused.from.as_str().replace('_', " "));
            Err(Error::new(ProblemType::InvalidTransition, detail))
        }
    }
}
