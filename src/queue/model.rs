//! What may happen to a reservation that is not answered yet, without a browser.

use api_contract::availability::AvailabilityRow;
use api_contract::problem::Problem;
use api_contract::reservation::ReservationRequest;
use domain::id::Sku;
use domain::money::Money;
use domain::time::{MINUTE_MS, Timestamp};
use serde::{Deserialize, Serialize};

/// A wish is sent by itself, and keeps its key, for this long after the shopper's tap; after that the shopper is asked.
pub const SENT_FOR_MS: i64 = 15 * MINUTE_MS;

/// A tap that lies so far ahead was stamped by a clock that was wrong: nobody knows how old it is.
const AHEAD_MS: i64 = 2 * MINUTE_MS;

/// One thing that is wanted, with what the shopper saw of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Good {
    /// The product.
    pub sku: Sku,
    /// Its title.
    pub title: String,
    /// What one cost there; `None` where that was not known.
    pub price: Option<Money>,
}

/// Where a wish stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The desk sends it, or has sent it and got no answer; only a tap there sends it again.
    AtDesk,
    /// The shopper said: send it when there is a network.
    Waiting,
    /// On its way; nobody knows yet.
    Sending,
    /// Not sent for too long: the shopper is asked.
    TooOld,
    /// It costs something else by now: the shopper is asked.
    PriceChanged,
    /// The shop has too few by now: the shopper is asked.
    ShortNow,
    /// The server said no.
    Refused,
}

/// A reservation that the shopper wants and of which the server has not said yes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    /// Names this one intention, however often it is sent.
    pub key: String,
    /// What is sent.
    pub request: ReservationRequest,
    /// When the shopper tapped, by the server's clock as far as it was known.
    pub at: Timestamp,
    /// Where it stands.
    pub stage: Stage,
    /// Whether a byte of it may have left: then the server may have said yes without being heard.
    pub sent: bool,
    /// The goods as the shopper saw them.
    pub goods: Vec<Good>,
    /// The shop's name.
    pub shop: String,
    /// Whether they lie in the basket until the server says yes.
    pub from_basket: bool,
    /// The shopper knows that there are too few, and wants it tried.
    #[serde(default)]
    pub tried_anyway: bool,
    /// What they cost by now, where that is what the shopper is asked about.
    #[serde(default)]
    pub now: Vec<Option<Money>>,
    /// Why the server said no.
    #[serde(default)]
    pub refusal: Option<Problem>,
}

/// What happens to a wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The shopper is done waiting at the desk.
    LeftForLater,
    /// There is a network, and this tab is the one that sends.
    NetworkBack,
    /// What the shop has of it now.
    Looked(Vec<AvailabilityRow>),
    /// The server said yes.
    Answered,
    /// The server said no.
    Refused(Box<Problem>),
    /// No answer came.
    Unanswered,
    /// Time passes.
    TimePassed,
    /// The shopper was asked, and wants it still.
    ConfirmedAgain,
    /// The shopper does not want it any more.
    Dropped,
}

impl Wish {
    /// What becomes of it at this instant; `None` where it is over.
    #[must_use]
    pub fn after(mut self, event: Event, now: Timestamp) -> Option<Self> {
        match (self.stage, event) {
            (Stage::Sending, Event::Dropped) => {}
            (_, Event::Dropped) => return None,
            (_, Event::Answered) => return None,
            // The desk shows the refusal itself.
            (Stage::AtDesk, Event::Refused(_)) => return None,
            (_, Event::Refused(problem)) => {
                self.stage = Stage::Refused;
                self.refusal = Some(*problem);
            }
            (Stage::AtDesk, Event::LeftForLater) => self.stage = Stage::Waiting,
            (Stage::AtDesk, Event::TimePassed) if self.is_too_old(now) => return None,
            (Stage::Waiting, Event::TimePassed | Event::NetworkBack) if self.is_too_old(now) => {
                self.stage = Stage::TooOld;
            }
            (Stage::Waiting, Event::NetworkBack) => self.stage = Stage::Sending,
            (Stage::Sending, Event::Looked(rows)) => self.looked(&rows, now),
            (Stage::Sending, Event::Unanswered) => self.stage = Stage::Waiting,
            (Stage::TooOld | Stage::PriceChanged | Stage::ShortNow, Event::ConfirmedAgain) => self.confirmed(now),
            // Anything else comes too late, or from a tab that does not know yet.
            _ => {}
        }
        Some(self)
    }

    /// Just before the first byte: by now the server's clock is known, and what the shop has.
    fn looked(&mut self, rows: &[AvailabilityRow], now: Timestamp) {
        let row = |sku: &Sku| rows.iter().find(|row| row.sku == *sku);
        let prices: Vec<Option<Money>> =
            self.goods.iter().map(|good| row(&good.sku).and_then(|row| row.price)).collect();
        let dearer = self.goods.iter().zip(&prices).any(|(good, now)| match (good.price, now) {
            (Some(seen), Some(now)) => seen != *now,
            _ => false,
        });
        // What was sent may be held already: then it is our own claim that makes the shelf short.
        let short = !self.sent && !self.tried_anyway && rows.iter().any(|row| !row.pickup);
        if self.is_too_old(now) {
            self.stage = Stage::TooOld;
        } else if dearer {
            self.stage = Stage::PriceChanged;
            self.now = prices;
        } else if short {
            self.stage = Stage::ShortNow;
        } else {
            self.sent = true;
        }
    }

    /// The key stays: if the server said yes and was not heard, it says so again instead of doing it twice.
    fn confirmed(&mut self, now: Timestamp) {
        for (good, price) in self.goods.iter_mut().zip(std::mem::take(&mut self.now)) {
            good.price = price.or(good.price);
        }
        self.tried_anyway |= self.stage == Stage::ShortNow;
        self.at = now;
        self.stage = Stage::Waiting;
    }

    /// Whether it may not be sent without asking.
    #[must_use]
    pub fn is_too_old(&self, now: Timestamp) -> bool {
        !(-AHEAD_MS..=SENT_FOR_MS).contains(&now.since(self.at))
    }

    /// Whether the shopper is asked whether it is still wanted.
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(self.stage, Stage::TooOld | Stage::PriceChanged | Stage::ShortNow)
    }

    /// Whether the shopper left it here; what is at the desk is shown there.
    #[must_use]
    pub fn is_queued(&self) -> bool {
        self.stage != Stage::AtDesk
    }

    /// Whether it will be sent without another tap.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Sending)
    }
}

/// The shopper taps the button. The same wish that was not answered a short while ago keeps its key, wherever it was
/// left; answers the key to send.
pub fn tapped(wishes: &mut Vec<Wish>, mut wish: Wish) -> String {
    let now = wish.at;
    let known = wishes.iter().position(|known| known.request == wish.request && known.stage != Stage::Refused);
    if let Some(known) = known.map(|place| wishes.remove(place)) {
        // One that asks was not answered either: sent under another key it could be done twice.
        if known.asks() || !known.is_too_old(now) {
            wish.key = known.key;
            wish.sent |= known.sent;
        }
    }
    // The last one at the desk counts: there is one desk in front of a shopper.
    wishes.retain(|known| known.stage != Stage::AtDesk);
    let key = wish.key.clone();
    wishes.push(wish);
    key
}

/// Something happens to the wish with this key.
pub fn happened(wishes: &mut Vec<Wish>, key: &str, event: Event, now: Timestamp) {
    let Some(place) = wishes.iter().position(|wish| wish.key == key) else { return };
    let wish = wishes.remove(place);
    if let Some(wish) = wish.after(event, now) {
        wishes.insert(place, wish);
    }
}

/// Time passes for all of them.
pub fn time_passed(wishes: &mut Vec<Wish>, now: Timestamp) {
    *wishes = std::mem::take(wishes).into_iter().filter_map(|wish| wish.after(Event::TimePassed, now)).collect();
}

/// This tab is the only one that sends: what another one was sending when it died goes on.
pub fn nobody_else_sends(wishes: &mut [Wish]) {
    for wish in wishes.iter_mut().filter(|wish| wish.stage == Stage::Sending) {
        wish.stage = Stage::Waiting;
    }
}

/// Takes the oldest one that waits, to be sent.
pub fn network_back(wishes: &mut [Wish], now: Timestamp) -> Option<Wish> {
    for wish in wishes.iter_mut().filter(|wish| wish.stage == Stage::Waiting) {
        if let Some(next) = wish.clone().after(Event::NetworkBack, now) {
            *wish = next;
        }
        if wish.stage == Stage::Sending {
            return Some(wish.clone());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use api_contract::Item;
    use api_contract::availability::QuantityKind;
    use api_contract::problem::ProblemType;
    use api_contract::reservation::ContactBody;
    use domain::id::LocationId;
    use domain::inventory::StockState;
    use domain::reservation::Handover;

    use super::*;

    const TAP: i64 = 1_000_000_000;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(TAP + minutes * MINUTE_MS)
    }

    fn euros(cents: i64) -> Option<Money> {
        serde_json::from_value(serde_json::json!({"amount": cents, "currency": "EUR"})).unwrap()
    }

    fn wish(stage: Stage) -> Wish {
        let sku = Sku::new("a").unwrap();
        Wish {
            key: "k1".into(),
            request: ReservationRequest {
                location_id: LocationId::new("lyo").unwrap(),
                method: Handover::InStore,
                items: vec![Item { sku: sku.clone(), quantity: 1 }],
                contact: ContactBody { name: "Ada".into(), email: Some("ada@example.org".into()), phone: None },
                collector: None,
                pickup_window: None,
                consents: None,
                promo_codes: vec![],
                attribution: None,
            },
            at: at(0),
            stage,
            sent: false,
            goods: vec![Good { sku, title: "Tent".into(), price: euros(100) }],
            shop: "Part-Dieu".into(),
            from_basket: false,
            tried_anyway: false,
            now: vec![],
            refusal: None,
        }
    }

    fn row(cents: i64, pickup: bool) -> AvailabilityRow {
        AvailabilityRow {
            sku: Sku::new("a").unwrap(),
            location_id: LocationId::new("lyo").unwrap(),
            state: StockState::Available,
            quantity: None,
            quantity_kind: QuantityKind::default(),
            pickup,
            reason: None,
            ready_by: None,
            aisle: None,
            price: euros(cents),
            regular_price: None,
            counted_at: None,
            as_of: at(0),
        }
    }

    fn problem() -> Box<Problem> {
        Box::new(Problem::new(ProblemType::InsufficientStock, "none left"))
    }

    const ALL: [Stage; 7] = [
        Stage::AtDesk,
        Stage::Waiting,
        Stage::Sending,
        Stage::TooOld,
        Stage::PriceChanged,
        Stage::ShortNow,
        Stage::Refused,
    ];

    #[test]
    fn e08_only_what_waits_is_sent_and_what_is_on_its_way_is_not_sent_beside() {
        for stage in ALL {
            let mut wishes = vec![wish(stage)];
            let sent = network_back(&mut wishes, at(1)).is_some();
            assert_eq!(sent, stage == Stage::Waiting, "{stage:?}");
            assert_eq!(network_back(&mut wishes, at(1)), None, "{stage:?} is not sent twice");
        }
    }

    #[test]
    fn e08_without_an_answer_it_is_sent_again_under_its_key_and_a_yes_ends_it() {
        let mut wishes = vec![wish(Stage::Waiting)];
        for _ in 0..3 {
            let sending = network_back(&mut wishes, at(1)).unwrap();
            assert_eq!(sending.key, "k1");
            happened(&mut wishes, "k1", Event::Looked(vec![row(100, true)]), at(1));
            happened(&mut wishes, "k1", Event::Unanswered, at(1));
        }
        assert!(wishes[0].sent);
        network_back(&mut wishes, at(1)).unwrap();
        happened(&mut wishes, "k1", Event::Answered, at(1));
        assert!(wishes.is_empty());
        happened(&mut wishes, "k1", Event::Unanswered, at(1));
        assert!(wishes.is_empty(), "a late word brings nothing back");
    }

    #[test]
    fn e08_a_shelf_that_our_own_claim_emptied_does_not_hold_the_second_sending_back() {
        let mut again = wish(Stage::Sending);
        again.sent = true;
        let again = again.after(Event::Looked(vec![row(100, false)]), at(1)).unwrap();
        assert_eq!(again.stage, Stage::Sending);
    }

    #[test]
    fn e10_after_a_quarter_of_an_hour_it_asks_and_is_sent_only_when_the_shopper_says_so() {
        let mut wishes = vec![wish(Stage::Waiting)];
        time_passed(&mut wishes, at(15));
        assert_eq!(wishes[0].stage, Stage::Waiting);
        time_passed(&mut wishes, at(15).plus_millis(1));
        assert_eq!(wishes[0].stage, Stage::TooOld);
        assert_eq!(network_back(&mut wishes, at(16)), None);
        happened(&mut wishes, "k1", Event::ConfirmedAgain, at(60));
        let sending = network_back(&mut wishes, at(61)).unwrap();
        assert_eq!((sending.key.as_str(), sending.at), ("k1", at(60)));
    }

    #[test]
    fn e10_nobody_needs_to_have_watched_the_time() {
        let mut wishes = vec![wish(Stage::Waiting)];
        assert_eq!(network_back(&mut wishes, at(16)), None);
        assert_eq!(wishes[0].stage, Stage::TooOld);
    }

    #[test]
    fn e12_the_age_counts_by_the_clock_of_the_answer_that_comes_before_the_first_byte() {
        let late = wish(Stage::Sending).after(Event::Looked(vec![row(100, true)]), at(16)).unwrap();
        assert_eq!((late.stage, late.sent), (Stage::TooOld, false));
        let ahead = wish(Stage::Waiting).after(Event::NetworkBack, at(-60)).unwrap();
        assert_eq!(ahead.stage, Stage::TooOld, "stamped by a clock that was wrong");
    }

    #[test]
    fn e10_another_price_asks_and_the_shopper_says_yes_to_the_new_one() {
        for cents in [90, 110] {
            let asks = wish(Stage::Sending).after(Event::Looked(vec![row(cents, true)]), at(1)).unwrap();
            assert_eq!((asks.stage, asks.sent), (Stage::PriceChanged, false));
            let again = asks.after(Event::ConfirmedAgain, at(2)).unwrap();
            assert_eq!((again.stage, again.goods[0].price), (Stage::Waiting, euros(cents)));
            let sends = again.after(Event::NetworkBack, at(2)).unwrap();
            assert!(sends.clone().after(Event::Looked(vec![row(cents, true)]), at(2)).unwrap().sent);
            let asks = sends.after(Event::Looked(vec![row(cents + 1, true)]), at(2)).unwrap();
            assert_eq!(asks.stage, Stage::PriceChanged, "and not to the one after that");
        }
    }

    #[test]
    fn e10_a_shelf_that_is_short_asks_and_a_price_that_nobody_knew_does_not() {
        let asks = wish(Stage::Sending).after(Event::Looked(vec![row(100, false)]), at(1)).unwrap();
        assert_eq!(asks.stage, Stage::ShortNow);
        let tried = asks.after(Event::ConfirmedAgain, at(1)).unwrap().after(Event::NetworkBack, at(1)).unwrap();
        assert!(tried.after(Event::Looked(vec![row(100, false)]), at(1)).unwrap().sent);
        let mut unseen = wish(Stage::Sending);
        unseen.goods[0].price = None;
        assert!(unseen.after(Event::Looked(vec![row(100, true)]), at(1)).unwrap().sent);
    }

    #[test]
    fn e11_a_no_ends_the_sending_and_stays_until_the_shopper_has_read_it() {
        let refused = wish(Stage::Sending).after(Event::Refused(problem()), at(1)).unwrap();
        assert_eq!(refused.stage, Stage::Refused);
        let mut wishes = vec![refused];
        assert_eq!(network_back(&mut wishes, at(2)), None);
        time_passed(&mut wishes, at(99));
        assert_eq!(wishes[0].refusal, Some(*problem()));
        happened(&mut wishes, "k1", Event::Dropped, at(99));
        assert!(wishes.is_empty());
        assert_eq!(wish(Stage::AtDesk).after(Event::Refused(problem()), at(1)), None, "the desk says it itself");
    }

    #[test]
    fn what_is_on_its_way_cannot_be_dropped_and_all_else_can() {
        for stage in ALL {
            assert_eq!(wish(stage).after(Event::Dropped, at(1)).is_some(), stage == Stage::Sending, "{stage:?}");
        }
    }

    #[test]
    fn e11_what_a_tab_was_sending_when_it_died_is_sent_by_the_next_under_the_same_key() {
        let text = serde_json::to_string(&vec![wish(Stage::Sending)]).unwrap();
        let mut wishes: Vec<Wish> = api_contract::json::read(&text).unwrap();
        assert_eq!(wishes, [wish(Stage::Sending)]);
        assert_eq!(network_back(&mut wishes, at(1)), None);
        nobody_else_sends(&mut wishes);
        assert_eq!(network_back(&mut wishes, at(1)).unwrap().key, "k1");
    }

    #[test]
    fn e11_a_refusal_is_kept_with_all_that_it_says() {
        let refused = wish(Stage::Sending).after(Event::Refused(problem()), at(1)).unwrap();
        let text = serde_json::to_string(&refused).unwrap();
        assert_eq!(api_contract::json::read::<Wish>(&text).unwrap(), refused);
    }

    #[test]
    fn e09_the_same_wish_keeps_its_key_until_it_is_answered_and_another_gets_its_own() {
        let tap = |wishes: &mut Vec<Wish>, key: &str, quantity, minutes| {
            let mut wish = Wish { key: key.into(), at: at(minutes), ..wish(Stage::AtDesk) };
            wish.request.items[0].quantity = quantity;
            tapped(wishes, wish)
        };
        let mut wishes = Vec::new();
        assert_eq!(tap(&mut wishes, "k1", 1, 0), "k1");
        assert_eq!(tap(&mut wishes, "k2", 1, 1), "k1");
        assert_eq!(tap(&mut wishes, "k3", 2, 1), "k3");
        assert_eq!(wishes.len(), 1, "there is one desk");
        assert_eq!(tap(&mut wishes, "k4", 2, 17), "k4");
        happened(&mut wishes, "k4", Event::Answered, at(17));
        assert_eq!(tap(&mut wishes, "k5", 2, 17), "k5");
    }

    #[test]
    fn e09_what_waits_and_is_wanted_again_at_the_desk_is_one_wish() {
        for stage in [Stage::Waiting, Stage::Sending, Stage::TooOld] {
            let mut wishes = vec![wish(stage)];
            let again = Wish { key: "k2".into(), at: at(1), ..wish(Stage::AtDesk) };
            assert_eq!(tapped(&mut wishes, again), "k1");
            assert_eq!(wishes.len(), 1);
        }
        let mut wishes = vec![wish(Stage::Refused)];
        let again = Wish { key: "k2".into(), ..wish(Stage::AtDesk) };
        assert_eq!(tapped(&mut wishes, again), "k2", "after a no, a tap is a new wish");
    }

    #[test]
    fn left_for_later_it_waits_and_left_alone_at_the_desk_it_is_forgotten() {
        assert_eq!(wish(Stage::AtDesk).after(Event::LeftForLater, at(0)).unwrap().stage, Stage::Waiting);
        assert_eq!(wish(Stage::AtDesk).after(Event::TimePassed, at(16)), None);
    }
}
