//! Agreed times of pickup.

use api_contract::location::{PickupWindow, PickupWindows};
use api_contract::problem::{Problem, ProblemType};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::id::{LocationId, Sku};
use domain::time::HOUR_MS;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::extract::{Code, Query};
use crate::state::AppState;

/// Products that may be asked for at a time; as many as a reservation has lines.
const MAX_SKUS: usize = 50;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(windows))
}

/// When goods can be fetched at a shop: windows inside its opening that begin when the goods can be ready and end while
/// they would be kept, with the places that are left.
#[utoipa::path(get, path = "/v1/locations/{id}/pickup-windows", tag = "locations",
    params(("id" = String, Path,),
        ("sku" = Option<String>, Query, description = "What is to be fetched, ids with commas between: it says how long \
            the shop needs. At most 50.")),
    responses(
        (status = 200, body = PickupWindows),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn windows(
    State(state): State<AppState>,
    Code(id): Code<LocationId>,
    mut query: Query,
) -> Result<impl IntoResponse, Error> {
    let skus = query.take("sku")?.unwrap_or_default();
    query.finish()?;
    let skus = skus.split(',').filter(|sku| !sku.is_empty()).map(|sku| Sku::new(sku.to_owned()));
    let skus: Vec<Sku> = skus.collect::<Result<_, _>>().map_err(|bad| Error::invalid("?sku", bad.to_string()))?;
    if skus.len() > MAX_SKUS {
        return Err(Error::invalid("?sku", format!("may have at most {MAX_SKUS} ids")));
    }
    let catalog = state.catalog.load_full();
    let shop = catalog.shops.get(&id).ok_or_else(Error::not_found)?;
    let mut categories = Vec::new();
    for sku in &skus {
        let unknown = || {
            Error::fields(ProblemType::UnknownProduct, vec![("?sku".to_owned(), format!("there is no product {sku}"))])
        };
        categories.push(catalog.products.get(sku).ok_or_else(unknown)?.category.as_str());
    }
    let now = state.clock().now();
    let shelves = state.db.shelves(vec![id.clone()], skus, now).await?;
    let lead = shelves.iter().map(|shelf| shelf.lead_minutes).max().unwrap_or(0);
    let mut windows = Vec::new();
    let open = shop.open(now);
    if let (true, Some(ready_by), Some(spans)) = (shop.row.has_pickup(), shop.ready_by(now, lead), &open.spans) {
        let hours = state.config.holds.hours_for_all(&id, categories);
        let kept = ready_by.plus_millis(i64::from(hours) * HOUR_MS);
        let taken = state.db.taken_windows(id, now).await?;
        windows = shop.row.pickup.windows(spans, ready_by, kept, &taken);
    }
    let window = |window: domain::hours::PickupWindow| PickupWindow {
        starts_at: window.starts_at,
        ends_at: window.ends_at,
        capacity: window.capacity,
        left: window.left,
    };
    let windows = windows.into_iter().map(window).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(PickupWindows { as_of: now, windows })))
}
