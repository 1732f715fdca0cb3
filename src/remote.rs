//! What a screen knows of something that comes over the network.

use crate::api::ApiError;

/// The states of a value that is fetched. Empty is not among them: that is for the value itself to say.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Nothing was asked yet.
    Idle,
    /// On its way.
    Loading,
    /// Here.
    Ready(T),
    /// Did not come, and why.
    Failed(ApiError),
}

impl<T> Remote<T> {
    /// The value, once it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Remote::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// The same state of something made from the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Remote<U> {
        match self {
            Remote::Idle => Remote::Idle,
            Remote::Loading => Remote::Loading,
            Remote::Ready(value) => Remote::Ready(f(value)),
            Remote::Failed(error) => Remote::Failed(error),
        }
    }

    /// From what a resource holds: nothing yet, an answer or a refusal.
    pub fn from_resource(value: Option<Result<T, ApiError>>) -> Self {
        match value {
            None => Remote::Loading,
            Some(Ok(value)) => Remote::Ready(value),
            Some(Err(error)) => Remote::Failed(error),
        }
    }
}
