//! Changes of stock as they happen (Server-Sent Events).

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::time::Duration;

use api_contract::availability::{
    AvailabilityEvent, EVENT_AVAILABILITY, EVENT_HEARTBEAT, EVENT_RESET, HEARTBEAT_SECONDS, Heartbeat, MAX_LOCATIONS,
};
use api_contract::problem::{Problem, ProblemType};
use async_stream::stream;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use futures_core::Stream;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::db::DbError;
use crate::error::Error;
use crate::extract::Query;
use crate::live::{self, Next, Start, Subscription};
use crate::state::AppState;

/// Proxies that wait for a full buffer have it at once.
const PRELUDE: usize = 2048;
const LAST_EVENT_ID: &str = "last-event-id";

/// The paths.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events))
}

/// Changes of stock as they happen.
///
/// Each `availability` event carries the state of one shelf for one unit (`AvailabilityEvent`), with an id by which a
/// client that comes back (`Last-Event-ID`) gets what it missed. Where that is not possible, `reset` says that a snapshot
/// of everything follows. `heartbeat` comes every 15 seconds.
#[utoipa::path(get, path = "/v1/availability/events", tag = "availability",
    params(
        ("location_id" = Vec<String>, Query, description = "Shops, 1 to 200; unknown ones are ignored.", explode),
        ("sku" = Vec<String>, Query, description = "Products, 1 to 200; unknown ones are ignored.", explode),
        ("Last-Event-ID" = Option<String>, Header),
    ),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn events(State(state): State<AppState>, headers: HeaderMap, mut query: Query) -> Result<Response, Error> {
    let locations = query.take_all("location_id");
    let skus = query.take_all("sku");
    query.finish()?;
    let catalog = state.catalog.load_full();
    let locations: HashSet<LocationId> = known(locations, "?location_id", |id| catalog.shops.get(id).is_some())?;
    let skus: HashSet<Sku> = known(skus, "?sku", |sku| catalog.products.get(sku).is_some())?;
    let last = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let watched = (locations.iter().cloned().collect(), skus.iter().cloned().collect());
    // Registered first and read afterwards: what changes in between waits for its turn.
    let Some((subscription, start)) = state.hub.subscribe(locations, skus, last) else {
        return Err(Error::new(ProblemType::Unavailable, "Too many screens are connected."));
    };
    let screen = Screen { state, subscription, watched };
    let mut opening = format!(":{}\nretry: {}\n\n", " ".repeat(PRELUDE), retry());
    if let Start::Anew(seq) = start {
        opening.push_str(&screen.snapshot(seq).await?);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(screen.stream(opening))).into_response())
}

/// Codes that exist, of 1 to 200 that were asked for.
fn known<T>(texts: Vec<String>, pointer: &str, exists: impl Fn(&T) -> bool) -> Result<HashSet<T>, Error>
where
    T: TryFrom<String> + std::hash::Hash + Eq,
{
    if texts.is_empty() || texts.len() > MAX_LOCATIONS {
        return Err(Error::invalid(pointer, format!("must stand there 1 to {MAX_LOCATIONS} times")));
    }
    Ok(texts.into_iter().filter_map(|text| T::try_from(text).ok()).filter(exists).collect())
}

/// Milliseconds until a client comes back, spread so that not all come at once.
fn retry() -> u32 {
    rand::random_range(1000..=3000)
}

/// Waits for the end of the server.
async fn ended(closed: &mut watch::Receiver<bool>) {
    // An error says that the hub is gone, which is the same to a screen.
    let _ = closed.wait_for(|closed| *closed).await;
}

struct Screen {
    state: AppState,
    subscription: Subscription,
    watched: (Vec<LocationId>, Vec<Sku>),
}

impl Screen {
    fn stream(self, opening: String) -> impl Stream<Item = Result<String, std::convert::Infallible>> {
        let period = Duration::from_secs(HEARTBEAT_SECONDS);
        let mut beat = interval_at(Instant::now() + period, period);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closed = self.state.hub.closed();
        stream! {
            yield Ok(opening);
            loop {
                let next = tokio::select! {
                    biased;
                    () = ended(&mut closed) => {
                        yield Ok(format!("retry: {}\n\n", retry()));
                        break;
                    }
                    next = self.subscription.next() => Some(next),
                    _ = beat.tick() => None,
                };
                match next {
                    None => yield Ok(self.heartbeat()),
                    Some(Next::Changes(changes)) => {
                        let mut text = String::new();
                        for change in changes {
                            let id = self.state.hub.event_id(change.seq);
                            let _ = write!(text, "id: {id}\nevent: {EVENT_AVAILABILITY}\ndata: {}\n\n", change.data);
                        }
                        yield Ok(text);
                    }
                    Some(Next::Reset(seq)) => match self.snapshot(seq).await {
                        Ok(text) => yield Ok(text),
                        // The client comes back by itself, and starts anew.
                        Err(error) => {
                            tracing::warn!(%error, "a stream was ended");
                            break;
                        }
                    },
                }
            }
        }
    }

    /// `reset` and the state of every shelf. Only the last event names the position: who is cut off before it starts
    /// anew and does not believe that it has everything.
    async fn snapshot(&self, seq: u64) -> Result<String, DbError> {
        let now = self.state.clock().now();
        let (locations, skus) = self.watched.clone();
        let shelves = self.state.db.shelves(locations.clone(), skus.clone(), now).await?;
        let shelves: HashMap<(&LocationId, &Sku), Shelf> =
            shelves.iter().map(|row| ((&row.location, &row.sku), row.shelf)).collect();
        let shelf = |location, sku| shelves.get(&(location, sku)).copied();
        let pairs = locations.iter().flat_map(|location| skus.iter().map(move |sku| (location, sku)));
        let events: Vec<AvailabilityEvent> = pairs
            .map(|(location, sku)| live::event(location.clone(), sku.clone(), shelf(location, sku), now))
            .collect();
        let hub = &self.state.hub;
        let (incomplete, complete) = (hub.event_id(0), hub.event_id(seq));
        let mut text = String::new();
        let id = if events.is_empty() { &complete } else { &incomplete };
        let _ = write!(text, "id: {id}\nevent: {EVENT_RESET}\ndata: {}\n\n", self.sign());
        for (place, event) in events.iter().enumerate() {
            let id = if place + 1 == events.len() { &complete } else { &incomplete };
            let data = serde_json::to_string(event).unwrap_or_default();
            let _ = write!(text, "id: {id}\nevent: {EVENT_AVAILABILITY}\ndata: {data}\n\n");
        }
        Ok(text)
    }

    /// A sign of life; where nothing waits it also says how far the client is, so that it stays within what is kept.
    fn heartbeat(&self) -> String {
        let id = self.subscription.position().map(|seq| format!("id: {}\n", self.state.hub.event_id(seq)));
        format!("{}event: {EVENT_HEARTBEAT}\ndata: {}\n\n", id.unwrap_or_default(), self.sign())
    }

    fn sign(&self) -> String {
        serde_json::to_string(&Heartbeat { as_of: self.state.clock().now() }).unwrap_or_default()
    }
}
