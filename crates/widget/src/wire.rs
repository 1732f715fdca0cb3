//! What the box reads of the API's answers. The types of `api-contract` have all that there is, and reading all of it would be a
//! third of the program; here is what is shown. The tests write those types and read them back, so that the two cannot drift apart.

use std::fmt;

use api_contract::json::{self, Unread};
use domain::geo::Position;
use domain::hours::OpenSpan;
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, Reason, StockState};
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

/// A product.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Product {
    pub title: String,
    pub price: Option<Money>,
    pub image: Option<String>,
}

/// A shop.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Location {
    pub id: LocationId,
    pub name: String,
    pub street: String,
    pub postal_code: String,
    pub town: String,
    pub country: String,
    pub geo: Position,
    pub timezone: String,
    pub open_spans: Option<Vec<OpenSpan>>,
    pub open_known_until: Timestamp,
    /// Whether anything can be put aside there.
    pub pickup: bool,
    /// The ways in which goods change hands: at the desk, and to the car.
    pub at_desk: bool,
    /// Brought out to the car.
    pub to_car: bool,
}

/// Shops, and the server's clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The shops.
    pub locations: Vec<Location>,
    /// The clock.
    pub as_of: Timestamp,
}

/// A shelf.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Row {
    pub sku: Sku,
    pub location_id: LocationId,
    pub reading: Reading,
    pub pickup: bool,
    pub reason: Option<Reason>,
}

/// Stock.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Stock {
    pub as_of: Timestamp,
    pub rows: Vec<Row>,
}

/// Places of a name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Places {
    /// The first of them is the one that was meant.
    pub exact: bool,
    /// What was looked for instead.
    pub showing: Option<String>,
    /// The places.
    pub places: Vec<Place>,
    /// Who is to be named as their source.
    pub credit: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Place {
    pub label: String,
    pub detail: String,
    pub geo: Position,
}

/// A reservation that was just made.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Reservation {
    pub location_id: LocationId,
    pub code: String,
    pub hold_expires_at: Timestamp,
    pub pass_url: Option<String>,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Problem {
    pub kind: String,
    pub status: u16,
    pub rows: Vec<Row>,
}

/// What the retailer set.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in the contract
pub struct Settings {
    pub name: String,
    /// `auto`, `metric` or `imperial`.
    pub units: String,
    pub reserve: bool,
    pub curbside: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let name = api_contract::settings::DEFAULT_NAME.to_owned();
        Self { name, units: String::new(), reserve: true, curbside: true }
    }
}

/// Something that stands in an answer.
pub trait Read: Sized {
    /// Reads it; `None` where it is not as it should be.
    fn read(value: &Value) -> Option<Self>;
}

/// The rows that can be read; `None` where there are rows and none of them can, which is not the same as no rows.
fn readable<T>(value: &Value, list: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let rows: Vec<T> = value.items(list).filter_map(read).collect();
    (!rows.is_empty() || value.items(list).next().is_none()).then_some(rows)
}

/// Reads a whole answer.
#[must_use]
pub fn read<T: Read>(text: &str) -> Option<T> {
    T::read(&json::read(text).ok()?)
}

impl Read for Product {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            title: value.text("title")?,
            price: value.get("price").and_then(money),
            image: value.text("image"),
        })
    }
}

impl Read for Location {
    fn read(value: &Value) -> Option<Self> {
        let (address, pickup) = (value.get("address")?, value.get("pickup")?);
        let part = |name: &str| address.text(name).unwrap_or_default();
        let methods: Vec<&str> = pickup.items("methods").filter_map(Value::as_text).collect();
        let spans = match value.get("open_spans") {
            Some(Value::List(_)) => Some(value.items("open_spans").map(span).collect::<Option<Vec<_>>>()?),
            _ => None,
        };
        Some(Self {
            id: LocationId::new(value.text("id")?).ok()?,
            name: value.text("name")?,
            street: part("street_address"),
            postal_code: part("postal_code"),
            town: part("address_locality"),
            country: part("address_country"),
            geo: position(value.get("geo")?)?,
            timezone: value.text("timezone")?,
            open_spans: spans,
            open_known_until: value.time("open_known_until")?,
            pickup: pickup.truth("enabled"),
            at_desk: methods.contains(&"in_store"),
            to_car: methods.contains(&"curbside"),
        })
    }
}

impl Read for Page {
    fn read(value: &Value) -> Option<Self> {
        let locations = readable(value, "locations", Location::read)?;
        Some(Self { locations, as_of: value.time("as_of")? })
    }
}

impl Read for Row {
    /// A row of an answer, and just as well an event of the stream.
    fn read(value: &Value) -> Option<Self> {
        let reading = Reading {
            state: value.get("state").and_then(word::<StockState>)?,
            quantity: value.number("quantity").and_then(whole),
            as_of: value.time("as_of")?,
        };
        Some(Self {
            sku: Sku::new(value.text("sku")?).ok()?,
            location_id: LocationId::new(value.text("location_id")?).ok()?,
            reading,
            pickup: value.truth("pickup"),
            reason: value.get("reason").and_then(word::<Reason>),
        })
    }
}

impl Read for Stock {
    fn read(value: &Value) -> Option<Self> {
        Some(Self { as_of: value.time("as_of")?, rows: readable(value, "rows", Row::read)? })
    }
}

impl Read for Places {
    fn read(value: &Value) -> Option<Self> {
        let place = |value: &Value| {
            let geo = position(value.get("geo")?)?;
            Some(Place { label: value.text("label")?, detail: value.text("detail").unwrap_or_default(), geo })
        };
        Some(Self {
            exact: value.get("match").and_then(Value::as_text) == Some("exact"),
            showing: value.text("showing"),
            places: readable(value, "places", place)?,
            credit: value.text("credit"),
        })
    }
}

impl Read for Reservation {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            location_id: LocationId::new(value.text("location_id")?).ok()?,
            code: value.text("code")?,
            hold_expires_at: value.time("hold_expires_at")?,
            pass_url: value.text("pass_url"),
        })
    }
}

impl Read for Problem {
    fn read(value: &Value) -> Option<Self> {
        let status = value.number("status").and_then(whole).and_then(|status| u16::try_from(status).ok());
        let rows = value.items("rows").filter_map(Row::read).collect();
        Some(Self { kind: value.text("type")?, status: status.unwrap_or_default(), rows })
    }
}

impl Read for Settings {
    fn read(value: &Value) -> Option<Self> {
        let usual = Self::default();
        // What an older server does not say is as by default.
        let on =
            |name: &str| value.get("features").is_none_or(|features| features.get(name) != Some(&Value::Truth(false)));
        Some(Self {
            name: value.text("name").unwrap_or(usual.name),
            units: value.text("units").unwrap_or_default(),
            reserve: on("reserve"),
            curbside: on("curbside"),
        })
    }
}

/// The instant that an answer is of, in a sign of life.
impl Read for Timestamp {
    fn read(value: &Value) -> Option<Self> {
        value.time("as_of")
    }
}

fn span(value: &Value) -> Option<OpenSpan> {
    Some(OpenSpan { opens_at: value.time("opens_at")?, closes_at: value.time("closes_at")? })
}

fn position(value: &Value) -> Option<Position> {
    Position::new(value.number("latitude")?, value.number("longitude")?).ok()
}

fn money(value: &Value) -> Option<Money> {
    let currency = Currency::new(value.get("currency")?.as_text()?).ok()?;
    #[allow(clippy::cast_possible_truncation)] // amounts are far below 2^53
    let amount = value.number("amount")? as i64;
    Some(Money { amount, currency })
}

fn whole(number: f64) -> Option<u32> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // just checked
    (0.0..=f64::from(u32::MAX)).contains(&number).then_some(number as u32)
}

/// A word of the contract, by the names that the domain gives.
fn word<T: DeserializeOwned>(value: &Value) -> Option<T> {
    let text = value.as_text()?;
    T::deserialize(IntoDeserializer::<Unread>::into_deserializer(text)).ok()
}

/// Anything that JSON says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Nothing,
    /// `true` or `false`.
    Truth(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the order in which it stands.
    Object(Vec<(String, Value)>),
}

impl Value {
    fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(fields) => fields.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_text().map(str::to_owned)
    }

    fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn truth(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Truth(true))
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        Timestamp::parse(self.get(name)?.as_text()?).ok()
    }

    /// The items of a list; none where there is no such list.
    fn items(&self, name: &str) -> impl Iterator<Item = &Value> {
        let items = match self.get(name) {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Truth(truth))
    }

    #[allow(clippy::cast_precision_loss)] // what is larger than 2^53 is nothing that we read
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    #[allow(clippy::cast_precision_loss)] // the same
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = object.next_entry()? {
            fields.push(field);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests;
