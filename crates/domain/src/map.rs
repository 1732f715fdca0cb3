//! A map that needs no tiles: rings of distance around the shopper, and each shop where it lies from there.
//!
//! Directions are true (an azimuthal projection); distances are not to scale but between rings, which stand at even steps
//! whatever they mean, so that a shop around the corner and one across the country are both in sight.

use crate::geo::Position;

/// The rings of a map, from the middle outwards, in kilometres or miles.
const RINGS: [[f64; 3]; 8] = [
    [0.2, 0.5, 1.0],
    [0.5, 1.0, 2.0],
    [1.0, 2.0, 5.0],
    [1.0, 5.0, 20.0],
    [5.0, 20.0, 50.0],
    [20.0, 100.0, 500.0],
    [100.0, 500.0, 2_000.0],
    [1_000.0, 5_000.0, 25_000.0],
];
/// A map begins wide enough for so many shops.
const FIRST_IN_SIGHT: usize = 3;
/// Marks that are drawn at most; further shops join the nearest of them.
const MOST: usize = 60;

/// A length in which distances are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 1,000 m.
    Kilometre,
    /// 1,609.344 m (the international mile).
    Mile,
}

impl Unit {
    /// Metres in one.
    #[must_use]
    pub fn metres(self) -> f64 {
        match self {
            Unit::Kilometre => 1_000.0,
            Unit::Mile => 1_609.344,
        }
    }

    /// What is usual on the roads of a country (ISO 3166-1): miles in the USA, the United Kingdom and what belongs to them.
    #[must_use]
    pub fn of(country: &str) -> Self {
        match country {
            "US" | "GB" | "LR" | "MM" | "PR" | "IM" | "JE" | "GG" => Unit::Mile,
            _ => Unit::Kilometre,
        }
    }
}

/// One place as the map sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Metres from the middle.
    pub metres: f64,
    /// Degrees from north, clockwise, 0 to 360.
    pub bearing: f64,
}

impl Seen {
    /// How a place lies from another.
    #[must_use]
    pub fn from(origin: Position, place: Position) -> Self {
        Self { metres: origin.distance_m(place), bearing: bearing(origin, place) }
    }
}

/// The direction in which the great circle leaves: degrees from north, clockwise, 0 to 360.
fn bearing(from: Position, to: Position) -> f64 {
    let (a, b) = (from.latitude().to_radians(), to.latitude().to_radians());
    let east = (to.longitude() - from.longitude()).to_radians();
    let x = east.sin() * b.cos();
    let y = a.cos() * b.sin() - a.sin() * b.cos() * east.cos();
    let degrees = x.atan2(y).to_degrees();
    if degrees < 0.0 { degrees + 360.0 } else { degrees }
}

/// One of eight directions, 0 for north and on clockwise to 7 for north-west.
#[must_use]
pub fn eighth(bearing: f64) -> usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 8
    let eighth = (bearing / 45.0).round() as usize;
    eighth % 8
}

/// A circle on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ring {
    /// How far it is, in the unit of the map.
    pub length: f64,
    /// Its radius; the outermost has 1.
    pub radius: f64,
}

/// A shop on the map, or several that would overlap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// To the right of the middle; the outermost ring is at 1.
    pub x: f64,
    /// Below the middle.
    pub y: f64,
    /// The first of its shops, by its number.
    pub first: usize,
    /// How many there are.
    pub count: usize,
}

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// From the middle outwards.
    pub rings: Vec<Ring>,
    /// In the order of their first shops.
    pub marks: Vec<Mark>,
    /// Shops beyond the outermost ring.
    pub beyond: usize,
    /// Which set of rings it is, 0 for the narrowest.
    pub level: usize,
}

/// How many sets of rings there are.
pub const LEVELS: usize = RINGS.len();

/// The set of rings that shows the first few; the shops come nearest first.
#[must_use]
pub fn usual_level(shops: &[Seen], unit: Unit) -> usize {
    let farthest = shops.iter().take(FIRST_IN_SIGHT).map(|shop| shop.metres).fold(0.0, f64::max);
    RINGS.iter().position(|[.., outer]| outer * unit.metres() >= farthest).unwrap_or(LEVELS - 1)
}

/// Draws shops, in their order. `apart` is how far marks must be from each other, as a part of the outermost radius.
#[must_use]
pub fn draw(shops: &[Seen], unit: Unit, level: usize, apart: f64) -> Drawing {
    let level = level.min(LEVELS - 1);
    let lengths = RINGS.get(level).copied().unwrap_or_default();
    let mut drawing = Drawing { level, ..Drawing::default() };
    for (step, length) in [1.0, 2.0, 3.0].into_iter().zip(lengths) {
        drawing.rings.push(Ring { length, radius: step / 3.0 });
    }
    for (number, shop) in shops.iter().enumerate() {
        let Some(radius) = radius(shop.metres / unit.metres(), lengths) else {
            drawing.beyond += 1;
            continue;
        };
        let (sin, cos) = shop.bearing.to_radians().sin_cos();
        let (x, y) = (radius * sin, -radius * cos);
        let far = |mark: &Mark| (mark.x - x) * (mark.x - x) + (mark.y - y) * (mark.y - y);
        let full = drawing.marks.len() >= MOST;
        let mut nearest: Option<(f64, &mut Mark)> = None;
        for mark in &mut drawing.marks {
            let far = far(mark);
            if nearest.as_ref().is_none_or(|(best, _)| far < *best) {
                nearest = Some((far, mark));
            }
        }
        match nearest {
            Some((far, mark)) if full || far < apart * apart => mark.count += 1,
            _ => drawing.marks.push(Mark { x, y, first: number, count: 1 }),
        }
    }
    drawing
}

/// Where a length falls between rings that stand at even steps; `None` beyond the last.
fn radius(length: f64, rings: [f64; 3]) -> Option<f64> {
    let mut before = 0.0;
    for (step, ring) in [0.0, 1.0, 2.0].into_iter().zip(rings) {
        if length <= ring {
            return Some((step + (length - before) / (ring - before)) / 3.0);
        }
        before = ring;
    }
    None
}

/// The mark that is next in a direction: right 0, down 1, left 2, up 3. The way aside counts double, so that one goes where one
/// points.
#[must_use]
pub fn next(marks: &[Mark], from: usize, direction: usize) -> Option<usize> {
    let here = marks.get(from)?;
    let mut best: Option<(f64, usize)> = None;
    for (number, mark) in marks.iter().enumerate() {
        let (right, down) = (mark.x - here.x, mark.y - here.y);
        let (ahead, aside) = match direction {
            0 => (right, down),
            1 => (down, right),
            2 => (-right, down),
            _ => (-down, right),
        };
        let way = ahead + 2.0 * aside.abs();
        // What lies far more aside than ahead is in another direction.
        if number != from
            && ahead > 1e-9
            && aside.abs() <= 2.0 * ahead
            && best.is_none_or(|(shortest, _)| way < shortest)
        {
            best = Some((way, number));
        }
    }
    best.map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    #[test]
    fn directions_are_those_of_a_compass_everywhere() {
        let eighths = |from: Position, to: Position| eighth(Seen::from(from, to).bearing);
        let lyon = at(45.76, 4.85);
        assert_eq!(eighths(lyon, at(46.76, 4.85)), 0);
        assert_eq!(eighths(lyon, at(46.2, 5.6)), 1);
        assert_eq!(eighths(lyon, at(45.76, 5.0)), 2);
        assert_eq!(eighths(lyon, at(45.0, 4.85)), 4);
        assert_eq!(eighths(lyon, at(45.76, 4.0)), 6);
        assert_eq!(eighths(at(0.0, 179.9), at(0.0, -179.9)), 2, "east across the antimeridian");
        assert_eq!(eighths(at(90.0, 0.0), at(80.0, 30.0)) % 2, 1, "from the pole everything is south, the map turns");
        assert_eq!(eighth(359.0), 0);
    }

    #[test]
    fn rings_are_wide_enough_for_the_first_few_and_are_in_the_unit_of_the_country() {
        let shops = |metres: &[f64]| metres.iter().map(|m| Seen { metres: *m, bearing: 0.0 }).collect::<Vec<_>>();
        let near = shops(&[300.0, 800.0, 2_100.0, 4_300.0]);
        let level = usual_level(&near, Unit::Kilometre);
        let drawing = draw(&near, Unit::Kilometre, level, 0.1);
        assert_eq!(drawing.rings.iter().map(|ring| ring.length).collect::<Vec<_>>(), [1.0, 2.0, 5.0]);
        assert_eq!((drawing.marks.len(), drawing.beyond), (4, 0));
        assert_eq!(draw(&near, Unit::Mile, level, 0.1).beyond, 0);
        assert_eq!(draw(&near, Unit::Kilometre, 0, 0.1).beyond, 2);
        assert_eq!(Unit::of("US"), Unit::Mile);
        assert_eq!(Unit::of("FR"), Unit::Kilometre);
        assert_eq!(usual_level(&[], Unit::Kilometre), 0);
    }

    #[test]
    fn fifty_thousand_at_one_point_are_one_mark() {
        let shops = vec![Seen { metres: 700.0, bearing: 30.0 }; 50_000];
        let drawing = draw(&shops, Unit::Kilometre, 2, 0.2);
        assert_eq!(drawing.marks.len(), 1);
        assert_eq!((drawing.marks[0].first, drawing.marks[0].count), (0, 50_000));
    }

    #[test]
    fn one_goes_where_one_points() {
        let mark = |x: f64, y: f64| Mark { x, y, first: 0, count: 1 };
        let marks = [mark(0.0, 0.0), mark(0.5, 0.1), mark(0.4, 0.6), mark(-0.3, 0.0)];
        assert_eq!([0, 1, 2, 3].map(|direction| next(&marks, 0, direction)), [Some(1), Some(2), Some(3), None]);
        assert_eq!(next(&marks, 9, 0), None);
    }

    proptest! {
        #[test]
        fn each_shop_is_in_one_mark_and_no_two_marks_overlap(
            shops in prop::collection::vec((0.0..3e7f64, 0.0..360.0f64), 0..200),
            level in 0usize..9,
            apart in 0.01..0.5f64,
        ) {
            let shops: Vec<Seen> = shops.into_iter().map(|(metres, bearing)| Seen { metres, bearing }).collect();
            let drawing = draw(&shops, Unit::Kilometre, level, apart);
            let counted: usize = drawing.marks.iter().map(|mark| mark.count).sum();
            prop_assert_eq!(counted + drawing.beyond, shops.len());
            prop_assert!(drawing.marks.len() <= MOST);
            for (number, mark) in drawing.marks.iter().enumerate() {
                prop_assert!(mark.x.hypot(mark.y) <= 1.0 + 1e-9);
                for other in drawing.marks.iter().skip(number + 1) {
                    prop_assert!((mark.x - other.x).hypot(mark.y - other.y) >= apart - 1e-9);
                }
            }
        }
    }
}
