//! From the wall clock of a shop to instants, with the IANA zone data.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::osm::OsmHours;
use super::{Exception, HoursSpan, LocalDate, OpenSpan, Schedule, TimeOfDay, Weekday};
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

/// The instant from which on an order of `now` is worked on: now, or the beginning of the shop's next day where it comes
/// at the cut-off or later. A zone that is not known has no cut-off.
#[must_use]
pub fn counts_from(now: Timestamp, cut_off: Option<TimeOfDay>, zone: &str) -> Timestamp {
    let (Some(cut_off), Ok(zone)) = (cut_off, lookup(zone)) else { return now };
    let today = civil_date(now, &zone);
    let late = jiff::Span::new().minutes(i64::from(cut_off.minutes()));
    if now < instant(today.to_datetime(Time::midnight()).saturating_add(late), &zone) {
        return now;
    }
    instant(today.tomorrow().unwrap_or(today).to_datetime(Time::midnight()), &zone).max(now)
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
        let rules = schedule.rules.as_deref().and_then(|text| OsmHours::stored(text).ok());
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
    /// A schedule with seasons as a table for people: hours of the week and exceptions; `None` for one that is such a
    /// table already. The week is the one that most of the coming four are like, each day by itself, and the days of
    /// these weeks that differ are exceptions. Where one of the days is not known, no hours of the week are.
    ///
    /// # Errors
    /// [`UnknownZone`] where the zone is not known.
    pub fn table(&self, zone: &str, from: Timestamp) -> Result<Option<Schedule>, UnknownZone> {
        if self.rules.is_none() {
            return Ok(None);
        }
        let first = civil_date(from, &lookup(zone)?);
        let days = Days::of(self);
        let mut shown = Schedule { rules: None, ..self.clone() };
        let coming: Option<Vec<(Date, Vec<HoursSpan>)>> = first
            .series(jiff::Span::new().days(1))
            .take(TABLE_DAYS)
            .map(|date| Some((date, days.usual(date)?.into_owned())))
            .collect();
        let Some(coming) = coming else { return Ok(Some(shown)) };
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
        Ok(Some(shown))
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
                spans.retain(|span| span.closes_at > from);
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

    fn rules(text: &str) -> Schedule {
        crate::hours::osm::OsmHours::schedule(text).unwrap()
    }

    #[test]
    fn seasons_hold_beyond_any_list_of_dates() {
        let shop = rules("Apr-Sep Mo-Su 09:00-20:00; Oct-Mar Mo-Su 10:00-17:00");
        for (now, open) in
            [("2026-07-01T07:30:00Z", true), ("2026-12-01T08:30:00Z", false), ("2041-07-01T07:30:00Z", true)]
        {
            assert_eq!(state(&shop, "Europe/Paris", now).is_open(), open, "{now}");
        }
    }

    #[test]
    fn seasons_are_shown_as_a_usual_week_and_the_days_that_differ() {
        let mut shop = rules("Mo-Sa 10:00-19:00; Dec Su 12:00-18:00; Dec 25,26 off");
        shop.exceptions.push(closed_on("2026-12-31"));
        let table = shop.table("Europe/Paris", ts("2026-12-07T12:00:00Z")).unwrap().unwrap();
        assert_eq!(table.weekly.unwrap().map(|day| day.len()), [1; 7]);
        let days: Vec<_> = table.exceptions.iter().map(|day| (day.valid_from.to_string(), day.spans.len())).collect();
        let expect = [("2026-12-25", 0), ("2026-12-26", 0), ("2027-01-03", 0), ("2026-12-31", 0)];
        assert_eq!(days, expect.map(|(day, spans)| (day.to_owned(), spans)));
        assert_eq!(daily(&["10:00-12:00"]).table("Europe/Paris", ts("2026-12-07T12:00:00Z")), Ok(None));
    }

    #[test]
    fn a_day_that_is_not_known_ends_what_is_known() {
        let shop = rules("Mo unknown; Tu-Su 10:00-18:00");
        // Tuesday: known until the Monday after it begins in Paris.
        let (spans, until) = shop.open_spans("Europe/Paris", ts("2026-11-24T08:00:00Z"), 14).unwrap();
        assert_eq!((spans.unwrap().len(), until), (6, ts("2026-11-29T23:00:00Z")));
        assert_eq!(state(&shop, "Europe/Paris", "2026-11-30T11:00:00Z"), OpenState::Unknown);
        assert_eq!(shop.table("Europe/Paris", ts("2026-11-24T08:00:00Z")).unwrap().unwrap().weekly, None);
    }

    #[test]
    fn rules_that_are_not_understood_are_unknown_hours() {
        let shop = Schedule { rules: Some("as the wind blows".to_owned()), ..Schedule::default() };
        assert_eq!(state(&shop, "Europe/Paris", "2026-11-20T09:00:00Z"), OpenState::Unknown);
    }

    #[test]
    fn rows_stored_before_there_were_rules_are_still_read() {
        let stored = r#"{"weekly":null,"exceptions":[]}"#;
        assert_eq!(serde_json::from_str::<Schedule>(stored).unwrap(), Schedule::default());
        assert_eq!(serde_json::to_string(&Schedule::default()).unwrap(), stored);
    }

    fn hours_open(schedule: &Schedule, zone: &str, from: &str, days: u16) -> i64 {
        let (spans, _) = schedule.open_spans(zone, ts(from), days).unwrap();
        spans
            .unwrap()
            .iter()
            .map(|span| span.closes_at.since(span.opens_at.max(ts(from))) / crate::time::MINUTE_MS)
            .sum()
    }

    #[test]
    fn days_of_23_and_25_hours_are_open_as_long_as_they_last() {
        let mut shop = daily(&["10:00-12:00"]);
        for date in ["2026-10-25", "2027-03-28"] {
            shop.exceptions
                .push(Exception { spans: vec![HoursSpan::parse("00:00-24:00").unwrap()], ..closed_on(date) });
        }
        assert_eq!(hours_open(&shop, "Europe/Rome", "2026-10-24T22:00:00Z", 1), 25 * 60);
        assert_eq!(hours_open(&shop, "Europe/Rome", "2027-03-27T23:00:00Z", 1), 23 * 60);
        // Half an hour is changed on Lord Howe Island.
        let always = daily(&["00:00-24:00"]);
        assert_eq!(hours_open(&always, "Australia/Lord_Howe", "2027-04-03T13:00:00Z", 1), 24 * 60 + 30);
        assert_eq!(hours_open(&always, "Australia/Lord_Howe", "2026-10-03T13:30:00Z", 1), 24 * 60 - 30);
    }

    #[test]
    fn a_night_that_runs_into_an_exception_is_served_to_its_end() {
        let mut night = daily(&["18:00-02:00"]);
        night.exceptions.push(closed_on("2026-12-25"));
        let closes = OpenState::Open { closes_at: Some(ts("2026-12-25T01:00:00Z")) };
        assert_eq!(state(&night, "Europe/Paris", "2026-12-25T00:30:00Z"), closes);
        let opens = OpenState::Closed { opens_at: Some(ts("2026-12-26T17:00:00Z")) };
        assert_eq!(state(&night, "Europe/Paris", "2026-12-25T18:00:00Z"), opens);
    }

    #[test]
    fn a_time_that_summer_skips_or_autumn_repeats_is_one_instant() {
        let shop = daily(&["02:30-09:00"]);
        let opens =
            |from: &str| shop.open_spans("Europe/Paris", ts(from), 1).unwrap().0.unwrap()[0].opens_at.to_string();
        assert_eq!(opens("2027-03-27T23:00:00Z"), "2027-03-28T01:30:00Z");
        assert_eq!(opens("2026-10-24T22:00:00Z"), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn an_order_after_the_cut_off_is_worked_on_from_the_next_day() {
        let shop = daily(&["10:00-19:00"]);
        let ready = |now: &str, cut_off: Option<&str>| {
            let now = ts(now);
            let (spans, _) = shop.open_spans("Europe/Paris", now, 14).unwrap();
            let from = counts_from(now, cut_off.map(|text| TimeOfDay::parse(text).unwrap()), "Europe/Paris");
            crate::hours::ready_by(from, 60, spans.as_deref()).unwrap().to_string()
        };
        assert_eq!(ready("2026-11-20T15:59:00Z", Some("17:00")), "2026-11-20T16:59:00Z");
        assert_eq!(ready("2026-11-20T16:00:00Z", Some("17:00")), "2026-11-21T10:00:00Z");
        assert_eq!(ready("2026-11-20T16:00:00Z", None), "2026-11-20T17:00:00Z");
        assert_eq!(ready("2026-11-20T22:59:00Z", Some("24:00")), "2026-11-21T10:00:00Z");
        // Late in the evening before the clocks change; and an unknown zone.
        assert_eq!(ready("2026-10-24T20:00:00Z", Some("17:00")), "2026-10-25T10:00:00Z");
        let now = ts("2026-11-20T23:00:00Z");
        assert_eq!(counts_from(now, Some(TimeOfDay::END), "Europe/Lyon"), now);
    }

    #[test]
    fn a_zone_that_does_not_exist_is_named() {
        assert_eq!(check_zone("Europe/Lyon"), Err(UnknownZone("Europe/Lyon".to_owned())));
    }
}
