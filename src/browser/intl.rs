//! Numbers, money and times as people write them, by the browser's own `Intl`.

use std::cell::RefCell;

use domain::map::Unit;
use domain::money::Money;
use domain::time::Timestamp;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::settings;

thread_local! {
    // Making one takes a slow phone milliseconds, using it microseconds; a list of prices wants one two dozen times.
    static MADE: RefCell<Vec<(String, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// More kinds than an app shows at a time; a list of shops in many time zones begins anew.
const KEPT: usize = 100;

/// One of the formatters of `Intl`, made once for each language and its options. `None` where the browser does not take them.
/// An empty language is the browser's own.
fn made(kind: &str, locale: &str, pairs: &[(&str, &str)]) -> Option<JsValue> {
    let mut key = [kind, " ", locale].concat();
    for (name, value) in pairs {
        for part in [" ", name, " ", value] {
            key.push_str(part);
        }
    }
    let known = MADE.with_borrow(|all| all.iter().find(|(of, _)| *of == key).map(|(_, made)| made.clone()));
    if known.is_some() {
        return known;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &kind.into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let locales = if locale.is_empty() { Array::new() } else { Array::of1(&locale.into()) };
    let made = Reflect::construct(&constructor, &Array::of2(&locales, &options)).ok()?;
    MADE.with_borrow_mut(|all| {
        if all.len() >= KEPT {
            all.clear();
        }
        all.push((key, made.clone()));
    });
    Some(made)
}

fn call(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|v| v.as_string()).unwrap_or_default()
}

fn date(at: Timestamp) -> JsValue {
    #[allow(clippy::cast_precision_loss)] // far below 2^53
    Date::new(&JsValue::from_f64(at.millis() as f64)).into()
}

fn number(value: f64, pairs: &[(&str, &str)]) -> String {
    let format = made("NumberFormat", &super::language::locale(), pairs);
    let format = format.map(|made| made.unchecked_into::<Intl::NumberFormat>().format());
    format.map(|format| call(&format, &JsValue::from_f64(value))).unwrap_or_default()
}

/// `€ 34.90`, in the form of the browser's language.
#[must_use]
pub fn money(money: Money) -> String {
    let digits = money.currency.minor_digits();
    #[allow(clippy::cast_precision_loss)] // `MAX_AMOUNT` is far below 2^53
    let value = money.amount as f64 / f64::from(10_u32.pow(digits));
    number(value, &[("style", "currency"), ("currency", money.currency.as_str())])
}

/// A whole number with its separators: `4,812`.
#[must_use]
pub fn count(value: u64) -> String {
    // Small numbers are written alike in all our languages, unless the browser was told of other digits.
    if value < 1_000 && !super::language::locale().contains("-u-") {
        return value.to_string();
    }
    #[allow(clippy::cast_precision_loss)] // counts of products and shops
    number(value as f64, &[])
}

/// The plural category of a number in the language of the texts (CLDR): `one`, `few`, `many`, `other`.
#[must_use]
pub fn plural_category(n: u64) -> String {
    let rules = made("PluralRules", &super::language::current(), &[]).map(JsCast::unchecked_into::<Intl::PluralRules>);
    #[allow(clippy::cast_precision_loss)] // counts of products and shops
    rules.map_or_else(|| "other".to_owned(), |rules| rules.select(n as f64).into())
}

/// What a language is called by those who speak it: `Français`; its tag where the browser does not know.
#[must_use]
pub fn language_name(tag: &str) -> String {
    let name = || {
        let names = made("DisplayNames", tag, &[("type", "language")])?;
        let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
        let name = of.call1(&names, &tag.into()).ok()?.as_string()?;
        let (first, rest) = name.split_at_checked(name.chars().next()?.len_utf8())?;
        // Inside a sentence most languages write it small; this is no sentence. A table of capitals would be 5 kB of a first visit.
        Some(String::from(js_sys::JsString::from(first).to_upper_case()) + rest)
    };
    name().unwrap_or_else(|| tag.to_owned())
}

/// A distance: `850 m`, `2.1 km`, `1.3 mi`; miles for the countries whose road signs have them, unless the
/// retailer wants one of them everywhere.
#[must_use]
pub fn distance(metres: u32, country: &str) -> String {
    let metres = f64::from(metres);
    let miles = settings::unit(country) == Unit::Mile;
    let (value, unit) = match () {
        () if miles => (metres / 1609.344, "mile"),
        () if metres < 950.0 => ((metres / 50.0).round() * 50.0, "meter"),
        () => (metres / 1000.0, "kilometer"),
    };
    let digits = if unit != "meter" && value < 9.95 { "1" } else { "0" };
    number(value, &[("style", "unit"), ("unit", unit), ("maximumFractionDigits", digits)])
}

/// A round length: `5 km`, `0.5 mi`.
#[must_use]
pub fn length(value: f64, miles: bool) -> String {
    let unit = if miles { "mile" } else { "kilometer" };
    number(value, &[("style", "unit"), ("unit", unit)])
}

fn time_format(at: Timestamp, zone: Option<&str>, pairs: &[(&str, &str)]) -> String {
    let locale = super::language::locale();
    let format = |pairs: &[(&str, &str)]| made("DateTimeFormat", &locale, pairs);
    let there = zone.and_then(|zone| format(&[pairs, &[("timeZone", zone)]].concat()));
    // A zone that this browser does not know throws: then its own is better than no time at all.
    let format = there.or_else(|| format(pairs)).map(|made| made.unchecked_into::<Intl::DateTimeFormat>().format());
    format.map(|format| call(&format, &date(at))).unwrap_or_default()
}

/// The time of day on the wall of a shop: `19:30`, `7:30 PM`. Without a zone, the device's.
#[must_use]
pub fn time(at: Timestamp, zone: Option<&str>) -> String {
    time_format(at, zone, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// The time of day with seconds, on the device's clock.
#[must_use]
pub fn time_with_seconds(at: Timestamp) -> String {
    time_format(at, None, &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")])
}

/// Day and time in a shop: `Sat 10:00`.
#[must_use]
pub fn weekday_time(at: Timestamp, zone: Option<&str>) -> String {
    time_format(at, zone, &[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")])
}

/// Weekday, day, month and time in a shop: `Sat, 21 Nov, 10:00`.
#[must_use]
pub fn date_time(at: Timestamp, zone: Option<&str>) -> String {
    time_format(
        at,
        zone,
        &[("weekday", "short"), ("day", "numeric"), ("month", "short"), ("hour", "numeric"), ("minute", "2-digit")],
    )
}

/// A key that is the same for two instants of one day in a shop.
#[must_use]
pub fn day_key(at: Timestamp, zone: Option<&str>) -> String {
    time_format(at, zone, &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")])
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
    time_format(at, Some("UTC"), &[("weekday", "long")])
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
    time_format(noon, Some("UTC"), &[("weekday", "short"), ("day", "numeric"), ("month", "short")])
}

/// The day of the week in a shop, 0 for Monday; `None` where the browser does not know the zone.
#[must_use]
pub fn weekday_index(at: Timestamp, zone: &str) -> Option<usize> {
    let there = time_format(at, Some(zone), &[("weekday", "long")]);
    (0..7).find(|index| weekday(*index) == there)
}
