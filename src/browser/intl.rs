//! Numbers, money and times as people write them, by the browser's own `Intl`.

use domain::map::Unit;
use domain::money::Money;
use domain::time::Timestamp;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

fn locales() -> Array {
    let locale = super::language::locale();
    // An empty list is the browser's own language.
    if locale.is_empty() { Array::new() } else { Array::of1(&JsValue::from_str(&locale)) }
}

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn call(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|v| v.as_string()).unwrap_or_default()
}

fn date(at: Timestamp) -> JsValue {
    #[allow(clippy::cast_precision_loss)] // far below 2^53
    Date::new(&JsValue::from_f64(at.millis() as f64)).into()
}

fn number(value: f64, pairs: &[(&str, JsValue)]) -> String {
    let format = Intl::NumberFormat::new(&locales(), &options(pairs));
    call(&format.format(), &JsValue::from_f64(value))
}

/// `€ 34.90`, in the form of the browser's language.
#[must_use]
pub fn money(money: Money) -> String {
    let digits = money.currency.minor_digits();
    #[allow(clippy::cast_precision_loss)] // `MAX_AMOUNT` is far below 2^53
    let value = money.amount as f64 / f64::from(10_u32.pow(digits));
    number(value, &[("style", "currency".into()), ("currency", money.currency.as_str().into())])
}

/// A whole number with its separators: `4,812`.
#[must_use]
pub fn count(value: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // counts of products and shops
    number(value as f64, &[])
}

/// The plural category of a number in the language of the texts (CLDR): `one`, `few`, `many`, `other`.
#[must_use]
pub fn plural_category(n: u64) -> String {
    let language = Array::of1(&JsValue::from_str(&super::language::current()));
    #[allow(clippy::cast_precision_loss)] // counts of products and shops
    Intl::PluralRules::new(&language, &Object::new()).select(n as f64).into()
}

/// What a language is called by those who speak it: `Français`; its tag where the browser does not know.
#[must_use]
pub fn language_name(tag: &str) -> String {
    let name = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let constructor: Function = Reflect::get(&intl, &"DisplayNames".into()).ok()?.dyn_into().ok()?;
        let arguments = Array::of2(&Array::of1(&tag.into()), &options(&[("type", "language".into())]));
        let names = Reflect::construct(&constructor, &arguments).ok()?;
        let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
        let name = of.call1(&names, &tag.into()).ok()?.as_string()?;
        let mut letters = name.chars();
        // Inside a sentence most languages write it small; this is no sentence.
        Some(letters.next()?.to_uppercase().chain(letters).collect())
    };
    name().unwrap_or_else(|| tag.to_owned())
}

/// A distance: `850 m`, `2.1 km`, `1.3 mi`; miles for the countries whose road signs have them.
#[must_use]
pub fn distance(metres: u32, country: &str) -> String {
    let metres = f64::from(metres);
    let miles = Unit::of(country) == Unit::Mile;
    let (value, unit) = match () {
        () if miles => (metres / 1609.344, "mile"),
        () if metres < 950.0 => ((metres / 50.0).round() * 50.0, "meter"),
        () => (metres / 1000.0, "kilometer"),
    };
    let digits = if unit != "meter" && value < 9.95 { 1 } else { 0 };
    number(value, &[("style", "unit".into()), ("unit", unit.into()), ("maximumFractionDigits", digits.into())])
}

/// A round length: `5 km`, `0.5 mi`.
#[must_use]
pub fn length(value: f64, miles: bool) -> String {
    let unit = if miles { "mile" } else { "kilometer" };
    number(value, &[("style", "unit".into()), ("unit", unit.into())])
}

fn time_format(at: Timestamp, zone: Option<&str>, pairs: &[(&str, JsValue)]) -> String {
    let mut pairs = pairs.to_vec();
    if let Some(zone) = zone {
        pairs.push(("timeZone", zone.into()));
    }
    // A zone that this browser does not know throws: then its own is better than no time at all.
    let format = |pairs: &[(&str, JsValue)]| {
        let constructor: Option<Function> = Reflect::get(&js_sys::global(), &"Intl".into())
            .and_then(|intl| Reflect::get(&intl, &"DateTimeFormat".into()))
            .ok()
            .and_then(|c| c.dyn_into().ok());
        let arguments = Array::of2(&locales(), &options(pairs));
        let made = Reflect::construct(&constructor?, &arguments).ok()?;
        Some(call(&made.unchecked_into::<Intl::DateTimeFormat>().format(), &date(at)))
    };
    format(&pairs)
        .or_else(|| {
            pairs.retain(|(name, _)| *name != "timeZone");
            format(&pairs)
        })
        .unwrap_or_default()
}

/// The time of day on the wall of a shop: `19:30`, `7:30 PM`. Without a zone, the device's.
#[must_use]
pub fn time(at: Timestamp, zone: Option<&str>) -> String {
    time_format(at, zone, &[("hour", "numeric".into()), ("minute", "2-digit".into())])
}

/// The time of day with seconds, on the device's clock.
#[must_use]
pub fn time_with_seconds(at: Timestamp) -> String {
    time_format(at, None, &[("hour", "2-digit".into()), ("minute", "2-digit".into()), ("second", "2-digit".into())])
}

/// Day and time in a shop: `Sat 10:00`.
#[must_use]
pub fn weekday_time(at: Timestamp, zone: Option<&str>) -> String {
    time_format(at, zone, &[("weekday", "short".into()), ("hour", "numeric".into()), ("minute", "2-digit".into())])
}

/// Weekday, day, month and time in a shop: `Sat, 21 Nov, 10:00`.
#[must_use]
pub fn date_time(at: Timestamp, zone: Option<&str>) -> String {
    time_format(
        at,
        zone,
        &[
            ("weekday", "short".into()),
            ("day", "numeric".into()),
            ("month", "short".into()),
            ("hour", "numeric".into()),
            ("minute", "2-digit".into()),
        ],
    )
}

/// A key that is the same for two instants of one day in a shop.
#[must_use]
pub fn day_key(at: Timestamp, zone: Option<&str>) -> String {
    time_format(at, zone, &[("year", "numeric".into()), ("month", "numeric".into()), ("day", "numeric".into())])
}

/// An instant from a date and time of the browser's own clock, as a field of that kind gives it: `2026-11-21T18:00`.
#[must_use]
pub fn instant(local: &str) -> Option<Timestamp> {
    let millis = Date::parse(local);
    #[allow(clippy::cast_possible_truncation)] // it is finite, and far below the ends of the numbers
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}

/// The name of a day of the week, 0 for Monday.
#[must_use]
pub fn weekday(index: usize) -> String {
    // 1970-01-05 was a Monday.
    let days = i64::try_from(index).unwrap_or(0) + 4;
    let at = Timestamp::from_millis(days * domain::time::DAY_MS + 12 * domain::time::HOUR_MS);
    time_format(at, Some("UTC"), &[("weekday", "long".into())])
}

/// A wall-clock time of day, minutes since midnight, in the form of the browser's language.
#[must_use]
pub fn wall_time(minutes: u16) -> String {
    let at = Timestamp::from_millis(i64::from(minutes % 1440) * domain::time::MINUTE_MS);
    time(at, Some("UTC"))
}

/// A calendar date: `Fri, 25 Dec`.
#[must_use]
pub fn calendar_date(date: domain::hours::LocalDate) -> String {
    let noon = Timestamp::parse(&format!("{date}T12:00:00Z")).unwrap_or(Timestamp::from_millis(0));
    time_format(noon, Some("UTC"), &[("weekday", "short".into()), ("day", "numeric".into()), ("month", "short".into())])
}

/// The day of the week in a shop, 0 for Monday; `None` where the browser does not know the zone.
#[must_use]
pub fn weekday_index(at: Timestamp, zone: &str) -> Option<usize> {
    let there = time_format(at, Some(zone), &[("weekday", "long".into())]);
    (0..7).find(|index| weekday(*index) == there)
}
