//! Products.

use std::collections::HashSet;

use api_contract::problem::{Problem, ProblemType};
use api_contract::product::{FacetCount, Product, ProductPage};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::gtin::Gtin;
use domain::id::{LocationId, Sku};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::Page;
use crate::catalog::Catalog;
use crate::catalog::products::Wanted;
use crate::error::Error;
use crate::extract::{Code, Query};
use crate::state::AppState;
use crate::wire;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(get))
}

/// Products by words, barcode and category; without any of them all products.
#[utoipa::path(get, path = "/v1/products", tag = "products",
    params(
        ("q" = Option<String>, Query, description = "Words, a barcode or a code; at most 200 characters.", max_length = 200),
        ("gtin" = Option<String>, Query, description = "A barcode of 8, 12, 13 or 14 digits."),
        ("category" = Option<String>, Query, description = "A category from the widest on: `Camp` or `Camp > Tents`."),
        ("location_id" = Option<String>, Query, description = "Only products that this shop carries."),
        ("available" = Option<bool>, Query, description = "Only products that can be promised at `location_id` now."),
        ("cursor" = Option<String>, Query),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, body = ProductPage),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn search(State(state): State<AppState>, mut query: Query) -> Result<impl IntoResponse, Error> {
    let words = query.take("q")?.unwrap_or_default();
    let gtin = query.take_as::<Gtin>("gtin")?;
    let category = query.take("category")?;
    let location = query.take_as::<LocationId>("location_id")?;
    let available = flag(query.take("available")?, "?available")?;
    let (cursor, limit) = (query.take("cursor")?, number(query.take("limit")?, "?limit")?);
    query.finish()?;
    if words.chars().count() > 200 {
        return Err(Error::invalid("?q", "is longer than 200 characters"));
    }
    let page = Page::new(cursor.as_deref(), limit, ("?cursor", "?limit"))?;
    let catalog = state.catalog.load_full();
    let there = there(&state, &catalog, location, available).await?;
    let wanted = Wanted { words, gtin, category };
    let found = catalog.products.find(&wanted, |sku| there.as_ref().is_none_or(|there| there.contains(sku)));
    let (places, pagination) = page.of(found.places);
    let rows = places.into_iter().filter_map(|place| catalog.products.at(place));
    let products = rows.map(|row| wire::product(&catalog.products, row)).collect();
    let categories = found.categories.into_iter().map(|(name, count)| FacetCount { name, count }).collect();
    let page = ProductPage {
        products,
        categories,
        brands: Vec::new(),
        prices: Vec::new(),
        pagination,
        corrected: found.corrected,
        relaxations: Vec::new(),
    };
    // What can be promised somewhere is a matter of seconds; the catalogue is not.
    let caching = if there.is_some() { "no-store" } else { "public, max-age=60" };
    Ok(([(header::CACHE_CONTROL, caching)], Json(page)))
}

/// The products that a shop carries, or that can be promised there; `None` where no shop is named.
async fn there(
    state: &AppState,
    catalog: &Catalog,
    location: Option<LocationId>,
    available: bool,
) -> Result<Option<HashSet<Sku>>, Error> {
    let Some(location) = location else {
        // "Available anywhere" would be another question; better no answer than that of a question nobody asked.
        return if available { Err(Error::invalid("?available", "needs a location_id")) } else { Ok(None) };
    };
    if catalog.shops.get(&location).is_none() {
        let field = ("?location_id".to_owned(), format!("there is no shop {location}"));
        return Err(Error::fields(ProblemType::UnknownLocation, vec![field]));
    }
    let shelves = state.db.shelves_of(location, state.clock().now()).await?;
    Ok(Some(shelves.into_iter().filter(|shelf| !available || shelf.units() > 0).map(|shelf| shelf.sku).collect()))
}

fn flag(text: Option<String>, pointer: &str) -> Result<bool, Error> {
    match text.as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Error::invalid(pointer, "must be true or false")),
    }
}

fn number(text: Option<String>, pointer: &str) -> Result<Option<u32>, Error> {
    text.map(|text| text.parse().map_err(|_| Error::invalid(pointer, "must be a whole number"))).transpose()
}

/// One product.
#[utoipa::path(get, path = "/v1/products/{sku}", tag = "products", params(("sku" = String, Path,)), responses(
    (status = 200, body = Product),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn get(State(state): State<AppState>, Code(sku): Code<Sku>) -> Result<impl IntoResponse, Error> {
    let catalog = state.catalog.load();
    let row = catalog.products.get(&sku).ok_or_else(Error::not_found)?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=60")], Json(wire::product(&catalog.products, row))))
}
