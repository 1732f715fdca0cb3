//! What goes on without being asked.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::state::AppState;

/// Starts the tasks; they end with the runtime.
pub fn start(state: &AppState) {
    tokio::spawn(sweep(state.clone()));
    tokio::spawn(watch_imports(state.clone()));
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
