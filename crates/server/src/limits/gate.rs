//! All budgets of a server.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::LocationId;
use governor::Quota;

use super::budget::{Budget, Ticker};
use super::streams::{StreamPlace, Streams};
use super::{Limits, Rate};
use crate::access::{Network, Staff};
use crate::error::Error;
use crate::metrics::Metrics;
use crate::settings::Partner;

/// Seconds after which another stream of the same address may have ended.
const STREAM_WAIT: u64 = 10;

/// What a request is to the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// It changes something.
    Write,
    /// It only asks.
    Read,
}

/// As whom a request counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Payer {
    /// Whoever is at an address.
    Network(Network),
    /// The owner of a valid token, by the hash of its secret.
    Token([u8; 32]),
}

/// Lets requests through, or says when they may come again.
pub struct Gate {
    writes: Option<Budget<Payer>>,
    token_writes: Option<Budget<Payer>>,
    reads: Option<Budget<Payer>>,
    all_writes: Option<Budget<()>>,
    wrong_secrets: Option<Budget<Network>>,
    staff_misses: Option<Budget<LocationId>>,
    wrong_staff_tokens: Option<Budget<()>>,
    streams: Streams,
    /// One for each partner, by key.
    partners: HashMap<String, Budget<()>>,
    /// Hashes of tokens that were valid when they were last looked at. No permission comes from it.
    known: Mutex<HashSet<[u8; 32]>>,
    metrics: Arc<Metrics>,
}

impl Gate {
    /// A gate that nobody has passed yet.
    #[must_use]
    pub fn new(limits: &Limits, ticker: &Ticker, metrics: Arc<Metrics>) -> Self {
        let per_second = |count: NonZeroU32| Budget::with(Quota::per_second(count), ticker);
        Self {
            writes: budget(limits.writes_per_address, ticker),
            token_writes: budget(limits.writes_per_token, ticker),
            reads: budget(limits.reads_per_address, ticker),
            all_writes: limits.writes_per_second.map(per_second),
            wrong_secrets: budget(limits.wrong_secrets_per_address, ticker),
            staff_misses: budget(limits.staff_misses_per_shop, ticker),
            wrong_staff_tokens: budget(limits.wrong_staff_tokens, ticker),
            streams: Streams::new(limits.streams_per_address),
            partners: HashMap::new(),
            known: Mutex::default(),
            metrics,
        }
    }

    /// With the partners whose pages show the box.
    #[must_use]
    pub fn with_partners(mut self, partners: &[Partner], ticker: &Ticker) -> Self {
        let rated =
            partners.iter().filter_map(|partner| Some((partner, Rate::new(partner.per_minute, partner.per_minute)?)));
        self.partners = rated.map(|(partner, rate)| (partner.key.clone(), Budget::new(rate, ticker))).collect();
        self
    }

    /// Takes a request from the budget of a partner.
    pub(crate) fn partner(&self, key: &str) -> Result<(), Error> {
        let wait = spend(self.partners.get(key), &());
        wait.map_err(|wait| self.refuse("partners", wait, "Too many requests came from the pages with this key."))
    }

    /// Takes a request from the budget of its token, where that is known to be valid, or of its network.
    pub(super) fn admit(&self, traffic: Traffic, network: Network, secret: Option<[u8; 32]>) -> Result<(), Error> {
        let token = secret.filter(|hash| self.knows(hash));
        let payer = token.map_or(Payer::Network(network), Payer::Token);
        let (budget, kind) = match (traffic, payer) {
            (Traffic::Read, _) => (&self.reads, "reads"),
            (Traffic::Write, Payer::Network(_)) => (&self.writes, "writes"),
            (Traffic::Write, Payer::Token(_)) => (&self.token_writes, "token_writes"),
        };
        let local = matches!(payer, Payer::Network(network) if network.is_loopback());
        let wait = if local { Ok(()) } else { spend(budget.as_ref(), &payer) };
        wait.map_err(|wait| self.refuse(kind, wait, "Too many requests came from you. Wait a moment."))?;
        if traffic == Traffic::Write {
            let wait = spend(self.all_writes.as_ref(), &());
            wait.map_err(|wait| self.refuse("all_writes", wait, "Too many requests came at once. Wait a moment."))?;
        }
        Ok(())
    }

    /// Whether somebody at an address may show another secret.
    pub(super) fn secret_door(&self, network: Network, secret: Option<[u8; 32]>) -> Result<(), Error> {
        if network.is_loopback() || secret.is_some_and(|hash| self.knows(&hash)) {
            return Ok(());
        }
        let wait = look(self.wrong_secrets.as_ref(), &network);
        wait.map_err(|wait| self.refuse("wrong_secrets", wait, "Too many wrong secrets came from your address."))
    }

    /// Somebody showed a secret that opens nothing.
    pub(super) fn secret_refused(&self, network: Network) {
        self.metrics.guessed("secret");
        // Where nothing is left there is nothing to take.
        let _ = spend(self.wrong_secrets.as_ref(), &network);
    }

    /// Whether another token may be tried where staff is asked for.
    pub(crate) fn staff_door(&self, secret: &[u8; 32]) -> Result<(), Error> {
        if self.knows(secret) {
            return Ok(());
        }
        let wait = look(self.wrong_staff_tokens.as_ref(), &());
        wait.map_err(|wait| self.refuse("wrong_staff_tokens", wait, "Too many wrong tokens are being tried."))
    }

    /// Somebody showed a token that is none where staff is asked for.
    pub(crate) fn staff_refused(&self) {
        // Where nothing is left there is nothing to take.
        let _ = spend(self.wrong_staff_tokens.as_ref(), &());
    }

    /// Whether the staff of a shop may ask for something else.
    pub(crate) fn shop_door(&self, shop: &LocationId) -> Result<(), Error> {
        let wait = look(self.staff_misses.as_ref(), shop);
        wait.map_err(|wait| self.refuse("staff_misses", wait, "This shop asked too often for what is not there."))
    }

    /// The staff of a shop asked for what is not there, or not theirs.
    pub(super) fn staff_missed(&self, staff: &Staff) {
        tracing::warn!(token = staff.token, shop = %staff.location, "staff asked for what is not there or not theirs");
        self.metrics.guessed("staff");
        // Where nothing is left there is nothing to take.
        let _ = spend(self.staff_misses.as_ref(), &staff.location);
    }

    /// Remembers whether a secret is that of a token. There are no more of them than tokens.
    pub(crate) fn learn(&self, secret: [u8; 32], valid: bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if valid {
            known.insert(secret);
        } else {
            known.remove(&secret);
        }
    }

    fn knows(&self, secret: &[u8; 32]) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(secret)
    }

    /// Forgets whoever has their whole budget again; to be called every few seconds.
    pub fn shed(&self) {
        for budget in [&self.writes, &self.token_writes, &self.reads].into_iter().flatten() {
            budget.shed();
        }
        self.wrong_secrets.iter().for_each(Budget::shed);
        self.staff_misses.iter().for_each(Budget::shed);
    }

    /// How many budgets are in memory.
    #[must_use]
    pub fn keys(&self) -> usize {
        let payers = [&self.writes, &self.token_writes, &self.reads].into_iter().flatten().map(Budget::keys);
        let networks = self.wrong_secrets.iter().map(Budget::keys);
        payers.chain(networks).chain(self.staff_misses.iter().map(Budget::keys)).sum()
    }

    /// A place for one more open stream of an address.
    pub(crate) fn stream(&self, network: Network) -> Result<StreamPlace, Error> {
        let wait = Duration::from_secs(STREAM_WAIT);
        let place = self.streams.take(network);
        place.ok_or_else(|| self.refuse("streams", wait, "Too many live streams are open at your address."))
    }

    fn refuse(&self, kind: &'static str, wait: Duration, detail: &str) -> Error {
        self.metrics.rate_limited(kind);
        Error::rate_limited(wait, detail)
    }
}

fn budget<K: std::hash::Hash + Eq + Clone>(rate: Option<Rate>, ticker: &Ticker) -> Option<Budget<K>> {
    rate.map(|rate| Budget::new(rate, ticker))
}

fn spend<K: std::hash::Hash + Eq + Clone>(budget: Option<&Budget<K>>, key: &K) -> Result<(), Duration> {
    budget.map_or(Ok(()), |budget| budget.spend(key))
}

fn look<K: std::hash::Hash + Eq + Clone>(budget: Option<&Budget<K>>, key: &K) -> Result<(), Duration> {
    budget.map_or(Ok(()), |budget| budget.look(key))
}
