//! Who watches what: a change is offered only to the screens that watch its shelf.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::id::{LocationId, Sku};

use super::change::Change;
use super::screen::Screen;

/// A screen with more shelves than this is found by its shops, so that nobody makes thousands of entries here.
const MAX_ENTRIES: usize = 512;

type Screens = HashMap<u64, Arc<Screen>>;

#[derive(Default)]
pub(super) struct Index {
    shops: HashMap<LocationId, Watchers>,
    // One entry a screen, also of those that watch nothing.
    all: Screens,
}

#[derive(Default)]
struct Watchers {
    exact: HashMap<Sku, Screens>,
    wide: HashMap<u64, (Arc<Watched>, Arc<Screen>)>,
}

/// The shelves of a screen: each of its products at each of its shops.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) locations: Vec<LocationId>,
    pub(super) skus: Vec<Sku>,
    // Only where there are too many shelves for entries of their own.
    wide: Option<HashSet<Sku>>,
}

impl Watched {
    pub(super) fn new(locations: HashSet<LocationId>, skus: HashSet<Sku>) -> Arc<Self> {
        let wide = (locations.len() * skus.len() > MAX_ENTRIES).then(|| skus.clone());
        Arc::new(Self { locations: locations.into_iter().collect(), skus: skus.into_iter().collect(), wide })
    }
}

impl Index {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.shops.is_empty()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Screen>> {
        self.all.values()
    }

    pub(super) fn watching(&self, change: &Change) -> impl Iterator<Item = &Arc<Screen>> {
        let watchers = self.shops.get(change.location());
        let exact = watchers.and_then(|watchers| watchers.exact.get(change.sku()));
        let wide = watchers.into_iter().flat_map(|watchers| watchers.wide.values());
        let sku = change.sku().clone();
        let wide = wide.filter(move |(watched, _)| watched.wide.as_ref().is_some_and(|skus| skus.contains(&sku)));
        exact.into_iter().flat_map(HashMap::values).chain(wide.map(|(_, screen)| screen))
    }

    pub(super) fn insert(&mut self, id: u64, watched: &Arc<Watched>, screen: &Arc<Screen>) {
        self.all.insert(id, Arc::clone(screen));
        for location in &watched.locations {
            let watchers = self.shops.entry(location.clone()).or_default();
            if watched.wide.is_some() {
                watchers.wide.insert(id, (Arc::clone(watched), Arc::clone(screen)));
                continue;
            }
            for sku in &watched.skus {
                watchers.exact.entry(sku.clone()).or_default().insert(id, Arc::clone(screen));
            }
        }
    }

    pub(super) fn remove(&mut self, id: u64, watched: &Watched) {
        self.all.remove(&id);
        for location in &watched.locations {
            let Some(watchers) = self.shops.get_mut(location) else { continue };
            watchers.wide.remove(&id);
            for sku in &watched.skus {
                let Some(screens) = watchers.exact.get_mut(sku) else { continue };
                screens.remove(&id);
                if screens.is_empty() {
                    watchers.exact.remove(sku);
                }
            }
            if watchers.exact.is_empty() && watchers.wide.is_empty() {
                self.shops.remove(location);
            }
        }
    }
}
