//! What went wrong, in words that say what to do about it.

use std::fmt::{self, Display};

/// One sentence or two for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Problem(String);

/// Nothing, or why it did not work.
pub(crate) type Outcome<T = ()> = Result<T, Problem>;

impl Problem {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Puts what was being done in front of why it failed.
pub(crate) trait While<T> {
    /// `words` complete the sentence "could not …".
    fn while_doing(self, words: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T, E: Display> While<T> for Result<T, E> {
    fn while_doing(self, words: impl FnOnce() -> String) -> Outcome<T> {
        self.map_err(|error| Problem(format!("could not {}: {error}", words())))
    }
}
