//! The only door to the platform. Each power is a small function whose answer names every outcome.

pub mod abort;
pub mod boot;
pub mod channel;
pub mod clock;
pub mod connectivity;
pub mod directions;
pub mod document;
pub mod download;
pub mod event_source;
mod events;
pub mod geolocation;
pub mod history;
pub mod http;
pub mod intl;
pub mod language;
pub mod locks;
pub mod presence;
mod program;
pub mod public_screen;
pub mod random;
pub mod scanner;
pub mod share;
pub mod storage;
pub mod street_map;
pub mod transition;
pub mod wake_lock;
pub mod worker;
