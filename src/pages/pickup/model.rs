//! What the owner of a pass may do with it, and how that is said.

use api_contract::Item;
use api_contract::availability::AvailabilityAnswer;
use api_contract::location::Location;
use api_contract::problem::ProblemType;
use api_contract::reservation::{ArrivalRequest, Phase, Reservation, ReservationChange};
use domain::id::Sku;
use domain::reservation::{Action, ContactDraft, ContactProblem, Handover, Status};
use domain::time::Timestamp;

use crate::api::ApiError;
use crate::nearby::Shop;
use crate::text;

/// Something that is asked of the server.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ask {
    Cancel,
    Extend,
    Collector(String),
    Move(Box<Location>),
    Release(Sku),
    Arrival(ArrivalRequest),
}

/// The same without what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Cancel,
    Extend,
    Collector,
    Move,
    Release,
    OnTheWay,
    Here,
}

/// How the asking stands. Nothing is said to be done before the server said so.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asking {
    Nothing,
    OnItsWay(Kind),
    Done(Kind),
    Refused(Kind, ApiError),
}

/// What is asked of the server for an [`Ask`].
pub(super) enum Message {
    Change(ReservationChange),
    Arrival(ArrivalRequest),
}

impl Ask {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Ask::Cancel => Kind::Cancel,
            Ask::Extend => Kind::Extend,
            Ask::Collector(_) => Kind::Collector,
            Ask::Move(_) => Kind::Move,
            Ask::Release(_) => Kind::Release,
            Ask::Arrival(arrival) if arrival.phase == Phase::OnTheWay => Kind::OnTheWay,
            Ask::Arrival(_) => Kind::Here,
        }
    }

    pub(super) fn message(&self) -> Message {
        Message::Change(match self.clone() {
            Ask::Cancel => ReservationChange::Cancel {},
            Ask::Extend => ReservationChange::Extend {},
            Ask::Collector(collector) => ReservationChange::SetCollector { collector },
            Ask::Move(location) => ReservationChange::ChangeLocation { location_id: location.id },
            Ask::Release(sku) => ReservationChange::ReleaseLine { sku, quantity: None },
            Ask::Arrival(arrival) => return Message::Arrival(arrival),
        })
    }
}

impl Kind {
    /// Whether its button is on the ticket or right under it.
    pub(super) fn is_at_ticket(self) -> bool {
        matches!(self, Kind::Release | Kind::OnTheWay | Kind::Here)
    }
}

impl Asking {
    fn kind(&self) -> Option<Kind> {
        match self {
            Asking::Nothing => None,
            Asking::OnItsWay(kind) | Asking::Done(kind) | Asking::Refused(kind, _) => Some(*kind),
        }
    }

    /// Whether it is said at the ticket, or else where the pickup is changed: near the button that was tapped.
    pub(super) fn is_said(&self, at_ticket: bool) -> bool {
        self.kind().is_some_and(|kind| kind.is_at_ticket() == at_ticket)
    }

    pub(super) fn is_on_its_way(&self) -> bool {
        matches!(self, Asking::OnItsWay(_))
    }

    /// Whether an answer to this very question is awaited.
    pub(super) fn awaits(&self, kind: Kind) -> bool {
        *self == Asking::OnItsWay(kind)
    }
}

/// Which buttons a pass has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // one for each button
pub(super) struct Offers {
    pub(super) cancel: bool,
    pub(super) extend: bool,
    pub(super) collector: bool,
    pub(super) shop: bool,
    pub(super) release: bool,
    pub(super) on_the_way: bool,
    pub(super) here: bool,
}

/// What its owner may do with a reservation, by the table that the server goes by.
pub(super) fn offers(reservation: &Reservation, status: Status) -> Offers {
    let may = |action: Action| status.is_active() && status.after(action).is_ok();
    let phase = reservation.arrival.as_ref().map(|arrival| arrival.phase);
    let lines = reservation.items.iter().filter(|item| item.quantity > item.collected + item.rejected).count();
    Offers {
        cancel: may(Action::Cancel),
        extend: may(Action::Extend) && reservation.can_extend,
        collector: may(Action::SetCollector),
        shop: may(Action::ChangeLocation),
        // The last line is the whole pickup: that is given back with "cancel", which says so.
        release: may(Action::ReleaseLine) && lines > 1,
        on_the_way: may(Action::Arrive) && phase.is_none(),
        here: may(Action::Arrive) && phase != Some(Phase::Arrived),
    }
}

/// What is still waiting for its owner.
pub(super) fn left(reservation: &Reservation) -> Vec<Item> {
    let left = |item: &api_contract::reservation::ReservedItem| {
        let quantity = item.quantity.saturating_sub(item.collected + item.rejected);
        (quantity > 0).then(|| Item { sku: item.sku.clone(), quantity })
    };
    reservation.items.iter().filter_map(left).collect()
}

/// Why something is not offered that one would look for.
pub(super) fn not_offered(reservation: &Reservation, status: Status) -> Vec<&'static str> {
    if !status.is_active() {
        return Vec::new();
    }
    let picked = (!status.is_unpicked()).then(text::pickup_picked_stays);
    let extended = (!reservation.can_extend).then(text::pickup_extended_before);
    extended.into_iter().chain(picked).collect()
}

/// The name of who collects, as it is sent.
pub(super) fn collector(typed: &str) -> Result<String, ContactProblem> {
    let draft = ContactDraft { name: typed.to_owned(), ..ContactDraft::default() };
    let problems = draft.check().err().unwrap_or_default();
    let of_name = [ContactProblem::NameMissing, ContactProblem::NameUnusable];
    problems.into_iter().find(|problem| of_name.contains(problem)).map_or_else(|| Ok(typed.trim().to_owned()), Err)
}

/// A shop that has all of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Other {
    pub(super) shop: Shop,
    /// When it would be ready there, where that is known of each line.
    pub(super) ready_by: Option<Timestamp>,
}

/// Whether a shop hands goods over in this way.
pub(super) fn hands_over(location: &Location, method: Handover) -> bool {
    location.pickup.enabled && location.pickup.methods.contains(&method)
}

/// The shops that have every line in full now, in the order in which they were given.
pub(super) fn elsewhere(shops: &[Shop], items: &[Item], stock: &AvailabilityAnswer) -> Vec<Other> {
    let has_all = |shop: &Shop| {
        let rows = items.iter().map(|item| {
            stock.rows.iter().find(|row| row.location_id == shop.location.id && row.sku == item.sku && row.pickup)
        });
        let rows = rows.collect::<Option<Vec<_>>>()?;
        let ready_by = rows.iter().map(|row| row.ready_by).reduce(|one, other| Some(one?.max(other?))).flatten();
        Some(Other { shop: shop.clone(), ready_by })
    };
    shops.iter().filter_map(has_all).collect()
}

/// What the button says while an answer is awaited.
pub(super) fn pending(kind: Kind) -> &'static str {
    match kind {
        Kind::Cancel | Kind::Release => text::pickup_cancelling(),
        Kind::Extend => text::pickup_extending(),
        Kind::Collector => text::pickup_naming(),
        Kind::Move => text::pickup_moving(),
        Kind::OnTheWay | Kind::Here => text::pickup_telling(),
    }
}

/// What was done, once the server said so; `until` is when the goods are put back, `shop` where they are.
pub(super) fn done(kind: Kind, reservation: &Reservation, until: &str, shop: &str) -> String {
    match kind {
        Kind::Cancel => text::pickup_done_cancel().to_owned(),
        Kind::Release => text::pickup_done_release().to_owned(),
        Kind::Extend => text::pickup_done_extend(until),
        Kind::Collector => text::pickup_done_collector(&reservation.collector),
        Kind::Move => text::pickup_done_move(shop, until, &reservation.code),
        Kind::OnTheWay => text::pickup_done_on_the_way().to_owned(),
        Kind::Here => text::pickup_done_here().to_owned(),
    }
}

/// Why it was not done, where this screen knows better words than the server has.
pub(super) fn refusal(kind: Kind, error: &ApiError) -> Option<&'static str> {
    use ProblemType as P;
    let is = |problem: P| error.is(problem);
    Some(match kind {
        _ if matches!(error, ApiError::Offline | ApiError::TimedOut) => text::pickup_no_answer(),
        _ if is(P::HoldExpired) => text::pickup_hold_over(),
        Kind::Move | Kind::Release if is(P::InvalidTransition) => text::pickup_picked_stays(),
        _ if is(P::InvalidTransition) => text::pickup_too_late(),
        _ if is(P::AlreadyExtended) => text::pickup_extended_before(),
        Kind::Move if is(P::InsufficientStock) => text::pickup_move_gone(),
        Kind::Move if is(P::PickupUnavailable) || is(P::UnknownLocation) => text::pickup_move_impossible(),
        Kind::Release if is(P::UnknownLine) => text::pickup_line_gone(),
        Kind::Collector if is(P::InvalidRequest) => text::pickup_collector_unusable(),
        Kind::OnTheWay | Kind::Here if is(P::InvalidRequest) => text::pickup_arrival_unusable(),
        _ => return None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use api_contract::availability::AvailabilityRow;
    use api_contract::problem::Problem;
    use api_contract::reservation::{Arrival, ReservedItem};
    use api_contract::rows::Rows;
    use domain::id::{LocationId, ReservationId};
    use domain::inventory::StockState;

    use super::*;
    use crate::nearby::example;

    pub(crate) fn reservation(skus: &[&str]) -> Reservation {
        let item = |sku: &&str| ReservedItem {
            sku: Sku::new(*sku).unwrap(),
            quantity: 2,
            title: (*sku).to_uppercase(),
            variant: None,
            price: None,
            image: None,
            collected: 0,
            rejected: 0,
            returned: 0,
            reason: None,
        };
        Reservation {
            id: ReservationId::new("r_1").unwrap(),
            code: "K7-4MQ".to_owned(),
            status: Status::Held,
            method: Handover::InStore,
            location_id: LocationId::new("lyo").unwrap(),
            items: skus.iter().map(item).collect(),
            collector: "Ada".to_owned(),
            created_at: Timestamp::from_millis(0),
            hold_expires_at: Timestamp::from_millis(172_800_000),
            ready_by: None,
            pickup_from: None,
            pickup_until: None,
            manage_token: None,
            can_extend: true,
            arrival: None,
            pass_url: None,
        }
    }

    #[test]
    fn a_pass_offers_what_the_server_would_do_and_nothing_else() {
        let one = reservation(&["a"]);
        let all = Offers {
            cancel: true,
            extend: true,
            collector: true,
            shop: true,
            release: false,
            on_the_way: true,
            here: true,
        };
        assert_eq!(offers(&one, Status::Held), all);
        assert!(offers(&reservation(&["a", "b"]), Status::Accepted).release);
        let ready = offers(&reservation(&["a", "b"]), Status::Ready);
        assert!(!ready.shop && !ready.release && ready.cancel && ready.here);
        for over in [Status::Cancelled, Status::Expired, Status::Collected, Status::NoShow, Status::Unknown] {
            assert_eq!(offers(&one, over), Offers::default(), "{over:?}");
        }
    }

    #[test]
    fn what_is_not_offered_is_explained_while_there_is_something_to_collect() {
        let mut one = reservation(&["a"]);
        assert!(not_offered(&one, Status::Held).is_empty());
        one.can_extend = false;
        assert_eq!(not_offered(&one, Status::Ready).len(), 2);
        assert!(not_offered(&one, Status::Expired).is_empty());
    }

    #[test]
    fn who_said_that_they_come_is_not_asked_again() {
        let mut one = reservation(&["a"]);
        let mut said = |phase| {
            one.arrival = Some(Arrival { phase, bay: None, vehicle: None, at: Timestamp::from_millis(0) });
            let offers = offers(&one, Status::Ready);
            (offers.on_the_way, offers.here)
        };
        assert_eq!(said(Phase::OnTheWay), (false, true));
        assert_eq!(said(Phase::Arrived), (false, false));
    }

    #[test]
    fn the_name_of_who_collects_is_trimmed_and_checked() {
        assert_eq!(collector("  Łucja "), Ok("Łucja".to_owned()));
        assert_eq!(collector(" "), Err(ContactProblem::NameMissing));
        assert_eq!(collector(&"x".repeat(81)), Err(ContactProblem::NameUnusable));
    }

    #[test]
    fn only_a_shop_that_has_every_line_is_another_way() {
        let row = |shop: &str, sku: &str, pickup, ready: i64| AvailabilityRow {
            sku: Sku::new(sku).unwrap(),
            location_id: LocationId::new(shop).unwrap(),
            state: if pickup { StockState::Available } else { StockState::Unavailable },
            quantity: None,
            quantity_kind: api_contract::availability::QuantityKind::default(),
            pickup,
            reason: None,
            ready_by: Some(Timestamp::from_millis(ready)),
            aisle: None,
            price: None,
            regular_price: None,
            counted_at: None,
            as_of: Timestamp::from_millis(0),
        };
        let rows = vec![
            row("near", "a", true, 1),
            row("near", "b", false, 1),
            row("far", "a", true, 1),
            row("far", "b", true, 7),
        ];
        let stock =
            AvailabilityAnswer { as_of: Timestamp::from_millis(0), rows: rows.into(), baskets: Rows::default() };
        let shops = [example::shop("near", 900), example::shop("far", 5_000), example::shop("unknown", 6_000)];
        let found = elsewhere(&shops, &left(&reservation(&["a", "b"])), &stock);
        let found: Vec<_> =
            found.iter().map(|o| (o.shop.location.id.as_str(), o.ready_by.map(Timestamp::millis))).collect();
        assert_eq!(found, [("far", Some(7))]);
    }

    #[test]
    fn each_refusal_has_its_own_words_and_silence_is_none() {
        let said = |kind, problem| refusal(kind, &ApiError::Problem(Box::new(Problem::new(problem, ""))));
        let all = [
            said(Kind::Extend, ProblemType::AlreadyExtended),
            said(Kind::Move, ProblemType::InsufficientStock),
            said(Kind::Move, ProblemType::PickupUnavailable),
            said(Kind::Move, ProblemType::InvalidTransition),
            said(Kind::Cancel, ProblemType::InvalidTransition),
            said(Kind::Release, ProblemType::UnknownLine),
            said(Kind::Here, ProblemType::HoldExpired),
            refusal(Kind::Extend, &ApiError::TimedOut),
        ];
        let mut unique: Vec<_> = all.iter().flatten().collect();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), all.len(), "{all:?}");
        assert_eq!(said(Kind::Move, ProblemType::Internal), None, "the words for every screen say that");
    }

    #[test]
    fn what_was_collected_is_not_moved() {
        let mut two = reservation(&["a", "b"]);
        two.items[0].collected = 2;
        two.items[1].rejected = 1;
        let left: Vec<_> = left(&two).into_iter().map(|item| (item.sku.to_string(), item.quantity)).collect();
        assert_eq!(left, [("b".to_owned(), 1)]);
    }
}
