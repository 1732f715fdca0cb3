//! Stores in memory: a right one, and two with mistakes that the check must find.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use stateright::semantics::SequentialSpec;

use crate::history::{Op, Ret, Shelves, Subject};

/// How a [`Memory`] goes about its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// One thing at a time.
    Right,
    /// Reads, lets others run, decides on what it read and writes that back.
    ReadThenWrite,
    /// Reads see what was there before the last write.
    StaleRead,
}

/// The shelves of each history, now and before the last write.
#[derive(Debug)]
pub struct Memory {
    manner: Manner,
    shelves: Mutex<BTreeMap<u64, (Shelves, Shelves)>>,
}

impl Memory {
    /// An empty one.
    #[must_use]
    pub fn new(manner: Manner) -> Self {
        Self { manner, shelves: Mutex::default() }
    }

    fn with<T>(&self, history: u64, work: impl FnOnce(&mut (Shelves, Shelves)) -> T) -> T {
        work(self.shelves.lock().unwrap_or_else(PoisonError::into_inner).entry(history).or_default())
    }
}

impl Subject for Memory {
    async fn begin(&self, _history: u64) -> Result<(), String> {
        Ok(())
    }

    async fn call(&self, history: u64, op: &Op) -> Result<Ret, String> {
        if self.manner == Manner::ReadThenWrite {
            let mut copy = self.with(history, |(now, _)| now.clone());
            tokio::task::yield_now().await;
            let ret = copy.invoke(op);
            self.with(history, |(now, _)| *now = copy);
            return Ok(ret);
        }
        // Threads take turns, so that a right store is tried with overlapping calls too.
        tokio::task::yield_now().await;
        Ok(self.with(history, |(now, before)| match op {
            Op::Read if self.manner == Manner::StaleRead => before.invoke(op),
            Op::Read => now.invoke(op),
            _ => {
                *before = now.clone();
                now.invoke(op)
            }
        }))
    }
}
