//! Why something could not be loaded or done.

use api_contract::problem::{Problem, ProblemType};

use super::Explained;
use crate::api::ApiError;
use crate::text;

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

/// That a list lacks rows which could not be read; `None` where it has them all.
#[must_use]
pub fn left_out(rows: u32) -> Option<String> {
    (rows > 0).then(|| text::left_out(rows.into()))
}

/// Why something could not be loaded or done.
#[must_use]
pub fn failure(error: &ApiError, what: What) -> Explained {
    let failed = what.failed();
    match error {
        ApiError::Busy { why, seconds } => {
            let text = text::failure_wait((*seconds).into(), failed);
            Explained { text, wait_s: *seconds, ..failure(why, what) }
        }
        ApiError::Offline => Explained::new(text::failure_offline(), text::failure_offline_advice(failed)),
        ApiError::TimedOut => Explained::new(text::failure_late(), text::failure_late_advice(failed)),
        ApiError::Unreadable(_) => Explained::new(text::failure_unreadable(), text::failure_unreadable_advice(failed)),
        ApiError::Status(status @ 500..) => {
            Explained::new(text::failure_broken(), text::failure_broken_advice(failed, &status.to_string()))
        }
        ApiError::Status(status) => {
            Explained::new(text::failure_refused(), text::failure_refused_advice(failed, &status.to_string()))
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
    fn a_list_that_is_whole_says_nothing_of_what_is_left_out() {
        assert_eq!(left_out(0), None);
        assert_eq!(left_out(1).as_deref(), Some("1 entry could not be read and is not shown."));
        assert_eq!(left_out(2).as_deref(), Some("2 entries could not be read and are not shown."));
    }

    #[test]
    fn e05_who_has_to_wait_is_told_for_how_long_and_why() {
        let busy = |why, seconds| failure(&ApiError::Busy { why: Box::new(why), seconds }, What::Products);
        let told = busy(ApiError::Status(503), 7);
        assert_eq!(told.title, failure(&ApiError::Status(503), What::Products).title);
        assert_eq!(told.text, "The products could not be loaded. You can try again in 7 seconds.");
        assert_eq!(told.wait_s, 7);
        let limited = ApiError::Problem(Box::new(Problem::new(ProblemType::RateLimited, "")));
        assert_eq!(busy(limited, 1).title, "Too many requests");
        assert_eq!(failure(&ApiError::Status(503), What::Products).wait_s, 0);
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
}
