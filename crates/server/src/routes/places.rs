//! Postcodes and towns.

use api_contract::place::{PlaceAnswer, PlacesInfo};
use api_contract::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::geo::Position;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::extract::{Code, Query};
use crate::state::AppState;

/// Longer than any name of a town with all that stands around it.
const LONGEST: usize = 200;
/// Places in an answer where nothing is said.
const USUAL: usize = 5;
/// And at most.
const MOST: usize = 20;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(info)).routes(routes!(index)).routes(routes!(search))
}

/// Which gazetteer is the present one.
#[utoipa::path(get, path = "/v1/places", tag = "places", responses((status = 200, body = PlacesInfo)))]
async fn info(State(state): State<AppState>) -> impl IntoResponse {
    let catalog = state.catalog.load();
    let (places, download) = (catalog.gazetteer.places(), catalog.gazetteer.download());
    let info = PlacesInfo {
        index: download.id().to_owned(),
        url: api_contract::paths::places_index(download.id()),
        bytes: download.size(),
        rows: u64::try_from(places.len()).unwrap_or(u64::MAX),
        countries: places.countries().map(str::to_owned).collect(),
    };
    ([(header::CACHE_CONTROL, "no-cache")], Json(info))
}

/// A gazetteer. What is at this address never changes; one that is not the present one is not there.
#[utoipa::path(get, path = "/v1/places/indexes/{id}", tag = "places", params(("id" = String, Path,)), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn index(State(state): State<AppState>, Code(id): Code<String>, asked: HeaderMap) -> Result<Response, Error> {
    let catalog = state.catalog.load();
    let download = catalog.gazetteer.download();
    if id == download.id() { Ok(download.answer(&asked)) } else { Err(Error::not_found()) }
}

/// Places for what somebody typed: a postcode or the name of a town, whole or not, as people write them in their country. The
/// gazetteer inside the browser gives the same answer.
#[utoipa::path(get, path = "/v1/places/search", tag = "places",
    params(
        ("q" = String, Query, description = "What was typed; at most 200 characters.", max_length = 200),
        ("latitude" = Option<f64>, Query, description = "Of places of one name the nearest to here comes first."),
        ("longitude" = Option<f64>, Query),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 20),
    ),
    responses(
        (status = 200, body = PlaceAnswer),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn search(State(state): State<AppState>, mut query: Query) -> Result<impl IntoResponse, Error> {
    let typed = query.take("q")?.unwrap_or_default();
    let near = match (degrees(&mut query, "latitude")?, degrees(&mut query, "longitude")?) {
        (None, None) => None,
        (Some(latitude), Some(longitude)) => {
            Some(Position::new(latitude, longitude).map_err(|bad| Error::invalid("?latitude", bad.to_string()))?)
        }
        (None, Some(_)) => return Err(Error::invalid("?latitude", "is missing, and the longitude is there")),
        (Some(_), None) => return Err(Error::invalid("?longitude", "is missing, and the latitude is there")),
    };
    let limit = match query.take("limit")? {
        None => USUAL,
        Some(text) => {
            let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            limit.ok_or_else(|| Error::invalid("?limit", format!("must be a number from 1 to {MOST}")))?
        }
    };
    query.finish()?;
    if typed.chars().count() > LONGEST {
        return Err(Error::invalid("?q", format!("is longer than {LONGEST} characters")));
    }
    let catalog = state.catalog.load_full();
    let json = catalog.gazetteer.places().answer_json(&typed, near, limit);
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=3600")], json))
}

fn degrees(query: &mut Query, name: &str) -> Result<Option<f64>, Error> {
    let text = query.take(name)?;
    let number = |text: String| text.parse().map_err(|_| Error::invalid(format!("?{name}"), "is not a number"));
    text.map(number).transpose()
}
