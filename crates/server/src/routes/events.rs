//! Changes of stock as they happen (Server-Sent Events).

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use api_contract::availability::{
    EVENT_AVAILABILITY, EVENT_HEARTBEAT, EVENT_RESET, HEARTBEAT_SECONDS, Heartbeat, MAX_LOCATIONS,
};
use api_contract::problem::{Problem, ProblemType};
use async_stream::stream;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::id::{LocationId, Sku};
use domain::inventory::Shelf;
use futures_core::Stream;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::Network;
use crate::db::DbError;
use crate::error::Error;
use crate::extract::Query;
use crate::limits::StreamPlace;
use crate::live::{self, Change, Next, Start, Subscription};
use crate::state::AppState;

/// Proxies that wait for a full buffer have it at once.
static PRELUDE: [u8; PRELUDE_LEN] = prelude();
const PRELUDE_LEN: usize = 2048;
/// Shelves of which a part of a snapshot tells: some 16 kilobytes, so that full buffers hold little.
const PART: usize = 96;
/// A screen that was sent changes is left in peace for so long: four times a second is enough for a person.
const PAUSE: Duration = Duration::from_millis(250);
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
async fn events(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    mut query: Query,
) -> Result<Response, Error> {
    let locations = query.take_all("location_id");
    let skus = query.take_all("sku");
    query.finish()?;
    let asked = (locations.len(), skus.len());
    let catalog = state.catalog.load_full();
    let locations: HashSet<LocationId> = known(locations, "?location_id", |id| catalog.shops.get(id).is_some())?;
    let skus: HashSet<Sku> = known(skus, "?sku", |sku| catalog.products.get(sku).is_some())?;
    let found = (locations.len(), skus.len());
    let last = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let place = state.gate.stream(Network::of(&headers, &extensions, state.config.trusted_hops))?;
    // Registered first and read afterwards: what changes in between waits for its turn.
    let Some((subscription, start)) = state.hub.subscribe(locations, skus, last) else {
        return Err(Error::new(ProblemType::Unavailable, "Too many screens are connected."));
    };
    let mut opening = format!("retry: {}\n", retry());
    if asked != found {
        let _ = writeln!(opening, ": {} of {} shops and {} of {} products", found.0, asked.0, found.1, asked.1);
    }
    opening.push('\n');
    let screen = Screen { state, subscription, _place: place };
    let snapshot = match start {
        Start::Resume => None,
        Start::Anew(seq) => {
            let mut snapshot = screen.snapshot(seq);
            // A database that cannot be read is said as a status, while it can be.
            snapshot.part(&screen, &mut opening).await?;
            Some(snapshot)
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(screen.stream(opening.into(), snapshot))).into_response())
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

/// A comment.
const fn prelude() -> [u8; PRELUDE_LEN] {
    let mut text = [b' '; PRELUDE_LEN];
    text[0] = b':';
    text[PRELUDE_LEN - 1] = b'\n';
    text
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
    _place: StreamPlace,
}

impl Screen {
    fn stream(self, opening: Bytes, mut snapshot: Option<Snapshot>) -> impl Stream<Item = Result<Bytes, Infallible>> {
        let period = Duration::from_secs(HEARTBEAT_SECONDS);
        let mut beat = interval_at(Instant::now() + period, period);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closed = self.state.hub.closed();
        let mut rest = Instant::now();
        stream! {
            yield Ok(Bytes::from_static(&PRELUDE));
            yield Ok(opening);
            loop {
                while let Some(rest) = &mut snapshot && !rest.is_complete(&self) {
                    let mut text = String::new();
                    // The client comes back by itself, and starts anew.
                    if let Err(error) = rest.part(&self, &mut text).await {
                        tracing::warn!(%error, "a stream was ended");
                        return;
                    }
                    yield Ok(text.into());
                }
                snapshot = None;
                // The first change after a quiet time goes out at once; what follows it is gathered.
                let next = async {
                    sleep_until(rest).await;
                    self.subscription.next().await
                };
                let next = tokio::select! {
                    biased;
                    () = ended(&mut closed) => {
                        yield Ok(format!("retry: {}\n\n", retry()).into());
                        break;
                    }
                    next = next => Some(next),
                    _ = beat.tick() => None,
                };
                match next {
                    None => yield Ok(self.heartbeat().into()),
                    Some(Next::Changes(changes)) => {
                        rest = Instant::now() + PAUSE;
                        yield Ok(joined(&changes));
                    }
                    Some(Next::Reset(seq)) => {
                        rest = Instant::now() + PAUSE;
                        snapshot = Some(self.snapshot(seq));
                    }
                }
            }
        }
    }

    fn snapshot(&self, seq: u64) -> Snapshot {
        Snapshot { seq, told: 0, begun: false }
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

/// One change is shared by all screens as it is; several are put together.
fn joined(changes: &[Change]) -> Bytes {
    match changes {
        [change] => change.text().clone(),
        changes => changes.iter().flat_map(|change| change.text().iter().copied()).collect(),
    }
}

/// `reset` and the state of every shelf, a part at a time: a screen that watches much and reads slowly holds one part.
struct Snapshot {
    seq: u64,
    // Shops that were told.
    told: usize,
    begun: bool,
}

impl Snapshot {
    fn is_complete(&self, screen: &Screen) -> bool {
        self.begun && self.told >= screen.subscription.locations().len()
    }

    /// Writes the next part. Only the last event of all names the position: who is cut off before it starts anew and
    /// does not believe that it has everything.
    async fn part(&mut self, screen: &Screen, text: &mut String) -> Result<(), DbError> {
        let (hub, now) = (&screen.state.hub, screen.state.clock().now());
        let skus = screen.subscription.skus();
        let left = screen.subscription.locations().get(self.told..).unwrap_or_default();
        let shops = (PART / skus.len().max(1)).clamp(1, left.len().max(1));
        let (locations, later) = left.split_at(shops.min(left.len()));
        let last = later.is_empty();
        let (incomplete, complete) = (hub.event_id(0), hub.event_id(self.seq));
        let mut open = locations.len() * skus.len();
        let mut id = || {
            let all = last && open == 0;
            open = open.saturating_sub(1);
            if all { &complete } else { &incomplete }
        };
        if !self.begun {
            let _ = write!(text, "id: {}\nevent: {EVENT_RESET}\ndata: {}\n\n", id(), screen.sign());
        } else {
            id();
        }
        if !locations.is_empty() && !skus.is_empty() {
            let shelves = screen.state.db.shelves(locations.to_vec(), skus.to_vec(), now).await?;
            let shelves: HashMap<(&LocationId, &Sku), Shelf> =
                shelves.iter().map(|row| ((&row.location, &row.sku), row.shelf)).collect();
            for (location, sku) in locations.iter().flat_map(|location| skus.iter().map(move |sku| (location, sku))) {
                let shelf = shelves.get(&(location, sku)).copied();
                let data = serde_json::to_string(&live::event(location.clone(), sku.clone(), shelf, now));
                let data = data.unwrap_or_default();
                let _ = write!(text, "id: {}\nevent: {EVENT_AVAILABILITY}\ndata: {data}\n\n", id());
            }
        }
        // It may wait for its peer for a while: what it grew by in vain is given back.
        text.shrink_to_fit();
        self.begun = true;
        self.told += locations.len();
        Ok(())
    }
}
