//! What a screen in a shop decides.

use domain::id::LocationId;
use domain::inventory::{Reading, StockState};

use crate::nearby::{Shop, short_name};
use crate::text;
use crate::words::{self, Said, Tone};

/// For so long nobody touches the screen before it asks whether anybody is there, in milliseconds.
const STILL_MS: f64 = 60_000.0;
/// And so long it waits for an answer.
const ASKS_MS: f64 = 15_000.0;

/// Whether anybody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Somebody touched the screen lately.
    Here,
    /// It is asked; so many seconds are left.
    Asked(u32),
    /// Nobody is: everything of the person goes.
    Gone,
}

/// Whether anybody is there, where the last touch was so many milliseconds ago.
#[must_use]
pub fn presence(still_ms: f64) -> Presence {
    match still_ms {
        still if still < STILL_MS => Presence::Here,
        still if still < STILL_MS + ASKS_MS => Presence::Asked(left_s(still)),
        _ => Presence::Gone,
    }
}

/// Seconds until everything of the person goes.
#[must_use]
pub fn left_s(still_ms: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 75 by construction
    let left = ((STILL_MS + ASKS_MS - still_ms).clamp(0.0, STILL_MS + ASKS_MS) / 1_000.0).ceil() as u32;
    left
}

/// Whether a code can be that of staff: 6 to 12 digits, so that nobody finds it by trying.
#[must_use]
pub fn is_staff_code(code: &str) -> bool {
    (6..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit())
}

/// Wrong codes after which nobody is asked for a while.
const TRIES: u32 = 3;
/// That while, in milliseconds.
const SHUT_MS: f64 = 30_000.0;

/// The door for staff.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Door {
    wrong: u32,
    shut_until_ms: f64,
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is the right one.
    Open,
    /// It is not.
    Wrong,
    /// Too many were wrong: wait.
    Shut,
}

impl Door {
    /// Somebody typed a code at an instant of any clock that only goes forward.
    pub fn tried(&mut self, typed: &str, code: &str, at_ms: f64) -> Tried {
        if at_ms < self.shut_until_ms {
            return Tried::Shut;
        }
        if typed == code {
            *self = Self::default();
            return Tried::Open;
        }
        self.wrong += 1;
        if self.wrong < TRIES {
            return Tried::Wrong;
        }
        *self = Self { wrong: 0, shut_until_ms: at_ms + SHUT_MS };
        Tried::Shut
    }
}

/// Whether somebody can take a product from this shelf, or have it put aside.
#[must_use]
pub fn has(reading: Option<Reading>) -> bool {
    reading.is_some_and(|reading| matches!(reading.state, StockState::Available | StockState::Limited))
}

/// Stock in this shop, and where it stands in it: `aisle 3 · 6 here`.
#[must_use]
pub fn here(reading: Option<Reading>, aisle: Option<&str>) -> Said {
    let plain = words::stock(reading, None);
    let units = reading.and_then(|reading| reading.quantity).filter(|_| plain.tone == Tone::Good);
    let said = units.map_or(plain.text, |units| text::kiosk_units_here(units.into()));
    match aisle.filter(|_| has(reading)) {
        Some(aisle) => Said { tone: plain.tone, text: text::kiosk_in_aisle(aisle, &said) },
        None => Said { tone: plain.tone, text: said },
    }
}

/// What a tile says: what is here, or else which shop has it. `shops` are this one and then the nearest first.
#[must_use]
pub fn line(
    shops: &[Shop],
    reading: impl Fn(&LocationId) -> Option<Reading>,
    aisle: Option<&str>,
    distance: impl Fn(&Shop) -> String,
) -> Option<Said> {
    let own = reading(&shops.first()?.location.id);
    if has(own) {
        return Some(here(own, aisle));
    }
    match others(shops, &reading).next() {
        Some((shop, _)) => {
            let text = text::kiosk_not_here(short_name(&shop.location), &distance(shop));
            Some(Said { tone: Tone::Out, text })
        }
        // Nothing has been heard yet: silence, not "not known".
        None => own.map(|own| here(Some(own), None)),
    }
}

/// The other shops that have it, the nearest first.
pub fn others<'a>(
    shops: &'a [Shop],
    reading: &'a impl Fn(&LocationId) -> Option<Reading>,
) -> impl Iterator<Item = (&'a Shop, Reading)> {
    let with = |shop: &'a Shop| reading(&shop.location.id).filter(|r| has(Some(*r))).map(|r| (shop, r));
    shops.iter().skip(1).filter_map(with)
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;

    use super::*;
    use crate::nearby::example::shop;

    fn reading(state: StockState, units: u32) -> Reading {
        Reading { state, quantity: Some(units), as_of: Timestamp::from_millis(1) }
    }

    #[test]
    fn g15_the_screen_asks_after_a_minute_and_clears_itself_15_seconds_later() {
        for (still, expect) in [
            (0.0, Presence::Here),
            (59_999.0, Presence::Here),
            (60_000.0, Presence::Asked(15)),
            (74_000.0, Presence::Asked(1)),
            (74_999.0, Presence::Asked(1)),
            (75_000.0, Presence::Gone),
            (9e9, Presence::Gone),
        ] {
            assert_eq!(presence(still), expect, "{still}");
        }
        assert_eq!((left_s(0.0), left_s(-5.0), left_s(30_000.0)), (75, 75, 45));
    }

    #[test]
    fn the_door_for_staff_opens_for_the_code_and_shuts_after_three_others() {
        let mut door = Door::default();
        assert_eq!(door.tried("111111", "246810", 0.0), Tried::Wrong);
        assert_eq!(door.tried("222222", "246810", 1.0), Tried::Wrong);
        assert_eq!(door.tried("333333", "246810", 2.0), Tried::Shut);
        assert_eq!(door.tried("246810", "246810", 30_001.0), Tried::Shut, "also for the right one");
        assert_eq!(door.tried("246810", "246810", 30_002.0), Tried::Open);
        assert_eq!(door.tried("1", "246810", 30_003.0), Tried::Wrong, "it begins anew");
    }

    #[test]
    fn a_code_of_staff_is_not_found_by_trying() {
        for (code, is) in [
            ("246810", true),
            ("123456789012", true),
            ("24681", false),
            ("1234567890123", false),
            ("24681a", false),
            ("", false),
        ] {
            assert_eq!(is_staff_code(code), is, "{code}");
        }
    }

    #[test]
    fn a_tile_says_what_is_here_and_else_where_it_is() {
        use StockState as S;
        let shops = [shop("own", 0), shop("next", 2_100), shop("third", 3_000)];
        let say = |stock: &[(&str, S, u32)]| {
            let told = |id: &LocationId| stock.iter().find(|s| s.0 == id.as_str()).map(|s| reading(s.1, s.2));
            line(&shops, told, Some("aisle 3"), |shop| format!("{} m", shop.distance_m.unwrap_or_default()))
                .map(|said| said.text)
        };
        assert_eq!(say(&[("own", S::Available, 6)]).as_deref(), Some("aisle 3 · 6 here"));
        assert_eq!(say(&[("own", S::Limited, 1)]).as_deref(), Some("aisle 3 · 1 left"));
        let elsewhere = [("own", S::Unavailable, 0), ("next", S::NotCarried, 0), ("third", S::Available, 9)];
        assert_eq!(say(&elsewhere).as_deref(), Some("Not here · third, 3000 m"));
        assert_eq!(say(&[("own", S::Unavailable, 0)]).as_deref(), Some("Sold out"), "no aisle where nothing stands");
        assert_eq!(say(&[]), None);
    }
}
