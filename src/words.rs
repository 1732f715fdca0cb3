//! How states are said: which text of the catalog stands for which state. One place for it, so that the same thing is never
//! called two names.
//!
//! Times come in as text already, because only the browser knows how its shopper writes them.

mod code;
mod failure;
mod reservation;
mod shelf;
mod shop;

pub use code::{bad_gtin, bad_scan};
pub use failure::{What, failure, left_out};
pub use reservation::{contact_problem, hold_length, reserve_button, status, time_left};
pub use shelf::{freshness, reason, stock, stock_at, stock_elsewhere};
pub use shop::{amenity, direction, opening};

use crate::text;

/// How something feels: a colour, a mark and, for a reader without colours, the words beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Be quick, or look twice.
    Low,
    /// Not possible.
    Out,
    /// Nobody knows.
    Unknown,
}

impl Tone {
    /// The word that style sheets know it by.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Low => "low",
            Tone::Out => "out",
            Tone::Unknown => "unknown",
        }
    }
}

/// A short statement with its tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How it feels.
    pub tone: Tone,
    /// The words.
    pub text: String,
}

impl Said {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// What happened, what is safe, what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What happened.
    pub title: String,
    /// What is safe and what to do next.
    pub text: String,
    /// What to quote when asking for help.
    pub reference: Option<String>,
    /// Seconds before it is of any use to try again.
    pub wait_s: u32,
}

impl Explained {
    fn new(title: &str, text: impl Into<String>) -> Self {
        Self { title: title.to_owned(), text: text.into(), reference: None, wait_s: 0 }
    }

    /// All of it in one line, where there is no room for a panel.
    #[must_use]
    pub fn line(&self) -> String {
        text::failure_line(&self.title, &self.text)
    }
}
