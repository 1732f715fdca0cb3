//! What the people in a shop do: see their tasks, and take each reservation one step further.

use api_contract::Item;
use api_contract::paths::{self, IDEMPOTENCY_KEY};
use api_contract::problem::Problem;
use api_contract::staff::{
    HandoverRequest, MAX_TASKS, RejectLineRequest, RejectReason, ReturnReason, ReturnRequest, Task, TaskList,
};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::basket::Basket;
use domain::id::{LocationId, ReservationId, Sku};
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::locations::basket;
use super::{deed, fingerprint};
use crate::access::Staff;
use crate::db::{Deed, DeedVerdict, Doer, IdempotencyKey, Once, StoredAnswer};
use crate::error::Error;
use crate::extract::{Code, JsonBody, MaybeBody, MaybeKey};
use crate::state::AppState;
use crate::wire;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tasks))
        .routes(routes!(accept))
        .routes(routes!(pick))
        .routes(routes!(ready))
        .routes(routes!(reject_line))
        .routes(routes!(handover))
        .routes(routes!(put_back))
        .routes(routes!(take_back))
}

/// What a shop has to do, oldest first: reservations to be accepted, picked and handed over, and goods to be put back.
#[utoipa::path(get, path = "/v1/locations/{id}/tasks", tag = "staff", params(("id" = String, Path,)),
    security(("staff_token" = [])),
    responses(
        (status = 200, body = TaskList),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn tasks(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<LocationId>,
) -> Result<impl IntoResponse, Error> {
    staff.may(&id)?;
    let now = state.clock().now();
    let rows = state.db.tasks(id.clone(), now, MAX_TASKS).await?;
    let mut skus: Vec<Sku> = rows.iter().flat_map(|row| &row.lines).map(|line| line.sku.clone()).collect();
    skus.sort_unstable();
    skus.dedup();
    let shelves = state.db.shelves(vec![id], skus, now).await?;
    let tasks = wire::tasks(&rows, &shelves, now);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(TaskList { tasks, as_of: now })))
}

/// Takes a reservation on.
#[utoipa::path(post, path = "/v1/reservations/{id}/accept", tag = "staff", params(Step),
    security(("staff_token" = [])), responses(StepAnswers))]
async fn accept(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    MaybeBody(asked): MaybeBody<Nothing>,
) -> Result<Response, Error> {
    act(&state, staff, id, key, ("accept", &asked), Deed::Accept).await
}

/// Goes to fetch it from the shelf: from now on the goods are promised until somebody puts them back.
#[utoipa::path(post, path = "/v1/reservations/{id}/pick", tag = "staff", params(Step),
    security(("staff_token" = [])), responses(StepAnswers))]
async fn pick(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    MaybeBody(asked): MaybeBody<Nothing>,
) -> Result<Response, Error> {
    act(&state, staff, id, key, ("pick", &asked), Deed::Pick).await
}

/// Says that it lies at the desk. Where that is later than promised, the shopper gets the time back.
#[utoipa::path(post, path = "/v1/reservations/{id}/ready", tag = "staff", params(Step),
    security(("staff_token" = [])), responses(StepAnswers))]
async fn ready(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    MaybeBody(asked): MaybeBody<Nothing>,
) -> Result<Response, Error> {
    act(&state, staff, id, key, ("ready", &asked), Deed::Ready).await
}

/// Says that a line, or some units of it, cannot be given.
#[utoipa::path(post, path = "/v1/reservations/{id}/reject_line", tag = "staff", params(Step),
    request_body = RejectLineRequest, security(("staff_token" = [])), responses(StepAnswers))]
async fn reject_line(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    JsonBody(asked): JsonBody<RejectLineRequest>,
) -> Result<Response, Error> {
    let (reason, missing) = match asked.reason {
        RejectReason::NotFound => ("not_found", true),
        RejectReason::Damaged => ("damaged", true),
        RejectReason::NotForSale => ("not_for_sale", true),
        RejectReason::CustomerRequest => ("customer_request", false),
    };
    let deed = Deed::RejectLine { sku: asked.sku.clone(), quantity: asked.quantity, reason, missing };
    act(&state, staff, id, key, ("reject_line", &asked), deed).await
}

/// Hands goods over: all that is left, or the units that are named.
#[utoipa::path(post, path = "/v1/reservations/{id}/handover", tag = "staff", params(Step),
    request_body = HandoverRequest, security(("staff_token" = [])), responses(StepAnswers))]
async fn handover(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    MaybeBody(asked): MaybeBody<HandoverRequest>,
) -> Result<Response, Error> {
    let deed = Deed::Handover { lines: some_of(asked.items.as_deref())?, code: asked.code.clone() };
    act(&state, staff, id, key, ("handover", &asked), deed).await
}

/// Puts back on the shelf what lies at the desk and nobody will take any more.
#[utoipa::path(post, path = "/v1/reservations/{id}/put_back", tag = "staff", params(Step),
    security(("staff_token" = [])), responses(StepAnswers))]
async fn put_back(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    MaybeBody(asked): MaybeBody<Nothing>,
) -> Result<Response, Error> {
    act(&state, staff, id, key, ("put_back", &asked), Deed::PutBack).await
}

/// Takes back what was handed over.
#[utoipa::path(post, path = "/v1/reservations/{id}/return", tag = "staff", params(Step),
    request_body = ReturnRequest, security(("staff_token" = [])), responses(StepAnswers))]
async fn take_back(
    State(state): State<AppState>,
    staff: Staff,
    Code(id): Code<ReservationId>,
    MaybeKey(key): MaybeKey,
    JsonBody(asked): JsonBody<ReturnRequest>,
) -> Result<Response, Error> {
    let reason = match asked.reason {
        ReturnReason::ChangedMind => "changed_mind",
        ReturnReason::Damaged => "damaged",
        ReturnReason::WrongItem => "wrong_item",
        ReturnReason::Other => "other",
    };
    let restock = asked.restock.unwrap_or(asked.reason != ReturnReason::Damaged);
    let deed = Deed::Return { lines: some_of(asked.items.as_deref())?, reason, restock };
    act(&state, staff, id, key, ("return", &asked), deed).await
}

/// No fields.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn some_of(items: Option<&[Item]>) -> Result<Option<Basket>, Error> {
    items.map(|items| basket(items, "/items")).transpose()
}

/// Does it, once for each key where one was sent.
async fn act(
    state: &AppState,
    staff: Staff,
    id: ReservationId,
    key: Option<String>,
    (step, asked): (&str, &impl Serialize),
    deed: Deed,
) -> Result<Response, Error> {
    let now = state.clock().now();
    let principal = staff.principal();
    let doer = Doer::Staff { token: staff.token, location: staff.location };
    let verdict = match key {
        None => state.db.act(id, doer, deed).await?,
        Some(key) => {
            let fingerprint = fingerprint::fingerprint(&format!("{}/{step}", paths::reservation(&id)), asked)?;
            let key = IdempotencyKey { principal, key, fingerprint };
            // Only what was done is remembered: a refusal depends on the state alone and is decided anew.
            let answer = move |verdict: &DeedVerdict| match verdict {
                DeedVerdict::Done(row) => {
                    let body = serde_json::to_string(&wire::task(row, now)).ok()?;
                    Some(StoredAnswer { status: 200, location: None, body })
                }
                _ => None,
            };
            match state.db.act_once(id, doer, deed, key, answer).await? {
                Once::Answer { answer, replayed } => return Ok(deed::send(answer, replayed)),
                Once::KeyReused => return Err(deed::key_reused()),
                Once::Refused(verdict) => verdict,
            }
        }
    };
    let row = deed::done(&state.catalog.load(), None, verdict)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(wire::task(&row, now))).into_response())
}

/// What all steps are asked with: the reservation, and a key where the step must not be done twice.
struct Step;

impl IntoParams for Step {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = || Object::with_type(Type::String);
        let id = ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path).required(Required::True);
        let key = ParameterBuilder::new().name(IDEMPOTENCY_KEY).parameter_in(ParameterIn::Header).description(Some(
            "Where it is sent, the same key with the same body gives the first answer again for a day.",
        ));
        vec![id.schema(Some(text())).build(), key.required(Required::False).schema(Some(text())).build()]
    }
}

/// What all steps are answered with.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code)] // only its description is used
enum StepAnswers {
    /// The reservation as it stands now.
    #[response(status = 200)]
    Done(#[to_schema] Task),
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(#[to_schema] Problem),
    /// No token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(#[to_schema] Problem),
    /// A token for something else.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// There is none, or none in this shop.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] Problem),
    /// Not in this state.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// Its time is over.
    #[response(status = 410, content_type = "application/problem+json")]
    Gone(#[to_schema] Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// The body is no JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(#[to_schema] Problem),
    /// The request cannot be used.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(#[to_schema] Problem),
    /// Something broke.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(#[to_schema] Problem),
    /// Not at the moment.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] Problem),
}
