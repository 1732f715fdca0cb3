//! Numbers that change while one looks at them: [`Live`] is a screen's, [`Stream`] the tab's, and `tab` decides how the tabs
//! of a browser share one stream.

mod news;
mod stream;
mod tab;

use api_contract::availability::{AvailabilityAnswer, AvailabilityEvent, AvailabilityRow};
use domain::id::{LocationId, Sku};
use domain::inventory::{Freshness, Reading, StockBoard, StockState};
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::browser::clock::after;
use crate::remote::Remote;
use crate::search;
use crate::seen;
use crate::session::Session;
use news::News;
pub use stream::Stream;
use tab::Source;

/// Which shelves a screen shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// Shops, at most 200.
    pub locations: Vec<LocationId>,
    /// Products, at most 200.
    pub skus: Vec<Sku>,
}

impl Watched {
    /// Whether an event is about one of them; the one stream also carries what other tabs show.
    fn has(&self, event: &AvailabilityEvent) -> bool {
        self.skus.contains(&event.sku) && self.locations.contains(&event.location_id)
    }
}

/// The stock that a screen shows, kept up to date by the server for as long as the screen is there.
#[derive(Clone, Copy)]
pub struct Live {
    session: Session,
    board: RwSignal<StockBoard>,
    source: RwSignal<Source>,
    confirmed: RwSignal<Option<Timestamp>>,
}

/// What is watched once it has stood still for a moment: a search changes it with each key stroke, and each change may be
/// a new connection.
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
    /// Follows the shelves of a screen, until the current reactive owner is cleaned up.
    pub fn follow(session: Session, watched: Signal<Watched>) -> Self {
        let live = Self {
            session,
            board: RwSignal::new(StockBoard::default()),
            source: RwSignal::new(Source::Memory),
            confirmed: RwSignal::new(None),
        };
        let stream = expect_context::<Stream>();
        let watched = settled(watched);
        let leaving = stream.clone();
        Effect::new(move |_| stream.watch(live, watched.get()));
        on_cleanup(move || leaving.watch(live, Watched::default()));
        live
    }

    /// Takes an answer to a question of our own in: it is as new as it can be, and tells the server's clock.
    fn answered(self, answer: &AvailabilityAnswer) {
        self.session.clock.learn(answer.as_of);
        self.told(answer.as_of, &answer.rows);
    }

    /// Takes rows of the API in, which may be there before the stream is.
    pub fn told(self, as_of: Timestamp, rows: &[AvailabilityRow]) {
        self.confirm(as_of);
        // The screen may be gone by the time the answer is here.
        let _ = self.board.try_update(|board| {
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
                    // What is remembered tells no time.
                    if !seen::is_memory(answer) {
                        self.session.clock.learn(answer.as_of);
                    }
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
        let source = self.source.get();
        self.confirmed.get().map(|confirmed| match source {
            // Only a number that is not live ages: a live one must not redraw each second.
            Source::Stream => Freshness::Live,
            Source::Questions => Freshness::Polled,
            Source::Memory => Freshness::of(confirmed, self.session.clock.now()),
        })
    }

    /// When the server last spoke.
    #[must_use]
    pub fn confirmed(self) -> Option<Timestamp> {
        self.confirmed.get()
    }

    // The stream may outlive the screen by one event: signals that are gone are no reason to panic.

    fn comes_from(self, source: Source) {
        let _ = self.source.try_maybe_update(|s| (std::mem::replace(s, source) != source, ()));
    }

    /// The server spoke, perhaps of shelves that are shown here. Its sign of life also tells its clock.
    fn heard(self, news: &News, watched: &Watched) {
        if news.sign_of_life {
            self.session.clock.learn(news.as_of);
        }
        self.confirm(news.as_of);
        let events = || news.events.iter().filter(|event| watched.has(event));
        for event in events() {
            let there = matches!(event.reading().state, StockState::Available | StockState::Limited);
            search::changed(&event.location_id, &event.sku, there);
            seen::changed(event);
        }
        let _ = self.board.try_maybe_update(|board| {
            let mut changed = false;
            for event in events() {
                let reading = event.reading();
                let known = board.get(&event.sku, &event.location_id);
                let differs = known.is_none_or(|k| (k.state, k.quantity) != (reading.state, reading.quantity));
                changed |= board.apply(event.sku.clone(), event.location_id.clone(), reading) && differs;
            }
            (changed, ())
        });
    }

    fn confirm(self, as_of: Timestamp) {
        let _ = self.confirmed.try_update(|c| *c = (*c).max(Some(as_of)));
    }
}
