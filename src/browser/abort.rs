//! Ending a request that nobody waits for any more.

use web_sys::{AbortController, AbortSignal};

/// Ends its request when it is dropped.
pub struct Aborter(Option<AbortController>);

impl Aborter {
    /// A new one; in a browser without the power requests simply run to their end.
    #[must_use]
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }

    /// What to give to the request.
    #[must_use]
    pub fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Default for Aborter {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Aborter {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
