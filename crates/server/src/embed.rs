//! Boxes in the pages of partners: which page may ask what, by the key that the retailer gave its partner.
//!
//! The key is no secret, it stands in the page; what counts is that a browser tells the origin of the page truly. What comes from
//! no browser gains nothing here: all of this is open to everybody who asks without a page around.

use api_contract::paths::{
    AVAILABILITY, AVAILABILITY_EVENTS, EMBED_KEY, IDEMPOTENCY_KEY, IDEMPOTENT_REPLAYED, LOCATIONS_SEARCH,
    PLACES_SEARCH, PRODUCTS, RESERVATIONS, SETTINGS,
};
use api_contract::problem::ProblemType;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::settings::{Partner, SettingsFile};
use crate::state::AppState;

/// Seconds for which a browser remembers that it may ask.
const PREFLIGHT_SECONDS: u64 = 600;

/// Lets boxes ask what they need, and nobody else's pages. It stands outside the limits, so that a page can read that it asks too
/// often; what is inside never sees the key.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/v1/");
    let Some((key, uri)) = Some(request.uri()).filter(|_| api).and_then(without_key) else {
        return next.run(request).await;
    };
    let origin = request.headers().get(header::ORIGIN).cloned();
    let preflight =
        *request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let asker = asker(&state.config.settings, &key, request.headers());
    let open = matches!(asker, Asker::Page);
    let response = match asker {
        Asker::Nobody => refused("This key is not for pages of this origin.").into_response(),
        _ if preflight => allowed_methods(request.uri().path()),
        _ if !may(request.method(), request.uri().path()) => {
            refused("A box in a page does not ask this.").into_response()
        }
        _ => match state.gate.partner(&key) {
            Err(error) => error.into_response(),
            Ok(()) => {
                *request.uri_mut() = uri;
                // The one who may ask is known: nobody inside decides on it once more.
                request.headers_mut().remove(header::ORIGIN);
                next.run(request).await
            }
        },
    };
    with_cors(response, origin.filter(|_| open))
}

/// Who asks with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    /// A page of the partner.
    Page,
    /// Our own page, in a frame of theirs; or no page at all.
    Ourselves,
    /// A page that may not.
    Nobody,
}

fn asker(settings: &SettingsFile, key: &str, headers: &HeaderMap) -> Asker {
    let partner = partner(settings, key);
    let Some(partner) = partner else { return Asker::Nobody };
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return Asker::Ourselves };
    match origin.to_str() {
        Ok(origin) if origins.next().is_some() || origin.is_empty() => Asker::Nobody,
        Ok(origin) if partner.origins.iter().any(|known| known == origin) => Asker::Page,
        Ok(origin) if is_ours(origin, headers) => Asker::Ourselves,
        _ => Asker::Nobody,
    }
}

/// The partner of a key, as long as boxes are switched on.
#[must_use]
pub fn partner<'s>(settings: &'s SettingsFile, key: &str) -> Option<&'s Partner> {
    settings.embed.iter().find(|partner| settings.features.widget && partner.key == key)
}

/// Whether the page is one of this very server, as its browser reached it.
fn is_ours(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some() && authority == host
}

/// The key of an address, and the address without it; of several the first counts, and all are taken out.
fn without_key(uri: &Uri) -> Option<(String, Uri)> {
    let is_key = |pair: &&str| pair.split('=').next() == Some(EMBED_KEY);
    let query = uri.query()?;
    let (keys, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_key);
    let key = keys.first()?.split_once('=').map_or("", |(_, key)| key);
    let rest = rest.join("&");
    let target = if rest.is_empty() { uri.path().to_owned() } else { [uri.path(), "?", &rest].concat() };
    Some((key.to_owned(), target.parse().ok()?))
}

/// The method by which a box asks at a path: a shop's own affairs, and pickups that somebody has, are none of its business.
fn method_of(path: &str) -> Option<Method> {
    match path {
        LOCATIONS_SEARCH | AVAILABILITY | RESERVATIONS => Some(Method::POST),
        PLACES_SEARCH | SETTINGS | AVAILABILITY_EVENTS => Some(Method::GET),
        _ => {
            let product = path.strip_prefix(PRODUCTS)?.strip_prefix('/')?;
            (!product.is_empty() && !product.contains('/')).then_some(Method::GET)
        }
    }
}

fn may(method: &Method, path: &str) -> bool {
    method_of(path).as_ref() == Some(method)
}

/// The answer to a browser that asks for leave.
fn allowed_methods(path: &str) -> Response {
    let Some(method) = method_of(path) else { return refused("A box in a page does not ask this.").into_response() };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(method.as_str()).map(|m| (header::ACCESS_CONTROL_ALLOW_METHODS, m)));
    let allowed = ["content-type, ", &IDEMPOTENCY_KEY.to_ascii_lowercase()].concat();
    headers.extend(HeaderValue::from_str(&allowed).map(|names| (header::ACCESS_CONTROL_ALLOW_HEADERS, names)));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(PREFLIGHT_SECONDS));
    response
}

fn refused(detail: &str) -> Error {
    Error::new(ProblemType::EmbedRefused, detail)
}

/// Whatever the answer is, it depends on who asked: a cache between us must not give it to another page. Credentials are never
/// allowed.
fn with_cors(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_name(header::ORIGIN));
    let Some(origin) = origin else { return response };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let exposed = [IDEMPOTENT_REPLAYED.to_ascii_lowercase().as_str(), ", retry-after"].concat();
    headers.extend(HeaderValue::from_str(&exposed).map(|names| (header::ACCESS_CONTROL_EXPOSE_HEADERS, names)));
    response
}

/// What lets pages of anybody load a file that is the same for everybody: without it the box could not be fetched by its loader.
#[must_use]
pub fn for_every_page(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(address: &str) -> Option<(String, String)> {
        let (key, uri) = without_key(&address.parse().unwrap())?;
        Some((key, uri.to_string()))
    }

    #[test]
    fn the_key_is_taken_out_wherever_it_stands() {
        let found = |key: &str, rest: &str| Some((key.to_owned(), rest.to_owned()));
        assert_eq!(taken("/v1/settings?embed_key=k1"), found("k1", "/v1/settings"));
        assert_eq!(
            taken("/v1/places/search?q=a%26b&embed_key=k1&limit=5"),
            found("k1", "/v1/places/search?q=a%26b&limit=5")
        );
        assert_eq!(taken("/v1/settings?embed_key=k1&embed_key=k2"), found("k1", "/v1/settings"));
        assert_eq!(taken("/v1/settings?embed_key"), found("", "/v1/settings"));
        assert_eq!(taken("/v1/settings?xembed_key=k1"), None);
        assert_eq!(taken("/v1/settings"), None);
    }

    #[test]
    fn a_box_asks_what_it_shows_and_nothing_else() {
        for (method, path) in [
            (Method::GET, "/v1/products/BO-075-GLA"),
            (Method::POST, "/v1/availability"),
            (Method::GET, "/v1/availability/events"),
            (Method::POST, "/v1/reservations"),
        ] {
            assert!(may(&method, path), "{method} {path}");
        }
        for (method, path) in [
            (Method::GET, "/v1/products"),
            (Method::GET, "/v1/products/"),
            (Method::GET, "/v1/products/a/b"),
            (Method::GET, "/v1/reservations/r_1"),
            (Method::PATCH, "/v1/reservations/r_1"),
            (Method::POST, "/v1/reservations/r_1/accept"),
            (Method::POST, "/v1/inventory"),
            (Method::GET, "/v1/locations/lyo-1/tasks"),
            (Method::DELETE, "/v1/availability"),
        ] {
            assert!(!may(&method, path), "{method} {path}");
        }
    }

    #[test]
    fn only_the_very_origin_of_a_partner_is_its_page() {
        let settings = r#"{"embed": [{"key": "pk_alpine", "origins": ["https://allowed.com"]}]}"#;
        let settings = crate::settings::parse(settings).unwrap();
        let who = |key: &str, origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("shop.example:8080"));
            headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_str(origin).unwrap())));
            asker(&settings, key, &headers)
        };
        assert_eq!(who("pk_alpine", Some("https://allowed.com")), Asker::Page);
        assert_eq!(who("pk_alpine", Some("https://shop.example:8080")), Asker::Ourselves);
        assert_eq!(who("pk_alpine", None), Asker::Ourselves);
        for origin in [
            "https://evil.com",
            "https://allowed.com.evil.com",
            "https://evil-allowed.com",
            "https://sub.allowed.com",
            "http://allowed.com",
            "https://allowed.com:444",
            "https://allowed.com/",
            "https://ALLOWED.com",
            "https://shop.example",
            "shop.example:8080",
            "null",
            "",
        ] {
            assert_eq!(who("pk_alpine", Some(origin)), Asker::Nobody, "{origin:?}");
        }
        assert_eq!(who("pk_other", Some("https://allowed.com")), Asker::Nobody);
        assert_eq!(who("", None), Asker::Nobody);
    }
}
