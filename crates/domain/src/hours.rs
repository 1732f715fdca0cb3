//! When a shop is open.
//!
//! A [`Schedule`] is what people write down: hours of the week and dated exceptions, in the shop's own time.
//! With zone data (feature `zones`, the server) it becomes [`OpenSpan`]s, plain instants; all else, in the browser too,
//! compares numbers. What is not known is never "open".

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::{MINUTE_MS, Timestamp};

#[cfg(any(feature = "zones", test))]
pub mod osm;
mod pickup;
#[cfg(any(feature = "zones", test))]
mod zone;
#[cfg(any(feature = "zones", test))]
pub use zone::{UnknownZone, check_zone, counts_from, local_date};

pub use pickup::{PickupRules, PickupWindow};

/// A day of the week; in JSON its English name in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the names say it all
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A time on the wall clock of a shop, in whole minutes, 00:00 to 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// A calendar date of a shop, in JSON `2026-12-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalDate {
    /// 1970 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// Why hours cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadHours {
    /// A time is not written `HH:MM`, 00:00 to 24:00.
    Time,
    /// A date is not a real one, written `YYYY-MM-DD`.
    Date,
    /// Opening and closing are the same minute: it could mean always or never.
    EmptySpan,
    /// Two spans of one day overlap.
    Overlap,
    /// An exception ends before it begins.
    Order,
}

impl fmt::Display for BadHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadHours::Time => "has a time that is not HH:MM",
            BadHours::Date => "has a date that is not YYYY-MM-DD",
            BadHours::EmptySpan => "opens and closes at the same minute",
            BadHours::Overlap => "has spans that overlap",
            BadHours::Order => "ends before it begins",
        })
    }
}

impl std::error::Error for BadHours {}

impl TimeOfDay {
    /// Midnight at the end of the day, 24:00.
    pub const END: TimeOfDay = TimeOfDay(1440);

    /// Reads `HH:MM` or `H:MM`.
    ///
    /// # Errors
    /// [`BadHours::Time`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let (hour, minute) = text.split_once(':').ok_or(BadHours::Time)?;
        let small = |t: &str, len: std::ops::RangeInclusive<usize>| {
            if len.contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit()) {
                t.parse::<u16>().map_err(|_| BadHours::Time)
            } else {
                Err(BadHours::Time)
            }
        };
        let (hour, minute) = (small(hour, 1..=2)?, small(minute, 2..=2)?);
        if minute > 59 || hour * 60 + minute > 1440 {
            return Err(BadHours::Time);
        }
        Ok(Self(hour * 60 + minute))
    }

    /// So many minutes since midnight; `None` above 1440.
    #[must_use]
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes <= 1440).then_some(Self(minutes))
    }

    /// Minutes since midnight, 0 to 1440.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = BadHours;
    fn try_from(text: String) -> Result<Self, BadHours> {
        Self::parse(&text)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

impl LocalDate {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`BadHours::Date`] unless it is a date of the calendar.
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        // The calendar (leap years) is already written once, in `time`.
        Timestamp::parse(&format!("{text}T00:00:00Z")).map_err(|_| BadHours::Date)?;
        let part =
            |range: std::ops::Range<usize>| text.get(range).and_then(|t| t.parse::<u16>().ok()).ok_or(BadHours::Date);
        let small = |n: u16| u8::try_from(n).map_err(|_| BadHours::Date);
        Ok(Self { year: part(0..4)?, month: small(part(5..7)?)?, day: small(part(8..10)?)? })
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TryFrom<String> for LocalDate {
    type Error = BadHours;
    fn try_from(text: String) -> Result<Self, BadHours> {
        Self::parse(&text)
    }
}

impl From<LocalDate> for String {
    fn from(date: LocalDate) -> String {
        date.to_string()
    }
}

/// One stretch of opening on the wall clock. Where it closes at or before it opens, it runs into the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HoursSpan {
    /// When the door opens, 00:00 to 23:59.
    pub opens: TimeOfDay,
    /// When it closes, 00:01 to 24:00, or earlier than `opens` for a time of the next day.
    pub closes: TimeOfDay,
}

impl HoursSpan {
    /// Checks a span. `00:00-23:59` means all day, as the field writes it, and becomes `00:00-24:00`.
    ///
    /// # Errors
    /// [`BadHours::EmptySpan`] where both are the same, [`BadHours::Time`] where it would open at 24:00.
    pub fn new(opens: TimeOfDay, closes: TimeOfDay) -> Result<Self, BadHours> {
        if opens == closes {
            return Err(BadHours::EmptySpan);
        }
        if opens == TimeOfDay::END {
            return Err(BadHours::Time);
        }
        let all_day = opens.0 == 0 && closes.0 == 1439;
        Ok(Self { opens, closes: if all_day { TimeOfDay::END } else { closes } })
    }

    /// Reads `10:00-19:30`.
    ///
    /// # Errors
    /// [`BadHours`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, BadHours> {
        let (opens, closes) = text.split_once('-').ok_or(BadHours::Time)?;
        Self::new(TimeOfDay::parse(opens.trim())?, TimeOfDay::parse(closes.trim())?)
    }

    /// Minutes since midnight of the day it opens: from, to; `to` is above 1440 past midnight.
    fn minutes(self) -> (u32, u32) {
        let (opens, closes) = (u32::from(self.opens.0), u32::from(self.closes.0));
        (opens, if closes <= opens { closes + 1440 } else { closes })
    }
}

/// Puts the spans of one day in order.
///
/// # Errors
/// [`BadHours::Overlap`] where two of them overlap.
pub fn day_spans(mut spans: Vec<HoursSpan>) -> Result<Vec<HoursSpan>, BadHours> {
    spans.sort();
    let overlaps = spans.windows(2).any(|pair| matches!(pair, [a, b] if b.minutes().0 < a.minutes().1));
    if overlaps { Err(BadHours::Overlap) } else { Ok(spans) }
}

/// A dated exception; it replaces the hours of the week on each of its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// First day.
    pub valid_from: LocalDate,
    /// Last day, included.
    pub valid_through: LocalDate,
    /// Opening of each of these days; empty means closed.
    pub spans: Vec<HoursSpan>,
    /// What the day is called, for people.
    pub title: Option<String>,
}

/// The opening hours of a shop in its own time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Monday to Sunday, each with any number of spans; `None` where nobody told us.
    pub weekly: Option<[Vec<HoursSpan>; 7]>,
    /// Dated exceptions; a later one wins where two cover a day.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// Hours with seasons, as OpenStreetMap writes them ([`osm`]); they stand in for `weekly` and are asked by date, so
    /// that they hold as long as the shop does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
    /// What the shop says of its hours in words, where the numbers do not say all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Schedule {
    /// The exception that replaces the hours of a date.
    #[must_use]
    pub fn exception_on(&self, date: LocalDate) -> Option<&Exception> {
        self.exceptions.iter().rev().find(|e| e.valid_from <= date && date <= e.valid_through)
    }
}

/// A stretch of opening as instants, sent to the browser for the coming days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSpan {
    /// The door opens.
    pub opens_at: Timestamp,
    /// The door closes; the shop is closed at this very instant.
    pub closes_at: Timestamp,
}

/// Whether a shop is open, as far as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenState {
    /// Open; closes at the given instant, or not within the days that are known.
    Open {
        /// When the door closes; `None` when it stays open as far as we can see.
        closes_at: Option<Timestamp>,
    },
    /// Closed; opens at the given instant, or not within the days that are known.
    Closed {
        /// When the door opens next.
        opens_at: Option<Timestamp>,
    },
    /// Nobody told us: no badge is better than a wrong one.
    Unknown,
}

impl OpenState {
    /// The state at `now`, from spans in order that were worked out up to `known_until`.
    #[must_use]
    pub fn at(now: Timestamp, spans: Option<&[OpenSpan]>, known_until: Timestamp) -> Self {
        let Some(spans) = spans else { return OpenState::Unknown };
        if now >= known_until {
            return OpenState::Unknown;
        }
        match spans.iter().find(|span| now < span.closes_at) {
            Some(span) if span.opens_at <= now => {
                OpenState::Open { closes_at: (span.closes_at < known_until).then_some(span.closes_at) }
            }
            next => OpenState::Closed { opens_at: next.map(|span| span.opens_at) },
        }
    }

    /// Open, as far as we know.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, OpenState::Open { .. })
    }
}

/// When something that takes `minutes` of work in the shop is done, if the work begins now and rests while the shop is
/// closed. `None` where the spans end before the work does, or are not known.
#[must_use]
pub fn ready_by(now: Timestamp, minutes: u32, spans: Option<&[OpenSpan]>) -> Option<Timestamp> {
    let mut left = i64::from(minutes) * MINUTE_MS;
    for span in spans? {
        let start = span.opens_at.max(now);
        let open = span.closes_at.since(start);
        if open <= 0 {
            continue;
        }
        if left <= open {
            return Some(start.plus_millis(left));
        }
        left -= open;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-11-{text}:00Z")).unwrap()
    }

    fn span(from: &str, to: &str) -> OpenSpan {
        OpenSpan { opens_at: t(from), closes_at: t(to) }
    }

    #[test]
    fn spans_are_read_and_nonsense_is_refused() {
        let text = |s: HoursSpan| format!("{}-{}", s.opens, s.closes);
        assert_eq!(HoursSpan::parse("9:00-17:30").map(text), Ok("09:00-17:30".to_owned()));
        assert_eq!(HoursSpan::parse("00:00-23:59").map(text), Ok("00:00-24:00".to_owned()));
        assert_eq!(HoursSpan::parse("22:00-03:00").map(text), Ok("22:00-03:00".to_owned()));
        assert_eq!(HoursSpan::parse("10:00-10:00"), Err(BadHours::EmptySpan));
        assert_eq!(HoursSpan::parse("24:00-10:00"), Err(BadHours::Time));
        assert_eq!(HoursSpan::parse("10:60-11:00"), Err(BadHours::Time));
        assert_eq!(HoursSpan::parse("25:00-26:00"), Err(BadHours::Time));
        assert_eq!(HoursSpan::parse("10-11"), Err(BadHours::Time));
    }

    #[test]
    fn spans_of_a_day_must_not_overlap() {
        let day = |spans: &[&str]| day_spans(spans.iter().map(|s| HoursSpan::parse(s).unwrap()).collect());
        assert_eq!(day(&["14:00-19:00", "10:00-12:30"]).map(|d| d.len()), Ok(2));
        assert_eq!(day(&["10:00-14:00", "13:00-19:00"]), Err(BadHours::Overlap));
        assert_eq!(day(&["20:00-02:00", "23:00-24:00"]), Err(BadHours::Overlap));
    }

    #[test]
    fn dates_are_of_the_calendar() {
        assert_eq!(LocalDate::parse("2028-02-29").map(|d| d.to_string()), Ok("2028-02-29".to_owned()));
        assert_eq!(LocalDate::parse("2026-02-29"), Err(BadHours::Date));
        assert_eq!(LocalDate::parse("24.12.2026"), Err(BadHours::Date));
    }

    #[test]
    fn open_now_counts_the_lunch_break() {
        let spans = [span("20T09:00", "20T11:30"), span("20T13:00", "20T18:00")];
        let until = t("21T00:00");
        let at = |when: &str| OpenState::at(t(when), Some(&spans), until);
        assert_eq!(at("20T08:59"), OpenState::Closed { opens_at: Some(t("20T09:00")) });
        assert_eq!(at("20T09:00"), OpenState::Open { closes_at: Some(t("20T11:30")) });
        assert_eq!(at("20T11:30"), OpenState::Closed { opens_at: Some(t("20T13:00")) });
        assert_eq!(at("20T17:59"), OpenState::Open { closes_at: Some(t("20T18:00")) });
        assert_eq!(at("20T18:00"), OpenState::Closed { opens_at: None });
    }

    #[test]
    fn what_is_not_known_is_never_open() {
        let always = [span("20T00:00", "22T00:00")];
        assert_eq!(OpenState::at(t("20T10:00"), None, t("22T00:00")), OpenState::Unknown);
        assert_eq!(OpenState::at(t("22T00:00"), Some(&always), t("22T00:00")), OpenState::Unknown);
        assert_eq!(OpenState::at(t("20T10:00"), Some(&always), t("22T00:00")), OpenState::Open { closes_at: None });
    }

    #[test]
    fn work_rests_while_the_shop_is_closed() {
        let spans = [span("20T09:00", "20T11:30"), span("20T13:00", "20T18:00"), span("23T09:00", "23T18:00")];
        let ready = |now: &str, minutes| ready_by(t(now), minutes, Some(&spans));
        assert_eq!(ready("20T09:30", 60), Some(t("20T10:30")));
        assert_eq!(ready("20T11:00", 60), Some(t("20T13:30")));
        assert_eq!(ready("20T17:30", 60), Some(t("23T09:30")));
        assert_eq!(ready("20T21:00", 60), Some(t("23T10:00")));
        assert_eq!(ready("20T17:00", 60), Some(t("20T18:00")));
        assert_eq!(ready("23T17:30", 60), None);
        assert_eq!(ready_by(t("20T09:30"), 60, None), None);
    }
}
