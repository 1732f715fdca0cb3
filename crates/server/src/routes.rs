//! Every path, grouped by who calls it. Each module has its own `router()`, and documents what it serves.

pub mod availability;
pub mod devices;
pub mod events;
pub mod health;
pub mod inventory;
pub mod locations;
pub mod metrics;
pub mod openapi;
pub mod places;
pub mod products;
pub mod reservations;
pub mod search;
pub mod settings;
pub mod staff;
pub mod windows;

mod deed;
mod fingerprint;
mod page;
mod reserve;

use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// All paths of the API, with their description.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    // Answers with secrets in them are not compressed: their length could give them away.
    let public = OpenApiRouter::new()
        .merge(locations::router())
        .merge(windows::router())
        .merge(products::router())
        .merge(search::router())
        .merge(places::router())
        .merge(settings::router())
        .merge(availability::router())
        .layer(CompressionLayer::new());
    OpenApiRouter::with_openapi(openapi::frame())
        .merge(health::router())
        .merge(public)
        .merge(events::router())
        .merge(reservations::router())
        .merge(staff::router())
        .merge(inventory::router())
        .merge(devices::router())
        .merge(metrics::router())
        .merge(openapi::router())
}
