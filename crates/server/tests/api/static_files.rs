use std::fs;

use axum::body::Body;
use axum::http::Request;
use tempfile::TempDir;

use crate::support::{Answer, TestApp};

const INDEX: &str = "<!doctype html><script src=\"/boot.js\"></script><script type=\"module\">alert(1)</script>";
const SCRIPT: &str = "nearshelf-0123456789abcdef.js";
const WASM: &str = "nearshelf-0123456789abcdef_bg.wasm";

async fn with_app() -> TestApp {
    TestApp::with(|config, dir: &TempDir| {
        let (dist, media) = (dir.path().join("dist"), dir.path().join("media"));
        fs::create_dir_all(dist.join("fonts")).unwrap();
        fs::create_dir_all(&media).unwrap();
        fs::write(dist.join("index.html"), INDEX).unwrap();
        fs::write(dist.join(SCRIPT), "plain").unwrap();
        fs::write(dist.join(format!("{SCRIPT}.br")), "brotli").unwrap();
        fs::write(dist.join(format!("{SCRIPT}.gz")), "gzip").unwrap();
        fs::write(dist.join(WASM), "\0asm").unwrap();
        fs::write(dist.join("boot.js"), "boot").unwrap();
        fs::write(dist.join("manifest.webmanifest"), "{}").unwrap();
        fs::write(media.join("bottle.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        fs::write(dir.path().join("secret.txt"), "secret").unwrap();
        config.dist = Some(dist);
        config.media = Some(media);
    })
    .await
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send_raw(request.body(Body::empty()).unwrap()).await
}

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

#[tokio::test]
async fn files_with_a_hash_are_kept_for_ever_and_others_are_asked_for() {
    let app = with_app().await;
    for (path, media_type, caching) in [
        (format!("/{SCRIPT}"), "text/javascript", "public, max-age=31536000, immutable"),
        (format!("/{WASM}"), "application/wasm", "public, max-age=31536000, immutable"),
        ("/boot.js".to_owned(), "text/javascript", "no-cache"),
        ("/manifest.webmanifest".to_owned(), "application/manifest+json", "no-cache"),
        ("/".to_owned(), "text/html", "no-cache"),
        ("/index.html".to_owned(), "text/html", "no-cache"),
    ] {
        let answer = get(&app, &path, &[HTML]).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert_eq!(answer.header("content-type").split(';').next().unwrap(), media_type, "{path}");
        assert_eq!(answer.header("cache-control"), caching, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn what_was_compressed_beforehand_is_sent_as_it_is() {
    let app = with_app().await;
    for (accepted, encoding, body) in
        [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("identity", "", "plain")]
    {
        let answer = get(&app, &format!("/{SCRIPT}"), &[("accept-encoding", accepted)]).await;
        assert_eq!((answer.header("content-encoding"), answer.text().as_str()), (encoding, body));
        assert_eq!(answer.header("content-type").split(';').next().unwrap(), "text/javascript");
    }
}

#[tokio::test]
async fn pages_of_the_app_are_the_app_and_missing_files_are_missing() {
    let app = with_app().await;
    for path in ["/stores/lyo-1", "/pickups/r_1", "/products/BO-075-GLA", "/a/b/c"] {
        let answer = get(&app, path, &[HTML]).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, INDEX), "{path}");
    }
    for path in ["/nearshelf-ffffffffffffffff.js", "/missing.wasm", "/fonts/missing.woff2", "/favicon.ico"] {
        let answer = get(&app, path, &[HTML]).await;
        answer.problem(404, "not-found");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    // Who asks for data is not given a page.
    get(&app, "/stores/lyo-1", &[("accept", "application/json")]).await.problem(404, "not-found");
    get(&app, "/v1/nothing", &[HTML]).await.problem(404, "not-found");
}

#[tokio::test]
async fn nothing_outside_the_folders_is_served() {
    let app = with_app().await;
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/fonts/../../secret.txt",
        "/secret.txt%00.js",
        "/%00.js",
        "/media/../secret.txt",
        "/media/..%2fsecret.txt",
        "/media/%2e%2e/secret.txt",
        "//secret.txt",
        "/media//secret.txt",
    ] {
        let answer = get(&app, path, &[HTML]).await;
        assert!(!answer.text().contains("secret"), "{path}");
        assert_eq!(answer.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn the_policy_names_the_inline_scripts_of_the_page() {
    let app = with_app().await;
    let policy = get(&app, "/", &[HTML]).await.header("content-security-policy").to_owned();
    // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("'unsafe-inline'"));
}

#[tokio::test]
async fn only_sites_that_were_named_may_show_the_app_in_a_frame() {
    let origins = ["https://shop.example", "https://landing.example:8443"];
    let app = TestApp::with(|config, _| config.embed_origins = origins.map(str::to_owned).to_vec()).await;
    let policy = get(&app, "/", &[HTML]).await.header("content-security-policy").to_owned();
    assert!(
        policy.contains("frame-ancestors https://shop.example https://landing.example:8443; object-src"),
        "{policy}"
    );
}

#[tokio::test]
async fn pictures_run_nothing() {
    let app = with_app().await;
    let answer = get(&app, "/media/bottle.svg", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(answer.header("cache-control"), "public, max-age=86400");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    for path in ["/media/missing.svg", "/media/", "/media"] {
        let answer = get(&app, path, &[("accept", "image/*")]).await;
        answer.problem(404, "not-found");
    }
}

#[tokio::test]
async fn map_tiles_are_served_in_parts_and_nothing_else_is_from_their_folder() {
    use api_contract::settings::MapSettings;
    use nearshelf_server::settings::SettingsFile;
    use std::sync::Arc;

    let app = TestApp::with(|config, folder| {
        let maps = folder.path().join("maps");
        std::fs::create_dir(&maps).unwrap();
        std::fs::write(maps.join("town.pmtiles"), b"0123456789").unwrap();
        std::fs::write(maps.join("secret.txt"), b"secret").unwrap();
        config.maps = Some(maps);
        let map =
            MapSettings { pmtiles_url: "https://tiles.example/a.pmtiles".to_owned(), attribution: "©".to_owned() };
        config.settings = Arc::new(SettingsFile { map: Some(map), ..SettingsFile::default() });
    })
    .await;
    let whole = get(&app, "/maps/town.pmtiles", &[]).await;
    assert_eq!((whole.status.as_u16(), whole.text().as_str()), (200, "0123456789"));
    let part = get(&app, "/maps/town.pmtiles", &[("range", "bytes=2-4")]).await;
    assert_eq!(
        (part.status.as_u16(), part.text().as_str(), part.header("content-range")),
        (206, "234", "bytes 2-4/10")
    );
    assert_eq!(get(&app, "/maps/town.pmtiles", &[("range", "bytes=20-30")]).await.status.as_u16(), 416);
    for path in
        ["/maps/secret.txt", "/maps/missing.pmtiles", "/maps/..%2fshop.db", "/maps/", "/maps/../shop.db?.pmtiles"]
    {
        assert_eq!(get(&app, path, &[]).await.status.as_u16(), 404, "{path}");
    }
    // The app may fetch from where the retailer said that the tiles are, and from nowhere else.
    let policy = whole.header("content-security-policy");
    assert!(policy.contains("connect-src 'self' https://tiles.example;"), "{policy}");
    let settings = app.get("/v1/settings").await.ok();
    assert_eq!(settings["map"]["attribution"], "©");
}
