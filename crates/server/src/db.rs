//! What is stored, in words that know nothing of SQL, HTTP or JSON; [`sqlite`] carries it out.
//!
//! All writes go through one thread ([`sqlite::writer`]), which decides with one clock; reads have their own connections
//! and see one instant each.

pub mod sqlite;

mod facade;
mod types;

pub use facade::{Db, Options, Publish};
pub use types::*;
