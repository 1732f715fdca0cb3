//! Product search, pure: the very same code answers in the server and, as WebAssembly, in the browser.
//!
//! Reading order: [`fold`] (when two spellings are one word), [`build()`] (from products to one file), [`Index`] (the file,
//! opened), [`Query`] and [`Answer`]; `spell` knows slips, `layout` keyboards, `units` quantities, [`Synonyms`] what a
//! retailer calls the same. [`page()`] is the answer as it crosses the wire.

// Without the standard library, so that a panic in the worker of a phone need not be able to print itself.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod answer;
mod build;
mod document;
mod file;
mod fold;
mod index;
mod layout;
mod num;
mod order;
mod page;
mod query;
mod spell;
mod stock;
mod synonyms;
pub mod text;
mod units;

pub use answer::segments;
pub use build::{DESCRIPTIONS_UP_TO, build};
pub use document::Document;
pub use file::{Damaged, VERSION};
pub use fold::fold;
pub use index::Index;
pub use page::{BadQuery, Request, page};
pub use query::{Answer, Count, Hit, Query, Sort};
pub use stock::StockSet;
pub use synonyms::{Synonyms, SynonymsError};
