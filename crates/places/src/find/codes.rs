//! Places by postcode.

use std::ops::Range;

use super::{Best, Fit, Found, Kind, Place, distance_rank};
use crate::Places;
use crate::key::key;
use crate::open::Country;
use crate::typed::{Typed, shortened};

/// Codes of a country that begin alike, as rows.
type Run<'a> = (&'a Country, Range<usize>);

impl Places {
    /// `None` where nothing begins even a little like that; then it may be a name with a number.
    pub(super) fn by_code(&self, typed: &Typed, near: Option<(f64, f64)>, limit: usize) -> Option<Found> {
        let countries = || self.countries.iter().filter(|c| typed.country.is_none_or(|code| c.code == code));
        for (code, words) in &typed.codes {
            let exact: Vec<Run<'_>> = countries()
                .filter_map(|country| {
                    let run = self.run(country, code, true);
                    let run =
                        if run.is_empty() { self.run(country, shortened(&country.code, code)?, true) } else { run };
                    (!run.is_empty()).then_some((country, run))
                })
                .collect();
            if !exact.is_empty() {
                let rest = typed.words.get(*words..).unwrap_or_default().join(" ");
                return Some(self.found(Fit::Exact, None, &self.agreeing(exact, &rest), near, limit));
            }
        }
        let (longest, _) = typed.codes.first()?;
        let beginning = |code: &str| -> Vec<Run<'_>> {
            countries()
                .map(|country| (country, self.run(country, code, false)))
                .filter(|run| !run.1.is_empty())
                .collect()
        };
        let begun = beginning(longest);
        if !begun.is_empty() {
            return Some(self.found(Fit::Exact, None, &begun, near, limit));
        }
        // Two letters or digits of a code still name an area; fewer name half a country.
        for length in (2..longest.len()).rev() {
            let begun = longest.get(..length).map(&beginning).unwrap_or_default();
            if let Some((country, run)) = begun.first() {
                let showing = self.code(country, run.start, false);
                let showing = if run.len() > 1 { cut(&showing, length) } else { showing };
                return Some(self.found(Fit::Near, Some(showing), &begun, near, limit));
            }
        }
        None
    }

    /// The rows of a country whose codes are this one, or begin so.
    fn run(&self, country: &Country, code: &str, whole: bool) -> Range<usize> {
        let from = |after: bool| {
            let (mut low, mut high) = (country.rows.start, country.rows.end);
            while low < high {
                let middle = low.midpoint(high);
                let here = self.code(country, middle, true);
                let cut = if whole { here.as_str() } else { here.get(..code.len()).unwrap_or(&here) };
                let before = if after { cut <= code } else { cut < code };
                if before { low = middle + 1 } else { high = middle }
            }
            low
        };
        from(false)..from(true)
    }

    /// Only the runs that have the place that was named too, where any has.
    fn agreeing<'a>(&self, runs: Vec<Run<'a>>, name: &str) -> Vec<Run<'a>> {
        let name = key(name);
        let has = |(_, rows): &Run<'_>| rows.clone().any(|row| self.keys.get(self.name(row)).starts_with(&name));
        let (agreeing, others): (Vec<_>, Vec<_>) = runs.into_iter().partition(has);
        if agreeing.is_empty() { others } else { agreeing }
    }

    fn found(
        &self,
        fit: Fit,
        showing: Option<String>,
        runs: &[Run<'_>],
        near: Option<(f64, f64)>,
        limit: usize,
    ) -> Found {
        let mut best = Best::of(limit);
        for (country, rows) in runs {
            let mut begin = rows.start;
            while begin < rows.end {
                let code = self.code(country, begin, true);
                let same = (begin..rows.end).take_while(|row| self.code(country, *row, true) == code).count();
                best.take(distance_rank(self.degrees(begin), near), (*country, begin..begin + same));
                begin += same;
                // Half a country begins with one digit: the first thousand are enough to choose from.
                if begin > rows.start + 1_000 && near.is_none() {
                    break;
                }
            }
        }
        let places: Vec<Place> = best.into_iter().filter_map(|(country, rows)| self.postcode(country, rows)).collect();
        let fit = if fit == Fit::Exact && runs.len() > 1 && places.len() > 1 && is_same_code(&places) {
            Fit::Ambiguous
        } else {
            fit
        };
        Found { fit, showing, places }
    }

    /// One postcode: it is called after the largest of its places, and is where its own place is, or between all.
    fn postcode(&self, country: &Country, rows: Range<usize>) -> Option<Place> {
        let size = |row: usize| self.rows_of(self.name(row)).len();
        let main = rows.clone().reduce(|best, row| if size(row) > size(best) { row } else { best })?;
        let own = rows.clone().reduce(|best, row| if size(row) < size(best) { row } else { best })?;
        let middle = if rows.len() <= 2 {
            self.degrees(own)
        } else {
            let sum = rows.clone().map(|row| self.degrees(row)).fold((0.0, 0.0), |sum, d| (sum.0 + d.0, sum.1 + d.1));
            let share = f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX)).recip();
            (sum.0 * share, sum.1 * share)
        };
        let label = [&self.code(country, main, false), " ", self.names.get(self.name(main))].concat();
        self.place(Kind::Postcode, label, "", main, middle)
    }
}

/// Whether the first two are one code of two countries.
fn is_same_code(places: &[Place]) -> bool {
    let code = |place: &Place| place.label.split(' ').next().map(str::to_owned);
    matches!(places, [a, b, ..] if a.country != b.country && code(a) == code(b))
}

/// The beginning of a code as it is written, with a sign that more follows.
fn cut(code: &str, letters: usize) -> String {
    let mut left = letters;
    let mut text: String = code
        .chars()
        .take_while(|c| {
            let more = left > 0;
            left -= usize::from(more && c.is_ascii_alphanumeric());
            more
        })
        .collect();
    text.push('…');
    text
}
