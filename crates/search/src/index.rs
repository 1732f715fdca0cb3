//! The index as it is searched: the file in place, and beside it what is quicker to work out than to send.

mod attribute;
mod derive;
mod title;

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::file::columns::{Numbers, Texts};
use crate::file::{ATTRIBUTES, Damaged, Section, Sections};
use crate::num::{at, small};
use crate::synonyms::Synonyms;
use attribute::Attribute;
use derive::Derived;

pub(crate) use derive::{Field, Posting, rarity};
pub(crate) use title::Part;

/// Products, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    file: Vec<u8>,
    docs: usize,
    terms: Texts,
    separators: Texts,
    piece_terms: Numbers,
    piece_shapes: Range<usize>,
    piece_texts: Texts,
    titles: Range<usize>,
    skus: Texts,
    mpns: Texts,
    gtins: Texts,
    images: Texts,
    prices: Numbers,
    popularity: Numbers,
    groups: Numbers,
    attributes: [Attribute; ATTRIBUTES],
    synonyms: Synonyms,
    derived: Derived,
}

/// The attributes, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Brand,
    Category,
    Color,
    Size,
    Currency,
}

/// Products beyond this do not fit into a posting.
const MOST_DOCS: u32 = 1 << 24;

impl Index {
    /// Reads a file that [`crate::build`] wrote.
    ///
    /// # Errors
    /// [`Damaged`] for anything else; nothing in the file is believed that can be checked.
    pub fn open(file: Vec<u8>) -> Result<Self, Damaged> {
        let sections = Sections::of(&file)?;
        if sections.docs >= MOST_DOCS {
            return Err(Damaged::Content("more products than can be"));
        }
        let docs = at(sections.docs);
        let of_docs = Some(sections.docs);
        let texts = |section, count| Texts::open(&file, sections.range(section), count);
        let piece_shapes = sections.range(Section::PieceShapes);
        let pieces = piece_shapes.len();
        let numbers = |section| Numbers::open(&file, sections.range(section), docs);
        let terms = texts(Section::Terms, None)?;
        let mut attributes: [Attribute; ATTRIBUTES] = Default::default();
        for (number, attribute) in attributes.iter_mut().enumerate() {
            *attribute = Attribute::open(&file, sections.attribute(number), docs, terms.len())?;
        }
        let synonyms = file.get(sections.range(Section::Synonyms)).and_then(|text| core::str::from_utf8(text).ok());
        let synonyms = synonyms.and_then(|text| Synonyms::parse(text).ok());
        let mut index = Self {
            docs,
            separators: texts(Section::Separators, None)?,
            piece_terms: Numbers::open(&file, sections.range(Section::PieceTerms), pieces)?,
            piece_texts: texts(Section::PieceTexts, None)?,
            piece_shapes,
            titles: sections.range(Section::Titles),
            skus: texts(Section::Skus, of_docs)?,
            mpns: texts(Section::Mpns, of_docs)?,
            gtins: texts(Section::Gtins, of_docs)?,
            images: texts(Section::Images, of_docs)?,
            prices: numbers(Section::Prices)?,
            popularity: numbers(Section::Popularity)?,
            groups: numbers(Section::Groups)?,
            synonyms: synonyms.ok_or(Damaged::Content("synonyms"))?,
            derived: Derived::default(),
            terms,
            attributes,
            file: Vec::new(),
        };
        index.derived = Derived::of(&index, &file, sections.range(Section::Descriptions))?;
        index.file = file;
        Ok(index)
    }

    /// How many product variants there are; they are numbered from 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.docs
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.docs == 0
    }

    /// The code of a product.
    #[must_use]
    pub fn sku(&self, doc: u32) -> String {
        self.skus.text(&self.file, at(doc))
    }

    /// The product with this code.
    #[must_use]
    pub fn doc(&self, sku: &str) -> Option<u32> {
        let rest = sku.as_bytes().strip_prefix(self.skus.prefix(&self.file))?;
        self.skus.all(&self.file).position(|known| known == rest).map(small)
    }

    /// Bytes that all of it takes in memory: the file and what stands beside it.
    #[must_use]
    pub fn memory(&self) -> usize {
        let columns =
            [&self.terms, &self.separators, &self.piece_texts, &self.skus, &self.mpns, &self.gtins, &self.images];
        self.file.capacity() + self.derived.heap() + columns.iter().map(|column| column.heap()).sum::<usize>()
    }

    pub(crate) fn barcode(&self, doc: usize) -> String {
        self.gtins.text(&self.file, doc)
    }

    pub(crate) fn push_image(&self, doc: usize, out: &mut String) {
        if !self.images.rest(&self.file, doc).is_empty() {
            self.images.push_to(&self.file, doc, out);
        }
    }

    /// In minor units.
    pub(crate) fn price(&self, doc: usize) -> Option<u64> {
        self.prices.get(&self.file, doc).checked_sub(1)
    }

    pub(crate) fn popularity(&self, doc: usize) -> u64 {
        self.popularity.get(&self.file, doc)
    }

    /// The group of variants, from 1 on; 0 where it is the only one.
    pub(crate) fn group(&self, doc: usize) -> usize {
        self.groups.place(&self.file, doc)
    }

    /// All variants of a group in the order of the catalogue.
    pub(crate) fn members(&self, group: usize) -> &[u32] {
        self.derived.members(group)
    }

    pub(crate) fn groups(&self) -> usize {
        self.derived.groups()
    }

    fn attribute(&self, of: Of) -> Option<&Attribute> {
        self.attributes.get(of as usize)
    }

    /// The number of a value that a product has, from 1 on; 0 for none.
    pub(crate) fn value(&self, of: Of, doc: usize) -> usize {
        self.attribute(of).map_or(0, |attribute| attribute.of.place(&self.file, doc))
    }

    /// How many values there are.
    pub(crate) fn values(&self, of: Of) -> usize {
        self.attribute(of).map_or(0, |attribute| attribute.values.len())
    }

    /// A value by its number; empty for 0.
    pub(crate) fn text(&self, of: Of, value: usize) -> String {
        let attribute = self.attribute(of).zip(value.checked_sub(1));
        attribute.map(|(attribute, value)| attribute.values.text(&self.file, value)).unwrap_or_default()
    }

    pub(crate) fn synonyms(&self) -> &Synonyms {
        &self.synonyms
    }

    /// A word of the dictionary.
    pub(crate) fn term(&self, term: u32) -> String {
        self.terms.text(&self.file, at(term))
    }

    /// Bytes of a word of the dictionary.
    pub(crate) fn term_len(&self, term: u32) -> usize {
        self.terms.prefix(&self.file).len() + self.terms.rest(&self.file, at(term)).len()
    }

    /// All words of the dictionary in their order, each with the letters that it shares with the one before.
    pub(crate) fn dictionary(&self) -> impl Iterator<Item = (&[u8], u8)> {
        self.terms.all(&self.file).zip(self.derived.shared.iter().copied())
    }

    /// What all words of the dictionary begin with. Nothing, in all but the smallest catalogues.
    pub(crate) fn shared_beginning(&self) -> &[u8] {
        self.terms.prefix(&self.file)
    }

    /// The words that begin with this one, itself first where there is such a word.
    pub(crate) fn beginning(&self, word: &str) -> Range<u32> {
        let shared = self.terms.prefix(&self.file);
        let Some(rest) = word.as_bytes().strip_prefix(shared) else {
            // A word that ends inside of what all begin with is the beginning of all.
            return if shared.starts_with(word.as_bytes()) { 0..small(self.terms.len()) } else { 0..0 };
        };
        let from = self.terms.partition(&self.file, |term| term < rest);
        let to = self.terms.partition(&self.file, |term| term < rest || term.starts_with(rest));
        small(from)..small(to)
    }

    /// The word itself.
    pub(crate) fn exactly(&self, word: &str) -> Option<u32> {
        let rest = word.as_bytes().strip_prefix(self.terms.prefix(&self.file))?;
        let from = self.terms.partition(&self.file, |term| term < rest);
        (from < self.terms.len() && self.terms.rest(&self.file, from) == rest).then(|| small(from))
    }

    pub(crate) fn postings(&self, term: u32) -> &[Posting] {
        self.derived.postings(term)
    }

    /// How much the words of the title say, in sixteenths of squares of [`rarity`].
    pub(crate) fn title_weight(&self, doc: usize) -> u32 {
        self.derived.title_weights.get(doc).copied().map_or(0, u32::from)
    }

    /// How many products before it, of the same brand and category, have the same title; at most 255.
    pub(crate) fn repeat(&self, doc: usize) -> u8 {
        self.derived.repeats.get(doc).copied().unwrap_or_default()
    }

    /// The products whose own or maker's code begins with this, or is it where `whole`; `code` is folded.
    pub(crate) fn with_code(&self, code: &str, whole: bool) -> Vec<u32> {
        let fits = |known: &[u8]| if whole { known == code.as_bytes() } else { known.starts_with(code.as_bytes()) };
        let mut docs: Vec<u32> = Vec::new();
        let mpn_begins = self.mpns.prefix(&self.file);
        let mut whole_code: Vec<u8> = Vec::new();
        let sku_begins: Vec<u8> = self.skus.prefix(&self.file).to_ascii_lowercase();
        let (skus, mpns) = (self.skus.all(&self.file), self.mpns.all(&self.file));
        for ((sku, mpn), doc) in skus.zip(mpns).zip(0u32..) {
            let of_maker = if mpn_begins.is_empty() {
                fits(mpn)
            } else {
                whole_code.clear();
                whole_code.extend(mpn_begins.iter().chain(mpn));
                fits(&whole_code)
            };
            let own = || {
                let letters = sku_begins.iter().chain(sku).filter(|b| b.is_ascii_alphanumeric());
                let mut letters = letters.map(u8::to_ascii_lowercase);
                code.bytes().all(|wanted| letters.next() == Some(wanted)) && !(whole && letters.next().is_some())
            };
            if of_maker || own() {
                docs.push(doc);
            }
        }
        docs
    }

    /// The products with this barcode, leading zeros aside.
    pub(crate) fn with_barcode(&self, digits: &str) -> Vec<u32> {
        let wanted = digits.trim_start_matches('0').as_bytes();
        let begins = self.gtins.prefix(&self.file);
        let is = |rest: &[u8]| {
            let mut digits = begins.iter().chain(rest).skip_while(|digit| **digit == b'0');
            !rest.is_empty() && wanted.iter().all(|wanted| digits.next() == Some(wanted)) && digits.next().is_none()
        };
        if wanted.is_empty() {
            return Vec::new();
        }
        let all = self.gtins.all(&self.file).zip(0u32..);
        all.filter(|(rest, _)| is(rest)).map(|(_, doc)| doc).collect()
    }
}
