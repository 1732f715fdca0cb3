//! The description of the API. It is built from the very routers that serve, and the tests check every answer against it.

use api_contract::problem::MEDIA_TYPE;
use axum::Json;
use axum::response::IntoResponse;
use utoipa::OpenApi as _;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, Header, Object, OpenApi, PathItem, Ref, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::db::Scope;
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
    for scope in Scope::ALL {
        let text = format!("A token of `nearshelf-server token create --scope {scope}`.");
        components.add_security_scheme(format!("{scope}_token"), bearer(&text));
    }
    frame
}

/// The whole description.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = super::router().split_for_parts().1;
    for (path, item) in &mut document.paths.paths {
        // Whether the server lives is answered however often somebody asks.
        if !path.starts_with("/health/") {
            operations(item).for_each(may_be_too_many);
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// Every path is held to the limits by one layer, so the answer of that layer is described in one place.
fn may_be_too_many(operation: &mut Operation) {
    let problem = Content::builder().schema(Some(Ref::from_schema_name("Problem"))).build();
    let seconds = Object::builder().schema_type(Type::Integer).minimum(Some(1)).build();
    let wait = Header::builder().schema(Some(seconds)).description(Some("Seconds to wait.")).build();
    let refusal = Response::builder()
        .description("Too many requests; which limits there are is for each server to say.")
        .content(MEDIA_TYPE, problem)
        .header("Retry-After", wait);
    operation.responses.responses.insert("429".to_owned(), refusal.into());
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
