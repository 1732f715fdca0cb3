//! A reservation is what a shopper has; a hold is the timed claim on stock that stands behind it.
//!
//! Reading order: `status` (where it stands), `transition` (the one table of what may happen, by whom, and what it does to
//! the stock), `hold` (for how long), then the small things: `code`, `contact`.

mod code;
mod contact;
mod hold;
mod status;
mod transition;

pub use code::PickupCode;
pub use contact::{Contact, ContactDraft, ContactProblem};
pub use hold::{BadHoldRules, HOLD_MS, HoldRule, HoldRules, MAX_HOLD_HOURS};
pub use status::Status;
pub use transition::{Action, Actor, InvalidTransition, Rule, StockEffect};

use serde::{Deserialize, Serialize};

/// How the goods change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// At the pickup desk.
    InStore,
    /// Brought out to the car.
    Curbside,
}
