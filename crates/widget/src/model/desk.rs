//! The desk, where something is put aside.

use api_contract::Item;
use api_contract::reservation::{Consents, ContactBody, ReservationRequest};
use domain::id::LocationId;
use domain::reservation::{ContactDraft, ContactProblem, Handover};

use super::{Effect, Failure, Field, Model, World, emitted};
use crate::wire::Reservation;

/// The desk, where something is put aside.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// The shop.
    pub shop: LocationId,
    /// Who reserves, as typed.
    pub contact: ContactDraft,
    /// What is wrong with it, once a sending was tried.
    pub problems: Vec<ContactProblem>,
    /// How the sending stands.
    pub sending: Sending,
    /// What was sent without an answer, with its key: sent again it is not done twice.
    wish: Option<(ReservationRequest, String)>,
}

/// How a sending stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Sending {
    /// Not sent.
    Not,
    /// The button was not in sight long enough to be tapped knowingly.
    LookFirst,
    /// On its way.
    OnItsWay,
    /// Not done.
    Failed(Failure),
}

impl Desk {
    /// A desk at which nobody typed anything.
    pub(super) fn at(shop: LocationId) -> Self {
        Self { shop, contact: ContactDraft::default(), problems: Vec::new(), sending: Sending::Not, wish: None }
    }

    pub(super) fn typed(&mut self, field: Field, text: String) {
        match field {
            Field::Place => {}
            Field::Name => self.contact.name = text,
            Field::Email => self.contact.email = text,
        }
        // What was pointed out goes as soon as it is mended; nothing new is pointed out while somebody types.
        let now = self.contact.check().err().unwrap_or_default();
        self.problems.retain(|problem| now.contains(problem));
    }
}

impl Model {
    pub(super) fn leave_desk(&mut self) {
        // What is on its way may have been done: nobody leaves before the answer is there.
        let busy = self.desk.as_ref().is_some_and(|desk| desk.sending == Sending::OnItsWay);
        if !busy {
            (self.desk, self.receipt) = (None, None);
        }
    }

    pub(super) fn confirm(&mut self, world: &World) -> Vec<Effect> {
        let (Some(sku), Some(desk)) = (self.sku().cloned(), &mut self.desk) else { return Vec::new() };
        if desk.sending == Sending::OnItsWay {
            return Vec::new();
        }
        let contact = desk.contact.check();
        desk.problems = contact.as_ref().err().cloned().unwrap_or_default();
        let Ok(contact) = contact else {
            desk.sending = Sending::Not;
            return Vec::new();
        };
        if !world.seen {
            desk.sending = Sending::LookFirst;
            return Vec::new();
        }
        let shop = self.shops.ready().and_then(|shops| shops.iter().find(|shop| shop.location.id == desk.shop));
        let to_the_car = shop.is_some_and(|shop| shop.location.to_car && !shop.location.at_desk);
        let request = ReservationRequest {
            location_id: desk.shop.clone(),
            method: if to_the_car { Handover::Curbside } else { Handover::InStore },
            items: vec![Item { sku, quantity: 1 }],
            contact: ContactBody::from(&contact),
            collector: None,
            pickup_window: None,
            consents: Some(Consents::default()),
            promo_codes: self.options.code.iter().cloned().collect(),
            attribution: self.options.campaign.clone(),
        };
        let known = desk.wish.take().filter(|(known, _)| *known == request);
        let (request, key) = known.unwrap_or_else(|| (request, world.key.clone()));
        desk.wish = Some((request.clone(), key.clone()));
        desk.sending = Sending::OnItsWay;
        vec![Effect::Send(Box::new(request), key)]
    }

    pub(super) fn reserved(&mut self, answer: Result<Box<Reservation>, Failure>) -> Vec<Effect> {
        let (Some(sku), Some(desk)) = (self.sku().cloned(), &mut self.desk) else { return Vec::new() };
        match answer {
            Ok(reservation) => {
                let shop = reservation.location_id.clone();
                self.receipt = Some(reservation);
                self.desk = None;
                vec![emitted("nearshelf:reserved", &[("sku", sku.as_str()), ("location_id", shop.as_str())])]
            }
            Err(failure) => {
                if failure.is_definite() {
                    desk.wish = None;
                }
                let told = emitted("nearshelf:error", &[("kind", failure.name())]);
                let rows = match &failure {
                    Failure::Problem(problem) => problem.rows.clone(),
                    _ => Vec::new(),
                };
                desk.sending = Sending::Failed(failure);
                for row in rows {
                    self.heard(&row.sku, &row.location_id, row.reading);
                }
                vec![told]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use api_contract::problem::ProblemType;
    use domain::inventory::StockState;
    use domain::time::Timestamp;

    use super::super::Event;
    use super::super::example::{NOW, at_desk, id, with_stock};
    use super::*;
    use crate::wire::Problem;

    fn world(key: &str) -> World {
        World { key: key.to_owned(), seen: true, now: Some(Timestamp::from_millis(NOW)) }
    }

    fn problem(kind: ProblemType) -> Failure {
        Failure::Problem(Box::new(Problem { kind: kind.uri().to_owned(), status: kind.status(), rows: Vec::new() }))
    }

    fn sent(effects: &[Effect]) -> Option<(&ReservationRequest, &str)> {
        effects.iter().find_map(|effect| match effect {
            Effect::Send(request, key) => Some((&**request, key.as_str())),
            _ => None,
        })
    }

    #[test]
    fn a_tap_sends_once_with_campaign_and_code_and_a_second_tap_nothing() {
        let mut model = at_desk();
        let effects = model.happened(Event::Confirm, &world("k1"));
        let (request, key) = sent(&effects).unwrap();
        assert_eq!((key, request.promo_codes.as_slice()), ("k1", ["SUMMER10".to_owned()].as_slice()));
        assert_eq!(request.attribution.as_ref().unwrap().campaign.as_deref(), Some("summer"));
        assert!(model.happened(Event::Confirm, &world("k2")).is_empty());
    }

    #[test]
    fn what_was_not_answered_is_sent_again_under_its_key_and_what_was_refused_is_not() {
        let mut model = at_desk();
        model.happened(Event::Confirm, &world("k1"));
        for (failure, key) in [
            (Failure::Offline, "k1"),
            (Failure::TimedOut, "k1"),
            (Failure::Refused, "k1"),
            (problem(ProblemType::InFlight), "k1"),
            (problem(ProblemType::RateLimited), "k1"),
            (problem(ProblemType::Internal), "k1"),
            (problem(ProblemType::InsufficientStock), "fresh"),
        ] {
            model.happened(Event::Reserved(Err(failure.clone())), &World::default());
            assert_eq!(sent(&model.happened(Event::Confirm, &world("fresh"))).unwrap().1, key, "{failure:?}");
        }
        model.happened(Event::Reserved(Err(Failure::Offline)), &World::default());
        model.happened(Event::Typed(Field::Name, "Grace".into()), &World::default());
        let effects = model.happened(Event::Confirm, &world("k9"));
        assert_eq!(sent(&effects).unwrap().1, "k9", "another wish has another key");
    }

    #[test]
    fn success_comes_only_with_the_servers_yes_and_is_told_without_anything_of_a_person() {
        let mut model = at_desk();
        model.happened(Event::Confirm, &world("k1"));
        assert_eq!(model.receipt, None);
        let reservation = Reservation {
            location_id: id("a"),
            code: "K7-4MQ".into(),
            hold_expires_at: Timestamp::from_millis(NOW),
            pass_url: Some("/pickups/r_1#t=secret".into()),
        };
        let effects = model.happened(Event::Reserved(Ok(Box::new(reservation))), &World::default());
        assert!(model.receipt.is_some() && model.desk.is_none());
        let told = format!("{effects:?}");
        for private in ["Ada", "ada@", "K7-4MQ", "secret", "r_1", "45."] {
            assert!(!told.contains(private), "{told}");
        }
    }

    #[test]
    fn a_contact_that_cannot_be_used_is_said_before_anything_is_sent() {
        let mut model = with_stock(&[], &[("a", StockState::Available, Some(4))]);
        model.happened(Event::Reserve(id("a")), &World::default());
        assert!(model.happened(Event::Confirm, &world("k1")).is_empty());
        let problems = |model: &Model| model.desk.as_ref().unwrap().problems.clone();
        assert_eq!(problems(&model), [ContactProblem::NameMissing, ContactProblem::NoWayToReach]);
        model.happened(Event::Typed(Field::Name, "Ada".into()), &World::default());
        assert_eq!(problems(&model), [ContactProblem::NoWayToReach], "what is mended goes at once");
    }

    #[test]
    fn g09_a_button_that_was_not_in_sight_long_enough_sends_nothing() {
        let mut model = at_desk();
        let unseen = World { seen: false, ..world("k1") };
        assert!(model.happened(Event::Confirm, &unseen).is_empty());
        assert_eq!(model.desk.as_ref().unwrap().sending, Sending::LookFirst);
        assert!(sent(&model.happened(Event::Confirm, &world("k1"))).is_some());
    }

    #[test]
    fn nobody_leaves_the_desk_while_an_answer_is_awaited() {
        let mut model = at_desk();
        model.happened(Event::Confirm, &world("k1"));
        model.happened(Event::Back, &World::default());
        assert!(model.desk.is_some());
        model.happened(Event::Reserved(Err(Failure::Offline)), &World::default());
        model.happened(Event::Back, &World::default());
        assert!(model.desk.is_none());
    }
}
