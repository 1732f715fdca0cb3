//! What the words want written, as the browser writes it.

use domain::map::Unit;
use domain::money::Money;
use domain::time::Timestamp;

use crate::intl;
use crate::words::Tongue;

/// The browser, with what the retailer set.
pub(super) struct Browser<'a> {
    /// `metric` or `imperial`; anything else is as the country of a shop has it.
    pub(super) units: &'a str,
}

impl Tongue for Browser<'_> {
    fn money(&self, money: Money) -> String {
        intl::money(money)
    }

    fn distance(&self, metres: u32, country: &str) -> String {
        let unit = match self.units {
            "metric" => Unit::Kilometre,
            "imperial" => Unit::Mile,
            _ => Unit::of(country),
        };
        intl::distance(metres, unit)
    }

    fn time(&self, at: Timestamp, zone: Option<&str>) -> String {
        intl::time(at, zone)
    }

    fn weekday_time(&self, at: Timestamp, zone: &str) -> String {
        intl::weekday_time(at, zone)
    }

    fn day(&self, at: Timestamp, zone: &str) -> String {
        intl::day(at, zone)
    }
}
