//! The search index: opened here, and as the file that browsers fetch.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use search::{Document, Index, Synonyms};

use crate::random;

/// One index, named by its content.
pub struct SearchIndex {
    index: Index,
    id: String,
    file: Bytes,
    compressed: Arc<OnceLock<Bytes>>,
}

impl SearchIndex {
    /// Builds it, and begins to compress it as tightly as it can be: that takes seconds for a large catalogue, and saves
    /// every phone a tenth of the download.
    pub(super) fn build(documents: &[Document], synonyms: &Synonyms) -> Self {
        let mut file = search::build(documents, synonyms);
        let index = match Index::open(file.clone()) {
            Ok(index) => index,
            Err(damaged) => {
                // What is built here is read here. Should it ever not be, a search that finds nothing says so less clearly
                // than the log does.
                tracing::error!(%damaged, "the search index cannot be read");
                file = search::build(&[], &Synonyms::default());
                Index::open(file.clone()).unwrap_or_default()
            }
        };
        let id = random::hex(&random::sha256(&file)).chars().take(20).collect();
        let file = Bytes::from(file);
        let compressed = Arc::new(OnceLock::new());
        let (source, target) = (file.clone(), Arc::clone(&compressed));
        let spawned = std::thread::Builder::new().name("compress".to_owned()).spawn(move || {
            if let Some(bytes) = compress(&source) {
                let _ = target.set(bytes);
            }
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, "the search index is sent as the web server compresses it");
        }
        Self { index, id, file, compressed }
    }

    /// Opened.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Names it by its content.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> Bytes {
        self.file.clone()
    }

    /// The file in brotli, once it is ready.
    #[must_use]
    pub fn compressed(&self) -> Option<Bytes> {
        self.compressed.get().cloned()
    }
}

fn compress(file: &[u8]) -> Option<Bytes> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: file.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*file, &mut out, &parameters).ok()?;
    Some(Bytes::from(out))
}
