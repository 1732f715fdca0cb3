//! Stock: what may be promised of products at shops.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use api_contract::availability::{
    AvailabilityAnswer, AvailabilityRequest, BasketRow, DEFAULT_NEAR, MAX_ITEMS, MAX_LOCATIONS, Near,
};
use api_contract::problem::{Problem, ProblemType};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::geo::{BadPosition, Position, whole_metres};
use domain::id::{LocationId, Sku};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::locations::{basket, known_products};
use crate::catalog::Catalog;
use crate::catalog::shops::Shop;
use crate::db::ShelfRow;
use crate::error::Error;
use crate::extract::JsonBody;
use crate::state::AppState;
use crate::wire;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(availability))
}

/// What may be promised of products at shops; all rows hold for one instant.
#[utoipa::path(post, path = "/v1/availability", tag = "availability", request_body = AvailabilityRequest, responses(
    (status = 200, body = AvailabilityAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 500, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
async fn availability(
    State(state): State<AppState>,
    JsonBody(asked): JsonBody<AvailabilityRequest>,
) -> Result<impl IntoResponse, Error> {
    if asked.items.len() > MAX_ITEMS {
        return Err(Error::invalid("/items", format!("may have at most {MAX_ITEMS} rows")));
    }
    let basket = basket(&asked.items, "/items")?;
    let catalog = state.catalog.load_full();
    known_products(&catalog, &asked.items, "/items")?;
    let shops = shops(&catalog, asked.location_ids, asked.near)?;
    // In the order of the question, each product once.
    let mut seen = HashSet::new();
    let skus: Vec<Sku> = asked.items.into_iter().map(|item| item.sku).filter(|sku| seen.insert(sku.clone())).collect();
    let wanted: HashMap<&Sku, u32> = basket.lines().iter().map(|line| (&line.sku, line.quantity)).collect();
    // Before the reading: a change that comes after it is later than this instant, and wins on the screen.
    let now = state.clock().now();
    let ids = shops.iter().map(|(shop, _)| shop.row.id.clone()).collect();
    let shelves = state.db.shelves(ids, skus.clone(), now).await?;
    let shelves: HashMap<(&LocationId, &Sku), &ShelfRow> =
        shelves.iter().map(|shelf| ((&shelf.location, &shelf.sku), shelf)).collect();
    let (mut rows, mut baskets) = (Vec::new(), Vec::new());
    for (shop, distance) in &shops {
        let id = &shop.row.id;
        for sku in &skus {
            let Some(product) = catalog.products.get(sku) else { continue };
            let quantity = wanted.get(sku).copied().unwrap_or(1);
            rows.push(wire::availability(shop, product, shelves.get(&(id, sku)).copied(), quantity, now));
        }
        let (fulfils, missing) = basket.served_by(|sku| shelves.get(&(id, sku)).map_or(0, |shelf| shelf.units()));
        baskets.push(BasketRow { location_id: id.clone(), fulfils, missing, distance_m: distance.map(whole_metres) });
    }
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Json(AvailabilityAnswer { as_of: now, rows: rows.into(), baskets: baskets.into() }),
    ))
}

type Asked = Vec<(Arc<Shop>, Option<f64>)>;

fn shops(catalog: &Catalog, ids: Option<Vec<LocationId>>, near: Option<Near>) -> Result<Asked, Error> {
    match (ids, near) {
        (Some(ids), None) => named(catalog, ids),
        (None, Some(near)) => around(catalog, near),
        _ => Err(Error::invalid("", "give exactly one of location_ids and near")),
    }
}

fn named(catalog: &Catalog, ids: Vec<LocationId>) -> Result<Asked, Error> {
    if ids.is_empty() || ids.len() > MAX_LOCATIONS {
        return Err(Error::invalid("/location_ids", format!("must have 1 to {MAX_LOCATIONS} rows")));
    }
    let mut seen = HashSet::new();
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for (place, id) in ids.into_iter().enumerate() {
        match catalog.shops.get(&id) {
            None => unknown.push((format!("/location_ids/{place}"), format!("there is no shop {id}"))),
            Some(shop) if seen.insert(id) => found.push((Arc::clone(shop), None)),
            Some(_) => {}
        }
    }
    if unknown.is_empty() { Ok(found) } else { Err(Error::fields(ProblemType::UnknownLocation, unknown)) }
}

fn around(catalog: &Catalog, near: Near) -> Result<Asked, Error> {
    let center = Position::new(near.latitude, near.longitude).map_err(|bad| {
        let pointer = match bad {
            BadPosition::Latitude => "/near/latitude",
            BadPosition::Longitude => "/near/longitude",
        };
        Error::invalid(pointer, bad.to_string())
    })?;
    if near.max_m.is_some_and(|max| max < 0.0) {
        return Err(Error::invalid("/near/max_m", "must not be negative"));
    }
    let limit = usize::try_from(near.limit.unwrap_or(DEFAULT_NEAR)).unwrap_or(usize::MAX);
    if !(1..=MAX_LOCATIONS).contains(&limit) {
        return Err(Error::invalid("/near/limit", format!("must be 1 to {MAX_LOCATIONS}")));
    }
    let nearest = catalog.shops.nearest(center, near.max_m, limit, |_| true);
    Ok(nearest.into_iter().map(|(shop, metres)| (shop, Some(metres))).collect())
}
