//! When a server that had too much to do wants to be asked again (`Retry-After`), and that it is not asked before.

use super::ApiError;

/// Nobody is waited for longer than this, whatever they ask for; milliseconds.
const LONGEST_MS: i64 = 60_000;

/// How many milliseconds to wait, out of the header: seconds, or a date in the only form that is still written. Both dates are
/// in milliseconds since 1970 by the server's clock; `date` reads one. `None` where that means nothing, or no time at all.
pub(super) fn asked_for(header: &str, now: Option<i64>, date: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    let header = header.trim();
    let wait = if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has are a very long time.
        header.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1_000)
    } else if header.ends_with("GMT") {
        date(header)?.saturating_sub(now?)
    } else {
        return None;
    };
    Some(wait.min(LONGEST_MS)).filter(|wait| *wait > 0)
}

/// What is asked, as far as a refusal speaks of it: the verb and the kind of thing, `GET products`.
pub(super) fn question(method: &str, address: &str) -> String {
    let path = address.split_once("/v1/").map_or(address, |(_, path)| path);
    let kind = path.split(['/', '?']).next().unwrap_or_default();
    [method, " ", kind].concat()
}

/// The questions that may not be asked yet. Times are milliseconds of a clock that only goes forward.
#[derive(Default)]
pub(super) struct Waits(Vec<Wait>);

struct Wait {
    question: String,
    until: i64,
    why: ApiError,
}

impl Waits {
    /// A question was refused for so long; what to say of it.
    pub(super) fn begin(&mut self, question: String, why: ApiError, wait: i64, now: i64) -> ApiError {
        self.0.retain(|other| other.until > now && other.question != question);
        let wait = Wait { question, until: now.saturating_add(wait), why };
        let said = wait.said(now);
        self.0.push(wait);
        said
    }

    /// What a question is answered with that may not be asked yet.
    pub(super) fn answer(&self, question: &str, now: i64) -> Option<ApiError> {
        let waiting = |wait: &&Wait| wait.until > now && wait.question == question;
        self.0.iter().find(waiting).map(|wait| wait.said(now))
    }
}

impl Wait {
    fn said(&self, now: i64) -> ApiError {
        let left = self.until.saturating_sub(now).saturating_add(999) / 1_000;
        ApiError::Busy { why: Box::new(self.why.clone()), seconds: u32::try_from(left).unwrap_or(u32::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader of dates that knows one, and reads nonsense as browsers do.
    fn date(text: &str) -> Option<i64> {
        (text == "Fri, 20 Nov 2026 10:00:30 GMT").then_some(30_000)
    }

    #[test]
    fn e05_seconds_and_dates_are_read_and_nothing_is_waited_for_longer_than_a_minute() {
        let at = |header: &str, now: i64| asked_for(header, Some(now), date);
        for (header, wait) in [("7", 7_000), (" 1 ", 1_000), ("60", 60_000), ("61", 60_000), ("86400", 60_000)] {
            assert_eq!(at(header, 0), Some(wait), "{header}");
        }
        assert_eq!(at(&"9".repeat(400), 0), Some(60_000));
        let date = "Fri, 20 Nov 2026 10:00:30 GMT";
        assert_eq!(at(date, 0), Some(30_000));
        assert_eq!(at(date, 29_999), Some(1));
        assert_eq!(at(date, -1_000_000), Some(60_000), "a clock that is far behind makes nobody wait for hours");
        assert_eq!(at(date, i64::MIN), Some(60_000));
    }

    #[test]
    fn e05_what_is_no_time_to_come_is_not_waited_for() {
        for header in ["", " ", "0", "00", "-7", "+7", "7.5", "7s", "soon", "1e3", "0x7", "７", "Fri, 20 Nov GMT"] {
            assert_eq!(asked_for(header, Some(0), date), None, "{header:?}");
        }
        let date_in_header = "Fri, 20 Nov 2026 10:00:30 GMT";
        assert_eq!(asked_for(date_in_header, Some(30_000), date), None);
        assert_eq!(asked_for(date_in_header, Some(i64::MAX), date), None);
        assert_eq!(asked_for(date_in_header, None, date), None, "without a clock a date says nothing");
    }

    #[test]
    fn e05_a_refusal_speaks_of_its_own_kind_of_question() {
        let page = question("GET", "/v1/products?q=tent");
        assert_eq!(page, "GET products");
        assert_eq!(question("GET", "https://api.example.org/v1/products/BO-1"), page);
        assert_ne!(question("POST", "/v1/products"), page);
        assert_ne!(question("GET", "/v1/locations/products"), page);
        assert_eq!(question("GET", "/health/live"), question("GET", "/health/live"));
    }

    #[test]
    fn e05_nothing_is_asked_again_before_its_time_and_everything_after_it() {
        let mut waits = Waits::default();
        let busy = |status, seconds| ApiError::Busy { why: Box::new(ApiError::Status(status)), seconds };
        assert_eq!(waits.answer("GET products", 0), None);
        assert_eq!(waits.begin("GET products".into(), ApiError::Status(503), 7_000, 100), busy(503, 7));
        assert_eq!(waits.answer("GET products", 101), Some(busy(503, 7)));
        assert_eq!(waits.answer("GET products", 7_099), Some(busy(503, 1)));
        assert_eq!(waits.answer("GET products", 7_100), None);
        assert_eq!(waits.answer("GET locations", 101), None, "other questions are none of its affair");
        // A later word replaces the earlier one, also where it is shorter.
        waits.begin("GET products".into(), ApiError::Status(429), 1_000, 200);
        assert_eq!(waits.answer("GET products", 201), Some(busy(429, 1)));
        assert_eq!(waits.answer("GET products", 1_200), None);
        waits.begin("GET places".into(), ApiError::Status(429), 1_000, 9_000);
        assert_eq!(waits.0.len(), 1, "what is over is forgotten");
    }
}
