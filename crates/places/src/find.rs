//! What is found for what somebody typed, and in which order.
//!
//! 1. A **postcode**, where the first word has a digit: the very code; what the country's full codes begin with (`SW1A` of
//!    `SW1A 1AA`); codes that begin so; else the codes that share the longest beginning with it, and that is said.
//! 2. A **town**: names that are what was typed, then those that begin so; `Springfield IL` means the one in Illinois, and
//!    `Lyon 3e` is Lyon 03; then names with a later word that begins so; else, for five letters and more, names with one slip,
//!    and that is said.
//!
//! Among towns: the very name first, then those with more postcodes, because they are larger; of one name the nearest first.
//! Several towns of the very name are ambiguous, unless one has ten times the postcodes of each of the others.

mod codes;
mod names;

use domain::geo::Position;

use crate::Places;
use crate::typed::Typed;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// How well it fits.
    pub fit: Fit,
    /// What was looked for instead, where there is no exact match.
    pub showing: Option<String>,
    /// The places, the likeliest first.
    pub places: Vec<Place>,
}

/// How well places fit what was typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fit {
    /// What was typed, or begins so.
    Exact,
    /// There is no such place; these are the nearest to it by name.
    Near,
    /// Several places have this very name: somebody has to choose.
    Ambiguous,
    /// Nothing is like it.
    #[default]
    None,
}

/// A postcode or a town.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// What it is called: `69003 Lyon`.
    pub label: String,
    /// What tells it from others of that name: region and country.
    pub detail: String,
    /// ISO 3166-1 code of two letters.
    pub country: String,
    /// Which of the two.
    pub kind: Kind,
    /// Its middle, within about 110 m of the gazetteer's.
    pub position: Position,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A postcode with its main place.
    Postcode,
    /// A town.
    Town,
}

impl Places {
    /// Places for what somebody typed, at most `limit`. It never fails: what makes no sense finds nothing.
    #[must_use]
    pub fn find(&self, typed: &str, near: Option<Position>, limit: usize) -> Found {
        let near = near.map(|near| (near.latitude(), near.longitude()));
        let typed = Typed::of(typed, self.countries());
        if !typed.codes.is_empty()
            && let Some(found) = self.by_code(&typed, near, limit)
        {
            return found;
        }
        self.by_name(&typed, near, limit)
    }

    /// A place of a row; the middle of several rows may be elsewhere.
    fn place(&self, kind: Kind, label: String, detail: &str, row: usize, degrees: (f64, f64)) -> Option<Place> {
        let region = self.region(row)?;
        let country = self.country_of(row)?.code.clone();
        let parts = [detail, &region.name, &country];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let position = Position::new(degrees.0, degrees.1).ok()?;
        Some(Place { label, detail: parts.join(", "), country, kind, position })
    }
}

/// The best of what it is told of, best first; a handful, so each finds its place by stepping.
struct Best<T> {
    kept: Vec<(u64, T)>,
    most: usize,
}

impl<T> Best<T> {
    fn of(most: usize) -> Self {
        Self { kept: Vec::with_capacity(most + 1), most }
    }

    /// The smaller the rank the better; of equal ones the earlier.
    fn take(&mut self, rank: u64, one: T) {
        let worst = self.kept.last().map_or(u64::MAX, |(rank, _)| *rank);
        if self.most == 0 || self.kept.len() == self.most && rank >= worst {
            return;
        }
        let place = self.kept.iter().take_while(|(other, _)| *other <= rank).count();
        self.kept.insert(place, (rank, one));
        self.kept.truncate(self.most);
    }

    fn into_iter(self) -> impl Iterator<Item = T> {
        self.kept.into_iter().map(|(_, one)| one)
    }
}

/// Kilometres as a rank, to the tenth; without a place all are alike.
fn distance_rank(here: (f64, f64), near: Option<(f64, f64)>) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most 40,000 km, never negative
    near.map_or(0, |near| (crate::towns::km(here, near) * 10.0) as u64)
}
