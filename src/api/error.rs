//! What can come back instead of an answer.

use api_contract::problem::{Problem, ProblemType};

/// Why there is no answer. How it is said to a shopper is decided in `words`.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// The network is not there, or the server cannot be reached.
    Offline,
    /// No answer in time; it may still have worked.
    TimedOut,
    /// The server refused, and said why.
    Problem(Box<Problem>),
    /// An answer came that is none of ours: a status without a problem document.
    Status(u16),
    /// Refused, with a word on when to ask again: it was not asked, or should not be, before so many seconds are over.
    Busy {
        /// The refusal.
        why: Box<ApiError>,
        /// Seconds, 1 to 60.
        seconds: u32,
    },
    /// An answer came and could not be read; what was expected, and what was wrong with it.
    Unreadable(String),
}

impl ApiError {
    /// Whether it is a refusal of this kind.
    #[must_use]
    pub fn is(&self, kind: ProblemType) -> bool {
        self.problem().is_some_and(|problem| problem.is(kind))
    }

    /// The refusal in full, where it is one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            ApiError::Problem(problem) => Some(problem),
            ApiError::Busy { why, .. } => why.problem(),
            _ => None,
        }
    }

    /// Whether the server has surely decided, so that sending the same again cannot change anything.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        match self {
            ApiError::Problem(problem) => {
                problem.status < 500
                    && ![ProblemType::InFlight, ProblemType::RateLimited].iter().any(|kind| problem.is(*kind))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_that_names_a_time_is_still_that_refusal_and_decides_nothing() {
        let problem = Problem::new(ProblemType::RateLimited, "");
        let busy = ApiError::Busy { why: Box::new(ApiError::Problem(Box::new(problem))), seconds: 7 };
        assert!(busy.is(ProblemType::RateLimited) && busy.problem().is_some() && !busy.is_definite());
    }
}
