//! What the reserve screen decides.

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityRow};
use api_contract::location::{Location, PickupWindow};
use api_contract::problem::ProblemType;
use api_contract::reservation::{Consents, ContactBody, ReservationRequest};
use domain::basket::MAX_QUANTITY;
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, Shelf, StockState};
use domain::money::Money;
use domain::reservation::{ContactDraft, ContactProblem, Handover};
use domain::time::Timestamp;

use crate::api::ApiError;
use crate::session::BasketLine;

/// A line that is to be put aside.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The product.
    pub sku: Sku,
    /// Units.
    pub quantity: u32,
    /// Its title.
    pub title: String,
    /// Its colour and size.
    pub detail: String,
    /// Its picture.
    pub image: Option<String>,
    /// Its widest category.
    pub category: String,
    /// What it costs in general.
    pub price: Option<Money>,
}

impl Wanted {
    /// As it is sent.
    #[must_use]
    pub fn item(&self) -> Item {
        Item { sku: self.sku.clone(), quantity: self.quantity }
    }
}

/// From where the shopper came, and goes back to.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// From one product.
    Product(Sku),
    /// From the basket; the titles of what stays in it.
    Basket(Vec<String>),
}

/// What of the basket a shop has in full, and the titles of the rest.
#[must_use]
pub fn here(lines: &[BasketLine], stock: &AvailabilityAnswer) -> (Vec<Wanted>, Vec<String>) {
    let is_here = |line: &&BasketLine| stock.rows.iter().any(|row| row.sku == line.sku && row.pickup);
    let (here, rest): (Vec<&BasketLine>, Vec<&BasketLine>) = lines.iter().partition(is_here);
    let wanted = |line: &BasketLine| Wanted {
        sku: line.sku.clone(),
        quantity: line.quantity,
        title: line.title.clone(),
        detail: String::new(),
        image: line.image.clone(),
        category: line.category.clone(),
        price: None,
    };
    (here.into_iter().map(wanted).collect(), rest.into_iter().map(|line| line.title.clone()).collect())
}

/// What the shopper has filled in so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What is wanted; each with 1 unit or more.
    pub items: Vec<Item>,
    location: LocationId,
    /// How it changes hands.
    pub method: Handover,
    window: Option<Timestamp>,
    /// Who reserves, as typed.
    pub contact: ContactDraft,
    /// Who collects, as typed, where it is somebody else.
    pub collector: Option<String>,
    /// What is wrong with that, once a sending was tried.
    pub collector_problem: Option<ContactProblem>,
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

    /// Whether the time that was wished has no place left.
    #[must_use]
    pub fn is_window_full(&self) -> bool {
        matches!(self, Sending::Refused(error) if error.is(ProblemType::PickupWindowFull))
    }
}

impl Draft {
    /// Nobody is named yet; messages are agreed to only by a tap.
    #[must_use]
    pub fn new(items: Vec<Item>, location: &Location) -> Self {
        Self {
            items,
            location: location.id.clone(),
            method: ways(location).first().copied().unwrap_or(Handover::InStore),
            window: None,
            contact: ContactDraft::default(),
            collector: None,
            collector_problem: None,
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

    /// The shopper takes it at this shop. A time that was chosen is one of the shop before.
    pub fn location_chosen(&mut self, location: LocationId) {
        if self.location != location {
            self.location = location;
            self.window = None;
        }
    }

    /// The beginning of the time at which it is fetched; `None` for any time.
    #[must_use]
    pub fn window(&self) -> Option<Timestamp> {
        self.window
    }

    /// The shopper comes at this time.
    pub fn window_chosen(&mut self, window: Option<Timestamp>) {
        self.window = window;
    }

    /// Who collects changed; `None` where it is who reserves.
    pub fn collector_changed(&mut self, collector: Option<String>) {
        self.collector = collector;
        self.collector_problem = self.collector_problem.filter(|problem| self.check_collector() == Err(*problem));
    }

    fn check_collector(&self) -> Result<Option<String>, ContactProblem> {
        let Some(typed) = &self.collector else { return Ok(None) };
        let draft = ContactDraft { name: typed.clone(), ..ContactDraft::default() };
        let of_name = [ContactProblem::NameMissing, ContactProblem::NameUnusable];
        let problem = draft.check().err().into_iter().flatten().find(|problem| of_name.contains(problem));
        problem.map_or_else(|| Ok(Some(typed.trim().to_owned())), Err)
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
        let collector = self.check_collector();
        self.collector_problem = collector.as_ref().err().copied();
        let contact = self.contact.check();
        self.problems = contact.as_ref().err().cloned().unwrap_or_default();
        let (Ok(contact), Ok(collector)) = (contact, collector) else { return Err(()) };
        Ok(ReservationRequest {
            location_id: self.location.clone(),
            method: self.method,
            items: self.items.clone(),
            contact: ContactBody::from(&contact),
            collector,
            pickup_window: self.window,
            consents: Some(Consents { pickup_messages: self.messages, marketing: false }),
            promo_codes: Vec::new(),
            attribution: None,
        })
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

/// The ways in which a shop hands goods over, the desk first.
#[must_use]
pub fn ways(location: &Location) -> Vec<Handover> {
    let offered = |way: &Handover| location.pickup.methods.contains(way);
    [Handover::InStore, Handover::Curbside].into_iter().filter(offered).collect()
}

/// When the last of them is ready; `None` where that is not known of each.
#[must_use]
pub fn ready_by(rows: &[AvailabilityRow]) -> Option<Timestamp> {
    let ready = rows.iter().filter(|row| row.pickup).map(|row| row.ready_by);
    ready.reduce(|one, other| Some(one?.max(other?))).flatten()
}

/// Whether a shelf has fewer by now than are wanted.
#[must_use]
pub fn is_short(reading: Reading, wanted: u32) -> bool {
    match reading.state {
        StockState::Unavailable | StockState::NotCarried => true,
        StockState::Unknown => false,
        StockState::Available | StockState::Limited => reading.quantity.is_some_and(|units| units < wanted),
    }
}

/// The times with room that come next after the one that was wished; those before it only where there are no others.
#[must_use]
pub fn next_windows(windows: &[PickupWindow], wished: Option<Timestamp>, count: usize) -> Vec<PickupWindow> {
    let free = || windows.iter().filter(|window| window.left != Some(0) && Some(window.starts_at) != wished);
    let later: Vec<PickupWindow> = free().filter(|w| Some(w.starts_at) > wished).take(count).cloned().collect();
    if later.is_empty() { free().take(count).cloned().collect() } else { later }
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
    use api_contract::rows::Rows;

    use super::*;
    use crate::nearby::example;

    fn draft(name: &str, email: &str) -> Draft {
        let items = vec![Item { sku: Sku::new("a").unwrap(), quantity: 1 }];
        let mut draft = Draft::new(items, &example::location("lyo"));
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
    fn somebody_else_who_collects_has_a_name_that_is_sent_and_nobody_else_has_none() {
        let mut draft = draft("Ada", "ada@example.org");
        assert_eq!(draft.check().unwrap().collector, None);
        draft.collector_changed(Some(" ".into()));
        assert!(draft.check().is_err());
        assert_eq!(draft.collector_problem, Some(ContactProblem::NameMissing));
        draft.collector_changed(Some(" Łucja".into()));
        assert_eq!(draft.collector_problem, None, "mended fields are unmarked at once");
        assert_eq!(draft.check().unwrap().collector.as_deref(), Some("Łucja"));
        draft.collector_changed(None);
        assert_eq!(draft.check().unwrap().collector, None);
    }

    #[test]
    fn a_time_that_was_agreed_with_one_shop_is_not_asked_of_another() {
        let mut draft = draft("Ada", "ada@example.org");
        draft.window_chosen(Some(Timestamp::from_millis(7)));
        draft.location_chosen(LocationId::new("lyo").unwrap());
        assert_eq!(draft.check().unwrap().pickup_window, Some(Timestamp::from_millis(7)));
        draft.location_chosen(LocationId::new("bel").unwrap());
        assert_eq!(draft.check().unwrap().pickup_window, None);
    }

    #[test]
    fn a_shop_with_one_way_only_is_asked_for_that_way() {
        let mut location = example::location("lyo");
        location.pickup.methods = vec![Handover::Curbside];
        assert_eq!(Draft::new(vec![], &location).method, Handover::Curbside);
        location.pickup.methods = vec![Handover::Curbside, Handover::InStore];
        assert_eq!(Draft::new(vec![], &location).method, Handover::InStore);
    }

    #[test]
    fn in_place_of_a_full_time_the_next_ones_with_room_are_offered() {
        let window = |at: i64, left| PickupWindow {
            starts_at: Timestamp::from_millis(at),
            ends_at: Timestamp::from_millis(at + 1),
            capacity: left,
            left,
        };
        let windows = [window(1, None), window(2, Some(4)), window(3, Some(0)), window(4, Some(1)), window(5, None)];
        let next = |wished, count| {
            let next = next_windows(&windows, Some(Timestamp::from_millis(wished)), count);
            next.iter().map(|window| window.starts_at.millis()).collect::<Vec<_>>()
        };
        assert_eq!(next(2, 3), [4, 5]);
        assert_eq!(next(2, 1), [4]);
        assert_eq!(next(5, 3), [1, 2, 4], "nothing comes later");
    }

    #[test]
    fn a_line_is_short_where_there_are_fewer_by_now_and_not_where_nobody_knows() {
        let reading = |state, quantity| Reading { state, quantity, as_of: Timestamp::from_millis(0) };
        assert!(is_short(reading(StockState::Limited, Some(1)), 2));
        assert!(!is_short(reading(StockState::Limited, Some(2)), 2));
        assert!(is_short(reading(StockState::Unavailable, None), 1));
        assert!(!is_short(reading(StockState::Unknown, None), 1));
    }

    #[test]
    fn what_a_shop_has_not_in_full_stays_in_the_basket() {
        let line = |sku: &str| BasketLine {
            sku: Sku::new(sku).unwrap(),
            quantity: 2,
            title: sku.to_uppercase(),
            image: None,
            category: String::new(),
            seen: None,
        };
        let row = |sku: &str, pickup, ready: Option<i64>| AvailabilityRow {
            sku: Sku::new(sku).unwrap(),
            location_id: LocationId::new("lyo").unwrap(),
            state: StockState::Available,
            quantity: None,
            quantity_kind: api_contract::availability::QuantityKind::default(),
            pickup,
            reason: None,
            ready_by: ready.map(Timestamp::from_millis),
            aisle: None,
            price: None,
            regular_price: None,
            counted_at: None,
            as_of: Timestamp::from_millis(0),
        };
        let rows = vec![row("a", true, Some(3)), row("b", false, None), row("c", true, Some(9))];
        assert_eq!(ready_by(&rows), Some(Timestamp::from_millis(9)));
        let stock =
            AvailabilityAnswer { as_of: Timestamp::from_millis(0), rows: rows.into(), baskets: Rows::default() };
        let (wanted, stays) = here(&[line("a"), line("b"), line("c"), line("d")], &stock);
        assert_eq!(wanted.iter().map(|w| w.sku.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(stays, ["B", "D"]);
        assert_eq!(ready_by(&[row("a", true, Some(3)), row("b", true, None)]), None);
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
