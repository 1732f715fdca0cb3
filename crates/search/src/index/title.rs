//! A title, put together again from its spellings.

use alloc::string::String;
use alloc::vec::Vec;

use super::Index;
use crate::build::{Shape, spell, width};
use crate::num::{at, number, small};

/// A part of a title as it is read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What stands between words.
    Between,
    /// A word of the dictionary.
    Word(u32),
}

impl Index {
    /// The title of a product.
    #[must_use]
    pub fn title(&self, doc: u32) -> String {
        let mut title = String::new();
        self.read_title(doc, |_, text| title.push_str(text));
        title
    }

    /// Calls with each part of a title in order, and its text.
    pub(crate) fn read_title(&self, doc: u32, mut part: impl FnMut(Part, &str)) {
        let width = width(self.separators.len() + self.piece_shapes.len());
        let start = self.derived.title_starts.get(at(doc)).copied().map_or(usize::MAX, at);
        let titles = self.file.get(self.titles.clone()).unwrap_or_default();
        let mut after_word = false;
        let mut text = String::new();
        for piece in titles.get(start..).unwrap_or_default().chunks_exact(width) {
            let Some(number) = number(piece).checked_sub(1) else { return };
            text.clear();
            if number < self.separators.len() {
                self.separators.push_to(&self.file, number, &mut text);
                part(Part::Between, &text);
                after_word = false;
                continue;
            }
            let word = self.spelling(number - self.separators.len(), &mut text);
            let silent = text.is_empty();
            if after_word && !silent {
                part(Part::Between, " ");
            }
            part(Part::Word(word), &text);
            after_word = true;
        }
    }

    /// Whether the title has these words one behind the other.
    pub(crate) fn follow_each_other(&self, doc: u32, terms: &[u32]) -> bool {
        let width = width(self.separators.len() + self.piece_shapes.len());
        let start = self.derived.title_starts.get(at(doc)).copied().map_or(usize::MAX, at);
        let titles = self.file.get(self.titles.clone()).unwrap_or_default();
        let mut words: Vec<u32> = Vec::new();
        for piece in titles.get(start..).unwrap_or_default().chunks_exact(width) {
            let piece = number(piece);
            if piece == 0 {
                break;
            }
            if let Some(spelling) = piece.checked_sub(self.separators.len() + 1) {
                words.push(small(self.piece_terms.place(&self.file, spelling)));
            }
        }
        words.windows(terms.len().max(1)).any(|window| window == terms)
    }

    /// The word of a spelling, and how it is spelt.
    fn spelling(&self, number: usize, out: &mut String) -> u32 {
        let word = small(self.piece_terms.place(&self.file, number));
        let shapes = self.file.get(self.piece_shapes.clone()).unwrap_or_default();
        match shapes.get(number).copied().and_then(Shape::of).unwrap_or(Shape::Silent) {
            Shape::Text => {
                let block = number / 16;
                let before = self.derived.texts_before.get(block).copied().map_or(0, at);
                let inside = shapes.get(block * 16..number).unwrap_or_default();
                let mut text = before;
                for shape in inside {
                    text += usize::from(*shape == Shape::Text as u8);
                }
                self.piece_texts.push_to(&self.file, text, out);
            }
            shape => spell(&self.term(word), shape, out),
        }
        word
    }
}
