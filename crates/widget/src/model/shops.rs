//! The shops around a place, and what they have.

use domain::geo;
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, StockState};
use domain::time::Timestamp;

use super::{Effect, Failure, Model, Remote, Spot};
use crate::wire::{Location, Page, Stock};

/// Shops that are looked at around a place.
pub const SHOPS: u32 = 20;
/// Shops farther than this are not near, in metres: nobody drives there for one product.
pub const NEAR_M: u32 = 50_000;

/// A shop, and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shop {
    /// The shop.
    pub location: Location,
    /// Metres; `None` where no place is known.
    pub distance_m: Option<u32>,
}

/// How the numbers come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not yet over a line.
    Not,
    /// As they happen.
    Live,
    /// Heard of last at this instant.
    Lost(Timestamp),
}

impl Model {
    pub(super) fn shops_came(&mut self, answer: Result<Page, Failure>) -> Vec<Effect> {
        let locations = match answer {
            Ok(page) => page.locations,
            Err(failure) => {
                self.shops = Remote::Failed(failure);
                return self.tell_failure();
            }
        };
        let mut shops = ranked(locations, self.spot.as_ref());
        self.too_far = shops.first().filter(|shop| !is_near(shop)).cloned();
        shops.retain(is_near);
        let Some(sku) = self.sku().cloned().filter(|_| !shops.is_empty()) else {
            shops.truncate(self.options.limit);
            self.shops = Remote::Ready(shops);
            return self.watch_nothing();
        };
        let ids = shops.iter().map(|shop| shop.location.id.clone()).collect();
        self.candidates = shops;
        self.stock = Remote::Loading;
        vec![Effect::LoadStock(sku, ids)]
    }

    pub(super) fn stock_came(&mut self, answer: Result<Stock, Failure>) -> Vec<Effect> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                self.stock = Remote::Failed(failure);
                return self.tell_failure();
            }
        };
        self.stock = Remote::Ready(answer.rows);
        if self.line == Line::Not {
            self.line = Line::Lost(answer.as_of);
        }
        if !self.candidates.is_empty() {
            let has = |shop: &Shop| self.reading(&shop.location.id).is_some_and(|reading| has(reading.state));
            let rows = chosen(&self.candidates, self.options.limit, has);
            self.shops = Remote::Ready(rows);
            self.candidates = Vec::new();
        }
        let Some(sku) = self.sku().cloned() else { return Vec::new() };
        let ids = self.shops.ready().into_iter().flatten().map(|shop| shop.location.id.clone()).collect();
        vec![Effect::Watch(sku, ids)]
    }

    /// The latest word of a shelf counts: what is shown never goes back in time.
    pub(super) fn heard(&mut self, sku: &Sku, shop: &LocationId, reading: Reading) {
        let Remote::Ready(rows) = &mut self.stock else { return };
        let row = rows.iter_mut().find(|row| row.location_id == *shop && row.sku == *sku);
        if let Some(row) = row.filter(|row| row.reading.as_of <= reading.as_of) {
            row.reading = reading;
        }
    }

    pub(super) fn watch_nothing(&self) -> Vec<Effect> {
        self.sku().map(|sku| Effect::Watch(sku.clone(), Vec::new())).into_iter().collect()
    }
}

pub(super) fn has(state: StockState) -> bool {
    matches!(state, StockState::Available | StockState::Limited)
}

fn is_near(shop: &Shop) -> bool {
    shop.distance_m.is_none_or(|metres| metres <= NEAR_M)
}

/// Nearest first by the exact place, which never left the device; as they came where none is known.
fn ranked(locations: Vec<Location>, spot: Option<&Spot>) -> Vec<Shop> {
    let ranked = geo::ranked(spot.map(|spot| spot.position), locations, |location| location.geo);
    ranked.into_iter().map(|(location, distance_m)| Shop { location, distance_m }).collect()
}

/// The rows: the nearest shop whatever it has, then those that have it, and where there are too few of them the next ones; in the
/// order of their distances. They are chosen once, so that no row jumps when somebody buys the last one.
fn chosen(shops: &[Shop], limit: usize, has: impl Fn(&Shop) -> bool) -> Vec<Shop> {
    let mut taken = vec![false; shops.len()];
    let mut left = limit;
    for round in 0..3 {
        for (place, (shop, taken)) in shops.iter().zip(&mut taken).enumerate() {
            let turn = round == 2 || round == 0 && place == 0 || round == 1 && has(shop);
            if turn && left > 0 && !*taken {
                *taken = true;
                left -= 1;
            }
        }
    }
    shops.iter().zip(taken).filter(|(_, taken)| *taken).map(|(shop, _)| shop.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example::{NOW, begun, id, in_lyon, shop, sku, with_stock};
    use super::super::{Event, World};
    use super::*;

    fn names(model: &Model) -> Vec<&str> {
        model.shops.ready().into_iter().flatten().map(|shop| shop.location.id.as_str()).collect()
    }

    #[test]
    fn the_nearest_shop_is_always_there_and_then_those_that_have_it() {
        use StockState as S;
        let rows = [
            ("a", S::Unavailable, Some(0)),
            ("b", S::NotCarried, None),
            ("c", S::Limited, Some(1)),
            ("d", S::Available, Some(9)),
        ];
        assert_eq!(names(&with_stock(&[("limit", "3")], &rows)), ["a", "c", "d"]);
        assert_eq!(names(&with_stock(&[("limit", "10")], &rows)), ["a", "b", "c", "d"]);
        assert_eq!(names(&with_stock(&[("limit", "1")], &rows)), ["a"]);
    }

    #[test]
    fn a_sale_changes_the_number_and_moves_no_row() {
        let mut model = with_stock(&[], &[("a", StockState::Available, Some(9)), ("b", StockState::Limited, Some(1))]);
        let gone =
            Reading { state: StockState::Unavailable, quantity: Some(0), as_of: Timestamp::from_millis(NOW + 1) };
        model.happened(Event::Shelf(sku(), id("a"), gone), &World::default());
        assert_eq!(names(&model), ["a", "b"]);
        assert_eq!(model.reading(&id("a")), Some(gone));
        let older = Reading { state: StockState::Available, quantity: Some(9), as_of: Timestamp::from_millis(NOW) };
        model.happened(Event::Shelf(sku(), id("a"), older), &World::default());
        assert_eq!(model.reading(&id("a")), Some(gone), "what is shown never goes back in time");
    }

    #[test]
    fn shops_beyond_reach_are_not_near() {
        let mut model = begun(&[]);
        model.happened(in_lyon(), &World::default());
        let page = Page { locations: vec![shop("far", 48.8)], as_of: Timestamp::from_millis(NOW) };
        model.happened(Event::Shops(Ok(page)), &World::default());
        assert_eq!(model.shops.ready().map(Vec::len), Some(0));
        assert!(model.too_far.is_some());
    }
}
