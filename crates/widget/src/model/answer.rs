//! What came of a question.

use api_contract::problem::ProblemType;

use crate::wire::Problem;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The network is not there, or the server cannot be reached.
    Offline,
    /// No answer in time; it may still have worked.
    TimedOut,
    /// The server is there and lets nobody read who asks from this page.
    Refused,
    /// The server refused, and said why.
    Problem(Box<Problem>),
    /// An answer came that is none of ours, or cannot be read.
    Broken,
}

impl Failure {
    /// Whether it is a refusal of this kind.
    #[must_use]
    pub fn is(&self, kind: ProblemType) -> bool {
        matches!(self, Failure::Problem(problem) if problem.kind == kind.uri())
    }

    /// Whether the key or the page is refused, which no second try changes.
    #[must_use]
    pub fn is_of_the_key(&self) -> bool {
        *self == Failure::Refused || self.is(ProblemType::EmbedRefused)
    }

    /// Whether the server has surely decided.
    pub(super) fn is_definite(&self) -> bool {
        match self {
            Failure::Problem(problem) => {
                let later = [ProblemType::InFlight, ProblemType::RateLimited];
                problem.status < 500 && !later.iter().any(|kind| problem.kind == kind.uri())
            }
            _ => false,
        }
    }

    /// A short name for the page around, without anything of a person.
    pub(super) fn name(&self) -> &str {
        match self {
            Failure::Offline => "offline",
            Failure::TimedOut => "timed-out",
            Failure::Refused => "embed-refused",
            Failure::Broken => "broken",
            Failure::Problem(problem) => problem.kind.rsplit('/').next().unwrap_or("broken"),
        }
    }
}

/// Something that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Nobody asked yet.
    Idle,
    /// On its way.
    Loading,
    /// It did not come.
    Failed(Failure),
    /// There.
    Ready(T),
}

impl<T> Remote<T> {
    /// What is there.
    #[must_use]
    pub fn ready(&self) -> Option<&T> {
        match self {
            Remote::Ready(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn of(answer: Result<T, Failure>) -> Self {
        answer.map_or_else(Remote::Failed, Remote::Ready)
    }
}
