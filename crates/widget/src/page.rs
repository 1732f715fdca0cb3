//! The edge: boxes on a page, drawn and fed. What happens goes into the model, and what it wants is done here.

mod dom;
mod line;
mod locate;
mod net;
mod seen;
mod tongue;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use api_contract::PageRequest;
use api_contract::availability::AvailabilityRequest;
use api_contract::location::{DistanceFilter, LocationFilters, LocationSearch};
use api_contract::{Item, paths};
use domain::geo::Position;
use domain::id::{LocationId, Sku};
use domain::time::Timestamp;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, ShadowRoot};

use crate::intl;
use crate::links::Links;
use crate::model::{Effect, Event, Failure, Model, SHOPS, Spot, World};
use crate::options::{Options, parameter};
use crate::text;
use crate::tree::Act;
use crate::view::{Around, view};
use crate::wire::{self, Page, Settings};
use net::Net;

/// Milliseconds after which who waits is told so.
const SLOW_MS: i32 = 500;
/// Milliseconds between two looks at the clock, which is what "as of 12:03" and "open" are told by.
const MINUTE_MS: i32 = 60_000;

thread_local! {
    static BOXES: RefCell<Vec<Weak<Shown>>> = const { RefCell::new(Vec::new()) };
    static SETTINGS: RefCell<Settings> = RefCell::default();
    /// Milliseconds that the server's clock is ahead of the device's.
    static AHEAD: Cell<i64> = const { Cell::new(0) };
    static NEXT_ID: Cell<usize> = const { Cell::new(1) };
}

/// A box on the page.
struct Shown {
    id: usize,
    host: Element,
    catalog: usize,
    language: String,
    locale: String,
    net: Net,
    model: RefCell<Model>,
    drawn: RefCell<dom::Drawn>,
    seen: seen::Seen,
    slow: Cell<Option<i32>>,
    gone: Cell<bool>,
    listeners: RefCell<Vec<dom::Listener>>,
}

/// Takes the settings of the retailer; what cannot be read is as by default.
#[wasm_bindgen]
pub fn settings(text: &str) {
    SETTINGS.with_borrow_mut(|settings| *settings = wire::read(text).unwrap_or_default());
}

/// Takes a catalog of texts, and answers its place.
#[wasm_bindgen]
pub fn catalog(text: String) -> usize {
    text::load(text.leak())
}

/// Puts a box into a shadow root and answers its number. `base` is the origin of the app, `api` that of the API; `catalog` says in
/// which language, and `locale` how numbers are written.
#[wasm_bindgen]
pub fn show(host: Element, root: &ShadowRoot, base: &str, api: &str, catalog: usize, locale: &str) -> usize {
    let landing = dom::window().location().search().unwrap_or_default();
    let locator = host.local_name() == "nearshelf-locator";
    let options = Options::read(locator, |name| host.get_attribute(name), |name| parameter(&landing, name));
    let key = host.get_attribute("key").unwrap_or_default();
    let can_reserve = SETTINGS.with_borrow(|settings| settings.reserve);
    let id = NEXT_ID.get();
    NEXT_ID.set(id + 1);
    let shown = Rc::new(Shown {
        id,
        catalog,
        language: locale.split('-').next().unwrap_or_default().to_owned(),
        locale: locale.to_owned(),
        net: Net::new(base, api, &key),
        model: RefCell::new(Model::new(options, can_reserve, locate::may_ask())),
        drawn: RefCell::new(dom::Drawn::new(root, &theme(&host))),
        seen: seen::Seen::default(),
        slow: Cell::new(None),
        gone: Cell::new(false),
        listeners: RefCell::default(),
        host,
    });
    shown.listen(root);
    BOXES.with_borrow_mut(|boxes| {
        boxes.retain(|known| known.strong_count() > 0);
        boxes.push(Rc::downgrade(&shown));
    });
    KEPT.with_borrow_mut(|kept| kept.push(Rc::clone(&shown)));
    shown.happened(Event::Began);
    id
}

thread_local! {
    /// The boxes that are on the page; taken out, they end.
    static KEPT: RefCell<Vec<Rc<Shown>>> = const { RefCell::new(Vec::new()) };
}

/// The box with this number is taken from the page.
#[wasm_bindgen]
pub fn hide(id: usize) {
    let gone = KEPT.with_borrow_mut(|kept| {
        let at = kept.iter().position(|shown| shown.id == id);
        at.map(|at| kept.swap_remove(at))
    });
    let Some(gone) = gone else { return };
    gone.gone.set(true);
    gone.stop_waiting();
    gone.listeners.borrow_mut().clear();
    gone.seen.stop();
    line::watch(&gone.net, gone.id, None);
}

fn theme(host: &Element) -> String {
    match host.get_attribute("theme").as_deref() {
        Some("light") => "box light".to_owned(),
        Some("dark") => "box dark".to_owned(),
        _ => "box auto".to_owned(),
    }
}

/// The instant, by the server's clock as far as it is known.
fn now() -> Timestamp {
    #[allow(clippy::cast_possible_truncation)] // milliseconds of this millennium
    let device = js_sys::Date::now() as i64;
    Timestamp::from_millis(device + AHEAD.get())
}

fn learn(server: Timestamp) {
    AHEAD.set(AHEAD.get() + server.since(now()));
}

/// Something that all boxes of the page hear.
fn all(event: &Event, but: usize) {
    let boxes: Vec<Rc<Shown>> = BOXES.with_borrow(|boxes| boxes.iter().filter_map(Weak::upgrade).collect());
    for shown in boxes.into_iter().filter(|shown| shown.id != but) {
        shown.happened(event.clone());
    }
}

impl Shown {
    fn listen(self: &Rc<Self>, root: &ShadowRoot) {
        let weak = Rc::downgrade(self);
        let hear = move |event: web_sys::Event| {
            if let Some(shown) = weak.upgrade() {
                shown.heard(&event);
            }
        };
        let mut listeners = dom::Listener::on(root.as_ref(), &["click", "input", "submit", "error"], hear);
        let weak = Rc::downgrade(self);
        listeners.extend(dom::Listener::on(dom::window().as_ref(), &["online"], move |_| {
            if let Some(shown) = weak.upgrade() {
                shown.happened(Event::Online);
            }
        }));
        *self.listeners.borrow_mut() = listeners;
        let weak = Rc::downgrade(self);
        dom::every(MINUTE_MS, move || {
            let shown = weak.upgrade().filter(|shown| !shown.gone.get());
            if let Some(shown) = &shown {
                shown.draw();
            }
            shown.is_some()
        });
    }

    /// Something was done with an element of ours.
    fn heard(self: &Rc<Self>, event: &web_sys::Event) {
        let Some((act, value)) = self.drawn.borrow().act_of(event) else { return };
        match (event.type_().as_str(), act) {
            ("click", Act::Tap(happened)) | ("error", Act::Fail(happened)) => self.happened(happened),
            ("input", Act::Type(field)) => self.happened(Event::Typed(field, value)),
            ("submit", Act::Submit(happened)) => {
                event.prevent_default();
                self.happened(happened);
            }
            _ => {}
        }
    }

    fn happened(self: &Rc<Self>, event: Event) {
        if self.gone.get() {
            return;
        }
        // Keystrokes alone change nothing that is drawn, unless a problem goes away by them.
        let world = World {
            key: if event == Event::Confirm { net::key() } else { String::new() },
            seen: event != Event::Confirm || self.seen.is_long_enough(),
            now: Some(now()),
        };
        let effects = self.model.borrow_mut().happened(event, &world);
        self.draw();
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn draw(&self) {
        if self.gone.get() {
            return;
        }
        text::speak(self.catalog);
        intl::speak(&self.locale);
        let model = self.model.borrow();
        let settings = SETTINGS.with_borrow(Settings::clone);
        let around = Around {
            name: &settings.name,
            links: Links { app: self.net.app(), language: &self.language, options: &model.options },
            media: &|path| self.net.media(path),
            tongue: &tongue::Browser { units: &settings.units },
            now: now(),
            id: self.id,
        };
        let button = self.drawn.borrow_mut().draw(view(&model, &around));
        self.seen.watch(button);
    }

    /// Says after half a second that something takes its time.
    fn wait(self: &Rc<Self>) {
        self.stop_waiting();
        let weak = Rc::downgrade(self);
        let timer = dom::after(SLOW_MS, move || {
            if let Some(shown) = weak.upgrade() {
                shown.happened(Event::Slow);
            }
        });
        self.slow.set(Some(timer));
    }

    fn stop_waiting(&self) {
        if let Some(timer) = self.slow.take() {
            dom::window().clear_timeout_with_handle(timer);
        }
    }

    fn then<T: 'static>(
        self: &Rc<Self>,
        asked: impl Future<Output = T> + 'static,
        event: impl FnOnce(T) -> Event + 'static,
    ) {
        let weak = Rc::downgrade(self);
        spawn_local(async move {
            let answer = asked.await;
            if let Some(shown) = weak.upgrade() {
                shown.happened(event(answer));
            }
        });
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        let net = self.net.clone();
        match effect {
            Effect::LoadProduct(sku) => {
                self.wait();
                let asked = async move { net.get(&paths::product(&sku)).await };
                self.then(asked, Event::Product);
            }
            Effect::AskDevice => self.then(locate::ask(), Event::Device),
            Effect::FindPlace(words) => {
                self.wait();
                let path = [paths::PLACES_SEARCH, "?limit=5&q=", &paths::encode(&words)].concat();
                self.then(async move { net.get(&path).await }, Event::Places);
            }
            Effect::LoadShops(around) => {
                self.wait();
                let search = shops_wanted(around, self.model.borrow().sku());
                // A box without a product watches nothing, and nobody waits for it.
                if self.model.borrow().sku().is_some() {
                    line::expect(self.id);
                }
                let id = self.id;
                let asked = async move {
                    let answer = shops(&net, &search).await;
                    given_up(id, answer)
                };
                self.then(asked, Event::Shops);
            }
            Effect::LoadStock(sku, shops) => {
                let items = vec![Item { sku, quantity: 1 }];
                let request = AvailabilityRequest { items, location_ids: Some(shops), near: None };
                let id = self.id;
                let asked = async move {
                    let answer = net.post(paths::AVAILABILITY, &request, None).await;
                    given_up(id, answer)
                };
                self.then(asked, Event::Stock);
            }
            Effect::Watch(sku, shops) => self.watch(&net, sku, shops),
            Effect::Tell(spot) => self.tell(spot),
            Effect::Send(request, key) => {
                let asked = async move { net.post(paths::RESERVATIONS, &*request, Some(&key)).await };
                self.then(asked, |answer| Event::Reserved(answer.map(Box::new)));
            }
            Effect::Emit(name, detail) => dom::emit(&self.host, name, &detail),
        }
    }

    fn watch(self: &Rc<Self>, net: &Net, sku: Sku, shops: Vec<LocationId>) {
        let weak = Rc::downgrade(self);
        let hear = move |event: Event| {
            if let Some(shown) = weak.upgrade() {
                shown.happened(event);
            }
        };
        let watched = (!shops.is_empty()).then(|| line::Watched { sku, shops, hear: Rc::new(hear) });
        line::watch(net, self.id, watched);
    }

    fn tell(&self, spot: Spot) {
        all(&Event::Told(spot), self.id);
    }
}

/// An answer; where it is none the line does not wait for it any more.
fn given_up<T>(id: usize, answer: Result<T, Failure>) -> Result<T, Failure> {
    if answer.is_err() {
        line::give_up(id);
    }
    answer
}

/// Shops around a place, or, where there is none, those that have the product.
fn shops_wanted(around: Option<Position>, sku: Option<&Sku>) -> LocationSearch {
    let items: Vec<Item> =
        sku.filter(|_| around.is_none()).map(|sku| Item { sku: sku.clone(), quantity: 1 }).into_iter().collect();
    LocationSearch {
        query: None,
        distance: around.map(|center| DistanceFilter { center, max: None }),
        filters: (!items.is_empty()).then(|| LocationFilters { items, ..LocationFilters::default() }),
        pagination: Some(PageRequest { cursor: None, limit: Some(SHOPS) }),
    }
}

async fn shops(net: &Net, search: &LocationSearch) -> Result<Page, Failure> {
    let mut page: Page = net.post(paths::LOCATIONS_SEARCH, search, None).await?;
    learn(page.as_of);
    if !SETTINGS.with_borrow(|settings| settings.curbside) {
        page.locations.iter_mut().for_each(|shop| shop.to_car = false);
    }
    Ok(page)
}
