//! Postcodes and towns: a gazetteer that is small enough for a phone and answers on each key stroke, without a network.
//!
//! Reading order: [`build()`] (rows of a gazetteer to one file; `file` has its form), [`Places`] (the file, opened), `typed`
//! (what people write for a postcode in each country), `find` (what is found for it, and in which order), `json` (the answer
//! as it crosses the wire).

mod build;
mod file;
mod find;
mod json;
mod key;
mod open;
mod read;
mod shops;
mod slip;
mod towns;
mod typed;

pub use build::{Row, build};
pub use file::{Damaged, VERSION};
pub use find::{Fit, Found, Kind, Place};
pub use open::Places;
pub use read::{BadRow, Columns};
pub use shops::{Shop, Shops, ShopsAsked, write_shops};
