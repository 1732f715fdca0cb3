//! What is measured: a histogram that many tasks fill at once, and the line that is printed.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

/// Buckets of 100 microseconds, up to 30 seconds; what is longer counts as that.
const BUCKETS: usize = 300_000;

/// Durations, counted.
pub(crate) struct Histogram {
    buckets: Box<[AtomicU32]>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: (0..BUCKETS).map(|_| AtomicU32::new(0)).collect() }
    }
}

impl Histogram {
    /// Counts one.
    pub(crate) fn add(&self, duration: Duration) {
        let bucket = usize::try_from(duration.as_micros() / 100).unwrap_or(usize::MAX).min(BUCKETS - 1);
        if let Some(bucket) = self.buckets.get(bucket) {
            bucket.fetch_add(1, Relaxed);
        }
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| u64::from(bucket.load(Relaxed))).sum()
    }

    /// Milliseconds that `share` of all (0 to 100, in per cent) did not exceed; 0 where nothing was counted.
    pub(crate) fn percentile(&self, share: u64) -> f64 {
        let rank = (self.count() * share).div_ceil(100).max(1);
        let mut seen = 0;
        for (at, bucket) in (0_u32..).zip(&self.buckets) {
            let count = u64::from(bucket.load(Relaxed));
            seen += count;
            if count > 0 && seen >= rank {
                return f64::from(at) / 10.0;
            }
        }
        0.0
    }

    /// Count and the usual percentiles, in milliseconds.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "count": self.count(),
            "p50_ms": self.percentile(50),
            "p99_ms": self.percentile(99),
            "max_ms": self.percentile(100),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let times = Histogram::default();
        assert_eq!(times.percentile(99).to_bits(), 0.0_f64.to_bits());
        (1..=100).for_each(|ms| times.add(Duration::from_millis(ms)));
        times.add(Duration::from_secs(90));
        let ms = [50, 99, 100].map(|share| times.percentile(share).to_string());
        assert_eq!(ms, ["51", "100", "29999.9"]);
        assert_eq!(times.count(), 101);
    }
}
