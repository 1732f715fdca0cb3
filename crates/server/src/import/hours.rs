//! Opening hours as a store sheet writes them.
//!
//! A day: `10:00-19:30`, `10:00-12:30, 14:00-19:00`, `22:00-03:00` (into the next day), `00:00-24:00`, `x` for closed,
//! nothing for not known. Special days: `2026-12-24: 09:00-12:00, 14:00-16:00, 2026-12-25: x`.

use domain::hours::{BadHours, Exception, HoursSpan, LocalDate, Schedule, day_spans};

use super::report::Reason;

/// The hours of the week and of special days; which day is at fault where they cannot be read.
///
/// One day that cannot be read makes all of them unknown: a wrong "open" costs somebody a trip.
pub(super) fn schedule(days: [&str; 7], special: &str) -> Result<Schedule, (Fault, Reason)> {
    let mut weekly: [Vec<HoursSpan>; 7] = Default::default();
    let mut empty = None;
    for (at, (text, spans)) in days.into_iter().zip(&mut weekly).enumerate() {
        if text.trim().is_empty() {
            empty = empty.or(Some(at));
        } else {
            *spans = day(text).map_err(|reason| (Fault::Day(at), reason))?;
        }
    }
    let exceptions = special_days(special).map_err(|reason| (Fault::Special, reason))?;
    let known = empty.is_none();
    if let Some(at) = empty
        && days.iter().any(|text| !text.trim().is_empty())
    {
        return Err((Fault::Incomplete(at, exceptions), Reason::HoursIncomplete));
    }
    Ok(Schedule { weekly: known.then_some(weekly), exceptions, ..Schedule::default() })
}

/// Where hours could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A day of the week, 0 for Monday.
    Day(usize),
    /// The special days.
    Special,
    /// This day of the week is empty and others are not; the special days are right.
    Incomplete(usize, Vec<Exception>),
}

fn day(text: &str) -> Result<Vec<HoursSpan>, Reason> {
    let mut hours = Hours::default();
    for part in text.split(',') {
        hours.add(part)?;
    }
    hours.spans()
}

fn special_days(text: &str) -> Result<Vec<Exception>, Reason> {
    let mut days: Vec<(LocalDate, Hours)> = Vec::new();
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        // A part without a date is one more span of the date before it.
        let (date, hours) = match part.split_once(':').map(|(date, rest)| (LocalDate::parse(date.trim()), rest)) {
            Some((Ok(date), rest)) => (date, rest),
            _ => (days.last().ok_or(Reason::Hours(BadHours::Date))?.0, part),
        };
        match days.iter_mut().find(|(known, _)| *known == date) {
            Some((_, day)) => day.add(hours)?,
            None => {
                let mut day = Hours::default();
                day.add(hours)?;
                days.push((date, day));
            }
        }
    }
    days.into_iter()
        .map(|(date, hours)| {
            Ok(Exception { valid_from: date, valid_through: date, spans: hours.spans()?, title: None })
        })
        .collect()
}

/// What was said of one day.
#[derive(Default)]
struct Hours {
    closed: bool,
    open: Vec<HoursSpan>,
}

impl Hours {
    fn add(&mut self, text: &str) -> Result<(), Reason> {
        // Word processors like to put a longer dash.
        let text = text.trim().replace(['–', '—'], "-");
        if text.eq_ignore_ascii_case("x") || text.eq_ignore_ascii_case("closed") {
            self.closed = true;
        } else {
            self.open.push(HoursSpan::parse(&text).map_err(Reason::Hours)?);
        }
        Ok(())
    }

    fn spans(self) -> Result<Vec<HoursSpan>, Reason> {
        if self.closed && !self.open.is_empty() {
            return Err(Reason::HoursContradict);
        }
        day_spans(self.open).map_err(Reason::Hours)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(spans: &[HoursSpan]) -> String {
        let spans: Vec<String> = spans.iter().map(|span| format!("{}-{}", span.opens, span.closes)).collect();
        if spans.is_empty() { "closed".to_owned() } else { spans.join(" ") }
    }

    fn check_day(text: &str, expect: Result<&str, Reason>) {
        assert_eq!(day(text).map(|spans| show(&spans)), expect.map(str::to_owned), "{text}");
    }

    fn check_special(text: &str, expect: Result<&str, Reason>) {
        let shown = |days: Vec<Exception>| {
            days.iter().map(|day| format!("{} {}", day.valid_from, show(&day.spans))).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(special_days(text).map(shown), expect.map(str::to_owned), "{text}");
    }

    #[test]
    fn a_day_has_any_number_of_spans() {
        check_day("10:00-19:30", Ok("10:00-19:30"));
        check_day("9:00 - 17:00", Ok("09:00-17:00"));
        check_day("14:00-19:00, 10:00-12:30", Ok("10:00-12:30 14:00-19:00"));
        check_day("22:00-03:00", Ok("22:00-03:00"));
        check_day("00:00-24:00", Ok("00:00-24:00"));
        check_day("00:00-23:59", Ok("00:00-24:00"));
        check_day("10:00–19:00", Ok("10:00-19:00"));
        check_day("x", Ok("closed"));
        check_day(" X ", Ok("closed"));
        check_day("Closed", Ok("closed"));
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        check_day("25:00-26:00", Err(Reason::Hours(BadHours::Time)));
        check_day("10-19", Err(Reason::Hours(BadHours::Time)));
        check_day("10:00-19:00,", Err(Reason::Hours(BadHours::Time)));
        check_day("by appointment", Err(Reason::Hours(BadHours::Time)));
        check_day("10:00-14:00, 13:00-19:00", Err(Reason::Hours(BadHours::Overlap)));
        check_day("10:00-10:00", Err(Reason::Hours(BadHours::EmptySpan)));
        check_day("x, 10:00-12:00", Err(Reason::HoursContradict));
    }

    #[test]
    fn special_days_have_dates_and_one_date_may_have_several_spans() {
        check_special("", Ok(""));
        check_special("2026-11-26: x, 2026-12-24: 09:00-16:00", Ok("2026-11-26 closed; 2026-12-24 09:00-16:00"));
        check_special("2026-12-24: 09:00-12:00, 14:00-16:00", Ok("2026-12-24 09:00-12:00 14:00-16:00"));
        check_special("2026-12-24: 14:00-16:00, 2026-12-24: 09:00-12:00", Ok("2026-12-24 09:00-12:00 14:00-16:00"));
        check_special("09:00-12:00", Err(Reason::Hours(BadHours::Date)));
        check_special("2026-02-29: x", Err(Reason::Hours(BadHours::Date)));
        check_special("2026-12-24: x, 2026-12-24: 09:00-12:00", Err(Reason::HoursContradict));
        check_special("2026-12-24: 09:00-12:00, 2026-12-24: 10:00-16:00", Err(Reason::Hours(BadHours::Overlap)));
        check_special("2026-12-24:", Err(Reason::Hours(BadHours::Time)));
        check_special("2026-12-24: 09:00-12:00, 2026-02-30: x", Err(Reason::Hours(BadHours::Time)));
    }

    #[test]
    fn a_week_is_known_as_a_whole_or_not_at_all() {
        let week = ["10:00-18:00", "x", "10:00-18:00", "10:00-18:00", "10:00-18:00", "10:00-18:00", "x"];
        assert_eq!(schedule(week, "").unwrap().weekly.unwrap().map(|day| day.len()), [1, 0, 1, 1, 1, 1, 0]);
        assert_eq!(schedule([""; 7], "").unwrap(), Schedule::default());
        let special = schedule([""; 7], "2026-12-25: x").unwrap();
        assert!(special.weekly.is_none() && special.exceptions.len() == 1);
        let mut hole = week;
        hole[3] = "";
        assert_eq!(schedule(hole, ""), Err((Fault::Incomplete(3, vec![]), Reason::HoursIncomplete)));
        let mut bad = week;
        bad[6] = "?";
        assert_eq!(schedule(bad, ""), Err((Fault::Day(6), Reason::Hours(BadHours::Time))));
        assert_eq!(schedule(week, "?"), Err((Fault::Special, Reason::Hours(BadHours::Date))));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(texts in prop::array::uniform7("[0-9:,x –-]{0,20}"), special in any::<String>()) {
            let _ = schedule(texts.each_ref().map(String::as_str), &special);
        }
    }
}
