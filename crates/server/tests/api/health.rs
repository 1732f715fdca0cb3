use axum::body::Body;
use axum::http::{Method, Request};

use crate::support::TestApp;

#[tokio::test]
async fn a_server_is_live_and_ready() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/health/live").await.ok()["status"], "live");
    assert_eq!(app.get("/health/ready").await.ok()["status"], "ready");
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_document() {
    let app = TestApp::new().await;
    for path in ["/v1", "/v1/nothing", "/v1/locations/lyo-1/more", "/health", "/nothing", "/"] {
        let answer = app.send_raw(Request::get(path).body(Body::empty()).unwrap()).await;
        let problem = answer.problem(404, "not-found");
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn another_method_is_refused_with_those_that_are_possible() {
    let app = TestApp::new().await;
    for (method, path, allowed) in [
        (Method::DELETE, "/v1/reservations/r_1", "PATCH"),
        (Method::PUT, "/v1/availability", "POST"),
        (Method::TRACE, "/v1/products", "GET"),
        (Method::GET, "/v1/locations/search/", ""),
    ] {
        let answer = app.send_raw(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await;
        if allowed.is_empty() {
            answer.problem(404, "not-found");
        } else {
            answer.problem(405, "method-not-allowed");
            assert!(answer.header("allow").contains(allowed), "{path}: {}", answer.header("allow"));
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::new().await;
    for path in ["/health/live", "/v1/products", "/nothing"] {
        let answer = app.send_raw(Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("permissions-policy"), "geolocation=(self)");
    }
}

#[tokio::test]
async fn only_listed_sites_may_call_from_their_pages() {
    let ask = |origin: &str| Request::get("/v1/products").header("origin", origin).body(Body::empty()).unwrap();
    let closed = TestApp::new().await;
    assert_eq!(closed.send(ask("https://allowed.example")).await.header("access-control-allow-origin"), "");
    let open = TestApp::with(|config, _| config.cors_origins = vec!["https://allowed.example".to_owned()]).await;
    let answer = open.send(ask("https://allowed.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://allowed.example");
    assert!(answer.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().to_lowercase().contains("origin")));
    for other in ["https://evil.example", "https://allowed.example.evil.example", "http://allowed.example", "null"] {
        assert_eq!(open.send(ask(other)).await.header("access-control-allow-origin"), "", "{other}");
    }
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri("/v1/reservations")
        .header("origin", "https://allowed.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "idempotency-key,content-type")
        .body(Body::empty())
        .unwrap();
    let answer = open.send_raw(preflight).await;
    assert!(answer.status.is_success());
    assert!(answer.header("access-control-allow-headers").contains("idempotency-key"));
}
