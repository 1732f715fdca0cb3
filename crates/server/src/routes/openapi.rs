//! The description of the API. It is built from the very routers that serve, and the tests check every answer against it.

use axum::Json;
use axum::response::IntoResponse;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Nearshelf",
        description = "What is on the shelf near you: shops, products, live stock, reservations. Money is in minor units, \
                       times are RFC 3339 in UTC, distances are metres, refusals are problem documents (RFC 9457) with a \
                       stable `type`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(
        api_contract::problem::Problem,
        api_contract::availability::AvailabilityEvent,
        api_contract::availability::Heartbeat,
    ))
)]
struct Frame;

/// The description without paths.
#[must_use]
pub fn frame() -> OpenApi {
    let mut frame = Frame::openapi();
    let components = frame.components.get_or_insert_default();
    let bearer = |text: &str| {
        SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(text)).build())
    };
    components.add_security_scheme("manage_token", bearer("The secret that the reservation was answered with."));
    components.add_security_scheme("feed_token", bearer("A token of `nearshelf-server token create --scope feed`."));
    components.add_security_scheme("staff_token", bearer("A token of `nearshelf-server token create --scope staff`."));
    frame
}

/// The whole description.
#[must_use]
pub fn document() -> OpenApi {
    super::router().split_for_parts().1
}

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "health", responses((status = 200, body = Object)))]
async fn openapi() -> impl IntoResponse {
    Json(document())
}
