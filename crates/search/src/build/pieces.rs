//! Titles as numbers of spellings: `Vega RTX 4080` is three words, of which each is written down once for all titles.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::fold::words;
use crate::num::small;

/// How a spelling is made of the folded word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Shape {
    /// As it is.
    Lower = 0,
    /// With a capital in front (ASCII).
    Capital = 1,
    /// In capitals (ASCII).
    Upper = 2,
    /// Written out in full.
    Text = 3,
    /// Not seen: a second word that the characters of the spelling before it stand for as well, as in `¼`.
    Silent = 4,
}

impl Shape {
    pub(crate) fn of(byte: u8) -> Option<Self> {
        [Self::Lower, Self::Capital, Self::Upper, Self::Text, Self::Silent].get(usize::from(byte)).copied()
    }
}

/// A part of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The word that it is; what stands between words is none.
    pub(super) term: Option<String>,
    shape: Shape,
    /// Of a separator and of [`Shape::Text`].
    text: String,
}

/// The parts of a title. A single space between two words is left out.
pub(super) fn split(title: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut end = 0;
    for word in words(title) {
        // One character can belong to two words; it is spelt with the first of them.
        let from = word.range.start.max(end);
        let seen = word.range.end > end;
        if seen {
            separator(title.get(end..from).unwrap_or_default(), end == 0, &mut pieces);
        }
        let text = title.get(from..word.range.end).unwrap_or_default();
        let shape = if seen { shape(&word.folded, text) } else { Shape::Silent };
        let text = if shape == Shape::Text { text.to_owned() } else { String::new() };
        pieces.push(Piece { term: Some(word.folded), shape, text });
        end = end.max(word.range.end);
    }
    let rest = title.get(end..).unwrap_or_default();
    if !rest.is_empty() {
        separator(rest, true, &mut pieces);
    }
    pieces
}

fn separator(text: &str, edge: bool, pieces: &mut Vec<Piece>) {
    // Two words that touch (a quotation mark that stands for inches) need a mark that there is no space.
    if text != " " && !(edge && text.is_empty()) || (edge && text == " ") {
        pieces.push(Piece { term: None, shape: Shape::Text, text: text.to_owned() });
    }
}

fn shape(folded: &str, text: &str) -> Shape {
    for shape in [Shape::Lower, Shape::Capital, Shape::Upper] {
        let mut made = String::new();
        spell(folded, shape, &mut made);
        if made == text {
            return shape;
        }
    }
    Shape::Text
}

/// Writes a word in a shape that follows from it.
pub(crate) fn spell(folded: &str, shape: Shape, out: &mut String) {
    match shape {
        Shape::Lower => out.push_str(folded),
        Shape::Upper => out.extend(folded.chars().map(|c| c.to_ascii_uppercase())),
        Shape::Capital => {
            let mut letters = folded.chars();
            out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
            out.push_str(letters.as_str());
        }
        Shape::Text | Shape::Silent => {}
    }
}

/// All parts of all titles, numbered: 0 ends a title, then separators, then words in their order.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) separators: Vec<String>,
    pub(super) terms: Vec<u64>,
    pub(super) shapes: Vec<u8>,
    pub(super) texts: Vec<String>,
    pub(super) titles: Vec<u8>,
}

impl Pieces {
    pub(super) fn of(titles: &[Vec<Piece>], number: &BTreeMap<&str, u32>) -> Self {
        type Key<'a> = (Option<u32>, Shape, &'a str);
        let key = |piece: &'_ Piece| -> (Option<u32>, Shape) {
            (piece.term.as_ref().and_then(|term| number.get(term.as_str()).copied()), piece.shape)
        };
        let keys: BTreeSet<Key<'_>> = titles
            .iter()
            .flatten()
            .map(|piece| {
                let (term, shape) = key(piece);
                (term, shape, piece.text.as_str())
            })
            .collect();
        let ids: BTreeMap<Key<'_>, u32> = keys.iter().copied().zip(1u32..).collect();
        let mut pieces = Self::default();
        for (term, shape, text) in &keys {
            match term {
                None => pieces.separators.push((*text).to_owned()),
                Some(term) => {
                    pieces.terms.push(u64::from(*term));
                    pieces.shapes.push(*shape as u8);
                    if *shape == Shape::Text {
                        pieces.texts.push((*text).to_owned());
                    }
                }
            }
        }
        let width = width(keys.len());
        for title in titles {
            for piece in title {
                let (term, shape) = key(piece);
                let id = ids.get(&(term, shape, piece.text.as_str())).copied().unwrap_or_default();
                pieces.titles.extend(id.to_le_bytes().iter().take(width));
            }
            pieces.titles.extend(small(0).to_le_bytes().iter().take(width));
        }
        pieces
    }
}

/// Bytes of the number of a piece.
pub(crate) fn width(pieces: usize) -> usize {
    if pieces < 0x1_0000 { 2 } else { 3 }
}
