//! All shops as the file that browsers keep, with when they are open in the coming days.

use std::sync::{Arc, Mutex, PoisonError};

use domain::reservation::HoldRules;
use domain::time::{HOUR_MS, Timestamp};
use places::write_shops;

use super::Catalog;
use super::download::Download;
use super::shops::Shop;
use crate::wire;

/// The file says when shops are open for two weeks from when it was written; after so long it is written anew.
const WRITTEN_ANEW_MS: i64 = 6 * HOUR_MS;

/// The file as it was last written.
#[derive(Default)]
pub struct ShopFile(Mutex<Option<Written>>);

#[derive(Clone)]
struct Written {
    of: i64,
    at: Timestamp,
    download: Arc<Download>,
}

impl ShopFile {
    /// The file of this catalogue, written where there is none yet or where it is old. That takes a moment for thousands of
    /// shops: it is for a thread that may be held up.
    pub fn get(&self, catalog: &Catalog, now: Timestamp, holds: &HoldRules) -> Arc<Download> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(written) = &*kept
            && written.of == catalog.generation
            && (0..WRITTEN_ANEW_MS).contains(&now.since(written.at))
        {
            return Arc::clone(&written.download);
        }
        let lines: Vec<places::Shop> = catalog.shops.all().iter().map(|shop| line(shop, now, holds)).collect();
        let before = kept.as_ref().map(|written| Arc::clone(&written.download));
        let download = Arc::new(Download::new(write_shops(&lines).into_bytes(), before.as_deref()));
        *kept = Some(Written { of: catalog.generation, at: now, download: Arc::clone(&download) });
        download
    }
}

/// A shop as a line of the file.
fn line(shop: &Shop, now: Timestamp, holds: &HoldRules) -> places::Shop {
    let open = shop.open(now);
    let mut json = serde_json::to_value(wire::location(shop, now, holds, None)).unwrap_or_default();
    if let Some(object) = json.as_object_mut() {
        // These stand on the line for themselves; a shop's own page asks for its week.
        for name in ["open_spans", "open_known_until", "hours", "exception_hours", "hours_text"] {
            object.remove(name);
        }
    }
    places::Shop {
        position: shop.row.position,
        spans: open.spans.clone(),
        known_until: open.known_until,
        amenities: shop.amenities.clone(),
        words: shop.words.clone(),
        json: json.to_string(),
    }
}
