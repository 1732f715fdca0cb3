//! Figures about the server.

use api_contract::problem::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::Ops;
use crate::metrics::{MEDIA_TYPE, Reading};
use crate::state::AppState;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Figures about the server in the text format of OpenMetrics, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", security(("ops_token" = [])), responses(
    (status = 200, body = String, content_type = "application/openmetrics-text"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 500, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn metrics(State(state): State<AppState>, _: Ops) -> impl IntoResponse {
    let text = state.metrics.text(Reading {
        screens: state.hub.screens(),
        differences: state.books.differences(),
        shortfalls: state.books.shortfalls(),
    });
    ([(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], text)
}
