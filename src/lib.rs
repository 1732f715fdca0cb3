//! The Nearshelf app: a browser shell around the pure crates `domain`, `search` and `api-contract`.
//!
//! Reading order:
//! - [`route`]: the screens and their addresses
//! - [`app`]: providers, frame and the one place where an address becomes a screen
//! - [`session`]: what follows the shopper from screen to screen; [`mod@settings`]: what the retailer set
//! - [`lasting`]: signals that live as long as the app
//! - [`queue`]: reservations that are not answered yet, and sending them once
//! - [`campaign`]: who brought the shopper
//! - [`pages`]: one module a screen, each with a pure `model` where it has something to decide
//! - [`components`]: what screens are made of; values in, events out
//! - [`text`]: every word of the app, by its key; [`words`]: how states and times are said with them
//! - [`menu`]: the choice of language; [`nearby`]: the shops around the shopper; [`chooser`]: saying where one is; [`places`]: postcodes and towns; [`live`]: numbers that change
//! - [`device`]: what makes a device a screen in a shop
//! - [`listing`]: a product as a line in a list; [`remote`]: what a screen knows of something that is fetched
//! - [`returning`]: where one was on the screens that back and forward lead to
//! - [`mod@search`]: answers to words, from a worker beside the page or from the server
//! - [`mod@seen`]: what was last seen of products and stock, for when there is no network
//! - [`api`]: the only door to HTTP; [`browser`]: the only door to the platform

// Views nest as types where they are not erased, which is only in the native tests.
#![recursion_limit = "256"]

/// A third of the size of the one that the standard library brings, and as quick here.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

pub mod api;
pub mod app;
pub mod browser;
pub mod campaign;
pub mod chooser;
pub mod components;
pub mod device;
pub mod lasting;
pub mod listing;
pub mod live;
pub mod menu;
pub mod nearby;
pub mod pages;
pub mod places;
pub mod queue;
pub mod remote;
pub mod returning;
pub mod route;
pub mod search;
pub mod seen;
pub mod session;
pub mod settings;
pub mod text;
pub mod words;

/// Mounts the app into the page once its catalog is there. A panic is written to the console with its place, and the page
/// is told, which outlives the app.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        browser::boot::crashed(&panic.to_string());
    }));
    browser::boot::when_ready(|| leptos::mount::mount_to_body(app::App));
}
