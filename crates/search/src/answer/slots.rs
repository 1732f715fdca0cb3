//! What the dictionary offers for each word of a query.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::Index;
use crate::fold::Word;
use crate::num::at;
use crate::spell::{near, slips_allowed};
use crate::text::{concat, has_digit, letters};
use crate::units::quantities;

/// How good an answer to a word is, in hundredths: the word itself.
pub(crate) const EXACT: u16 = 100;
/// "ear buds" for "earbuds", "gtx1080" for "GTX 1080", "75 cl" for "0.75 l".
pub(crate) const OTHERWISE: u16 = 90;
/// A synonym of the retailer's.
pub(crate) const SYNONYM: u16 = 80;
/// The beginning of a code.
pub(crate) const CODE: u16 = 80;
/// A beginning counts from this, and up to as much more as it is of the whole word.
pub(crate) const BEGINNING: u16 = 60;
pub(crate) const COVERED: u16 = 25;
/// One slip, two slips; by this much less in a word that is not finished.
pub(crate) const SLIPS: [u16; 3] = [EXACT, 50, 30];
pub(crate) const UNFINISHED_SLIP: u16 = 10;
/// What is not better than this is a guess.
pub(crate) const GUESS: u16 = 50;

/// One way to answer a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// A word of the dictionary.
    Word { term: u32, quality: u16 },
    /// All words that begin so; `asked` is the length of the beginning in bytes.
    Beginning { terms: Range<u32>, asked: usize },
    /// Products that have all of these words; `beside` says that they must follow each other in the title.
    Several { terms: Vec<u32>, quality: u16, beside: bool },
    /// Products themselves.
    Products { docs: Vec<u32>, quality: u16 },
}

/// All ways to answer one word of the query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) spellings: Vec<Spelling>,
    /// Whether slips have been looked for.
    pub(crate) guessed: bool,
}

impl Slot {
    pub(crate) fn is_empty(&self) -> bool {
        self.spellings.is_empty()
    }

    fn add(&mut self, spelling: Spelling) {
        if !self.spellings.contains(&spelling) {
            self.spellings.push(spelling);
        }
    }
}

impl Index {
    /// The slots of a query, without any guess.
    pub(super) fn slots(&self, asked: &[Word]) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut folded: Vec<&str> = Vec::new();
        for word in asked {
            folded.push(&word.folded);
            let last = folded.len() == asked.len();
            let mut slot = Slot::default();
            let one = core::slice::from_mut(&mut slot);
            self.as_written(&word.folded, last, EXACT, one);
            self.apart(&word.folded, last, one);
            self.as_code(&word.folded, one);
            slots.push(slot);
        }
        self.joined(asked, &mut slots);
        for quantity in quantities(&folded) {
            let Some(slots) = slots.get_mut(quantity.words.clone()) else { continue };
            for spelling in &quantity.spellings {
                self.together(spelling, OTHERWISE, slots);
            }
        }
        for at in 0..folded.len() {
            for (len, phrases) in self.synonyms().of(&folded, at) {
                let Some(slots) = slots.get_mut(at..at + len) else { continue };
                for phrase in &phrases {
                    self.together(phrase, SYNONYM, slots);
                }
            }
        }
        slots
    }

    /// The word itself and, where it may be unfinished, all that begin so.
    fn as_written(&self, word: &str, unfinished: bool, quality: u16, slots: &mut [Slot]) {
        if unfinished {
            let terms = self.beginning(word);
            if terms.is_empty() {
                return;
            }
            if quality == EXACT {
                add_to_all(slots, &Spelling::Beginning { terms, asked: word.len() });
            } else {
                add_to_all(slots, &Spelling::Word { term: terms.start, quality });
            }
        } else if let Some(term) = self.exactly(word) {
            add_to_all(slots, &Spelling::Word { term, quality });
        }
    }

    /// One word as two: "earbuds" as "ear buds", "gtx1080" as "gtx 1080".
    fn apart(&self, word: &str, last: bool, slots: &mut [Slot]) {
        let letters_alone = !has_digit(word);
        for cut in 1..word.len() {
            let (Some(first), Some(second)) = (word.get(..cut), word.get(cut..)) else { continue };
            let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            let between = digit(first.as_bytes().last()) != digit(second.as_bytes().first());
            if !(between || letters_alone && cut >= 2 && second.len() >= 2) {
                continue;
            }
            let Some(one) = self.exactly(first) else { continue };
            let exact = self.exactly(second);
            let unfinished = exact.is_none() && between && last;
            let others = if unfinished { self.beginning(second) } else { exact.map_or(0..0, |term| term..term + 1) };
            for other in others.start..others.end.min(others.start.saturating_add(20)) {
                let terms = [one, other].to_vec();
                add_to_all(slots, &Spelling::Several { terms, quality: OTHERWISE, beside: letters_alone });
            }
        }
    }

    /// Neighbours as one word: "ear buds" as "earbuds".
    fn joined(&self, asked: &[Word], slots: &mut [Slot]) {
        for (at, pair) in asked.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            let joined = concat(&[&first.folded, &second.folded]);
            let last = at + 2 == asked.len();
            if let Some(slots) = slots.get_mut(at..at + 2) {
                self.as_written(&joined, last, OTHERWISE, slots);
            }
        }
    }

    /// The beginning of a code, where no word is like it.
    fn as_code(&self, word: &str, slots: &mut [Slot]) {
        if word.len() < 4 || !has_digit(word) || !slots.iter().all(Slot::is_empty) {
            return;
        }
        let docs = self.with_code(word, false);
        if !docs.is_empty() {
            add_to_all(slots, &Spelling::Products { docs, quality: CODE });
        }
    }

    /// Products that have all of these words.
    fn together(&self, phrase: &[String], quality: u16, slots: &mut [Slot]) {
        let mut terms = Vec::new();
        for word in phrase {
            let Some(term) = self.exactly(word) else { return };
            terms.push(term);
        }
        let spelling = match terms.as_slice() {
            [] => return,
            [term] => Spelling::Word { term: *term, quality },
            _ => Spelling::Several { terms, quality, beside: true },
        };
        add_to_all(slots, &spelling);
    }

    /// Adds words that are a slip or two away; says whether there are any.
    pub(super) fn guess(&self, asked: &[Word], at: usize, slot: &mut Slot) -> bool {
        slot.guessed = true;
        let Some(word) = asked.get(at).map(|word| word.folded.as_str()) else { return false };
        if has_digit(word) {
            return false;
        }
        let slips = slips_allowed(letters(word));
        let unfinished = at + 1 == asked.len();
        let before = slot.spellings.len();
        for (term, slips) in near(self, word, slips, unfinished) {
            let quality = SLIPS.get(usize::from(slips)).copied().unwrap_or_default();
            let longer = unfinished && self.term_len(term) > word.len() + usize::from(slips);
            let quality = if longer { quality - UNFINISHED_SLIP } else { quality };
            slot.add(Spelling::Word { term, quality });
        }
        slot.spellings.len() > before
    }
}

fn add_to_all(slots: &mut [Slot], spelling: &Spelling) {
    for slot in slots {
        slot.add(spelling.clone());
    }
}

/// The quality of a beginning of `asked` bytes in a word of `len`.
pub(super) fn beginning(asked: usize, len: usize) -> u16 {
    // Longer it cannot be; in a file that somebody made up it can.
    if asked >= len {
        return EXACT;
    }
    let covered = at(u32::from(COVERED)) * asked / len.max(1);
    BEGINNING + u16::try_from(covered).unwrap_or_default()
}
