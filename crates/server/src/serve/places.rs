//! How many connections there may be, in all and of one neighbour.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All connections.
#[derive(Clone)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    per_address: usize,
    count_loopback: bool,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// The place of one connection; dropping it frees it.
pub(super) struct Place {
    places: Places,
    address: IpAddr,
    _one_of_all: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(all: usize, per_address: usize, count_loopback: bool) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), per_address, count_loopback, taken: Arc::default() }
    }

    /// Waits until one more connection may be accepted, whosever it will be.
    pub(super) async fn one_more(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    /// A place for this address, unless it has enough.
    pub(super) fn give(&self, address: IpAddr, one_of_all: OwnedSemaphorePermit) -> Option<Place> {
        let limited = self.per_address != 0 && (self.count_loopback || !address.to_canonical().is_loopback());
        let address = neighbour(address);
        let mut taken = self.taken();
        let count = taken.entry(address).or_default();
        // 0 connections are not stored, so an entry that was just made is given its place, or there is no limit to keep.
        if limited && *count >= self.per_address {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Place { places: self.clone(), address, _one_of_all: one_of_all })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// A household has one IPv4 address, but 2^64 of IPv6.
fn neighbour(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_has_its_places_and_no_more_until_one_is_free() {
        let places = Places::new(10, 2, true);
        let give = async |address: &str| places.give(address.parse().unwrap(), places.one_more().await.unwrap());
        let (first, _second) = (give("10.0.0.1").await.unwrap(), give("::ffff:10.0.0.1").await.unwrap());
        assert!(give("10.0.0.1").await.is_none());
        assert!(give("10.0.0.2").await.is_some());
        drop(first);
        assert!(give("10.0.0.1").await.is_some());
        // A refused one gives back its share of all.
        assert_eq!(places.all.available_permits(), 9);
        assert_eq!(places.taken().len(), 1);
        let (_a, _b) = (give("2001:db8::1").await.unwrap(), give("2001:db8::ffff:2").await.unwrap());
        assert!(give("2001:db8::3").await.is_none());
        assert!(give("2001:db8:0:1::3").await.is_some());
    }

    #[tokio::test]
    async fn no_limit_is_no_limit() {
        let places = Places::new(100, 0, true);
        let mut all = Vec::new();
        for _ in 0..100 {
            all.push(places.give([10, 0, 0, 1].into(), places.one_more().await.unwrap()).unwrap());
        }
        assert_eq!(all.len(), 100);
    }
}
