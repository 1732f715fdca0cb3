//! Columns of texts and numbers, read in place.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::Damaged;
use crate::num::{at, byte, number, small};

/// The starts of every so many texts are kept; those between are counted.
const STRIDE: usize = 16;

/// Texts, one after the other, without the beginning that all of them share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    count: usize,
    /// Bytes of a length: 1 or 2.
    width: usize,
    prefix: Range<usize>,
    lens: usize,
    blob: usize,
    starts: Vec<u32>,
}

/// `count`, width, the shared beginning, the lengths, the rest.
pub(crate) fn write_texts<T: AsRef<str>>(texts: &[T]) -> Vec<u8> {
    let shared = shared_prefix(texts);
    let rests: Vec<&str> = texts.iter().map(|t| t.as_ref().get(shared..).unwrap_or_default()).map(cut).collect();
    let wide = rests.iter().any(|rest| rest.len() > 255);
    let mut out = small(texts.len()).to_le_bytes().to_vec();
    out.push(if wide { 2 } else { 1 });
    out.push(byte(shared));
    out.extend(texts.first().and_then(|t| t.as_ref().as_bytes().get(..shared)).unwrap_or_default());
    for rest in &rests {
        let len = small(rest.len()).to_le_bytes();
        out.extend(len.iter().take(if wide { 2 } else { 1 }));
    }
    for rest in rests {
        out.extend(rest.as_bytes());
    }
    out
}

/// Nothing in a feed is that long; a text that is loses its end.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn shared_prefix<T: AsRef<str>>(texts: &[T]) -> usize {
    let Some((first, others)) = texts.split_first() else { return 0 };
    let first = first.as_ref();
    let mut shared = first.len().min(200);
    for other in others {
        let same = first.bytes().zip(other.as_ref().bytes()).take(shared).take_while(|(a, b)| a == b).count();
        shared = same;
    }
    while !first.is_char_boundary(shared) {
        shared -= 1;
    }
    shared
}

impl Texts {
    /// Finds its way in a section; `count` of texts is demanded where the caller knows it.
    pub(crate) fn open(file: &[u8], section: Range<usize>, count: Option<u32>) -> Result<Self, Damaged> {
        let bad = Damaged::Content("a column of texts");
        let bytes = file.get(section.clone()).ok_or(bad)?;
        let &[a, b, c, d, width @ (1 | 2), prefix, ..] = bytes else { return Err(bad) };
        let found = u32::from_le_bytes([a, b, c, d]);
        if count.is_some_and(|count| count != found) {
            return Err(Damaged::Content("number of texts"));
        }
        let (count, width, prefix) = (at(found), usize::from(width), usize::from(prefix));
        let lens = 6 + prefix;
        let blob = count.checked_mul(width).and_then(|n| n.checked_add(lens)).ok_or(bad)?;
        let text = bytes.get(blob..).ok_or(bad)?;
        let text = core::str::from_utf8(text).map_err(|_| bad)?;
        core::str::from_utf8(bytes.get(6..lens).ok_or(bad)?).map_err(|_| bad)?;
        let mut starts = Vec::with_capacity(count / STRIDE + 1);
        let (mut start, mut number) = (0, 0);
        let lens = bytes.get(lens..blob).ok_or(bad)?;
        // A plain loop: it runs for every text of every column before the first answer.
        while number < count {
            if number % STRIDE == 0 {
                starts.push(small(start));
            }
            let place = number * width;
            start += usize::from(lens.get(place).copied().unwrap_or_default());
            if width == 2 {
                start += usize::from(lens.get(place + 1).copied().unwrap_or_default()) << 8;
            }
            if !text.is_char_boundary(start) {
                return Err(bad);
            }
            number += 1;
        }
        let lens = 6 + prefix;
        if start != text.len() {
            return Err(bad);
        }
        let from = section.start;
        Ok(Self { count, width, prefix: from + 6..from + lens, lens: from + lens, blob: from + blob, starts })
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Those between `from` and `to`, with their numbers, without the shared beginning.
    pub(crate) fn rests<'a>(&'a self, file: &'a [u8], range: Range<usize>) -> impl Iterator<Item = &'a [u8]> {
        let first = range.start / STRIDE * STRIDE;
        let mut start = self.blob + at(self.starts.get(range.start / STRIDE).copied().unwrap_or_default());
        let lens = file.get(self.lens + first * self.width..self.lens + range.end.min(self.count) * self.width);
        lens.unwrap_or_default()
            .chunks_exact(self.width.max(1))
            .map(move |len| {
                let end = start + number(len);
                let rest = file.get(start..end).unwrap_or_default();
                start = end;
                rest
            })
            .skip(range.start - first)
    }

    pub(crate) fn all<'a>(&'a self, file: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.rests(file, 0..self.count)
    }

    pub(crate) fn prefix<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        file.get(self.prefix.clone()).unwrap_or_default()
    }

    /// One of them, without the shared beginning; empty where there is none.
    pub(crate) fn rest<'a>(&'a self, file: &'a [u8], number: usize) -> &'a [u8] {
        if number < self.count { self.rests(file, number..number + 1).next().unwrap_or_default() } else { &[] }
    }

    /// One of them whole.
    pub(crate) fn push_to(&self, file: &[u8], number: usize, out: &mut String) {
        for part in [self.prefix(file), self.rest(file, number)] {
            out.push_str(core::str::from_utf8(part).unwrap_or_default());
        }
    }

    pub(crate) fn text(&self, file: &[u8], number: usize) -> String {
        let mut text = String::new();
        self.push_to(file, number, &mut text);
        text
    }

    /// The first for which `before` does not hold; they must be in an order in which it holds for the first ones.
    pub(crate) fn partition(&self, file: &[u8], before: impl Fn(&[u8]) -> bool) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if before(self.rest(file, middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Bytes that were allocated beside the file.
    pub(crate) fn heap(&self) -> usize {
        self.starts.capacity() * 4
    }
}

/// Numbers, first the lowest byte of each, then the next of each, and so on: neighbours are alike, and zeros vanish.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers {
    count: usize,
    planes: Range<usize>,
}

/// As many planes as the largest number needs, none where all are zero.
pub(crate) fn write_numbers(numbers: &[u64]) -> Vec<u8> {
    let largest = numbers.iter().copied().max().unwrap_or_default();
    let planes = (0..8).filter(|plane| largest >> (8 * plane) != 0).count();
    let bytes: Vec<[u8; 8]> = numbers.iter().map(|number| number.to_le_bytes()).collect();
    (0..planes).flat_map(|plane| bytes.iter().filter_map(move |bytes| bytes.get(plane).copied())).collect()
}

impl Numbers {
    pub(crate) fn open(file: &[u8], section: Range<usize>, count: usize) -> Result<Self, Damaged> {
        let len = file.get(section.clone()).ok_or(Damaged::Length)?.len();
        let fits = if count == 0 { len == 0 } else { len % count == 0 && len / count <= 8 };
        if fits { Ok(Self { count, planes: section }) } else { Err(Damaged::Content("a column of numbers")) }
    }

    pub(crate) fn get(&self, file: &[u8], number: usize) -> u64 {
        if number >= self.count {
            return 0;
        }
        let mut place = self.planes.start + number;
        let (mut value, mut shift) = (0u64, 0);
        while place < self.planes.end {
            value |= u64::from(file.get(place).copied().unwrap_or_default()) << shift;
            place += self.count;
            shift += 8;
        }
        value
    }

    /// As a position; what is too large is none.
    pub(crate) fn place(&self, file: &[u8], number: usize) -> usize {
        usize::try_from(self.get(file, number)).unwrap_or(usize::MAX)
    }

    /// Whether all are below `limit`.
    pub(crate) fn below(&self, file: &[u8], limit: usize) -> bool {
        if self.planes.is_empty() {
            return limit > 0;
        }
        let mut below = true;
        for number in 0..self.count {
            below &= self.place(file, number) < limit;
        }
        below
    }
}

/// Writes a number in groups of seven bits, the lowest first.
pub(crate) fn write_varint(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.extend(u8::try_from(number & 0x7F | 0x80));
        number >>= 7;
    }
    out.extend(u8::try_from(number));
}

/// Takes such a number off the front.
pub(crate) fn read_varint(bytes: &mut &[u8]) -> Option<u32> {
    let (mut number, mut shift) = (0u32, 0);
    loop {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(first & 0x7F).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// Reads one list of numbers for each of `count`: how many, then each.
pub(crate) fn read_lists(mut bytes: &[u8], count: usize) -> Result<Vec<Vec<u32>>, Damaged> {
    let bad = Damaged::Content("a list of words");
    let mut lists = Vec::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        let len = at(read_varint(&mut bytes).ok_or(bad)?);
        // Each number has at least one byte: a length that is made up is noticed before anything is set aside for it.
        if len > bytes.len() {
            return Err(bad);
        }
        let mut list = Vec::with_capacity(len);
        for _ in 0..len {
            list.push(read_varint(&mut bytes).ok_or(bad)?);
        }
        lists.push(list);
    }
    if bytes.is_empty() { Ok(lists) } else { Err(bad) }
}

pub(crate) fn write_lists(lists: &[Vec<u32>]) -> Vec<u8> {
    let mut out = Vec::new();
    for list in lists {
        write_varint(&mut out, small(list.len()));
        list.iter().for_each(|number| write_varint(&mut out, *number));
    }
    out
}
