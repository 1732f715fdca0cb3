//! How states are said: which text of the catalog stands for which state. One place for it, so that the same thing is never
//! called two names.
//!
//! Times come in as text already, because only the browser knows how its shopper writes them.

use api_contract::problem::{Problem, ProblemType};
use domain::gtin::BadGtin;
use domain::hours::OpenState;
use domain::inventory::{Freshness, Reading, Reason, StockState};
use domain::reservation::{ContactProblem, Status};
use domain::scan::BadScan;
use domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

use crate::api::ApiError;
use crate::text;

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
    let Some(reading) = reading else { return Said::new(Tone::Unknown, text::stock_not_known()) };
    match (reading.state, reading.quantity.map(u64::from)) {
        (StockState::Available, Some(units)) => Said::new(Tone::Good, text::stock_units(units)),
        (StockState::Available, None) => Said::new(Tone::Good, text::stock_available()),
        (StockState::Limited, Some(units)) => Said::new(Tone::Low, text::stock_left(units)),
        (StockState::Limited, None) => Said::new(Tone::Low, text::stock_few_left()),
        (StockState::Unavailable, Some(units)) if units > 0 && reason == Some(Reason::FewerThanAsked) => {
            Said::new(Tone::Low, text::stock_only_left(units))
        }
        (StockState::Unavailable, _) => Said::new(Tone::Out, text::stock_sold_out()),
        (StockState::NotCarried, _) => Said::new(Tone::Out, text::stock_not_sold()),
        (StockState::Unknown, _) => Said::new(Tone::Unknown, text::stock_not_known()),
    }
}

/// Stock with the shop's name in it: `6 at Part-Dieu`, `1 left at Part-Dieu`, `Sold out at Part-Dieu`.
#[must_use]
pub fn stock_at(reading: Option<Reading>, shop: &str) -> Said {
    let text = match reading.map(|r| (r.state, r.quantity.map(u64::from))) {
        Some((StockState::Available, Some(units))) => text::stock_units_at(units, shop),
        Some((StockState::Available, None)) => text::stock_available_at(shop),
        Some((StockState::Limited, Some(units))) => text::stock_left_at(units, shop),
        Some((StockState::Limited, None)) => text::stock_few_left_at(shop),
        Some((StockState::Unavailable, _)) => text::stock_sold_out_at(shop),
        Some((StockState::NotCarried, _)) => text::stock_not_sold_at(shop),
        None | Some((StockState::Unknown, _)) => text::stock_not_known_at().to_owned(),
    };
    Said { tone: stock(reading, None).tone, text }
}

/// Stock at another shop than the shopper's own: `14 · Bellecour, 2.1 km`, `1 left · Bellecour, 2.1 km`.
#[must_use]
pub fn stock_elsewhere(reading: Reading, shop: &str, distance: &str) -> Said {
    let plain = stock(Some(reading), None);
    let text = match (reading.state, reading.quantity) {
        (StockState::Available, Some(units)) => text::stock_units_elsewhere(units.into(), shop, distance),
        _ => text::stock_elsewhere(&plain.text, shop, distance),
    };
    Said { tone: plain.tone, text }
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
            (Said::new(Tone::Good, text::opening_open()), text::opening_until(&until))
        }
        OpenState::Open { closes_at: None } => {
            (Said::new(Tone::Good, text::opening_open()), text::opening_all_day().to_owned())
        }
        OpenState::Closed { opens_at: Some(at) } => {
            (Said::new(Tone::Low, text::opening_closed()), text::opening_opens(&when(at)))
        }
        OpenState::Closed { opens_at: None } => (Said::new(Tone::Low, text::opening_closed()), String::new()),
        OpenState::Unknown => (Said::new(Tone::Unknown, text::opening_not_known()), String::new()),
    }
}

/// One of eight directions, 0 for north and on clockwise.
#[must_use]
pub fn direction(eighth: usize) -> &'static str {
    match eighth {
        0 => text::direction_north(),
        1 => text::direction_north_east(),
        2 => text::direction_east(),
        3 => text::direction_south_east(),
        4 => text::direction_south(),
        5 => text::direction_south_west(),
        6 => text::direction_west(),
        7 => text::direction_north_west(),
        _ => "",
    }
}

/// How old a number is: `live`, `updates every 15 s`, `as of 12:03`.
#[must_use]
pub fn freshness(freshness: Freshness, time: fn(Timestamp) -> String) -> Said {
    match freshness {
        Freshness::Live => Said::new(Tone::Good, text::freshness_live()),
        Freshness::Polled => Said::new(Tone::Low, text::freshness_polled()),
        Freshness::AsOf(at) => Said::new(Tone::Low, text::freshness_as_of(&time(at))),
        Freshness::Stale(at) => Said::new(Tone::Out, text::freshness_stale(&time(at))),
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

/// Why something cannot be put aside at a shop although the shop sells it.
#[must_use]
pub fn reason(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::InStoreOnly => Some(text::reason_in_store_only()),
        Reason::PickupDisabled => Some(text::reason_no_pickup()),
        Reason::SoldOut | Reason::FewerThanAsked | Reason::Other => None,
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

/// What a shop offers, by its id; what the retailer calls it in a feed, where it is nothing that we know.
#[must_use]
pub fn amenity(id: &str, description: &str) -> String {
    let known = match id {
        "boot-fitting" => text::amenity_boot_fitting(),
        "climbing-wall" => text::amenity_climbing_wall(),
        "curbside-pickup" => text::amenity_curbside_pickup(),
        "in-store-pickup" => text::amenity_in_store_pickup(),
        "parking" => text::amenity_parking(),
        "repair-workshop" => text::amenity_repair_workshop(),
        "ski-rental" => text::amenity_ski_rental(),
        "wheelchair-access" => text::amenity_wheelchair_access(),
        _ => description,
    };
    known.to_owned()
}

/// Why a number is none of a barcode.
#[must_use]
pub fn bad_gtin(bad: BadGtin) -> &'static str {
    match bad {
        BadGtin::BadCheckDigit => text::scan_wrong_digit(),
        BadGtin::BadLength => text::scan_wrong_length(),
        BadGtin::NotDigits => text::scan_not_digits(),
    }
}

/// Why a code that was scanned says nothing to us.
#[must_use]
pub fn bad_scan(bad: BadScan) -> &'static str {
    match bad {
        BadScan::Gtin(bad) => bad_gtin(bad),
        BadScan::NoProduct | BadScan::BadQualifier => text::scan_no_product(),
        BadScan::Empty | BadScan::TooLong | BadScan::NotACode => text::scan_not_a_code(),
    }
}

/// What was wanted when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The list of shops.
    Shops,
    /// The shops around the shopper.
    ShopsNearby,
    /// One shop.
    Shop,
    /// The stock of the shops around the shopper.
    Stock,
    /// What one shop has.
    Shelf,
    /// The list of products.
    Products,
    /// More of that list.
    MoreProducts,
    /// One product.
    Product,
    /// Places and shops by name.
    Places,
    /// The screen on which something is reserved.
    Desk,
    /// To reserve it.
    Reserving,
    /// A pickup.
    Pickup,
    /// To change something about a pickup.
    Change,
    /// A screen, whose part of the program has to come first.
    Screen,
}

impl What {
    /// That it failed, as a sentence.
    fn failed(self) -> &'static str {
        match self {
            What::Shops => text::failure_of_shops(),
            What::ShopsNearby => text::failure_of_shops_nearby(),
            What::Shop => text::failure_of_shop(),
            What::Stock => text::failure_of_stock(),
            What::Shelf => text::failure_of_shelf(),
            What::Products => text::failure_of_products(),
            What::MoreProducts => text::failure_of_more_products(),
            What::Product => text::failure_of_product(),
            What::Places => text::failure_of_places(),
            What::Desk => text::failure_of_desk(),
            What::Reserving => text::failure_of_reserving(),
            What::Pickup => text::failure_of_pickup(),
            What::Change => text::failure_of_change(),
            What::Screen => text::failure_of_screen(),
        }
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

impl Explained {
    fn new(title: &str, text: impl Into<String>) -> Self {
        Self { title: title.to_owned(), text: text.into(), reference: None }
    }

    /// All of it in one line, where there is no room for a panel.
    #[must_use]
    pub fn line(&self) -> String {
        text::failure_line(&self.title, &self.text)
    }
}

/// Why something could not be loaded or done.
#[must_use]
pub fn failure(error: &ApiError, what: What) -> Explained {
    let what = what.failed();
    match error {
        ApiError::Offline => Explained::new(text::failure_offline(), text::failure_offline_advice(what)),
        ApiError::TimedOut => Explained::new(text::failure_late(), text::failure_late_advice(what)),
        ApiError::Unreadable(_) => Explained::new(text::failure_unreadable(), text::failure_unreadable_advice(what)),
        ApiError::Status(status @ 500..) => {
            Explained::new(text::failure_broken(), text::failure_broken_advice(what, &status.to_string()))
        }
        ApiError::Status(status) => {
            Explained::new(text::failure_refused(), text::failure_refused_advice(what, &status.to_string()))
        }
        ApiError::Problem(problem) => {
            Explained { reference: Some(problem.request_id.clone()).filter(|r| !r.is_empty()), ..refusal(problem) }
        }
    }
}

/// What the server refused. Its own words are English and made for programs: they are shown to those who read English, and
/// only where we have none.
fn refusal(problem: &Problem) -> Explained {
    let kind = ProblemType::ALL.iter().copied().find(|kind| problem.is(*kind));
    if let Some((title, advice)) = kind.and_then(known) {
        return Explained::new(title, advice);
    }
    let in_english = |words: &str| text::language() == "en" && !words.is_empty();
    let title = match problem.title.as_ref() {
        _ if problem.status >= 500 => text::failure_broken(),
        title if in_english(title) => title,
        _ => text::failure_refused(),
    };
    let detail = problem.detail.as_str();
    Explained::new(title, if in_english(detail) { detail } else { text::problem_other_advice() })
}

/// The refusals that a shopper can meet: what happened, and what to do next.
fn known(kind: ProblemType) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ProblemType::NotFound => (text::problem_not_found(), text::problem_not_found_advice()),
        ProblemType::InsufficientStock => {
            (text::problem_insufficient_stock(), text::problem_insufficient_stock_advice())
        }
        ProblemType::PickupUnavailable => {
            (text::problem_pickup_unavailable(), text::problem_pickup_unavailable_advice())
        }
        ProblemType::PickupWindowFull => (text::problem_window_full(), text::problem_window_full_advice()),
        ProblemType::InvalidTransition => (text::problem_too_late(), text::problem_too_late_advice()),
        ProblemType::AlreadyExtended => (text::problem_already_extended(), text::problem_already_extended_advice()),
        ProblemType::LimitReached => (text::problem_limit_reached(), text::problem_limit_reached_advice()),
        ProblemType::HoldExpired => (text::problem_hold_expired(), text::problem_hold_expired_advice()),
        ProblemType::InFlight => (text::problem_in_flight(), text::problem_in_flight_advice()),
        ProblemType::UnknownLocation => (text::problem_unknown_shop(), text::problem_unknown_shop_advice()),
        ProblemType::UnknownProduct => (text::problem_unknown_product(), text::problem_unknown_product_advice()),
        ProblemType::RateLimited => (text::problem_too_often(), text::problem_too_often_advice()),
        ProblemType::InvalidRequest => (text::problem_invalid(), text::problem_invalid_advice()),
        ProblemType::Internal | ProblemType::Unavailable | ProblemType::StorageFull => {
            (text::failure_broken(), text::problem_broken_advice())
        }
        _ => return None,
    })
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
    fn each_bad_code_has_a_reason_of_its_own() {
        let bad = [
            BadScan::Gtin(BadGtin::BadCheckDigit),
            BadScan::Gtin(BadGtin::BadLength),
            BadScan::Gtin(BadGtin::NotDigits),
            BadScan::NoProduct,
            BadScan::NotACode,
        ];
        let mut said = bad.map(bad_scan).to_vec();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), bad.len());
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
        .map(|e| failure(e, What::Shops).title)
        .collect();
        let mut unique = titles.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), titles.len(), "{titles:?}");
    }

    #[test]
    fn what_failed_is_said_as_a_sentence_of_its_own() {
        let explained = failure(&ApiError::TimedOut, What::Shops);
        assert_eq!(explained.text, "The shops could not be loaded. There was no answer in time. Try again.");
    }

    #[test]
    fn a_refusal_is_said_in_our_words_and_an_unknown_one_in_those_of_the_server() {
        let told = |problem: Problem| failure(&ApiError::Problem(Box::new(problem)), What::Reserving);
        let mut known = Problem::new(ProblemType::LimitReached, "25 of 25 for /contact/email");
        known.request_id = "r1".to_owned();
        let explained = told(known);
        assert_eq!(explained.title, "The limit is reached");
        assert!(!explained.text.contains("/contact"), "{}", explained.text);
        assert_eq!(explained.reference.as_deref(), Some("r1"));
        let mut unknown = Problem::new(ProblemType::LimitReached, "Come at full moon.");
        (unknown.kind, unknown.title) = ("/problems/tides".into(), "The tide is out".into());
        let explained = told(unknown.clone());
        assert_eq!((explained.title.as_str(), explained.text.as_str()), ("The tide is out", "Come at full moon."));
        (unknown.detail, unknown.status) = (String::new(), 599);
        assert_eq!(told(unknown).title, "The shop's system has a problem");
    }

    #[test]
    fn what_a_shop_offers_is_called_as_the_feed_calls_it_where_it_is_not_known() {
        assert_eq!(amenity("curbside-pickup", "curbside PICKUP"), "Curbside pickup");
        assert_eq!(amenity("apple-shop", "Apple Shop"), "Apple Shop");
    }
}
