//! What is worked out of the file when it is opened: which products have which word.
//!
//! The titles say it already, so the file does not say it again: that spares a third of the download for some
//! milliseconds once.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::{Index, Of};
use crate::build::{Shape, width};
use crate::file::Damaged;
use crate::file::columns::read_varint;
use crate::num::{at, byte, small};

/// Where a product has a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Description,
    /// Category, colour or size.
    Kind,
    Brand,
    Title,
}

/// A product that has a word, where, and as which word of its title: 24, 2 and 6 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Posting(u32);

impl Posting {
    /// Words of a title from here on count as one place.
    pub(crate) const LAST_PLACE: u32 = 63;

    fn new(doc: u32, field: Field, place: u32) -> Self {
        Self(doc << 8 | (field as u32) << 6 | place.min(Self::LAST_PLACE))
    }

    pub(crate) fn doc(self) -> u32 {
        self.0 >> 8
    }

    pub(crate) fn field(self) -> Field {
        match self.0 >> 6 & 3 {
            0 => Field::Description,
            1 => Field::Kind,
            2 => Field::Brand,
            _ => Field::Title,
        }
    }

    /// Its place in the title, 0 for the first word.
    pub(crate) fn place(self) -> u32 {
        self.0 & Self::LAST_PLACE
    }
}

#[derive(Debug, Default)]
pub(super) struct Derived {
    /// For each term where its postings end; they begin where those of the term before end.
    ends: Vec<u32>,
    postings: Vec<Posting>,
    /// For each term the letters that it shares with the one before, at most 255.
    pub(super) shared: Vec<u8>,
    /// Where each title begins, in bytes from the first.
    pub(super) title_starts: Vec<u32>,
    /// For each title how much its words say: the sum of the squares of their [`rarity`].
    pub(super) title_weights: Vec<u16>,
    /// For each title which of several with the same words it is, from 0 on.
    pub(super) repeats: Vec<u8>,
    /// How many of the spellings before each sixteenth are written out.
    pub(super) texts_before: Vec<u32>,
    group_ends: Vec<u32>,
    grouped: Vec<u32>,
}

/// No word: a separator, or a spelling of the word before.
const NONE: u32 = u32::MAX;

impl Derived {
    pub(super) fn of(index: &Index, file: &[u8], descriptions: Range<usize>) -> Result<Self, Damaged> {
        let mut derived = Self::default();
        derived.compare_terms(index, file);
        let words = derived.words_of_pieces(index, file)?;
        let descriptions = file.get(descriptions).unwrap_or_default();
        let titles = file.get(index.titles.clone()).unwrap_or_default();
        let mut counts = vec![0u32; index.terms.len()];
        let starts = &mut derived.title_starts;
        starts.reserve_exact(index.docs);
        visit(
            index,
            (file, descriptions),
            (&words, &[]),
            |term, _| {
                if let Some(count) = counts.get_mut(at(term)) {
                    *count += 1;
                }
            },
            |_, title, _| starts.push(small(title.start)),
        )?;
        let mut rarities = Vec::with_capacity(counts.len());
        for count in &counts {
            rarities.push(byte(at(rarity(at(*count), index.docs))));
        }
        let mut sum = 0u32;
        let mut next = Vec::with_capacity(counts.len());
        derived.ends.reserve_exact(counts.len());
        for count in counts {
            next.push(sum);
            sum = sum.checked_add(count).ok_or(Damaged::Content("more words than can be"))?;
            derived.ends.push(sum);
        }
        derived.postings = vec![Posting(0); at(sum)];
        derived.title_weights.reserve_exact(index.docs);
        derived.repeats.reserve_exact(index.docs);
        let (mut before, mut before_group): (&[u8], usize) = (&[], 0);
        let (postings, weights, repeats) = (&mut derived.postings, &mut derived.title_weights, &mut derived.repeats);
        visit(
            index,
            (file, descriptions),
            (&words, &rarities),
            |term, posting| {
                if let Some(next) = next.get_mut(at(term)) {
                    if let Some(place) = postings.get_mut(at(*next)) {
                        *place = posting;
                    }
                    *next += 1;
                }
            },
            |doc, title, weight| {
                weights.push(u16::try_from(weight / 16).unwrap_or(u16::MAX));
                let title = titles.get(title).unwrap_or_default();
                let group = index.groups.place(file, doc);
                // Variants of one product are one row, and no repetition.
                let again = u8::from(group == 0 || group != before_group);
                let repeat = repeats.last().filter(|_| title == before).map_or(0, |n: &u8| n.saturating_add(again));
                repeats.push(repeat);
                (before, before_group) = (title, group);
            },
        )?;
        derived.collect_groups(index, file)?;
        Ok(derived)
    }

    fn compare_terms(&mut self, index: &Index, file: &[u8]) {
        let mut before: &[u8] = &[];
        self.shared.reserve_exact(index.terms.len());
        for term in index.terms.all(file) {
            let (mut same, mut whole) = (0, 0);
            // Whole characters: one that is shared by half is not shared. The lengths beside are in characters as well.
            while let Some(byte) = term.get(same)
                && before.get(same) == Some(byte)
            {
                same += 1;
                whole += usize::from(byte & 0xC0 != 0x80);
            }
            let half = term.get(same).is_some_and(|b| (0x80..0xC0).contains(b));
            self.shared.push(byte(if half { whole.saturating_sub(1) } else { whole }));
            before = term;
        }
    }

    /// For each spelling and separator the word that it is.
    fn words_of_pieces(&mut self, index: &Index, file: &[u8]) -> Result<Vec<u32>, Damaged> {
        let shapes = file.get(index.piece_shapes.clone()).unwrap_or_default();
        let mut words = vec![NONE; index.separators.len() + 1];
        words.reserve_exact(shapes.len());
        let mut texts = 0u32;
        let mut known = true;
        for (number, shape) in shapes.iter().enumerate() {
            if number % 16 == 0 {
                self.texts_before.push(texts);
            }
            match Shape::of(*shape) {
                Some(Shape::Text) => texts += 1,
                Some(_) => {}
                None => return Err(Damaged::Content("a spelling of no kind")),
            }
            let word = small(index.piece_terms.place(file, number));
            known &= at(word) < index.terms.len();
            words.push(word);
        }
        if at(texts) != index.piece_texts.len() || !known {
            return Err(Damaged::Content("spellings"));
        }
        Ok(words)
    }

    fn collect_groups(&mut self, index: &Index, file: &[u8]) -> Result<(), Damaged> {
        let mut groups = 0;
        for doc in 0..index.docs {
            groups = groups.max(index.groups.place(file, doc));
        }
        if groups > index.docs {
            return Err(Damaged::Content("a group that there is not"));
        }
        if groups == 0 {
            return Ok(());
        }
        // Counted, summed up, and laid each in the place that is next in its group.
        let mut next = vec![0u32; groups + 1];
        for doc in 0..index.docs {
            let group = index.groups.place(file, doc);
            if group > 0
                && let Some(count) = next.get_mut(group)
            {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut next {
            let begin = sum;
            sum += *count;
            *count = begin;
            self.group_ends.push(sum);
        }
        self.grouped = vec![0; at(sum)];
        for doc in 0..index.docs {
            let group = index.groups.place(file, doc);
            if group > 0
                && let Some(next) = next.get_mut(group)
            {
                if let Some(place) = self.grouped.get_mut(at(*next)) {
                    *place = small(doc);
                }
                *next += 1;
            }
        }
        Ok(())
    }

    pub(super) fn postings(&self, term: u32) -> &[Posting] {
        let term = at(term);
        let begin = term.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(term).copied().unwrap_or(begin);
        self.postings.get(at(begin)..at(end)).unwrap_or_default()
    }

    pub(super) fn members(&self, group: usize) -> &[u32] {
        let end = |group: usize| self.group_ends.get(group).copied().map(at);
        let range = group.checked_sub(1).and_then(end).zip(end(group));
        range.and_then(|(begin, end)| self.grouped.get(begin..end)).unwrap_or_default()
    }

    pub(super) fn groups(&self) -> usize {
        self.group_ends.len()
    }

    pub(super) fn heap(&self) -> usize {
        let words = [&self.ends, &self.title_starts, &self.texts_before, &self.group_ends, &self.grouped];
        4 * (words.iter().map(|list| list.capacity()).sum::<usize>() + self.postings.capacity())
            + self.shared.capacity()
            + 2 * self.title_weights.capacity()
            + self.repeats.capacity()
    }
}

/// How much it says that a product has a word that `few` of `all` have: the binary logarithm of their ratio in eighths,
/// between powers of two along the chord, so that every machine computes the same. 0 to 192.
pub(crate) fn rarity(few: usize, all: usize) -> u32 {
    let ratio = small(all).saturating_mul(8).max(8) / small(few).clamp(1, small(all).max(1));
    // Eight times the ratio: three bits behind the point.
    let whole = ratio.max(8).ilog2();
    (whole - 3) * 8 + (ratio >> (whole - 3) & 7)
}

/// Reads the spellings of all titles, one after the other.
///
/// This and what calls it is written as plain loops: half a million times each, optimised for size, chains of iterators take
/// four times as long.
struct Spellings<'a> {
    titles: &'a [u8],
    wide: bool,
    next: usize,
}

impl<'a> Spellings<'a> {
    fn of(titles: &'a [u8], width: usize) -> Self {
        Self { titles, wide: width == 3, next: 0 }
    }

    /// The next number; 0 at the end of a title, and behind the last one.
    #[inline(always)]
    fn take(&mut self) -> u32 {
        let begin = self.next;
        if self.wide {
            self.next = begin + 3;
            match self.titles.get(begin..begin + 3) {
                Some(&[a, b, c]) => u32::from_le_bytes([a, b, c, 0]),
                _ => 0,
            }
        } else {
            self.next = begin + 2;
            match self.titles.get(begin..begin + 2) {
                Some(&[a, b]) => u32::from(u16::from_le_bytes([a, b])),
                _ => 0,
            }
        }
    }
}

/// Calls `found` with each word of each product, once for each product: where it counts most, and there for the first time;
/// and `ended` with where its title is and how much that says.
fn visit(
    index: &Index,
    (file, mut descriptions): (&[u8], &[u8]),
    (words, rarities): (&[u32], &[u8]),
    mut found: impl FnMut(u32, Posting),
    mut ended: impl FnMut(usize, Range<usize>, u32),
) -> Result<(), Damaged> {
    let bad = Damaged::Content("words of a description");
    let described = !descriptions.is_empty();
    let titles = file.get(index.titles.clone()).unwrap_or_default();
    let mut spellings = Spellings::of(titles, width(words.len() - 1));
    let searched =
        [(Of::Brand, Field::Brand), (Of::Category, Field::Kind), (Of::Color, Field::Kind), (Of::Size, Field::Kind)];
    let mut attributes = Vec::new();
    for (of, field) in searched {
        attributes
            .extend(index.attribute(of).filter(|attribute| attribute.values.len() > 0).map(|found| (found, field)));
    }
    // For each word the last product that it was seen in, and one more.
    let mut last = vec![0u32; index.terms.len()];
    let mut number = 0u32;
    while at(number) < index.docs {
        let mut once = |term: u32, field: Field, place: u32| {
            if let Some(seen) = last.get_mut(at(term))
                && *seen != number + 1
            {
                *seen = number + 1;
                found(term, Posting::new(number, field, place));
            }
        };
        let (start, mut place, mut weight) = (spellings.next, 0, 0u32);
        loop {
            if spellings.next >= titles.len() {
                return Err(Damaged::Content("number of titles"));
            }
            let piece = spellings.take();
            if piece == 0 {
                break;
            }
            let Some(term) = words.get(at(piece)).copied() else {
                return Err(Damaged::Content("a title with a spelling that there is not"));
            };
            if term != NONE {
                once(term, Field::Title, place);
                place += 1;
                let rarity = rarities.get(at(term)).copied().map_or(0, u32::from);
                weight = weight.saturating_add(rarity * rarity);
            }
        }
        ended(at(number), start..spellings.next, weight);
        for (attribute, field) in &attributes {
            let value = attribute.of.place(file, at(number));
            if let Some(words) = value.checked_sub(1).and_then(|value| attribute.words.get(value)) {
                for term in words {
                    once(*term, *field, Posting::LAST_PLACE);
                }
            }
        }
        if described {
            for _ in 0..read_varint(&mut descriptions).ok_or(bad)? {
                once(read_varint(&mut descriptions).ok_or(bad)?, Field::Description, Posting::LAST_PLACE);
            }
        }
        number += 1;
    }
    if spellings.next != titles.len() {
        return Err(Damaged::Content("number of titles"));
    }
    if descriptions.is_empty() { Ok(()) } else { Err(bad) }
}
