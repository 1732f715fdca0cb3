//! Who may do what. The extractors are asked through a small router of their own, so that each of them is proven whatever
//! routes use it.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use domain::id::LocationId;
use governor::clock::FakeRelativeClock;
use nearshelf_server::access::{Caller, Feed, Ops, Staff};
use nearshelf_server::db::{Scope, TokenVerdict};
use nearshelf_server::error::Error;
use nearshelf_server::extract::JsonBody;
use nearshelf_server::limits::{Limits, Rate, Ticker};
use nearshelf_server::metrics::Reading;
use nearshelf_server::{envelope, limits};
use serde_json::{Value, json};

use crate::seed::BOTTLE;
use crate::support::{Answer, TestApp, json_request, wish};

async fn things(staff: Staff, axum::extract::Path(shop): axum::extract::Path<String>) -> Result<String, Error> {
    staff.may(&LocationId::new(shop).map_err(|_| Error::not_found())?)?;
    Ok(staff.principal())
}

async fn caller(caller: Caller, JsonBody(_): JsonBody<Value>) -> String {
    let kiosk = caller.kiosk.as_ref().map_or("-", |kiosk| kiosk.location.as_str());
    let device = caller.device_id.as_deref().unwrap_or("-");
    format!("{} {kiosk} {device} {}", caller.principal().split(':').next().unwrap(), caller.network)
}

/// The same server with one route for each extractor.
fn with_probes(mut app: TestApp) -> TestApp {
    let state = app.state.clone();
    app.router = Router::new()
        .route("/v1/probe/staff/{shop}", get(things))
        .route("/v1/probe/staff", post(async |_: Staff, JsonBody(_): JsonBody<Value>| "staff"))
        .route("/v1/probe/feed", post(async |_: Feed, JsonBody(_): JsonBody<Value>| "feed"))
        .route("/v1/probe/ops", post(async |_: Ops, JsonBody(_): JsonBody<Value>| "ops"))
        .route("/v1/probe/device", post(caller))
        .with_state(state.clone())
        .layer(from_fn_with_state(state, limits::layer))
        .layer(from_fn(envelope::seal));
    app
}

impl TestApp {
    async fn probe(&self, method: Method, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_raw(json_request(method, &format!("/v1/probe/{path}"), body, headers)).await
    }

    async fn look(&self, token: &str, shop: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.probe(Method::GET, &format!("staff/{shop}"), "", &[("authorization", &bearer)]).await
    }
}

#[tokio::test]
async fn a_token_opens_what_its_scope_says_and_nothing_else() {
    let app = with_probes(TestApp::new().await);
    for scope in Scope::ALL.map(Scope::as_str) {
        let bearer = format!("bearer {}", app.token(scope).await);
        for door in Scope::ALL.map(Scope::as_str) {
            let answer = app.probe(Method::POST, door, "{}", &[("authorization", &bearer)]).await;
            if scope == door {
                assert_eq!(answer.status, 200, "{scope} at {door}: {}", answer.text());
            } else {
                answer.problem(403, "forbidden");
                // Refused before the body is looked at.
                let answer = app.probe(Method::POST, door, "no json", &[("authorization", &bearer)]).await;
                answer.problem(403, "forbidden");
            }
        }
    }
}

#[tokio::test]
async fn without_a_valid_token_every_door_is_closed_before_the_body_is_read() {
    let app = with_probes(TestApp::new().await);
    for door in ["staff", "feed", "ops", "device"] {
        for header in ["Bearer nst_00", "bearer x", "Bearer \u{e9}"] {
            let answer = app.probe(Method::POST, door, "no json", &[("authorization", header)]).await;
            if header.is_ascii() {
                assert_eq!(answer.header("www-authenticate"), "Bearer");
                answer.problem(401, "unauthorized");
            } else if door != "device" {
                answer.problem(401, "unauthorized");
            }
        }
        let answer = app.probe(Method::POST, door, "no json", &[]).await;
        // Everybody may be a caller.
        if door == "device" {
            answer.problem(400, "malformed-json")
        } else {
            answer.problem(401, "unauthorized")
        };
    }
}

#[tokio::test]
async fn a_token_that_is_taken_back_stops_working_at_once() {
    let app = with_probes(TestApp::new().await);
    let mut secrets = Vec::new();
    for scope in Scope::ALL.map(Scope::as_str) {
        let bearer = format!("Bearer {}", app.token(scope).await);
        assert_eq!(app.probe(Method::POST, scope, "{}", &[("authorization", &bearer)]).await.status, 200);
        secrets.push((scope, bearer));
    }
    for token in app.state.db.tokens().await.unwrap() {
        assert!(app.state.db.revoke_token(token.id.clone()).await.unwrap());
        assert!(!app.state.db.revoke_token(token.id).await.unwrap(), "only once");
    }
    for (scope, bearer) in secrets {
        let answer = app.probe(Method::POST, scope, "{}", &[("authorization", &bearer)]).await;
        answer.problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn g01_what_is_another_shops_looks_like_what_is_not_there() {
    let app = with_probes(TestApp::new().await);
    let token = app.token_at("staff", Some("lyo-2")).await;
    let own = app.look(&token, "lyo-2").await;
    assert_eq!(own.status, 200);
    assert!(own.text().starts_with("staff:t_"), "{}", own.text());
    let mut bodies = Vec::new();
    for shop in ["lyo-1", "nowhere", "a%20b"] {
        let answer = app.look(&token, shop).await;
        let mut body = answer.problem(404, "not-found");
        body["request_id"] = json!("");
        bodies.push(body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:#?}");
    // Whoever looks after the server sees that somebody tries.
    let text = app.state.metrics.text(Reading { screens: 0, differences: 0, shortfalls: 0 });
    assert!(text.contains("nearshelf_guesses_total{kind=\"staff\"} 3\n"), "{text}");
}

#[tokio::test]
async fn g01_a_reservation_is_there_for_its_owner_only() {
    let app = TestApp::new().await;
    let made = app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    let other = app.reserve("k2", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    let path = |made: &Value| format!("/v1/reservations/{}", made["id"].as_str().unwrap());
    let bearer = |secret: &str| format!("Bearer {secret}");
    let own = bearer(made["manage_token"].as_str().unwrap());
    let mut bodies = Vec::new();
    for (path, header) in [
        (path(&made), bearer(other["manage_token"].as_str().unwrap())),
        (path(&other), own.clone()),
        (path(&made), bearer("wrong")),
        (path(&made), String::new()),
        (path(&made), bearer(&app.token("feed").await)),
        (path(&made), bearer(&app.token("device").await)),
        ("/v1/reservations/r_00000000000000000000".to_owned(), own.clone()),
    ] {
        let request = Request::get(&path).header("authorization", &header).body(Body::empty()).unwrap();
        let mut body = app.send(request).await.problem(404, "not-found");
        body["request_id"] = json!("");
        bodies.push(body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:#?}");
    let request = Request::get(path(&made)).header("authorization", own).body(Body::empty()).unwrap();
    app.send(request).await.ok();
}

#[tokio::test]
async fn g02_a_pickup_code_opens_nothing_in_public() {
    let app = TestApp::new().await;
    let made = app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    let code = made["code"].as_str().unwrap();
    let (by_id, by_code) =
        (format!("/v1/reservations/{}", made["id"].as_str().unwrap()), format!("/v1/reservations/{code}"));
    for (path, header) in
        [(&by_id, format!("Bearer {code}")), (&by_code, format!("Bearer {code}")), (&by_code, String::new())]
    {
        let request = Request::get(path).header("authorization", header).body(Body::empty()).unwrap();
        app.send(request).await.problem(404, "not-found");
    }
    // There is no list in which it could be looked for either.
    let request = Request::get(format!("/v1/reservations?code={code}")).body(Body::empty()).unwrap();
    app.send_raw(request).await.problem(405, "method-not-allowed");
}

#[tokio::test]
async fn a_feed_with_a_shop_changes_no_other_shelf() {
    let app = TestApp::new().await;
    let token = app.token_at("feed", Some("lyo-1")).await;
    let row = |shop: &str, quantity: i64| json!({ "location_id": shop, "sku": BOTTLE, "kind": "set", "quantity": quantity, "source": "t", "sequence": 1 });
    let answer =
        app.change(&token, json!([row("lyo-2", 1), row("nowhere", 1), row("lyo-2", -1), row("lyo-1", 7)])).await.ok();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results[0], results[1], "another shop looks like none");
    assert_eq!(results[0], results[2], "and its rows are not judged");
    assert_eq!(results[0]["verdict"], "unknown_location");
    assert_eq!(results[3]["verdict"], "applied");
    assert_eq!((app.units("lyo-1", BOTTLE).await, app.units("lyo-2", BOTTLE).await), (7, 8));
    // A feed without a shop may.
    let answer = app.change(&app.token("feed").await, json!([row("lyo-2", 1)])).await.ok();
    assert_eq!(answer["results"][0]["verdict"], "applied");
}

#[tokio::test]
async fn a_caller_is_known_by_kiosk_device_and_address() {
    let app = with_probes(TestApp::new().await);
    let kiosk = format!("Bearer {}", app.token_at("device", Some("lyo-2")).await);
    let long = "x".repeat(64);
    for (headers, expected) in [
        (vec![], "public - - unknown".to_owned()),
        (vec![("device-id", "phone_1~")], "public - phone_1~ unknown".to_owned()),
        (vec![("device-id", long.as_str())], format!("public - {long} unknown")),
        (vec![("authorization", kiosk.as_str()), ("device-id", "k")], "device lyo-2 k unknown".to_owned()),
        // The password of a site that is not open yet is no token of ours.
        (vec![("authorization", "Basic YTpi")], "public - - unknown".to_owned()),
    ] {
        let answer = app.probe(Method::POST, "device", "{}", &headers).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, expected));
    }
    let too_long = "x".repeat(65);
    for bad in ["", " ", "a b", "\u{e9}", too_long.as_str()] {
        let answer = app.probe(Method::POST, "device", "no json", &[("device-id", bad)]).await;
        answer.problem(400, "device-id-invalid");
    }
    let twice = [("device-id", "a"), ("device-id", "b")];
    app.probe(Method::POST, "device", "no json", &twice).await.problem(400, "device-id-invalid");
}

#[tokio::test]
async fn a_token_names_the_shop_that_it_needs() {
    let app = TestApp::new().await;
    let (lyon, nowhere) = (LocationId::new("lyo-1").unwrap(), LocationId::new("nowhere").unwrap());
    let mut hash = [0; 32];
    for (scope, without, with) in [
        (Scope::Feed, true, true),
        (Scope::Staff, false, true),
        (Scope::Device, false, true),
        (Scope::Ops, true, false),
    ] {
        let mut create = async |location: Option<&LocationId>| {
            hash[0] += 1;
            app.state.db.create_token("x".to_owned(), scope, location.cloned(), hash).await.unwrap()
        };
        let verdict = create(None).await;
        assert_eq!(matches!(verdict, TokenVerdict::Created(_)), without, "{scope}: {verdict:?}");
        let verdict = create(Some(&lyon)).await;
        match &verdict {
            TokenVerdict::Created(row) => assert_eq!((with, row.location.as_ref()), (true, Some(&lyon))),
            refused => assert_eq!((with, refused), (false, &TokenVerdict::TakesNoLocation)),
        }
        let expected = if with { TokenVerdict::UnknownLocation } else { TokenVerdict::TakesNoLocation };
        assert_eq!(create(Some(&nowhere)).await, expected);
    }
    let tokens = app.state.db.tokens().await.unwrap();
    let shops: Vec<_> = tokens.iter().map(|token| (token.scope, token.location.is_some())).collect();
    assert_eq!(shops.len(), 5);
    assert!(shops.contains(&(Scope::Staff, true)) && shops.contains(&(Scope::Ops, false)));
}

#[tokio::test]
async fn figures_are_for_those_who_look_after_the_server() {
    let app = TestApp::new().await;
    let ask = |token: &str| {
        Request::get("/metrics").header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap()
    };
    app.get("/metrics").await.problem(401, "unauthorized");
    app.send(ask("wrong")).await.problem(401, "unauthorized");
    for scope in ["feed", "staff", "device"] {
        app.send(ask(&app.token(scope).await)).await.problem(403, "forbidden");
    }
    let token = app.token("ops").await;
    let _screen = app.stream(&format!("/v1/availability/events?location_id=lyo-1&sku={BOTTLE}"), None).await;
    let answer = app.send(ask(&token)).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    let text = answer.text();
    for line in ["nearshelf_screens 1\n", "nearshelf_uptime_seconds ", "nearshelf_build_info{version=\"", "# EOF\n"] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

async fn with_limits(limits: Limits) -> (TestApp, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let ticker = Ticker::Fake(clock.clone());
    let app = TestApp::with(|config, _| {
        config.limits = limits;
        config.ticker = ticker;
    });
    (with_probes(app.await), clock)
}

#[tokio::test]
async fn g03_the_staff_of_a_shop_cannot_guess_without_end() {
    let limits = Limits { staff_misses_per_shop: Rate::new(6, 3), ..Limits::off() };
    let (app, clock) = with_limits(limits).await;
    let (one, colleague) = (app.token("staff").await, app.token("staff").await);
    let elsewhere = app.token_at("staff", Some("lyo-2")).await;
    // What is there costs nothing.
    for _ in 0..9 {
        assert_eq!(app.look(&one, "lyo-1").await.status, 200);
    }
    app.look(&one, "lyo-2").await.problem(404, "not-found");
    app.look(&one, "nowhere").await.problem(404, "not-found");
    app.look(&colleague, "nowhere").await.problem(404, "not-found");
    // The shop is what is counted, not the person.
    let refused = app.look(&colleague, "nowhere").await;
    assert_eq!(refused.header("retry-after"), "10");
    refused.problem(429, "rate-limited");
    assert_eq!(app.look(&elsewhere, "lyo-2").await.status, 200);
    clock.advance(Duration::from_secs(10));
    assert_eq!(app.look(&one, "lyo-1").await.status, 200);
}

#[tokio::test]
async fn g03_staff_tokens_cannot_be_tried_from_everywhere() {
    let limits = Limits { wrong_staff_tokens: Rate::new(6, 3), ..Limits::off() };
    let (app, clock) = with_limits(limits).await;
    let (working, waiting) = (app.token("staff").await, app.token("staff").await);
    assert_eq!(app.look(&working, "lyo-1").await.status, 200);
    for n in 0..3 {
        app.look(&format!("wrong{n}"), "lyo-1").await.problem(401, "unauthorized");
    }
    app.look("wrong9", "lyo-1").await.problem(429, "rate-limited");
    // A guess that is right says nothing; those who work already go on working, and other doors stay open.
    app.look(&waiting, "lyo-1").await.problem(429, "rate-limited");
    assert_eq!(app.look(&working, "lyo-1").await.status, 200);
    let feed = format!("Bearer {}", app.token("feed").await);
    assert_eq!(app.probe(Method::POST, "feed", "{}", &[("authorization", &feed)]).await.status, 200);
    clock.advance(Duration::from_secs(10));
    assert_eq!(app.look(&waiting, "lyo-1").await.status, 200);
}
