//! How states are said. One place for the wording, so that the same thing is never called two names.
//!
//! Times come in as text already, because only the browser knows how its shopper writes them.

use api_contract::problem::ProblemType;
use domain::hours::OpenState;
use domain::inventory::{Freshness, Reading, Reason, StockState};
use domain::reservation::{ContactProblem, Status};
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

use crate::api::ApiError;

/// How something feels: a colour, a mark and, for a reader without colours, the words beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Be quick, or look twice.
    Low,
    /// Not possible.
    Out,
    /// Nobody knows.
    Unknown,
}

impl Tone {
    /// The word that style sheets know it by.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Low => "low",
            Tone::Out => "out",
            Tone::Unknown => "unknown",
        }
    }
}

/// A short statement with its tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How it feels.
    pub tone: Tone,
    /// The words.
    pub text: String,
}

impl Said {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// Stock at one shop that is named elsewhere on the line: `6 in stock`, `1 left`, `Sold out`, `Not sold here`,
/// `Not known`.
#[must_use]
pub fn stock(reading: Option<Reading>, reason: Option<Reason>) -> Said {
    let Some(reading) = reading else { return Said::new(Tone::Unknown, "Not known") };
    match (reading.state, reading.quantity) {
        (StockState::Available, Some(units)) => Said::new(Tone::Good, format!("{units} in stock")),
        (StockState::Available, None) => Said::new(Tone::Good, "In stock"),
        (StockState::Limited, Some(units)) => Said::new(Tone::Low, format!("{units} left")),
        (StockState::Limited, None) => Said::new(Tone::Low, "A few left"),
        (StockState::Unavailable, Some(units)) if units > 0 && reason == Some(Reason::FewerThanAsked) => {
            Said::new(Tone::Low, format!("Only {units} left"))
        }
        (StockState::Unavailable, _) => Said::new(Tone::Out, "Sold out"),
        (StockState::NotCarried, _) => Said::new(Tone::Out, "Not sold here"),
        (StockState::Unknown, _) => Said::new(Tone::Unknown, "Not known"),
    }
}

/// Stock with the shop's name in it: `6 at Part-Dieu`, `1 left at Part-Dieu`, `Sold out at Part-Dieu`.
#[must_use]
pub fn stock_at(reading: Option<Reading>, shop: &str) -> Said {
    let plain = stock(reading, None);
    let text = match reading.map(|r| (r.state, r.quantity)) {
        Some((StockState::Available, Some(units))) => format!("{units} at {shop}"),
        Some((StockState::NotCarried, _)) => format!("Not sold at {shop}"),
        None | Some((StockState::Unknown, _)) => "Stock not known".to_owned(),
        _ => format!("{} at {shop}", plain.text),
    };
    Said { tone: plain.tone, text }
}

/// Stock at another shop than the shopper's own: `14 · Bellecour, 2.1 km`, `1 left · Bellecour, 2.1 km`.
#[must_use]
pub fn stock_elsewhere(reading: Reading, shop: &str, distance: &str) -> Said {
    let units = match (reading.state, reading.quantity) {
        (StockState::Available, Some(units)) => units.to_string(),
        _ => stock(Some(reading), None).text,
    };
    Said::new(stock(Some(reading), None).tone, format!("{units} · {shop}, {distance}"))
}

/// Opening: the state in a word, and what follows it (`until 19:30`, `opens Sat 10:00`).
/// `time` writes an instant of today and `day_time` one of another day, in the shop's zone; `same_day` tells them apart.
#[must_use]
pub fn opening(
    state: OpenState,
    now: Timestamp,
    time: impl Fn(Timestamp) -> String,
    day_time: impl Fn(Timestamp) -> String,
    same_day: impl Fn(Timestamp) -> bool,
) -> (Said, String) {
    let when = |at: Timestamp| if same_day(at) { time(at) } else { day_time(at) };
    match state {
        OpenState::Open { closes_at: Some(at) } => {
            // "Until 02:00" is clear after midnight too; a closing days ahead is not.
            let until = if at.since(now) < DAY_MS { time(at) } else { day_time(at) };
            (Said::new(Tone::Good, "Open"), format!("until {until}"))
        }
        OpenState::Open { closes_at: None } => (Said::new(Tone::Good, "Open"), "24 hours".to_owned()),
        OpenState::Closed { opens_at: Some(at) } => (Said::new(Tone::Low, "Closed"), format!("opens {}", when(at))),
        OpenState::Closed { opens_at: None } => (Said::new(Tone::Low, "Closed"), String::new()),
        OpenState::Unknown => (Said::new(Tone::Unknown, "Hours not known"), String::new()),
    }
}

/// One of eight directions, 0 for north and on clockwise.
#[must_use]
pub fn direction(eighth: usize) -> &'static str {
    let all = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
    all.get(eighth).copied().unwrap_or_default()
}

/// How old a number is: `live`, `updates every 15 s`, `as of 12:03`.
#[must_use]
pub fn freshness(freshness: Freshness, time: fn(Timestamp) -> String) -> Said {
    match freshness {
        Freshness::Live => Said::new(Tone::Good, "live"),
        Freshness::Polled => Said::new(Tone::Low, "updates every 15 s"),
        Freshness::AsOf(at) => Said::new(Tone::Low, format!("as of {}", time(at))),
        Freshness::Stale(at) => Said::new(Tone::Out, format!("as of {} · may have changed", time(at))),
    }
}

/// How long something still lasts: `47 h 12 min`, `12 min`, `less than a minute`.
#[must_use]
pub fn time_left(millis: i64) -> String {
    let (hours, minutes) = (millis / HOUR_MS, millis / MINUTE_MS % 60);
    match (hours, minutes) {
        _ if millis < MINUTE_MS => "less than a minute".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// How long a hold lasts: `48 h`, `3 days`.
#[must_use]
pub fn hold_length(hours: u32) -> String {
    let day_hours = u32::try_from(DAY_MS / HOUR_MS).unwrap_or(24);
    if hours > 48 && hours.is_multiple_of(day_hours) {
        format!("{} days", hours / day_hours)
    } else {
        format!("{hours} h")
    }
}

/// What the main button of a product or reservation says.
#[must_use]
pub fn reserve_button(shop: &str, hold_hours: u32, stale: bool) -> String {
    let verb = if stale { "Check and reserve" } else { "Reserve" };
    if hold_hours == 0 {
        format!("{verb} at {shop} · free")
    } else {
        format!("{verb} at {shop} · free, {}", hold_length(hold_hours))
    }
}

/// Why something cannot be put aside at a shop although the shop sells it.
#[must_use]
pub fn reason(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::InStoreOnly => Some("over the counter only"),
        Reason::PickupDisabled => Some("no pickup at this shop"),
        Reason::SoldOut | Reason::FewerThanAsked | Reason::Other => None,
    }
}

/// The state of a reservation.
#[must_use]
pub fn status(status: Status) -> Said {
    match status {
        Status::Held => Said::new(Tone::Good, "Reserved"),
        Status::Accepted => Said::new(Tone::Good, "Accepted by the shop"),
        Status::Picking => Said::new(Tone::Good, "Being picked"),
        Status::Ready => Said::new(Tone::Good, "Ready to collect"),
        Status::Collected => Said::new(Tone::Good, "Collected"),
        Status::PartiallyCollected => Said::new(Tone::Low, "Partly collected"),
        Status::Rejected => Said::new(Tone::Out, "The shop could not do it"),
        Status::Cancelled => Said::new(Tone::Out, "Cancelled"),
        Status::Expired => Said::new(Tone::Out, "Expired"),
        Status::NoShow => Said::new(Tone::Out, "Not collected in time"),
        Status::Returned => Said::new(Tone::Out, "Returned"),
        Status::Unknown => Said::new(Tone::Unknown, "State not known"),
    }
}

/// What is wrong with a field of the contact.
#[must_use]
pub fn contact_problem(problem: ContactProblem) -> &'static str {
    match problem {
        ContactProblem::NameMissing => "Please give a name for the desk.",
        ContactProblem::NameUnusable => "This name is too long, or has signs that cannot be printed.",
        ContactProblem::NoWayToReach => "Please give an e-mail address or a phone number.",
        ContactProblem::EmailUnusable => "This does not look like an e-mail address.",
        ContactProblem::PhoneUnusable => "This does not look like a phone number.",
    }
}

/// What happened, what is safe, what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What happened.
    pub title: String,
    /// What is safe and what to do next.
    pub text: String,
    /// What to quote when asking for help.
    pub reference: Option<String>,
}

/// Why something could not be loaded or done; `what` is "the shops", "your reservation".
#[must_use]
pub fn failure(error: &ApiError, what: &str) -> Explained {
    let explained = |title: &str, text: String| Explained { title: title.to_owned(), text, reference: None };
    match error {
        ApiError::Offline => explained(
            "No connection",
            format!("We could not reach the shop's system for {what}. Check your network and try again."),
        ),
        ApiError::TimedOut => {
            explained("This takes too long", format!("There was no answer about {what} in time. Try again."))
        }
        ApiError::Unreadable(_) => explained(
            "We could not read the answer",
            format!("Something came back about {what}, but not in a form that this app understands. Try again."),
        ),
        ApiError::Status(status @ 500..) => explained(
            "The shop's system has a problem",
            format!("It could not answer about {what} ({status}). Try again."),
        ),
        ApiError::Status(status) => {
            explained("That did not work", format!("The shop's system refused to answer about {what} ({status})."))
        }
        ApiError::Problem(problem) => Explained {
            title: if problem.is(ProblemType::NotFound) {
                "There is nothing here".to_owned()
            } else if problem.status >= 500 {
                "The shop's system has a problem".to_owned()
            } else {
                problem.title.clone().into_owned()
            },
            text: problem.detail.clone(),
            reference: Some(problem.request_id.clone()).filter(|r| !r.is_empty()),
        },
    }
}

/// Puts the first letter of a text in capitals.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(state: StockState, quantity: Option<u32>) -> Option<Reading> {
        Some(Reading { state, quantity, as_of: Timestamp::from_millis(0) })
    }

    #[test]
    fn the_five_states_of_stock_are_five_different_sentences() {
        use StockState as S;
        let all = [
            stock(reading(S::Available, Some(6)), None).text,
            stock(reading(S::Limited, Some(1)), None).text,
            stock(reading(S::Unavailable, Some(0)), Some(Reason::SoldOut)).text,
            stock(reading(S::NotCarried, None), None).text,
            stock(reading(S::Unknown, None), None).text,
        ];
        assert_eq!(all, ["6 in stock", "1 left", "Sold out", "Not sold here", "Not known"]);
    }

    #[test]
    fn fewer_than_asked_is_not_sold_out() {
        let said = stock(reading(StockState::Unavailable, Some(2)), Some(Reason::FewerThanAsked));
        assert_eq!((said.tone, said.text.as_str()), (Tone::Low, "Only 2 left"));
    }

    #[test]
    fn opening_says_what_comes_next() {
        let at = Timestamp::from_millis(0);
        let say = |state| {
            let (said, rest) = opening(state, at, |_| "19:30".into(), |_| "Sat 10:00".into(), |_| false);
            format!("{} {rest}", said.text).trim().to_owned()
        };
        assert_eq!(say(OpenState::Open { closes_at: Some(at) }), "Open until 19:30");
        let in_days = at.plus_millis(3 * DAY_MS);
        assert_eq!(say(OpenState::Open { closes_at: Some(in_days) }), "Open until Sat 10:00");
        assert_eq!(say(OpenState::Open { closes_at: None }), "Open 24 hours");
        assert_eq!(say(OpenState::Closed { opens_at: Some(at) }), "Closed opens Sat 10:00");
        assert_eq!(say(OpenState::Unknown), "Hours not known");
    }

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

    #[test]
    fn offline_empty_and_unreadable_are_told_apart() {
        let titles: Vec<_> = [
            ApiError::Offline,
            ApiError::TimedOut,
            ApiError::Unreadable("missing field".into()),
            ApiError::Status(502),
            ApiError::Status(403),
        ]
        .iter()
        .map(|e| failure(e, "the shops").title)
        .collect();
        let mut unique = titles.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), titles.len(), "{titles:?}");
    }
}
