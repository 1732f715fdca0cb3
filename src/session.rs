//! What follows the shopper from screen to screen, and what of it the device keeps.

use api_contract::location::Location;
use api_contract::reservation::Reservation;
use api_contract::rows;
use domain::basket::MAX_LINES;
use domain::geo::Position;
use domain::id::{LocationId, ReservationId, Sku};
use domain::money::Money;
use domain::time::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::browser::clock::Clock;
use crate::browser::{connectivity, storage};
use crate::lasting::{Lasting, lasting};
use crate::text;

const KEPT_UNDER: &str = "nearshelf/1";

/// Searches that are remembered.
const RECENT: usize = 8;

/// Where the shopper looks from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// What it is called: "Near you", the name of a shop.
    pub label: String,
    /// Where it is; exact on the device, rounded before it is sent.
    pub position: Position,
    /// Whether the device told us. Such a position is never kept.
    #[serde(skip)]
    pub from_device: bool,
}

/// A pickup as the device keeps it, with all that its pass shows, so that it opens without a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedPickup {
    /// The reservation as last heard of.
    pub reservation: Reservation,
    /// Its shop as last heard of.
    pub location: Option<Location>,
    /// The secret that makes it the shopper's own.
    pub token: String,
    /// When the server last said so.
    pub as_of: Timestamp,
}

/// A line of the basket, with what was last seen of its product, so that it shows without a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BasketLine {
    /// The product.
    pub sku: Sku,
    /// Units, 1 to [`domain::basket::MAX_QUANTITY`].
    pub quantity: u32,
    /// Its title.
    pub title: String,
    /// Its picture.
    pub image: Option<String>,
    /// Its widest category.
    pub category: String,
    /// What was known of it when it was put in.
    #[serde(default)]
    pub seen: Option<Seen>,
}

/// What the shopper saw of a product at a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The shop.
    pub location: LocationId,
    /// What it cost there.
    pub price: Option<Money>,
    /// Units that it might promise; `None` where that was not known.
    pub units: Option<u32>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    place: Option<Place>,
    store: Option<LocationId>,
    #[serde(deserialize_with = "rows::readable")]
    pickups: Vec<SavedPickup>,
    recent: Vec<String>,
    #[serde(deserialize_with = "rows::readable")]
    basket: Vec<BasketLine>,
    /// How far the device's clock was off when the server last spoke.
    clock_off_ms: i64,
}

/// What follows the shopper; a handful of signals, copied freely.
#[derive(Clone, Copy)]
pub struct Session {
    /// The server's clock.
    pub clock: Clock,
    /// Whether the device has a network.
    pub online: Lasting<ReadSignal<bool>>,
    place: Lasting<RwSignal<Option<Place>>>,
    // What the next visit begins with where the device told the position, which is never kept: the shop nearest to it.
    stand_in: RwSignal<Option<Place>>,
    store: Lasting<RwSignal<Option<LocationId>>>,
    pickups: Lasting<RwSignal<Vec<SavedPickup>>>,
    /// What was searched lately, the last first.
    pub recent: Lasting<RwSignal<Vec<String>>>,
    basket: Lasting<RwSignal<Vec<BasketLine>>>,
}

/// The session of the app.
///
/// # Panics
/// Outside of `<App/>`, which provides it.
#[must_use]
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// Begins where the device left off, and keeps what changes.
    #[must_use]
    pub fn start() -> Self {
        let kept: Kept = storage::load(KEPT_UNDER).unwrap_or_default();
        let session = Self {
            clock: Clock::start(kept.clock_off_ms),
            online: Lasting::new(connectivity::online()),
            place: lasting(kept.place),
            stand_in: RwSignal::new(None),
            store: lasting(kept.store),
            pickups: lasting(kept.pickups),
            recent: lasting(kept.recent),
            basket: lasting(kept.basket),
        };
        // What another tab wrote is not written back: that would put this tab's place and shop over the other's.
        let adopted = StoredValue::new(false);
        Effect::watch(
            move || session.to_keep(),
            move |kept, _, _| {
                if !adopted.try_update_value(std::mem::take).unwrap_or_default() {
                    storage::save(KEPT_UNDER, kept);
                }
            },
            false,
        );
        storage::follow(KEPT_UNDER, move || {
            let Some(kept) = storage::load::<Kept>(KEPT_UNDER) else { return };
            adopted.set_value(session.adopt(kept));
        });
        session
    }

    /// Another tab put something aside or into the basket. Answers whether nothing is known here that it does not know.
    fn adopt(self, kept: Kept) -> bool {
        let pickups = self.pickups.with_untracked(|here| merged(here, kept.pickups.clone()));
        let knows_all = pickups == kept.pickups;
        let mut changed = false;
        if self.pickups.with_untracked(|here| *here != pickups) {
            self.pickups.set(pickups);
            changed = true;
        }
        if self.basket.with_untracked(|here| *here != kept.basket) {
            self.basket.set(kept.basket);
            changed = true;
        }
        changed && knows_all
    }

    /// The shopper was done with these words.
    pub fn searched(self, words: &str) {
        let words = words.trim();
        if words.chars().nth(1).is_some()
            && self.recent.with_untracked(|r| r.first().map(String::as_str) != Some(words))
        {
            self.recent.update(|recent| {
                recent.retain(|known| known != words);
                recent.insert(0, words.to_owned());
                recent.truncate(RECENT);
            });
        }
    }

    /// Where the shopper looks from, if that is known.
    #[must_use]
    pub fn place(self) -> Option<Place> {
        self.place.get()
    }

    /// The shop that the shopper chose.
    #[must_use]
    pub fn store(self) -> Option<LocationId> {
        self.store.get()
    }

    /// The device said where it is. The shop chosen before makes way for the nearest.
    pub fn place_located(self, position: Position) {
        self.store.set(None);
        self.place.set(Some(Place { label: text::place_near_you().to_owned(), position, from_device: true }));
    }

    /// Whether the shopper's place is what the device told.
    #[must_use]
    pub fn is_located(self) -> bool {
        self.place.with_untracked(|place| place.as_ref().is_some_and(|place| place.from_device))
    }

    /// The shopper named a town or postcode. The shop chosen before makes way for the nearest.
    pub fn place_named(self, label: String, position: Position) {
        self.store.set(None);
        self.place.set(Some(Place { label, position, from_device: false }));
    }

    /// The shopper chose a shop to look from.
    pub fn store_chosen(self, location: &Location) {
        self.store.set(Some(location.id.clone()));
        // A position that the device told stays: the shop is chosen among those around it.
        if !self.is_located() {
            self.place.set(Some(Place { label: location.name.clone(), position: location.geo, from_device: false }));
        }
    }

    /// The shopper's own shop is found, chosen or nearest: the next visit begins with it.
    pub fn own_shop_found(self, location: &Location) {
        let place = Place { label: location.name.clone(), position: location.geo, from_device: false };
        if self.stand_in.with_untracked(|s| s.as_ref() != Some(&place)) {
            self.stand_in.set(Some(place));
        }
    }

    /// The basket, in the order in which it was filled.
    #[must_use]
    pub fn basket(self) -> Vec<BasketLine> {
        self.basket.get()
    }

    /// How many units of a product are in the basket.
    #[must_use]
    pub fn in_basket(self, sku: &Sku) -> u32 {
        self.basket.with(|lines| lines.iter().find(|line| line.sku == *sku).map_or(0, |line| line.quantity))
    }

    /// Puts so many units of a product into the basket in place of those that are in it; none takes it out.
    pub fn put_in_basket(self, line: BasketLine) {
        self.basket.update(|lines| match lines.iter().position(|known| known.sku == line.sku) {
            Some(place) if line.quantity == 0 => _ = lines.remove(place),
            Some(place) => lines.get_mut(place).into_iter().for_each(|known| {
                known.quantity = line.quantity;
                known.seen = line.seen.clone().or(known.seen.take());
            }),
            None if line.quantity > 0 && lines.len() < MAX_LINES => lines.push(line),
            None => {}
        });
    }

    /// These were reserved: they are in the basket no more.
    pub fn taken_from_basket(self, skus: &[Sku]) {
        self.basket.update(|lines| lines.retain(|line| !skus.contains(&line.sku)));
    }

    /// The pickups on this device, newest first.
    #[must_use]
    pub fn pickups(self) -> Vec<SavedPickup> {
        self.pickups.get()
    }

    /// One pickup of this device.
    #[must_use]
    pub fn pickup(self, id: &ReservationId) -> Option<SavedPickup> {
        self.pickups.with(|all| all.iter().find(|p| p.reservation.id == *id).cloned())
    }

    /// The server made or told of a reservation. Its secret comes only once; later answers keep the one we have.
    pub fn pickup_told(self, reservation: Reservation, token: &str, location: Option<Location>) {
        let as_of = self.clock.now_untracked();
        self.pickups.update(|all| match all.iter_mut().find(|p| p.reservation.id == reservation.id) {
            Some(known) => {
                // It may have moved to another shop, of which nothing is known yet.
                let here = reservation.location_id.clone();
                known.location = location.or(known.location.take()).filter(|location| location.id == here);
                known.reservation = reservation;
                known.as_of = as_of;
            }
            None => all.insert(0, SavedPickup { reservation, location, token: token.to_owned(), as_of }),
        });
    }

    /// Keeps everything this very moment: what must be on the device before something else happens cannot wait for the
    /// effect that keeps what changes.
    pub fn keep_now(self) {
        storage::save(KEPT_UNDER, &untrack(|| self.to_keep()));
    }

    fn to_keep(self) -> Kept {
        let place = self.place.get();
        Kept {
            place: if place.as_ref().is_some_and(|p| p.from_device) { self.stand_in.get() } else { place },
            store: self.store.get(),
            pickups: self.pickups.get(),
            recent: self.recent.get(),
            basket: self.basket.get(),
            clock_off_ms: self.clock.off_ms(),
        }
    }
}

/// The pickups of all tabs: each as it was last heard of, in the order of the device.
fn merged(here: &[SavedPickup], device: Vec<SavedPickup>) -> Vec<SavedPickup> {
    let of = |all: &[SavedPickup], id: &ReservationId| all.iter().find(|p| p.reservation.id == *id).cloned();
    let only_here = here.iter().filter(|p| of(&device, &p.reservation.id).is_none()).cloned();
    let mut all: Vec<SavedPickup> = only_here.collect();
    all.extend(device.into_iter().map(|theirs| match of(here, &theirs.reservation.id) {
        Some(ours) if ours.as_of > theirs.as_of => ours,
        _ => theirs,
    }));
    all
}

#[cfg(test)]
mod tests {
    use domain::reservation::{Handover, Status};

    use super::*;

    fn pickup(id: &str, minutes: i64) -> SavedPickup {
        SavedPickup {
            reservation: Reservation {
                id: ReservationId::new(id).unwrap(),
                code: id.to_owned(),
                status: Status::Held,
                method: Handover::InStore,
                location_id: LocationId::new("lyo").unwrap(),
                items: vec![],
                collector: String::new(),
                created_at: Timestamp::from_millis(0),
                hold_expires_at: Timestamp::from_millis(0),
                ready_by: None,
                pickup_from: None,
                pickup_until: None,
                manage_token: None,
                can_extend: false,
                arrival: None,
                pass_url: None,
            },
            location: None,
            token: String::new(),
            as_of: Timestamp::from_millis(minutes),
        }
    }

    #[test]
    fn no_tab_loses_the_pickup_of_another_or_turns_it_back() {
        let here = [pickup("new", 9), pickup("both", 5), pickup("old", 1)];
        let device = vec![pickup("theirs", 8), pickup("both", 7), pickup("old", 0)];
        let all = merged(&here, device.clone());
        let told: Vec<(&str, i64)> = all.iter().map(|p| (p.reservation.code.as_str(), p.as_of.millis())).collect();
        assert_eq!(told, [("new", 9), ("theirs", 8), ("both", 7), ("old", 1)]);
        assert_eq!(merged(&device, device.clone()), device);
    }

    #[test]
    fn what_an_older_app_kept_is_read_and_nonsense_is_nothing() {
        assert!(serde_json::from_str::<Kept>("{}").unwrap().pickups.is_empty());
        assert!(serde_json::from_str::<Kept>("{\"pickups\":7}").is_err());
    }

    #[test]
    fn a_pickup_that_cannot_be_read_costs_no_other() {
        let kept = Kept { pickups: vec![pickup("one", 1), pickup("two", 2)], ..Kept::default() };
        let text = serde_json::to_string(&kept).unwrap();
        let codes = |text: &str| {
            let kept: Kept = api_contract::json::read(text).unwrap();
            kept.pickups.into_iter().map(|pickup| pickup.reservation.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&text), ["one", "two"]);
        assert_eq!(codes(&text.replacen("\"code\":\"one\"", "\"code\":1", 1)), ["two"]);
    }
}
