//! Where requests pass the gate: before they are routed, and once more when it is known whether a secret was wrong.

use api_contract::paths::{AVAILABILITY, LOCATIONS_SEARCH, METRICS, OPENAPI, RESERVATIONS};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Traffic;
use crate::access::{self, Network, SeenStaff};
use crate::state::AppState;

impl Traffic {
    /// What a request counts as; `None` for what everybody may have as often as they like: whether the server lives, and
    /// the files of the app.
    #[must_use]
    pub fn of(method: &Method, path: &str) -> Option<Self> {
        if !path.starts_with("/v1/") && path != METRICS && path != OPENAPI {
            return None;
        }
        let asks = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
            // Their question is too long for an address.
            || (*method == Method::POST && [LOCATIONS_SEARCH, AVAILABILITY].contains(&path));
        Some(if asks { Traffic::Read } else { Traffic::Write })
    }
}

/// Holds requests to the limits.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Some(traffic) = Traffic::of(request.method(), request.uri().path()) else { return next.run(request).await };
    let network = Network::of(request.headers(), request.extensions(), state.config.trusted_hops);
    let secret = access::shown(request.headers());
    // A reservation is opened by its secret, so that asking for one without is a guess as well.
    let guess = secret.is_some() || request.uri().path().strip_prefix(RESERVATIONS).is_some_and(|id| id.len() > 1);
    let admitted = state.gate.admit(traffic, network, secret);
    let admitted = admitted.and_then(|()| if guess { state.gate.secret_door(network, secret) } else { Ok(()) });
    if let Err(error) = admitted {
        return error.into_response();
    }
    let staff = SeenStaff::default();
    request.extensions_mut().insert(staff.clone());
    let response = next.run(request).await;
    match (response.status(), staff.0.get()) {
        (StatusCode::NOT_FOUND, Some(staff)) => state.gate.staff_missed(staff),
        (StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED, None) if guess => state.gate.secret_refused(network),
        _ => {}
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_is_told_from_changing_and_files_are_free() {
        for (method, path, expected) in [
            (Method::GET, "/v1/products", Some(Traffic::Read)),
            (Method::HEAD, "/v1/products", Some(Traffic::Read)),
            (Method::POST, "/v1/availability", Some(Traffic::Read)),
            (Method::POST, "/v1/locations/search", Some(Traffic::Read)),
            (Method::POST, "/v1/reservations", Some(Traffic::Write)),
            (Method::PATCH, "/v1/reservations/r_1", Some(Traffic::Write)),
            (Method::POST, "/v1/inventory", Some(Traffic::Write)),
            (Method::PUT, "/v1/nothing", Some(Traffic::Write)),
            (Method::GET, "/metrics", Some(Traffic::Read)),
            (Method::GET, "/openapi.json", Some(Traffic::Read)),
            (Method::GET, "/health/live", None),
            (Method::GET, "/health/ready", None),
            (Method::GET, "/", None),
            (Method::GET, "/assets/app.wasm", None),
        ] {
            assert_eq!(Traffic::of(&method, path), expected, "{method} {path}");
        }
    }
}
