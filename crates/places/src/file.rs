//! The gazetteer as one file: header, checksum, sections.
//!
//! ```text
//! 0   8  magic "nearplac"
//! 8   4  version
//! 12  4  number of rows
//! 16  8  checksum of everything behind it
//! 24  4n length of each section
//!        the sections, one after the other
//! ```
//! All numbers are little-endian. Columns of numbers are written byte by byte, the lowest of all rows first: neighbours are
//! alike, and brotli sees it.

use std::fmt;
use std::ops::Range;

const MAGIC: &[u8; 8] = b"nearplac";
/// Of the form of the file; a reader knows exactly one.
pub const VERSION: u32 = 1;
const HEADER: usize = 24;
/// Bytes of a number in a column.
const PLANES: usize = 3;

/// What each section holds; the number is its place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Section {
    /// Lines: code of the country, how many of its rows, how its postcodes are written.
    Countries,
    /// Lines: name, code and number of the country of each region.
    Regions,
    /// The names of places in order: how many bytes they share with the one before, and the rest of the line.
    Names,
    /// For each row its name.
    RowNames,
    /// For each row its region.
    RowRegions,
    /// For each row the postcode, where all of the country are digits: by how much it is above the one before.
    Codes,
    /// The other postcodes, as lines like those of the names.
    CodeTexts,
    /// For each row degrees north, as steps from the one before.
    Latitudes,
    /// For each row degrees east, as steps from the one before.
    Longitudes,
    /// Who is to be named as the source; empty where nobody has to be.
    Credit,
}

pub(crate) const SECTIONS: usize = Section::Credit as usize + 1;

/// Why bytes are not a gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damaged {
    /// Something else altogether.
    Foreign,
    /// Of another version of this software.
    Version(u32),
    /// Cut off, or longer than it says.
    Length,
    /// Changed on its way.
    Checksum,
    /// Whole, and still makes no sense here.
    Content(&'static str),
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("this is no gazetteer"),
            Self::Version(_) => f.write_str("this gazetteer is of another version"),
            Self::Length => f.write_str("this gazetteer is not whole"),
            Self::Checksum => f.write_str("this gazetteer was damaged on its way"),
            Self::Content(what) => {
                f.write_str("this gazetteer is inconsistent: ")?;
                f.write_str(what)
            }
        }
    }
}

impl std::error::Error for Damaged {}

/// Where the sections of a file are.
pub(crate) struct Sections<'a> {
    pub(crate) rows: usize,
    file: &'a [u8],
    ranges: Vec<Range<usize>>,
}

impl<'a> Sections<'a> {
    /// Checks header, length and checksum.
    pub(crate) fn of(file: &'a [u8]) -> Result<Self, Damaged> {
        if !file.starts_with(MAGIC) {
            return Err(Damaged::Foreign);
        }
        let version = number(file, 8, 4).ok_or(Damaged::Length)?;
        if version != u64::from(VERSION) {
            return Err(Damaged::Version(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        let rows = number(file, 12, 4).ok_or(Damaged::Length)?;
        let written = number(file, 16, 8).ok_or(Damaged::Length)?;
        let mut ranges = Vec::with_capacity(SECTIONS);
        let mut begin = HEADER + 4 * SECTIONS;
        for section in 0..SECTIONS {
            let length = number(file, HEADER + 4 * section, 4).ok_or(Damaged::Length)?;
            let end = begin.checked_add(place(length)).ok_or(Damaged::Length)?;
            ranges.push(begin..end);
            begin = end;
        }
        if begin != file.len() {
            return Err(Damaged::Length);
        }
        if checksum(file.get(HEADER..).unwrap_or_default()) != written {
            return Err(Damaged::Checksum);
        }
        Ok(Self { rows: place(rows), file, ranges })
    }

    pub(crate) fn bytes(&self, section: Section) -> &'a [u8] {
        let range = self.ranges.get(section as usize).cloned().unwrap_or_default();
        self.file.get(range).unwrap_or_default()
    }

    pub(crate) fn text(&self, section: Section) -> Result<&'a str, Damaged> {
        std::str::from_utf8(self.bytes(section)).map_err(|_| Damaged::Content("text"))
    }

    /// A column: one number for each row.
    pub(crate) fn column(&self, section: Section) -> Result<Vec<u32>, Damaged> {
        let bytes = self.bytes(section);
        if bytes.len() != self.rows.checked_mul(PLANES).ok_or(Damaged::Length)? {
            return Err(Damaged::Content("length of a column"));
        }
        let planes: Vec<&[u8]> = if self.rows == 0 { vec![] } else { bytes.chunks_exact(self.rows).collect() };
        let byte = |plane: usize, row: usize| planes.get(plane).and_then(|p| p.get(row)).copied().unwrap_or(0);
        Ok((0..self.rows)
            .map(|row| (0..PLANES).rev().fold(0, |n, plane| n << 8 | u32::from(byte(plane, row))))
            .collect())
    }
}

fn number(bytes: &[u8], from: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(from..from + length)?;
    Some(bytes.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)))
}

/// A number of the file as a place; what no machine has becomes one that no file has.
pub(crate) fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX / 2)
}

/// The bytes of a column, lowest first. What does not fit into three bytes is cut: the builder has checked.
pub(crate) fn column(numbers: &[u32]) -> Vec<u8> {
    (0..PLANES).flat_map(|plane| numbers.iter().map(move |n| n.to_le_bytes()[plane])).collect()
}

/// Puts sections together, in their order.
pub(crate) fn assemble(rows: usize, sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let small = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    let mut checked = Vec::new();
    for section in sections {
        checked.extend(small(section.len()));
    }
    for section in sections {
        checked.extend(section);
    }
    let mut file = MAGIC.to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(small(rows));
    file.extend(checksum(&checked).to_le_bytes());
    file.extend(checked);
    file
}

/// Each step is a bijection of the state, so whatever changes in one word of eight bytes changes the result.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| (state ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let mut state = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    for word in bytes.chunks(8) {
        state = mix(state, word.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)));
    }
    state
}

/// A number of the file as a position.
pub(crate) fn at(number: u32) -> usize {
    place(u64::from(number))
}

/// The byte that says that a line shares nothing with the one before.
pub(crate) const SHARED_FROM: u8 = b'!';

/// Steps of a degree: 0.002°, at most 110 m from where the gazetteer has it.
pub(crate) const STEPS: f64 = 500.0;

/// A step down as an odd number, a step up as an even one, so that small steps are small numbers.
pub(crate) fn zigzag(step: i32) -> u32 {
    step.unsigned_abs() << 1 | u32::from(step < 0)
}

/// The step of such a number.
pub(crate) fn unzigzag(number: u32) -> i32 {
    let step = i32::try_from(number >> 1).unwrap_or(0);
    if number & 1 == 1 { -step } else { step }
}
