//! Which rows of a name make one town, and how far that is.

use crate::Places;
use crate::file::at;

/// Rows of one name in one region that are farther apart than this are two towns.
const APART_KM: f64 = 25.0;

/// One town: rows of one name in one region, near each other.
pub(crate) struct Town {
    /// One of its rows, the first.
    pub(crate) row: usize,
    /// How many rows it has: large towns have many postcodes.
    pub(crate) rows: u32,
    /// The middle of them, degrees north and east.
    pub(crate) middle: (f64, f64),
}

/// The towns of a name.
pub(crate) fn towns(places: &Places, name: usize) -> Vec<Town> {
    let mut towns: Vec<Town> = Vec::new();
    for row in places.rows_of(name) {
        let row = at(*row);
        let here = places.degrees(row);
        let region = places.region_number(row);
        let same = towns
            .iter_mut()
            .find(|town| places.region_number(town.row) == region && km(places.degrees(town.row), here) < APART_KM);
        match same {
            Some(town) => {
                town.rows += 1;
                let share = f64::from(town.rows).recip();
                town.middle.0 += (here.0 - town.middle.0) * share;
                town.middle.1 += (here.1 - town.middle.1) * share;
            }
            None => towns.push(Town { row, rows: 1, middle: here }),
        }
    }
    towns
}

/// About how far, in kilometres: good for what is near, and in order for what is not. Nothing here needs to be exact.
pub(crate) fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let east = (a.1 - b.1).abs();
    let east = if east > 180.0 { 360.0 - east } else { east };
    // A degree of longitude gets shorter towards the poles; a parabola follows the cosine well enough (within 7 %).
    let middle = f64::midpoint(a.0, b.0) / 90.0;
    let east = east * (1.0 - middle * middle);
    111.2 * ((a.0 - b.0) * (a.0 - b.0) + east * east).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_about_right_at_middle_latitudes() {
        let paris_lyon = km((48.853, 2.349), (45.7485, 4.8467));
        assert!((370.0..410.0).contains(&paris_lyon), "{paris_lyon}");
        assert!(km((0.0, 179.9), (0.0, -179.9)) < 30.0);
    }
}
