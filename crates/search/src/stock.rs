//! Which products a shop can promise, as compact as it travels and as quick as it is asked.

use alloc::vec;
use alloc::vec::Vec;

use crate::file::columns::{read_varint, write_varint};
use crate::num::{at, small};

/// A set of products of one index, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockSet {
    words: Vec<u64>,
}

impl StockSet {
    /// Of `products`, in any order.
    #[must_use]
    pub fn of(products: impl IntoIterator<Item = u32>) -> Self {
        let mut set = Self::default();
        products.into_iter().for_each(|product| set.set(product, true));
        set
    }

    /// Whether a product is in it.
    #[must_use]
    pub fn contains(&self, product: u32) -> bool {
        self.words.get(at(product / 64)).is_some_and(|word| word >> (product % 64) & 1 == 1)
    }

    /// Puts a product in or takes it out.
    pub fn set(&mut self, product: u32, inside: bool) {
        let place = at(product / 64);
        if place >= self.words.len() {
            if !inside {
                return;
            }
            self.words.resize(place + 1, 0);
        }
        if let Some(word) = self.words.get_mut(place) {
            let bit = 1 << (product % 64);
            if inside { *word |= bit } else { *word &= !bit }
        }
    }

    /// The products in it, in order.
    pub fn products(&self) -> impl Iterator<Item = u32> {
        (0u32..)
            .zip(&self.words)
            .flat_map(|(place, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 64 + bit))
    }

    /// As it travels: the gaps between its products, each as a variable-length number.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut next = 0;
        for product in self.products() {
            write_varint(&mut out, product - next);
            next = product + 1;
        }
        out
    }

    /// Reads what [`Self::to_bytes`] wrote for an index of so many products; `None` where it is anything else.
    #[must_use]
    pub fn from_bytes(mut bytes: &[u8], products: usize) -> Option<Self> {
        let mut set = Self { words: vec![0; products.div_ceil(64)] };
        let mut next = 0u32;
        while !bytes.is_empty() {
            let product = next.checked_add(read_varint(&mut bytes)?).filter(|product| *product < small(products))?;
            set.set(product, true);
            next = product + 1;
        }
        Some(set)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_set_of_this_index_is_refused() {
        assert_eq!(StockSet::from_bytes(&[5], 5), None);
        assert_eq!(StockSet::from_bytes(&[0x80], 500), None);
        assert_eq!(StockSet::from_bytes(&[0xFF; 9], 500), None);
        assert!(StockSet::from_bytes(&[4], 5).is_some_and(|set| set.contains(4) && !set.contains(3)));
    }

    proptest! {
        #[test]
        fn a_set_survives_its_journey(products in prop::collection::btree_set(0u32..3_000, 0..200)) {
            let set = StockSet::of(products.iter().copied());
            prop_assert_eq!(set.products().collect::<Vec<_>>(), products.iter().copied().collect::<Vec<_>>());
            let read = StockSet::from_bytes(&set.to_bytes(), 3_000).unwrap();
            prop_assert!((0..3_000).all(|product| read.contains(product) == products.contains(&product)));
        }
    }
}
