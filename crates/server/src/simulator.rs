//! Makes a demo live: sells a unit here and there and fills empty shelves, through the same door as any till.

use std::time::Duration;

use rand::seq::IndexedRandom;

use crate::db::{Amount, DbError, ShelfRow, StockChange};
use crate::state::AppState;

/// The source under which it writes.
pub const SOURCE: &str = "simulator";

/// Runs until the runtime ends.
pub async fn run(state: AppState) {
    loop {
        tokio::time::sleep(Duration::from_millis(rand::random_range(400..=1500))).await;
        if let Err(error) = step(&state).await {
            tracing::warn!(%error, "the simulator could not do its step");
        }
    }
}

async fn step(state: &AppState) -> Result<(), DbError> {
    let catalog = state.catalog.load_full();
    let Some(shop) = catalog.shops.all().choose(&mut rand::rng()) else { return Ok(()) };
    let now = state.clock().now();
    let shelves = state.db.shelves_of(shop.row.id.clone(), now).await?;
    let counted: Vec<&ShelfRow> = shelves.iter().filter(|row| row.shelf.on_hand.is_some()).collect();
    let Some(row) = counted.choose(&mut rand::rng()) else { return Ok(()) };
    let units = row.units();
    // A full shelf sells; an empty one waits for its delivery more often than not.
    let change = if units > 0 {
        -1
    } else if rand::random_range(0..4) == 0 {
        rand::random_range(3..=8) - units.min(0)
    } else {
        return Ok(());
    };
    let change = StockChange {
        location: row.location.clone(),
        sku: row.sku.clone(),
        amount: Amount::Delta(change),
        if_version: None,
        source: SOURCE.to_owned(),
        sequence: now.millis(),
    };
    state.db.change_stock(vec![change]).await.map(drop)
}
