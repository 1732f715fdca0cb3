//! The server of Nearshelf: a JSON API over one SQLite file, a live stream of stock, and the files of the app.
//!
//! Reading order: [`routes`] (what is served), [`access`], [`embed`] and [`limits`] (who may do what, and how often), [`extract`]
//! and [`error`] (what comes in and how a refusal goes out),
//! [`wire`] (rows as JSON), [`catalog`] (shops and products in memory), [`db`] (what is stored, and the one thread that
//! writes), [`live`] (changes on their way to screens), [`devices`] (how the screens in shops are doing), [`background`] and [`simulator`] (what goes on without being
//! asked), [`static_files`], [`envelope`] and [`serve`] (the way out to the network), [`import`] (what a retailer sends).

pub mod access;
pub mod background;
pub mod catalog;
pub mod chaos;
pub mod clock;
pub mod db;
pub mod devices;
pub mod embed;
pub mod envelope;
pub mod error;
pub mod extract;
pub mod import;
pub mod limits;
pub mod live;
pub mod metrics;
pub mod random;
pub mod routes;
pub mod serve;
pub mod settings;
pub mod simulator;
pub mod state;
pub mod static_files;
pub mod wire;

use std::any::Any;
use std::sync::Arc;

use api_contract::paths::{DEVICE_ID, IDEMPOTENCY_KEY, IDEMPOTENT_REPLAYED};
use api_contract::problem::ProblemType;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use error::Error;
use state::{AppState, Config};
use static_files::Files;

/// Everything that is served.
pub fn app(state: AppState) -> Router {
    let config = Arc::clone(&state.config);
    let files = Files::new(&config);
    let headers: Arc<[(HeaderName, HeaderValue)]> = static_files::security_headers(&config).into();
    let (router, _) = routes::router().split_for_parts();
    let router = router
        .fallback(move |request: Request| {
            let files = files.clone();
            async move { files.serve(request).await }
        })
        .method_not_allowed_fallback(async || {
            Error::new(ProblemType::MethodNotAllowed, "This address has other methods; see the Allow header.")
        })
        .with_state(state.clone())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(state.clone(), limits::layer));
    let router = match cors(&config) {
        Some(layer) => router.layer(layer),
        None => router,
    };
    router
        .layer(middleware::from_fn_with_state(state, embed::layer))
        .layer(middleware::map_response(move |response| std::future::ready(secure(response, &headers))))
        .layer(middleware::from_fn(envelope::seal))
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Error::internal(&format!("panic: {text}")).into_response()
}

fn secure(mut response: Response, headers: &[(HeaderName, HeaderValue)]) -> Response {
    for (name, value) in headers {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// Sites that may call the API from their pages, each named in full; no cookies are ever involved.
fn cors(config: &Config) -> Option<CorsLayer> {
    if config.cors_origins.is_empty() {
        return None;
    }
    let origins = config.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST, Method::PATCH])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                HeaderName::from_bytes(IDEMPOTENCY_KEY.as_bytes()).ok()?,
                HeaderName::from_bytes(DEVICE_ID.as_bytes()).ok()?,
                HeaderName::from_static("last-event-id"),
            ])
            .expose_headers([HeaderName::from_bytes(IDEMPOTENT_REPLAYED.as_bytes()).ok()?, header::RETRY_AFTER])
            .max_age(std::time::Duration::from_secs(600)),
    )
}
