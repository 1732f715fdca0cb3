//! From the wall clock of a shop to instants, with the IANA zone data.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::osm::OsmHours;
use super::{Exception, HoursSpan, LocalDate, OpenSpan, Schedule, Weekday};
use crate::time::Timestamp;

/// The zone has no entry in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone(pub String);

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no time zone of the IANA database", self.0)
    }
}

impl std::error::Error for UnknownZone {}

/// Days that a table for people looks ahead: whole weeks.
const TABLE_DAYS: usize = 28;

/// Whether a name is a zone of the IANA database.
///
/// # Errors
/// [`UnknownZone`] where it is not.
pub fn check_zone(zone: &str) -> Result<(), UnknownZone> {
    lookup(zone).map(drop)
}

fn lookup(zone: &str) -> Result<TimeZone, UnknownZone> {
    TimeZone::get(zone).map_err(|_| UnknownZone(zone.to_owned()))
}

/// The date on the wall of a shop at an instant.
///
/// # Errors
/// [`UnknownZone`] where the zone is not known.
pub fn local_date(at: Timestamp, zone: &str) -> Result<LocalDate, UnknownZone> {
    Ok(from_civil(civil_date(at, &lookup(zone)?)))
}

fn civil_date(at: Timestamp, zone: &TimeZone) -> Date {
    // `Timestamp` keeps to 1970..=9999, all of which jiff can say.
    jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default().to_zoned(zone.clone()).date()
}

fn from_civil(date: Date) -> LocalDate {
    LocalDate { year: date.year().unsigned_abs(), month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
}

/// Asks a schedule by date.
struct Days<'a> {
    schedule: &'a Schedule,
    weekly: Option<&'a [Vec<HoursSpan>; 7]>,
    rules: Option<OsmHours>,
}

impl<'a> Days<'a> {
    fn of(schedule: &'a Schedule) -> Self {
        // Rules that this version does not understand are unknown hours.
        let rules = schedule.rules.as_deref().and_then(|text| OsmHours::parse(text).ok());
        let weekly = schedule.weekly.as_ref().filter(|_| schedule.rules.is_none());
        Self { schedule, weekly, rules }
    }

    /// The spans that begin on a date, or `None` where they are not known.
    fn on(&self, date: Date) -> Option<Cow<'a, [HoursSpan]>> {
        match self.schedule.exception_on(from_civil(date)) {
            Some(exception) => Some(Cow::Borrowed(&exception.spans)),
            None => self.usual(date),
        }
    }

    fn usual(&self, date: Date) -> Option<Cow<'a, [HoursSpan]>> {
        match &self.rules {
            Some(rules) => rules.on(from_civil(date)).map(Cow::Owned),
            None => self.weekly?.get(weekday(date).index()).map(|spans| Cow::Borrowed(spans.as_slice())),
        }
    }
}

fn weekday(date: Date) -> Weekday {
    let index = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    Weekday::ALL.get(index).copied().unwrap_or(Weekday::Monday)
}

impl Schedule {
    /// The schedule as a table for people: hours of the week and exceptions. Where it has seasons, the week is the one
    /// that most of the coming four are like, each day by itself, and the days of these weeks that differ are
    /// exceptions; a week with a day that is not known has no table.
    ///
    /// # Errors
    /// [`UnknownZone`] where the zone is not known.
    pub fn table(&self, zone: &str, from: Timestamp) -> Result<Schedule, UnknownZone> {
        if self.rules.is_none() {
            return Ok(self.clone());
        }
        let first = civil_date(from, &lookup(zone)?);
        let days = Days::of(self);
        let mut shown = Schedule { rules: None, ..self.clone() };
        let coming: Option<Vec<(Date, Vec<HoursSpan>)>> = first
            .series(jiff::Span::new().days(1))
            .take(TABLE_DAYS)
            .map(|date| Some((date, days.usual(date)?.into_owned())))
            .collect();
        let Some(coming) = coming else { return Ok(shown) };
        let mut week: [Vec<HoursSpan>; 7] = Default::default();
        for (day, spans) in Weekday::ALL.into_iter().zip(&mut week) {
            let same = || coming.iter().filter(|(date, _)| weekday(*date) == day).map(|(_, spans)| spans);
            // The first of those that are equally frequent.
            let usual = same().rev().max_by_key(|spans| same().filter(|other| other == spans).count());
            *spans = usual.cloned().unwrap_or_default();
        }
        let differs = coming.into_iter().filter(|(date, spans)| week.get(weekday(*date).index()) != Some(spans));
        let differs = differs.map(|(date, spans)| {
            let day = from_civil(date);
            Exception { valid_from: day, valid_through: day, spans, title: None }
        });
        // What the retailer says of a date counts more, and the later exception wins.
        shown.exceptions = differs.chain(self.exceptions.iter().cloned()).collect();
        shown.weekly = Some(week);
        Ok(shown)
    }

    /// The opening of the coming `days` days from `from` on, as instants in order, touching spans joined; and the
    /// instant up to which they are known. `None` for spans where the hours are not known at all.
    ///
    /// A wall-clock time that a change to summer time skips is the instant just after the gap; one that happens twice
    /// in autumn is the first of the two.
    ///
    /// # Errors
    /// [`UnknownZone`] where the zone is not known.
    pub fn open_spans(
        &self,
        zone: &str,
        from: Timestamp,
        days: u16,
    ) -> Result<(Option<Vec<OpenSpan>>, Timestamp), UnknownZone> {
        let zone = lookup(zone)?;
        let first = civil_date(from, &zone);
        let mut spans: Vec<OpenSpan> = Vec::new();
        let end = first.saturating_add(jiff::Span::new().days(i32::from(days)));
        let known_until = instant(end.to_datetime(Time::midnight()), &zone);
        let days = Days::of(self);
        if days.weekly.is_none() && days.rules.is_none() && self.exceptions.is_empty() {
            return Ok((None, known_until));
        }
        // Yesterday may still be open past midnight.
        let mut date = first.yesterday().unwrap_or(first);
        while date < end {
            let Some(today) = days.on(date) else {
                // From the first day that nobody told us about nothing more is known.
                if date < first {
                    date = date.tomorrow().unwrap_or(end);
                    continue;
                }
                let known_until = instant(date.to_datetime(Time::midnight()), &zone);
                return Ok(((known_until > from).then_some(spans), known_until));
            };
            for span in today.iter() {
                let span = to_instants(date, *span, &zone);
                match spans.last_mut() {
                    Some(last) if span.opens_at <= last.closes_at => {
                        last.closes_at = last.closes_at.max(span.closes_at);
                    }
                    _ => spans.push(span),
                }
            }
            date = date.tomorrow().unwrap_or(end);
        }
        spans.retain(|span| span.closes_at > from && span.closes_at > span.opens_at);
        Ok((Some(spans), known_until))
    }
}

fn to_instants(date: Date, span: HoursSpan, zone: &TimeZone) -> OpenSpan {
    let (opens, closes) = span.minutes();
    OpenSpan { opens_at: wall(date, opens, zone), closes_at: wall(date, closes, zone) }
}

fn wall(date: Date, minutes: u32, zone: &TimeZone) -> Timestamp {
    let days = i64::from(minutes / 1440);
    let minutes = i64::from(minutes % 1440);
    let at = date
        .saturating_add(jiff::Span::new().days(days))
        .to_datetime(Time::midnight())
        .saturating_add(jiff::Span::new().minutes(minutes));
    instant(at, zone)
}

fn instant(at: DateTime, zone: &TimeZone) -> Timestamp {
    let millis = zone.to_ambiguous_timestamp(at).compatible().map_or(0, jiff::Timestamp::as_millisecond);
    Timestamp::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::OpenState;

    fn ts(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn daily(spans: &[&str]) -> Schedule {
        let day: Vec<_> = spans.iter().map(|s| HoursSpan::parse(s).unwrap()).collect();
        Schedule { weekly: Some(std::array::from_fn(|_| day.clone())), ..Schedule::default() }
    }

    fn closed_on(date: &str) -> Exception {
        let day = LocalDate::parse(date).unwrap();
        Exception { valid_from: day, valid_through: day, spans: vec![], title: None }
    }

    fn state(schedule: &Schedule, zone: &str, now: &str) -> OpenState {
        let (spans, until) = schedule.open_spans(zone, ts(now), 14).unwrap();
        OpenState::at(ts(now), spans.as_deref(), until)
    }

    #[test]
    fn open_now_is_told_by_the_shops_clock() {
        let shop = daily(&["10:00-19:00"]);
        assert!(state(&shop, "Europe/Paris", "2026-11-20T09:00:00Z").is_open());
        assert!(!state(&shop, "America/Chicago", "2026-11-20T09:00:00Z").is_open());
        assert_eq!(
            state(&shop, "America/Chicago", "2026-11-20T09:00:00Z"),
            OpenState::Closed { opens_at: Some(ts("2026-11-20T16:00:00Z")) }
        );
    }

    #[test]
    fn a_night_shop_is_still_open_after_midnight() {
        let night = daily(&["16:00-02:00"]);
        assert_eq!(
            state(&night, "Europe/London", "2026-11-21T01:30:00Z"),
            OpenState::Open { closes_at: Some(ts("2026-11-21T02:00:00Z")) }
        );
    }

    #[test]
    fn a_shop_that_never_closes_has_no_closing_time() {
        assert_eq!(
            state(&daily(&["00:00-24:00"]), "Europe/Rome", "2026-11-21T01:30:00Z"),
            OpenState::Open { closes_at: None }
        );
    }

    #[test]
    fn an_exception_replaces_its_day() {
        let mut shop = daily(&["10:00-19:00"]);
        shop.exceptions.push(closed_on("2026-12-25"));
        assert_eq!(
            state(&shop, "Europe/Paris", "2026-12-25T12:00:00Z"),
            OpenState::Closed { opens_at: Some(ts("2026-12-26T09:00:00Z")) }
        );
    }

    #[test]
    fn the_hours_follow_daylight_saving() {
        let shop = daily(&["10:00-19:00"]);
        let (spans, _) = shop.open_spans("Europe/Paris", ts("2026-10-24T00:00:00Z"), 3).unwrap();
        let opens: Vec<_> = spans.unwrap().iter().map(|s| s.opens_at.to_string()).collect();
        assert_eq!(opens, ["2026-10-24T08:00:00Z", "2026-10-25T09:00:00Z", "2026-10-26T09:00:00Z"]);
    }

    #[test]
    fn unknown_hours_stay_unknown() {
        let shop = Schedule::default();
        assert_eq!(state(&shop, "Europe/Paris", "2026-11-20T09:00:00Z"), OpenState::Unknown);
        let only_a_holiday =
            Schedule { weekly: None, exceptions: vec![closed_on("2026-12-25")], ..Schedule::default() };
        assert_eq!(state(&only_a_holiday, "Europe/Paris", "2026-11-20T09:00:00Z"), OpenState::Unknown);
        assert_eq!(
            state(&only_a_holiday, "Europe/Paris", "2026-12-25T09:00:00Z"),
            OpenState::Closed { opens_at: None }
        );
    }

    #[test]
    fn a_zone_that_does_not_exist_is_named() {
        assert_eq!(check_zone("Europe/Lyon"), Err(UnknownZone("Europe/Lyon".to_owned())));
    }
}
