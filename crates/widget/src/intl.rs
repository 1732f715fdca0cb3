//! Numbers, money and times as people write them, by the browser's own `Intl`.

use std::cell::RefCell;

use domain::map::Unit;
use domain::money::Money;
use domain::time::Timestamp;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    static LOCALE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on numbers are written as this locale has them.
pub(crate) fn speak(locale: &str) {
    LOCALE.with_borrow_mut(|known| locale.clone_into(known));
}

/// `€ 34.90`.
pub(crate) fn money(money: Money) -> String {
    let digits = money.currency.minor_digits();
    #[allow(clippy::cast_precision_loss)] // far below 2^53
    let value = money.amount as f64 / f64::from(10_u32.pow(digits));
    number(value, &[("style", "currency".into()), ("currency", money.currency.as_str().into())])
}

/// `2.1 km`, `850 m`, `1.3 mi`.
pub(crate) fn distance(metres: u32, unit: Unit) -> String {
    let metres = f64::from(metres);
    let (value, unit) = match unit {
        Unit::Mile => (metres / 1609.344, "mile"),
        Unit::Kilometre if metres < 950.0 => ((metres / 50.0).round() * 50.0, "meter"),
        Unit::Kilometre => (metres / 1000.0, "kilometer"),
    };
    let digits = if unit != "meter" && value < 9.95 { 1 } else { 0 };
    number(value, &[("style", "unit".into()), ("unit", unit.into()), ("maximumFractionDigits", digits.into())])
}

/// The time of day in a zone; without one the device's.
pub(crate) fn time(at: Timestamp, zone: Option<&str>) -> String {
    date(at, zone, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// Day and time in a zone: `Sat 10:00`.
pub(crate) fn weekday_time(at: Timestamp, zone: &str) -> String {
    date(at, Some(zone), &[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")])
}

/// The same for two instants of one day in a zone.
pub(crate) fn day(at: Timestamp, zone: &str) -> String {
    date(at, Some(zone), &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")])
}

/// A whole number with its separators.
pub(crate) fn count(value: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // counts of units
    number(value as f64, &[])
}

/// The plural category of a number (CLDR).
pub(crate) fn plural_category(n: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // counts of units
    Intl::PluralRules::new(&locales(), &Object::new()).select(n as f64).into()
}

fn locales() -> Array {
    LOCALE.with_borrow(|locale| Array::of1(&JsValue::from_str(locale)))
}

fn options(pairs: impl Iterator<Item = (&'static str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
    }
    object
}

fn number(value: f64, pairs: &[(&'static str, JsValue)]) -> String {
    let format = Intl::NumberFormat::new(&locales(), &options(pairs.iter().cloned()));
    call(&format.format(), &JsValue::from_f64(value))
}

fn date(at: Timestamp, zone: Option<&str>, pairs: &[(&'static str, &str)]) -> String {
    let format = |zone: Option<&str>| {
        let zone = zone.map(|zone| ("timeZone", JsValue::from_str(zone)));
        let pairs = pairs.iter().map(|(name, value)| (*name, JsValue::from_str(value)));
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let constructor: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
        // A zone that this browser does not know throws.
        let made = Reflect::construct(&constructor, &Array::of2(&locales(), &options(pairs.chain(zone)))).ok()?;
        #[allow(clippy::cast_precision_loss)] // far below 2^53
        let at = Date::new(&JsValue::from_f64(at.millis() as f64));
        Some(call(&made.unchecked_into::<Intl::DateTimeFormat>().format(), &at))
    };
    // Then its own is better than no time at all.
    format(zone).or_else(|| format(None)).unwrap_or_default()
}

fn call(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}
