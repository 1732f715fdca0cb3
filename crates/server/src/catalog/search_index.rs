//! The search index: opened here, and as the file that browsers fetch.

use search::{Document, Index, Synonyms};

use super::download::Download;

/// One index.
pub struct SearchIndex {
    index: Index,
    download: Download,
}

impl SearchIndex {
    /// Builds it.
    pub(super) fn build(documents: &[Document], synonyms: &Synonyms, before: Option<&SearchIndex>) -> Self {
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
        Self { index, download: Download::new(file, before.map(SearchIndex::download)) }
    }

    /// Opened.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// As a file.
    #[must_use]
    pub fn download(&self) -> &Download {
        &self.download
    }

    /// Names it by its content.
    #[must_use]
    pub fn id(&self) -> &str {
        self.download.id()
    }
}
