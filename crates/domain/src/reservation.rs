//! A reservation is what a shopper has; a hold is the timed claim on stock that stands behind it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::{HOUR_MS, Timestamp};

/// How long a hold lasts where the retailer says nothing else.
pub const HOLD_MS: i64 = 48 * HOUR_MS;

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
    /// It was ready and nobody came.
    NoShow,
    /// It was brought back.
    Returned,
    /// A state that a newer server may send.
    #[serde(other)]
    Unknown,
}

/// What can happen to a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The shopper gives it back.
    Cancel,
    /// Its time is over.
    Expire,
}

/// The action is not possible in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTransition {
    /// The state in which it was tried.
    pub from: Status,
    /// What was tried.
    pub action: Action,
}

impl Status {
    /// The state after an action. Cancelling what is cancelled changes nothing and is no error.
    ///
    /// # Errors
    /// [`InvalidTransition`] where the action is not possible.
    pub fn after(self, action: Action) -> Result<Status, InvalidTransition> {
        match (self, action) {
            (Status::Held | Status::Accepted | Status::Cancelled, Action::Cancel) => Ok(Status::Cancelled),
            // Picked goods are on the desk, not on the shelf: only a person puts them back.
            (Status::Held | Status::Accepted | Status::Expired, Action::Expire) => Ok(Status::Expired),
            (from, action) => Err(InvalidTransition { from, action }),
        }
    }

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

/// How the goods change hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// At the pickup desk.
    InStore,
    /// Brought out to the car.
    Curbside,
}

/// The letters and digits of a pickup code: none that is taken for another when read aloud or off a screen, and no
/// vowels, so that no code is a word.
const CODE_ALPHABET: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";

/// The short code that a shopper shows at the desk, `K7-4MQ`. It names a reservation to the staff of its shop and opens
/// nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PickupCode(String);

impl PickupCode {
    /// A code from five random bytes; about 17 million different ones.
    #[must_use]
    pub fn from_random(bytes: [u8; 5]) -> Self {
        let mut text: String =
            bytes.iter().map(|b| char::from(CODE_ALPHABET[usize::from(*b) % CODE_ALPHABET.len()])).collect();
        text.insert(2, '-');
        Self(text)
    }

    /// The code with its dash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PickupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who collects, as typed; nothing is trimmed or refused while somebody types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactDraft {
    /// A name for the desk.
    pub name: String,
    /// Where messages go.
    pub email: String,
    /// Where messages go, or whom the shop calls.
    pub phone: String,
}

/// A contact that was checked: a name, and at least one of e-mail and phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

/// What is wrong with a field of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactProblem {
    /// There is no name.
    NameMissing,
    /// The name is longer than 80 characters or has control characters.
    NameUnusable,
    /// Neither e-mail nor phone was given.
    NoWayToReach,
    /// The e-mail address cannot be one.
    EmailUnusable,
    /// The phone number cannot be one.
    PhoneUnusable,
}

impl fmt::Display for ContactProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ContactProblem::NameMissing => "the name is missing",
            ContactProblem::NameUnusable => "the name is longer than 80 characters or has control characters",
            ContactProblem::NoWayToReach => "an e-mail address or a phone number is needed",
            ContactProblem::EmailUnusable => "this is not an e-mail address",
            ContactProblem::PhoneUnusable => "this is not a phone number",
        })
    }
}

impl ContactDraft {
    /// Trims and checks.
    ///
    /// # Errors
    /// Every problem at once, in the order of the fields, so that a form can mark all of them.
    pub fn check(&self) -> Result<Contact, Vec<ContactProblem>> {
        let (name, email, phone) = (self.name.trim(), self.email.trim(), self.phone.trim());
        let mut problems = Vec::new();
        if name.is_empty() {
            problems.push(ContactProblem::NameMissing);
        } else if name.chars().count() > 80 || name.chars().any(char::is_control) {
            problems.push(ContactProblem::NameUnusable);
        }
        if email.is_empty() && phone.is_empty() {
            problems.push(ContactProblem::NoWayToReach);
        }
        if !email.is_empty() && !looks_like_email(email) {
            problems.push(ContactProblem::EmailUnusable);
        }
        if !phone.is_empty() && !looks_like_phone(phone) {
            problems.push(ContactProblem::PhoneUnusable);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(Contact { name: name.to_owned(), email: given(email), phone: given(phone) })
    }
}

impl Contact {
    /// 1 to 80 characters.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The e-mail address, if one was given.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The phone number, if one was given.
    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }
}

/// Whether mail could be sent there at all. Only the mail server knows more, so this refuses little.
fn looks_like_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = |t: &str| t.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let labels = host.split('.').collect::<Vec<_>>();
    text.len() <= 254
        && !local.is_empty()
        && plain(text)
        && !local.contains('@')
        && labels.len() >= 2
        && labels.iter().all(|l| !l.is_empty())
}

/// 5 to 20 digits with the marks that people write between them.
fn looks_like_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (5..=20).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -./()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Status; 11] = [
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

    #[test]
    fn only_what_nobody_picked_can_be_cancelled_or_expire() {
        let can = |action| ALL.iter().filter(|s| s.after(action).is_ok()).copied().collect::<Vec<_>>();
        assert_eq!(can(Action::Cancel), [Status::Held, Status::Accepted, Status::Cancelled]);
        assert_eq!(can(Action::Expire), [Status::Held, Status::Accepted, Status::Expired]);
    }

    #[test]
    fn a_hold_is_over_at_its_last_instant_not_after_it() {
        let end = Timestamp::from_millis(1_000);
        assert_eq!(Status::Held.at(Timestamp::from_millis(999), end), Status::Held);
        assert_eq!(Status::Held.at(end, end), Status::Expired);
        assert_eq!(Status::Ready.at(end, end), Status::Ready);
        assert_eq!(Status::Cancelled.at(end, end), Status::Cancelled);
    }

    #[test]
    fn the_word_in_json_is_the_word_in_the_database() {
        for status in ALL {
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.as_str()));
        }
        assert_eq!(serde_json::from_str::<Status>("\"beamed\"").unwrap(), Status::Unknown);
    }

    #[test]
    fn a_code_can_be_read_aloud() {
        let code = PickupCode::from_random([0, 1, 27, 28, 255]);
        assert_eq!(code.as_str(), "23-Z25");
    }

    fn check(name: &str, email: &str, phone: &str, expect: &[ContactProblem]) {
        let draft = ContactDraft { name: name.into(), email: email.into(), phone: phone.into() };
        let got = draft.check();
        assert_eq!(got.as_ref().err().map_or(&[][..], Vec::as_slice), expect, "{draft:?}");
    }

    #[test]
    fn a_contact_needs_a_name_and_a_way_to_reach_it() {
        use ContactProblem as P;
        check(" Ada ", "ada@example.org", "", &[]);
        check("Ada", "", "+33 1 99 00 12 34", &[]);
        check("Łucja Żółć", "", "601 234 567", &[]);
        check("", "", "", &[P::NameMissing, P::NoWayToReach]);
        check("Ada", "ada@", "", &[P::EmailUnusable]);
        check("Ada", "a b@example.org", "", &[P::EmailUnusable]);
        check("Ada", "ada@example", "", &[P::EmailUnusable]);
        check("Ada", "", "call me", &[P::PhoneUnusable]);
        check("Ada", "ada@example.org", "12", &[P::PhoneUnusable]);
        check("A\u{0}da", "ada@example.org", "", &[P::NameUnusable]);
        check(&"x".repeat(81), "ada@example.org", "", &[P::NameUnusable]);
    }
}
