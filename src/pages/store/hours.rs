//! The hours of the week, with the exceptions that come up.

use api_contract::location::{DayHours, ExceptionHours, Location};
use domain::hours::{LocalDate, TimeOfDay, Weekday};
use domain::time::{DAY_MS, Timestamp};
use leptos::prelude::*;

use crate::browser::intl;
use crate::session::use_session;
use crate::text;

/// How far ahead exceptions are worth a line.
const AHEAD_DAYS: i64 = 45;

/// The hours of the week by the shop's own clock.
#[component]
pub fn Hours(location: Location) -> impl IntoView {
    let now = use_session().clock.now_untracked();
    let Some(hours) = location.hours.clone() else {
        return view! {
            <section class="hours">
                <h2 class="section-title">{text::hours_title()}</h2>
                {match location.hours_text.clone() {
                    // What only a guess could settle is shown as it was written, and nobody says "open" for it.
                    Some(text) => view! { <p>{text}</p> }.into_any(),
                    None => {
                        view! { <p class="hint">{text::hours_not_told()}</p> }
                            .into_any()
                    }
                }}
            </section>
        }
        .into_any();
    };
    let today = intl::weekday_index(now, &location.timezone);
    let exceptions = coming(&location.exception_hours, now);
    view! {
        <section class="hours" aria-labelledby="hours">
            <h2 class="section-title" id="hours">{text::hours_title()}</h2>
            <table class="hours__table">
                <tbody>
                    {Weekday::ALL
                        .into_iter()
                        .map(|day| {
                            view! {
                                <tr aria-current=(Some(day.index()) == today).then_some("date")>
                                    <th scope="row">{intl::weekday(day.index())}</th>
                                    <td>{day_line(&hours, day)}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
            {(!exceptions.is_empty())
                .then(|| {
                    view! {
                        <h3 class="hours__exceptions">{text::hours_different_on()}</h3>
                        <table class="hours__table">
                            <tbody>
                                {exceptions
                                    .into_iter()
                                    .map(|(date, title, spans)| {
                                        view! {
                                            <tr>
                                                <th scope="row">
                                                    {intl::calendar_date(date)}
                                                    {title.map(|t| format!(" · {t}"))}
                                                </th>
                                                <td>{spans_line(&spans)}</td>
                                            </tr>
                                        }
                                    })
                                    .collect_view()}
                            </tbody>
                        </table>
                    }
                })}
        </section>
    }
    .into_any()
}

type Span = (TimeOfDay, TimeOfDay);

fn day_line(hours: &[DayHours], day: Weekday) -> String {
    let spans: Vec<Span> = hours.iter().filter(|h| h.day == day).map(|h| (h.opens, h.closes)).collect();
    spans_line(&spans)
}

fn spans_line(spans: &[Span]) -> String {
    if spans.is_empty() {
        return text::hours_closed().to_owned();
    }
    spans
        .iter()
        .map(|(opens, closes)| {
            if opens.minutes() == 0 && *closes == TimeOfDay::END {
                text::hours_all_day().to_owned()
            } else {
                format!("{}\u{2060}–\u{2060}{}", intl::wall_time(opens.minutes()), intl::wall_time(closes.minutes()))
            }
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// The exceptions of the coming weeks, one entry a date.
fn coming(exceptions: &[ExceptionHours], now: Timestamp) -> Vec<(LocalDate, Option<String>, Vec<Span>)> {
    let date = |at: Timestamp| at.to_string().get(..10).and_then(|d| LocalDate::parse(d).ok());
    let (Some(today), Some(last)) = (date(now), date(now.plus_millis(AHEAD_DAYS * DAY_MS))) else {
        return Vec::new();
    };
    let mut days: Vec<(LocalDate, Option<String>, Vec<Span>)> = Vec::new();
    for exception in exceptions.iter().filter(|e| e.valid_through >= today && e.valid_from <= last) {
        let span = exception.opens.zip(exception.closes);
        match days.iter_mut().find(|d| d.0 == exception.valid_from) {
            Some(day) => day.2.extend(span),
            None => {
                let place = days.iter().take_while(|d| d.0 < exception.valid_from).count();
                days.insert(place, (exception.valid_from, exception.title.clone(), span.into_iter().collect()));
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exception(date: &str, span: Option<(&str, &str)>) -> ExceptionHours {
        let day = LocalDate::parse(date).unwrap();
        ExceptionHours {
            valid_from: day,
            valid_through: day,
            opens: span.map(|s| TimeOfDay::parse(s.0).unwrap()),
            closes: span.map(|s| TimeOfDay::parse(s.1).unwrap()),
            title: None,
        }
    }

    #[test]
    fn only_exceptions_that_still_come_are_shown_and_spans_of_a_date_are_together() {
        let all = [
            exception("2026-12-24", Some(("09:00", "12:00"))),
            exception("2026-11-11", None),
            exception("2026-12-24", Some(("14:00", "16:00"))),
            exception("2026-11-26", None),
            exception("2027-05-01", None),
        ];
        let days = coming(&all, Timestamp::parse("2026-11-20T10:00:00Z").unwrap());
        let summary: Vec<_> = days.iter().map(|d| (d.0.to_string(), d.2.len())).collect();
        assert_eq!(summary, [("2026-11-26".to_owned(), 0), ("2026-12-24".to_owned(), 2)]);
    }
}
