//! Product search, pure: fold, index, match, rank. The same code runs in the server and, later, in the browser.
//!
//! Reading order: [`fold`] (when two spellings are one word), `typo` (how far apart two words are), [`Index`] (which
//! products match, best first), [`highlight`] (what to mark in a text that is shown).

mod fold;
mod highlight;
mod index;
mod typo;

pub use fold::fold;
pub use highlight::highlight;
pub use index::{Answer, Document, Hit, Index};
