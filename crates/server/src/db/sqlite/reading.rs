//! Read-only connections. Each request reads in one transaction, so all rows of its answer hold for one instant.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::BUSY_WAIT;
use crate::db::DbError;

const CONNECTIONS: usize = 4;

/// A few connections, handed out in turn.
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    turn: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(path: &Path) -> Result<Self, DbError> {
        let connections = (0..CONNECTIONS).map(|_| open(path)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(connections)), turn: Arc::new(Semaphore::new(CONNECTIONS)) })
    }

    /// The same for work that goes over everything and takes as long as it takes.
    pub(crate) async fn read_at_length<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        self.read(work).await
    }

    /// Runs `work` on a thread that may block, inside a read transaction.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let closed = |_| DbError::Failed("the readers are closed".to_owned());
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(closed)?;
        let idle = Arc::clone(&self.idle);
        let task = tokio::task::spawn_blocking(move || {
            let connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut connection) = connection else {
                return Err(DbError::Failed("a reader was lost".to_owned()));
            };
            // A panic in `work` must not cost a connection.
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let transaction = connection.transaction()?;
                let result = work(&transaction)?;
                transaction.commit()?;
                Ok(result)
            }));
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(turn);
            result.unwrap_or_else(|_| Err(DbError::Failed("a reading panicked".to_owned())))
        });
        task.await.unwrap_or_else(|_| Err(DbError::Failed("a reading was cut off".to_owned())))
    }
}

fn open(path: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
