//! The one stream of the page: whatever its boxes watch together.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use api_contract::availability::{EVENT_AVAILABILITY, EVENT_HEARTBEAT, EVENT_RESET, MAX_LOCATIONS};
use api_contract::paths;
use domain::id::{LocationId, Sku};
use domain::time::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent, VisibilityState};

use super::net::Net;
use super::{dom, learn};
use crate::model::Event;
use crate::wire::{self, Row};

/// Milliseconds for which the boxes of a page are waited for before the line is opened, so that ten of them open it once.
const GATHER_MS: i32 = 250;
/// A line on which nothing came for so long is dead: there is a sign of life every 15 seconds.
const SILENT_MS: f64 = 40_000.0;
/// Milliseconds between two looks at it.
const LOOK_MS: i32 = 5_000;

/// What a box watches, and how it hears of it.
pub(super) struct Watched {
    pub(super) sku: Sku,
    pub(super) shops: Vec<LocationId>,
    pub(super) hear: Rc<dyn Fn(Event)>,
}

#[derive(Default)]
struct Hub {
    watched: Vec<(usize, Watched)>,
    net: Option<Net>,
    open: Option<Line>,
    gathering: bool,
    /// Boxes that will watch something in a moment.
    expected: Vec<usize>,
    looking: bool,
}

struct Line {
    source: EventSource,
    address: String,
    _listeners: Vec<dom::Listener>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.source.close();
    }
}

thread_local! {
    static HUB: RefCell<Hub> = RefCell::default();
    static HEARD: Cell<f64> = const { Cell::new(0.0) };
}

/// A box asks which shops there are: the line waits for it, so that the boxes of a page open it once.
pub(super) fn expect(id: usize) {
    HUB.with_borrow_mut(|hub| {
        hub.expected.retain(|known| *known != id);
        hub.expected.push(id);
    });
}

/// What the box asked did not come.
pub(super) fn give_up(id: usize) {
    let begin = HUB.with_borrow_mut(|hub| {
        let before = hub.expected.len();
        hub.expected.retain(|known| *known != id);
        before > hub.expected.len() && !hub.watched.is_empty() && !std::mem::replace(&mut hub.gathering, true)
    });
    if begin {
        dom::after(GATHER_MS, open);
    }
}

/// A box watches this from now on, or nothing.
pub(super) fn watch(net: &Net, id: usize, watched: Option<Watched>) {
    let (begin, look) = HUB.with_borrow_mut(|hub| {
        hub.expected.retain(|known| *known != id);
        hub.watched.retain(|(known, _)| *known != id);
        hub.watched.extend(watched.map(|watched| (id, watched)));
        hub.net.get_or_insert_with(|| net.clone());
        if hub.watched.is_empty() {
            hub.open = None;
            return (false, false);
        }
        (!std::mem::replace(&mut hub.gathering, true), !std::mem::replace(&mut hub.looking, true))
    });
    if begin {
        dom::after(GATHER_MS, open);
    }
    if look {
        dom::every(LOOK_MS, || {
            look_at_it();
            true
        });
        let away = dom::window().document();
        if let Some(document) = away {
            // They stay as long as the page.
            std::mem::forget(dom::Listener::on(document.as_ref(), &["visibilitychange"], |_| open()));
        }
    }
}

/// Opens the line for what is watched now, unless it is open for that.
fn open() {
    let lost = HUB.with_borrow_mut(|hub| {
        hub.gathering = false;
        if !hub.expected.is_empty() && is_looked_at() {
            return false;
        }
        let Some(address) = hub.address().filter(|_| is_looked_at()) else { return hub.open.take().is_some() };
        if hub.open.as_ref().is_some_and(|line| line.address == address) {
            return false;
        }
        let was_open = hub.open.take().is_some();
        hub.open = line(address);
        HEARD.set(dom::ticks());
        was_open
    });
    if lost {
        tell(&Event::Lost, None);
    }
}

impl Hub {
    fn address(&self) -> Option<String> {
        let net = self.net.as_ref()?;
        let shops = once(self.watched.iter().flat_map(|(_, watched)| &watched.shops));
        let skus = once(self.watched.iter().map(|(_, watched)| &watched.sku));
        if shops.is_empty() {
            return None;
        }
        let most = MAX_LOCATIONS;
        Some(net.url(&paths::availability_events(shops.into_iter().take(most), skus.into_iter().take(most))))
    }
}

/// Each of them once, in their order.
fn once<'a, T: PartialEq>(all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

fn line(address: String) -> Option<Line> {
    let source = EventSource::new(&address).ok()?;
    let names = [EVENT_AVAILABILITY, EVENT_RESET, EVENT_HEARTBEAT, "error"];
    let listeners = dom::Listener::on(source.as_ref(), &names, |event| heard(&event));
    Some(Line { source, address, _listeners: listeners })
}

fn heard(event: &web_sys::Event) {
    let name = event.type_();
    let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
    let Some(data) = data else {
        // It comes back by itself, unless the browser has given it up.
        return tell(&Event::Lost, None);
    };
    HEARD.set(dom::ticks());
    if name == EVENT_AVAILABILITY {
        if let Some(Row { sku, location_id, reading, .. }) = wire::read(&data) {
            let shelf = (sku.clone(), location_id.clone());
            tell(&Event::Shelf(sku, location_id, reading), Some(&shelf));
        }
        return;
    }
    if let Some(as_of) = wire::read::<Timestamp>(&data) {
        learn(as_of);
    }
    tell(&Event::Live, None);
}

/// Whoever watches hears of it; of a shelf only who shows it.
fn tell(event: &Event, shelf: Option<&(Sku, LocationId)>) {
    let hearing: Vec<Rc<dyn Fn(Event)>> = HUB.with_borrow(|hub| {
        let shows =
            |watched: &Watched| shelf.is_none_or(|(sku, shop)| watched.sku == *sku && watched.shops.contains(shop));
        hub.watched.iter().filter(|(_, watched)| shows(watched)).map(|(_, watched)| Rc::clone(&watched.hear)).collect()
    });
    for hear in hearing {
        hear(event.clone());
    }
}

/// A line that is dead is opened anew.
fn look_at_it() {
    let dead = HUB.with_borrow_mut(|hub| {
        let silent = dom::ticks() - HEARD.get() > SILENT_MS;
        let dead = hub.open.as_ref().is_some_and(|line| silent || line.source.ready_state() == EventSource::CLOSED);
        if dead {
            hub.open = None;
        }
        // Whoever is not there by now is not waited for.
        hub.expected.clear();
        dead || hub.open.is_none() && !hub.watched.is_empty()
    });
    if dead {
        tell(&Event::Lost, None);
        open();
    }
}

fn is_looked_at() -> bool {
    dom::window().document().is_some_and(|document| document.visibility_state() != VisibilityState::Hidden)
}
