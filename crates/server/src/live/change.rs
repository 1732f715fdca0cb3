//! A change, numbered and encoded once for all screens.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use api_contract::availability::{AvailabilityEvent, EVENT_AVAILABILITY};
use axum::body::Bytes;
use domain::id::{LocationId, Sku};
use domain::inventory::{Shelf, StockState};
use domain::time::Timestamp;

use crate::db::ShelfChange;

/// A numbered change; clones share it.
#[derive(Debug, Clone)]
pub struct Change(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    seq: u64,
    location: LocationId,
    sku: Sku,
    text: Bytes,
}

impl Change {
    pub(super) fn new(epoch: &str, seq: u64, change: ShelfChange) -> Self {
        let event = event(change.location, change.sku, change.shelf, change.as_of);
        let data = serde_json::to_string(&event).unwrap_or_default();
        let text = format!("id: {epoch}-{seq}\nevent: {EVENT_AVAILABILITY}\ndata: {data}\n\n").into();
        Self(Arc::new(Inner { seq, location: event.location_id, sku: event.sku, text }))
    }

    /// Its number.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.0.seq
    }

    /// The whole event as it goes over the wire: an [`AvailabilityEvent`] with its id.
    #[must_use]
    pub fn text(&self) -> &Bytes {
        &self.0.text
    }

    pub(super) fn location(&self) -> &LocationId {
        &self.0.location
    }

    pub(super) fn sku(&self) -> &Sku {
        &self.0.sku
    }
}

/// A change that stands for its shelf: in a set, a later one takes the place of an earlier one.
#[derive(Debug)]
pub(super) struct OfShelf(pub(super) Change);

impl PartialEq for OfShelf {
    fn eq(&self, other: &Self) -> bool {
        self.0.location() == other.0.location() && self.0.sku() == other.0.sku()
    }
}

impl Eq for OfShelf {}

impl Hash for OfShelf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.location().hash(state);
        self.0.sku().hash(state);
    }
}

/// What to say of a shelf to somebody who asks for one unit; `None` where the shop does not carry it.
#[must_use]
pub fn event(location: LocationId, sku: Sku, shelf: Option<Shelf>, as_of: Timestamp) -> AvailabilityEvent {
    let state = shelf.map_or(StockState::NotCarried, |shelf| shelf.answer(1).0);
    let units = shelf.and_then(Shelf::available_to_promise);
    let quantity = units.map(|units| u32::try_from(units.max(0)).unwrap_or(u32::MAX));
    AvailabilityEvent { sku, location_id: location, state, quantity, as_of }
}
