//! Where a reservation stands.

use serde::{Deserialize, Serialize};

use super::transition::Action;
use crate::time::Timestamp;

/// Where a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Put aside in the books; nobody in the shop has looked at it yet.
    Held,
    /// The shop took it on.
    Accepted,
    /// Somebody is fetching it from the shelf.
    Picking,
    /// It waits at the desk.
    Ready,
    /// It was handed over.
    Collected,
    /// Part of it was handed over.
    PartiallyCollected,
    /// The shop could not do it.
    Rejected,
    /// The shopper gave it back.
    Cancelled,
    /// The hold ran out before anybody picked it.
    Expired,
    /// It was ready and nobody came in time; the goods stay at the desk until somebody puts them back.
    NoShow,
    /// It was brought back.
    Returned,
    /// A state that a newer server may send.
    #[serde(other)]
    Unknown,
}

impl Status {
    /// All that a server of this version stores.
    pub const ALL: [Status; 11] = [
        Status::Held,
        Status::Accepted,
        Status::Picking,
        Status::Ready,
        Status::Collected,
        Status::PartiallyCollected,
        Status::Rejected,
        Status::Cancelled,
        Status::Expired,
        Status::NoShow,
        Status::Returned,
    ];

    /// The state at `now` of a reservation that is stored with this one: a hold past its time is over even if nobody
    /// has tidied up yet. The hold counts up to, not including, its last instant.
    #[must_use]
    pub fn at(self, now: Timestamp, hold_expires_at: Timestamp) -> Status {
        if now < hold_expires_at { self } else { self.after(Action::Expire).unwrap_or(self) }
    }

    /// Whether the shopper still has something coming.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Status::Held | Status::Accepted | Status::Picking | Status::Ready)
    }

    /// Whether the goods are still on the shelf, where a claim may end by itself.
    #[must_use]
    pub fn is_unpicked(self) -> bool {
        matches!(self, Status::Held | Status::Accepted)
    }

    /// The word in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Held => "held",
            Status::Accepted => "accepted",
            Status::Picking => "picking",
            Status::Ready => "ready",
            Status::Collected => "collected",
            Status::PartiallyCollected => "partially_collected",
            Status::Rejected => "rejected",
            Status::Cancelled => "cancelled",
            Status::Expired => "expired",
            Status::NoShow => "no_show",
            Status::Returned => "returned",
            Status::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_is_over_at_its_last_instant_not_after_it() {
        let end = Timestamp::from_millis(1_000);
        assert_eq!(Status::Held.at(Timestamp::from_millis(999), end), Status::Held);
        assert_eq!(Status::Held.at(end, end), Status::Expired);
        assert_eq!(Status::Picking.at(end, end), Status::Picking);
        assert_eq!(Status::Ready.at(end, end), Status::NoShow);
        assert_eq!(Status::Cancelled.at(end, end), Status::Cancelled);
    }

    #[test]
    fn the_word_in_json_is_the_word_in_the_database() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.as_str()));
        }
        assert_eq!(serde_json::from_str::<Status>("\"beamed\"").unwrap(), Status::Unknown);
    }
}
