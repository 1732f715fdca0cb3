//! Reservations that are not answered yet: kept on the device before the first byte leaves, shared by all tabs, and sent by
//! one of them when there is a network. `model` decides; here it is carried out.

mod model;

use std::cell::{Cell, RefCell};

use api_contract::availability::AvailabilityRequest;
use api_contract::reservation::{Reservation, ReservationRequest};
use domain::id::Sku;
use futures::channel::oneshot;
use futures::future::select;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, ApiError};
use crate::browser::clock::sleep;
use crate::browser::{locks, presence, random, storage};
use crate::lasting::{Lasting, lasting};
use crate::session::Session;
use model::Event;
pub use model::{Good, SENT_FOR_MS, Stage, Wish};

const KEPT_UNDER: &str = "nearshelf/queue/1";
/// Whoever holds it sends.
const LOCK: &str = "nearshelf/queue/1";
/// After a sending that nobody answered the next is this much later, each time twice as long.
const PAUSE_MS: u32 = 2_000;
/// But never longer than this.
const LONGEST_PAUSE_MS: u32 = 60_000;

thread_local! {
    // One of each for the page: the place in the queue for the lock, and the pause after a failure.
    static CLAIM: RefCell<Option<locks::Claim>> = const { RefCell::new(None) };
    static IS_SENDING: Cell<bool> = const { Cell::new(false) };
    static PAUSE: RefCell<Option<oneshot::Sender<()>>> = const { RefCell::new(None) };
}

/// What the shopper wants and the server has not said yes to; copied freely.
#[derive(Clone, Copy)]
pub struct Queue {
    session: Session,
    wishes: Lasting<RwSignal<Vec<Wish>>>,
}

/// The queue of the app.
///
/// # Panics
/// Outside of `<App/>`, which provides it.
#[must_use]
pub fn use_queue() -> Queue {
    expect_context()
}

impl Queue {
    /// Begins where the device left off, and sends whenever somebody is there and there is a network.
    #[must_use]
    pub fn start(session: Session) -> Self {
        let wishes = lasting(storage::load(KEPT_UNDER).unwrap_or_default());
        let queue = Self { session, wishes };
        storage::follow(KEPT_UNDER, move || queue.look_at_the_device());
        presence::follow(move |here| {
            if here {
                queue.network_back();
            }
        });
        let minute = session.clock.by_minute();
        Effect::new(move |_| {
            // Read, not only followed: a memo that nobody reads never looks at the clock.
            let _ = minute.get();
            queue.time_passed();
        });
        queue.network_back();
        queue
    }

    /// What the shopper left to be sent, in the order of their taps.
    #[must_use]
    pub fn waiting(self) -> Vec<Wish> {
        self.wishes.with(|wishes| wishes.iter().filter(|wish| wish.is_queued()).cloned().collect())
    }

    /// The shopper tapped the button: on the device before the first byte leaves. Answers the key to send.
    #[must_use]
    pub fn tapped(
        self,
        request: &ReservationRequest,
        goods: Vec<Good>,
        shop: String,
        from_basket: bool,
        leaves: bool,
    ) -> String {
        let wish = Wish {
            key: random::key(),
            request: request.clone(),
            at: self.session.clock.now_untracked(),
            stage: Stage::AtDesk,
            sent: leaves,
            goods,
            shop,
            from_basket,
            tried_anyway: false,
            now: Vec::new(),
            refusal: None,
        };
        self.change(|wishes| model::tapped(wishes, wish))
    }

    /// The shopper leaves it to us.
    pub fn left_for_later(self, key: &str) {
        self.happened(key, Event::LeftForLater);
        self.network_back();
    }

    /// The shopper does not want it any more.
    pub fn dropped(self, key: &str) {
        self.happened(key, Event::Dropped);
    }

    /// The shopper was asked, and wants it still.
    pub fn confirmed_again(self, key: &str) {
        self.happened(key, Event::ConfirmedAgain);
        self.network_back();
    }

    /// The desk has its answer.
    pub fn answered_at_desk(self, key: &str) {
        self.happened(key, Event::Answered);
    }

    fn happened(self, key: &str, event: Event) {
        let now = self.session.clock.now_untracked();
        self.change(|wishes| model::happened(wishes, key, event, now));
    }

    fn time_passed(self) {
        let now = self.session.clock.now_untracked();
        let due = |wish: &Wish| (wish.stage == Stage::AtDesk || wish.stage == Stage::Waiting) && wish.is_too_old(now);
        if self.wishes.with_untracked(|wishes| wishes.iter().any(due)) {
            self.change(|wishes| model::time_passed(wishes, now));
        }
    }

    /// Another tab may have changed it: what the device has is what counts, as long as it keeps anything.
    fn look_at_the_device(self) {
        if !storage::keeps_now() {
            return;
        }
        let known = storage::load::<Vec<Wish>>(KEPT_UNDER).unwrap_or_default();
        if self.wishes.with_untracked(|wishes| *wishes != known) {
            self.wishes.set(known);
        }
    }

    fn change<T>(self, change: impl FnOnce(&mut Vec<Wish>) -> T) -> T {
        self.look_at_the_device();
        let mut wishes = self.wishes.get_untracked();
        let answer = change(&mut wishes);
        storage::save(KEPT_UNDER, &wishes);
        self.wishes.set(wishes);
        answer
    }

    /// There may be a network: whoever gets the lock first sends what waits.
    pub fn network_back(self) {
        self.look_at_the_device();
        let waits = self.wishes.with_untracked(|wishes| wishes.iter().any(Wish::is_under_way));
        // A pause after a failure ends here, in whichever way this tab came to think that it may work now.
        if let Some(pause) = PAUSE.take() {
            let _ = pause.send(());
        }
        let busy = IS_SENDING.get() || CLAIM.with_borrow(Option::is_some);
        if !waits || busy || !presence::is_here() {
            return;
        }
        let claim = locks::claim(LOCK, false, move |ours| {
            if ours {
                spawn_local(self.send_all());
            } else {
                CLAIM.with_borrow_mut(|claim| *claim = None);
            }
        });
        match claim {
            Some(claim) => CLAIM.with_borrow_mut(|kept| *kept = Some(claim)),
            // Without the lock the key alone sees to it that nothing is done twice.
            None => {
                IS_SENDING.set(true);
                spawn_local(self.send_all());
            }
        }
    }

    async fn send_all(self) {
        IS_SENDING.set(true);
        self.change(|wishes| model::nobody_else_sends(wishes));
        let mut pause = PAUSE_MS;
        while presence::is_here() {
            let now = self.session.clock.now_untracked();
            let Some(wish) = self.change(|wishes| model::network_back(wishes, now)) else { break };
            if self.send(wish).await {
                pause = PAUSE_MS;
            } else {
                let (done, waits) = oneshot::channel();
                PAUSE.set(Some(done));
                select(std::pin::pin!(sleep(pause)), waits).await;
                PAUSE.set(None);
                pause = (pause * 2).min(LONGEST_PAUSE_MS);
            }
        }
        IS_SENDING.set(false);
        CLAIM.with_borrow_mut(|claim| *claim = None);
    }

    /// Sends one; answers whether there was an answer.
    async fn send(self, wish: Wish) -> bool {
        let (key, request) = (wish.key.as_str(), &wish.request);
        let asked = AvailabilityRequest {
            items: request.items.clone(),
            location_ids: Some(vec![request.location_id.clone()]),
            near: None,
        };
        match api::availability(&asked).await {
            Ok(answer) => {
                self.session.clock.learn(answer.as_of);
                self.happened(key, Event::Looked(answer.rows.into()));
            }
            Err(error) => return self.no_yes(key, error),
        }
        // The shopper may be asked instead, or may have gone back to the desk with it.
        let sends = |wish: &Wish| wish.key == key && wish.stage == Stage::Sending && wish.sent;
        if !self.wishes.with_untracked(|wishes| wishes.iter().any(sends)) {
            return true;
        }
        match api::reserve(request, key).await {
            Ok(reservation) => {
                let skus: Vec<Sku> = wish.goods.iter().map(|good| good.sku.clone()).collect();
                self.reserved(key, reservation, wish.from_basket.then_some(skus.as_slice())).await;
                true
            }
            Err(error) => self.no_yes(key, error),
        }
    }

    fn no_yes(self, key: &str, error: ApiError) -> bool {
        let definite = error.is_definite();
        match error {
            ApiError::Problem(problem) if definite => self.happened(key, Event::Refused(problem)),
            _ => self.happened(key, Event::Unanswered),
        }
        definite
    }

    /// The server said yes: from here on it is a pickup, and only now the basket lets go of it.
    pub async fn reserved(self, key: &str, reservation: Reservation, basket: Option<&[Sku]>) {
        let token = reservation.manage_token.clone().unwrap_or_default();
        // Kept at once; the shop comes later, and not at all if the page is closed meanwhile.
        self.session.pickup_told(reservation.clone(), &token, None);
        if let Some(skus) = basket {
            self.session.taken_from_basket(skus);
        }
        self.session.keep_now();
        self.happened(key, Event::Answered);
        if let Ok(location) = api::location(&reservation.location_id).await {
            self.session.pickup_told(reservation, &token, Some(location));
        }
    }
}
