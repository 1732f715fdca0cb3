//! The screens in shops: what they say of themselves, and what an operator sees of it.

use api_contract::device::{Device, DeviceList, DeviceReport, MAX_ERROR, MAX_VERSION};
use api_contract::problem::{Problem, ProblemType};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{Kiosk, Ops};
use crate::error::Error;
use crate::extract::JsonBody;
use crate::state::AppState;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(report, list))
}

/// A screen in a shop says how it is doing, once a minute. It is answered with how an operator sees it.
#[utoipa::path(post, path = "/v1/devices", tag = "devices", request_body = DeviceReport,
    security(("device_token" = [])),
    responses(
        (status = 200, body = Device),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn report(
    State(state): State<AppState>,
    kiosk: Kiosk,
    JsonBody(said): JsonBody<DeviceReport>,
) -> Result<impl IntoResponse, Error> {
    check(&said)?;
    if said.location_id != kiosk.location {
        return Err(Error::new(ProblemType::Forbidden, "This token is made for a device in another shop."));
    }
    let now = state.clock().now();
    state.devices.told(&kiosk.token, now, said.clone());
    let device = Device {
        id: kiosk.token,
        name: kiosk.name,
        location_id: kiosk.location,
        last_contact_at: Some(now),
        last_contact_age_s: Some(0),
        app_version: Some(said.app_version),
        stock_age_s: said.stock_age_s,
        uptime_s: Some(said.uptime_s),
        last_error: said.last_error,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(device)))
}

/// All screens whose tokens are valid, the longest silent first.
#[utoipa::path(get, path = "/v1/devices", tag = "devices", security(("ops_token" = [])), responses(
    (status = 200, body = DeviceList),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 500, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn list(State(state): State<AppState>, _: Ops) -> Result<impl IntoResponse, Error> {
    let tokens = state.db.tokens().await?;
    let as_of = state.clock().now();
    let devices = state.devices.list(tokens, as_of);
    let list = DeviceList { as_of, heard_since: state.devices.since(), devices };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(list)))
}

fn check(said: &DeviceReport) -> Result<(), Error> {
    let plain = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
    if said.app_version.is_empty() || !plain(&said.app_version, MAX_VERSION) {
        return Err(Error::invalid("/app_version", format!("must have 1 to {MAX_VERSION} plain characters")));
    }
    if said.last_error.as_ref().is_some_and(|error| !plain(error, MAX_ERROR)) {
        return Err(Error::invalid("/last_error", format!("must have at most {MAX_ERROR} plain characters")));
    }
    Ok(())
}
