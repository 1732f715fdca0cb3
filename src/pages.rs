//! One module a screen: it reads route and session, starts effects and hands values to views. Screens never import each
//! other; what decides without the browser is in the `model` of the screen.

pub mod barcode;
pub mod basket;
pub mod find;
pub mod kiosk;
pub mod not_found;
pub mod pickup;
pub mod pickups;
pub mod product;
pub mod reserve;
pub mod store;
pub mod stores;
pub mod take;
