//! Places by name.

use std::ops::Range;

use super::{Best, Fit, Found, Kind, distance_rank};
use crate::Places;
use crate::key::key;
use crate::open::Region;
use crate::slip::is_one_slip;
use crate::towns::{Town, towns};
use crate::typed::{Typed, has_digit, ordinal};

/// Names of towns that are looked at closely: their towns are worked out and ranked.
const CANDIDATES: usize = 48;
/// Shorter words are too near to others for guessing a slip.
const SLIPS_FROM: usize = 5;
/// A town with so many times the postcodes is the one that is meant: nobody who types Łódź is asked which village.
const OVERSHADOWS: u32 = 10;
/// Words of a region at the end: `North Rhine Westphalia`.
const QUALIFIERS: usize = 3;

impl Places {
    pub(super) fn by_name(&self, typed: &Typed, near: Option<(f64, f64)>, limit: usize) -> Found {
        let asked = key(&typed.words.join(" "));
        if asked.is_empty() || limit == 0 {
            return Found::default();
        }
        let begun = self.begun(&asked);
        if !begun.is_empty() {
            return self.towns_of(begun, &asked, "", near, limit);
        }
        if let Some(district) = district(&typed.words) {
            let begun = self.begun(&district);
            if !begun.is_empty() {
                return self.towns_of(begun, &district, "", near, limit);
            }
        }
        for words in (1..=QUALIFIERS.min(typed.words.len().saturating_sub(1))).rev() {
            let (name, region) = typed.words.split_at(typed.words.len() - words);
            let (name, region) = (key(&name.join(" ")), region.join(" "));
            let found = self.towns_of(self.begun(&name), &name, &region, near, limit);
            if !found.places.is_empty() {
                return found;
            }
        }
        self.further(&asked, near, limit)
    }

    /// The names whose key begins like this.
    fn begun(&self, asked: &str) -> Range<usize> {
        let first = self.keys.first_from(asked);
        let behind = [asked, "\u{10FFFF}"].concat();
        first..self.keys.first_from(&behind)
    }

    /// The towns of names that begin with `asked`; only those in `region`, where one is named.
    fn towns_of(
        &self,
        names: Range<usize>,
        asked: &str,
        region: &str,
        near: Option<(f64, f64)>,
        limit: usize,
    ) -> Found {
        // The very name before others, large before small.
        let mut candidates = Best::of(CANDIDATES);
        for name in names {
            let whole = self.keys.get(name) == asked;
            let rows = self.rows_of(name).len();
            candidates.take(u64::from(!whole) << 32 | (u64::from(u32::MAX) - rows.min(9_999) as u64), name);
        }
        let mut best = Best::of(limit);
        // Of the towns of the very name the two largest.
        let mut sizes = (0, 0);
        for name in candidates.into_iter() {
            let is_whole = self.keys.get(name) == asked;
            for town in towns(self, name) {
                if !region.is_empty() && !self.region(town.row).is_some_and(|r| self.is_called(r, region)) {
                    continue;
                }
                if is_whole {
                    sizes = if town.rows > sizes.0 { (town.rows, sizes.0) } else { (sizes.0, sizes.1.max(town.rows)) };
                }
                let size = u64::from(9_999 - town.rows.min(9_999));
                let distance = distance_rank(town.middle, near).min(0xF_FFFF);
                // Of one name the nearest is meant, where it is known what is near; of several names the largest.
                let rank = match is_whole && near.is_some() {
                    true => distance << 20 | size,
                    false => size << 20 | distance,
                };
                best.take(u64::from(!is_whole) << 60 | rank, (name, town));
            }
        }
        let places: Vec<_> = best.into_iter().filter_map(|(name, town)| self.town(name, &town)).collect();
        let fit = match (places.is_empty(), sizes.1 > 0 && sizes.1 * OVERSHADOWS >= sizes.0) {
            (true, _) => Fit::None,
            (false, true) => Fit::Ambiguous,
            (false, false) => Fit::Exact,
        };
        Found { fit, showing: None, places }
    }

    /// Names with a later word that begins so; then names with one slip.
    fn further(&self, asked: &str, near: Option<(f64, f64)>, limit: usize) -> Found {
        let inside = [" ", asked].concat();
        let large = |name: usize| u64::from(u32::MAX) - self.rows_of(name).len() as u64;
        let mut best = Best::of(limit);
        for name in (0..self.keys.len()).filter(|name| self.keys.get(*name).contains(&inside)) {
            best.take(large(name), name);
        }
        let mut fit = Fit::Exact;
        if best.kept.is_empty() && asked.chars().count() >= SLIPS_FROM && !has_digit(asked) {
            fit = Fit::Near;
            for name in (0..self.keys.len()).filter(|name| is_one_slip(asked, self.keys.get(*name))) {
                // A name that is as long as what was typed is likelier than one that goes on.
                let longer = self.keys.get(name).len().saturating_sub(asked.len() + 1).min(255) as u64;
                best.take(longer << 33 | large(name), name);
            }
        }
        let names: Vec<usize> = best.into_iter().collect();
        let showing = names.first().map(|name| self.names.get(*name).to_owned());
        let mut places = Vec::new();
        for name in names {
            let mut nearest = Best::of(limit);
            for town in towns(self, name) {
                nearest.take(distance_rank(town.middle, near), town);
            }
            places.extend(nearest.into_iter().filter_map(|town| self.town(name, &town)));
        }
        places.truncate(limit);
        match places.is_empty() {
            true => Found::default(),
            false => Found { fit, showing: showing.filter(|_| fit == Fit::Near), places },
        }
    }

    /// Whether somebody who says this means the region, or its country.
    fn is_called(&self, region: &Region, said: &str) -> bool {
        let country = self.countries.get(region.country).is_some_and(|c| c.code.eq_ignore_ascii_case(said));
        country || region.code.eq_ignore_ascii_case(said) || search::fold(&region.name).starts_with(said)
    }

    fn town(&self, name: usize, town: &Town) -> Option<super::Place> {
        let label = self.names.get(name).to_owned();
        // A village is told from its sisters by its one postcode.
        let code = (town.rows == 1).then(|| self.code(self.country_of(town.row)?, town.row, false).into());
        self.place(Kind::Town, label, code.flatten().as_deref().unwrap_or_default(), town.row, town.middle)
    }
}

/// `lyon 03` for `lyon 3e`: how gazetteers write the districts of large towns.
fn district(words: &[String]) -> Option<String> {
    let (last, name) = words.split_last()?;
    let number = ordinal(last).filter(|_| !name.is_empty())?;
    let zero = if number.len() == 1 { "0" } else { "" };
    Some([&key(&name.join(" ")), " ", zero, number].concat())
}
