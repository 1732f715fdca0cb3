//! Reservations, for shoppers: making one, looking at it, changing it, coming for it.

use api_contract::problem::Problem;
use api_contract::reservation::{Arrival, ArrivalRequest, Reservation, ReservationChange, ReservationRequest};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::id::ReservationId;
use subtle::ConstantTimeEq;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::deed;
use super::reserve::{self, Context};
use crate::access::Caller;
use crate::db::{Deed, Doer, Once};
use crate::envelope::RequestId;
use crate::error::Error;
use crate::extract::{Bearer, Code, JsonBody, Room, WriteKey};
use crate::random;
use crate::state::AppState;
use crate::wire;

const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(get, change)).routes(routes!(arrive))
}

/// Puts goods aside: all lines or none, once for each key.
#[utoipa::path(post, path = "/v1/reservations", tag = "reservations", request_body = ReservationRequest,
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible ASCII characters, new for each intent. \
        The same key with the same body gives the first answer again for a day.", min_length = 1, max_length = 255),
        ("Device-Id" = Option<String>, Header, description = "What the device calls itself, 1 to 64 visible ASCII \
            characters; only counted, never shown.", min_length = 1, max_length = 64)),
    security((), ("device_token" = [])),
    responses(
        (status = 201, body = Reservation, headers(("Location" = String), ("Idempotent-Replayed" = String))),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
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
    _: Room,
    caller: Caller,
    WriteKey(key): WriteKey,
    RequestId(request_id): RequestId,
    JsonBody(asked): JsonBody<ReservationRequest>,
) -> Result<Response, Error> {
    let request = asked.clone();
    let (wish, context) = reserve::prepare(&state, &caller, asked, key, request_id)?;
    match state.db.reserve(wish, move |verdict| context.answer(verdict)).await? {
        Once::Answer { answer, replayed } => Ok(deed::send(answer, replayed)),
        Once::KeyReused => Err(deed::key_reused()),
        Once::Refused(verdict) => Err(Context::refusal(&request, &verdict)),
    }
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
        (status = 410, body = Problem, content_type = "application/problem+json"),
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
    let now = state.clock().now();
    let (deed, other) = match asked {
        ReservationChange::Cancel {} => (Deed::Cancel, None),
        ReservationChange::Extend {} => (Deed::Extend, None),
        ReservationChange::SetCollector { collector } => {
            let name = reserve::collector(&collector, "/collector")?;
            (Deed::SetCollector(name.ok_or_else(|| Error::invalid("/collector", "is empty"))?), None)
        }
        ReservationChange::ChangeLocation { location_id } => {
            let place = reserve::place(&state, &state.catalog.load_full(), &location_id);
            (Deed::ChangeLocation(place), Some(location_id))
        }
        ReservationChange::ReleaseLine { sku, quantity } => (Deed::ReleaseLine(sku, quantity), None),
    };
    let doer = Doer::Owner(random::sha256(secret.unwrap_or_default().as_bytes()));
    let verdict = state.db.act(id, doer, deed).await?;
    let row = deed::done(&state.catalog.load(), other.as_ref(), verdict)?;
    Ok(([NO_STORE], Json(wire::reservation(&row, now))))
}

/// Says that the shopper is on the way or there, so that the shop can be ready at the kerb.
#[utoipa::path(post, path = "/v1/reservations/{id}/arrival", tag = "reservations", params(("id" = String, Path,)),
    request_body = ArrivalRequest, security(("manage_token" = [])),
    responses(
        (status = 200, body = Reservation),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn arrive(
    State(state): State<AppState>,
    Code(id): Code<ReservationId>,
    Bearer(secret): Bearer,
    JsonBody(asked): JsonBody<ArrivalRequest>,
) -> Result<impl IntoResponse, Error> {
    let now = state.clock().now();
    let arrival = Arrival {
        phase: asked.phase,
        bay: short(asked.bay, 20, "/bay")?,
        vehicle: short(asked.vehicle, 60, "/vehicle")?,
        at: now,
    };
    let json = serde_json::to_string(&arrival).map_err(|error| Error::internal(&error))?;
    let doer = Doer::Owner(random::sha256(secret.unwrap_or_default().as_bytes()));
    let verdict = state.db.act(id, doer, Deed::Arrive(json)).await?;
    let row = deed::done(&state.catalog.load(), None, verdict)?;
    Ok(([NO_STORE], Json(wire::reservation(&row, now))))
}

/// A few plain characters; nothing where only blanks were sent.
fn short(text: Option<String>, most: usize, pointer: &str) -> Result<Option<String>, Error> {
    let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(Error::invalid(pointer, format!("must have at most {most} plain characters")));
    }
    Ok(Some(text.to_owned()))
}
