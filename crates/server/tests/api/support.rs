//! A server for one test.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::id::LocationId;
use domain::time::Timestamp;
use http_body_util::BodyExt;
use nearshelf_server::clock::Clock;
use nearshelf_server::db::sqlite::{self, check::Position};
use nearshelf_server::db::{Scope, TokenVerdict};
use nearshelf_server::state::{AppState, Config};
use nearshelf_server::{app, random};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::{schema, seed};

pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) router: Router,
    pub(crate) clock: Clock,
    pub(crate) dir: TempDir,
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(|_, _| {}).await
    }

    /// With other settings; the folder is the test's own.
    pub(crate) async fn with(change: impl FnOnce(&mut Config, &TempDir)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shop.db");
        seed::fill(&sqlite::open(&path).unwrap());
        let clock = Clock::fixed(Timestamp::parse(seed::NOW).unwrap());
        let mut config = Config { clock: clock.clone(), ..Config::new(path) };
        change(&mut config, &dir);
        let state = AppState::open(config).await.unwrap();
        Self { router: app(state.clone()), state, clock, dir }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(json_request(Method::POST, path, &body.to_string(), &[])).await
    }

    /// Reserves under a key.
    pub(crate) async fn reserve(&self, key: &str, body: &Value) -> Answer {
        self.send(reserve_request(key, &body.to_string())).await
    }

    /// Sends a request to a path of the API; the answer is held against the document.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().to_string(), request.uri().to_string());
        let answer = self.send_raw(request).await;
        let content_type = answer.header("content-type").to_owned();
        if let Err(error) = schema::check(&method, &path, answer.status.as_u16(), &content_type, &answer.body) {
            panic!("the document does not foresee this: {error}");
        }
        answer
    }

    /// Sends a request anywhere.
    pub(crate) async fn send_raw(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Opens a stream.
    pub(crate) async fn stream(&self, path: &str, last_event_id: Option<&str>) -> Events {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        if let Some(id) = last_event_id {
            request.headers_mut().insert("last-event-id", id.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let (parts, body) = response.into_parts();
        Events { headers: parts.headers, body, text: String::new() }
    }

    /// A number out of the database.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.state.db.path()).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// All that a shopper's write may touch, so that a test can say that nothing was.
    pub(crate) fn fingerprint(&self) -> Vec<i64> {
        ["reservation", "reservation_contact", "hold", "idempotency"]
            .map(|table| self.count(&format!("SELECT count(*) FROM {table}")))
            .into_iter()
            .chain([self.count("SELECT sum(COALESCE(on_hand, 0) * 1000 + version) FROM stock")])
            .collect()
    }

    /// A secret with a scope; one that needs a shop is for `lyo-1`.
    pub(crate) async fn token(&self, scope: &str) -> String {
        let needed = scope.parse::<Scope>().unwrap().needs_location();
        self.token_at(scope, needed.then_some("lyo-1")).await
    }

    /// A secret with a scope at a shop.
    pub(crate) async fn token_at(&self, scope: &str, location: Option<&str>) -> String {
        let secret = random::hex(&random::bytes::<20>().unwrap());
        let (scope, hash) = (scope.parse().unwrap(), random::sha256(secret.as_bytes()));
        let location = location.map(|id| LocationId::new(id).unwrap());
        let verdict = self.state.db.create_token("till".to_owned(), scope, location, hash).await.unwrap();
        assert!(matches!(verdict, TokenVerdict::Created(_)), "{verdict:?}");
        secret
    }

    /// Changes stock as a till.
    pub(crate) async fn change(&self, token: &str, changes: Value) -> Answer {
        let body = json!({ "changes": changes }).to_string();
        let bearer = format!("Bearer {token}");
        self.send(json_request(Method::POST, "/v1/inventory", &body, &[("authorization", &bearer)])).await
    }

    /// Takes a step with a reservation, or asks for the tasks of a shop.
    pub(crate) async fn with_token(&self, token: &str, method: Method, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(json_request(method, path, body, &[("authorization", &bearer)])).await
    }

    /// The counters agree with the ledger and the claims.
    #[track_caller]
    pub(crate) fn books_agree(&self) -> impl Future<Output = ()> {
        let (db, caller) = (self.state.db.clone(), std::panic::Location::caller());
        async move {
            let (found, _) = db.reconcile(Position::default()).await.unwrap();
            assert!(found.differences.is_empty(), "{caller}: {:#?}", found.differences);
        }
    }

    /// How many may be promised.
    pub(crate) async fn units(&self, location: &str, sku: &str) -> i64 {
        let body = json!({ "items": [{ "sku": sku, "quantity": 1 }], "location_ids": [location] });
        let answer = self.post("/v1/availability", &body).await.ok();
        answer["rows"][0]["quantity"].as_i64().unwrap_or(-1)
    }
}

pub(crate) fn json_request(method: Method, path: &str, body: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

pub(crate) fn reserve_request(key: &str, body: &str) -> Request<Body> {
    json_request(Method::POST, "/v1/reservations", body, &[("idempotency-key", key)])
}

/// A wish for so many units at a shop.
pub(crate) fn wish(location: &str, items: &[(&str, u32)]) -> Value {
    let items: Vec<Value> = items.iter().map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity })).collect();
    json!({
        "location_id": location,
        "method": "in_store",
        "items": items,
        "contact": { "name": "Zoë Ångström", "email": "zoe@example.com" },
    })
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.json()
    }

    /// The problem document of a refusal of this status and kind.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["type"], format!("/problems/{kind}"), "{body:#}");
        assert_eq!(body["status"], status);
        assert!(!body["detail"].as_str().unwrap().is_empty());
        assert!(!body["request_id"].as_str().unwrap().is_empty());
        body
    }
}

/// An open stream.
pub(crate) struct Events {
    pub(crate) headers: HeaderMap,
    body: Body,
    text: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Event {
    pub(crate) fn seq(&self) -> u64 {
        self.id.rsplit_once('-').unwrap().1.parse().unwrap()
    }
}

impl Events {
    /// The next event within a second; comments and settings are passed over.
    pub(crate) async fn next(&mut self) -> Event {
        self.try_next(Duration::from_secs(1)).await.expect("an event within a second")
    }

    /// Waits for a text that belongs to no event; it stays there.
    pub(crate) async fn heard(&mut self, text: &str) {
        while !self.text.contains(text) {
            let frame = self.body.frame().await.expect("more of the stream").unwrap();
            self.text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    }

    /// The next event, if one comes in time.
    pub(crate) async fn try_next(&mut self, patience: Duration) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let event = read(block);
                self.text = rest.to_owned();
                if event.name.is_empty() {
                    continue;
                }
                return Some(event);
            }
            let frame = tokio::time::timeout(patience, self.body.frame()).await.ok()??.unwrap();
            self.text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    }
}

fn read(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        match line.split_once(": ") {
            Some(("id", value)) => value.clone_into(&mut event.id),
            Some(("event", value)) => value.clone_into(&mut event.name),
            Some(("data", value)) => event.data = serde_json::from_str(value).unwrap(),
            _ => {}
        }
    }
    event
}
