//! What the product screen decides.

use api_contract::availability::AvailabilityRow;
use api_contract::product::{Product, Variant};
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, Reason, StockState};
use domain::money::Money;
use domain::size;
use domain::time::Timestamp;

use crate::nearby::{Shop, short_name};
use crate::text;

/// The product at one shop.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The shop.
    pub shop: Shop,
    /// The latest word on its shelf.
    pub reading: Option<Reading>,
    /// Why it cannot be put aside there whatever the shelf holds.
    pub barrier: Option<Reason>,
    /// Whether it can be put aside there now.
    pub reservable: bool,
    /// When it would be ready.
    pub ready_by: Option<Timestamp>,
    /// Where it stands in the shop.
    pub aisle: Option<String>,
    /// What it costs there.
    pub price: Option<Money>,
    /// What it costs there when it is not on sale.
    pub regular_price: Option<Money>,
    /// Whether it is the shopper's own shop.
    pub own: bool,
}

/// The shop that the button speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The shop.
    pub id: LocationId,
    /// Its name.
    pub name: String,
}

/// A variant as a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantOption {
    /// What it leads to.
    pub sku: Sku,
    /// Its colour or size.
    pub name: String,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// The shops with what the rows and the latest readings say. The shopper's own is first; then those nearby that have it,
/// nearest first; then those nearby that have not, because "sold out at the shop next door" is an answer too; then those
/// that are far away, the nearest first, whatever they have.
pub fn offers(
    shops: &[Shop],
    here: Option<&LocationId>,
    rows: &[AvailabilityRow],
    latest: impl Fn(&LocationId) -> Option<Reading>,
) -> Vec<Offer> {
    let offers: Vec<Offer> = shops
        .iter()
        .map(|shop| {
            let id = &shop.location.id;
            let row = rows.iter().find(|r| r.location_id == *id);
            let reading = latest(id).or_else(|| row.map(AvailabilityRow::reading));
            let barrier = row
                .and_then(|r| r.reason)
                .filter(|r| matches!(r, Reason::InStoreOnly | Reason::PickupDisabled))
                .or((!shop.location.pickup.enabled).then_some(Reason::PickupDisabled));
            let has = reading.is_some_and(|r| matches!(r.state, StockState::Available | StockState::Limited));
            Offer {
                reservable: has && barrier.is_none(),
                reading,
                barrier,
                ready_by: row.and_then(|r| r.ready_by),
                aisle: row.and_then(|r| r.aisle.clone()),
                price: row.and_then(|r| r.price),
                regular_price: row.and_then(|r| r.regular_price),
                own: Some(id) == here,
                shop: shop.clone(),
            }
        })
        .collect();
    // Within each group the shops stay nearest first.
    let (own, others): (Vec<_>, Vec<_>) = offers.into_iter().partition(|o| o.own);
    let (near, far): (Vec<_>, Vec<_>) = others.into_iter().partition(|o| o.shop.is_nearby());
    let (can, cannot): (Vec<_>, Vec<_>) = near.into_iter().partition(|o| o.reservable);
    own.into_iter().chain(can).chain(cannot).chain(far).collect()
}

/// The shop that the button speaks of: the one that was picked while it can serve, else the first that can.
#[must_use]
pub fn selected(offers: &[Offer], picked: Option<&LocationId>) -> Option<Selected> {
    let of = |o: &Offer| Selected { id: o.shop.location.id.clone(), name: short_name(&o.shop.location).to_owned() };
    offers
        .iter()
        .find(|o| o.reservable && Some(&o.shop.location.id) == picked)
        .or_else(|| offers.iter().find(|o| o.reservable))
        .map(of)
}

/// The price at the selected shop, and the regular one where that is on sale.
#[must_use]
pub fn price_here(offers: &[Offer], selected: Option<&Selected>) -> Option<(Option<Money>, Option<Money>)> {
    let at = offers.iter().find(|o| Some(&o.shop.location.id) == selected.map(|s| &s.id))?;
    at.price.map(|price| (Some(price), at.regular_price))
}

/// How long the selected shop keeps goods aside.
#[must_use]
pub fn hold_hours(offers: &[Offer], selected: Option<&Selected>) -> u32 {
    offers
        .iter()
        .find(|o| Some(&o.shop.location.id) == selected.map(|s| &s.id))
        .map_or(0, |o| o.shop.location.pickup.hold_hours)
}

/// Colours (each leading to the same size where there is one), then the sizes of the shown colour.
#[must_use]
pub fn variant_groups(product: &Product) -> Vec<(&'static str, Vec<VariantOption>)> {
    let mut groups = Vec::new();
    let mut colours: Vec<&str> = Vec::new();
    for colour in product.variants.iter().filter_map(|v| v.color.as_deref()) {
        if !colours.contains(&colour) {
            colours.push(colour);
        }
    }
    if colours.len() > 1 {
        let options = colours
            .iter()
            .filter_map(|colour| {
                let of_colour = || product.variants.iter().filter(|v| v.color.as_deref() == Some(colour));
                let best = of_colour().find(|v| v.size == product.size).or_else(|| of_colour().next())?;
                Some(VariantOption {
                    sku: best.sku.clone(),
                    name: (*colour).to_owned(),
                    current: product.color.as_deref() == Some(colour),
                })
            })
            .collect();
        groups.push((text::product_colour(), options));
    }
    let mut sizes: Vec<&Variant> =
        product.variants.iter().filter(|v| v.color == product.color && v.size.is_some()).collect();
    size::sort(&mut sizes, |v| v.size.as_deref().unwrap_or_default());
    if sizes.len() > 1 {
        let options = sizes
            .into_iter()
            .map(|v| VariantOption {
                sku: v.sku.clone(),
                name: v.size.clone().unwrap_or_default(),
                current: v.sku == product.sku,
            })
            .collect();
        groups.push((text::product_size_choice(), options));
    }
    groups
}

#[cfg(test)]
mod tests {
    use api_contract::availability::QuantityKind;

    use super::*;
    use crate::nearby::example;

    fn shop(id: &str, pickup: bool) -> Shop {
        let mut shop = example::shop(id, 100);
        shop.location.pickup.enabled = pickup;
        shop
    }

    fn row(id: &str, state: StockState, reason: Option<Reason>) -> AvailabilityRow {
        AvailabilityRow {
            sku: Sku::new("x").unwrap(),
            location_id: LocationId::new(id).unwrap(),
            state,
            quantity: None,
            quantity_kind: QuantityKind::Exact,
            pickup: false,
            reason,
            ready_by: None,
            aisle: None,
            price: None,
            regular_price: None,
            counted_at: None,
            as_of: Timestamp::from_millis(10),
        }
    }

    fn ids(offers: &[Offer]) -> Vec<&str> {
        offers.iter().map(|o| o.shop.location.id.as_str()).collect()
    }

    #[test]
    fn the_own_shop_is_first_and_the_button_speaks_of_the_nearest_that_has_it() {
        let shops = [shop("a", true), shop("b", true), shop("c", true)];
        let rows = [
            row("a", StockState::Unavailable, Some(Reason::SoldOut)),
            row("b", StockState::NotCarried, None),
            row("c", StockState::Limited, None),
        ];
        let own = LocationId::new("a").unwrap();
        let offers = offers(&shops, Some(&own), &rows, |_| None);
        assert_eq!(ids(&offers), ["a", "c", "b"]);
        assert_eq!(selected(&offers, None).unwrap().name, "c");
        assert_eq!(selected(&offers, Some(&LocationId::new("b").unwrap())).unwrap().name, "c");
    }

    #[test]
    fn a_far_shop_that_has_it_does_not_hide_a_near_one_that_has_not() {
        let shops = [shop("a", true), shop("b", true), example::shop("far", 90_000)];
        let rows = [
            row("a", StockState::Unavailable, Some(Reason::SoldOut)),
            row("b", StockState::Unavailable, Some(Reason::SoldOut)),
            row("far", StockState::Available, None),
        ];
        let offers = offers(&shops, None, &rows, |_| None);
        assert_eq!(ids(&offers), ["a", "b", "far"]);
        assert_eq!(selected(&offers, None).unwrap().name, "far");
    }

    #[test]
    fn a_later_reading_overrules_the_row_in_both_directions() {
        let shops = [shop("a", true)];
        let rows = [row("a", StockState::Unavailable, Some(Reason::SoldOut))];
        let restocked = Reading { state: StockState::Available, quantity: Some(5), as_of: Timestamp::from_millis(20) };
        assert!(offers(&shops, None, &rows, |_| Some(restocked))[0].reservable);
        let sold = Reading { state: StockState::Unavailable, quantity: Some(0), as_of: Timestamp::from_millis(20) };
        let rows = [row("a", StockState::Available, None)];
        assert!(!offers(&shops, None, &rows, |_| Some(sold))[0].reservable);
    }

    #[test]
    fn a_shop_that_hands_nothing_over_is_never_offered_for_pickup() {
        let shops = [shop("a", false), shop("b", true)];
        let rows = [row("a", StockState::Available, None), row("b", StockState::Available, Some(Reason::InStoreOnly))];
        let offers = offers(&shops, None, &rows, |_| None);
        assert!(offers.iter().all(|o| !o.reservable));
        assert_eq!(selected(&offers, None), None);
    }

    #[test]
    fn choosing_a_colour_keeps_the_size_where_it_can() {
        let variant = |sku: &str, color: &str, size: &str| Variant {
            sku: Sku::new(sku).unwrap(),
            color: Some(color.into()),
            size: Some(size.into()),
        };
        let product = Product {
            sku: Sku::new("r2").unwrap(),
            gtin: None,
            title: String::new(),
            description: None,
            brand: None,
            price: None,
            image: None,
            categories: vec![],
            color: Some("Red".into()),
            size: Some("42".into()),
            variants: vec![
                variant("r1", "Red", "41"),
                variant("r2", "Red", "42"),
                variant("b1", "Blue", "41"),
                variant("b2", "Blue", "42"),
                variant("g1", "Grey", "41"),
            ],
            matches: Vec::new(),
        };
        let groups = variant_groups(&product);
        let colours: Vec<_> = groups[0].1.iter().map(|o| (o.sku.as_str(), o.current)).collect();
        assert_eq!(colours, [("r2", true), ("b2", false), ("g1", false)]);
        let sizes: Vec<_> = groups[1].1.iter().map(|o| (o.name.as_str(), o.current)).collect();
        assert_eq!(sizes, [("41", false), ("42", true)]);
    }
}
