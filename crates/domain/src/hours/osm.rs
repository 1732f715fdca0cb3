//! The `opening_hours` of OpenStreetMap, as people really write them.
//!
//! A text is read into rules, and the rules answer for a date: [`OsmHours::on`]. What only a guess could settle is not
//! understood ([`NotUnderstood`]) and stays text: a wrong "open" costs somebody a trip. That is stricter than the
//! specification where writers are known to mean something else than it says:
//!
//! - `Mo-Fr 08:00-12:00; 13:00-18:00` would open on Sunday afternoon; days without a day after days are refused.
//! - `May 29 off; Mo-Fr 09:00-18:00` would open on May 29; hours without a date after dated ones are refused.
//! - `10:00+` does not say when the door closes, and `sunrise-sunset` is no number.
//! - `12:00-09:00` is a slip for 19:00: a night that ends after 05:00 may not be longer than 18 hours.
//!
//! Public and school holidays (`PH`, `SH`) have no calendar here. Their rules change nothing and the text is kept for
//! people to read ([`OsmHours::says_more`]); which days those are, a retailer says as dated exceptions. A comment in
//! place of hours ("by appointment") makes its days unknown; one beside the hours is for people. A span belongs to the
//! day on which it begins, also where the next day has a rule of its own.

use std::fmt;

use super::{HoursSpan, LocalDate, Schedule};

mod dates;
mod days;
mod grammar;
mod tokens;

use dates::Dates;

/// Why a text is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotUnderstood {
    /// It only has words for people.
    Words,
    /// Something stands where it cannot stand; the byte at which it begins.
    Syntax(usize),
    /// A time beyond the day, a span without length or one that is hardly meant.
    Time,
    /// A day that its month does not have.
    Date,
    /// The closing time is left open.
    OpenEnd,
    /// It goes by the sun.
    Sun,
    /// It says two things of the same day, and which one is meant is a guess.
    Ambiguous,
}

impl fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotUnderstood::Words => "has words and no hours",
            NotUnderstood::Syntax(at) => return write!(f, "cannot be read from character {} on", at + 1),
            NotUnderstood::Time => "has a time or a span that is hardly meant",
            NotUnderstood::Date => "has a date that is not in the calendar",
            NotUnderstood::OpenEnd => "does not say when it closes",
            NotUnderstood::Sun => "goes by the sun",
            NotUnderstood::Ambiguous => "says two things of the same day",
        })
    }
}

impl std::error::Error for NotUnderstood {}

/// Opening hours that were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OsmHours {
    rules: Vec<Rule>,
    says_more: bool,
}

/// What one part of the text says of the days that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    joins: Joins,
    dates: Dates,
    /// Minutes from the midnight at which the day begins, to above 1440 past the next; empty for the whole day.
    times: Vec<(u16, u16)>,
    state: State,
}

/// How a rule stands to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joins {
    /// `;`: replaces their day.
    Replaces,
    /// `,`: adds to their day.
    Adds,
    /// `||`: for when they are closed.
    Otherwise,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Closed,
    Unknown,
}

impl OsmHours {
    /// Reads a text.
    ///
    /// # Errors
    /// [`NotUnderstood`] says why it stays text.
    pub fn parse(text: &str) -> Result<Self, NotUnderstood> {
        let hours = grammar::read(text)?;
        hours.check()?;
        Ok(hours)
    }

    /// Reads a text that was parsed before: it is not looked for contradictions again.
    ///
    /// # Errors
    /// [`NotUnderstood`] where this version reads it no more.
    pub fn stored(text: &str) -> Result<Self, NotUnderstood> {
        grammar::read(text)
    }

    /// Whether the text says something that the rules do not: holidays, comments.
    #[must_use]
    pub fn says_more(&self) -> bool {
        self.says_more
    }

    /// The text as a schedule: hours of the week where it has no dates, else the rules themselves, asked by date.
    ///
    /// # Errors
    /// [`NotUnderstood`] says why it stays text.
    pub fn schedule(text: &str) -> Result<Schedule, NotUnderstood> {
        let hours = Self::parse(text)?;
        let weekly = hours.weekly();
        let says_more = hours.says_more || weekly.is_none();
        Ok(Schedule {
            rules: weekly.is_none().then(|| text.to_owned()),
            weekly,
            exceptions: Vec::new(),
            text: says_more.then(|| text.to_owned()),
        })
    }

    /// The hours of the week, where each week is the same and nothing is unknown.
    fn weekly(&self) -> Option<[Vec<HoursSpan>; 7]> {
        if self.rules.iter().any(|rule| !rule.dates.only_weekdays()) {
            return None;
        }
        // A Monday and the days after it; any week does.
        let mut week: [Vec<HoursSpan>; 7] = Default::default();
        for (day, spans) in (5..).zip(&mut week) {
            *spans = self.on(LocalDate { year: 2026, month: 1, day })?;
        }
        Some(week)
    }
}

#[cfg(test)]
mod tests;
