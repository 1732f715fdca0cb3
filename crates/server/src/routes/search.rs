//! What the search inside the browser is made of.

use api_contract::problem::{Problem, ProblemType};
use api_contract::search::{LocationStock, SearchInfo, SearchStock};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::id::LocationId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::extract::{Code, Query};
use crate::state::AppState;
use crate::static_files::base64;

/// How old the stock may be that is handed out; the live stream goes on from there.
const STOCK_MAY_BE_MS: i64 = 5_000;
/// Shops in one question.
const MOST_SHOPS: usize = 50;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(info)).routes(routes!(index)).routes(routes!(stock))
}

/// Which index is the present one.
#[utoipa::path(get, path = "/v1/search", tag = "search", responses((status = 200, body = SearchInfo)))]
async fn info(State(state): State<AppState>) -> impl IntoResponse {
    let catalog = state.catalog.load();
    let search = catalog.products.search();
    let info = SearchInfo {
        index: search.id().to_owned(),
        url: api_contract::paths::search_index(search.id()),
        bytes: search.download().size(),
        products: u64::try_from(search.index().len()).unwrap_or(u64::MAX),
    };
    ([(header::CACHE_CONTROL, "no-cache")], Json(info))
}

/// An index. What is at this address never changes; an index that is not the present one is not there.
#[utoipa::path(get, path = "/v1/search/indexes/{id}", tag = "search", params(("id" = String, Path,)), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
async fn index(State(state): State<AppState>, Code(id): Code<String>, asked: HeaderMap) -> Result<Response, Error> {
    let catalog = state.catalog.load();
    let search = catalog.products.search();
    if id != search.id() {
        return Err(Error::not_found());
    }
    Ok(search.download().answer(&asked))
}

/// What shops can promise now, by the numbers of an index.
#[utoipa::path(get, path = "/v1/search/stock", tag = "search",
    params(
        ("index" = String, Query, description = "The index by whose numbers products are told."),
        ("location_id" = String, Query, description = "1 to 50 shops with commas between. Unknown ones are left out."),
    ),
    responses(
        (status = 200, body = SearchStock),
        (status = 404, description = "The index is not the present one.", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn stock(State(state): State<AppState>, mut query: Query) -> Result<impl IntoResponse, Error> {
    let (index, shops) = (query.take("index")?, query.take("location_id")?);
    query.finish()?;
    let index = index.ok_or_else(|| Error::invalid("?index", "is missing"))?;
    let shops = shops.ok_or_else(|| Error::invalid("?location_id", "is missing"))?;
    let shops: Vec<&str> = shops.split(',').collect();
    if shops.len() > MOST_SHOPS {
        return Err(Error::invalid("?location_id", format!("names more than {MOST_SHOPS} shops")));
    }
    let catalog = state.catalog.load_full();
    if index != catalog.products.search().id() {
        return Err(Error::not_found());
    }
    let now = state.clock().now();
    let mut answer = SearchStock { as_of: now, locations: Vec::new() };
    for shop in shops {
        let id = LocationId::new(shop).map_err(|bad| {
            Error::fields(ProblemType::InvalidRequest, vec![("?location_id".to_owned(), bad.to_string())])
        })?;
        if catalog.shops.get(&id).is_none() {
            continue;
        }
        let stock = state.stocks.of(&state.db, &catalog, &id, now, STOCK_MAY_BE_MS).await?;
        answer.as_of = answer.as_of.min(stock.as_of);
        answer.locations.push(LocationStock { location_id: id, products: base64(&stock.available.to_bytes()) });
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}
