//! What screens are made of: finished values in, events out.

pub mod field;
pub mod freshness;
pub mod icon;
pub mod notice;
pub mod opening;
pub mod picture;
pub mod product_row;
pub mod product_tile;
pub mod qr_code;
pub mod said;
pub mod search_box;
pub mod skeleton;
pub mod stepper;
pub mod steps;
pub mod store_row;
pub mod tab_bar;
pub mod touch_keyboard;
