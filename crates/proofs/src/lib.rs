//! Two proofs about reservations. Nothing depends on this crate; its tests are the proofs.
//!
//! * [`protocol`] is a model of the whole conversation between shoppers, server and database. Every order of events
//!   within its bounds is walked through, so for these bounds the result is a proof and not a sample. It says nothing
//!   about the SQL: it shares only the table of states with the product (`domain::reservation::Status::after`).
//! * [`history`] runs random programs concurrently against the real store ([`real`]) and searches for each recorded
//!   history an order in which a store that does one thing at a time would have given the same answers. That is the
//!   real code with its real SQL, threads and disk, but a sample: it can find a fault and cannot exclude one. Crashes,
//!   clocks and the HTTP layer are not part of it.
//!
//! Both are shown to be able to fail: the model with a fault switched on must yield a counterexample, and the stores
//! of [`broken`] must be found out.

pub mod broken;
pub mod history;
pub mod protocol;
pub mod real;
