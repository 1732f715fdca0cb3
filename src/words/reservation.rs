//! Putting something aside: the button, the contact, how long it is kept and what became of it.

use domain::reservation::{ContactProblem, Status};
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS};

use super::{Said, Tone};
use crate::text;

/// What the main button of a product or reservation says.
#[must_use]
pub fn reserve_button(shop: &str, hold_hours: u32, stale: bool) -> String {
    match (stale, hold_hours) {
        (false, 0) => text::reserve_at(shop),
        (true, 0) => text::reserve_check_at(shop),
        (false, hours) => text::reserve_at_held(shop, &hold_length(hours)),
        (true, hours) => text::reserve_check_at_held(shop, &hold_length(hours)),
    }
}

/// What is wrong with a field of the contact.
#[must_use]
pub fn contact_problem(problem: ContactProblem) -> &'static str {
    match problem {
        ContactProblem::NameMissing => text::contact_name_missing(),
        ContactProblem::NameUnusable => text::contact_name_unusable(),
        ContactProblem::NoWayToReach => text::contact_no_way_to_reach(),
        ContactProblem::EmailUnusable => text::contact_email_unusable(),
        ContactProblem::PhoneUnusable => text::contact_phone_unusable(),
    }
}

/// How long a hold lasts: `48 h`, `3 days`.
#[must_use]
pub fn hold_length(hours: u32) -> String {
    let day_hours = u32::try_from(DAY_MS / HOUR_MS).unwrap_or(24);
    if hours > 48 && hours.is_multiple_of(day_hours) {
        text::duration_days(u64::from(hours / day_hours))
    } else {
        text::duration_hours(&hours.to_string())
    }
}

/// How long something still lasts: `47 h 12 min`, `12 min`, `less than a minute`.
#[must_use]
pub fn time_left(millis: i64) -> String {
    let (hours, minutes) = (millis / HOUR_MS, millis / MINUTE_MS % 60);
    match (hours, minutes) {
        _ if millis < MINUTE_MS => text::duration_moment().to_owned(),
        (0, minutes) => text::duration_minutes(&minutes.to_string()),
        (hours, 0) => text::duration_hours(&hours.to_string()),
        (hours, minutes) => text::duration_hours_minutes(&hours.to_string(), &minutes.to_string()),
    }
}

/// The state of a reservation.
#[must_use]
pub fn status(status: Status) -> Said {
    match status {
        Status::Held => Said::new(Tone::Good, text::status_held()),
        Status::Accepted => Said::new(Tone::Good, text::status_accepted()),
        Status::Picking => Said::new(Tone::Good, text::status_picking()),
        Status::Ready => Said::new(Tone::Good, text::status_ready()),
        Status::Collected => Said::new(Tone::Good, text::status_collected()),
        Status::PartiallyCollected => Said::new(Tone::Low, text::status_partly_collected()),
        Status::Rejected => Said::new(Tone::Out, text::status_rejected()),
        Status::Cancelled => Said::new(Tone::Out, text::status_cancelled()),
        Status::Expired => Said::new(Tone::Out, text::status_expired()),
        Status::NoShow => Said::new(Tone::Out, text::status_no_show()),
        Status::Returned => Said::new(Tone::Out, text::status_returned()),
        Status::Unknown => Said::new(Tone::Unknown, text::status_not_known()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_says_what_will_happen() {
        assert_eq!(reserve_button("Part-Dieu", 48, false), "Reserve at Part-Dieu · free, 48 h");
        assert_eq!(reserve_button("Part-Dieu", 72, true), "Check and reserve at Part-Dieu · free, 3 days");
        assert_eq!(reserve_button("Part-Dieu", 0, false), "Reserve at Part-Dieu · free");
    }

    #[test]
    fn time_left_is_said_in_hours_and_minutes() {
        assert_eq!(time_left(47 * HOUR_MS + 12 * MINUTE_MS + 999), "47 h 12 min");
        assert_eq!(time_left(2 * HOUR_MS), "2 h");
        assert_eq!(time_left(61_000), "1 min");
        assert_eq!(time_left(-5), "less than a minute");
    }
}
