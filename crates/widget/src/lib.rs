//! The box for other people's pages: what a product's stock is at the shops nearby, with putting it aside, or the shops alone.
//!
//! Reading order: [`options`] (what the page asks for), [`model`] (what may happen and what follows), [`words`] (how it is said),
//! [`view`] (what is there to be seen), [`tree`] (as plain values), [`links`] (into the app), [`wire`] (what is read of answers).
//! All of it knows no browser and is tested without one; `page` carries it out, and `intl` writes numbers and times for it and for
//! the texts.

#[cfg(target_arch = "wasm32")]
mod intl;
pub mod links;
pub mod model;
pub mod options;
#[cfg(target_arch = "wasm32")]
mod page;
mod text;
pub mod tree;
pub mod view;
pub mod wire;
pub mod words;

/// A third of the size of the one that the standard library brings, and as quick here.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
