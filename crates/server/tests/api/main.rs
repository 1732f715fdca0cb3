//! The API as its callers see it: the real router on a real database file, with a clock that the test moves.
//!
//! Every answer is checked against the OpenAPI document on its way through [`support`].

// A test that cannot go on says so by stopping; clippy knows this only of the test functions themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod availability;
mod bad_input;
mod books;
mod devices;
mod embed;
mod events;
mod health;
mod inventory;
mod life;
mod limits;
mod locations;
mod openapi;
mod places;
mod products;
mod reservations;
mod schema;
mod search;
mod seed;
mod settings;
mod static_files;
mod support;
mod windows;
