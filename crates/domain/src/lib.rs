//! The rules of Nearshelf, and nothing else.
//!
//! This crate decides; the server and the browser carry out.
//! It knows no clock, no network, no DOM and no randomness: time, position and random bytes come in as arguments.
//!
//! Reading order: [`id`] and [`gtin`] (what things are called), [`money`], [`geo`] and [`map`] (where), [`time`] and [`hours`]
//! (when), [`size`], [`inventory`] (what is on the shelf), [`basket`] and [`reservation`] (what a shopper may put aside),
//! [`color`] (which colours can be read on which), [`scan`] (what a scanner read).

pub mod basket;
pub mod color;
pub mod geo;
pub mod gtin;
pub mod hours;
pub mod id;
pub mod inventory;
pub mod map;
pub mod money;
pub mod reservation;
pub mod scan;
pub mod size;
pub mod time;
