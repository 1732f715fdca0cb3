//! The one way in which things are put in order here.
//!
//! The general sorts of the standard library are a sixth of what the worker of a phone would weigh.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::num::{at, small};

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

/// The best of all that it is told of.
pub(crate) struct Best {
    kept: BinaryHeap<Reverse<Ranked>>,
    most: usize,
}

impl Best {
    pub(crate) fn of(most: usize) -> Self {
        Self { kept: BinaryHeap::new(), most }
    }

    pub(crate) fn take(&mut self, one: Ranked) {
        if self.kept.len() < self.most {
            self.kept.push(Reverse(one));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && worst.0 < one
        {
            *worst = Reverse(one);
        }
    }

    /// Best first.
    pub(crate) fn in_order(self) -> Vec<Ranked> {
        let mut sorted = Vec::new();
        for Reverse(one) in self.kept.into_sorted_vec() {
            sorted.push(one);
        }
        sorted
    }
}

/// The numbers of the best of so many, best first.
pub(crate) fn best(count: usize, most: usize, key: &dyn Fn(usize) -> u32) -> Vec<usize> {
    let mut best = Best::of(most);
    for number in 0..count {
        best.take(Ranked::new(key(number).into(), small(number)));
    }
    let mut numbers = Vec::new();
    for ranked in best.in_order() {
        numbers.push(at(ranked.number()));
    }
    numbers
}
