//! A shop: whether it is open, where it lies and what it offers.

use domain::hours::OpenState;
use domain::time::{DAY_MS, Timestamp};

use super::{Said, Tone};
use crate::text;

/// Opening: the state in a word, and what follows it (`until 19:30`, `opens Sat 10:00`).
/// `time` writes an instant of today and `day_time` one of another day, in the shop's zone; `same_day` tells them apart.
#[must_use]
pub fn opening(
    state: OpenState,
    now: Timestamp,
    time: impl Fn(Timestamp) -> String,
    day_time: impl Fn(Timestamp) -> String,
    same_day: impl Fn(Timestamp) -> bool,
) -> (Said, String) {
    let when = |at: Timestamp| if same_day(at) { time(at) } else { day_time(at) };
    match state {
        OpenState::Open { closes_at: Some(at) } => {
            // "Until 02:00" is clear after midnight too; a closing days ahead is not.
            let until = if at.since(now) < DAY_MS { time(at) } else { day_time(at) };
            (Said::new(Tone::Good, text::opening_open()), text::opening_until(&until))
        }
        OpenState::Open { closes_at: None } => {
            (Said::new(Tone::Good, text::opening_open()), text::opening_all_day().to_owned())
        }
        OpenState::Closed { opens_at: Some(at) } => {
            (Said::new(Tone::Low, text::opening_closed()), text::opening_opens(&when(at)))
        }
        OpenState::Closed { opens_at: None } => (Said::new(Tone::Low, text::opening_closed()), String::new()),
        OpenState::Unknown => (Said::new(Tone::Unknown, text::opening_not_known()), String::new()),
    }
}

/// One of eight directions, 0 for north and on clockwise.
#[must_use]
pub fn direction(eighth: usize) -> &'static str {
    match eighth {
        0 => text::direction_north(),
        1 => text::direction_north_east(),
        2 => text::direction_east(),
        3 => text::direction_south_east(),
        4 => text::direction_south(),
        5 => text::direction_south_west(),
        6 => text::direction_west(),
        7 => text::direction_north_west(),
        _ => "",
    }
}

/// What a shop offers, by its id; what the retailer calls it in a feed, where it is nothing that we know.
#[must_use]
pub fn amenity(id: &str, description: &str) -> String {
    let known = match id {
        "boot-fitting" => text::amenity_boot_fitting(),
        "climbing-wall" => text::amenity_climbing_wall(),
        "curbside-pickup" => text::amenity_curbside_pickup(),
        "in-store-pickup" => text::amenity_in_store_pickup(),
        "parking" => text::amenity_parking(),
        "repair-workshop" => text::amenity_repair_workshop(),
        "ski-rental" => text::amenity_ski_rental(),
        "wheelchair-access" => text::amenity_wheelchair_access(),
        _ => description,
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_says_what_comes_next() {
        let at = Timestamp::from_millis(0);
        let say = |state| {
            let (said, rest) = opening(state, at, |_| "19:30".into(), |_| "Sat 10:00".into(), |_| false);
            format!("{} {rest}", said.text).trim().to_owned()
        };
        assert_eq!(say(OpenState::Open { closes_at: Some(at) }), "Open until 19:30");
        let in_days = at.plus_millis(3 * DAY_MS);
        assert_eq!(say(OpenState::Open { closes_at: Some(in_days) }), "Open until Sat 10:00");
        assert_eq!(say(OpenState::Open { closes_at: None }), "Open 24 hours");
        assert_eq!(say(OpenState::Closed { opens_at: Some(at) }), "Closed opens Sat 10:00");
        assert_eq!(say(OpenState::Unknown), "Hours not known");
    }

    #[test]
    fn what_a_shop_offers_is_called_as_the_feed_calls_it_where_it_is_not_known() {
        assert_eq!(amenity("curbside-pickup", "curbside PICKUP"), "Curbside pickup");
        assert_eq!(amenity("apple-shop", "Apple Shop"), "Apple Shop");
    }
}
