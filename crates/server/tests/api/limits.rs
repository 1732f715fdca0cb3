//! How often somebody may ask. The clock of the limits is moved by hand: nobody waits here.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use governor::clock::FakeRelativeClock;
use nearshelf_server::access::PeerAddr;
use nearshelf_server::limits::{Limits, Rate, Ticker};
use nearshelf_server::serve;
use nearshelf_server::state::Config;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::seed::BOTTLE;
use crate::support::{Answer, TestApp, json_request, reserve_request, wish};

const ORIGIN: &str = "https://allowed.example";

struct Limited {
    app: TestApp,
    clock: FakeRelativeClock,
}

/// A server behind so many proxies, with limits and with one other site that may call it.
async fn limited(hops: u8, limits: Limits) -> Limited {
    let clock = FakeRelativeClock::default();
    let ticker = Ticker::Fake(clock.clone());
    let app = TestApp::with(|config, _| {
        config.limits = limits;
        config.ticker = ticker;
        config.trusted_hops = hops;
        config.cors_origins = vec![ORIGIN.to_owned()];
    });
    Limited { app: app.await, clock }
}

fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate::new(per_minute, burst).unwrap())
}

fn reads(per_minute: u32, burst: u32) -> Limits {
    Limits { reads_per_address: rate(per_minute, burst), ..Limits::off() }
}

fn from(mut request: Request<Body>, peer: &str) -> Request<Body> {
    request.extensions_mut().insert(PeerAddr(SocketAddr::new(peer.parse().unwrap(), 4711)));
    request
}

impl Limited {
    async fn read(&self, peer: &str, forwarded: &str) -> Answer {
        let request = Request::get("/v1/products/ROPE-60").header("x-forwarded-for", forwarded);
        self.app.send(from(request.body(Body::empty()).unwrap(), peer)).await
    }

    async fn bearer(&self, method: Method, path: &str, peer: &str, secret: &str) -> Answer {
        let header = format!("Bearer {secret}");
        let request = json_request(method, path, r#"{"changes":[]}"#, &[("authorization", &header)]);
        self.app.send(from(request, peer)).await
    }
}

#[tokio::test]
async fn a_burst_passes_and_then_one_after_the_other() {
    let server = limited(0, reads(6, 3)).await;
    for _ in 0..3 {
        server.read("192.0.2.1", "").await.ok();
    }
    let refused = server.read("192.0.2.1", "").await;
    assert_eq!(refused.header("retry-after"), "10");
    refused.problem(429, "rate-limited");
    server.clock.advance(Duration::from_millis(9_001));
    let refused = server.read("192.0.2.1", "").await;
    assert_eq!(refused.header("retry-after"), "1", "rounded up: whoever waits is let in");
    server.clock.advance(Duration::from_secs(1));
    server.read("192.0.2.1", "").await.ok();
    server.read("192.0.2.1", "").await.problem(429, "rate-limited");
    server.read("192.0.2.2", "").await.ok();
}

#[tokio::test]
async fn without_limits_nobody_waits() {
    let server = limited(0, Limits::off()).await;
    for _ in 0..1_000 {
        server.read("192.0.2.1", "").await.ok();
    }
    for n in 0..100 {
        server
            .bearer(Method::POST, "/v1/inventory", "192.0.2.1", &format!("wrong{n}"))
            .await
            .problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn g03_a_forged_forwarded_for_does_not_escape() {
    let direct = limited(0, reads(6, 2)).await;
    let proxied = limited(1, reads(6, 2)).await;
    for n in 0..2 {
        direct.read("192.0.2.1", &format!("10.1.1.{n}")).await.ok();
        proxied.read("10.0.0.1", &format!("10.1.1.{n}, 192.0.2.1")).await.ok();
    }
    direct.read("192.0.2.1", "10.1.1.9").await.problem(429, "rate-limited");
    proxied.read("10.0.0.1", "10.1.1.9, 192.0.2.1").await.problem(429, "rate-limited");
    // Others behind the same proxy are others.
    proxied.read("10.0.0.1", "192.0.2.1, 192.0.2.2").await.ok();
}

#[tokio::test]
async fn g03_rotating_within_a_56_does_not_escape() {
    let server = limited(0, reads(6, 2)).await;
    server.read("2001:db8:1:200::1", "").await.ok();
    server.read("2001:db8:1:2ab::1", "").await.ok();
    server.read("2001:db8:1:2ff::1", "").await.problem(429, "rate-limited");
    server.read("2001:db8:1:300::1", "").await.ok();
    // An IPv4 address in the dress of IPv6 is that address.
    server.read("192.0.2.1", "").await.ok();
    server.read("::ffff:192.0.2.1", "").await.ok();
    server.read("192.0.2.1", "").await.problem(429, "rate-limited");
}

#[tokio::test]
async fn g03_a_page_of_another_site_can_read_that_it_is_too_often() {
    let server = limited(0, reads(6, 1)).await;
    let ask = || Request::get("/v1/products/ROPE-60").header("origin", ORIGIN).body(Body::empty()).unwrap();
    server.app.send(ask()).await.ok();
    let refused = server.app.send(ask()).await;
    assert_eq!(refused.header("access-control-allow-origin"), ORIGIN);
    assert!(refused.header("access-control-expose-headers").contains("retry-after"));
    assert_eq!(refused.header("retry-after"), "10");
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
    let problem = refused.problem(429, "rate-limited");
    assert_eq!(problem["request_id"], refused.header("x-request-id"));
    // Asking whether one may ask costs nothing, and is answered however often.
    for _ in 0..5 {
        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri("/v1/reservations")
            .header("origin", ORIGIN)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "device-id,idempotency-key,content-type")
            .body(Body::empty())
            .unwrap();
        let answer = server.app.send_raw(preflight).await;
        assert!(answer.status.is_success());
        assert!(answer.header("access-control-allow-headers").contains("device-id"));
    }
}

#[tokio::test]
async fn g08_every_answer_varies_by_origin_and_none_allows_cookies() {
    let server = limited(0, Limits { wrong_secrets_per_address: rate(6, 1), ..reads(6, 4) }).await;
    let mut seen = Vec::new();
    for origin in [ORIGIN, "https://evil.example", "null", "https://allowed.example.evil.example", ""] {
        let request = Request::get("/v1/reservations/r_1").header("origin", origin).body(Body::empty()).unwrap();
        let answer = server.app.send(request).await;
        let vary = answer.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().to_lowercase().contains("origin"));
        assert!(vary, "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        assert_eq!(answer.header("access-control-allow-origin"), if origin == ORIGIN { ORIGIN } else { "" });
        seen.push(answer.status.as_u16());
    }
    assert_eq!(seen, [404, 429, 429, 429, 429]);
}

#[tokio::test]
async fn writes_and_reads_have_budgets_of_their_own_and_health_has_none() {
    let limits = Limits { writes_per_address: rate(6, 2), ..reads(6, 2) };
    let server = limited(0, limits).await;
    let app = &server.app;
    for n in 0..2 {
        app.reserve(&format!("k{n}"), &wish("lyo-2", &[(BOTTLE, 1)])).await.ok();
    }
    let before = app.fingerprint();
    app.reserve("k9", &wish("lyo-2", &[(BOTTLE, 1)])).await.problem(429, "rate-limited");
    assert_eq!(app.fingerprint(), before, "a refused write did nothing");
    // Questions that are too long for an address are reads.
    let question = json!({ "items": [{ "sku": BOTTLE, "quantity": 1 }], "location_ids": ["lyo-1"] });
    app.post("/v1/availability", &question).await.ok();
    app.get("/v1/products").await.ok();
    app.post("/v1/availability", &question).await.problem(429, "rate-limited");
    for _ in 0..50 {
        app.get("/health/live").await.ok();
        app.get("/health/ready").await.ok();
    }
    // And the refused key was not used up: the retry is the first try.
    server.clock.advance(Duration::from_secs(10));
    let answer = app.reserve("k9", &wish("lyo-2", &[(BOTTLE, 1)])).await;
    assert_eq!((answer.status.as_u16(), answer.header("idempotent-replayed")), (201, ""));
}

#[tokio::test]
async fn everybody_together_may_be_limited() {
    let limits = Limits { writes_per_second: std::num::NonZeroU32::new(2), ..Limits::off() };
    let server = limited(0, limits).await;
    let write = async |peer: &str, key: &str| {
        let body = wish("lyo-2", &[(BOTTLE, 1)]).to_string();
        server.app.send(from(reserve_request(key, &body), peer)).await
    };
    write("192.0.2.1", "a").await.ok();
    write("192.0.2.2", "b").await.ok();
    let refused = write("192.0.2.3", "c").await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.problem(429, "rate-limited");
    server.clock.advance(Duration::from_millis(500));
    write("192.0.2.3", "c").await.ok();
}

#[tokio::test]
async fn a_hundred_tills_behind_one_address_have_budgets_of_their_own() {
    let limits = Limits { writes_per_address: rate(6, 1), writes_per_token: rate(6, 3), ..Limits::off() };
    let server = limited(0, limits).await;
    let tokens = [server.app.token("feed").await, server.app.token("feed").await];
    let change = async |token: &str| server.bearer(Method::POST, "/v1/inventory", "192.0.2.1", token).await;
    // The first request is on the address, as nobody has looked at the token yet.
    change(&tokens[0]).await.problem(422, "invalid-request");
    change(&tokens[1]).await.problem(429, "rate-limited");
    server.clock.advance(Duration::from_secs(10));
    change(&tokens[1]).await.problem(422, "invalid-request");
    for token in &tokens {
        for _ in 0..3 {
            change(token).await.problem(422, "invalid-request");
        }
        change(token).await.problem(429, "rate-limited");
    }
}

#[tokio::test]
async fn g03_secrets_cannot_be_tried_without_end() {
    let limits = Limits { wrong_secrets_per_address: rate(6, 3), ..Limits::off() };
    let server = limited(0, limits).await;
    let made = server.app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    let path = format!("/v1/reservations/{}", made["id"].as_str().unwrap());
    let right = made["manage_token"].as_str().unwrap();
    let ask = async |peer: &str, secret: &str| server.bearer(Method::GET, &path, peer, secret).await;
    // Right ones cost nothing.
    for _ in 0..9 {
        ask("192.0.2.1", right).await.ok();
    }
    for n in 0..3 {
        ask("192.0.2.1", &format!("wrong{n}")).await.problem(404, "not-found");
    }
    let refused = ask("192.0.2.1", "wrong9").await;
    assert_eq!(refused.header("retry-after"), "10");
    refused.problem(429, "rate-limited");
    // Beyond it nothing is looked at, so that a guess that is right says nothing either.
    ask("192.0.2.1", right).await.problem(429, "rate-limited");
    ask("192.0.2.2", right).await.ok();
    server.clock.advance(Duration::from_secs(10));
    ask("192.0.2.1", right).await.ok();
}

#[tokio::test]
async fn whoever_guesses_does_not_lock_out_those_who_know() {
    let limits = Limits { wrong_secrets_per_address: rate(6, 3), ..Limits::off() };
    let server = limited(0, limits).await;
    let till = server.app.token("feed").await;
    let ask = async |secret: &str| server.bearer(Method::POST, "/v1/inventory", "192.0.2.1", secret).await;
    ask(&till).await.problem(422, "invalid-request");
    for _ in 0..3 {
        ask("wrong").await.problem(401, "unauthorized");
    }
    ask("wrong").await.problem(429, "rate-limited");
    ask(&till).await.problem(422, "invalid-request");
    // A token that is taken back is a wrong one like any other from then on.
    for token in server.app.state.db.tokens().await.unwrap() {
        server.app.state.db.revoke_token(token.id).await.unwrap();
    }
    ask(&till).await.problem(401, "unauthorized");
    ask(&till).await.problem(429, "rate-limited");
}

#[tokio::test]
async fn g03_asking_without_any_secret_is_a_guess_too() {
    let limits = Limits { wrong_secrets_per_address: rate(6, 2), ..Limits::off() };
    let server = limited(0, limits).await;
    for n in 0..2 {
        server.app.get(&format!("/v1/reservations/r_{n}")).await.problem(404, "not-found");
    }
    server.app.get("/v1/reservations/r_9").await.problem(429, "rate-limited");
    // What is simply not there elsewhere is no guess.
    server.app.get("/v1/products/nothing").await.problem(404, "not-found");
    server.app.reserve("k", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
}

#[tokio::test]
async fn refusals_are_counted_by_kind() {
    let server = limited(0, Limits { writes_per_address: rate(6, 1), ..reads(6, 1) }).await;
    for _ in 0..3 {
        server.read("192.0.2.1", "").await;
    }
    for key in ["a", "b"] {
        server.app.reserve(key, &wish("lyo-1", &[(BOTTLE, 1)])).await;
    }
    let token = server.app.token("ops").await;
    let text = server.bearer(Method::GET, "/metrics", "192.0.2.9", &token).await.text();
    assert!(text.contains("nearshelf_rate_limited_total{kind=\"reads\"} 2\n"), "{text}");
    assert!(text.contains("nearshelf_rate_limited_total{kind=\"writes\"} 1\n"), "{text}");
}

#[tokio::test]
async fn addresses_that_were_quiet_are_forgotten() {
    let server = limited(0, reads(60, 10)).await;
    for n in 0..200 {
        server.read(&format!("192.0.2.{n}"), "").await.ok();
    }
    assert_eq!(server.app.state.gate.keys(), 200);
    server.clock.advance(Duration::from_secs(3));
    server.read("192.0.2.7", "").await.ok();
    server.app.state.gate.shed();
    assert_eq!(server.app.state.gate.keys(), 1);
}

#[tokio::test]
async fn every_operation_but_health_says_that_it_may_be_too_often() {
    let document = crate::schema::document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let said = operation["responses"]["429"]["headers"]["Retry-After"] != Value::Null;
            assert_eq!(said, !path.starts_with("/health/"), "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_connection_says_where_it_comes_from_and_this_machine_is_not_limited() {
    let server = limited(0, reads(6, 2)).await;
    let app = &server.app;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (router, hub, guards) = (app.router.clone(), app.state.hub.clone(), serve::Guards::default());
    let running = tokio::spawn(serve::run(listener, router, hub, guards, async {
        let _ = stopped.await;
    }));
    let mut statuses = Vec::new();
    for n in 0..3 {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /v1/products/ROPE-60 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: 10.1.1.{n}\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = socket.read_to_string(&mut answer);
        tokio::time::timeout(Duration::from_secs(5), read).await.unwrap().unwrap();
        statuses.push(answer[9..12].to_owned());
    }
    // A forged header changes nothing; a proxy that nobody told us of must not make all shoppers one.
    assert_eq!(statuses, ["200", "200", "200"]);
    // The control: where no connection says where it comes from, the budget is there.
    for expected in [200, 200, 429] {
        assert_eq!(app.get("/v1/products/ROPE-60").await.status.as_u16(), expected);
    }
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
}

fn person(config: &mut Config, reservations: u32, units: u32) {
    config.limits.active_reservations_per_person = NonZeroU32::new(reservations);
    config.limits.units_per_product_per_person = NonZeroU32::new(units);
}

#[tokio::test(flavor = "multi_thread")]
async fn a07_g05_a_limit_is_exact_under_fifty_requests_at_once() {
    let app = TestApp::with(|config, _| person(config, 3, 99)).await;
    let feed = app.token("feed").await;
    let stock = json!([{ "location_id": "lyo-1", "sku": BOTTLE, "kind": "set", "quantity": 500, "source": "t", "sequence": 1 }]);
    app.change(&feed, stock).await.ok();
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let (router, mut body) = (app.router.clone(), wish("lyo-1", &[(BOTTLE, 1)]));
            // Other spellings of the same mailbox are the same person.
            body["contact"]["email"] = json!(["zoe@example.com", "Zoe+1@example.com"][n % 2]);
            let request = reserve_request(&format!("k{n}"), &body.to_string());
            tokio::spawn(async move { tower::ServiceExt::oneshot(router, request).await.unwrap().status().as_u16() })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap() == 201);
    }
    assert_eq!((made, app.count("SELECT count(*) FROM reservation")), (3, 3));
    app.reserve("again", &wish("lyo-1", &[(BOTTLE, 1)])).await.problem(409, "limit-reached");
    // Somebody else is not concerned, and what is over counts no more, whether or not anybody has tidied up.
    let mut other = wish("lyo-1", &[(BOTTLE, 1)]);
    other["contact"]["email"] = json!("ada@example.com");
    app.reserve("other", &other).await.ok();
    app.clock.advance(60 * 3_600_000);
    app.reserve("later", &wish("lyo-1", &[(BOTTLE, 1)])).await.ok();
    app.state.db.sweep().await.unwrap();
    assert_eq!(app.count("SELECT count(DISTINCT reservation_no) FROM claimant"), 1);
}

#[tokio::test]
async fn a07_units_of_one_product_are_limited_for_one_person_over_all_reservations() {
    let app = TestApp::with(|config, _| person(config, 9, 4)).await;
    app.reserve("k1", &wish("lyo-1", &[(BOTTLE, 5)])).await.problem(409, "limit-reached");
    app.reserve("k2", &wish("lyo-1", &[(BOTTLE, 3)])).await.ok();
    app.reserve("k3", &wish("lyo-2", &[(BOTTLE, 2)])).await.problem(409, "limit-reached");
    app.reserve("k4", &wish("lyo-2", &[("TENT-2", 2)])).await.ok();
    let made = app.reserve("k5", &wish("lyo-2", &[(BOTTLE, 1)])).await.ok();
    let path = format!("/v1/reservations/{}", made["id"].as_str().unwrap());
    let secret = made["manage_token"].as_str().unwrap();
    app.with_token(secret, Method::PATCH, &path, r#"{"action":"cancel"}"#).await.ok();
    assert_eq!(app.reserve("k6", &wish("lyo-2", &[(BOTTLE, 1)])).await.status.as_u16(), 201);
    app.books_agree().await;
}

#[tokio::test]
async fn an_address_has_so_many_streams_and_a_closed_one_makes_room() {
    let app = TestApp::with(|config, _| config.limits.streams_per_address = NonZeroU32::new(2)).await;
    let path = format!("/v1/availability/events?location_id=lyo-1&sku={BOTTLE}");
    let (first, _second) = (app.stream(&path, None).await, app.stream(&path, None).await);
    let refused = app.get(&path).await;
    refused.problem(429, "rate-limited");
    assert!(!refused.header("retry-after").is_empty());
    drop(first);
    app.stream(&path, None).await;
}
