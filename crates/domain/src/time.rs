//! Instants, and how JSON writes them.
//!
//! The browser has `Intl` for people's times and the server has zone data; all that both need in between is a number of
//! milliseconds and RFC 3339 in UTC, which is what stands here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds of one minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds of one hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds of one day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z; in JSON an RFC 3339 text in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// The text is no RFC 3339 date and time between the years 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadTimestamp;

impl fmt::Display for BadTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a date and time like 2026-11-20T10:00:00Z")
    }
}

impl std::error::Error for BadTimestamp {}

impl Timestamp {
    /// An instant from milliseconds since 1970; negative ones and those after the year 9999 are moved to the border.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        const LAST: i64 = 253_402_300_799_999;
        Self(millis.clamp(0, LAST))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// The instant so many milliseconds later (or earlier, where negative).
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }

    /// Reads RFC 3339, with any offset and any number of digits after the second (more than three are cut off).
    ///
    /// # Errors
    /// [`BadTimestamp`] where the text is something else.
    pub fn parse(text: &str) -> Result<Self, BadTimestamp> {
        parse(text.as_bytes()).ok_or(BadTimestamp)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY_MS));
        let in_day = self.0.rem_euclid(DAY_MS);
        let (hour, minute) = (in_day / HOUR_MS, in_day / MINUTE_MS % 60);
        let (second, milli) = (in_day / 1000 % 60, in_day % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if milli != 0 {
            write!(f, ".{milli:03}")?;
        }
        f.write_str("Z")
    }
}

impl TryFrom<String> for Timestamp {
    type Error = BadTimestamp;
    fn try_from(text: String) -> Result<Self, BadTimestamp> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> String {
        at.to_string()
    }
}

fn number(bytes: &[u8]) -> Option<i64> {
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn parse(text: &[u8]) -> Option<Timestamp> {
    if text.len() < 20 || text.len() > 40 {
        return None;
    }
    let fixed = |at: usize, byte: u8| (text.get(at)?.eq_ignore_ascii_case(&byte)).then_some(());
    fixed(4, b'-')?;
    fixed(7, b'-')?;
    fixed(10, b'T')?;
    fixed(13, b':')?;
    fixed(16, b':')?;
    let (year, month, day) = (number(text.get(..4)?)?, number(text.get(5..7)?)?, number(text.get(8..10)?)?);
    let (hour, minute) = (number(text.get(11..13)?)?, number(text.get(14..16)?)?);
    let second = number(text.get(17..19)?)?;
    if year < 1970 || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    // A leap second is the last second of its minute to us.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut milli = 0;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, after) = fraction.split_at_checked(len)?;
        let kept = digits.get(..len.min(3))?;
        milli = number(kept)? * 10_i64.pow(3 - u32::try_from(kept.len()).ok()?);
        rest = after;
    }
    let offset_minutes = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), offset @ ..] if offset.len() == 5 && offset.get(2) == Some(&b':') => {
            let (hours, minutes) = (number(offset.get(..2)?)?, number(offset.get(3..)?)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let all = hours * 60 + minutes;
            if *sign == b'-' { -all } else { all }
        }
        _ => return None,
    };
    let millis = days_from_civil(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS
        - offset_minutes * MINUTE_MS
        + second.min(59) * 1000
        + milli;
    (millis >= 0).then(|| Timestamp::from_millis(millis))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date, by counting in years that begin in March
/// (E. G. Richards, "Calendars", in the Explanatory Supplement to the Astronomical Almanac, 2013).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = (month + 9) % 12;
    let year = year - i64::from(month <= 2);
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * shifted + 2) / 5 + day - 1 - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc_3339_in_its_forms_is_read() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-20T10:00:00Z", 1_795_168_800_000),
            ("2026-11-20T11:00:00+01:00", 1_795_168_800_000),
            ("2026-11-20t10:00:00.25z", 1_795_168_800_250),
            ("2026-11-20T10:00:00.123456789Z", 1_795_168_800_123),
            ("2024-02-29T23:59:60Z", 1_709_251_199_000),
        ] {
            assert_eq!(Timestamp::parse(text).map(Timestamp::millis), Ok(millis), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2026-11-20",
            "2026-11-20 10:00:00",
            "2026-11-20T10:00:00",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T10:00:00+0100",
            "1969-12-31T23:59:59Z",
            "2026-11-20T10:00:00.Z",
            "+026-11-20T10:00:00Z",
            "２０26-11-20T10:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), Err(BadTimestamp), "{text}");
        }
    }

    proptest! {
        #[test]
        fn we_agree_with_a_calendar_library(millis in 0i64..253_402_300_800_000) {
            let ours = Timestamp::from_millis(millis);
            let theirs = jiff::Timestamp::from_millisecond(millis).unwrap();
            prop_assert_eq!(Timestamp::parse(&theirs.to_string()), Ok(ours));
            prop_assert_eq!(ours.to_string().parse::<jiff::Timestamp>().unwrap(), theirs);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,45}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
