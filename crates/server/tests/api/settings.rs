//! What a retailer sets, on its way to the app.

use std::fs;
use std::io::Read as _;
use std::sync::Arc;

use api_contract::settings::Settings;
use axum::body::Body;
use axum::http::Request;
use nearshelf_server::settings::{SettingsFile, parse, schema};
use nearshelf_server::static_files::base64;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const PAGE: &str = include_str!("../../../../index.html");
const GUIDE: &str = include_str!("../../../../docs/settings.md");
const HOSTILE: &str = "</script><script>alert(1)</script>";

/// A server over the real page, with these settings.
async fn with(settings: &Value) -> TestApp {
    let file = parse(&settings.to_string()).unwrap();
    TestApp::with(|config, dir| {
        let dist = dir.path().join("dist");
        fs::create_dir_all(dist.join("icons")).unwrap();
        for (name, text) in [
            ("index.html", PAGE),
            ("manifest.webmanifest", include_str!("../../../../public/manifest.webmanifest")),
            ("service-worker.js", include_str!("../../../../public/service-worker.js")),
            ("theme.css", include_str!("../../../../public/theme.css")),
            ("icons/nearshelf.svg", include_str!("../../../../public/icons/nearshelf.svg")),
        ] {
            fs::write(dist.join(name), text).unwrap();
        }
        config.dist = Some(dist);
        config.settings = Arc::new(file);
    })
    .await
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path).header("accept", "*/*");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send_raw(request.body(Body::empty()).unwrap()).await
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map(|(inside, _)| inside).unwrap()
}

#[tokio::test]
async fn the_page_says_all_that_the_app_needs_and_so_does_the_api() {
    let settings = json!({ "name": "Boreal & Tarn", "languages": ["fr", "en"], "units": "metric", "currency": "EUR",
        "features": { "scan": false }, "holds": { "default_hours": 4 } });
    let app = with(&settings).await;
    let page = get(&app, "/p/ROPE-60", &[]).await.text();
    let block = between(&page, "<script type=\"application/json\" id=\"nearshelf-settings\">", "</script>");
    let told: Settings = serde_json::from_str(block).unwrap();
    assert_eq!((told.name.as_str(), &told.languages[..]), ("Boreal & Tarn", &["fr".to_owned(), "en".to_owned()][..]));
    assert!(!told.features.scan && told.features.basket);
    let answer = app.get("/v1/settings").await.ok();
    assert_eq!(answer, serde_json::to_value(&told).unwrap());
    assert!(answer.get("holds").is_none() && answer.get("brand_color").is_none(), "what the app has no use for");
    assert!(between(&page, "<title>", "</title>").starts_with("Boreal &amp; Tarn"));
    let usual = TestApp::new().await.get("/v1/settings").await.ok();
    assert_eq!(usual, serde_json::to_value(Settings::default()).unwrap());
}

#[tokio::test]
async fn a_hostile_name_is_a_name() {
    let usual = get(&with(&json!({})).await, "/", &[]).await;
    for name in [HOSTILE, "<!--<script>", "\"onload=\"alert(1)", "مكتبة النور", "&lt;b&gt;"] {
        let app = with(&json!({ "name": name })).await;
        let answer = get(&app, "/", &[]).await;
        let page = answer.text();
        assert_eq!(
            page.matches("<script").count(),
            PAGE.matches("<script").count() + usize::from(!PAGE.contains("nearshelf-settings")),
            "{name}"
        );
        let block = between(&page, "id=\"nearshelf-settings\">", "</script>");
        assert_eq!(serde_json::from_str::<Settings>(block).unwrap().name, name);
        // The block runs nothing, so the policy gives no leave for it.
        assert_eq!(answer.header("content-security-policy"), usual.header("content-security-policy"));
        let manifest = get(&app, "/manifest.webmanifest", &[]).await.json();
        assert_eq!(manifest["name"], name);
        assert_eq!(app.get("/v1/settings").await.ok()["name"], name);
    }
}

#[tokio::test]
async fn colours_and_corners_stand_in_the_page_and_the_policy_names_them() {
    let app = with(&json!({ "brand_color": "#5b2a86", "radius": 6 })).await;
    let answer = get(&app, "/", &[]).await;
    let page = answer.text();
    let style = between(&page, "<style>", "</style>");
    assert!(style.starts_with(":root{--radius:6px;--raw-brand:#5b2a86;--raw-brand-strong:#"), "{style}");
    let hash = format!("style-src 'self' 'sha256-{}';", base64(&nearshelf_server::random::sha256(style.as_bytes())));
    let policy = answer.header("content-security-policy");
    assert!(policy.contains(&hash), "{policy}");
    assert!(!page.contains("/theme.css"), "another request for what is there");
    let sheet = get(&app, "/theme.css", &[]).await;
    assert_eq!((sheet.text().as_str(), sheet.header("content-type")), (style, "text/css"));
    assert!(get(&app, "/icons/nearshelf.svg", &[]).await.text().contains("#5b2a86"));
    let green = with(&json!({ "brand_color": "#0a5c36" })).await;
    assert!(get(&green, "/", &[]).await.text().contains("--raw-brand:#0a5c36;"));
    // Without a colour there is no style, and no leave for one.
    let plain = get(&with(&json!({})).await, "/", &[]).await;
    assert!(!plain.text().contains("<style>") && plain.header("content-security-policy").contains("style-src 'self';"));
}

#[tokio::test]
async fn the_page_may_call_the_api_that_was_set() {
    let app = with(&json!({ "api": "https://api.example.org" })).await;
    let answer = get(&app, "/", &[]).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("connect-src 'self' https://api.example.org;"), "{policy}");
    assert!(answer.text().contains("<meta name=\"nearshelf-api\" content=\"https://api.example.org\" />"));
}

#[tokio::test]
async fn the_filled_page_is_compressed_and_named_by_its_content() {
    let app = with(&json!({ "name": "Boreal & Tarn" })).await;
    let plain = get(&app, "/", &[]).await;
    let mut tags = Vec::new();
    for (accepted, coding) in
        [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("", "")]
    {
        let answer = get(&app, "/stores", &[("accept-encoding", accepted)]).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
        let mut text = String::new();
        match coding {
            "br" => _ = brotli::Decompressor::new(&answer.body[..], 4_096).read_to_string(&mut text).unwrap(),
            "gzip" => _ = flate2::read::GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap(),
            _ => text = answer.text(),
        }
        assert_eq!(text, plain.text(), "{accepted}");
        assert_eq!((answer.header("vary"), answer.header("cache-control")), ("accept-encoding", "no-cache"));
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(coding.is_empty() || answer.body.len() < plain.body.len());
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"'), "a strong one: {tag}");
        let again = get(&app, "/", &[("accept-encoding", accepted), ("if-none-match", &tag)]).await;
        assert_eq!(
            (again.status.as_u16(), again.body.len(), again.header("etag")),
            (304, 0, tag.as_str()),
            "{accepted}"
        );
        assert_eq!(again.header("cache-control"), "no-cache");
        tags.push(tag);
    }
    assert!(tags[0] != tags[1] && tags[1] == tags[2] && tags[1] != tags[3], "{tags:?}");
    // Other settings are another page, and whoever has the old one is sent it.
    let other = get(&with(&json!({ "name": "Other" })).await, "/", &[("if-none-match", &tags[3])]).await;
    assert_eq!(other.status.as_u16(), 200);
    assert_ne!(other.header("etag"), tags[3]);
    let head = Request::head("/").header("accept", "text/html").body(Body::empty()).unwrap();
    let head = app.send_raw(head).await;
    assert_eq!((head.body.len(), head.header("content-length")), (0, plain.body.len().to_string().as_str()));
}

#[tokio::test]
async fn other_settings_reach_browsers_that_keep_the_app() {
    let worker = async |settings: Value| {
        let answer = get(&with(&settings).await, "/service-worker.js", &[]).await;
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("text/javascript", "no-cache"));
        answer.text()
    };
    let (plain, named, blue) =
        (worker(json!({})).await, worker(json!({ "name": "A" })).await, worker(json!({ "radius": 0 })).await);
    assert!(!plain.starts_with("self.settingsVersion"));
    assert!(named.starts_with("self.settingsVersion=\"-") && named.ends_with(&plain));
    assert_ne!(named, blue);
    assert_eq!(named, worker(json!({ "name": "A", "holds": { "default_hours": 4 } })).await, "of holds no page knows");
    assert!(plain.contains("`nearshelf/app/${VERSION}${self.settingsVersion ?? \"\"}`"), "it keeps them apart");
}

#[test]
fn the_guide_is_true() {
    let example = between(GUIDE, "```json\n", "```");
    let file = parse(example).unwrap();
    // Every field stands in the example, in the table and in the schema, and the other way round.
    let example: Value = serde_json::from_str(example).unwrap();
    let schema = schema::schema().unwrap();
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut known = fields(&schema["properties"]);
    let (mut shown, mut switches) = (fields(&example), fields(&example["features"]));
    known.sort();
    shown.sort();
    assert_eq!(shown, known);
    switches.sort();
    let mut features = fields(&serde_json::to_value(file.features).unwrap());
    features.sort();
    assert_eq!(switches, features);
    let rows: Vec<&str> =
        GUIDE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name).collect();
    let mut expected = [known, features].concat();
    expected.sort();
    let mut rows = rows;
    rows.sort_unstable();
    assert_eq!(rows, expected);
    // The defaults that the table names are those of the code.
    let usual = serde_json::to_value(SettingsFile::default().for_app()).unwrap();
    for field in ["name", "languages", "units"] {
        let default = serde_json::to_string(&usual[field]).unwrap().replace(',', ", ");
        assert!(GUIDE.contains(&format!("| `{field}` | `{default}` |")), "{field}: {default}");
    }
}

#[test]
fn the_schema_takes_what_the_server_takes_and_is_the_one_that_is_shipped() {
    let schema = schema::schema().unwrap();
    let shipped: Value = serde_json::from_str(include_str!("../../../../docs/settings.schema.json")).unwrap();
    assert_eq!(schema, shipped, "cargo run -p nearshelf-server settings-schema > docs/settings.schema.json");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let example: Value = serde_json::from_str(between(GUIDE, "```json\n", "```")).unwrap();
    for good in [json!({}), example, json!({ "features": {} }), json!({ "holds": { "default_hours": 4 } })] {
        assert!(
            validator.is_valid(&good) && parse(&good.to_string()).is_ok(),
            "{good}: {:?}",
            validator.validate(&good)
        );
    }
    for bad in [
        json!({ "nmae": "A" }),
        json!({ "name": "" }),
        json!({ "radius": 25 }),
        json!({ "languages": ["de"] }),
        json!({ "languages": [] }),
        json!({ "units": "miles" }),
        json!({ "features": { "baskett": true } }),
        json!({ "logo": "https://cdn.example/a.svg" }),
        json!({ "map": { "pmtiles_url": "/maps/a.pmtiles" } }),
        json!({ "holds": { "default_hours": 0 } }),
    ] {
        assert!(!validator.is_valid(&bad), "the schema takes {bad}");
        assert!(parse(&bad.to_string()).is_err(), "the server takes {bad}");
    }
}
