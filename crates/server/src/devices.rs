//! What the screens in shops last said of themselves.
//!
//! It is kept in memory: each of them speaks every minute, so that a server which was started anew knows all of them again
//! before anybody could act on what it had stored. Which devices there should be stands in the table of tokens.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use api_contract::device::{Device, DeviceReport};
use domain::id::LocationId;
use domain::time::Timestamp;

use crate::db::{Scope, TokenRow};

/// The last word of each device, by the id of its token; there are no more of them than tokens.
#[derive(Debug)]
pub struct Devices {
    since: Timestamp,
    heard: Mutex<HashMap<String, (Timestamp, DeviceReport)>>,
}

impl Devices {
    /// Listens from an instant on.
    #[must_use]
    pub fn new(since: Timestamp) -> Self {
        Self { since, heard: Mutex::default() }
    }

    /// Since when it listens.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// A device spoke.
    pub fn told(&self, token: &str, at: Timestamp, report: DeviceReport) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned(), (at, report));
    }

    /// All devices with a valid token, the longest silent first.
    #[must_use]
    pub fn list(&self, tokens: Vec<TokenRow>, now: Timestamp) -> Vec<Device> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let valid = tokens.into_iter().filter(|token| token.scope == Scope::Device && token.revoked_at.is_none());
        let known: Vec<(TokenRow, LocationId)> =
            valid.filter_map(|token| token.location.clone().map(|location| (token, location))).collect();
        heard.retain(|id, _| known.iter().any(|(token, _)| token.id == *id));
        let mut devices: Vec<Device> = known
            .into_iter()
            .map(|(token, location)| {
                let last = heard.get(&token.id);
                let report = last.map(|(_, report)| report);
                Device {
                    last_contact_at: last.map(|(at, _)| *at),
                    last_contact_age_s: last.map(|(at, _)| u32::try_from(now.since(*at) / 1_000).unwrap_or(0)),
                    app_version: report.map(|report| report.app_version.clone()),
                    stock_age_s: report.and_then(|report| report.stock_age_s),
                    uptime_s: report.map(|report| report.uptime_s),
                    last_error: report.and_then(|report| report.last_error.clone()),
                    id: token.id,
                    name: token.name,
                    location_id: location,
                }
            })
            .collect();
        devices.sort_by_cached_key(|device| {
            let silent = device.last_contact_age_s.unwrap_or(u32::MAX);
            (Reverse(silent), device.location_id.clone(), device.id.clone())
        });
        devices
    }
}
