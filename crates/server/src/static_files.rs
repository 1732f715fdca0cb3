//! The built app and the pictures of products.
//!
//! Reading order: here (what is served from where), [`page`] (what of the app carries the retailer's settings), [`filled`] (how
//! that is kept and sent).

pub mod filled;
pub mod page;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::embed;
use crate::error::Error;
use crate::settings::SettingsFile;
use crate::state::Config;
use filled::Filled;
use page::Branding;

/// A picture is shown, and runs nothing: not even when its address is opened by itself.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The script that other sites put into their pages.
const LOADER: &str = "/nearshelf.js";
/// Pages with one box, for frames of other sites.
const FRAMES: [&str; 2] = ["/embed/stock", "/embed/locator"];
/// Colours and corners.
const THEME: &str = "/theme.css";

/// What is served beside the API.
#[derive(Clone)]
pub struct Files {
    dist: Option<Dist>,
    /// What the box for other pages needs to know; nothing where it is switched off.
    boxes: Option<Arc<SettingsFile>>,
    media: Option<ServeDir>,
    maps: Option<ServeDir>,
}

/// The built app.
#[derive(Clone)]
struct Dist {
    folder: ServeDir,
    /// Every page of the app, whatever its address.
    page: Filled,
    /// The page with one box, for frames.
    frame: Filled,
    /// Other files that carry settings, by their addresses.
    filled: BTreeMap<&'static str, Filled>,
}

impl Dist {
    fn new(dist: &Path, folder: ServeDir, branding: &Arc<Branding>, policy: Policy) -> Self {
        let with = |file: &str, media_type, fill: fn(&Branding, &str) -> String| {
            let branding = Arc::clone(branding);
            Filled::new(dist.join(file), media_type, move |text| fill(&branding, text))
        };
        let mut filled = BTreeMap::new();
        let manifest = with("manifest.webmanifest", "application/manifest+json", Branding::manifest);
        filled.insert("/manifest.webmanifest", manifest);
        filled.insert("/service-worker.js", with("service-worker.js", "text/javascript", Branding::service_worker));
        // For who keeps it under this name; our pages carry it within.
        if !branding.theme().is_empty() {
            filled.insert(THEME, with("theme.css", "text/css", |branding, _| branding.theme().to_owned()));
        }
        if branding.has_own_sign() {
            filled.insert("/icons/nearshelf.svg", with("icons/nearshelf.svg", "image/svg+xml", Branding::sign));
        }
        let of_page = Arc::clone(branding);
        let page = Filled::page(dist.join("index.html"), move |page| of_page.page(page), move |page| policy.over(page));
        let frame = with("widget/frame.html", "text/html; charset=utf-8", Branding::frame);
        Self { folder: folder.precompressed_br().precompressed_gzip(), page, frame, filled }
    }
}

impl Files {
    /// The folders of a configuration; without them only the API is served.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let folder =
            |path| ServeDir::new(path).append_index_html_on_directories(false).redirect_to_trailing_slash(false);
        let branding = Arc::new(Branding::of(&config.settings));
        let dist = config.dist.as_ref().map(|dist| Dist::new(dist, folder(dist), &branding, Policy::new(config)));
        let boxes = config.settings.features.widget.then(|| Arc::clone(&config.settings));
        Self { dist, boxes, media: config.media.as_ref().map(folder), maps: config.maps.as_ref().map(folder) }
    }

    /// Answers whatever is no path of the API.
    ///
    /// # Errors
    /// Where there is nothing.
    pub async fn serve(&self, request: Request) -> Result<Response, Error> {
        let path = request.uri().path().to_owned();
        let api = ["/v1", "/health"].iter().any(|root| path == *root || path.starts_with(&format!("{root}/")));
        if api || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Error::not_found());
        }
        if let Some(rest) = path.strip_prefix("/media/") {
            return self.picture(rest, request).await;
        }
        if let Some(rest) = path.strip_prefix("/maps/") {
            return self.tiles(rest, request).await;
        }
        let Some(dist) = &self.dist else { return Err(Error::not_found()) };
        let of_box = path == LOADER || path.starts_with("/widget/");
        if FRAMES.contains(&path.as_str()) || of_box {
            let settings = self.boxes.as_ref().ok_or_else(Error::not_found)?;
            if !of_box {
                let response = dist.frame.answer(request.method(), request.headers()).await?;
                return Ok(framed(cached(response, "no-cache"), settings, request.uri()));
            }
        }
        // A box wears the colours of the retailer as well.
        let open = of_box || path == THEME && self.boxes.is_some();
        let open = |response| if open { embed::for_every_page(response) } else { response };
        if let Some(file) = dist.filled.get(path.as_str()) {
            return Ok(open(cached(file.answer(request.method(), request.headers()).await?, "no-cache")));
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        if last.contains('.') && last != "index.html" {
            let response = found(dist.folder.clone().oneshot(request).await)?;
            let lasting = if is_hashed(last) { "public, max-age=31536000, immutable" } else { "no-cache" };
            return Ok(open(cached(response, lasting)));
        }
        if path != "/" && !accepts_html(&request) {
            return Err(Error::not_found());
        }
        // A page of the app, whatever its name: the app knows its own addresses.
        Ok(cached(dist.page.answer(request.method(), request.headers()).await?, "no-cache"))
    }

    /// A file of map tiles, of which browsers ask for parts.
    async fn tiles(&self, rest: &str, mut request: Request) -> Result<Response, Error> {
        let maps = self.maps.as_ref().filter(|_| rest.ends_with(".pmtiles")).ok_or_else(Error::not_found)?;
        *request.uri_mut() = format!("/{rest}").parse::<Uri>().map_err(|_| Error::not_found())?;
        Ok(cached(found(maps.clone().oneshot(request).await)?, "public, max-age=86400"))
    }

    async fn picture(&self, rest: &str, mut request: Request) -> Result<Response, Error> {
        let media = self.media.as_ref().ok_or_else(Error::not_found)?;
        *request.uri_mut() = format!("/{rest}").parse::<Uri>().map_err(|_| Error::not_found())?;
        let mut response = found(media.clone().oneshot(request).await)?;
        let policy = HeaderValue::from_static(PICTURE_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        if self.boxes.is_some() {
            response = embed::for_every_page(response);
        }
        Ok(cached(response, "public, max-age=86400"))
    }
}

/// The page with one box, which only the pages of its partner may show in a frame: by default nobody's.
fn framed(mut response: Response, settings: &SettingsFile, uri: &Uri) -> Response {
    let parameter = |pair: &'_ str| pair.strip_prefix("key=").map(str::to_owned);
    let key = uri.query().and_then(|query| query.split('&').find_map(parameter));
    let partner = key.and_then(|key| embed::partner(settings, &key));
    let around = partner.map_or_else(|| "'none'".to_owned(), |partner| partner.origins.join(" "));
    let api: String = settings.api.iter().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'{api}; img-src 'self' data: https:; \
         style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {around}; object-src 'none'"
    );
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&policy).map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    // It stands in somebody else's page, which may have opened it and may be told by it how tall it is.
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("unsafe-none"));
    response
}

/// A file, or not: a missing one is said as such and never as a page, which a browser would take for the script it asked
/// for.
fn found<B, E>(answer: Result<axum::http::Response<B>, E>) -> Result<Response, Error>
where
    B: axum::body::HttpBody<Data = axum::body::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
    E: std::fmt::Display,
{
    let response = answer.map_err(|error| Error::internal(&error))?;
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED || status == StatusCode::RANGE_NOT_SATISFIABLE || status.is_success() {
        return Ok(response.map(axum::body::Body::new).into_response());
    }
    Err(Error::not_found())
}

fn cached(mut response: Response, value: &'static str) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response
}

fn accepts_html(request: &Request) -> bool {
    let mut accept =
        request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    accept.peek().is_none() || accept.any(|value| value.contains("text/html") || value.contains("*/*"))
}

/// Whether a file's name says its content, as the build makes it: `app-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    name.split('-').skip(1).any(|part| part.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).count() >= 8)
}

/// Headers of every answer; a page brings a policy of its own.
#[must_use]
pub fn security_headers(config: &Config) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("geolocation=(self)")),
    ];
    headers.extend(Policy::new(config).over("").map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    headers
}

/// What a page of the app may run, ask and be shown in (Content Security Policy).
struct Policy {
    /// Origins that are asked besides ours, each with a space in front.
    elsewhere: String,
    /// Who may show it in a frame.
    around: String,
}

impl Policy {
    fn new(config: &Config) -> Self {
        let around = if config.embed_origins.is_empty() { "'none'".to_owned() } else { config.embed_origins.join(" ") };
        let settings = &config.settings;
        let tiles = settings.map.as_ref().and_then(|map| crate::settings::origin(&map.pmtiles_url));
        let elsewhere = tiles.into_iter().chain(settings.api.as_deref()).map(|origin| format!(" {origin}")).collect();
        Self { elsewhere, around }
    }

    /// The policy of a page, which names what stands in the page itself, as it is.
    fn over(&self, page: &str) -> Option<HeaderValue> {
        let Self { elsewhere, around } = self;
        let named = |kind| inline(page, kind).map(|text| format!(" '{}'", csp_hash(text))).collect::<String>();
        let (scripts, styles) = (named("script"), named("style"));
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; connect-src 'self'{elsewhere}; img-src 'self' data: https:; \
             style-src 'self'{styles}; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
             frame-ancestors {around}; object-src 'none'"
        );
        HeaderValue::from_str(&policy).ok()
    }
}

/// The texts within the elements of one kind, `script` or `style`, that stand in a page themselves; data such as JSON runs nothing
/// and needs no leave.
fn inline<'p>(page: &'p str, kind: &str) -> impl Iterator<Item = &'p str> {
    let (begin, end) = (format!("<{kind}"), format!("</{kind}>"));
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let (_, from) = rest.split_once(&begin)?;
            let (tag, from) = from.split_once('>')?;
            let (text, after) = from.split_once(&end)?;
            rest = after;
            let data = tag.contains("type=\"application/json\"") || tag.contains("type=\"application/ld+json\"");
            if !tag.contains(" src=") && !data && !text.is_empty() {
                return Some(text);
            }
        }
    })
}

fn csp_hash(script: &str) -> String {
    format!("sha256-{}", base64(&crate::random::sha256(script.as_bytes())))
}

/// Bytes as text (RFC 4648, 4).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |group, place| group << 8 | usize::from(chunk.get(place).copied().unwrap_or(0)));
        for place in 0..4 {
            let digit = if place <= chunk.len() { DIGITS[group >> (18 - 6 * place) & 63] } else { b'=' };
            text.push(char::from(digit));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_told_from_others() {
        for hashed in ["nearshelf-0123456789abcdef.js", "nearshelf-0123456789abcdef_bg.wasm", "main-a1b2c3d4.css"] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in ["index.html", "manifest.webmanifest", "service-worker.js", "boot.js", "icon-192.png"] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn only_what_stands_in_the_page_itself_is_named() {
        let page = "<script src=\"/boot.js\"></script><script type=module>init()</script><script>\n</script>\
                    <script type=\"application/json\" id=\"a\">{}</script><script type=\"application/ld+json\">{}</script>";
        assert_eq!(inline(page, "script").collect::<Vec<_>>(), ["init()", "\n"]);
        let page = "<style>a{}</style><script>'<p>'</script><style media=print>c{}</style><style></style><script>";
        assert_eq!(inline(page, "script").collect::<Vec<_>>(), ["'<p>'"]);
        assert_eq!(inline(page, "style").collect::<Vec<_>>(), ["a{}", "c{}"]);
        assert_eq!(base64(b"abcd"), "YWJjZA==");
        assert_eq!(base64(b"abcde"), "YWJjZGU=");
        assert_eq!(base64(b"abcdef"), "YWJjZGVm");
    }
}
