//! What may happen to a box, and what follows. It knows no browser: what is to be done comes out as [`Effect`]s, and what came of it
//! goes in as [`Event`]s.
//!
//! Each step of a shopper has its file: where they are (`place`), the shops there (`shops`), the desk (`desk`). What is read out
//! for the view is in `shown`, and what came of a question in `answer`.

mod answer;
mod desk;
mod place;
mod shops;
mod shown;

use api_contract::problem::ProblemType;
use api_contract::reservation::ReservationRequest;
use domain::geo::Position;
use domain::id::{LocationId, Sku};
use domain::inventory::Reading;
use domain::time::Timestamp;

pub use answer::{Failure, Remote};
pub use desk::{Desk, Sending};
pub use place::{Asking, LocateProblem, Spot};
pub use shops::{Line, NEAR_M, SHOPS, Shop};

use crate::options::{Kind, Near, Options};
use crate::wire::{Page, Places, Problem, Product, Reservation, Row, Stock};

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
    /// Shops whose stock is asked for, of which the rows are chosen.
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
                self.tell_failure()
            }
            Event::AskDevice => {
                self.asking = Asking::Device;
                vec![Effect::AskDevice]
            }
            Event::Device(Ok(position)) => self.located(Spot { label: String::new(), position }, "device"),
            Event::Device(Err(problem)) => {
                self.device_failed(problem);
                Vec::new()
            }
            Event::Typed(field, text) => {
                match &mut self.desk {
                    Some(desk) => desk.typed(field, text),
                    None => self.place_typed(field, text),
                }
                Vec::new()
            }
            Event::FindPlace => self.find_place(),
            Event::Places(answer) => self.places(answer),
            Event::TakePlace(at) => self.take_place(at),
            Event::Told(spot) => self.told(spot),
            Event::OtherPlace => self.other_place(),
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
            Event::Online => self.online(),
            Event::Reserve(shop) => {
                self.desk = Some(Desk::at(shop));
                Vec::new()
            }
            Event::Back => {
                self.leave_desk();
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
                return self.tell_failure();
            }
            Kind::Locator => effects.push(emitted("nearshelf:view", &[])),
        }
        if self.options.near == Near::Nowhere {
            self.shops = Remote::Loading;
            effects.push(Effect::LoadShops(None));
        }
        effects
    }

    /// The network is back: what failed for want of it is asked for again.
    fn online(&mut self) -> Vec<Effect> {
        let away = |failure: &Failure| matches!(failure, Failure::Offline | Failure::TimedOut);
        let asked = matches!(&self.asking, Asking::WordsFailed(failure) if away(failure));
        let offline = asked || self.failure().is_some_and(away);
        if offline { self.again() } else { Vec::new() }
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

    /// The page around hears of what stands in the way of everything.
    fn tell_failure(&self) -> Vec<Effect> {
        self.failure().map(|failure| emitted("nearshelf:error", &[("kind", failure.name())])).into_iter().collect()
    }
}

fn emitted(name: &'static str, detail: &[(&'static str, &str)]) -> Effect {
    Effect::Emit(name, detail.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

/// Boxes for the tests of those who show them.
#[cfg(test)]
pub(crate) mod example;

#[cfg(test)]
mod tests {
    use super::example::{begun, in_lyon, options};
    use super::*;

    #[test]
    fn nothing_but_the_product_is_asked_for_before_the_shopper_says_where_they_are() {
        let mut model = Model::new(options(&[("sku", "BO-075")]), true, true);
        let effects = model.happened(Event::Began, &World::default());
        assert!(matches!(&effects[..], [Effect::LoadProduct(_), Effect::Emit("nearshelf:view", _)]), "{effects:?}");
        let mut model = Model::new(options(&[("sku", "BO-075"), ("near", "none")]), true, true);
        let effects = model.happened(Event::Began, &World::default());
        assert!(effects.contains(&Effect::LoadShops(None)), "{effects:?}");
    }

    #[test]
    fn what_failed_is_asked_again_and_what_came_is_not() {
        let mut model = begun(&[]);
        model.happened(in_lyon(), &World::default());
        model.happened(Event::Shops(Err(Failure::Offline)), &World::default());
        let effects = model.happened(Event::Online, &World::default());
        assert!(matches!(&effects[..], [Effect::LoadShops(Some(_))]), "{effects:?}");
        let mut model = begun(&[]);
        model.happened(in_lyon(), &World::default());
        model.happened(Event::Shops(Err(Failure::Refused)), &World::default());
        assert!(model.happened(Event::Online, &World::default()).is_empty(), "a network does not change that");
    }
}
