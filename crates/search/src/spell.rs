//! Words of the dictionary that are a slip or two away from what was typed.
//!
//! The dictionary is read once in its order. The table of distances (Damerau-Levenshtein, optimal string alignment) has a
//! row for each letter of the current word; the next word keeps the rows of the letters that it shares with the one
//! before, and where these are too far already it is passed over by a single comparison.

use alloc::vec;
use alloc::vec::Vec;

use crate::Index;
use crate::num::byte;

/// How many slips a word of so many letters may have: none in short ones, where nearly everything is one slip away.
pub(crate) fn slips_allowed(letters: usize) -> u8 {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Letters of a word that are compared; longer ones are codes, not words.
const LONGEST: usize = 30;
/// Nothing is that far.
const FAR: u8 = u8::MAX / 2;

type Row = [u8; LONGEST + 1];

struct Table<'a> {
    asked: &'a [char],
    slips: u8,
    /// Row by row the distances of the beginnings of the asked word to the beginning of the current one.
    rows: Vec<Row>,
    letters: Vec<char>,
    /// For each row the smallest distance of the whole asked word to a beginning up to there.
    nearest: Vec<u8>,
    /// From which length on the current word is too far for certain.
    dead: Option<usize>,
}

impl<'a> Table<'a> {
    fn new(asked: &'a [char], slips: u8) -> Self {
        let mut first = [FAR; LONGEST + 1];
        for (column, cell) in first.iter_mut().enumerate() {
            *cell = byte(column);
        }
        let nearest = vec![byte(asked.len())];
        Self { asked, slips, rows: vec![first], letters: Vec::new(), nearest, dead: None }
    }

    /// Goes back to the letters that the next word shares with this one; `false` where they are too far already.
    fn back_to(&mut self, shared: usize) -> bool {
        if self.dead.is_some_and(|dead| dead <= shared) {
            return false;
        }
        self.dead = None;
        self.letters.truncate(shared);
        self.rows.truncate(shared + 1);
        self.nearest.truncate(shared + 1);
        true
    }

    /// One letter more. Afterwards [`Self::dead`] may say that it is no use going on.
    fn push(&mut self, letter: char) {
        let length = self.letters.len() + 1;
        let Some(above) = self.rows.last() else { return };
        let mut row = [FAR; LONGEST + 1];
        let mut least = FAR;
        if let Some(first) = row.first_mut() {
            *first = byte(length);
            least = *first;
        }
        // Cells farther than `slips` from the diagonal are too far for certain.
        let slips = usize::from(self.slips);
        let from = length.saturating_sub(slips).max(1);
        let to = (length + slips).min(self.asked.len());
        let swapped_above = length.checked_sub(2).and_then(|row| self.rows.get(row));
        for column in from..=to {
            let same = self.asked.get(column - 1) == Some(&letter);
            let mut best = above.get(column - 1).copied().unwrap_or(FAR) + u8::from(!same);
            best = best.min(above.get(column).copied().unwrap_or(FAR) + 1);
            best = best.min(row.get(column - 1).copied().unwrap_or(FAR) + 1);
            if let Some(before) = swapped_above
                && column > 1
                && self.asked.get(column - 2) == Some(&letter)
                && self.asked.get(column - 1) == self.letters.last()
            {
                best = best.min(before.get(column - 2).copied().unwrap_or(FAR) + 1);
            }
            if let Some(cell) = row.get_mut(column) {
                *cell = best.min(FAR);
            }
            least = least.min(best);
        }
        let whole = row.get(self.asked.len()).copied().unwrap_or(FAR);
        let nearest = self.nearest.last().copied().unwrap_or(FAR).min(whole);
        // A swap looks two rows back, so one row that is too far is not yet the end where the one above is not.
        if least > self.slips && above.iter().min().is_none_or(|cell| *cell >= self.slips) {
            self.dead = Some(length);
        }
        self.letters.push(letter);
        self.rows.push(row);
        self.nearest.push(nearest);
    }

    fn whole(&self) -> u8 {
        self.rows.last().and_then(|row| row.get(self.asked.len())).copied().unwrap_or(FAR)
    }

    fn nearest(&self) -> u8 {
        self.nearest.last().copied().unwrap_or(FAR)
    }
}

fn characters(text: &[u8]) -> Vec<char> {
    let mut characters = Vec::new();
    for c in core::str::from_utf8(text).unwrap_or_default().chars() {
        characters.push(c);
    }
    characters
}

/// The words at most `slips` away and not the word itself, with their distances, in order; with `unfinished` also those
/// that have a beginning as near. Words with a digit are no candidates: "4070" is not "4080".
pub(crate) fn near(index: &Index, asked: &str, slips: u8, unfinished: bool) -> Vec<(u32, u8)> {
    let asked = characters(asked.as_bytes());
    if slips == 0 || asked.len() > LONGEST || asked.len() < usize::from(slips) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut table = Table::new(&asked, slips);
    // What all words share is not in their texts, and is pushed once.
    let begin = characters(index.shared_beginning());
    for letter in &begin {
        if table.dead.is_none() {
            table.push(*letter);
        }
    }
    for ((word, shared), term) in index.dictionary().zip(0u32..) {
        let shared = begin.len() + usize::from(shared);
        if table.back_to(shared) {
            let letters = core::str::from_utf8(word).unwrap_or_default().chars();
            for letter in letters.skip(table.letters.len() - begin.len()) {
                table.push(letter);
                if table.dead.is_some() || table.letters.len() > LONGEST + 2 {
                    break;
                }
            }
        }
        let alive = table.dead.is_none() && table.letters.len() <= LONGEST + 2;
        let distance = match (unfinished, alive) {
            (true, _) => table.nearest(),
            (false, true) => table.whole(),
            (false, false) => FAR,
        };
        if distance <= slips && distance > 0 && !word.iter().any(u8::is_ascii_digit) {
            found.push((term, distance));
        }
    }
    found
}
