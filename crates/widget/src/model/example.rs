//! Boxes for the tests of the model and of what shows it.

use domain::geo::Position;
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, StockState};
use domain::time::Timestamp;

use super::shops::has;
use super::{Event, Field, Model, World};
use crate::options::Options;
use crate::wire::{Location, Page, Product, Row, Stock};

pub(crate) const NOW: i64 = 1_700_000_000_000;

pub(crate) fn options(attributes: &[(&str, &str)]) -> Options {
    Options::read(
        false,
        |name| attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()),
        |_| None,
    )
}

pub(crate) fn sku() -> Sku {
    Sku::new("BO-075").unwrap()
}

pub(crate) fn id(name: &str) -> LocationId {
    LocationId::new(name).unwrap()
}

pub(crate) fn shop(name: &str, latitude: f64) -> Location {
    Location {
        id: id(name),
        name: format!("Lyon {name}"),
        street: "1 rue A".into(),
        postal_code: "69003".into(),
        town: "Lyon".into(),
        country: "FR".into(),
        geo: Position::new(latitude, 4.85).unwrap(),
        timezone: "Europe/Paris".into(),
        open_spans: None,
        open_known_until: Timestamp::from_millis(NOW),
        pickup: true,
        at_desk: true,
        to_car: false,
    }
}

pub(crate) fn row(shop: &str, state: StockState, quantity: Option<u32>) -> Row {
    let pickup = has(state);
    let reading = Reading { state, quantity, as_of: Timestamp::from_millis(NOW) };
    Row { sku: sku(), location_id: id(shop), reading, pickup, reason: None }
}

pub(crate) fn product() -> Product {
    Product {
        title: "Boreal bottle".into(),
        price: Some(domain::money::Money { amount: 3490, currency: domain::money::Currency::new("EUR").unwrap() }),
        image: Some("/media/a.svg".into()),
    }
}

pub(crate) fn begun(attributes: &[(&str, &str)]) -> Model {
    let attributes: Vec<_> = [("sku", "BO-075")].into_iter().chain(attributes.iter().copied()).collect();
    let mut model = Model::new(options(&attributes), true, true);
    model.happened(Event::Began, &World::default());
    model.happened(Event::Product(Ok(product())), &World::default());
    model
}

pub(crate) fn in_lyon() -> Event {
    Event::Device(Ok(Position::new(45.76, 4.85).unwrap()))
}

/// Shops at growing distances, and what they have.
pub(crate) fn with_stock(attributes: &[(&str, &str)], rows: &[(&str, StockState, Option<u32>)]) -> Model {
    let mut model = begun(attributes);
    model.happened(in_lyon(), &World::default());
    let locations = rows
        .iter()
        .enumerate()
        .map(|(at, (name, ..))| shop(name, 45.77 + 0.01 * f64::from(u32::try_from(at).unwrap())));
    let page = Page { locations: locations.collect(), as_of: Timestamp::from_millis(NOW) };
    model.happened(Event::Shops(Ok(page)), &World::default());
    let rows = rows.iter().map(|(name, state, quantity)| row(name, *state, *quantity)).collect();
    let stock = Stock { as_of: Timestamp::from_millis(NOW), rows };
    model.happened(Event::Stock(Ok(stock)), &World::default());
    model
}

/// At the desk, with a contact.
pub(crate) fn at_desk() -> Model {
    let mut model =
        with_stock(&[("code", "SUMMER10"), ("campaign", "summer")], &[("a", StockState::Available, Some(4))]);
    model.happened(Event::Reserve(id("a")), &World::default());
    model.happened(Event::Typed(Field::Name, "Ada".into()), &World::default());
    model.happened(Event::Typed(Field::Email, "ada@example.org".into()), &World::default());
    model
}
