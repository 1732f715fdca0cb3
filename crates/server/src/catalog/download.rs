//! A file that browsers fetch once and keep: named by its content, compressed as tightly as it can be.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::random;

/// Such a file; clones are the same.
#[derive(Clone)]
pub struct Download {
    id: String,
    file: Bytes,
    compressed: Arc<OnceLock<Bytes>>,
}

impl Download {
    /// Begins to compress it: that takes seconds for a large one, and saves every phone a tenth of it. Where `before` is the
    /// same file, that is done already.
    #[must_use]
    pub fn new(file: Vec<u8>, before: Option<&Download>) -> Self {
        let id: String = random::hex(&random::sha256(&file)).chars().take(20).collect();
        if let Some(before) = before.filter(|before| before.id == id) {
            return before.clone();
        }
        let file = Bytes::from(file);
        let compressed = Arc::new(OnceLock::new());
        let (source, target) = (file.clone(), Arc::clone(&compressed));
        let spawned = std::thread::Builder::new().name("compress".to_owned()).spawn(move || {
            if let Some(bytes) = brotli(&source) {
                let _ = target.set(bytes);
            }
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, "a file is sent as the web server compresses it");
        }
        Self { id, file, compressed }
    }

    /// Names it by its content.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it is compressed already.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        self.compressed.get().is_some()
    }

    /// Bytes as it travels, as far as is known yet.
    #[must_use]
    pub fn size(&self) -> u64 {
        let size = self.compressed.get().map_or(self.file.len(), Bytes::len);
        u64::try_from(size).unwrap_or(u64::MAX)
    }

    /// The file, for ever, in brotli where that is ready and the browser takes it.
    #[must_use]
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let compressed = self.compressed.get().filter(|_| takes(asked, "br"));
        let encoded = compressed.is_some();
        let mut response = compressed.unwrap_or(&self.file).clone().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if encoded {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

/// Whether a coding is listed, and not with a weight of nothing (RFC 9110, 12.5.3).
#[must_use]
pub fn takes(asked: &HeaderMap, coding: &str) -> bool {
    let listed = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case(coding) && weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
    })
}

/// Above this the tightest takes a minute and more.
const LARGE: usize = 3_000_000;

/// Brotli, as tight as it gets in bearable time.
#[must_use]
pub fn brotli(file: &[u8]) -> Option<Bytes> {
    let quality = if file.len() > LARGE { 9 } else { 11 };
    let parameters =
        ::brotli::enc::BrotliEncoderParams { quality, lgwin: 24, size_hint: file.len(), ..Default::default() };
    let mut out = Vec::new();
    ::brotli::BrotliCompress(&mut &*file, &mut out, &parameters).ok()?;
    Some(Bytes::from(out))
}
