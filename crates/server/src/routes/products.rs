//! Products.

use std::sync::Arc;

use api_contract::problem::{Problem, ProblemType};
use api_contract::product::{Product, ProductPage};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::id::{LocationId, Sku};
use search::{Request, StockSet, page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::catalog::Catalog;
use crate::catalog::stock::ShopStock;
use crate::error::Error;
use crate::extract::{Code, Query};
use crate::state::AppState;
use crate::wire;

/// How old the stock may be by which products of shops nearby come first.
const NEAR_MAY_BE_MS: i64 = 15_000;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(get))
}

/// Products by words, barcode and filters; without any of them all products. The search inside the browser gives the same
/// answer to the same question.
#[utoipa::path(get, path = "/v1/products", tag = "products",
    params(
        ("q" = Option<String>, Query, description = "Words, a barcode or a code; at most 200 characters.", max_length = 200),
        ("verbatim" = Option<bool>, Query, description = "Only these very words: no help in spelling."),
        ("gtin" = Option<String>, Query, description = "A barcode of 8, 12, 13 or 14 digits."),
        ("category" = Option<String>, Query, description = "A category from the widest on: `Camp` or `Camp > Tents`."),
        ("brand" = Option<String>, Query),
        ("price" = Option<String>, Query, description = "From, and below, in minor units: `2000-5000`, `5000-`."),
        ("location_id" = Option<String>, Query,
            description = "Only products that one of these shops carries; at most 50 ids with commas between."),
        ("available" = Option<bool>, Query, description = "Only products that one of `location_id` can promise now."),
        ("near" = Option<String>, Query,
            description = "What these shops can promise comes before what matches as well; ids with commas between, the \
                nearest first. Shops that are not known are passed over."),
        ("sort" = Option<String>, Query, description = "`relevance`, `price_asc` or `price_desc`."),
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
async fn search(State(state): State<AppState>, query: Query) -> Result<impl IntoResponse, Error> {
    let request =
        Request::of(query.pairs()).map_err(|bad| Error::invalid(format!("?{}", bad.parameter), bad.problem))?;
    let catalog = state.catalog.load_full();
    let (only, near) = (only(&state, &catalog, &request).await?, near(&state, &catalog, &request).await?);
    // What can be promised somewhere is a matter of seconds; the catalogue is not.
    let caching = if only.is_some() || !near.is_empty() { "no-store" } else { "public, max-age=60" };
    // A common word of a large catalogue takes a millisecond: too long for a thread that serves hundreds.
    let body = tokio::task::spawn_blocking(move || {
        let only: Option<Vec<&StockSet>> =
            only.as_ref().map(|stocks| stocks.iter().map(|stock| stock.set(request.available)).collect());
        let near: Vec<&StockSet> = near.iter().map(|stock| &stock.available).collect();
        page(catalog.products.search().index(), &request, only.as_deref(), &near)
    });
    let body = body.await.map_err(|error| Error::internal(&error))?;
    Ok(([(header::CACHE_CONTROL, caching), (header::CONTENT_TYPE, "application/json")], body))
}

/// What the shops have that the answer is narrowed to, as of now.
async fn only(state: &AppState, catalog: &Catalog, request: &Request) -> Result<Option<Vec<Arc<ShopStock>>>, Error> {
    if request.location_ids.is_empty() {
        return Ok(None);
    }
    let mut stocks = Vec::new();
    for id in &request.location_ids {
        let id = LocationId::new(id.as_str()).map_err(|bad| Error::invalid("?location_id", bad.to_string()))?;
        if catalog.shops.get(&id).is_none() {
            let field = ("?location_id".to_owned(), format!("there is no shop {id}"));
            return Err(Error::fields(ProblemType::UnknownLocation, vec![field]));
        }
        stocks.push(state.stocks.of(&state.db, catalog, &id, state.clock().now(), 0).await?);
    }
    Ok(Some(stocks))
}

/// What the shops nearby have. For the order some seconds more or less do not matter.
async fn near(state: &AppState, catalog: &Catalog, request: &Request) -> Result<Vec<Arc<ShopStock>>, Error> {
    let mut stocks = Vec::new();
    for id in request.near.iter().filter_map(|id| LocationId::new(id.as_str()).ok()) {
        if catalog.shops.get(&id).is_some() {
            stocks.push(state.stocks.of(&state.db, catalog, &id, state.clock().now(), NEAR_MAY_BE_MS).await?);
        }
    }
    Ok(stocks)
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
