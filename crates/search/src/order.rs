//! The one way in which things are put in order here.
//!
//! The general sorts of the standard library are a sixth of what the worker of a phone would weigh.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that is compared: the larger its key the better, and the earlier of equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ranked {
    pub(crate) key: u64,
    /// Its number, turned round so that the first is the largest.
    first: u32,
}

impl Ranked {
    pub(crate) fn new(key: u64, number: u32) -> Self {
        Self { key, first: u32::MAX - number }
    }

    pub(crate) fn number(self) -> u32 {
        u32::MAX - self.first
    }
}

/// The best ones, best first.
pub(crate) fn best(all: &mut dyn Iterator<Item = Ranked>, most: usize) -> Vec<Ranked> {
    let mut kept = BinaryHeap::new();
    for one in all {
        if kept.len() < most {
            kept.push(Reverse(one));
        } else if let Some(mut worst) = kept.peek_mut()
            && worst.0 < one
        {
            *worst = Reverse(one);
        }
    }
    kept.into_sorted_vec().into_iter().map(|Reverse(one)| one).collect()
}
