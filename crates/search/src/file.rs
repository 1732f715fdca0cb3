//! The index as one file: header, checksum, sections. [`docs/adr/0005`] says why it holds what it holds.
//!
//! ```text
//! 0   8  magic "nearsrch"
//! 8   2  version
//! 10  2  number of sections
//! 12  4  number of products
//! 16  8  checksum of everything behind it
//! 24  4n length of each section
//!        the sections, one after the other
//! ```
//! All numbers are little-endian. Nothing is read before the checksum was right, and then nothing is believed that the
//! reader can count itself: a file may be forged together with its checksum.
//!
//! [`docs/adr/0005`]: https://github.com/nearshelf/nearshelf/blob/main/docs/adr/0005-search-index.md

pub(crate) mod columns;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::num::{number, short, small};
use crate::text::join;

const MAGIC: &[u8; 8] = b"nearsrch";
/// Of the form of the file; a reader knows exactly one.
pub const VERSION: u16 = 1;
const CHECKED_FROM: usize = 24;

/// What each section holds; the number is its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The folded words, in order.
    Terms,
    /// What stands between words.
    Separators,
    /// For each spelling of a word in a title the word.
    PieceTerms,
    /// For each spelling how it is made of the word; see [`crate::build::Shape`].
    PieceShapes,
    /// Spellings that cannot be made of the word.
    PieceTexts,
    /// Titles as spellings and separators, each ended by a zero.
    Titles,
    Skus,
    Mpns,
    Gtins,
    Images,
    Prices,
    Popularity,
    Groups,
    /// Words of the descriptions that the title does not have.
    Descriptions,
    Synonyms,
    /// From here on three for each attribute: its values, their words, which product has which.
    Attributes,
}

/// Brand, category, colour, size, currency.
pub(crate) const ATTRIBUTES: usize = 5;
const SECTIONS: usize = Section::Attributes as usize + 3 * ATTRIBUTES;

/// Why bytes are not an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damaged {
    /// Something else altogether.
    Foreign,
    /// Of another version of this software.
    Version(u16),
    /// Cut off, or longer than it says.
    Length,
    /// Changed on its way.
    Checksum,
    /// Whole, and still makes no sense here.
    Content(&'static str),
}

impl Damaged {
    /// What is wrong, to be read.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Foreign => "this is not a search index".to_owned(),
            Self::Version(_) => "this search index is of another version".to_owned(),
            Self::Length => "this search index is not whole".to_owned(),
            Self::Checksum => "this search index was damaged on its way".to_owned(),
            Self::Content(what) => join(&["this search index is inconsistent", what], ": "),
        }
    }
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for Damaged {}

/// Where the sections of a file are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sections {
    pub(crate) docs: u32,
    ranges: Vec<Range<usize>>,
}

impl Sections {
    /// Checks header, length and checksum.
    pub(crate) fn of(file: &[u8]) -> Result<Self, Damaged> {
        if !file.starts_with(MAGIC) {
            return Err(Damaged::Foreign);
        }
        let header = |from: usize, len: usize| file.get(from..from + len).ok_or(Damaged::Length);
        let number = |from, len| Ok(number(header(from, len)?));
        let version = short(number(8, 2)?);
        if version != VERSION {
            return Err(Damaged::Version(version));
        }
        if number(10, 2)? != SECTIONS {
            return Err(Damaged::Content("number of sections"));
        }
        let docs = small(number(12, 4)?);
        let written = header(16, 8)?;
        let mut ranges = Vec::with_capacity(SECTIONS);
        let mut begin = CHECKED_FROM + 4 * SECTIONS;
        for section in 0..SECTIONS {
            let end = begin.checked_add(number(CHECKED_FROM + 4 * section, 4)?).ok_or(Damaged::Length)?;
            ranges.push(begin..end);
            begin = end;
        }
        if begin != file.len() {
            return Err(Damaged::Length);
        }
        if checksum(file.get(CHECKED_FROM..).unwrap_or_default()).to_le_bytes() != written {
            return Err(Damaged::Checksum);
        }
        Ok(Self { docs, ranges })
    }

    pub(crate) fn range(&self, section: Section) -> Range<usize> {
        self.ranges.get(section as usize).cloned().unwrap_or_default()
    }

    /// The three of an attribute.
    pub(crate) fn attribute(&self, number: usize) -> [Range<usize>; 3] {
        let first = Section::Attributes as usize + 3 * number;
        [first, first + 1, first + 2].map(|section| self.ranges.get(section).cloned().unwrap_or_default())
    }
}

/// Puts sections together, in their order.
pub(crate) fn assemble(docs: u32, sections: &[Vec<u8>]) -> Vec<u8> {
    debug_assert_eq!(sections.len(), SECTIONS);
    let mut checked = Vec::new();
    for section in sections {
        checked.extend(small(section.len()).to_le_bytes());
    }
    for section in sections {
        checked.extend(section);
    }
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(short(sections.len()).to_le_bytes());
    file.extend(docs.to_le_bytes());
    file.extend(checksum(&checked).to_le_bytes());
    file.extend(checked);
    file
}

/// Each step is a bijection of the state, so whatever changes in one word of eight bytes changes the result.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| (state ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut state = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    let mut last = 1;
    for byte in rest.iter().rev() {
        last = last << 8 | u64::from(*byte);
    }
    mix(state, last)
}
