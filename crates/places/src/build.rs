//! From the rows of a gazetteer to the file.

use std::collections::{BTreeMap, BTreeSet};

use domain::geo::Position;

use crate::file::{SHARED_FROM, STEPS, assemble, column, zigzag};
use crate::key::key;

/// One row of a gazetteer: a place, one of its postcodes, and where that is. A postcode may have several rows, one a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// ISO 3166-1 code of two letters.
    pub country: String,
    /// The postcode as it is written there. `75021 CEDEX 01` is `75021`: nobody types the rest.
    pub code: String,
    /// The name of the place.
    pub place: String,
    /// State, region or province; may be empty.
    pub region: String,
    /// Its code, such as `IL`; may be empty.
    pub region_code: String,
    /// Where it is.
    pub position: Position,
}

/// How a postcode that is all digits is written: `99-999`. Empty for a country that has letters in them.
fn pattern(code: &str) -> String {
    let pattern: String = code.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let digits = pattern.bytes().filter(|b| *b == b'9').count();
    let plain = pattern.chars().all(|c| matches!(c, '9' | '-' | ' '));
    if plain && (1..=7).contains(&digits) { pattern } else { String::new() }
}

/// Makes the file; `credit` is who is to be named as the source, where a licence asks for it. The same rows make the same bytes,
/// in whatever order they come.
#[must_use]
pub fn build(rows: impl IntoIterator<Item = Row>, credit: &str) -> Vec<u8> {
    let mut rows: Vec<Row> = rows.into_iter().map(tidy).collect();
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    rows.dedup_by(|a, b| order(a) == order(b));

    // Names stand in the order of the keys that they are looked up by.
    let names: BTreeSet<(String, &str)> = rows.iter().map(|row| (key(&row.place), row.place.as_str())).collect();
    let name_numbers: BTreeMap<&str, u32> = names.iter().zip(0..).map(|((_, name), n)| (*name, n)).collect();

    let mut countries: Vec<(&str, u32, String)> = Vec::new();
    for row in &rows {
        let written = pattern(&row.code);
        match countries.last_mut() {
            Some((country, count, known)) if *country == row.country => {
                *count += 1;
                if *known != written {
                    known.clear();
                }
            }
            _ => countries.push((&row.country, 1, written)),
        }
    }

    let mut regions: Vec<(&str, &str, usize)> = Vec::new();
    let mut region_numbers = BTreeMap::new();
    let (mut row_names, mut row_regions) = (Vec::new(), Vec::new());
    let (mut codes, mut code_texts) = (Vec::new(), Lines::default());
    let (mut latitudes, mut longitudes) = (Vec::new(), Vec::new());
    let mut before = (0i32, 0i32, 0u32);
    let mut place = 0;
    for (number, (_, count, pattern)) in countries.iter().enumerate() {
        before.2 = 0;
        let end = place + usize::try_from(*count).unwrap_or_default();
        for row in rows.get(place..end).unwrap_or_default() {
            let region = (row.region.as_str(), row.region_code.as_str(), number);
            let region_number = *region_numbers.entry(region).or_insert_with(|| {
                regions.push(region);
                u32::try_from(regions.len() - 1).unwrap_or_default()
            });
            row_regions.push(region_number);
            row_names.push(name_numbers.get(row.place.as_str()).copied().unwrap_or_default());
            if pattern.is_empty() {
                codes.push(0);
                code_texts.push(&row.code);
            } else {
                let digits = row.code.bytes().filter(u8::is_ascii_digit);
                let value = digits.fold(0u32, |n, digit| n * 10 + u32::from(digit - b'0'));
                codes.push(value.saturating_sub(before.2));
                before.2 = value;
            }
            let (latitude, longitude) = (steps(row.position.latitude()), steps(row.position.longitude()));
            latitudes.push(zigzag(latitude - before.0));
            longitudes.push(zigzag(longitude - before.1));
            (before.0, before.1) = (latitude, longitude);
        }
        place = end;
    }

    let mut name_lines = Lines::default();
    names.iter().for_each(|(_, name)| name_lines.push(name));
    let countries: String =
        countries.iter().map(|(country, count, pattern)| format!("{country}\t{count}\t{pattern}\n")).collect();
    let regions: String = regions.iter().map(|(name, code, country)| format!("{name}\t{code}\t{country}\n")).collect();
    assemble(
        rows.len(),
        &[
            countries.into_bytes(),
            regions.into_bytes(),
            name_lines.bytes,
            column(&row_names),
            column(&row_regions),
            column(&codes),
            code_texts.bytes,
            column(&latitudes),
            column(&longitudes),
            credit.as_bytes().to_vec(),
        ],
    )
}

/// Lines that begin like the one before: a byte for what they share with it, and the rest.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    before: String,
}

impl Lines {
    fn push(&mut self, line: &str) {
        let same = self.before.char_indices().zip(line.chars()).take_while(|((_, a), b)| a == b);
        let shared = same.map(|((at, c), _)| at + c.len_utf8()).last().unwrap_or(0);
        let shared = if shared > SHARED_AT_MOST { 0 } else { shared };
        self.bytes.push(SHARED_FROM + u8::try_from(shared).unwrap_or_default());
        self.bytes.extend(line.as_bytes().get(shared..).unwrap_or_default());
        self.bytes.push(b'\n');
        line.clone_into(&mut self.before);
    }
}

const SHARED_AT_MOST: usize = 90;

fn tidy(mut row: Row) -> Row {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let code = line(&row.code).to_uppercase();
    row.code = code.split_once(" CEDEX").map_or(code.as_str(), |(code, _)| code).to_owned();
    row.country = line(&row.country).to_uppercase();
    (row.place, row.region, row.region_code) = (line(&row.place), line(&row.region), line(&row.region_code));
    row
}

fn order(row: &Row) -> (&str, &str, &str, &str) {
    (&row.country, &row.code, &row.place, &row.region)
}

fn steps(degrees: f64) -> i32 {
    #[allow(clippy::cast_possible_truncation)] // at most 90,000
    let steps = (degrees * STEPS).round() as i32;
    steps
}
