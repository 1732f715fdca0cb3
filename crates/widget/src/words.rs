//! How states are said. Times, distances and money come in as text already, because only the browser knows how its shopper writes
//! them.

use api_contract::problem::ProblemType;
use domain::hours::OpenState;
use domain::inventory::{Reading, Reason, StockState};
use domain::money::Money;
use domain::reservation::ContactProblem;
use domain::time::{DAY_MS, Timestamp};

use crate::model::{Failure, LocateProblem};
use crate::text;

/// What only the browser can write.
pub trait Tongue {
    /// `€ 34.90`.
    fn money(&self, money: Money) -> String;
    /// `2.1 km`, or miles where a country (ISO 3166-1) has them.
    fn distance(&self, metres: u32, country: &str) -> String;
    /// The time of day on the wall of a shop; without a zone the device's.
    fn time(&self, at: Timestamp, zone: Option<&str>) -> String;
    /// Day and time in a shop: `Sat 10:00`.
    fn weekday_time(&self, at: Timestamp, zone: &str) -> String;
    /// The same for two instants of one day in a shop.
    fn day(&self, at: Timestamp, zone: &str) -> String;
}

/// How something feels: a colour, a mark and, for a reader without colours, the words beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // as the style sheet calls them
pub enum Tone {
    Good,
    Low,
    Out,
    Unknown,
}

impl Tone {
    /// The class of the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "said good",
            Tone::Low => "said low",
            Tone::Out => "said out",
            Tone::Unknown => "said unknown",
        }
    }
}

/// Stock at one shop: `6 in stock`, `1 left`, `Sold out`, `Not sold here`, `Not known`.
#[must_use]
pub fn stock(reading: Option<Reading>) -> (Tone, String) {
    let Some(reading) = reading else { return (Tone::Unknown, text::stock_not_known().to_owned()) };
    match (reading.state, reading.quantity.map(u64::from)) {
        (StockState::Available, Some(units)) => (Tone::Good, text::stock_units(units)),
        (StockState::Available, None) => (Tone::Good, text::stock_available().to_owned()),
        (StockState::Limited, Some(units)) => (Tone::Low, text::stock_left(units)),
        (StockState::Limited, None) => (Tone::Low, text::stock_few_left().to_owned()),
        (StockState::Unavailable, Some(units)) if units > 0 => (Tone::Low, text::stock_only_left(units)),
        (StockState::Unavailable, _) => (Tone::Out, text::stock_sold_out().to_owned()),
        (StockState::NotCarried, _) => (Tone::Out, text::stock_not_sold().to_owned()),
        (StockState::Unknown, _) => (Tone::Unknown, text::stock_not_known().to_owned()),
    }
}

/// Why something that is there cannot be put aside.
#[must_use]
pub fn reason(reason: Option<Reason>) -> Option<&'static str> {
    match reason? {
        Reason::InStoreOnly => Some(text::reason_in_store_only()),
        Reason::PickupDisabled => Some(text::reason_no_pickup()),
        Reason::SoldOut | Reason::FewerThanAsked | Reason::Other => None,
    }
}

/// Whether a shop is open, and until when: `Open until 19:30`.
#[must_use]
pub fn opening(state: OpenState, now: Timestamp, zone: &str, tongue: &dyn Tongue) -> (Tone, String) {
    let when = |at: Timestamp| {
        let today = tongue.day(at, zone) == tongue.day(now, zone);
        if today { tongue.time(at, Some(zone)) } else { tongue.weekday_time(at, zone) }
    };
    let both = |state: &str, rest: &str| [state, " ", rest].concat();
    match state {
        OpenState::Open { closes_at: Some(at) } => {
            // "Until 02:00" is clear after midnight too; a closing days ahead is not.
            let until =
                if at.since(now) < DAY_MS { tongue.time(at, Some(zone)) } else { tongue.weekday_time(at, zone) };
            (Tone::Good, both(text::opening_open(), &text::opening_until(&until)))
        }
        OpenState::Open { closes_at: None } => (Tone::Good, both(text::opening_open(), text::opening_all_day())),
        OpenState::Closed { opens_at: Some(at) } => {
            (Tone::Low, both(text::opening_closed(), &text::opening_opens(&when(at))))
        }
        OpenState::Closed { opens_at: None } => (Tone::Low, text::opening_closed().to_owned()),
        OpenState::Unknown => (Tone::Unknown, text::opening_not_known().to_owned()),
    }
}

/// What to say when the device did not tell where it is.
#[must_use]
pub fn locate_problem(problem: LocateProblem) -> &'static str {
    match problem {
        LocateProblem::Denied => text::place_denied(),
        LocateProblem::Blocked => text::place_denied(),
        LocateProblem::TimedOut => text::place_timed_out(),
        LocateProblem::Unavailable => text::place_unavailable(),
        LocateProblem::Unsupported => text::place_unsupported(),
    }
}

/// What is wrong with a field of the contact.
#[must_use]
pub fn contact_problem(problem: ContactProblem) -> &'static str {
    match problem {
        ContactProblem::NameMissing => text::contact_name_missing(),
        ContactProblem::NameUnusable => text::contact_name_unusable(),
        ContactProblem::NoWayToReach => text::email_missing(),
        ContactProblem::EmailUnusable | ContactProblem::PhoneUnusable => text::contact_email_unusable(),
    }
}

/// Why nothing can be shown, and what to do next.
#[must_use]
pub fn failure(failure: &Failure) -> (&'static str, &'static str) {
    match failure {
        _ if failure.is_of_the_key() => (text::refused(), text::refused_advice()),
        _ if failure.is(ProblemType::NotFound) || failure.is(ProblemType::UnknownProduct) => {
            (text::gone(), text::gone_advice())
        }
        _ if failure.is(ProblemType::RateLimited) => (text::problem_too_often(), text::problem_too_often_advice()),
        Failure::Offline => (text::failure_offline(), text::offline_advice()),
        Failure::TimedOut => (text::failure_late(), text::failed_advice()),
        Failure::Problem(problem) if problem.status < 500 => (text::failure_refused(), text::failed_advice()),
        _ => (text::failure_broken(), text::failed_advice()),
    }
}

/// Why nothing was put aside, and what to do next.
#[must_use]
pub fn not_reserved(failure: &Failure, shop: &str) -> (&'static str, String) {
    let own = |title, advice: &str| (title, advice.to_owned());
    match failure {
        Failure::Problem(problem) if failure.is(ProblemType::InsufficientStock) => {
            let left = problem.rows.iter().filter_map(|row| row.reading.quantity).max().unwrap_or(0);
            let advice = if left == 0 { text::reserve_last_taken(shop) } else { text::reserve_fewer(shop) };
            (text::reserve_quicker(), advice)
        }
        _ if failure.is(ProblemType::LimitReached) => own(text::problem_limit_reached(), text::reserve_limit_advice()),
        _ if failure.is(ProblemType::PickupUnavailable) => own(text::reserve_no_pickup(), text::reason_no_pickup()),
        // Without an answer nobody knows: the key makes it safe to say "try again".
        Failure::Offline | Failure::TimedOut | Failure::Broken => {
            own(self::failure(failure).0, text::reserve_nobody_knows())
        }
        Failure::Problem(problem) if problem.status >= 500 => own(text::failure_broken(), text::reserve_nobody_knows()),
        _ => own(self::failure(failure).0, self::failure(failure).1),
    }
}
