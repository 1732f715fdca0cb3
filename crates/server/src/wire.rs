//! From rows to the shapes of the contract.

mod reservation;

pub use reservation::{reservation, task, tasks};

use std::collections::BTreeMap;

use api_contract::availability::{AvailabilityRow, QuantityKind};
use api_contract::location::{Address, Amenity, DayHours, ExceptionHours, Location, Pickup};
use api_contract::product::{Product, Variant};
use domain::geo::whole_metres;
use domain::hours::{Exception, HoursSpan, Schedule, Weekday};
use domain::inventory::{Reason, StockState};
use domain::reservation::HoldRules;
use domain::time::Timestamp;
use search::segments;

use crate::catalog::products::Products;
use crate::catalog::shops::{Shop, amenity_id};
use crate::db::{ProductRow, ShelfRow};

/// A shop.
#[must_use]
pub fn location(shop: &Shop, now: Timestamp, holds: &HoldRules, distance: Option<f64>) -> Location {
    let row = &shop.row;
    let hold_hours = holds.hours(&row.id, "");
    let open = shop.open(now);
    let table = open.table.as_ref().unwrap_or(&row.schedule);
    Location {
        id: row.id.clone(),
        name: row.name.clone(),
        address: Address {
            street_address: row.street_address.clone(),
            address_locality: row.locality.clone(),
            address_region: row.region.clone(),
            postal_code: row.postal_code.clone(),
            address_country: row.country.clone(),
        },
        geo: row.position,
        timezone: row.timezone.clone(),
        hours: day_hours(table),
        hours_text: row.schedule.text.clone(),
        exception_hours: table.exceptions.iter().flat_map(exception_hours).collect(),
        open_spans: open.spans.clone(),
        open_known_until: open.known_until,
        amenities: row.amenities.iter().map(|name| amenity(name)).collect::<BTreeMap<_, _>>(),
        distance_m: distance.map(whole_metres),
        pickup: Pickup { enabled: row.has_pickup(), methods: row.methods(), hold_hours },
        phone: row.phone.clone(),
    }
}

fn amenity(name: &str) -> (String, Amenity) {
    (amenity_id(name), Amenity { description: name.to_owned() })
}

fn day_hours(schedule: &Schedule) -> Option<Vec<DayHours>> {
    let weekly = schedule.weekly.as_ref()?;
    let days = Weekday::ALL.into_iter().zip(weekly);
    let rows = days
        .flat_map(|(day, spans)| spans.iter().map(move |&HoursSpan { opens, closes }| DayHours { day, opens, closes }));
    Some(rows.collect())
}

fn exception_hours(exception: &Exception) -> Vec<ExceptionHours> {
    let row = |span: Option<&HoursSpan>| ExceptionHours {
        valid_from: exception.valid_from,
        valid_through: exception.valid_through,
        opens: span.map(|span| span.opens),
        closes: span.map(|span| span.closes),
        title: exception.title.clone(),
    };
    if exception.spans.is_empty() {
        return vec![row(None)];
    }
    exception.spans.iter().map(|span| row(Some(span))).collect()
}

/// A product with its variants.
#[must_use]
pub fn product(products: &Products, row: &ProductRow) -> Product {
    let variants: Vec<Variant> = products
        .variants(row)
        .map(|row| Variant { sku: row.sku.clone(), color: row.color.clone(), size: row.size.clone() })
        .collect();
    Product {
        sku: row.sku.clone(),
        gtin: row.gtin.clone(),
        title: row.title.clone(),
        description: row.description.clone(),
        brand: row.brand.clone(),
        price: row.price,
        image: row.image.clone(),
        categories: segments(&row.category).map(str::to_owned).collect(),
        color: row.color.clone(),
        size: row.size.clone(),
        variants: if variants.len() > 1 { variants } else { Vec::new() },
        matches: Vec::new(),
    }
}

/// What may be promised of a product at a shop to somebody who asks for `quantity` units.
#[must_use]
pub fn availability(
    shop: &Shop,
    product: &ProductRow,
    shelf: Option<&ShelfRow>,
    quantity: u32,
    now: Timestamp,
) -> AvailabilityRow {
    let (state, reason) = shelf.map_or((StockState::NotCarried, None), |row| row.shelf.answer(quantity));
    let enough = matches!(state, StockState::Available | StockState::Limited);
    let refused = match shelf {
        Some(_) if !shop.row.has_pickup() => Some(Reason::PickupDisabled),
        Some(row) if !row.pickup => Some(Reason::InStoreOnly),
        _ => None,
    };
    let pickup = enough && refused.is_none();
    let units = shelf.and_then(|row| row.shelf.available_to_promise());
    let lead = shelf.map_or(0, |row| row.lead_minutes);
    AvailabilityRow {
        sku: product.sku.clone(),
        location_id: shop.row.id.clone(),
        state,
        quantity: units.map(|units| u32::try_from(units.max(0)).unwrap_or(u32::MAX)),
        quantity_kind: QuantityKind::Exact,
        pickup,
        reason: reason.or(refused),
        ready_by: if pickup { shop.ready_by(now, lead) } else { None },
        aisle: shelf.and_then(|row| row.aisle.clone()),
        price: shelf.and_then(ShelfRow::pays).or(product.price),
        regular_price: shelf.and_then(|row| row.sale.and(row.price)),
        counted_at: shelf.map(|row| row.counted_at),
        as_of: now,
    }
}
