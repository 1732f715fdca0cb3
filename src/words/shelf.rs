//! What is on a shelf, and how old the number is.

use domain::inventory::{Freshness, Reading, Reason, StockState};
use domain::time::Timestamp;

use super::{Said, Tone};
use crate::text;

/// Stock at one shop that is named elsewhere on the line: `6 in stock`, `1 left`, `Sold out`, `Not sold here`,
/// `Not known`.
#[must_use]
pub fn stock(reading: Option<Reading>, reason: Option<Reason>) -> Said {
    let Some(reading) = reading else { return Said::new(Tone::Unknown, text::stock_not_known()) };
    match (reading.state, reading.quantity.map(u64::from)) {
        (StockState::Available, Some(units)) => Said::new(Tone::Good, text::stock_units(units)),
        (StockState::Available, None) => Said::new(Tone::Good, text::stock_available()),
        (StockState::Limited, Some(units)) => Said::new(Tone::Low, text::stock_left(units)),
        (StockState::Limited, None) => Said::new(Tone::Low, text::stock_few_left()),
        (StockState::Unavailable, Some(units)) if units > 0 && reason == Some(Reason::FewerThanAsked) => {
            Said::new(Tone::Low, text::stock_only_left(units))
        }
        (StockState::Unavailable, _) => Said::new(Tone::Out, text::stock_sold_out()),
        (StockState::NotCarried, _) => Said::new(Tone::Out, text::stock_not_sold()),
        (StockState::Unknown, _) => Said::new(Tone::Unknown, text::stock_not_known()),
    }
}

/// Stock with the shop's name in it: `6 at Part-Dieu`, `1 left at Part-Dieu`, `Sold out at Part-Dieu`.
#[must_use]
pub fn stock_at(reading: Option<Reading>, shop: &str) -> Said {
    let text = match reading.map(|r| (r.state, r.quantity.map(u64::from))) {
        Some((StockState::Available, Some(units))) => text::stock_units_at(units, shop),
        Some((StockState::Available, None)) => text::stock_available_at(shop),
        Some((StockState::Limited, Some(units))) => text::stock_left_at(units, shop),
        Some((StockState::Limited, None)) => text::stock_few_left_at(shop),
        Some((StockState::Unavailable, _)) => text::stock_sold_out_at(shop),
        Some((StockState::NotCarried, _)) => text::stock_not_sold_at(shop),
        None | Some((StockState::Unknown, _)) => text::stock_not_known_at().to_owned(),
    };
    Said { tone: stock(reading, None).tone, text }
}

/// Stock at another shop than the shopper's own: `14 · Bellecour, 2.1 km`, `1 left · Bellecour, 2.1 km`.
#[must_use]
pub fn stock_elsewhere(reading: Reading, shop: &str, distance: &str) -> Said {
    let plain = stock(Some(reading), None);
    let text = match (reading.state, reading.quantity) {
        (StockState::Available, Some(units)) => text::stock_units_elsewhere(units.into(), shop, distance),
        _ => text::stock_elsewhere(&plain.text, shop, distance),
    };
    Said { tone: plain.tone, text }
}

/// Why something cannot be put aside at a shop although the shop sells it.
#[must_use]
pub fn reason(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::InStoreOnly => Some(text::reason_in_store_only()),
        Reason::PickupDisabled => Some(text::reason_no_pickup()),
        Reason::SoldOut | Reason::FewerThanAsked | Reason::Other => None,
    }
}

/// How old a number is: `live`, `updates every 15 s`, `as of 12:03`.
#[must_use]
pub fn freshness(freshness: Freshness, time: fn(Timestamp) -> String) -> Said {
    match freshness {
        Freshness::Live => Said::new(Tone::Good, text::freshness_live()),
        Freshness::Polled => Said::new(Tone::Low, text::freshness_polled()),
        Freshness::AsOf(at) => Said::new(Tone::Low, text::freshness_as_of(&time(at))),
        Freshness::Stale(at) => Said::new(Tone::Out, text::freshness_stale(&time(at))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(state: StockState, quantity: Option<u32>) -> Option<Reading> {
        Some(Reading { state, quantity, as_of: Timestamp::from_millis(0) })
    }

    #[test]
    fn the_five_states_of_stock_are_five_different_sentences() {
        use StockState as S;
        let all = [
            stock(reading(S::Available, Some(6)), None).text,
            stock(reading(S::Limited, Some(1)), None).text,
            stock(reading(S::Unavailable, Some(0)), Some(Reason::SoldOut)).text,
            stock(reading(S::NotCarried, None), None).text,
            stock(reading(S::Unknown, None), None).text,
        ];
        assert_eq!(all, ["6 in stock", "1 left", "Sold out", "Not sold here", "Not known"]);
    }

    #[test]
    fn fewer_than_asked_is_not_sold_out() {
        let said = stock(reading(StockState::Unavailable, Some(2)), Some(Reason::FewerThanAsked));
        assert_eq!((said.tone, said.text.as_str()), (Tone::Low, "Only 2 left"));
    }
}
