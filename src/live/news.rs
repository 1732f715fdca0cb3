//! What the stream said, gathered for a moment: in a busy hour a screen is drawn ten times a second, and not with each of
//! hundreds of sales. The first one after a while of silence is shown at once.

use api_contract::availability::AvailabilityEvent;
use domain::time::Timestamp;

/// How long what follows is gathered.
pub(super) const MOMENT_MS: u32 = 100;

/// What is to be shown together.
#[derive(Debug, PartialEq)]
pub(super) struct News {
    /// When the server last spoke.
    pub(super) as_of: Timestamp,
    /// Whether it gave a sign of life, which also tells its clock.
    pub(super) sign_of_life: bool,
    /// In the order in which they came.
    pub(super) events: Vec<AvailabilityEvent>,
}

/// Gathers, on the clock of the device.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    waiting: Option<News>,
    shown: Option<Timestamp>,
    timer: bool,
}

/// What to do with what came.
#[derive(Debug, PartialEq)]
pub(super) enum Due {
    /// Show it.
    Now(News),
    /// Ask again in [`MOMENT_MS`].
    Later,
    /// Somebody will ask.
    Awaited,
}

impl Gatherer {
    /// The server spoke, of a shelf or only of itself.
    pub(super) fn came(&mut self, now: Timestamp, as_of: Timestamp, event: Option<AvailabilityEvent>) -> Due {
        let news = self.waiting.get_or_insert_with(|| News { as_of, sign_of_life: false, events: Vec::new() });
        news.as_of = news.as_of.max(as_of);
        news.sign_of_life |= event.is_none();
        news.events.extend(event);
        // A device whose clock was set back is not waited for.
        let is_soon = self.shown.is_some_and(|shown| now.since(shown).unsigned_abs() < u64::from(MOMENT_MS));
        if !is_soon && !self.timer {
            return self.due(now).map_or(Due::Awaited, Due::Now);
        }
        if std::mem::replace(&mut self.timer, true) { Due::Awaited } else { Due::Later }
    }

    /// What was gathered until now.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<News> {
        self.timer = false;
        self.shown = Some(now);
        self.waiting.take()
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{LocationId, Sku};
    use domain::inventory::StockState;

    use super::*;

    fn sold(sku: &str, at: i64) -> Option<AvailabilityEvent> {
        Some(AvailabilityEvent {
            sku: Sku::new(sku).unwrap(),
            location_id: LocationId::new("fr-1").unwrap(),
            state: StockState::Available,
            quantity: None,
            as_of: Timestamp::from_millis(at),
        })
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn the_first_is_shown_at_once_and_what_follows_together() {
        let mut gatherer = Gatherer::default();
        let Due::Now(news) = gatherer.came(at(1_000), at(1), sold("a", 1)) else { panic!("it waits") };
        assert_eq!((news.as_of, news.sign_of_life, news.events.len()), (at(1), false, 1));
        assert_eq!(gatherer.came(at(1_010), at(2), sold("a", 2)), Due::Later);
        assert_eq!(gatherer.came(at(1_020), at(4), sold("b", 4)), Due::Awaited);
        assert_eq!(gatherer.came(at(1_030), at(3), None), Due::Awaited);
        // Late, because the browser was busy: nothing overtakes what waits.
        assert_eq!(gatherer.came(at(1_500), at(5), sold("a", 5)), Due::Awaited);
        let news = gatherer.due(at(1_510)).unwrap();
        assert_eq!((news.as_of, news.sign_of_life), (at(5), true));
        let order: Vec<_> = news.events.iter().map(|event| event.as_of.millis()).collect();
        assert_eq!(order, [2, 4, 5]);
        assert_eq!(gatherer.came(at(1_520), at(6), sold("a", 6)), Due::Later);
    }

    #[test]
    fn after_silence_it_is_at_once_again() {
        let mut gatherer = Gatherer::default();
        assert!(matches!(gatherer.came(at(1_000), at(1), None), Due::Now(_)));
        assert!(matches!(gatherer.came(at(1_100), at(2), None), Due::Now(_)));
        assert_eq!(gatherer.due(at(1_150)), None);
        // The clock of the device was set back by an hour.
        assert!(matches!(gatherer.came(at(1_150 - 3_600_000), at(3), None), Due::Now(_)));
    }
}
