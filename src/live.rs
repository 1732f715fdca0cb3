//! Numbers that change while one looks at them.

use api_contract::availability::{
    AvailabilityAnswer, AvailabilityEvent, AvailabilityRow, EVENT_AVAILABILITY, EVENT_HEARTBEAT, EVENT_RESET, Heartbeat,
};
use api_contract::paths;
use domain::id::{LocationId, Sku};
use domain::inventory::{Freshness, Reading, StockBoard};
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::api;
use crate::browser::clock::after;
use crate::browser::event_source::{LineEvent, connect};
use crate::remote::Remote;
use crate::session::Session;

/// Which shelves a screen shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// Shops, at most 200.
    pub locations: Vec<LocationId>,
    /// Products, at most 200.
    pub skus: Vec<Sku>,
}

/// The stock that a screen shows, kept up to date by the server for as long as the screen is there.
#[derive(Clone, Copy)]
pub struct Live {
    session: Session,
    board: RwSignal<StockBoard>,
    streaming: RwSignal<bool>,
    confirmed: RwSignal<Option<Timestamp>>,
}

/// What is watched once it has stood still for a moment: a search changes it with each key stroke, and each change is a
/// new connection.
fn settled(watched: Signal<Watched>) -> Memo<Watched> {
    let settled = RwSignal::new(Watched::default());
    let watched = Memo::new(move |_| watched.get());
    Effect::new(move |_| {
        let watched = watched.get();
        after(SETTLE_MS, move || {
            let _ = settled.try_set(watched);
        });
    });
    Memo::new(move |_| settled.get())
}

const SETTLE_MS: u32 = 200;

impl Live {
    /// Follows the shelves of a screen; a new set of shelves is a new stream.
    pub fn follow(session: Session, watched: Signal<Watched>) -> Self {
        let live = Self {
            session,
            board: RwSignal::new(StockBoard::default()),
            streaming: RwSignal::new(false),
            confirmed: RwSignal::new(None),
        };
        let watched = settled(watched);
        Effect::new(move |_| {
            let watched = watched.get();
            live.streaming.set(false);
            if watched.locations.is_empty() || watched.skus.is_empty() {
                return;
            }
            let path = paths::availability_events(&watched.locations, &watched.skus);
            connect(api::url(&path), &[EVENT_AVAILABILITY, EVENT_RESET, EVENT_HEARTBEAT], move |event| {
                live.heard(event);
            });
        });
        live
    }

    /// Takes an answer of the API in, which may be there before the stream is.
    pub fn told(self, as_of: Timestamp, rows: &[AvailabilityRow]) {
        self.session.clock.learn(as_of);
        self.confirmed.update(|c| *c = (*c).max(Some(as_of)));
        self.board.update(|board| {
            for row in rows {
                board.apply(row.sku.clone(), row.location_id.clone(), row.reading());
            }
        });
    }

    /// Takes in each answer that a question brings.
    pub fn learn_from(self, answers: RwSignal<Remote<AvailabilityAnswer>>) {
        Effect::new(move |_| {
            answers.with(|answer| {
                if let Remote::Ready(answer) = answer {
                    self.told(answer.as_of, &answer.rows);
                }
            });
        });
    }

    /// The latest word on a shelf.
    #[must_use]
    pub fn reading(self, sku: &Sku, location: &LocationId) -> Option<Reading> {
        self.board.with(|board| board.get(sku, location))
    }

    /// How far what is shown can be trusted; `None` before anything is.
    #[must_use]
    pub fn freshness(self) -> Option<Freshness> {
        let streaming = self.streaming.get();
        self.confirmed.get().map(|confirmed| {
            // Only a number that is not live ages: a live one must not redraw each second.
            let now = if streaming { confirmed } else { self.session.clock.now() };
            Freshness::of(confirmed, now, streaming)
        })
    }

    /// When the server last spoke.
    #[must_use]
    pub fn confirmed(self) -> Option<Timestamp> {
        self.confirmed.get()
    }

    // The stream may outlive the screen by one event: signals that are gone are no reason to panic.
    fn heard(self, event: LineEvent) {
        match event {
            LineEvent::Opened => {}
            LineEvent::Lost => {
                let _ = self.streaming.try_set(false);
            }
            LineEvent::Message(EVENT_AVAILABILITY, data) => {
                let Ok(event) = serde_json::from_str::<AvailabilityEvent>(&data) else { return };
                let reading = event.reading();
                self.confirm(event.as_of);
                let _ = self.board.try_maybe_update(|board| {
                    let known = board.get(&event.sku, &event.location_id);
                    let changed = known.is_none_or(|k| (k.state, k.quantity) != (reading.state, reading.quantity));
                    (board.apply(event.sku, event.location_id, reading) && changed, ())
                });
            }
            LineEvent::Message(_, data) => {
                if let Ok(beat) = serde_json::from_str::<Heartbeat>(&data) {
                    self.session.clock.learn(beat.as_of);
                    self.confirm(beat.as_of);
                }
            }
        }
    }

    fn confirm(self, as_of: Timestamp) {
        // The first thing on a stream is a snapshot or what was missed: from here on what is shown is true.
        let _ = self.streaming.try_maybe_update(|s| (!std::mem::replace(s, true), ()));
        let _ = self.confirmed.try_update(|c| *c = (*c).max(Some(as_of)));
    }
}
