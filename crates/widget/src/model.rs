//! What may happen to a box, and what follows. It knows no browser: what is to be done comes out as [`Effect`]s, and what came of it
//! goes in as [`Event`]s.

use api_contract::Item;
use api_contract::problem::ProblemType;
use api_contract::reservation::{Consents, ContactBody, ReservationRequest};
use domain::geo::{self, Position};
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, StockState};
use domain::reservation::{ContactDraft, ContactProblem, Handover};
use domain::time::Timestamp;

use crate::options::{Desk as DeskKind, Kind, Near, Options};
use crate::wire::{Location, Page, Place, Places, Problem, Product, Reservation, Row, Stock};

/// Shops that are looked at around a place.
pub const SHOPS: u32 = 20;
/// Shops farther than this are not near, in metres: nobody drives there for one product.
pub const NEAR_M: u32 = 50_000;
/// The most letters that somebody may type as a place.
const LONGEST_PLACE: usize = 80;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The network is not there, or the server cannot be reached.
    Offline,
    /// No answer in time; it may still have worked.
    TimedOut,
    /// The server is there and lets nobody read who asks from this page.
    Refused,
    /// The server refused, and said why.
    Problem(Box<Problem>),
    /// An answer came that is none of ours, or cannot be read.
    Broken,
}

impl Failure {
    /// Whether it is a refusal of this kind.
    #[must_use]
    pub fn is(&self, kind: ProblemType) -> bool {
        matches!(self, Failure::Problem(problem) if problem.kind == kind.uri())
    }

    /// Whether the key or the page is refused, which no second try changes.
    #[must_use]
    pub fn is_of_the_key(&self) -> bool {
        *self == Failure::Refused || self.is(ProblemType::EmbedRefused)
    }

    /// Whether the server has surely decided.
    fn is_definite(&self) -> bool {
        match self {
            Failure::Problem(problem) => {
                let later = [ProblemType::InFlight, ProblemType::RateLimited];
                problem.status < 500 && !later.iter().any(|kind| problem.kind == kind.uri())
            }
            _ => false,
        }
    }

    /// A short name for the page around, without anything of a person.
    fn name(&self) -> &str {
        match self {
            Failure::Offline => "offline",
            Failure::TimedOut => "timed-out",
            Failure::Refused => "embed-refused",
            Failure::Broken => "broken",
            Failure::Problem(problem) => problem.kind.rsplit('/').next().unwrap_or("broken"),
        }
    }
}

/// Something that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Nobody asked yet.
    Idle,
    /// On its way.
    Loading,
    /// It did not come.
    Failed(Failure),
    /// There.
    Ready(T),
}

impl<T> Remote<T> {
    /// What is there.
    #[must_use]
    pub fn ready(&self) -> Option<&T> {
        match self {
            Remote::Ready(value) => Some(value),
            _ => None,
        }
    }

    fn of(answer: Result<T, Failure>) -> Self {
        answer.map_or_else(Remote::Failed, Remote::Ready)
    }
}

/// Why the device did not say where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocateProblem {
    /// The shopper said no.
    Denied,
    /// The page around does not let us ask.
    Blocked,
    /// The device cannot tell.
    Unavailable,
    /// Not in time.
    TimedOut,
    /// There is no such power here.
    Unsupported,
}

/// Where the shopper is, as far as the box knows; kept as long as the page is there, and never sent as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// What it is called; empty where the device said it.
    pub label: String,
    /// Where it is.
    pub position: Position,
}

/// How the question where the shopper is stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Asking {
    /// Not asked.
    Not,
    /// The device is asked.
    Device,
    /// The device did not say.
    DeviceFailed(LocateProblem),
    /// Places of this name are looked for.
    Words(String),
    /// Nothing was typed.
    NothingTyped,
    /// The looking failed.
    WordsFailed(Failure),
    /// There are several, or none that is exactly that: what was typed, and what was found.
    Choose(String, Places),
}

/// A shop, and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shop {
    /// The shop.
    pub location: Location,
    /// Metres; `None` where no place is known.
    pub distance_m: Option<u32>,
}

/// How the numbers come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not yet over a line.
    Not,
    /// As they happen.
    Live,
    /// Heard of last at this instant.
    Lost(Timestamp),
}

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

/// A field that somebody fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Postcode or town.
    Place,
    /// A name for the desk.
    Name,
    /// E-mail address.
    Email,
}

/// What happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The box is there.
    Began,
    /// Half a second has passed since the last question: who waits is told.
    Slow,
    /// The product came, or not.
    Product(Result<Product, Failure>),
    /// The shopper lets the device be asked.
    AskDevice,
    /// It answered.
    Device(Result<Position, LocateProblem>),
    /// Somebody types.
    Typed(Field, String),
    /// What was typed is a place to look for.
    FindPlace,
    /// What was found.
    Places(Result<Places, Failure>),
    /// One of several.
    TakePlace(usize),
    /// Another box of the page learned where the shopper is.
    Told(Spot),
    /// The shopper wants another place.
    OtherPlace,
    /// Shops came, or not.
    Shops(Result<Page, Failure>),
    /// Stock came, or not.
    Stock(Result<Stock, Failure>),
    /// A shelf changed.
    Shelf(Sku, LocationId, Reading),
    /// Changes come as they happen.
    Live,
    /// They do not any more.
    Lost,
    /// Try again what failed.
    Again,
    /// The network is back.
    Online,
    /// The shopper wants it at this shop.
    Reserve(LocationId),
    /// And does not after all.
    Back,
    /// The shopper confirms.
    Confirm,
    /// The answer.
    Reserved(Result<Box<Reservation>, Failure>),
    /// The picture could not be loaded.
    PictureFailed,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask for the product.
    LoadProduct(Sku),
    /// Ask the device where it is.
    AskDevice,
    /// Look for places of this name.
    FindPlace(String),
    /// Ask for shops around a place, which is rounded; for those that have the product where there is none.
    LoadShops(Option<Position>),
    /// Ask for the stock at these shops.
    LoadStock(Sku, Vec<LocationId>),
    /// From now on hear of these shelves.
    Watch(Sku, Vec<LocationId>),
    /// Tell the other boxes where the shopper is.
    Tell(Spot),
    /// Send it, with its key.
    Send(Box<ReservationRequest>, String),
    /// Tell the page around: the name of the event, and what it may know.
    Emit(&'static str, Vec<(&'static str, String)>),
}

/// What the world is like when something happens; only a confirmation asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct World {
    /// A fresh key, where the event needs one.
    pub key: String,
    /// Whether the button was in sight long enough.
    pub seen: bool,
    /// The instant, by the server's clock as far as it is known.
    pub now: Option<Timestamp>,
}

/// A box.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What the page asks for.
    pub options: Options,
    /// Whether something can be put aside at all.
    pub can_reserve: bool,
    /// Whether the device may be asked where it is, as far as is known.
    pub may_locate: bool,
    /// Whether somebody waits for more than half a second.
    pub slow: bool,
    /// The product.
    pub product: Remote<Product>,
    /// Whether its picture failed.
    pub no_picture: bool,
    /// How the question where the shopper is stands.
    pub asking: Asking,
    /// What is typed there.
    pub typed: String,
    /// Where the shopper is.
    pub spot: Option<Spot>,
    /// Who is to be named as the source of its name.
    pub credit: Option<String>,
    /// The rows.
    pub shops: Remote<Vec<Shop>>,
    /// The nearest shop, where none is near.
    pub too_far: Option<Shop>,
    /// Stock, shop by shop: as it was answered, and each shelf as it was heard of last.
    pub stock: Remote<Vec<Row>>,
    /// How they come.
    pub line: Line,
    /// The desk.
    pub desk: Option<Desk>,
    /// What was put aside.
    pub receipt: Option<Box<Reservation>>,
    candidates: Vec<Shop>,
}

impl Model {
    /// A box that nothing has happened to.
    #[must_use]
    pub fn new(options: Options, can_reserve: bool, may_locate: bool) -> Self {
        Self {
            options,
            can_reserve,
            may_locate,
            slow: false,
            product: Remote::Idle,
            no_picture: false,
            asking: Asking::Not,
            typed: String::new(),
            spot: None,
            credit: None,
            shops: Remote::Idle,
            too_far: None,
            stock: Remote::Idle,
            line: Line::Not,
            desk: None,
            receipt: None,
            candidates: Vec::new(),
        }
    }

    /// The product's code, where the box is about one.
    #[must_use]
    pub fn sku(&self) -> Option<&Sku> {
        match &self.options.kind {
            Kind::Stock(sku) => sku.as_ref(),
            Kind::Locator => None,
        }
    }

    /// Whether the device is offered as a way to say where one is.
    #[must_use]
    pub fn offers_device(&self) -> bool {
        self.options.near == Near::Auto && self.may_locate
    }

    /// The row of a shop as the server answered it.
    #[must_use]
    pub fn row(&self, shop: &LocationId) -> Option<&Row> {
        self.stock.ready()?.iter().find(|row| row.location_id == *shop)
    }

    /// The latest that is known of a shop's shelf.
    #[must_use]
    pub fn reading(&self, shop: &LocationId) -> Option<Reading> {
        self.row(shop).map(|row| row.reading)
    }

    /// Whether it can be put aside there now, as far as is known.
    #[must_use]
    pub fn is_to_be_had(&self, shop: &Shop) -> bool {
        let row = self.row(&shop.location.id);
        let stands = row.is_some_and(|row| has(row.reading.state));
        // A shelf that was empty and is filled meanwhile is handed over as the shop does it in general.
        let handed_over = row.is_some_and(|row| row.pickup || !is_of_the_shop(row));
        self.can_reserve && stands && handed_over && shop.location.pickup
    }

    /// A shop of the rows.
    #[must_use]
    pub fn shop(&self, id: &LocationId) -> Option<&Shop> {
        self.shops.ready()?.iter().find(|shop| shop.location.id == *id)
    }

    /// The first failure that stands in the way of everything.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match (&self.product, &self.shops, &self.stock) {
            (Remote::Failed(failure), ..) | (_, Remote::Failed(failure), _) | (.., Remote::Failed(failure)) => {
                Some(failure)
            }
            _ => None,
        }
    }

    /// Something happens.
    pub fn happened(&mut self, event: Event, world: &World) -> Vec<Effect> {
        match event {
            Event::Began => self.began(),
            Event::Slow => {
                self.slow = true;
                Vec::new()
            }
            Event::Product(answer) => {
                self.product = Remote::of(answer);
                self.failed_or(Vec::new())
            }
            Event::AskDevice => {
                self.asking = Asking::Device;
                vec![Effect::AskDevice]
            }
            Event::Device(Ok(position)) => self.located(Spot { label: String::new(), position }, "device"),
            Event::Device(Err(problem)) => {
                self.asking = Asking::DeviceFailed(problem);
                // Who may not ask need not offer it again.
                self.may_locate &= !matches!(problem, LocateProblem::Blocked | LocateProblem::Unsupported);
                Vec::new()
            }
            Event::Typed(field, text) => {
                self.typed(field, text);
                Vec::new()
            }
            Event::FindPlace => self.find_place(),
            Event::Places(answer) => self.places(answer),
            Event::TakePlace(at) => match &self.asking {
                Asking::Choose(_, answer) => {
                    answer.places.get(at).map(spot).map_or_else(Vec::new, |s| self.located(s, "postcode"))
                }
                _ => Vec::new(),
            },
            // A shopper at the desk stays there.
            Event::Told(spot)
                if self.desk.is_none() && self.receipt.is_none() && self.options.near != Near::Nowhere =>
            {
                self.around(spot)
            }
            Event::Told(_) => Vec::new(),
            Event::OtherPlace => {
                (self.asking, self.spot, self.too_far) = (Asking::Not, None, None);
                (self.shops, self.stock, self.typed) = (Remote::Idle, Remote::Idle, String::new());
                self.line = Line::Not;
                self.watch_nothing()
            }
            Event::Shops(answer) => self.shops_came(answer),
            Event::Stock(answer) => self.stock_came(answer),
            Event::Shelf(sku, shop, reading) => {
                self.heard(&sku, &shop, reading);
                Vec::new()
            }
            Event::Live => {
                self.line = Line::Live;
                Vec::new()
            }
            Event::Lost => {
                if let (Line::Live, Some(now)) = (self.line, world.now) {
                    self.line = Line::Lost(now);
                }
                Vec::new()
            }
            Event::Again => self.again(),
            Event::Online => {
                let away = |failure: &Failure| matches!(failure, Failure::Offline | Failure::TimedOut);
                let asked = matches!(&self.asking, Asking::WordsFailed(failure) if away(failure));
                let offline = asked || self.failure().is_some_and(away);
                if offline { self.again() } else { Vec::new() }
            }
            Event::Reserve(shop) => {
                self.desk = Some(Desk {
                    shop,
                    contact: ContactDraft::default(),
                    problems: Vec::new(),
                    sending: Sending::Not,
                    wish: None,
                });
                Vec::new()
            }
            Event::Back => {
                // What is on its way may have been done: nobody leaves before the answer is there.
                let busy = self.desk.as_ref().is_some_and(|desk| desk.sending == Sending::OnItsWay);
                if !busy {
                    (self.desk, self.receipt) = (None, None);
                }
                Vec::new()
            }
            Event::Confirm => self.confirm(world),
            Event::Reserved(answer) => self.reserved(answer),
            Event::PictureFailed => {
                self.no_picture = true;
                Vec::new()
            }
        }
    }

    fn began(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        match &self.options.kind {
            Kind::Stock(Some(sku)) => {
                effects.push(Effect::LoadProduct(sku.clone()));
                effects.push(emitted("nearshelf:view", &[("sku", sku.as_str())]));
                self.product = Remote::Loading;
            }
            Kind::Stock(None) => {
                let kind = ProblemType::NotFound;
                let problem = Problem { kind: kind.uri().to_owned(), status: kind.status(), rows: Vec::new() };
                self.product = Remote::Failed(Failure::Problem(Box::new(problem)));
                return self.failed_or(Vec::new());
            }
            Kind::Locator => effects.push(emitted("nearshelf:view", &[])),
        }
        if self.options.near == Near::Nowhere {
            self.shops = Remote::Loading;
            effects.push(Effect::LoadShops(None));
        }
        effects
    }

    fn typed(&mut self, field: Field, text: String) {
        let Some(desk) = &mut self.desk else {
            if field == Field::Place {
                self.typed = text.chars().take(LONGEST_PLACE).collect();
            }
            return;
        };
        match field {
            Field::Place => {}
            Field::Name => desk.contact.name = text,
            Field::Email => desk.contact.email = text,
        }
        // What was pointed out goes as soon as it is mended; nothing new is pointed out while somebody types.
        let now = desk.contact.check().err().unwrap_or_default();
        desk.problems.retain(|problem| now.contains(problem));
    }

    fn find_place(&mut self) -> Vec<Effect> {
        let words = self.typed.trim().to_owned();
        if words.is_empty() {
            self.asking = Asking::NothingTyped;
            return Vec::new();
        }
        self.asking = Asking::Words(words.clone());
        vec![Effect::FindPlace(words)]
    }

    fn places(&mut self, answer: Result<Places, Failure>) -> Vec<Effect> {
        let Asking::Words(words) = &self.asking else { return Vec::new() };
        self.credit = answer.as_ref().ok().and_then(|answer| answer.credit.clone());
        match answer {
            Err(failure) => {
                self.asking = Asking::WordsFailed(failure);
                Vec::new()
            }
            Ok(answer) => match (answer.exact, answer.places.as_slice()) {
                (true, [place, ..]) | (_, [place]) => {
                    let spot = spot(place);
                    self.located(spot, "postcode")
                }
                _ => {
                    self.asking = Asking::Choose(words.clone(), answer);
                    Vec::new()
                }
            },
        }
    }

    fn located(&mut self, spot: Spot, by: &str) -> Vec<Effect> {
        let mut effects = self.around(spot.clone());
        effects.push(Effect::Tell(spot));
        effects.push(emitted("nearshelf:located", &[("by", by)]));
        effects
    }

    fn around(&mut self, spot: Spot) -> Vec<Effect> {
        let asked = spot.position.rounded();
        (self.asking, self.spot, self.too_far) = (Asking::Not, Some(spot), None);
        (self.shops, self.stock, self.slow, self.line) = (Remote::Loading, Remote::Idle, false, Line::Not);
        vec![Effect::LoadShops(Some(asked))]
    }

    fn shops_came(&mut self, answer: Result<Page, Failure>) -> Vec<Effect> {
        let locations = match answer {
            Ok(page) => page.locations,
            Err(failure) => {
                self.shops = Remote::Failed(failure);
                return self.failed_or(Vec::new());
            }
        };
        let mut shops = ranked(locations, self.spot.as_ref());
        self.too_far = shops.first().filter(|shop| !is_near(shop)).cloned();
        shops.retain(is_near);
        let Some(sku) = self.sku().cloned().filter(|_| !shops.is_empty()) else {
            shops.truncate(self.options.limit);
            self.shops = Remote::Ready(shops);
            return self.watch_nothing();
        };
        let ids = shops.iter().map(|shop| shop.location.id.clone()).collect();
        self.candidates = shops;
        self.stock = Remote::Loading;
        vec![Effect::LoadStock(sku, ids)]
    }

    fn stock_came(&mut self, answer: Result<Stock, Failure>) -> Vec<Effect> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                self.stock = Remote::Failed(failure);
                return self.failed_or(Vec::new());
            }
        };
        self.stock = Remote::Ready(answer.rows);
        if self.line == Line::Not {
            self.line = Line::Lost(answer.as_of);
        }
        if !self.candidates.is_empty() {
            let has = |shop: &Shop| self.reading(&shop.location.id).is_some_and(|reading| has(reading.state));
            let rows = chosen(&self.candidates, self.options.limit, has);
            self.shops = Remote::Ready(rows);
            self.candidates = Vec::new();
        }
        let Some(sku) = self.sku().cloned() else { return Vec::new() };
        let ids = self.shops.ready().into_iter().flatten().map(|shop| shop.location.id.clone()).collect();
        vec![Effect::Watch(sku, ids)]
    }

    /// The latest word of a shelf counts: what is shown never goes back in time.
    fn heard(&mut self, sku: &Sku, shop: &LocationId, reading: Reading) {
        let Remote::Ready(rows) = &mut self.stock else { return };
        let row = rows.iter_mut().find(|row| row.location_id == *shop && row.sku == *sku);
        if let Some(row) = row.filter(|row| row.reading.as_of <= reading.as_of) {
            row.reading = reading;
        }
    }

    fn watch_nothing(&self) -> Vec<Effect> {
        self.sku().map(|sku| Effect::Watch(sku.clone(), Vec::new())).into_iter().collect()
    }

    /// Asks again for all that failed.
    fn again(&mut self) -> Vec<Effect> {
        self.slow = false;
        let mut effects = Vec::new();
        if let (Remote::Failed(_), Some(sku)) = (&self.product, self.sku().cloned()) {
            self.product = Remote::Loading;
            effects.push(Effect::LoadProduct(sku));
        }
        if matches!(self.shops, Remote::Failed(_)) || matches!(self.stock, Remote::Failed(_)) {
            (self.shops, self.stock) = (Remote::Loading, Remote::Idle);
            effects.push(Effect::LoadShops(self.spot.as_ref().map(|spot| spot.position.rounded())));
        }
        if let Asking::WordsFailed(_) = self.asking {
            effects.extend(self.find_place());
        }
        effects
    }

    fn confirm(&mut self, world: &World) -> Vec<Effect> {
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
            contact: ContactBody {
                name: contact.name().to_owned(),
                email: contact.email().map(str::to_owned),
                phone: contact.phone().map(str::to_owned),
            },
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

    fn reserved(&mut self, answer: Result<Box<Reservation>, Failure>) -> Vec<Effect> {
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

    fn failed_or(&self, mut effects: Vec<Effect>) -> Vec<Effect> {
        effects.extend(self.failure().map(|failure| emitted("nearshelf:error", &[("kind", failure.name())])));
        effects
    }

    /// Whether the buttons lead to the app instead of to a desk of the box.
    #[must_use]
    pub fn reserves_in_app(&self) -> bool {
        self.options.desk == DeskKind::InApp
    }
}

fn emitted(name: &'static str, detail: &[(&'static str, &str)]) -> Effect {
    Effect::Emit(name, detail.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

fn has(state: StockState) -> bool {
    matches!(state, StockState::Available | StockState::Limited)
}

/// Whether the shop does not hand it over at all, however much it has.
fn is_of_the_shop(row: &Row) -> bool {
    use domain::inventory::Reason;
    matches!(row.reason, Some(Reason::InStoreOnly | Reason::PickupDisabled | Reason::Other))
}

fn is_near(shop: &Shop) -> bool {
    shop.distance_m.is_none_or(|metres| metres <= NEAR_M)
}

fn spot(place: &Place) -> Spot {
    Spot { label: place.label.clone(), position: place.geo }
}

/// Nearest first by the exact place, which never left the device; as they came where none is known.
fn ranked(locations: Vec<Location>, spot: Option<&Spot>) -> Vec<Shop> {
    let Some(spot) = spot else {
        return locations.into_iter().map(|location| Shop { location, distance_m: None }).collect();
    };
    let count = locations.len();
    geo::nearest(spot.position, locations, |location| location.geo, None, count)
        .into_iter()
        .map(|(location, metres)| Shop { location, distance_m: Some(whole(metres)) })
        .collect()
}

fn whole(metres: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most half the Earth's girth, never negative
    let whole = metres.round() as u32;
    whole
}

/// The rows: the nearest shop whatever it has, then those that have it, and where there are too few of them the next ones; in the
/// order of their distances. They are chosen once, so that no row jumps when somebody buys the last one.
fn chosen(shops: &[Shop], limit: usize, has: impl Fn(&Shop) -> bool) -> Vec<Shop> {
    let mut taken = vec![false; shops.len()];
    let mut left = limit;
    for round in 0..3 {
        for (place, (shop, taken)) in shops.iter().zip(&mut taken).enumerate() {
            let turn = round == 2 || round == 0 && place == 0 || round == 1 && has(shop);
            if turn && left > 0 && !*taken {
                *taken = true;
                left -= 1;
            }
        }
    }
    shops.iter().zip(taken).filter(|(_, taken)| *taken).map(|(shop, _)| shop.clone()).collect()
}

#[cfg(test)]
pub(crate) mod tests;
