//! The one thread that writes.
//!
//! Commands wait in a bounded queue. The thread takes all that are there, runs each in a savepoint of one transaction,
//! commits once, and only then publishes what changed and answers. One sync to disk thus serves hundreds of commands,
//! and because nobody else writes, a command decides on what is true.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread::JoinHandle;

use domain::id::{LocationId, Sku};
use domain::time::Timestamp;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::durability::Durability;
use super::stock;
use crate::chaos::Chaos;
use crate::clock::Clock;
use crate::db::{DbError, Options, ShelfChange};

/// Commands that may wait; beyond it the answer is "not now", at once.
const QUEUE: usize = 2048;
/// Commands that share one commit.
const BATCH: usize = 256;

/// What a command works with: the connection inside a transaction, one "now", and a list of touched shelves.
pub struct WriteTx<'a> {
    connection: &'a Connection,
    now: Timestamp,
    chaos: Chaos,
    touched: Vec<(LocationId, Sku)>,
    depth: usize,
}

/// Savepoints within savepoints; nobody nests deeper.
const SAVEPOINT: [&str; 3] = ["SAVEPOINT attempt_0", "SAVEPOINT attempt_1", "SAVEPOINT attempt_2"];
const RELEASE: [&str; 3] = ["RELEASE attempt_0", "RELEASE attempt_1", "RELEASE attempt_2"];
const ROLLBACK_TO: [&str; 3] = ["ROLLBACK TO attempt_0", "ROLLBACK TO attempt_1", "ROLLBACK TO attempt_2"];

impl WriteTx<'_> {
    /// The connection, inside the transaction.
    pub(crate) fn connection(&self) -> &Connection {
        self.connection
    }

    /// The instant of the decision.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Which mechanisms a test has taken away.
    pub(crate) fn chaos(&self) -> Chaos {
        self.chaos
    }

    /// Says that a shelf changed, so that it is published after the commit.
    pub(crate) fn touch(&mut self, location: &LocationId, sku: &Sku) {
        self.touched.push((location.clone(), sku.clone()));
    }

    /// Runs `work` so that its writes are undone, and its touches forgotten, where it answers an error.
    pub(crate) fn attempt<T, E: From<DbError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let (mark, depth) = (self.touched.len(), self.depth);
        self.run(&SAVEPOINT, depth)?;
        self.depth += 1;
        let result = work(self);
        self.depth = depth;
        match result {
            Ok(value) => {
                self.run(&RELEASE, depth)?;
                Ok(value)
            }
            // A full disk, for instance, has undone the whole transaction, and with it the savepoint.
            Err(error) if self.connection.is_autocommit() => Err(error),
            Err(error) => {
                self.undo(depth, mark)?;
                Err(error)
            }
        }
    }

    fn undo(&mut self, depth: usize, mark: usize) -> Result<(), DbError> {
        self.touched.truncate(mark);
        self.depth = depth;
        self.run(&ROLLBACK_TO, depth)?;
        self.run(&RELEASE, depth)
    }

    /// Prepared once: savepoints are a third of the statements of a small command.
    fn run(&self, statements: &[&str; 3], depth: usize) -> Result<(), DbError> {
        let sql = statements.get(depth).ok_or_else(|| DbError::Failed("savepoints are nested too deep".to_owned()))?;
        self.connection.prepare_cached(sql)?.execute([]).map(drop).map_err(DbError::from)
    }
}

trait Job: Send {
    fn run(&mut self, tx: &mut WriteTx<'_>);
    /// Why it failed, if it ran and did.
    fn failure(&self) -> Option<&DbError>;
    fn answer(self: Box<Self>, committed: &Result<(), DbError>);
}

struct Command<T, F> {
    work: Option<F>,
    result: Result<T, DbError>,
    reply: oneshot::Sender<Result<T, DbError>>,
}

impl<T: Send, F> Job for Command<T, F>
where
    F: FnOnce(&mut WriteTx<'_>) -> Result<T, DbError> + Send,
{
    fn run(&mut self, tx: &mut WriteTx<'_>) {
        if let Some(work) = self.work.take() {
            // A panic in one command must not take the others with it.
            let mark = tx.touched.len();
            let run = catch_unwind(AssertUnwindSafe(|| tx.attempt(work)));
            self.result = run.unwrap_or_else(|_| {
                let undone = tx.undo(0, mark);
                Err(DbError::Failed(format!("a write panicked ({undone:?})")))
            });
        }
    }

    fn failure(&self) -> Option<&DbError> {
        self.result.as_ref().err()
    }

    fn answer(self: Box<Self>, committed: &Result<(), DbError>) {
        // Whoever asked may be gone; the write stands all the same.
        let _ = self.reply.send(committed.clone().and(self.result));
    }
}

/// A handle to the thread. Dropping it lets the thread finish its queue and waits for it.
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    durability: Durability,
}

impl Writer {
    pub(crate) fn start(connection: Connection, options: Options) -> Result<Self, DbError> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let durability = Durability::default();
        let shared = durability.clone();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || work(&connection, jobs, &options, &shared))
            .map_err(|error| DbError::Failed(format!("no thread for the writer: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Mutex::new(Some(thread)), durability })
    }

    /// Queues a command and waits until it is committed or undone.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let (reply, answer) = oneshot::channel();
        let never = Err(DbError::Failed("the write was not run".to_owned()));
        let job = Box::new(Command { work: Some(work), result: never, reply });
        let gone = || DbError::Failed("the writer is gone".to_owned());
        self.queue.as_ref().ok_or_else(gone)?.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => DbError::Unavailable("too many writes are waiting".to_owned()),
            mpsc::error::TrySendError::Closed(_) => gone(),
        })?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Whether commits may still be called durable; shared with whoever else syncs.
    pub(crate) fn durability(&self) -> &Durability {
        &self.durability
    }

    /// Whether one more command may wait.
    pub(crate) fn has_room(&self) -> bool {
        self.queue.as_ref().is_some_and(|queue| queue.capacity() > 0)
    }

    /// Whether the thread lives and may write.
    pub(crate) fn check(&self) -> Result<(), DbError> {
        self.durability.check()?;
        match &self.queue {
            Some(queue) if !queue.is_closed() => Ok(()),
            _ => Err(DbError::Failed("the writer is gone".to_owned())),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.get_mut().ok().and_then(Option::take) {
            let _ = thread.join();
        }
    }
}

fn work(connection: &Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>, options: &Options, durability: &Durability) {
    let mut last = options.clock.now();
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            let Ok(job) = jobs.try_recv() else { break };
            batch.push(job);
        }
        let begun = durability.check().and_then(|()| Ok(connection.execute_batch("BEGIN IMMEDIATE")?));
        if begun.is_err() {
            // Who came while this waited for the lock has waited too: nobody waits for one waiting after the other.
            while let Ok(job) = jobs.try_recv() {
                batch.push(job);
            }
        }
        // Asked for under the lock, for which this may have waited. A machine clock that is set back must not make a later
        // decision look earlier.
        last = last.max(options.clock.now());
        let committed = match begun.and_then(|()| commit(connection, &mut batch, last, options.chaos)) {
            Ok(changes) => {
                publish(changes, &options.clock, last, options.publish.as_ref());
                Ok(())
            }
            Err(error) => {
                durability.heed(&error);
                if !connection.is_autocommit() {
                    let _ = connection.execute_batch("ROLLBACK");
                }
                tracing::error!(%error, commands = batch.len(), "a group of writes was undone");
                Err(error)
            }
        };
        for job in batch {
            job.answer(&committed);
        }
    }
}

/// Runs the commands inside the transaction that has begun, and ends it.
fn commit(
    connection: &Connection,
    batch: &mut Vec<Box<dyn Job>>,
    now: Timestamp,
    chaos: Chaos,
) -> Result<Vec<ShelfChange>, DbError> {
    let mut tx = WriteTx { connection, now, chaos, touched: Vec::new(), depth: 0 };
    for job in batch.iter_mut() {
        job.run(&mut tx);
        // Errors such as a full disk end the whole transaction behind our back.
        if connection.is_autocommit() {
            return Err(match job.failure() {
                Some(cause @ (DbError::StorageFull(_) | DbError::Unsynced(_))) => cause.clone(),
                _ => DbError::Unavailable("the database ended the transaction".to_owned()),
            });
        }
    }
    let touched: BTreeSet<_> = tx.touched.into_iter().collect();
    let changes = touched
        .into_iter()
        .map(|(location, sku)| {
            let shelf = stock::shelf(connection, &location, &sku, now)?.map(|row| row.shelf);
            Ok(ShelfChange { location, sku, shelf, as_of: now })
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    if chaos.answer_before_commit() {
        batch.drain(..).for_each(|job| job.answer(&Ok(())));
        // Whoever answers early commits late: without a moment in between a test would have to be lucky.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    connection.execute_batch("COMMIT")?;
    Ok(changes)
}

/// The instant is taken after the commit: a reader that began before it has an earlier one, and its older numbers lose
/// against these.
fn publish(mut changes: Vec<ShelfChange>, clock: &Clock, decided: Timestamp, publish: &dyn Fn(&[ShelfChange])) {
    if changes.is_empty() {
        return;
    }
    let as_of = decided.max(clock.now());
    for change in &mut changes {
        change.as_of = as_of;
    }
    if catch_unwind(AssertUnwindSafe(|| publish(&changes))).is_err() {
        tracing::error!("publishing changes panicked");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    const COUNT: &str = "SELECT count(*) FROM token";

    fn insert(tx: &WriteTx<'_>, id: &str) -> Result<(), DbError> {
        let sql = "INSERT INTO token (id, name, scope, hash, created_at) VALUES (?1, '', '', CAST(?1 AS BLOB), 0)";
        Ok(tx.connection().execute(sql, [id]).map(drop)?)
    }

    fn start(publish: impl Fn(&[ShelfChange]) + Send + 'static) -> (tempfile::TempDir, Arc<Writer>) {
        let dir = tempfile::tempdir().unwrap();
        let connection = super::super::open(&dir.path().join("db")).unwrap();
        let options = Options::new(Clock::System, Box::new(publish));
        (dir, Arc::new(Writer::start(connection, options).unwrap()))
    }

    /// Keeps the thread busy until the sender is used, so that all that is queued meanwhile is one group.
    async fn block(writer: &Arc<Writer>) -> Sender<()> {
        let (go, wait) = channel::<()>();
        let (began, begun) = oneshot::channel();
        let writer = Arc::clone(writer);
        tokio::spawn(async move {
            let held = writer.write(move |_| {
                let _ = began.send(());
                let _ = wait.recv();
                Ok(())
            });
            held.await
        });
        begun.await.unwrap();
        go
    }

    /// Lets every spawned task come as far as it can.
    async fn let_all_queue() {
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_command_that_fails_or_panics_is_undone_alone() {
        let (_dir, writer) = start(|_| {});
        let go = block(&writer).await;
        let tasks: Vec<_> = (0..30)
            .map(|n| {
                let writer = Arc::clone(&writer);
                tokio::spawn(async move {
                    let write = writer.write(move |tx| {
                        insert(tx, &format!("a{n}"))?;
                        tx.attempt(|tx| {
                            insert(tx, &format!("b{n}"))?;
                            match n % 3 {
                                0 => Ok(()),
                                1 => Err(DbError::Failed("no".to_owned())),
                                _ => panic!("a panic that the test wants"),
                            }
                        })
                    });
                    write.await
                })
            })
            .collect();
        let_all_queue().await;
        go.send(()).unwrap();
        let mut done = 0;
        for task in tasks {
            done += i32::from(task.await.unwrap().is_ok());
        }
        assert_eq!(done, 10);
        let rows: i64 = writer.write(|tx| Ok(tx.connection().query_row(COUNT, [], |row| row.get(0))?)).await.unwrap();
        assert_eq!(rows, 20);
    }

    #[tokio::test]
    async fn a_full_queue_says_so_at_once_and_loses_nothing() {
        let (_dir, writer) = start(|_| {});
        let go = block(&writer).await;
        let tasks: Vec<_> = (0..QUEUE + 10)
            .map(|n| {
                let writer = Arc::clone(&writer);
                tokio::spawn(async move { writer.write(move |tx| insert(tx, &format!("t{n}"))).await })
            })
            .collect();
        let_all_queue().await;
        go.send(()).unwrap();
        let (mut done, mut refused) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => done += 1,
                Err(DbError::Unavailable(_)) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!((done, refused), (QUEUE, 10));
        let rows: i64 = writer.write(|tx| Ok(tx.connection().query_row(COUNT, [], |row| row.get(0))?)).await.unwrap();
        assert_eq!(rows, i64::try_from(QUEUE).unwrap());
    }

    #[tokio::test]
    async fn what_changed_is_published_before_the_answer_and_what_was_undone_is_not() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let (_dir, writer) =
            start(move |changes| ear.lock().unwrap().extend(changes.iter().map(|c| c.sku.to_string())));
        let touch = |tx: &mut WriteTx<'_>, sku: &str| {
            tx.touch(&LocationId::new("shop").unwrap(), &Sku::new(sku).unwrap());
        };
        writer
            .write(move |tx| {
                touch(tx, "kept");
                touch(tx, "kept");
                let _ = tx.attempt(|tx| {
                    touch(tx, "undone");
                    Err::<(), _>(DbError::Failed("no".to_owned()))
                });
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(*heard.lock().unwrap(), ["kept"]);
    }
}
