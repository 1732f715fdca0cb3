//! Which shop has the whole basket, and what to do where none nearby has.
//!
//! A shop far away that has everything does not hide a near one that has most of it: both are named. What nobody knows is
//! neither there nor sold out.

use crate::time::Timestamp;

/// Shops farther than this are not "nearby", in metres.
pub const NEARBY_M: u32 = 30_000;

/// One line of the basket at one shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineStock {
    /// As many as wanted can be put aside; when they would be ready, where that is known.
    Enough(Option<Timestamp>),
    /// Not as many, or none.
    Short,
    /// Nobody knows.
    Unknown,
}

/// One shop, with a state for each line of the basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// Metres from the shopper; `None` where no place is known.
    pub metres: Option<u32>,
    /// In the order of the basket.
    pub lines: Vec<LineStock>,
}

/// What a shop can do for the basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Its place among the shops that were given.
    pub shop: usize,
    /// Lines that it has in full.
    pub has: usize,
    /// Lines that it has not, by their place in the basket.
    pub lacks: Vec<usize>,
    /// Lines of which nobody knows.
    pub unknown: Vec<usize>,
    /// When the last line that it has would be ready; `None` where that is not known of each.
    pub ready_by: Option<Timestamp>,
    near: bool,
    metres: u32,
}

impl Ranked {
    /// Whether it is near enough to be gone to for one thing.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.near
    }

    /// Whether it has every line in full.
    #[must_use]
    pub fn has_all(&self) -> bool {
        self.lacks.is_empty() && self.unknown.is_empty()
    }

    /// The smaller the better: near before far, more of the basket before less, near before less near.
    fn key(&self) -> (bool, usize, u32) {
        (!self.near, self.lacks.len() + self.unknown.len(), self.metres)
    }
}

/// Shops that have something of the basket, the best first; of equal ones the one that was given first.
#[must_use]
pub fn rank(shops: &[Shop]) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = Vec::new();
    for (number, shop) in shops.iter().enumerate() {
        let one = look(number, shop);
        if one.has > 0 {
            let place = ranked.iter().take_while(|other| other.key() <= one.key()).count();
            ranked.insert(place, one);
        }
    }
    ranked
}

fn look(number: usize, shop: &Shop) -> Ranked {
    let (mut has, mut lacks, mut unknown) = (0, Vec::new(), Vec::new());
    let mut ready_by = Some(Timestamp::from_millis(0));
    for (line, stock) in shop.lines.iter().enumerate() {
        match stock {
            LineStock::Enough(ready) => {
                has += 1;
                ready_by = ready_by.zip(*ready).map(|(one, other)| one.max(other));
            }
            LineStock::Short => lacks.push(line),
            LineStock::Unknown => unknown.push(line),
        }
    }
    let near = shop.metres.is_none_or(|metres| metres <= NEARBY_M);
    Ranked { shop: number, has, lacks, unknown, ready_by, near, metres: shop.metres.unwrap_or(0) }
}

/// The nearest shop that has all of it, wherever it is; the shops as [`rank`] gives them.
#[must_use]
pub fn nearest_with_all(ranked: &[Ranked]) -> Option<&Ranked> {
    let mut best: Option<&Ranked> = None;
    for one in ranked.iter().filter(|one| one.has_all()) {
        if best.is_none_or(|best| one.metres < best.metres) {
            best = Some(one);
        }
    }
    best
}

/// Two shops that have all of it together, the shortest way in all; each line is collected at one of them.
#[must_use]
pub fn split(ranked: &[Ranked]) -> Option<(&Ranked, &Ranked)> {
    let misses = |one: &Ranked, line: &usize| one.lacks.contains(line) || one.unknown.contains(line);
    let mut best: Option<(u32, &Ranked, &Ranked)> = None;
    for (number, one) in ranked.iter().enumerate().filter(|(_, one)| one.near) {
        for other in ranked.iter().skip(number + 1).filter(|other| other.near) {
            let both = one.lacks.iter().chain(&one.unknown).all(|line| !misses(other, line));
            let way = one.metres.saturating_add(other.metres);
            if both && best.is_none_or(|(shortest, ..)| way < shortest) {
                best = Some((way, one, other));
            }
        }
    }
    best.map(|(_, one, other)| (one, other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const YES: LineStock = LineStock::Enough(None);
    const NO: LineStock = LineStock::Short;
    const WHO_KNOWS: LineStock = LineStock::Unknown;

    fn shop(metres: u32, lines: &[LineStock]) -> Shop {
        Shop { metres: Some(metres), lines: lines.to_vec() }
    }

    fn places(ranked: &[Ranked]) -> Vec<usize> {
        ranked.iter().map(|one| one.shop).collect()
    }

    #[test]
    fn a_far_shop_with_everything_does_not_hide_a_near_one_with_most() {
        let shops = [
            shop(900, &[YES, YES, NO]),
            shop(2_100, &[YES, NO, NO]),
            shop(500_000, &[YES, YES, YES]),
            shop(50, &[NO, NO, NO]),
        ];
        let ranked = rank(&shops);
        assert_eq!(places(&ranked), [0, 1, 2]);
        assert_eq!((ranked[0].has, ranked[0].lacks.as_slice()), (2, &[2][..]));
        assert_eq!(nearest_with_all(&ranked).unwrap().shop, 2);
        assert!(split(&ranked).is_none(), "nobody is sent 500 km for one line");
    }

    #[test]
    fn all_comes_before_some_nearby_and_two_shops_may_share() {
        let shops = [shop(900, &[YES, NO]), shop(1_500, &[NO, YES]), shop(3_000, &[YES, YES]), shop(2_000, &[NO, YES])];
        let ranked = rank(&shops);
        assert_eq!(places(&ranked), [2, 0, 1, 3]);
        let two = rank(&shops[..2]);
        let (one, other) = split(&two).unwrap();
        assert_eq!((one.shop, other.shop), (0, 1));
    }

    #[test]
    fn what_nobody_knows_is_neither_there_nor_sold_out() {
        let ranked = rank(&[shop(100, &[YES, WHO_KNOWS]), shop(200, &[WHO_KNOWS, WHO_KNOWS])]);
        assert_eq!(places(&ranked), [0]);
        assert!(!ranked[0].has_all() && ranked[0].lacks.is_empty());
        assert_eq!(ranked[0].unknown, [1]);
    }

    #[test]
    fn it_is_ready_when_its_last_line_is_and_not_known_where_one_is_not() {
        let at = |millis| LineStock::Enough(Some(Timestamp::from_millis(millis)));
        let ready = |lines: &[LineStock]| rank(&[shop(1, lines)])[0].ready_by;
        assert_eq!(ready(&[at(5), at(9), at(7)]), Some(Timestamp::from_millis(9)));
        assert_eq!(ready(&[at(5), LineStock::Enough(None)]), None);
        assert_eq!(ready(&[at(5), NO]), Some(Timestamp::from_millis(5)));
    }

    proptest! {
        #[test]
        fn the_split_is_the_shortest_of_all_that_serve_everything(
            shops in prop::collection::vec((0u32..60_000, prop::collection::vec(0u8..3, 4)), 0..12),
        ) {
            let stock = |n: &u8| [YES, NO, WHO_KNOWS][usize::from(*n)];
            let shops: Vec<Shop> = shops.iter().map(|(m, l)| shop(*m, &l.iter().map(stock).collect::<Vec<_>>())).collect();
            let ranked = rank(&shops);
            prop_assert!(ranked.windows(2).all(|pair| pair[0].key() <= pair[1].key()));
            let mut best = None;
            for (a, one) in shops.iter().enumerate() {
                for other in shops.iter().skip(a + 1) {
                    let (Some(x), Some(y)) = (one.metres, other.metres) else { continue };
                    let all = (0..4).all(|line| one.lines[line] == YES || other.lines[line] == YES);
                    let useful = |s: &Shop| s.lines.contains(&YES);
                    if all && x <= NEARBY_M && y <= NEARBY_M && useful(one) && useful(other) && best.is_none_or(|b| x + y < b) {
                        best = Some(x + y);
                    }
                }
            }
            prop_assert_eq!(split(&ranked).map(|(a, b)| a.metres + b.metres), best);
        }
    }
}
