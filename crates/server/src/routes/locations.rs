//! Shops.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use api_contract::location::{Location, LocationFilters, LocationIndexInfo, LocationPage, LocationSearch};
use api_contract::problem::{Problem, ProblemType};
use api_contract::{Item, PageRequest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::basket::{BadBasket, Basket, Fulfils};
use domain::id::{LocationId, Sku};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::Page;
use crate::catalog::Catalog;
use crate::catalog::download::Download;
use crate::catalog::shops::{Shop, words};
use crate::db::ShelfRow;
use crate::error::Error;
use crate::extract::{Code, JsonBody};
use crate::random;
use crate::state::AppState;
use crate::wire;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(get)).routes(routes!(index_info)).routes(routes!(index))
}

/// Shops by place, words, hours, amenities and goods.
#[utoipa::path(post, path = "/v1/locations/search", tag = "locations", request_body = LocationSearch, responses(
    (status = 200, body = LocationPage),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 500, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn search(
    State(state): State<AppState>,
    JsonBody(asked): JsonBody<LocationSearch>,
) -> Result<impl IntoResponse, Error> {
    let PageRequest { cursor, limit } = asked.pagination.unwrap_or_default();
    let page = Page::new(cursor.as_deref(), limit, ("/pagination/cursor", "/pagination/limit"))?;
    let query = asked.query.unwrap_or_default();
    if query.chars().count() > 200 {
        return Err(Error::invalid("/query", "is longer than 200 characters"));
    }
    if asked.distance.as_ref().and_then(|distance| distance.max).is_some_and(|max| max < 0.0) {
        return Err(Error::invalid("/distance/max", "must not be negative"));
    }
    let now = state.clock().now();
    let catalog = state.catalog.load_full();
    let filters = asked.filters.unwrap_or_default();
    known_amenities(&catalog, &filters.amenities)?;
    let stocked = stocked(&state, &catalog, &filters.items).await?;
    let words = words(&query);
    let pass = |shop: &Shop| {
        shop.matches(&words)
            && passes(shop, &filters, now)
            && stocked.as_ref().is_none_or(|ids| ids.contains(&shop.row.id))
    };
    let (part, pagination): (Vec<(Arc<Shop>, Option<f64>)>, _) = match &asked.distance {
        Some(distance) => {
            // How many there are within a distance is only known by looking at all of them.
            let wanted = if distance.max.is_some() { usize::MAX } else { page.end() };
            let near = catalog.shops.nearest(distance.center, distance.max, wanted, pass);
            let all = || catalog.shops.all().iter().filter(|shop| pass(shop)).count();
            let total = if distance.max.is_some() { near.len() } else { all() };
            page.of_first(near.into_iter().map(|(shop, metres)| (shop, Some(metres))).collect(), total)
        }
        None => {
            page.of(catalog.shops.all().iter().filter(|shop| pass(shop)).map(|shop| (Arc::clone(shop), None)).collect())
        }
    };
    let locations = part.iter().map(|(shop, metres)| wire::location(shop, now, &state.config.holds, *metres)).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(LocationPage { as_of: now, locations, pagination })))
}

/// Refuses amenities that no shop has: a filter that means nothing is a mistake, and an empty list would hide it.
fn known_amenities(catalog: &Catalog, asked: &[String]) -> Result<(), Error> {
    let unknown = asked.iter().enumerate().filter(|(_, id)| !catalog.shops.offers(id));
    let fields: Vec<(String, String)> =
        unknown.map(|(at, _)| (format!("/filters/amenities/{at}"), "is no amenity of any shop".to_owned())).collect();
    if fields.is_empty() { Ok(()) } else { Err(Error::fields(ProblemType::InvalidRequest, fields)) }
}

fn passes(shop: &Shop, filters: &LocationFilters, now: domain::time::Timestamp) -> bool {
    let open = filters.hours.as_ref().is_none_or(|hours| shop.is_open_at(hours.open_at, now));
    open && filters.amenities.iter().all(|id| shop.offers(id))
}

/// The shops that have all of the goods; `None` where no goods are asked for.
async fn stocked(state: &AppState, catalog: &Catalog, items: &[Item]) -> Result<Option<HashSet<LocationId>>, Error> {
    if items.is_empty() {
        return Ok(None);
    }
    let basket = basket(items, "/filters/items")?;
    known_products(catalog, items, "/filters/items")?;
    let ids = catalog.shops.all().iter().map(|shop| shop.row.id.clone()).collect();
    let skus = basket.lines().iter().map(|line| line.sku.clone()).collect();
    let shelves = state.db.shelves(ids, skus, state.clock().now()).await?;
    let mut units: HashMap<LocationId, HashMap<Sku, i64>> = HashMap::new();
    for shelf in shelves {
        let count = ShelfRow::units(&shelf);
        units.entry(shelf.location).or_default().insert(shelf.sku, count);
    }
    let serving = units
        .into_iter()
        .filter(|(_, units)| basket.served_by(|sku| units.get(sku).copied().unwrap_or(0)).0 == Fulfils::All);
    Ok(Some(serving.map(|(id, _)| id).collect()))
}

/// The lines as a basket; the pointer says where they stand in the request.
pub(super) fn basket(items: &[Item], pointer: &str) -> Result<Basket, Error> {
    Basket::new(items.iter().map(|item| (item.sku.clone(), item.quantity))).map_err(|bad| {
        let pointer = match bad {
            BadBasket::NoQuantity(line) | BadBasket::TooMany(line) => format!("{pointer}/{line}/quantity"),
            BadBasket::Empty | BadBasket::TooManyLines => pointer.to_owned(),
        };
        Error::invalid(pointer, bad.to_string())
    })
}

/// Refuses products that do not exist.
pub(super) fn known_products(catalog: &Catalog, items: &[Item], pointer: &str) -> Result<(), Error> {
    let unknown = items.iter().enumerate().filter(|(_, item)| catalog.products.get(&item.sku).is_none());
    let fields: Vec<(String, String)> = unknown
        .map(|(line, item)| (format!("{pointer}/{line}/sku"), format!("there is no product {}", item.sku)))
        .collect();
    if fields.is_empty() { Ok(()) } else { Err(Error::fields(ProblemType::UnknownProduct, fields)) }
}

/// Which file of all shops is the present one. It says when they are open from when it was written.
#[utoipa::path(get, path = "/v1/location-index", tag = "locations", responses(
    (status = 200, body = LocationIndexInfo),
    (status = 500, body = Problem, content_type = "application/problem+json"),
))]
async fn index_info(State(state): State<AppState>) -> Result<impl IntoResponse, Error> {
    let download = shop_file(&state).await?;
    let info = LocationIndexInfo {
        index: download.id().to_owned(),
        url: api_contract::paths::location_index(download.id()),
        bytes: download.size(),
    };
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(info)))
}

/// A file of all shops. What is at this address never changes; one that is not the present one is not there.
#[utoipa::path(get, path = "/v1/location-indexes/{id}", tag = "locations", params(("id" = String, Path,)), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 500, body = Problem, content_type = "application/problem+json"),
))]
async fn index(State(state): State<AppState>, Code(id): Code<String>, asked: HeaderMap) -> Result<Response, Error> {
    let download = shop_file(&state).await?;
    if id == download.id() { Ok(download.answer(&asked)) } else { Err(Error::not_found()) }
}

async fn shop_file(state: &AppState) -> Result<Arc<Download>, Error> {
    let (state, now) = (state.clone(), state.clock().now());
    let written = move || state.shop_file.get(&state.catalog.load_full(), now, &state.config.holds);
    tokio::task::spawn_blocking(written).await.map_err(|error| Error::internal(&error))
}

/// One shop.
#[utoipa::path(get, path = "/v1/locations/{id}", tag = "locations", params(("id" = String, Path,)), responses(
    (status = 200, body = Location, headers(("ETag" = String))),
    (status = 304, description = "It is still the same (If-None-Match)."),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn get(State(state): State<AppState>, Code(id): Code<LocationId>, headers: HeaderMap) -> Result<Response, Error> {
    let catalog = state.catalog.load();
    let shop = catalog.shops.get(&id).ok_or_else(Error::not_found)?;
    let location = wire::location(shop, state.clock().now(), &state.config.holds, None);
    let body = serde_json::to_vec(&location).map_err(|error| Error::internal(&error))?;
    let digest = random::sha256(&body);
    // Weak, because the same shop may be sent compressed or not.
    let etag = format!("W/\"{}\"", random::hex(digest.get(..12).unwrap_or(&digest)));
    let caching = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "public, max-age=300".to_owned())];
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let same = known.flat_map(|list| list.split(',')).map(str::trim).any(|tag| tag == "*" || same_tag(tag, &etag));
    if same {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(header::CONTENT_TYPE, "application/json")], Bytes::from(body)).into_response())
}

fn same_tag(a: &str, b: &str) -> bool {
    a.trim_start_matches("W/") == b.trim_start_matches("W/")
}
