//! What is on the shelf, and what may be promised of it.
//!
//! Five states, never fewer: a row that is missing is not a zero, and a low number is not "sold out".

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::id::{LocationId, Sku};
use crate::time::{MINUTE_MS, Timestamp};

/// Up to this many units a shelf is called [`StockState::Limited`]: still reservable, and said with its number.
pub const LIMITED_UP_TO: i64 = 3;

/// A number that nothing has confirmed for this long is stale: the screen says so and the button asks again first.
pub const STALE_AFTER_MS: i64 = 2 * MINUTE_MS;

/// What can be said of one product at one shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockState {
    /// Enough on the shelf.
    Available,
    /// Few are left, but enough for what was asked.
    Limited,
    /// The shop sells it and has fewer than were asked.
    Unavailable,
    /// The shop does not sell it.
    NotCarried,
    /// The shop sells it; how many are there is not known. Also any state that a newer server may send.
    #[serde(other)]
    Unknown,
}

/// Why a product cannot be put aside at a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// None is left to promise.
    SoldOut,
    /// Some are left, fewer than were asked.
    FewerThanAsked,
    /// The shop sells it over the counter only.
    InStoreOnly,
    /// The shop hands nothing over to people who reserved.
    PickupDisabled,
    /// A reason that a newer server may send.
    #[serde(other)]
    Other,
}

/// The figures of one shelf. All are units of one product at one shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// Units that are physically there, as last told; `None` where nobody counted.
    pub on_hand: Option<i64>,
    /// Units that active, unexpired holds promise to somebody.
    pub held: i64,
    /// Units that are kept back because shelves are never counted quite right.
    pub safety_stock: i64,
}

impl Shelf {
    /// Available to promise: on hand less holds less safety stock. Negative where the shelf holds fewer than were
    /// promised, which is a shortfall to be seen, not a zero.
    #[must_use]
    pub fn available_to_promise(self) -> Option<i64> {
        Some(self.on_hand? - self.held - self.safety_stock)
    }

    /// What to say to somebody who asks for `quantity` units, with the reason where the answer is no.
    #[must_use]
    pub fn answer(self, quantity: u32) -> (StockState, Option<Reason>) {
        match self.available_to_promise() {
            None => (StockState::Unknown, None),
            Some(units) if units <= 0 => (StockState::Unavailable, Some(Reason::SoldOut)),
            Some(units) if units < i64::from(quantity) => (StockState::Unavailable, Some(Reason::FewerThanAsked)),
            Some(units) if units <= LIMITED_UP_TO => (StockState::Limited, None),
            Some(_) => (StockState::Available, None),
        }
    }
}

/// Which promises a shelf cannot keep where it holds fewer units than were promised: the newest. `claims` are units,
/// oldest first; who asked first is served first.
#[must_use]
pub fn at_risk(on_hand: i64, claims: &[u32]) -> Vec<bool> {
    let mut promised = 0_i64;
    let late = claims.iter().map(|units| {
        promised += i64::from(*units);
        promised > on_hand
    });
    late.collect()
}

/// One thing that was said about one shelf, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// What was said.
    pub state: StockState,
    /// Units that may be promised, where a number was given.
    pub quantity: Option<u32>,
    /// The instant for which it was said, by the server's clock.
    pub as_of: Timestamp,
}

/// How far a reading may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Changes arrive as they happen.
    Live,
    /// It is asked for again every few seconds, because changes do not get through.
    Polled,
    /// True at that instant, a short while ago.
    AsOf(Timestamp),
    /// Older than [`STALE_AFTER_MS`]: ask again before relying on it.
    Stale(Timestamp),
}

impl Freshness {
    /// The freshness at `now` of what was last confirmed at `confirmed` and of which nothing is heard now.
    #[must_use]
    pub fn of(confirmed: Timestamp, now: Timestamp) -> Self {
        if now.since(confirmed) <= STALE_AFTER_MS { Freshness::AsOf(confirmed) } else { Freshness::Stale(confirmed) }
    }
}

/// The latest reading of each shelf that a screen shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockBoard {
    readings: HashMap<(Sku, LocationId), Reading>,
}

impl StockBoard {
    /// Takes a reading, unless a later one is already here: what is shown never goes back in time.
    /// Answers whether the board now shows it.
    pub fn apply(&mut self, sku: Sku, location: LocationId, reading: Reading) -> bool {
        match self.readings.get_mut(&(sku.clone(), location.clone())) {
            Some(known) if known.as_of > reading.as_of => false,
            Some(known) => {
                *known = reading;
                true
            }
            None => {
                self.readings.insert((sku, location), reading);
                true
            }
        }
    }

    /// The latest reading of a shelf.
    #[must_use]
    pub fn get(&self, sku: &Sku, location: &LocationId) -> Option<Reading> {
        self.readings.get(&(sku.clone(), location.clone())).copied()
    }
}

/// What one line about a product says to somebody who could go to several shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headline {
    /// The shopper's own shop has it.
    Here(Reading),
    /// It does not, another has; its place in the list, nearest first.
    Elsewhere(usize, Reading),
    /// None of them has it; this is how it stands in the shopper's own.
    Nowhere(StockState),
    /// Nothing is known yet.
    NotKnown,
}

/// The best answer for a product over shops, the shopper's own first and then the nearest first: the first of them that
/// has it. What is "nearby" is for the caller to bound, by giving no shop that is too far.
#[must_use]
pub fn headline(readings: &[Option<Reading>]) -> Headline {
    let has = |r: &Reading| matches!(r.state, StockState::Available | StockState::Limited);
    let Some(own) = readings.first() else { return Headline::NotKnown };
    match readings.iter().enumerate().find_map(|(place, r)| r.filter(has).map(|r| (place, r))) {
        Some((0, reading)) => Headline::Here(reading),
        Some((place, reading)) => Headline::Elsewhere(place, reading),
        // A shop that could not be asked may have it: then "nowhere" would be a lie.
        None if readings.iter().any(|r| r.is_none_or(|r| r.state == StockState::Unknown)) => Headline::NotKnown,
        None => own.map_or(Headline::NotKnown, |r| Headline::Nowhere(r.state)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_is_the_nearest_shop_that_has_it_and_unknown_is_never_none() {
        let reading = |state| Some(Reading { state, quantity: None, as_of: Timestamp::from_millis(1) });
        use StockState as S;
        let kind = |readings: &[Option<Reading>]| match headline(readings) {
            Headline::Here(_) => "here".to_owned(),
            Headline::Elsewhere(place, _) => format!("elsewhere {place}"),
            Headline::Nowhere(state) => format!("nowhere {state:?}"),
            Headline::NotKnown => "not known".to_owned(),
        };
        assert_eq!(kind(&[reading(S::Limited), reading(S::Available)]), "here");
        assert_eq!(kind(&[reading(S::Unavailable), reading(S::NotCarried), reading(S::Limited)]), "elsewhere 2");
        assert_eq!(kind(&[reading(S::Unknown), reading(S::Available)]), "elsewhere 1");
        assert_eq!(kind(&[reading(S::NotCarried), reading(S::Unavailable)]), "nowhere NotCarried");
        assert_eq!(kind(&[reading(S::Unavailable), reading(S::Unknown)]), "not known");
        assert_eq!(kind(&[reading(S::Unavailable), None]), "not known");
        assert_eq!(kind(&[]), "not known");
    }

    fn check(on_hand: Option<i64>, held: i64, safety: i64, asked: u32, expect: (StockState, Option<Reason>)) {
        let shelf = Shelf { on_hand, held, safety_stock: safety };
        assert_eq!(shelf.answer(asked), expect, "{shelf:?} asked {asked}");
    }

    #[test]
    fn the_answer_follows_from_on_hand_holds_and_safety_stock() {
        check(Some(10), 0, 0, 1, (StockState::Available, None));
        check(Some(10), 7, 0, 1, (StockState::Limited, None));
        check(Some(10), 4, 3, 3, (StockState::Limited, None));
        check(Some(10), 6, 2, 3, (StockState::Unavailable, Some(Reason::FewerThanAsked)));
        check(Some(1), 1, 0, 1, (StockState::Unavailable, Some(Reason::SoldOut)));
        check(Some(1), 3, 0, 1, (StockState::Unavailable, Some(Reason::SoldOut)));
        check(None, 0, 0, 1, (StockState::Unknown, None));
    }

    #[test]
    fn a_low_number_can_still_be_reserved() {
        check(Some(1), 0, 0, 1, (StockState::Limited, None));
    }

    #[test]
    fn promises_beyond_the_shelf_stay_visible() {
        let shelf = Shelf { on_hand: Some(1), held: 3, safety_stock: 0 };
        assert_eq!(shelf.available_to_promise(), Some(-2));
    }

    #[test]
    fn the_newest_promises_are_at_risk() {
        assert_eq!(at_risk(5, &[2, 3]), [false, false]);
        assert_eq!(at_risk(4, &[2, 3, 1]), [false, true, true]);
        assert_eq!(at_risk(-1, &[1]), [true]);
        assert_eq!(at_risk(0, &[]), [false; 0]);
    }

    #[test]
    fn a_state_of_a_newer_server_is_not_known_rather_than_an_error() {
        assert_eq!(serde_json::from_str::<StockState>("\"teleporting\"").unwrap(), StockState::Unknown);
        assert_eq!(serde_json::from_str::<StockState>("\"not_carried\"").unwrap(), StockState::NotCarried);
        assert_eq!(serde_json::from_str::<Reason>("\"eaten\"").unwrap(), Reason::Other);
    }

    #[test]
    fn a_number_ages() {
        let at = Timestamp::from_millis(1_000_000);
        assert_eq!(Freshness::of(at, at.plus_millis(STALE_AFTER_MS)), Freshness::AsOf(at));
        assert_eq!(Freshness::of(at, at.plus_millis(STALE_AFTER_MS + 1)), Freshness::Stale(at));
    }

    #[test]
    fn d04_the_board_never_goes_back_in_time() {
        let (sku, shop) = (Sku::new("a").unwrap(), LocationId::new("s").unwrap());
        let reading = |units, at| Reading {
            state: StockState::Available,
            quantity: Some(units),
            as_of: Timestamp::from_millis(at),
        };
        let mut board = StockBoard::default();
        assert!(board.apply(sku.clone(), shop.clone(), reading(5, 200)));
        assert!(!board.apply(sku.clone(), shop.clone(), reading(6, 100)));
        assert!(board.apply(sku.clone(), shop.clone(), reading(4, 200)));
        assert_eq!(board.get(&sku, &shop).unwrap().quantity, Some(4));
        assert_eq!(board.get(&sku, &LocationId::new("t").unwrap()), None);
    }
}
