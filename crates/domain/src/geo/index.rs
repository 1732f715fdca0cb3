//! The nearest of very many.

use std::collections::BinaryHeap;

use super::Position;

/// Places in a leaf of the tree: comparing so many costs less than deciding where to go.
const LEAF: usize = 8;

/// The mean radius of the Earth in metres, as `geo::Haversine` has it (IUGG).
const RADIUS_M: f64 = 6_371_008.771_415_06;

/// Places in a k-d tree (Bentley, 1975) over the unit sphere. There the antimeridian and the poles are places like all others,
/// and who is nearer along the great circle is nearer through the Earth.
#[derive(Debug, Clone, Default)]
pub struct GeoIndex {
    /// In the order of the tree: the middle one of a range divides it.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    at: [f64; 3],
    position: Position,
    number: u32,
}

/// What is looked for, and what was found of it.
struct Search<'a> {
    origin: Position,
    at: [f64; 3],
    count: usize,
    max_m: f64,
    pass: &'a mut dyn FnMut(u32) -> bool,
    /// The farthest first. The bits of numbers that are not negative are in the order of the numbers.
    found: BinaryHeap<(u64, u32)>,
    /// What is farther through the Earth cannot be among them; squared, for a sphere of radius 1.
    reach: f64,
}

impl GeoIndex {
    /// Makes the tree; the number of a place is where it stands among them.
    #[must_use]
    pub fn build(positions: impl IntoIterator<Item = Position>) -> Self {
        let node = |(number, position): (u32, Position)| Node { at: on_sphere(position), position, number };
        let mut nodes: Vec<Node> = (0u32..).zip(positions).map(node).collect();
        divide(&mut nodes, 0);
        Self { nodes }
    }

    /// How many places it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The `count` nearest that `pass`, nearest first, each with its distance in metres; at most `max_m` away, the limit
    /// included. Places at the very same distance come in the order of their numbers.
    pub fn nearest(
        &self,
        origin: Position,
        max_m: Option<f64>,
        count: usize,
        pass: &mut dyn FnMut(u32) -> bool,
    ) -> Vec<(u32, f64)> {
        let max_m = max_m.unwrap_or(f64::INFINITY);
        let found = BinaryHeap::new();
        let mut search = Search { origin, at: on_sphere(origin), count, max_m, pass, found, reach: reach(max_m) };
        if count > 0 {
            search.walk(&self.nodes, 0);
        }
        search.found.into_sorted_vec().into_iter().map(|(bits, number)| (number, f64::from_bits(bits))).collect()
    }
}

/// Puts the middle one by this axis into the middle, and so on in both halves. Halves are of one size whatever the places are,
/// so the walk is never deeper than the logarithm of their number.
fn divide(nodes: &mut [Node], axis: usize) {
    if nodes.len() <= LEAF {
        return;
    }
    let middle = nodes.len() / 2;
    nodes.select_nth_unstable_by(middle, |a, b| a.along(axis).total_cmp(&b.along(axis)));
    let (before, rest) = nodes.split_at_mut(middle);
    divide(before, (axis + 1) % 3);
    divide(rest.get_mut(1..).unwrap_or_default(), (axis + 1) % 3);
}

impl Node {
    fn along(&self, axis: usize) -> f64 {
        self.at.get(axis).copied().unwrap_or_default()
    }
}

impl Search<'_> {
    fn walk(&mut self, nodes: &[Node], axis: usize) {
        if nodes.len() <= LEAF {
            return nodes.iter().for_each(|node| self.look(node));
        }
        let (before, rest) = nodes.split_at(nodes.len() / 2);
        let Some((middle, after)) = rest.split_first() else { return };
        self.look(middle);
        let beside = self.at.get(axis).copied().unwrap_or_default() - middle.along(axis);
        let (near, far) = if beside < 0.0 { (before, after) } else { (after, before) };
        self.walk(near, (axis + 1) % 3);
        if beside * beside <= self.reach {
            self.walk(far, (axis + 1) % 3);
        }
    }

    fn look(&mut self, node: &Node) {
        let through = node.at.iter().zip(self.at).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        if through > self.reach || !(self.pass)(node.number) {
            return;
        }
        // The order is that of the distance itself; what is through the Earth only says who need not be looked at.
        let distance = self.origin.distance_m(node.position);
        if distance > self.max_m {
            return;
        }
        self.found.push((distance.to_bits(), node.number));
        if self.found.len() > self.count {
            self.found.pop();
        }
        if self.found.len() == self.count
            && let Some((farthest, _)) = self.found.peek()
        {
            self.reach = reach(f64::from_bits(*farthest).min(self.max_m));
        }
    }
}

/// The point of a sphere of radius 1.
fn on_sphere(position: Position) -> [f64; 3] {
    let (latitude, longitude) = (position.latitude().to_radians(), position.longitude().to_radians());
    let (north, flat) = latitude.sin_cos();
    let (east, ahead) = longitude.sin_cos();
    [flat * ahead, flat * east, north]
}

/// The square of the way through the Earth of radius 1 for so many metres around it, and a little more than rounding can be
/// wrong by.
fn reach(metres: f64) -> f64 {
    let angle = metres / RADIUS_M;
    if angle >= std::f64::consts::PI {
        return f64::INFINITY;
    }
    let through = 2.0 * (angle / 2.0).sin();
    through * through * (1.0 + 1e-9) + 1e-15
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    /// Looking at all of them.
    fn plainly(places: &[Position], origin: Position, max_m: Option<f64>, count: usize, step: u32) -> Vec<(u32, f64)> {
        let mut all: Vec<(f64, u32)> = (0u32..)
            .zip(places)
            .map(|(number, place)| (origin.distance_m(*place), number))
            .filter(|(metres, number)| max_m.is_none_or(|max| *metres <= max) && number % step == 0)
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all.into_iter().map(|(metres, number)| (number, metres)).take(count).collect()
    }

    fn check(places: &[Position], origin: Position, max_m: Option<f64>, count: usize, step: u32) {
        let index = GeoIndex::build(places.iter().copied());
        let found = index.nearest(origin, max_m, count, &mut |number| number % step == 0);
        assert_eq!(found, plainly(places, origin, max_m, count, step));
    }

    #[test]
    fn the_antimeridian_and_the_poles_are_places_like_all_others() {
        let places = [
            at(0.0, 179.9),
            at(0.0, -179.9),
            at(0.0, 170.0),
            at(89.9, 10.0),
            at(89.9, -170.0),
            at(-90.0, 0.0),
            at(90.0, 77.0),
        ];
        for origin in [at(0.0, -180.0), at(0.0, 180.0), at(90.0, 0.0), at(-90.0, 123.0), at(89.95, 100.0)] {
            for count in 0..9 {
                check(&places, origin, None, count, 1);
            }
        }
        let fiji = GeoIndex::build(places).nearest(at(0.0, -180.0), Some(20_000.0), 9, &mut |_| true);
        assert_eq!(fiji.iter().map(|(number, _)| *number).sum::<u32>(), 1, "both beside the line, and no other");
        assert_eq!(fiji.len(), 2);
    }

    #[test]
    fn fifty_thousand_at_one_point_come_in_their_order() {
        let places = vec![at(45.76, 4.85); 50_000];
        let index = GeoIndex::build(places.iter().copied());
        let found = index.nearest(at(45.0, 5.0), None, 3, &mut |number| number > 100);
        assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [101, 102, 103]);
        assert_eq!(index.nearest(at(45.0, 5.0), None, 3, &mut |_| false), []);
        assert_eq!(index.nearest(at(45.0, 5.0), None, usize::MAX, &mut |_| true).len(), 50_000);
    }

    #[test]
    fn the_limit_itself_is_included() {
        let (origin, place) = (at(45.0, 5.0), at(45.1, 5.1));
        let index = GeoIndex::build([place]);
        let exactly = origin.distance_m(place);
        assert_eq!(index.nearest(origin, Some(exactly), 1, &mut |_| true).len(), 1);
        assert_eq!(index.nearest(origin, Some(exactly - 1e-6), 1, &mut |_| true).len(), 0);
    }

    proptest! {
        #[test]
        fn it_is_what_looking_at_all_of_them_gives(
            origin in (-90.0..=90.0f64, -180.0..=180.0f64),
            places in prop::collection::vec((-90.0..=90.0f64, -180.0..=180.0f64), 0..300),
            count in 0usize..40,
            max_m in prop::option::of(0.0..2.2e7f64),
            step in 1u32..4,
        ) {
            let places: Vec<Position> = places.into_iter().map(|p| at(p.0, p.1)).collect();
            check(&places, at(origin.0, origin.1), max_m, count, step);
        }

        #[test]
        fn places_close_together_and_on_one_line_are_told_apart(
            origin in (-3..=3i32, -3..=3i32),
            places in prop::collection::vec((-3..=3i32, -3..=3i32), 0..200),
            count in 0usize..40,
        ) {
            let near = |p: (i32, i32)| at(45.0 + f64::from(p.0) * 1e-5, 4.0 + f64::from(p.1) * 1e-5);
            let places: Vec<Position> = places.into_iter().map(near).collect();
            check(&places, near(origin), None, count, 1);
        }
    }
}
