//! What the rules say of a date.

use jiff::civil::Date;

use super::{Joins, NotUnderstood, OsmHours, Rule, State};
use crate::hours::{HoursSpan, LocalDate, TimeOfDay};

/// Four years from a leap year on: long enough to meet each day of the year on many days of the week.
const CHECKED_FROM: (i16, i8, i8) = (2024, 1, 1);
const CHECKED_DAYS: usize = 4 * 365 + 1;

impl OsmHours {
    /// The spans that begin on a date, in order and apart; `None` where the text leaves it open.
    #[must_use]
    pub fn on(&self, date: LocalDate) -> Option<Vec<HoursSpan>> {
        let date = civil(date)?;
        let mut spans = self.minutes(date).ok()??;
        spans.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::new();
        for (from, to) in spans {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        joined.into_iter().map(span).collect()
    }

    /// Refuses rules that contradict each other on some day, or say nothing of any.
    pub(super) fn check(&self) -> Result<(), NotUnderstood> {
        let weekly = self.rules.iter().all(|rule| rule.dates.only_weekdays());
        // Only what is added to a day can contradict what is there; else one day that is known is enough.
        let adds = self.rules.iter().any(|rule| rule.joins == Joins::Adds && rule.state == State::Open);
        let (year, month, day) = CHECKED_FROM;
        let begin = Date::new(year, month, day).map_err(|_| NotUnderstood::Date)?;
        let mut known = false;
        for date in begin.series(jiff::Span::new().days(1)).take(if weekly { 7 } else { CHECKED_DAYS }) {
            known |= self.minutes(date)?.is_some();
            if known && !adds {
                break;
            }
        }
        if known { Ok(()) } else { Err(NotUnderstood::Words) }
    }

    /// Spans in any order, touching or not; `None` where nothing is known.
    fn minutes(&self, date: Date) -> Result<Option<Vec<(u16, u16)>>, NotUnderstood> {
        let mut day = Some(Vec::new());
        for rule in self.rules.iter().filter(|rule| rule.dates.has(date)) {
            match (rule.state, rule.joins) {
                (State::Closed, Joins::Otherwise) => {}
                (State::Closed, _) if rule.times.is_empty() => day = Some(Vec::new()),
                (State::Closed, _) => day = day.map(|day| without(day, &rule.times)),
                (State::Unknown, Joins::Otherwise) => {}
                (State::Unknown, _) => day = None,
                (State::Open, Joins::Replaces) => day = Some(rule.times.clone()),
                (State::Open, joins) => {
                    if let Some(day) = &mut day {
                        add(day, rule, joins)?;
                    }
                }
            }
        }
        Ok(day)
    }
}

/// More spans of a day. Two that overlap are two truths about it, unless one is only for when the other is closed.
fn add(day: &mut Vec<(u16, u16)>, rule: &Rule, joins: Joins) -> Result<(), NotUnderstood> {
    let overlaps = |span: &(u16, u16)| day.iter().any(|known| known != span && span.0 < known.1 && known.0 < span.1);
    if joins == Joins::Adds && rule.times.iter().any(overlaps) {
        return Err(NotUnderstood::Ambiguous);
    }
    day.extend(&rule.times);
    Ok(())
}

/// What is left of spans when others are taken out.
fn without(mut day: Vec<(u16, u16)>, out: &[(u16, u16)]) -> Vec<(u16, u16)> {
    for (from, to) in out {
        let parts = day.into_iter().flat_map(|(a, b)| [(a, b.min(*from)), (a.max(*to), b)]);
        day = parts.filter(|(a, b)| a < b).collect();
    }
    day
}

/// Minutes as they are written on the wall.
fn span((from, to): (u16, u16)) -> Option<HoursSpan> {
    // Spans that were joined may run on for more than a day, which no wall clock can say; the rest begins tomorrow anyway.
    let to = to.min(from + 1440);
    let to = if to > 1440 { to - 1440 } else { to };
    HoursSpan::new(TimeOfDay::from_minutes(from)?, TimeOfDay::from_minutes(to)?).ok()
}

fn civil(date: LocalDate) -> Option<Date> {
    let small = |n: u8| i8::try_from(n).ok();
    Date::new(i16::try_from(date.year).ok()?, small(date.month)?, small(date.day)?).ok()
}
