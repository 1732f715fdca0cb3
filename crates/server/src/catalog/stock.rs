//! Which products shops have, as sets that the search asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::LocationId;
use domain::time::Timestamp;
use search::StockSet;

use super::Catalog;
use crate::db::{Db, DbError};

/// What a shop has, by the numbers of the index.
#[derive(Debug)]
pub struct ShopStock {
    /// What it can promise one unit of.
    pub available: StockSet,
    /// What it carries, be it there or not.
    pub carried: StockSet,
    /// When that was read.
    pub as_of: Timestamp,
    index: String,
}

impl ShopStock {
    /// What it can promise, or all that it carries.
    #[must_use]
    pub fn set(&self, available: bool) -> &StockSet {
        if available { &self.available } else { &self.carried }
    }
}

/// What was read lately, shop by shop.
#[derive(Debug, Default)]
pub struct Stocks {
    known: Mutex<HashMap<LocationId, Arc<ShopStock>>>,
}

impl Stocks {
    /// What a shop has, read at most `age_ms` ago.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn of(
        &self,
        db: &Db,
        catalog: &Catalog,
        shop: &LocationId,
        now: Timestamp,
        age_ms: i64,
    ) -> Result<Arc<ShopStock>, DbError> {
        let index = catalog.products.search().id();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(shop).cloned();
        if let Some(known) = known
            && known.index == index
            && now.millis() - known.as_of.millis() < age_ms
        {
            return Ok(known);
        }
        let (available, carried) = (StockSet::default(), StockSet::default());
        let mut stock = ShopStock { available, carried, as_of: now, index: index.to_owned() };
        for shelf in db.shelves_of(shop.clone(), now).await? {
            if let Some(number) = catalog.products.number(&shelf.sku) {
                stock.carried.set(number, true);
                stock.available.set(number, shelf.units() > 0);
            }
        }
        let stock = Arc::new(stock);
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Of another catalogue nothing is of use any more.
        if all.values().next().is_some_and(|other| other.index != index) {
            all.clear();
        }
        all.insert(shop.clone(), Arc::clone(&stock));
        Ok(stock)
    }
}
