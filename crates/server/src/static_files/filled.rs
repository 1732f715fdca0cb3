//! A built file into which something is put before it is sent: compressed once, in memory, and made anew where the file changes,
//! since the app may be built while the server runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwapOption;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::catalog::download::{brotli, takes};
use crate::error::Error;
use crate::random;

/// How a file is filled.
type Fill = dyn Fn(&str) -> String + Send + Sync;

/// The policy of a page that is filled so.
type Policy = dyn Fn(&str) -> Option<HeaderValue> + Send + Sync;

/// Such a file; clones are the same.
#[derive(Clone)]
pub struct Filled(Arc<Inner>);

struct Inner {
    source: PathBuf,
    media_type: &'static str,
    fill: Box<Fill>,
    policy: Option<Box<Policy>>,
    current: ArcSwapOption<Version>,
}

/// The file as it was at one time.
struct Version {
    stamp: Stamp,
    plain: Bytes,
    /// In the order in which they are liked, where they are smaller.
    twins: Vec<(&'static str, Bytes)>,
    /// Names the content, for `ETag`.
    name: String,
    policy: Option<HeaderValue>,
}

/// Tells a file from the one that was there before: when it was written, and how long it is.
type Stamp = (Option<SystemTime>, u64);

impl Filled {
    /// Fills it at once, so that the first shopper does not wait for it.
    pub fn new(
        source: PathBuf,
        media_type: &'static str,
        fill: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::of(Inner { source, media_type, fill: Box::new(fill), policy: None, current: ArcSwapOption::empty() })
    }

    /// A page, with the Content Security Policy of what it says.
    pub fn page(
        source: PathBuf,
        fill: impl Fn(&str) -> String + Send + Sync + 'static,
        policy: impl Fn(&str) -> Option<HeaderValue> + Send + Sync + 'static,
    ) -> Self {
        let (fill, policy) = (Box::new(fill), Some(Box::new(policy) as Box<Policy>));
        Self::of(Inner {
            source,
            media_type: "text/html; charset=utf-8",
            fill,
            policy,
            current: ArcSwapOption::empty(),
        })
    }

    fn of(inner: Inner) -> Self {
        inner.refresh();
        Self(Arc::new(inner))
    }

    /// Answers who asks for it.
    ///
    /// # Errors
    /// Where there is no such file.
    pub async fn answer(&self, method: &Method, asked: &HeaderMap) -> Result<Response, Error> {
        let inner = Arc::clone(&self.0);
        let version =
            tokio::task::spawn_blocking(move || inner.refresh()).await.map_err(|error| Error::internal(&error))?;
        let version = version.ok_or_else(Error::not_found)?;
        Ok(version.answer(self.0.media_type, method, asked))
    }
}

impl Inner {
    /// The file as it is now.
    fn refresh(&self) -> Option<Arc<Version>> {
        let stamp = stamp(&self.source)?;
        if let Some(known) = self.current.load_full().filter(|known| known.stamp == stamp) {
            return Some(known);
        }
        let filled = (self.fill)(&std::fs::read_to_string(&self.source).ok()?);
        let policy = self.policy.as_ref().and_then(|policy| policy(&filled));
        let version = Arc::new(Version::new(stamp, filled, policy));
        self.current.store(Some(Arc::clone(&version)));
        Some(version)
    }
}

fn stamp(source: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(source).ok().filter(std::fs::Metadata::is_file)?;
    Some((about.modified().ok(), about.len()))
}

impl Version {
    fn new(stamp: Stamp, text: String, policy: Option<HeaderValue>) -> Self {
        let name = random::hex(&random::sha256(text.as_bytes())).chars().take(20).collect();
        let plain = Bytes::from(text);
        let twins = [("br", brotli(&plain)), ("gzip", gzip(&plain))];
        let smaller = twins.into_iter().filter_map(|(coding, twin)| Some((coding, twin?)));
        let twins = smaller.filter(|(_, twin)| twin.len() < plain.len()).collect();
        Self { stamp, plain, twins, name, policy }
    }

    fn answer(&self, media_type: &'static str, method: &Method, asked: &HeaderMap) -> Response {
        let twin = self.twins.iter().find(|(coding, _)| takes(asked, coding));
        // Other bytes have another strong name (RFC 9110, 8.8.3.3).
        let tag = match twin {
            Some((coding, _)) => format!("\"{}-{coding}\"", self.name),
            None => format!("\"{}\"", self.name),
        };
        let known = is_known(asked, &tag);
        let bytes = twin.map_or(&self.plain, |(_, bytes)| bytes);
        let mut response = match (known, method) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, &Method::HEAD) => Body::empty().into_response(),
            (false, _) => Body::from(bytes.clone()).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.extend(HeaderValue::from_str(&tag).map(|tag| (header::ETAG, tag)));
        headers.extend(self.policy.clone().map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
        if !known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            headers.extend(twin.map(|(coding, _)| (header::CONTENT_ENCODING, HeaderValue::from_static(coding))));
        }
        response
    }
}

/// Whether whoever asks has it already.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let listed = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut listed = listed.flat_map(|value| value.split(',')).map(str::trim);
    listed.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_built_anew_is_filled_anew_and_one_that_goes_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("index.html");
        let policy = |text: &str| HeaderValue::from_str(&format!("of {text}")).ok();
        let file = Filled::page(source.clone(), |text| format!("<{text}>"), policy);
        let get = async || {
            let answer = file.answer(&Method::GET, &HeaderMap::new()).await.ok()?;
            let tag = answer.headers()[header::ETAG].to_str().unwrap().to_owned();
            let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
            Some((axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap(), tag, policy))
        };
        assert!(get().await.is_none());
        std::fs::write(&source, "a").unwrap();
        let (body, first, policy) = get().await.unwrap();
        assert_eq!((&body[..], policy.as_str()), (&b"<a>"[..], "of <a>"));
        std::fs::write(&source, "longer").unwrap();
        let (body, second, policy) = get().await.unwrap();
        assert_eq!((&body[..], policy.as_str()), (&b"<longer>"[..], "of <longer>"));
        assert_ne!(first, second);
        std::fs::remove_file(&source).unwrap();
        assert!(get().await.is_none());
    }
}
