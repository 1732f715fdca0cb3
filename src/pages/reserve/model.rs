//! What the reserve screen decides.

use api_contract::Item;
use api_contract::availability::AvailabilityRow;
use api_contract::reservation::{Consents, ContactBody, ReservationRequest};
use domain::basket::MAX_QUANTITY;
use domain::id::LocationId;
use domain::inventory::{Reading, Shelf, StockState};
use domain::reservation::{ContactDraft, ContactProblem, Handover};

use crate::api::ApiError;

/// What the shopper has filled in so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What is wanted; each with 1 unit or more.
    pub items: Vec<Item>,
    location: LocationId,
    /// Who collects, as typed.
    pub contact: ContactDraft,
    /// Whether messages about this pickup are welcome.
    pub messages: bool,
    /// What is wrong with it, once a sending was tried.
    pub problems: Vec<ContactProblem>,
}

/// How the sending stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Sending {
    /// Nothing was sent.
    Not,
    /// Sent; nobody knows yet.
    OnItsWay,
    /// Not done, and why.
    Refused(ApiError),
}

impl Sending {
    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_on_its_way(&self) -> bool {
        *self == Sending::OnItsWay
    }
}

impl Draft {
    /// Nobody is named yet; messages are agreed to only by a tap.
    #[must_use]
    pub fn new(items: Vec<Item>, location: &LocationId) -> Self {
        Self {
            items,
            location: location.clone(),
            contact: ContactDraft::default(),
            messages: false,
            problems: Vec::new(),
        }
    }

    /// Units of the first thing that is wanted.
    #[must_use]
    pub fn quantity(&self) -> u32 {
        self.items.first().map_or(1, |item| item.quantity)
    }

    /// So many of the first.
    pub fn quantity_chosen(&mut self, quantity: u32) {
        if let Some(item) = self.items.first_mut() {
            item.quantity = quantity;
        }
    }

    /// The shopper takes it at this shop.
    pub fn location_chosen(&mut self, location: LocationId) {
        self.location = location;
    }

    /// The contact changed. A problem that was pointed out goes away as soon as it is mended; no new one is pointed out
    /// while somebody types.
    pub fn contact_changed(&mut self, change: impl FnOnce(&mut ContactDraft)) {
        change(&mut self.contact);
        let now = self.contact.check().err().unwrap_or_default();
        self.problems.retain(|p| now.contains(p));
    }

    /// What is to be sent.
    ///
    /// # Errors
    /// Nothing but the mark that it is not ready: what is wrong is kept in `problems` for the form.
    pub fn check(&mut self) -> Result<ReservationRequest, ()> {
        match self.contact.check() {
            Err(problems) => {
                self.problems = problems;
                Err(())
            }
            Ok(contact) => {
                self.problems.clear();
                Ok(ReservationRequest {
                    location_id: self.location.clone(),
                    method: Handover::InStore,
                    items: self.items.clone(),
                    contact: ContactBody {
                        name: contact.name().to_owned(),
                        email: contact.email().map(str::to_owned),
                        phone: contact.phone().map(str::to_owned),
                    },
                    collector: None,
                    pickup_window: None,
                    consents: Some(Consents { pickup_messages: self.messages, marketing: false }),
                    promo_codes: Vec::new(),
                    attribution: None,
                })
            }
        }
    }

    /// The first of these problems that was found.
    #[must_use]
    pub fn problem_of(&self, among: &[ContactProblem]) -> Option<ContactProblem> {
        self.problems.iter().find(|p| among.contains(p)).copied()
    }
}

/// The most that makes sense to ask for: what the shelf may promise, where that is known.
#[must_use]
pub fn most(reading: Option<Reading>) -> u32 {
    reading.and_then(|r| r.quantity).unwrap_or(MAX_QUANTITY).clamp(1, MAX_QUANTITY)
}

/// Makes a row that answered for several units one that answers for one, as live events do.
pub fn for_one_unit(row: &mut AvailabilityRow) {
    if matches!(row.state, StockState::Available | StockState::Limited | StockState::Unavailable)
        && let Some(units) = row.quantity
    {
        // What may be promised already counts holds and safety stock.
        let shelf = Shelf { on_hand: Some(i64::from(units)), held: 0, safety_stock: 0 };
        (row.state, _) = shelf.answer(1);
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Sku;
    use domain::time::Timestamp;

    use super::*;

    fn draft(name: &str, email: &str) -> Draft {
        let mut draft =
            Draft::new(vec![Item { sku: Sku::new("a").unwrap(), quantity: 1 }], &LocationId::new("lyo").unwrap());
        draft.contact_changed(|c| {
            c.name = name.into();
            c.email = email.into();
        });
        draft
    }

    #[test]
    fn nothing_is_marked_wrong_before_the_button_is_tapped_and_mended_fields_are_unmarked_at_once() {
        let mut draft = draft("", "ada@");
        assert!(draft.problems.is_empty());
        assert!(draft.check().is_err());
        assert_eq!(draft.problems, [ContactProblem::NameMissing, ContactProblem::EmailUnusable]);
        draft.contact_changed(|c| c.name = "Ada".into());
        assert_eq!(draft.problems, [ContactProblem::EmailUnusable]);
    }

    #[test]
    fn a_request_carries_what_was_chosen_and_consent_only_when_given() {
        let mut draft = draft(" Ada ", "ada@example.org");
        draft.quantity_chosen(2);
        draft.location_chosen(LocationId::new("bel").unwrap());
        let request = draft.check().unwrap();
        assert_eq!(request.location_id.as_str(), "bel");
        assert_eq!((request.items.len(), request.items[0].quantity), (1, 2));
        assert_eq!(request.contact.name, "Ada");
        assert_eq!(request.consents, Some(Consents { pickup_messages: false, marketing: false }));
    }

    #[test]
    fn one_can_ask_for_no_more_than_the_shelf_may_promise() {
        let reading =
            |quantity| Some(Reading { state: StockState::Available, quantity, as_of: Timestamp::from_millis(0) });
        assert_eq!(most(reading(Some(3))), 3);
        assert_eq!(most(reading(Some(0))), 1);
        assert_eq!(most(reading(None)), MAX_QUANTITY);
        assert_eq!(most(None), MAX_QUANTITY);
    }
}
