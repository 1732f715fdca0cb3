//! Which days a rule is about.

use jiff::civil::Date;

use super::NotUnderstood;

/// The days of a rule: all conditions that are given hold together, each is met by any of its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// Years, from and to.
    pub(super) years: Vec<(u16, u16)>,
    /// Stretches of the year, and single days.
    pub(super) stretches: Vec<Stretch>,
    /// Weeks of the year by ISO 8601: from, to, step.
    pub(super) weeks: Vec<(u8, u8, u8)>,
    /// Days of the week.
    pub(super) weekdays: Vec<Days>,
}

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    /// 0 for Monday.
    pub(super) from: u8,
    /// Included; before `from` it is of the next week.
    pub(super) to: u8,
    /// Only the n-th of the month, from its end where negative.
    pub(super) nth: Option<i8>,
}

/// A part of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch {
    /// From a day to a day, included; where the end is before the beginning, over the turn of the year.
    Yearly(MonthDay, MonthDay),
    /// The same in given years.
    Dated((u16, MonthDay), (u16, MonthDay)),
    /// So many days after Easter Sunday.
    Easter(i16),
}

/// A month and a day in it.
pub(super) type MonthDay = (u8, u8);

/// The most days that a month has.
pub(super) fn last_day(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day of a month, checked.
pub(super) fn month_day(month: u8, day: u16) -> Result<MonthDay, NotUnderstood> {
    match u8::try_from(day) {
        Ok(day) if (1..=last_day(month)).contains(&day) => Ok((month, day)),
        _ => Err(NotUnderstood::Date),
    }
}

impl Dates {
    /// Whether the rule is about each week alike.
    pub(super) fn only_weekdays(&self) -> bool {
        !self.has_dates() && self.weekdays.iter().all(|days| days.nth.is_none())
    }

    /// Whether the rule names a part of the year.
    pub(super) fn has_dates(&self) -> bool {
        !(self.years.is_empty() && self.stretches.is_empty() && self.weeks.is_empty())
    }

    /// Whether the rule is about every day.
    pub(super) fn is_every_day(&self) -> bool {
        !self.has_dates() && self.weekdays.is_empty()
    }

    /// Whether the rule is about a date.
    pub(super) fn has(&self, date: Date) -> bool {
        let any = |none: bool, some: bool| none || some;
        let year = date.year().unsigned_abs();
        let week = date.iso_week_date().week().unsigned_abs();
        any(self.years.is_empty(), self.years.iter().any(|(from, to)| (*from..=*to).contains(&year)))
            && any(self.stretches.is_empty(), self.stretches.iter().any(|stretch| stretch.has(date)))
            && any(self.weeks.is_empty(), self.weeks.iter().any(|weeks| in_weeks(*weeks, week)))
            && any(self.weekdays.is_empty(), self.weekdays.iter().any(|days| days.has(date)))
    }
}

fn in_weeks((from, to, step): (u8, u8, u8), week: u8) -> bool {
    if from <= to {
        (from..=to).contains(&week) && (week - from).is_multiple_of(step.max(1))
    } else {
        week >= from || week <= to
    }
}

impl Days {
    fn has(self, date: Date) -> bool {
        let day = date.weekday().to_monday_zero_offset().unsigned_abs();
        let named = if self.from <= self.to {
            (self.from..=self.to).contains(&day)
        } else {
            day >= self.from || day <= self.to
        };
        let of_month = date.day() - 1;
        let left = date.days_in_month() - date.day();
        named
            && match self.nth {
                None => true,
                Some(nth) if nth > 0 => of_month / 7 + 1 == nth,
                Some(nth) => left / 7 + 1 == -nth,
            }
    }
}

impl Stretch {
    fn has(self, date: Date) -> bool {
        let day = (date.month().unsigned_abs(), date.day().unsigned_abs());
        match self {
            Stretch::Yearly(from, to) if from <= to => (from..=to).contains(&day),
            Stretch::Yearly(from, to) => day >= from || day <= to,
            Stretch::Dated(from, to) => (from..=to).contains(&(date.year().unsigned_abs(), day)),
            Stretch::Easter(after) => {
                let easter = easter(date.year());
                easter.and_then(|easter| easter.checked_add(jiff::Span::new().days(after)).ok()) == Some(date)
            }
        }
    }
}

/// Easter Sunday of a year, by the Gregorian rule (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// A day of the week from its English name or the beginning of it, 0 for Monday.
pub(super) fn weekday(word: &str) -> Option<u8> {
    let known: [&[&str]; 7] = [
        &["mo", "mon", "monday", "mondays"],
        &["tu", "tue", "tues", "tuesday", "tuesdays"],
        &["we", "wed", "weds", "wednesday", "wednesdays"],
        &["th", "thu", "thur", "thurs", "thursday", "thursdays"],
        &["fr", "fri", "friday", "fridays"],
        &["sa", "sat", "saturday", "saturdays"],
        &["su", "sun", "sunday", "sundays"],
    ];
    (0..).zip(known).find(|(_, names)| names.contains(&word)).map(|(day, _)| day)
}

/// A month from its English name or the beginning of it, 1 for January.
pub(super) fn month(word: &str) -> Option<u8> {
    let names = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let short = |name: &str| word.len() == 3 && name.starts_with(word);
    (1..)
        .zip(names)
        .find(|(_, name)| short(name) || *name == word || (word == "sept" && *name == "september"))
        .map(|(m, _)| m)
}
