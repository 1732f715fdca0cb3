//! What peers do to sockets, on real ones: stalling, dripping, crowding, and a process that is stopped or killed.

// A test that cannot go on says so by stopping; clippy knows this only of the test functions themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod guards;
mod process;
#[path = "../api/seed.rs"]
#[allow(dead_code)] // the tests of the API use more of it
mod seed;
mod support;
