//! Boxes in the pages of partners: who may ask, who may show them, and how often.

use std::fs;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use governor::clock::FakeRelativeClock;
use nearshelf_server::limits::Ticker;
use nearshelf_server::settings::{self, SettingsFile};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, json_request, wish};

const ALLOWED: &str = "https://allowed.com";
const KEY: &str = "pk_alpine-journal";
const EVIL: [&str; 8] = [
    "https://evil.com",
    "https://allowed.com.evil.com",
    "https://evil-allowed.com",
    "http://allowed.com",
    "https://allowed.com:8443",
    "https://other.example",
    "null",
    "",
];

fn settings(change: &Value) -> Arc<SettingsFile> {
    let mut text = json!({"embed": [
        {"key": KEY, "origins": [ALLOWED, "https://www.allowed.com"], "per_minute": 60},
        {"key": "pk_other-partner", "origins": ["https://other.example"]},
    ]});
    for (name, value) in change.as_object().unwrap() {
        text[name] = value.clone();
    }
    Arc::new(settings::parse(&text.to_string()).unwrap())
}

async fn with_partners() -> TestApp {
    with_settings(&json!({})).await
}

async fn with_settings(change: &Value) -> TestApp {
    let settings = settings(change);
    TestApp::with(|config, dir| {
        let (dist, media) = (dir.path().join("dist"), dir.path().join("media"));
        fs::create_dir_all(dist.join("widget")).unwrap();
        fs::create_dir_all(&media).unwrap();
        fs::write(dist.join("index.html"), "<!doctype html>app").unwrap();
        fs::write(dist.join("nearshelf.js"), "loader").unwrap();
        fs::write(dist.join("theme.css"), ":root{}").unwrap();
        fs::write(dist.join("widget/box-0123456789abcdef.js"), "box").unwrap();
        fs::write(dist.join("widget/frame.html"), "<script src=\"/nearshelf.js\" data-api=\"\"></script>").unwrap();
        fs::write(media.join("bottle.svg"), "<svg/>").unwrap();
        (config.dist, config.media, config.settings) = (Some(dist), Some(media), settings);
    })
    .await
}

fn keyed(path: &str, key: &str) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}embed_key={key}")
}

async fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send_raw(request.body(Body::empty()).unwrap()).await
}

/// No answer may be given to another page by a cache, and none lets cookies travel.
#[track_caller]
fn depends_on_the_origin(answer: &Answer) {
    let vary: Vec<&str> = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    let named = vary.iter().flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("origin"));
    assert!(named, "{vary:?}");
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn g08_a_page_of_the_partner_may_ask_and_reads_the_answer() {
    let app = with_partners().await;
    for origin in [ALLOWED, "https://www.allowed.com"] {
        for path in ["/v1/settings", "/v1/products/BO-075-GLA", "/v1/places/search?q=Lyon&limit=3"] {
            let answer = ask(&app, Method::GET, &keyed(path, KEY), &[("origin", origin)]).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text());
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{path}");
            depends_on_the_origin(&answer);
        }
    }
}

#[tokio::test]
async fn g08_no_other_origin_is_let_in_and_none_is_told_that_it_might_be() {
    let app = with_partners().await;
    for origin in EVIL {
        let headers = [("origin", origin), ("host", "shop.example")];
        let answer = ask(&app, Method::GET, &keyed("/v1/settings", KEY), &headers).await;
        answer.problem(403, "embed-refused");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        depends_on_the_origin(&answer);
        let asking = [headers[0], headers[1], ("access-control-request-method", "POST")];
        let answer = ask(&app, Method::OPTIONS, &keyed("/v1/reservations", KEY), &asking).await;
        answer.problem(403, "embed-refused");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        depends_on_the_origin(&answer);
    }
    for key in ["", "pk_nobody", "pk_other-partner", "pk_alpine-journal%00", "PK_ALPINE-JOURNAL"] {
        let answer = ask(&app, Method::GET, &keyed("/v1/settings", key), &[("origin", ALLOWED)]).await;
        answer.problem(403, "embed-refused");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{key}");
    }
}

#[tokio::test]
async fn g08_nothing_is_written_for_a_page_that_may_not_ask() {
    let app = with_partners().await;
    let before = app.fingerprint();
    for origin in EVIL {
        let body = wish("lyo-1", &[("BO-075-GLA", 1)]).to_string();
        let headers = [("idempotency-key", "k1"), ("origin", origin), ("host", "shop.example")];
        let answer = app.send_raw(json_request(Method::POST, &keyed("/v1/reservations", KEY), &body, &headers)).await;
        answer.problem(403, "embed-refused");
    }
    assert_eq!(app.fingerprint(), before);
}

#[tokio::test]
async fn a_browser_that_asks_for_leave_is_told_the_one_method_and_no_token() {
    let app = with_partners().await;
    for (path, method) in [("/v1/reservations", "POST"), ("/v1/availability", "POST"), ("/v1/settings", "GET")] {
        let headers = [("origin", ALLOWED), ("access-control-request-method", method)];
        let answer = ask(&app, Method::OPTIONS, &keyed(path, KEY), &headers).await;
        assert_eq!(answer.status.as_u16(), 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
        assert_eq!(answer.header("access-control-allow-methods"), method);
        assert_eq!(answer.header("access-control-allow-headers"), "content-type, idempotency-key");
        depends_on_the_origin(&answer);
    }
    let headers = [("origin", ALLOWED), ("access-control-request-method", "GET")];
    for path in ["/v1/reservations/r_1", "/v1/locations/lyo-1/tasks", "/v1/inventory"] {
        let answer = ask(&app, Method::OPTIONS, &keyed(path, KEY), &headers).await;
        answer.problem(403, "embed-refused");
        assert_eq!(answer.header("access-control-allow-methods"), "");
    }
}

#[tokio::test]
async fn a_box_reaches_neither_the_staff_nor_the_pickups_of_anybody() {
    let app = with_partners().await;
    let staff = format!("Bearer {}", app.token("staff").await);
    for (method, path) in [
        (Method::GET, "/v1/locations/lyo-1/tasks"),
        (Method::GET, "/v1/reservations/r_1"),
        (Method::PATCH, "/v1/reservations/r_1"),
        (Method::POST, "/v1/inventory"),
        (Method::GET, "/v1/products?q=bottle"),
    ] {
        let headers = [("origin", ALLOWED), ("authorization", staff.as_str())];
        let answer = ask(&app, method, &keyed(path, KEY), &headers).await;
        answer.problem(403, "embed-refused");
    }
}

#[tokio::test]
async fn our_own_page_in_a_frame_of_theirs_asks_with_the_key() {
    let app = with_partners().await;
    let headers = [("origin", "https://shop.example"), ("host", "shop.example")];
    let answer = ask(&app, Method::GET, &keyed("/v1/settings", KEY), &headers).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    ask(&app, Method::GET, &keyed("/v1/settings", "pk_nobody"), &headers).await.problem(403, "embed-refused");
}

#[tokio::test]
async fn g03_too_many_requests_with_a_key_are_told_to_wait_where_the_page_can_read_it() {
    let clock = FakeRelativeClock::default();
    let (settings, ticker) = (settings(&json!({})), clock.clone());
    let app = TestApp::with(|config, _| {
        (config.settings, config.ticker) = (settings, Ticker::Fake(ticker));
    })
    .await;
    for _ in 0..60 {
        let answer = ask(&app, Method::GET, &keyed("/v1/settings", KEY), &[("origin", ALLOWED)]).await;
        assert_eq!(answer.status.as_u16(), 200);
    }
    let answer = ask(&app, Method::GET, &keyed("/v1/settings", KEY), &[("origin", ALLOWED)]).await;
    answer.problem(429, "rate-limited");
    assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
    assert!(answer.header("access-control-expose-headers").contains("retry-after"));
    assert_eq!(answer.header("retry-after"), "1");
    depends_on_the_origin(&answer);
    // Others have their own, and the time gives it back.
    let headers = [("origin", "https://other.example")];
    assert_eq!(ask(&app, Method::GET, &keyed("/v1/settings", "pk_other-partner"), &headers).await.status.as_u16(), 200);
    clock.advance(std::time::Duration::from_secs(1));
    let answer = ask(&app, Method::GET, &keyed("/v1/settings", KEY), &[("origin", ALLOWED)]).await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn the_campaign_of_a_box_stands_on_the_reservation_up_to_the_handover() {
    let app = with_partners().await;
    let campaign = json!({"campaign": "summer", "source": "alpine", "medium": "banner", "campaign_id": "c-7"});
    let mut body = wish("lyo-1", &[("BO-075-GLA", 1)]);
    body["attribution"] = campaign.clone();
    body["promo_codes"] = json!(["SUMMER10"]);
    let headers = [("idempotency-key", "k1"), ("origin", ALLOWED)];
    let request = json_request(Method::POST, &keyed("/v1/reservations", KEY), &body.to_string(), &headers);
    let made = app.send_raw(request).await;
    assert_eq!(made.header("access-control-allow-origin"), ALLOWED);
    let id = made.ok()["id"].as_str().unwrap().to_owned();
    let staff = app.token("staff").await;
    let tasks = app.with_token(&staff, Method::GET, "/v1/locations/lyo-1/tasks", "").await.ok();
    assert_eq!(tasks["tasks"][0]["attribution"], campaign);
    for step in ["accept", "pick", "ready", "handover"] {
        let done = app.with_token(&staff, Method::POST, &format!("/v1/reservations/{id}/{step}"), "{}").await.ok();
        assert_eq!((&done["attribution"], &done["promo_codes"]), (&campaign, &json!(["SUMMER10"])), "{step}");
    }
}

#[tokio::test]
async fn a_campaign_that_is_too_long_is_refused_by_its_field() {
    let app = TestApp::new().await;
    for field in ["campaign", "source", "medium", "campaign_id"] {
        let mut body = wish("lyo-1", &[("BO-075-GLA", 1)]);
        body["attribution"] = json!({ field: "é".repeat(101) });
        let problem = app.reserve(field, &body).await.problem(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], format!("/attribution/{field}"));
    }
}

fn ancestors(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let directive = policy.split(';').map(str::trim).find(|part| part.starts_with("frame-ancestors")).unwrap();
    directive.to_owned()
}

#[tokio::test]
async fn g09_only_the_pages_of_a_partner_may_frame_the_box_and_nobody_the_rest() {
    let app = with_partners().await;
    let html = [("accept", "text/html")];
    for path in ["/embed/stock", "/embed/locator"] {
        let answer = ask(&app, Method::GET, &format!("{path}?sku=BO-075-GLA&key={KEY}"), &html).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(ancestors(&answer), "frame-ancestors https://allowed.com https://www.allowed.com");
        assert_eq!(answer.header("cross-origin-opener-policy"), "unsafe-none");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    for query in ["", "?key=", "?key=pk_nobody", "?key=*", "?xkey=pk_alpine-journal", "?key=pk_alpine-journal%20x"] {
        let answer = ask(&app, Method::GET, &format!("/embed/stock{query}"), &html).await;
        assert_eq!(ancestors(&answer), "frame-ancestors 'none'", "{query}");
    }
    for path in ["/", "/embed/other?key=pk_alpine-journal", "/reserve?key=pk_alpine-journal"] {
        assert_eq!(ancestors(&ask(&app, Method::GET, path, &html).await), "frame-ancestors 'none'", "{path}");
    }
}

#[tokio::test]
async fn the_files_of_the_box_may_be_loaded_by_every_page_and_those_of_the_app_by_none() {
    let app = with_partners().await;
    for path in ["/nearshelf.js", "/widget/box-0123456789abcdef.js", "/media/bottle.svg"] {
        let answer = ask(&app, Method::GET, path, &[("origin", "https://anybody.example")]).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
    let answer = ask(&app, Method::GET, "/nearshelf.js", &[]).await;
    assert_eq!(answer.header("cache-control"), "no-cache");
    let answer = ask(&app, Method::GET, "/index.html", &[("accept", "text/html")]).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn the_frame_is_told_where_the_api_is_and_may_reach_it() {
    let app = with_settings(&json!({"api": "https://api.example.org"})).await;
    let answer = ask(&app, Method::GET, &format!("/embed/stock?key={KEY}"), &[("accept", "text/html")]).await;
    assert!(answer.text().contains("data-api=\"https://api.example.org\""), "{}", answer.text());
    assert!(answer.header("content-security-policy").contains("connect-src 'self' https://api.example.org;"));
}

#[tokio::test]
async fn where_the_box_is_switched_off_nothing_of_it_is_there() {
    let app = with_settings(&json!({"features": {"widget": false}})).await;
    for path in ["/nearshelf.js", "/widget/box-0123456789abcdef.js", "/embed/stock?key=pk_alpine-journal"] {
        ask(&app, Method::GET, path, &[("accept", "text/html")]).await.problem(404, "not-found");
    }
    let answer = ask(&app, Method::GET, &keyed("/v1/settings", KEY), &[("origin", ALLOWED)]).await;
    answer.problem(403, "embed-refused");
    let picture = ask(&app, Method::GET, "/media/bottle.svg", &[]).await;
    assert!(!picture.headers.contains_key("access-control-allow-origin"));
}
