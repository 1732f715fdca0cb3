//! What goes on without being asked.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::db::sqlite::check::Position;
use crate::state::AppState;

/// Starts the tasks; they end with the runtime.
pub fn start(state: &AppState) {
    tokio::spawn(sweep(state.clone()));
    tokio::spawn(watch_imports(state.clone()));
    tokio::spawn(reconcile(state.clone()));
    tokio::spawn(forget_callers(state.clone()));
}

/// Every second: what is over is marked as over, so that screens hear of it, and the log of the database is kept small.
/// Nothing depends on it being in time.
async fn sweep(state: AppState) {
    let mut tick = interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match state.db.sweep().await {
            Ok(0) => {}
            Ok(released) => tracing::info!(released, "holds are over"),
            Err(error) => tracing::warn!(%error, "tidying up failed"),
        }
        if let Err(error) = state.db.tend_wal().await {
            tracing::warn!(%error, "the write-ahead log is not emptied");
        }
    }
}

/// At the start and every minute: whether the counters agree with the ledger and the claims. Nothing is repaired without a
/// person; that a figure may be wrong is said by `/health/ready`, `/metrics` and the log.
async fn reconcile(state: AppState) {
    let mut tick = interval(Duration::from_secs(60));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut position = Position::default();
    loop {
        tick.tick().await;
        match state.db.reconcile(std::mem::take(&mut position)).await {
            Ok((found, reached)) => {
                position = reached;
                for difference in found.differences.iter().take(20) {
                    tracing::error!(%difference, "the books do not agree; see `nearshelf-server check`");
                }
                state.books.set(&found);
            }
            // The next look begins at the beginning.
            Err(error) => tracing::warn!(%error, "the books could not be checked"),
        }
    }
}

/// Every two seconds: whether another process imported something.
async fn watch_imports(state: AppState) {
    let mut tick = interval(Duration::from_secs(2));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match state.db.catalog_generation().await {
            Ok(generation) if state.catalog.load().generation == generation => {}
            Ok(_) => match state.reload().await {
                Ok(()) => tracing::info!("the catalogue was read again after an import"),
                Err(error) => tracing::warn!(%error, "the catalogue could not be read again"),
            },
            Err(error) => tracing::warn!(%error, "whether somebody imported is not known"),
        }
    }
}

/// Every ten seconds: whoever has their whole budget of requests again need not be remembered.
async fn forget_callers(state: AppState) {
    let mut tick = interval(Duration::from_secs(10));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        state.gate.shed();
    }
}
