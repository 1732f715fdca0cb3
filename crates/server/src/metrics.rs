//! Figures for those who look after the server, as Prometheus reads them.
//!
//! A new figure is a field and a line in [`Metrics::new`]; what is known only when somebody asks goes through
//! [`Reading`].

use std::time::Instant;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type ByKind = Family<[(&'static str, &'static str); 1], Counter>;

/// All figures of a server.
pub struct Metrics {
    registry: Registry,
    begun: Instant,
    uptime: Gauge,
    screens: Gauge,
    differences: Gauge,
    shortfalls: Gauge,
    rate_limited: ByKind,
    guesses: ByKind,
}

/// What is read when somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Open streams.
    pub screens: usize,
    /// Counters of stock that did not agree with ledger or claims when they were last looked at.
    pub differences: u64,
    /// Shelves that hold fewer units than were promised.
    pub shortfalls: u64,
}

impl Metrics {
    /// Figures that begin at nothing.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("nearshelf");
        let (uptime, screens) = (Gauge::default(), Gauge::default());
        let (differences, shortfalls) = (Gauge::<i64>::default(), Gauge::<i64>::default());
        let (rate_limited, guesses) = (ByKind::default(), ByKind::default());
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version that runs", build);
        registry.register_with_unit("uptime", "Since the server was started", Unit::Seconds, uptime.clone());
        registry.register("screens", "Open streams of live stock", screens.clone());
        let text = "Counters of stock that did not agree with ledger or claims at the last look";
        registry.register("stock_differences", text, differences.clone());
        registry.register("stock_shortfalls", "Shelves with fewer units than were promised", shortfalls.clone());
        registry.register("rate_limited", "Requests that were refused as too many", rate_limited.clone());
        registry.register(
            "guesses",
            "Requests with a wrong secret, or of staff for what is not there",
            guesses.clone(),
        );
        Self { registry, begun: Instant::now(), uptime, screens, differences, shortfalls, rate_limited, guesses }
    }

    /// A request was refused as one too many.
    pub fn rate_limited(&self, kind: &'static str) {
        self.rate_limited.get_or_create(&[("kind", kind)]).inc();
    }

    /// A request carried a wrong secret, or staff asked for what is not there.
    pub fn guessed(&self, kind: &'static str) {
        self.guesses.get_or_create(&[("kind", kind)]).inc();
    }

    /// All figures as text.
    #[must_use]
    pub fn text(&self, now: Reading) -> String {
        self.uptime.set(i64::try_from(self.begun.elapsed().as_secs()).unwrap_or(i64::MAX));
        self.screens.set(i64::try_from(now.screens).unwrap_or(i64::MAX));
        self.differences.set(i64::try_from(now.differences).unwrap_or(i64::MAX));
        self.shortfalls.set(i64::try_from(now.shortfalls).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
