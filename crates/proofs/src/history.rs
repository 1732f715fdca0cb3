//! Recorded histories, and what a store that does one thing at a time would have answered.
//!
//! Every operation is recorded when it is called and when it has answered, in one global order. Recording a call before it
//! is made and an answer after it came makes operations look longer than they are, never shorter: a history that is
//! rejected is truly wrong. The search for a fitting order is [`LinearizabilityTester`]'s and is exhaustive.
//!
//! A seed gives the programs again; how their threads interleave is up to the machine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Units on both shelves when a history begins.
pub const START: [i64; 2] = [2, 3];

/// Something that a thread asks for. `name` is unique to a reservation within a history, and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Hold units of both shelves, all or nothing; under the same name again it is a retry.
    Reserve {
        /// The reservation.
        name: u8,
        /// Units of each shelf; not all 0.
        units: [u32; 2],
    },
    /// Give a reservation back.
    Cancel {
        /// The reservation.
        name: u8,
    },
    /// Units came, or went.
    Move {
        /// Unique to this movement within a history.
        name: u8,
        /// 0 or 1.
        shelf: usize,
        /// Units, negative where they went.
        units: i64,
    },
    /// How many units may be promised.
    Read,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ret {
    /// Held, now or before.
    Held,
    /// Not enough, now or when it was first asked.
    Short,
    /// Given back, now or before.
    Cancelled,
    /// There is no such reservation.
    NotFound,
    /// So many are on the shelf after a movement.
    OnHand(i64),
    /// So many may be promised, of each shelf.
    Free([i64; 2]),
}

/// The specification: two shelves on which one thing happens at a time.
#[derive(Debug, Clone)]
pub struct Shelves {
    on_hand: [i64; 2],
    /// Units that a name holds; `None` where it was refused.
    answered: BTreeMap<u8, Option<[u32; 2]>>,
    cancelled: BTreeMap<u8, ()>,
}

impl Default for Shelves {
    fn default() -> Self {
        Self { on_hand: START, answered: BTreeMap::new(), cancelled: BTreeMap::new() }
    }
}

impl Shelves {
    fn free(&self) -> [i64; 2] {
        let mut free = self.on_hand;
        for (_, units) in self.answered.iter().filter(|(name, _)| !self.cancelled.contains_key(name)) {
            for (free, units) in free.iter_mut().zip(units.unwrap_or_default()) {
                *free -= i64::from(units);
            }
        }
        free
    }

    fn reserve(&mut self, name: u8, units: [u32; 2]) -> Ret {
        let free = self.free();
        // What nobody asks for may be short: a shelf can be below what was promised of it.
        let enough = free.iter().zip(units).all(|(free, units)| units == 0 || *free >= i64::from(units));
        let answer = self.answered.entry(name).or_insert(enough.then_some(units));
        if answer.is_some() { Ret::Held } else { Ret::Short }
    }
}

impl SequentialSpec for Shelves {
    type Op = Op;
    type Ret = Ret;

    fn invoke(&mut self, op: &Op) -> Ret {
        match *op {
            Op::Reserve { name, units } => self.reserve(name, units),
            Op::Cancel { name } if matches!(self.answered.get(&name), Some(Some(_))) => {
                self.cancelled.insert(name, ());
                Ret::Cancelled
            }
            Op::Cancel { .. } => Ret::NotFound,
            Op::Move { shelf, units, .. } => {
                self.on_hand[shelf] += units;
                Ret::OnHand(self.on_hand[shelf])
            }
            Op::Read => Ret::Free(self.free()),
        }
    }
}

/// A store that can be put to the test. Histories share it and have shelves of their own.
pub trait Subject: Send + Sync + 'static {
    /// Puts [`START`] on the shelves of a history.
    ///
    /// # Errors
    /// The cause where it could not.
    fn begin(&self, history: u64) -> impl Future<Output = Result<(), String>> + Send;

    /// Carries out one operation.
    ///
    /// # Errors
    /// The cause where it failed or gave an answer that no specification knows.
    fn call(&self, history: u64, op: &Op) -> impl Future<Output = Result<Ret, String>> + Send;
}

/// Three or four threads with three or four operations each.
#[must_use]
pub fn programs(seed: u64) -> Vec<Vec<Op>> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut next = 0;
    let threads = random.random_range(3..=4);
    (0..threads).map(|_| program(&mut random, &mut next)).collect()
}

fn program(random: &mut StdRng, next: &mut u8) -> Vec<Op> {
    let mut own: Vec<(u8, [u32; 2])> = Vec::new();
    let length = random.random_range(3..=4);
    let mut name = || {
        *next += 1;
        *next
    };
    (0..length)
        .map(|_| match (random.random_range(0..10), own.last().copied()) {
            (0..=1, Some((name, _))) => Op::Cancel { name },
            (2, Some((name, units))) => Op::Reserve { name, units },
            (3..=4, _) => Op::Read,
            (5, _) => Op::Move { name: name(), shelf: random.random_range(0..2), units: random.random_range(-2..=2) },
            _ => {
                let units = [[1, 0], [0, 1], [1, 1], [2, 1], [0, 2]][random.random_range(0..5)];
                let name = name();
                own.push((name, units));
                Op::Reserve { name, units }
            }
        })
        .collect()
}

/// Runs the programs of a seed at once against the shelves of `history`.
///
/// # Errors
/// What was seen, in words, where no order of one thing at a time explains it or where the store failed.
pub async fn check<S: Subject>(subject: Arc<S>, history: u64, seed: u64) -> Result<(), String> {
    subject.begin(history).await?;
    let programs = programs(seed);
    let record = Arc::new(Mutex::new(LinearizabilityTester::new(Shelves::default())));
    let start = Arc::new(Barrier::new(programs.len()));
    let mut threads = JoinSet::new();
    for (thread, program) in programs.into_iter().enumerate() {
        let (subject, record, start) = (Arc::clone(&subject), Arc::clone(&record), Arc::clone(&start));
        threads.spawn(async move {
            start.wait().await;
            for op in program {
                record.lock().unwrap_or_else(PoisonError::into_inner).on_invoke(thread, op.clone())?;
                let ret = subject.call(history, &op).await?;
                record.lock().unwrap_or_else(PoisonError::into_inner).on_return(thread, ret)?;
            }
            Ok::<(), String>(())
        });
    }
    while let Some(done) = threads.join_next().await {
        done.map_err(|error| error.to_string())??;
    }
    let record = record.lock().unwrap_or_else(PoisonError::into_inner);
    if record.is_consistent() { Ok(()) } else { Err(format!("seed {seed}: no order explains {record:?}")) }
}
