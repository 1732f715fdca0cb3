//! How often somebody may ask, and how much one shopper may have put aside.
//!
//! Reading order: here (the settings), `budget` (so many in a minute, for each key), [`Gate`] (all budgets of a server),
//! [`layer`] (where requests pass it), [`claimants`] (as whom a shopper counts). Budgets are kept in memory; what a shopper
//! has put aside is counted by the database, in the transaction that adds to it.

mod budget;
mod claimants;
mod gate;
mod layer;
mod streams;

pub use budget::Ticker;
pub use claimants::claimants;
pub use gate::{Gate, Traffic};
pub use layer::layer;
pub use streams::StreamPlace;

use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The settings. What a file leaves out is as in [`Limits::default`]; `null` switches a limit off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests that change something, for each address. Default: 120 a minute, 60 at once.
    pub writes_per_address: Option<Rate>,
    /// The same for each token that is valid here, instead of its address: a hundred tills share one.
    /// Default: 1,200 a minute, 600 at once.
    pub writes_per_token: Option<Rate>,
    /// Requests that only ask, for each address or valid token. Default: 1,200 a minute, 600 at once.
    pub reads_per_address: Option<Rate>,
    /// Secrets that are wrong, for each address: tokens, and the secrets of reservations. Beyond it only tokens that were
    /// seen to be valid are looked at. Default: 30 a minute, 15 at once.
    pub wrong_secrets_per_address: Option<Rate>,
    /// What the staff of one shop ask for and is not there, for each shop: codes that are guessed, reservations of others.
    /// Default: 60 a minute, 30 at once.
    pub staff_misses_per_shop: Option<Rate>,
    /// Tokens that are wrong where staff is asked for, from everywhere. Beyond it only tokens that were seen to be valid
    /// are looked at. Default: 600 a minute, 300 at once.
    pub wrong_staff_tokens: Option<Rate>,
    /// Requests that change something, from everywhere, in a second. Default: no limit.
    pub writes_per_second: Option<NonZeroU32>,
    /// Open streams for each address. Default: 64.
    pub streams_per_address: Option<NonZeroU32>,
    /// Active reservations of one person, known by e-mail address and by phone number. Default: 25.
    pub active_reservations_per_person: Option<NonZeroU32>,
    /// Active reservations of one device that names itself. Default: 10.
    pub active_reservations_per_device: Option<NonZeroU32>,
    /// Active reservations made at one kiosk, which counts neither as device nor by its address. Default: 100.
    pub active_reservations_per_kiosk: Option<NonZeroU32>,
    /// Active reservations from one address. Default: 60.
    pub active_reservations_per_address: Option<NonZeroU32>,
    /// Units of one product that one person may have put aside. Default: 99.
    pub units_per_product_per_person: Option<NonZeroU32>,
}

/// So many, evenly over a minute, and so many at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many in a minute, 1 or more.
    pub per_minute: NonZeroU32,
    /// How many at once, 1 or more.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate; `None` where one of the two is 0.
    #[must_use]
    pub fn new(per_minute: u32, burst: u32) -> Option<Self> {
        Some(Self { per_minute: NonZeroU32::new(per_minute)?, burst: NonZeroU32::new(burst)? })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            writes_per_address: Rate::new(120, 60),
            writes_per_token: Rate::new(1200, 600),
            reads_per_address: Rate::new(1200, 600),
            wrong_secrets_per_address: Rate::new(30, 15),
            staff_misses_per_shop: Rate::new(60, 30),
            wrong_staff_tokens: Rate::new(600, 300),
            writes_per_second: None,
            streams_per_address: NonZeroU32::new(64),
            active_reservations_per_person: NonZeroU32::new(25),
            active_reservations_per_device: NonZeroU32::new(10),
            active_reservations_per_kiosk: NonZeroU32::new(100),
            active_reservations_per_address: NonZeroU32::new(60),
            units_per_product_per_person: NonZeroU32::new(99),
        }
    }
}

/// Settings that cannot be used; says where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLimits(String);

impl fmt::Display for BadLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadLimits {}

impl Limits {
    /// No limits.
    #[must_use]
    pub fn off() -> Self {
        Self {
            writes_per_address: None,
            writes_per_token: None,
            reads_per_address: None,
            wrong_secrets_per_address: None,
            staff_misses_per_shop: None,
            wrong_staff_tokens: None,
            writes_per_second: None,
            streams_per_address: None,
            active_reservations_per_person: None,
            active_reservations_per_device: None,
            active_reservations_per_kiosk: None,
            active_reservations_per_address: None,
            units_per_product_per_person: None,
        }
    }

    /// What the command line says: `default`, `off`, or a file of JSON.
    ///
    /// # Errors
    /// Names the file and the field.
    pub fn load(choice: &str) -> Result<Self, BadLimits> {
        match choice {
            "default" => Ok(Self::default()),
            "off" => Ok(Self::off()),
            file => {
                let bad = |why: &dyn fmt::Display| BadLimits(format!("limits {file}: {why}"));
                let text = std::fs::read_to_string(Path::new(file)).map_err(|error| bad(&error))?;
                Self::parse(&text).map_err(|error| bad(&error))
            }
        }
    }

    fn parse(text: &str) -> Result<Self, BadLimits> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let limits = serde_path_to_error::deserialize(&mut reader).map_err(|error| BadLimits(error.to_string()))?;
        reader.end().map_err(|error| BadLimits(error.to_string()))?;
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_is_as_usual_and_null_is_off() {
        assert_eq!(Limits::parse("{}").unwrap(), Limits::default());
        let text = r#"{"writes_per_address":{"per_minute":6,"burst":2},"reads_per_address":null}"#;
        let limits = Limits::parse(text).unwrap();
        assert_eq!(limits.writes_per_address, Rate::new(6, 2));
        assert_eq!(limits.reads_per_address, None);
        assert_eq!(limits.streams_per_address, NonZeroU32::new(64));
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        for limits in [Limits::default(), Limits::off()] {
            assert_eq!(Limits::parse(&serde_json::to_string(&limits).unwrap()).unwrap(), limits);
        }
    }

    #[test]
    fn off_is_off_everywhere() {
        let off = serde_json::to_value(Limits::off()).unwrap();
        assert!(off.as_object().unwrap().values().all(serde_json::Value::is_null), "{off:#}");
    }

    #[test]
    fn a_mistake_names_the_field() {
        for (text, place) in [
            (r#"{"writes_per_adress":null}"#, "writes_per_adress"),
            (r#"{"writes_per_address":{"per_minute":6}}"#, "writes_per_address: missing field `burst`"),
            (r#"{"writes_per_address":{"per_minute":6,"burst":0}}"#, "writes_per_address.burst"),
            (r#"{"writes_per_address":{"per_minute":6,"burst":2,"per_hour":1}}"#, "writes_per_address.per_hour"),
            (r#"{"streams_per_address":"many"}"#, "streams_per_address"),
            (r#"{"streams_per_address":-1}"#, "streams_per_address"),
            (r#"{"streams_per_address":4294967296}"#, "streams_per_address"),
            ("{} {}", "trailing"),
            ("", "EOF"),
        ] {
            let error = Limits::parse(text).unwrap_err().to_string();
            assert!(error.contains(place), "{text}: {error}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Limits::load("/nowhere/limits.json").unwrap_err().to_string();
        assert!(error.starts_with("limits /nowhere/limits.json: "), "{error}");
        assert_eq!(Limits::load("off").unwrap(), Limits::off());
        assert_eq!(Limits::load("default").unwrap(), Limits::default());
    }
}
