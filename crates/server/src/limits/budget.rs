//! So many in a minute, for each key.

use std::convert::Infallible;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use governor::clock::{Clock, FakeRelativeClock};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::{DashMapStateStore, ShrinkableKeyedStateStore};
use governor::{Quota, RateLimiter};

use super::Rate;

/// What drives the budgets. It is another clock than that of the holds: it only ever goes forward, and no test waits.
#[derive(Debug, Clone)]
pub enum Ticker {
    /// The machine, since this instant.
    System(Instant),
    /// A hand that moves only when it is pushed.
    Fake(FakeRelativeClock),
}

impl Default for Ticker {
    fn default() -> Self {
        Ticker::System(Instant::now())
    }
}

impl Clock for Ticker {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        match self {
            Ticker::System(start) => start.elapsed().into(),
            Ticker::Fake(clock) => clock.now(),
        }
    }
}

type Limiter<K, S> = RateLimiter<K, S, Ticker, NoOpMiddleware<Nanos>>;

/// A budget for each key. Keys that have their whole budget again are forgotten.
pub(super) struct Budget<K: Hash + Eq + Clone> {
    spending: Limiter<K, Shared<K>>,
    looking: Limiter<K, Glance<K>>,
    ticker: Ticker,
}

impl<K: Hash + Eq + Clone> Budget<K> {
    pub(super) fn new(rate: Rate, ticker: &Ticker) -> Self {
        Self::with(Quota::per_minute(rate.per_minute).allow_burst(rate.burst), ticker)
    }

    pub(super) fn with(quota: Quota, ticker: &Ticker) -> Self {
        let store = Arc::new(DashMapStateStore::default());
        Self {
            spending: RateLimiter::new(quota, Shared(Arc::clone(&store)), ticker.clone()),
            looking: RateLimiter::new(quota, Glance(store), ticker.clone()),
            ticker: ticker.clone(),
        }
    }

    /// Takes one from the budget of a key; where nothing is left, says after how long there will be.
    pub(super) fn spend(&self, key: &K) -> Result<(), Duration> {
        self.spending.check_key(key).map_err(|until| until.wait_time_from(self.ticker.now()))
    }

    /// Whether something is left, and takes nothing.
    pub(super) fn look(&self, key: &K) -> Result<(), Duration> {
        self.looking.check_key(key).map_err(|until| until.wait_time_from(self.ticker.now()))
    }

    /// Forgets keys that have their whole budget.
    pub(super) fn shed(&self) {
        self.spending.retain_recent();
        self.spending.shrink_to_fit();
    }

    /// Keys that are remembered.
    pub(super) fn keys(&self) -> usize {
        self.spending.len()
    }
}

/// The state of all keys.
struct Shared<K: Hash + Eq>(Arc<DashMapStateStore<K>>);

impl<K: Hash + Eq + Clone> StateStore for Shared<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(key, decide)
    }
}

impl<K: Hash + Eq + Clone> ShrinkableKeyedStateStore<K> for Shared<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.retain_recent(drop_below);
    }

    fn shrink_to_fit(&self) {
        ShrinkableKeyedStateStore::shrink_to_fit(&*self.0);
    }

    fn len(&self) -> usize {
        ShrinkableKeyedStateStore::len(&*self.0)
    }

    fn is_empty(&self) -> bool {
        ShrinkableKeyedStateStore::is_empty(&*self.0)
    }
}

/// The same state, only looked at: governor itself can ask only by taking.
struct Glance<K: Hash + Eq>(Arc<DashMapStateStore<K>>);

impl<K: Hash + Eq + Clone> StateStore for Glance<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // An error leaves the state as it is, so the answer travels as one.
        let looked: Result<Infallible, _> = self.0.measure_and_replace(key, |state| Err(decide(state)));
        match looked {
            Ok(never) => match never {},
            Err(answer) => answer.map(|(outcome, _)| outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(per_minute: u32, burst: u32) -> (Budget<u8>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Budget::new(Rate::new(per_minute, burst).unwrap(), &Ticker::Fake(clock.clone())), clock)
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_after_the_other() {
        let (budget, clock) = budget(6, 3);
        for _ in 0..3 {
            assert_eq!(budget.spend(&1), Ok(()));
        }
        assert_eq!(budget.spend(&1), Err(Duration::from_secs(10)));
        assert_eq!(budget.spend(&2), Ok(()), "others have their own");
        clock.advance(Duration::from_millis(9_999));
        assert_eq!(budget.spend(&1), Err(Duration::from_millis(1)));
        clock.advance(Duration::from_millis(1));
        assert_eq!(budget.spend(&1), Ok(()));
        assert_eq!(budget.spend(&1), Err(Duration::from_secs(10)));
        clock.advance(Duration::from_secs(3600));
        for _ in 0..3 {
            assert_eq!(budget.spend(&1), Ok(()), "never more than the burst");
        }
        assert!(budget.spend(&1).is_err());
    }

    #[test]
    fn looking_takes_nothing() {
        let (budget, clock) = budget(6, 1);
        for _ in 0..9 {
            assert_eq!(budget.look(&1), Ok(()));
        }
        assert_eq!(budget.spend(&1), Ok(()));
        for _ in 0..9 {
            assert_eq!(budget.look(&1), Err(Duration::from_secs(10)));
        }
        clock.advance(Duration::from_secs(10));
        assert_eq!(budget.look(&1), Ok(()));
    }

    #[test]
    fn keys_with_a_whole_budget_are_forgotten() {
        let (budget, clock) = budget(60, 10);
        for key in 0..=255 {
            budget.spend(&key).unwrap();
        }
        for _ in 0..5 {
            budget.spend(&7).unwrap();
        }
        assert_eq!(budget.keys(), 256);
        // Each has to wait a second for what it took; the seventh took more.
        clock.advance(Duration::from_millis(2_500));
        budget.shed();
        assert_eq!(budget.keys(), 1);
        clock.advance(Duration::from_secs(10));
        budget.shed();
        assert_eq!(budget.keys(), 0);
    }

    #[test]
    fn many_at_once_get_no_more_than_the_burst() {
        let (budget, _clock) = budget(60, 40);
        let passed: usize = std::thread::scope(|scope| {
            let ask = || (0..50).filter(|_| budget.spend(&1).is_ok()).count();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(passed, 40);
    }
}
