//! What a disk may hold after the power was cut: all that was synced, and of the rest what luck keeps.

use rand::RngExt as _;
use rand::rngs::StdRng;

use super::log::Act;

/// A disk writes no less than this at once, in bytes.
const SECTOR: usize = 512;

/// What happens to writes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Luck {
    /// None is kept.
    Dropped,
    /// Each is kept or not.
    Subset,
    /// Each is kept, but for one, of which only a beginning or an end is.
    Torn,
}

impl Luck {
    /// Takes turns.
    pub(super) fn of(number: usize) -> Self {
        match number % 3 {
            0 => Self::Dropped,
            1 => Self::Subset,
            _ => Self::Torn,
        }
    }
}

/// The files after a cut at the place `cut`, of files that were `before` when the log began.
pub(super) fn after(
    before: &[Vec<u8>],
    acts: &[(usize, Act)],
    cut: usize,
    luck: Luck,
    dice: &mut StdRng,
) -> Vec<Vec<u8>> {
    let acts = acts.get(..acts.partition_point(|(place, _)| *place < cut)).unwrap_or_default();
    let mut synced = vec![0; before.len()];
    for (_, act) in acts {
        if let Act::Synced { file, begun } = act
            && let Some(until) = synced.get_mut(*file)
        {
            *until = (*begun).max(*until);
        }
    }
    let loose = |place: usize, file: usize| synced.get(file).is_none_or(|until| place >= *until);
    let writes = acts.iter().filter(|(place, act)| matches!(act, Act::Write { file, .. } if loose(*place, *file)));
    let writes = writes.count();
    let victim = if writes > 0 { dice.random_range(0..writes) } else { 0 };
    let mut files = before.to_vec();
    let mut number = 0;
    for (place, act) in acts {
        match act {
            Act::Write { file, at, bytes } => {
                let mut part = 0..bytes.len();
                if loose(*place, *file) {
                    match luck {
                        Luck::Dropped => part = 0..0,
                        Luck::Subset if dice.random_bool(0.5) => part = 0..0,
                        Luck::Torn if number == victim => part = torn(bytes.len(), dice),
                        Luck::Subset | Luck::Torn => {}
                    }
                    number += 1;
                }
                if let (Some(file), Some(kept)) = (files.get_mut(*file), bytes.get(part.clone())) {
                    write(file, at + part.start, kept);
                }
            }
            Act::Truncate { file, length } => {
                let kept =
                    !loose(*place, *file) || luck == Luck::Torn || (luck == Luck::Subset && dice.random_bool(0.5));
                if let (true, Some(file)) = (kept, files.get_mut(*file)) {
                    file.resize(*length, 0);
                }
            }
            Act::Synced { .. } | Act::Acknowledged(_) => {}
        }
    }
    files
}

/// A beginning or an end of a write, cut at a sector.
fn torn(length: usize, dice: &mut StdRng) -> std::ops::Range<usize> {
    let middle = dice.random_range(0..=length / SECTOR) * SECTOR;
    if dice.random_bool(0.5) { 0..middle } else { middle..length }
}

fn write(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if !bytes.is_empty() && file.len() < end {
        file.resize(end, 0);
    }
    if let Some(place) = file.get_mut(at..end) {
        place.copy_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn acts() -> Vec<(usize, Act)> {
        let write = |value: u8, at| Act::Write { file: 0, at, bytes: vec![value; 1024] };
        vec![(0, write(1, 0)), (2, Act::Synced { file: 0, begun: 1 }), (3, write(2, 1024))]
    }

    fn disk(cut: usize, luck: Luck, seed: u64) -> Vec<u8> {
        after(&[Vec::new()], &acts(), cut, luck, &mut StdRng::seed_from_u64(seed)).remove(0)
    }

    #[test]
    fn what_was_synced_stays_and_what_came_after_is_dropped() {
        assert_eq!(disk(9, Luck::Dropped, 1), vec![1; 1024]);
        assert!(disk(2, Luck::Dropped, 1).is_empty(), "the sync had not come back");
        assert!(acts().len() == 3 && disk(0, Luck::Torn, 1).is_empty(), "nothing had begun");
    }

    #[test]
    fn a_write_during_a_sync_is_not_covered_by_it() {
        let mut acts = acts();
        acts[0].0 = 1;
        let files = after(&[Vec::new()], &acts, 9, Luck::Dropped, &mut StdRng::seed_from_u64(1));
        assert!(files[0].is_empty());
    }

    #[test]
    fn a_torn_write_is_torn_at_a_sector_and_a_subset_has_both_outcomes() {
        let torn: Vec<_> = (0..50).map(|seed| disk(9, Luck::Torn, seed)).collect();
        assert!(torn.iter().all(|file| file[..1024] == [1; 1024] && file.len() % SECTOR == 0));
        assert!(torn.iter().any(|file| file.len() == 1536), "only the beginning");
        assert!(torn.iter().any(|file| file.len() == 2048 && file[1024] == 0 && file[1536] == 2), "only the end");
        let subset: Vec<_> = (0..50).map(|seed| disk(9, Luck::Subset, seed).len()).collect();
        assert!(subset.contains(&1024) && subset.contains(&2048));
    }
}
