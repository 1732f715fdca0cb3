//! What the view asks of a box: nothing here changes it.

use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, Reason};

use super::shops::has;
use super::{Failure, Model, Remote, Shop};
use crate::options::{Desk as DeskKind, Kind, Near};
use crate::wire::Row;

impl Model {
    /// The product's code, where the box is about one.
    #[must_use]
    pub fn sku(&self) -> Option<&Sku> {
        match &self.options.kind {
            Kind::Stock(sku) => sku.as_ref(),
            Kind::Locator => None,
        }
    }

    /// Whether the device is offered as a way to say where one is.
    #[must_use]
    pub fn offers_device(&self) -> bool {
        self.options.near == Near::Auto && self.may_locate
    }

    /// The row of a shop as the server answered it.
    #[must_use]
    pub fn row(&self, shop: &LocationId) -> Option<&Row> {
        self.stock.ready()?.iter().find(|row| row.location_id == *shop)
    }

    /// The latest that is known of a shop's shelf.
    #[must_use]
    pub fn reading(&self, shop: &LocationId) -> Option<Reading> {
        self.row(shop).map(|row| row.reading)
    }

    /// Whether it can be put aside there now, as far as is known.
    #[must_use]
    pub fn is_to_be_had(&self, shop: &Shop) -> bool {
        let row = self.row(&shop.location.id);
        let stands = row.is_some_and(|row| has(row.reading.state));
        // A shelf that was empty and is filled meanwhile is handed over as the shop does it in general.
        let handed_over = row.is_some_and(|row| row.pickup || !is_of_the_shop(row));
        self.can_reserve && stands && handed_over && shop.location.pickup
    }

    /// A shop of the rows.
    #[must_use]
    pub fn shop(&self, id: &LocationId) -> Option<&Shop> {
        self.shops.ready()?.iter().find(|shop| shop.location.id == *id)
    }

    /// The first failure that stands in the way of everything.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match (&self.product, &self.shops, &self.stock) {
            (Remote::Failed(failure), ..) | (_, Remote::Failed(failure), _) | (.., Remote::Failed(failure)) => {
                Some(failure)
            }
            _ => None,
        }
    }

    /// Whether the buttons lead to the app instead of to a desk of the box.
    #[must_use]
    pub fn reserves_in_app(&self) -> bool {
        self.options.desk == DeskKind::InApp
    }
}

/// Whether the shop does not hand it over at all, however much it has.
fn is_of_the_shop(row: &Row) -> bool {
    matches!(row.reason, Some(Reason::InStoreOnly | Reason::PickupDisabled | Reason::Other))
}

#[cfg(test)]
mod tests {
    use domain::inventory::StockState;
    use domain::time::Timestamp;

    use super::super::example::{NOW, id, sku, with_stock};
    use super::super::{Event, World};
    use super::*;

    #[test]
    fn only_what_is_there_and_handed_over_can_be_reserved() {
        use StockState as S;
        for (state, expected) in [
            (S::Available, true),
            (S::Limited, true),
            (S::Unavailable, false),
            (S::NotCarried, false),
            (S::Unknown, false),
        ] {
            let model = with_stock(&[], &[("a", state, None)]);
            assert_eq!(model.is_to_be_had(model.shop(&id("a")).unwrap()), expected, "{state:?}");
        }
        let mut model = with_stock(&[], &[("a", S::Available, Some(3))]);
        if let Remote::Ready(rows) = &mut model.stock {
            (rows[0].pickup, rows[0].reason) = (false, Some(Reason::InStoreOnly));
        }
        assert!(!model.is_to_be_had(model.shop(&id("a")).unwrap()));
        let mut model = with_stock(&[], &[("a", S::Available, Some(3))]);
        model.can_reserve = false;
        assert!(!model.is_to_be_had(model.shop(&id("a")).unwrap()));
    }

    #[test]
    fn a_shelf_that_is_filled_again_can_be_reserved() {
        let mut model = with_stock(&[], &[("a", StockState::Unavailable, Some(0))]);
        let back = Reading { state: StockState::Available, quantity: Some(5), as_of: Timestamp::from_millis(NOW + 1) };
        model.happened(Event::Shelf(sku(), id("a"), back), &World::default());
        assert!(model.is_to_be_had(model.shop(&id("a")).unwrap()));
    }
}
