//! What was last seen of products and their stock: kept on the device, bounded, and shown with its age where there is no
//! network. It is read only then, and written when the browser has nothing else to do.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityEvent, AvailabilityRequest, AvailabilityRow};
use api_contract::product::{Product, ProductPage};
use api_contract::rows::Rows;
use domain::id::{LocationId, Sku};
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::api::{self, ApiError, ProductQuery};
use crate::browser::clock::{idle, sleep};
use crate::browser::storage;
use crate::search;

const KEPT_UNDER: &str = "nearshelf/seen/1";
/// Shelves that the device keeps.
const ROWS: usize = 200;
/// Products that were looked at and are kept.
const PRODUCTS: usize = 12;
/// Shelves that are remembered while the page lives.
const ROWS_OF_PAGE: usize = 4_000;
/// The device is written to this much after something new was seen, once for all of it.
const SETTLE_MS: u32 = 2_000;

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

#[derive(Debug, Default)]
struct Memory {
    rows: HashMap<(Sku, LocationId), AvailabilityRow>,
    /// The last one that was looked at first.
    products: Vec<Product>,
    /// What the start page showed.
    start: Option<ProductPage>,
    /// The shopper's own shop.
    own: Option<LocationId>,
    is_loaded: bool,
    is_saving: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    rows: Vec<AvailabilityRow>,
    products: Vec<Product>,
    start: Option<ProductPage>,
}

impl Memory {
    /// What the device has is older than what this page has seen.
    fn load(&mut self, kept: Kept) {
        for row in kept.rows {
            self.rows.entry((row.sku.clone(), row.location_id.clone())).or_insert(row);
        }
        for product in kept.products {
            if !self.products.iter().any(|known| known.sku == product.sku) {
                self.products.push(product);
            }
        }
        self.products.truncate(PRODUCTS);
        self.start = self.start.take().or(kept.start);
        self.is_loaded = true;
    }

    fn saw_rows(&mut self, rows: &[AvailabilityRow]) {
        if self.rows.len() + rows.len() > ROWS_OF_PAGE {
            let kept = self.to_keep().rows;
            self.rows = kept.into_iter().map(|row| ((row.sku.clone(), row.location_id.clone()), row)).collect();
        }
        for row in rows {
            self.rows.insert((row.sku.clone(), row.location_id.clone()), row.clone());
        }
    }

    fn saw_product(&mut self, product: &Product) {
        self.products.retain(|known| known.sku != product.sku);
        self.products.insert(0, product.clone());
        self.products.truncate(PRODUCTS);
    }

    fn changed(&mut self, event: &AvailabilityEvent) {
        let reading = event.reading();
        if let Some(row) = self.rows.get_mut(&(event.sku.clone(), event.location_id.clone()))
            && row.as_of <= reading.as_of
        {
            (row.state, row.quantity, row.as_of) = (reading.state, reading.quantity, reading.as_of);
        }
    }

    /// The shelves of the shopper's own shop and of the products that were looked at, the latest first.
    fn to_keep(&self) -> Kept {
        let wanted = |row: &&AvailabilityRow| {
            Some(&row.location_id) == self.own.as_ref() || self.products.iter().any(|known| known.sku == row.sku)
        };
        let mut rows: Vec<AvailabilityRow> = self.rows.values().filter(wanted).cloned().collect();
        let place = |row: &AvailabilityRow| (row.sku.to_string(), row.location_id.to_string());
        rows.sort_by_cached_key(|row| (Reverse(row.as_of), place(row)));
        rows.truncate(ROWS);
        Kept { rows, products: self.products.clone(), start: self.start.clone() }
    }

    /// What is remembered of it, as old as its oldest row; `None` where that is nothing.
    fn recall(&self, items: &[Item], locations: &[LocationId]) -> Option<AvailabilityAnswer> {
        let mut rows = Vec::new();
        for location in locations {
            for item in items {
                let known = self.rows.get(&(item.sku.clone(), location.clone()));
                rows.extend(known.cloned().map(|mut row| {
                    row.pickup &= row.quantity.is_none_or(|units| units >= item.quantity);
                    row
                }));
            }
        }
        let as_of = rows.iter().map(|row| row.as_of).min()?;
        Some(AvailabilityAnswer { as_of, rows: rows.into(), baskets: Rows::default() })
    }
}

/// Whether an answer is a memory: it tells no time. An answer of the server has a word on each shop as a whole.
#[must_use]
pub fn is_memory(answer: &AvailabilityAnswer) -> bool {
    answer.baskets.is_empty()
}

/// The shopper's own shop is this one: its shelves are kept.
pub fn own_shop_is(id: Option<LocationId>) {
    MEMORY.with_borrow_mut(|memory| memory.own = id);
}

/// The live stream said something of a shelf.
pub fn changed(event: &AvailabilityEvent) {
    MEMORY.with_borrow_mut(|memory| memory.changed(event));
}

/// Stock of one unit of each of these products at these shops; without a network what was last seen of it.
///
/// # Errors
/// [`ApiError`], also where nothing is remembered.
pub async fn stock(skus: &[Sku], locations: &[LocationId]) -> Result<AvailabilityAnswer, ApiError> {
    let items: Vec<Item> = skus.iter().map(|sku| Item { sku: sku.clone(), quantity: 1 }).collect();
    told(api::stock(skus, locations).await, &items, locations)
}

/// The same of a basket.
///
/// # Errors
/// [`ApiError`], also where nothing is remembered.
pub async fn availability(items: Vec<Item>, locations: Vec<LocationId>) -> Result<AvailabilityAnswer, ApiError> {
    let asked = AvailabilityRequest { items, location_ids: Some(locations), near: None };
    let answer = api::availability(&asked).await;
    told(answer, &asked.items, asked.location_ids.as_deref().unwrap_or_default())
}

fn told(
    answer: Result<AvailabilityAnswer, ApiError>,
    items: &[Item],
    locations: &[LocationId],
) -> Result<AvailabilityAnswer, ApiError> {
    match &answer {
        Ok(told) => {
            // A row that answers for several units says nothing of the shelf that another screen could show.
            let single = |row: &&AvailabilityRow| items.iter().any(|i| i.sku == row.sku && i.quantity == 1);
            let rows: Vec<AvailabilityRow> = told.rows.iter().filter(single).cloned().collect();
            MEMORY.with_borrow_mut(|memory| memory.saw_rows(&rows));
            save_soon();
            answer
        }
        Err(error) if is_away(error) => remembered(|memory| memory.recall(items, locations)).map_or(answer, Ok),
        Err(_) => answer,
    }
}

/// One product; without a network as it was when it was last looked at.
///
/// # Errors
/// [`ApiError`], also where it is not remembered.
pub async fn product(sku: &Sku) -> Result<Product, ApiError> {
    let answer = api::product(sku).await;
    match &answer {
        Ok(product) => {
            MEMORY.with_borrow_mut(|memory| memory.saw_product(product));
            save_soon();
            answer
        }
        Err(error) if is_away(error) => {
            remembered(|memory| memory.products.iter().find(|known| known.sku == *sku).cloned()).map_or(answer, Ok)
        }
        Err(_) => answer,
    }
}

/// What the start page lists; without a network what it listed last.
///
/// # Errors
/// [`ApiError`], also where nothing is remembered.
pub async fn start_page(query: &ProductQuery) -> Result<ProductPage, ApiError> {
    let answer = search::products(query).await;
    match &answer {
        // Without a shop it shows everything, which the search of the device has anyway.
        Ok(page) if !page.products.is_empty() => {
            MEMORY.with_borrow_mut(|memory| memory.start = Some(page.clone()));
            save_soon();
            answer
        }
        Err(error) if is_away(error) => remembered(|memory| memory.start.clone()).map_or(answer, Ok),
        _ => answer,
    }
}

/// Whether nobody was there to answer.
#[must_use]
pub fn is_away(error: &ApiError) -> bool {
    matches!(error, ApiError::Offline | ApiError::TimedOut)
}

fn remembered<T>(recall: impl FnOnce(&Memory) -> Option<T>) -> Option<T> {
    MEMORY.with_borrow_mut(|memory| {
        if !memory.is_loaded {
            memory.load(storage::load(KEPT_UNDER).unwrap_or_default());
        }
        recall(memory)
    })
}

fn save_soon() {
    if MEMORY.with_borrow_mut(|memory| std::mem::replace(&mut memory.is_saving, true)) {
        return;
    }
    spawn_local(async {
        sleep(SETTLE_MS).await;
        idle().await;
        let kept = remembered(|memory| Some(memory.to_keep()));
        MEMORY.with_borrow_mut(|memory| memory.is_saving = false);
        // Where there is no room for it, there may be room for the pickups.
        storage::save_if_room(KEPT_UNDER, &kept);
    });
}

#[cfg(test)]
mod tests {
    use api_contract::availability::QuantityKind;
    use domain::inventory::StockState;
    use domain::time::Timestamp;

    use super::*;

    fn row(sku: &str, location: &str, units: u32, at: i64) -> AvailabilityRow {
        AvailabilityRow {
            sku: Sku::new(sku).unwrap(),
            location_id: LocationId::new(location).unwrap(),
            state: StockState::Available,
            quantity: Some(units),
            quantity_kind: QuantityKind::default(),
            pickup: true,
            reason: None,
            ready_by: None,
            aisle: None,
            price: None,
            regular_price: None,
            counted_at: None,
            as_of: Timestamp::from_millis(at),
        }
    }

    fn product(sku: &str) -> Product {
        serde_json::from_value(serde_json::json!({"sku": sku, "title": sku, "categories": []})).unwrap()
    }

    fn item(sku: &str, quantity: u32) -> Item {
        Item { sku: Sku::new(sku).unwrap(), quantity }
    }

    #[test]
    fn e07_what_was_seen_comes_back_as_old_as_its_oldest_row_and_the_rest_is_not_made_up() {
        let mut memory = Memory::default();
        memory.saw_rows(&[row("a", "own", 6, 100), row("b", "own", 1, 40), row("c", "own", 1, 10)]);
        let own = [LocationId::new("own").unwrap(), LocationId::new("new").unwrap()];
        let told = memory.recall(&[item("a", 1), item("b", 2)], &own).unwrap();
        assert_eq!((told.as_of.millis(), told.rows.len()), (40, 2));
        assert!(is_memory(&told));
        assert_eq!(told.rows.iter().map(|row| row.pickup).collect::<Vec<_>>(), [true, false], "one is not two");
        assert_eq!(memory.recall(&[item("z", 1)], &own), None);
    }

    #[test]
    fn the_device_keeps_the_own_shop_and_what_was_looked_at_and_never_more_than_200_shelves() {
        let mut memory = Memory { own: LocationId::new("own").ok(), ..Memory::default() };
        memory.saw_rows(&[row("a", "own", 1, 5), row("a", "far", 1, 5), row("b", "far", 1, 5)]);
        memory.saw_product(&product("b"));
        let kept = memory.to_keep();
        let places: Vec<_> = kept.rows.iter().map(|row| format!("{} {}", row.sku, row.location_id)).collect();
        assert_eq!(places, ["a own", "b far"]);
        let many: Vec<_> = (0..300).map(|n| row(&format!("p{n}"), "own", 1, 1_000 + n)).collect();
        memory.saw_rows(&many);
        let kept = memory.to_keep();
        assert_eq!((kept.rows.len(), kept.rows[0].as_of.millis()), (ROWS, 1_299), "the latest stay");
        (0..40).for_each(|n| memory.saw_product(&product(&format!("p{n}"))));
        assert_eq!(memory.to_keep().products.len(), PRODUCTS);
    }

    #[test]
    fn what_is_kept_is_read_again_and_never_covers_what_was_seen_since() {
        let mut before = Memory { own: LocationId::new("own").ok(), ..Memory::default() };
        before.saw_rows(&[row("a", "own", 6, 100), row("b", "own", 2, 100)]);
        before.saw_product(&product("a"));
        let text = serde_json::to_string(&before.to_keep()).unwrap();
        let kept: Kept = api_contract::json::read(&text).unwrap();
        assert_eq!(kept, before.to_keep());
        let mut memory = Memory::default();
        memory.saw_rows(&[row("a", "own", 3, 200)]);
        memory.load(kept);
        let told = memory.recall(&[item("a", 1), item("b", 1)], &[LocationId::new("own").unwrap()]).unwrap();
        assert_eq!(told.rows.iter().map(|row| row.quantity).collect::<Vec<_>>(), [Some(3), Some(2)]);
        assert_eq!(memory.products.len(), 1);
    }

    #[test]
    fn a_page_that_sees_everything_does_not_grow_without_end() {
        let mut memory = Memory { own: LocationId::new("own").ok(), ..Memory::default() };
        for page in 0..10 {
            let rows: Vec<_> = (0..1_000).map(|n| row(&format!("p{n}"), &format!("s{page}"), 1, n)).collect();
            memory.saw_rows(&rows);
        }
        assert!(memory.rows.len() <= ROWS_OF_PAGE);
    }
}
