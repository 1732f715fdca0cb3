//! The file, opened: everything is read once and checked, so that looking up believes nothing.

use domain::geo::Position;

use crate::file::{Damaged, SHARED_FROM, STEPS, Section, Sections, at, unzigzag};
use crate::key::key;
use crate::typed::typed_alike;

/// A gazetteer.
#[derive(Default)]
pub struct Places {
    pub(crate) countries: Vec<Country>,
    pub(crate) regions: Vec<Region>,
    /// The names of places, in the order of their keys.
    pub(crate) names: Texts,
    /// What names are looked up by, in order.
    pub(crate) keys: Texts,
    rows: Vec<Packed>,
    code_texts: Texts,
    /// The rows of each name; those of name `n` stand from `name_rows_from[n]` to `name_rows_from[n + 1]`.
    name_rows: Vec<u32>,
    name_rows_from: Vec<u32>,
    /// Who is to be named as the source; may be empty.
    pub(crate) credit: String,
}

/// A country of the gazetteer.
pub(crate) struct Country {
    /// Two capital letters.
    pub(crate) code: String,
    /// Its rows, in the order of their postcodes.
    pub(crate) rows: std::ops::Range<usize>,
    /// How its postcodes are written, `99-999`; empty where they have letters.
    pub(crate) pattern: String,
    first_text: usize,
}

/// A state, region or province.
pub(crate) struct Region {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) country: usize,
}

/// One row; `code` is a number, or the place of a text.
#[derive(Clone, Copy)]
struct Packed {
    name: u32,
    region: u32,
    code: u32,
    latitude: i32,
    longitude: i32,
}

impl Places {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Damaged`] says why the bytes are no gazetteer.
    pub fn open(file: &[u8]) -> Result<Self, Damaged> {
        let sections = Sections::of(file)?;
        let countries = countries(&sections)?;
        let regions = regions(sections.text(Section::Regions)?, countries.len())?;
        let names = Texts::unfold(sections.bytes(Section::Names))?;
        let code_texts = Texts::unfold(sections.bytes(Section::CodeTexts))?;
        let mut keys = Texts::default();
        for name in 0..names.len() {
            keys.push(&key(names.get(name)));
        }
        let rows = rows(&sections, &countries, names.len(), regions.len())?;
        let (name_rows, name_rows_from) = by_name(&rows, names.len());
        let credit = sections.text(Section::Credit)?.to_owned();
        Ok(Self { countries, regions, names, keys, rows, code_texts, name_rows, name_rows_from, credit })
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Codes of the countries that it knows, of two capital letters.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.countries.iter().map(|country| country.code.as_str())
    }

    pub(crate) fn name(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, |row| at(row.name))
    }

    pub(crate) fn region(&self, row: usize) -> Option<&Region> {
        self.regions.get(at(self.rows.get(row)?.region))
    }

    pub(crate) fn region_number(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |row| row.region)
    }

    pub(crate) fn country_of(&self, row: usize) -> Option<&Country> {
        self.countries.get(self.region(row)?.country)
    }

    /// Degrees north and east.
    pub(crate) fn degrees(&self, row: usize) -> (f64, f64) {
        let degrees = |steps: i32| f64::from(steps) / STEPS;
        self.rows.get(row).map_or((0.0, 0.0), |row| (degrees(row.latitude), degrees(row.longitude)))
    }

    /// The rows that have a name.
    pub(crate) fn rows_of(&self, name: usize) -> &[u32] {
        let from = |name: usize| self.name_rows_from.get(name).copied().map_or(0, at);
        self.name_rows.get(from(name)..from(name + 1)).unwrap_or_default()
    }

    /// The postcode of a row as it is written; compact is without what stands between, in small letters.
    pub(crate) fn code(&self, country: &Country, row: usize, compact: bool) -> String {
        let number = self.rows.get(row).map_or(0, |row| row.code);
        if country.pattern.is_empty() {
            let text = self.code_texts.get(country.first_text + row.saturating_sub(country.rows.start));
            return if compact { typed_alike(text) } else { text.to_owned() };
        }
        let mut left = number;
        let mut written: Vec<u8> = Vec::with_capacity(country.pattern.len());
        for sign in country.pattern.bytes().rev() {
            if sign == b'9' {
                written.push(b'0' + u8::try_from(left % 10).unwrap_or_default());
                left /= 10;
            } else if !compact {
                written.push(sign);
            }
        }
        written.reverse();
        String::from_utf8(written).unwrap_or_default()
    }
}

fn countries(sections: &Sections<'_>) -> Result<Vec<Country>, Damaged> {
    let mut countries: Vec<Country> = Vec::new();
    let (mut begin, mut first_text) = (0usize, 0usize);
    for line in sections.text(Section::Countries)?.lines() {
        let mut parts = line.split('\t');
        let (Some(code), Some(count), Some(pattern)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Damaged::Content("countries"));
        };
        let count: usize = count.parse().map_err(|_| Damaged::Content("countries"))?;
        let end = begin.checked_add(count).filter(|end| *end <= sections.rows).ok_or(Damaged::Content("countries"))?;
        let (code, pattern) = (code.to_owned(), pattern.to_owned());
        let texts = if pattern.is_empty() { count } else { 0 };
        countries.push(Country { code, rows: begin..end, pattern, first_text });
        (begin, first_text) = (end, first_text + texts);
    }
    if begin == sections.rows { Ok(countries) } else { Err(Damaged::Content("countries")) }
}

fn regions(text: &str, countries: usize) -> Result<Vec<Region>, Damaged> {
    let mut regions = Vec::new();
    for line in text.lines() {
        let mut parts = line.split('\t');
        let (Some(name), Some(code), Some(country)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Damaged::Content("regions"));
        };
        let country = country.parse().ok().filter(|country| *country < countries).ok_or(Damaged::Content("regions"))?;
        regions.push(Region { name: name.to_owned(), code: code.to_owned(), country });
    }
    Ok(regions)
}

fn rows(sections: &Sections<'_>, countries: &[Country], names: usize, regions: usize) -> Result<Vec<Packed>, Damaged> {
    let column = |section| sections.column(section);
    let (name, region, code) = (column(Section::RowNames)?, column(Section::RowRegions)?, column(Section::Codes)?);
    let (latitude, longitude) = (column(Section::Latitudes)?, column(Section::Longitudes)?);
    let mut rows = Vec::with_capacity(sections.rows);
    let (mut north, mut east) = (0i32, 0i32);
    for country in countries {
        let mut value = 0u32;
        for row in country.rows.clone() {
            let get = |column: &[u32]| column.get(row).copied().unwrap_or_default();
            if at(get(&name)) >= names || at(get(&region)) >= regions {
                return Err(Damaged::Content("a row"));
            }
            value = value.saturating_add(get(&code));
            north = north.saturating_add(unzigzag(get(&latitude)));
            east = east.saturating_add(unzigzag(get(&longitude)));
            let degrees = |steps: i32| f64::from(steps) / STEPS;
            Position::new(degrees(north), degrees(east)).map_err(|_| Damaged::Content("a position"))?;
            rows.push(Packed { name: get(&name), region: get(&region), code: value, latitude: north, longitude: east });
        }
    }
    Ok(rows)
}

/// The rows in the order of their names, and where those of each name begin.
fn by_name(rows: &[Packed], names: usize) -> (Vec<u32>, Vec<u32>) {
    let mut from = vec![0u32; names + 1];
    for row in rows {
        if let Some(count) = from.get_mut(at(row.name) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for count in &mut from {
        sum += *count;
        *count = sum;
    }
    let mut next = from.clone();
    let mut sorted = vec![0u32; rows.len()];
    for (number, row) in (0u32..).zip(rows) {
        if let Some(next) = next.get_mut(at(row.name)) {
            if let Some(place) = sorted.get_mut(at(*next)) {
                *place = number;
            }
            *next += 1;
        }
    }
    (sorted, from)
}

/// Texts, one after the other.
#[derive(Default)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, number: usize) -> &str {
        let end = |number: usize| self.ends.get(number).copied().map_or(0, at);
        let begin = if number == 0 { 0 } else { end(number - 1) };
        self.text.get(begin..end(number)).unwrap_or_default()
    }

    /// The first text that is not before `wanted`, as long as they are in order.
    pub(crate) fn first_from(&self, wanted: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Reads lines that say how much they share with the one before.
    fn unfold(bytes: &[u8]) -> Result<Self, Damaged> {
        let wrong = Damaged::Content("lines");
        let mut texts = Self::default();
        let mut before = String::new();
        let mut rest = bytes;
        while let Some((shared, line)) = rest.split_first() {
            let end = line.iter().position(|byte| *byte == b'\n').ok_or(wrong)?;
            let (line, after) = line.split_at(end);
            let shared = usize::from(shared.checked_sub(SHARED_FROM).ok_or(wrong)?);
            if !before.is_char_boundary(shared) || shared > before.len() {
                return Err(wrong);
            }
            before.truncate(shared);
            before.push_str(std::str::from_utf8(line).map_err(|_| wrong)?);
            texts.push(&before);
            rest = after.get(1..).unwrap_or_default();
        }
        Ok(texts)
    }
}
