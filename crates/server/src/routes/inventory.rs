//! Stock changes from tills and ERPs.

use api_contract::inventory::{
    ChangeKind, ChangeResult, InventoryAnswer, InventoryChange, InventoryRequest, MAX_CHANGES, Verdict,
};
use api_contract::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::Feed;
use crate::db::{Amount, StockChange, StockVerdict};
use crate::error::Error;
use crate::extract::JsonBody;
use crate::state::AppState;

/// Units beyond which a quantity is a mistake.
const MAX_UNITS: i64 = 1_000_000;
/// Changes that share one turn of the writer, so that shoppers need not wait for a whole feed.
const AT_ONCE: usize = 250;

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(change))
}

/// Changes stock; each row is judged by itself, in order. For a feed with a shop all others are unknown.
#[utoipa::path(post, path = "/v1/inventory", tag = "inventory", request_body = InventoryRequest,
    security(("feed_token" = [])),
    responses(
        (status = 200, body = InventoryAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(state): State<AppState>,
    feed: Feed,
    JsonBody(asked): JsonBody<InventoryRequest, 4_194_304>,
) -> Result<impl IntoResponse, Error> {
    if asked.changes.is_empty() || asked.changes.len() > MAX_CHANGES {
        return Err(Error::invalid("/changes", format!("must have 1 to {MAX_CHANGES} rows")));
    }
    let mut results = Vec::with_capacity(asked.changes.len());
    for part in asked.changes.chunks(AT_ONCE) {
        results.extend(apply(&state, &feed, part).await?);
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(InventoryAnswer { results })))
}

async fn apply(state: &AppState, feed: &Feed, part: &[InventoryChange]) -> Result<Vec<ChangeResult>, Error> {
    let checked: Vec<Result<StockChange, ChangeResult>> = part.iter().map(|row| check(feed, row)).collect();
    let sound: Vec<StockChange> = checked.iter().filter_map(|row| row.as_ref().ok().cloned()).collect();
    let mut verdicts = state.db.change_stock(sound).await?.into_iter();
    let judged = checked.into_iter().map(|row| match row {
        Err(refusal) => refusal,
        Ok(_) => verdicts.next().map_or_else(|| refused(Verdict::Invalid, "was not judged"), result),
    });
    Ok(judged.collect())
}

fn check(feed: &Feed, change: &InventoryChange) -> Result<StockChange, ChangeResult> {
    // What is not the feed's looks like what is not there.
    if !feed.may(&change.location_id) {
        return Err(result(StockVerdict::UnknownLocation));
    }
    usable(change).map_err(|why| refused(Verdict::Invalid, why))
}

fn usable(change: &InventoryChange) -> Result<StockChange, &'static str> {
    if !(1..=64).contains(&change.source.chars().count()) || change.source.chars().any(char::is_control) {
        return Err("the source must have 1 to 64 characters");
    }
    if !(-MAX_UNITS..=MAX_UNITS).contains(&change.quantity) {
        return Err("the quantity is beyond 1000000");
    }
    let amount = match change.kind {
        ChangeKind::Set if change.quantity < 0 => return Err("a count cannot be negative"),
        ChangeKind::Set => Amount::Set(change.quantity),
        ChangeKind::Delta => Amount::Delta(change.quantity),
    };
    Ok(StockChange {
        location: change.location_id.clone(),
        sku: change.sku.clone(),
        amount,
        if_version: change.if_version,
        source: change.source.clone(),
        sequence: i64::try_from(change.sequence).map_err(|_| "the sequence is too large")?,
    })
}

fn refused(verdict: Verdict, detail: &str) -> ChangeResult {
    ChangeResult { verdict, version: None, on_hand: None, shortfall: None, detail: Some(detail.to_owned()) }
}

fn result(verdict: StockVerdict) -> ChangeResult {
    match verdict {
        StockVerdict::Applied { version, on_hand, shortfall } => ChangeResult {
            verdict: Verdict::Applied,
            version: Some(version),
            on_hand: Some(on_hand),
            shortfall: Some(shortfall),
            detail: None,
        },
        StockVerdict::AlreadySeen => refused(Verdict::AlreadySeen, "this sequence, or a later one, was seen before"),
        StockVerdict::VersionMismatch { version } => {
            ChangeResult { version: Some(version), ..refused(Verdict::VersionMismatch, "the shelf changed in between") }
        }
        StockVerdict::UnknownLocation => refused(Verdict::UnknownLocation, "there is no such shop"),
        StockVerdict::UnknownProduct => refused(Verdict::UnknownProduct, "there is no such product"),
        StockVerdict::NotCarried => refused(Verdict::NotCarried, "the shop does not carry it; send a count first"),
        StockVerdict::NeverCounted => refused(Verdict::Invalid, "the shelf was never counted; send a count first"),
    }
}
