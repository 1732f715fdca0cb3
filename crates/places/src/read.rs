//! Reading gazetteers: GeoNames' dumps of postal codes, and sheets with the same columns under names.

use std::fmt;

use domain::geo::Position;

use crate::Row;

/// Why a line is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRow {
    /// It has too few columns.
    Columns,
    /// The country is not a code of two letters.
    Country,
    /// There is no postcode, or it has signs that postcodes have not.
    Code,
    /// There is no name.
    Place,
    /// Degrees north are no number from -90 to 90.
    Latitude,
    /// Degrees east are no number from -180 to 180.
    Longitude,
    /// A text has more than 180 bytes.
    TooLong,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Columns => "has too few columns",
            Self::Country => "has no country code of two letters",
            Self::Code => "has no postcode, or one with signs that postcodes have not",
            Self::Place => "has no name of a place",
            Self::Latitude => "has a latitude that is no number from -90 to 90",
            Self::Longitude => "has a longitude that is no number from -180 to 180",
            Self::TooLong => "has a text that is too long",
        })
    }
}

impl std::error::Error for BadRow {}

/// The columns of a row, in the order of their meaning.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// Country, two letters.
    pub country: &'a str,
    /// Postcode.
    pub code: &'a str,
    /// Place.
    pub place: &'a str,
    /// Region.
    pub region: &'a str,
    /// Code of the region.
    pub region_code: &'a str,
    /// Degrees north.
    pub latitude: &'a str,
    /// Degrees east.
    pub longitude: &'a str,
}

impl Columns<'_> {
    /// A line of GeoNames: country, postcode, place, and three times region and code; then degrees north and east.
    ///
    /// # Errors
    /// [`BadRow`] names what is wrong with it.
    pub fn of_geonames(line: &str) -> Result<Row, BadRow> {
        let parts: Vec<&str> = line.split('\t').collect();
        let [country, code, place, region, region_code, _, _, _, _, latitude, longitude, ..] = parts.as_slice() else {
            return Err(BadRow::Columns);
        };
        Columns { country, code, place, region, region_code, latitude, longitude }.row()
    }

    /// Checks the columns.
    ///
    /// # Errors
    /// [`BadRow`] names what is wrong with them.
    pub fn row(self) -> Result<Row, BadRow> {
        let texts = [self.country, self.code, self.place, self.region, self.region_code].map(str::trim);
        let [country, code, place, region, region_code] = texts;
        if texts.iter().any(|text| text.len() > 180) {
            return Err(BadRow::TooLong);
        }
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(BadRow::Country);
        }
        let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-');
        if !code.chars().any(|c| c.is_ascii_alphanumeric()) || !code.chars().all(is_code) {
            return Err(BadRow::Code);
        }
        if search::fold(place).is_empty() {
            return Err(BadRow::Place);
        }
        let degrees = |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        let latitude = degrees(self.latitude, 90.0).ok_or(BadRow::Latitude)?;
        let longitude = degrees(self.longitude, 180.0).ok_or(BadRow::Longitude)?;
        Ok(Row {
            country: country.to_owned(),
            code: code.to_owned(),
            place: place.to_owned(),
            region: region.to_owned(),
            region_code: region_code.to_owned(),
            position: Position::new(latitude, longitude).map_err(|_| BadRow::Latitude)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_geonames_is_a_row() {
        let line = "FR\t69003\tLyon 03\tAuvergne-Rhône-Alpes\t84\tRhône\t69\tLyon\t691\t45.7612\t4.8518\t5";
        let row = Columns::of_geonames(line).unwrap();
        assert_eq!((row.code.as_str(), row.place.as_str(), row.region_code.as_str()), ("69003", "Lyon 03", "84"));
        assert!((row.position.longitude() - 4.8518).abs() < 1e-9);
    }

    #[test]
    fn nonsense_is_named() {
        let line = |from: &str, to: &str| {
            let line = "FR\t69003\tLyon\tARA\t84\t\t\t\t\t45.7612\t4.8518\t5".replace(from, to);
            Columns::of_geonames(&line).map(drop)
        };
        assert_eq!(line("x", "x"), Ok(()));
        assert_eq!(line("45.7612", "91"), Err(BadRow::Latitude));
        assert_eq!(line("45.7612", "NaN"), Err(BadRow::Latitude));
        assert_eq!(line("45.7612", ""), Err(BadRow::Latitude));
        assert_eq!(line("4.8518", "181"), Err(BadRow::Longitude));
        assert_eq!(line("4.8518", "inf"), Err(BadRow::Longitude));
        assert_eq!(line("FR\t", "France\t"), Err(BadRow::Country));
        assert_eq!(line("Lyon", " - "), Err(BadRow::Place));
        assert_eq!(line("69003", ""), Err(BadRow::Code));
        assert_eq!(line("69003", "69<3"), Err(BadRow::Code));
        assert_eq!(line("Lyon", &"y".repeat(181)), Err(BadRow::TooLong));
        assert_eq!(Columns::of_geonames("country,postal_code").map(drop), Err(BadRow::Columns));
    }
}
