//! The storage around the core: real files, real processes, and what happens to them.
//!
//! A name that begins like `c08_` proves the row C08 of the catalogue of faults.

// clippy.toml lets tests unwrap; the helpers here are part of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod backup;
mod clock;
mod disk;
#[cfg(target_os = "linux")]
mod faults;
mod importing;
mod locks;
mod opening;
mod process;
mod retries;
mod shop;
mod wal;
