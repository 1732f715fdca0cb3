//! How many streams one address may have open.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use crate::access::Network;

/// The open streams of each address.
#[derive(Debug, Clone, Default)]
pub(super) struct Streams {
    most: Option<NonZeroU32>,
    open: Arc<Mutex<HashMap<Network, u32>>>,
}

/// The place of one stream; dropping it frees it.
#[derive(Debug)]
pub struct StreamPlace {
    network: Network,
    open: Arc<Mutex<HashMap<Network, u32>>>,
}

impl Streams {
    pub(super) fn new(most: Option<NonZeroU32>) -> Self {
        Self { most, open: Arc::default() }
    }

    /// A place, unless the address has enough.
    pub(super) fn take(&self, network: Network) -> Option<StreamPlace> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if !network.is_loopback() && self.most.is_some_and(|most| *count >= most.get()) {
            return None;
        }
        *count += 1;
        Some(StreamPlace { network, open: Arc::clone(&self.open) })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}
