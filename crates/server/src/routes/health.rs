//! Whether the server lives, and whether it can serve.

use api_contract::problem::{Problem, ProblemType};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::db::DbError;
use crate::error::Error;
use crate::state::AppState;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `live` or `ready`.
    pub status: &'static str,
    /// What somebody should look at, although everything is served.
    pub degraded: Vec<String>,
}

/// Answers as soon as the process runs.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
async fn live() -> Json<Health> {
    Json(Health { status: "live", degraded: Vec::new() })
}

/// Answers 200 when requests can be served. `degraded` names what is wrong all the same, such as a clock that jumped.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses(
    (status = 200, body = Health),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn ready(State(state): State<AppState>) -> Result<Json<Health>, Error> {
    match state.db.check().await {
        Ok(()) => {
            let degraded = [state.clock().degraded(), state.db.degraded()].into_iter().flatten().collect();
            Ok(Json(Health { status: "ready", degraded }))
        }
        Err(cause @ DbError::Unsynced(_)) => Err(cause.into()),
        Err(cause) => {
            tracing::error!(%cause, "not ready");
            Err(Error::new(ProblemType::Unavailable, "The database cannot be used."))
        }
    }
}
