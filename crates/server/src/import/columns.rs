//! Which field of a row is which: columns are known by their names in the header, in any order.

use super::error::Kind;
use super::records::Record;
use super::report::{Note, Reason};
use super::text::{self, Cleaned};

/// A column that a format knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Its place in the format's own list, which is also that of [`Layout`].
    at: usize,
    /// Its name in the header.
    name: &'static str,
    /// Whether a file without it is another kind of file.
    needed: bool,
}

impl Column {
    pub(super) const fn needed(at: usize, name: &'static str) -> Self {
        Self { at, name, needed: true }
    }

    pub(super) const fn optional(at: usize, name: &'static str) -> Self {
        Self { at, name, needed: false }
    }
}

/// Where each column of a format stands in the rows of one file.
#[derive(Debug)]
pub(super) struct Layout(Vec<Option<usize>>);

/// How many column names of a wrong file are told.
const NAMES_TOLD: usize = 12;

impl Layout {
    /// Finds the columns by name; capitals, `_` for a space and spaces around make no difference, as in the originals.
    /// The problem is told for people.
    pub(super) fn find(columns: &[Column], header: &Record<'_>, kind: Kind) -> Result<Self, String> {
        let same = |text: &str| text.trim().to_lowercase().replace('_', " ");
        let names: Vec<String> = header.iter().map(same).collect();
        let mut places = Vec::new();
        let mut missing = Vec::new();
        for column in columns {
            let wanted = same(column.name);
            let mut found = names.iter().enumerate().filter(|(_, name)| **name == wanted).map(|(at, _)| at);
            let place = found.next();
            if found.next().is_some() {
                return Err(format!("it has two columns {:?}", column.name));
            }
            if place.is_none() && column.needed {
                missing.push(format!("{:?}", column.name));
            }
            places.push(place);
        }
        if missing.is_empty() {
            return Ok(Self(places));
        }
        let told: Vec<String> =
            header.iter().take(NAMES_TOLD).map(|name| format!("{:?}", text::excerpt(name))).collect();
        let more = if header.len() > NAMES_TOLD { ", ..." } else { "" };
        let apart = if kind.delimiter() == b'\t' { "a tab" } else { "a comma" };
        let hint = if header.len() == 1 { format!(" (fields must be apart by {apart})") } else { String::new() };
        Err(format!("its header has no {}; it has {}{more}{hint}", missing.join(", no "), told.join(", ")))
    }
}

/// One row, with its fields by column, and what was noticed about it so far.
pub(super) struct Cells<'a> {
    record: &'a Record<'a>,
    layout: &'a Layout,
    line: u64,
    warnings: Vec<Note>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(record: &'a Record<'a>, layout: &'a Layout, line: u64) -> Self {
        Self { record, layout, line, warnings: Vec::new() }
    }

    /// The field without the spaces around it; empty where the file has no such column.
    pub(super) fn get(&self, column: Column) -> &'a str {
        let place = self.layout.0.get(column.at).copied().flatten();
        place.and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    /// A text for people, without what does not belong there; `None` where nothing is left.
    pub(super) fn text(&mut self, column: Column, most: usize) -> Option<String> {
        let Cleaned { text, control, bidi, cut } = text::clean(self.get(column), most);
        for (noticed, reason) in [(control, Reason::ControlTaken), (bidi, Reason::BidiTaken), (cut, Reason::TextCut)] {
            if noticed {
                self.warn(column, reason);
            }
        }
        (!text.is_empty()).then(|| text.into_owned())
    }

    /// A text that must be there and is refused, not cut, where it is too long.
    pub(super) fn title(&mut self, column: Column, most: usize) -> Result<String, Note> {
        let Some(title) = self.text(column, usize::MAX) else { return Err(self.refuse(column, Reason::Empty)) };
        if title.chars().count() > most { Err(self.refuse(column, Reason::TextTooLong)) } else { Ok(title) }
    }

    /// Why the row is refused.
    pub(super) fn refuse(&self, column: Column, reason: Reason) -> Note {
        Note::new(self.line, Some(column.name), reason, self.get(column))
    }

    /// Something to say about a row that is taken all the same.
    pub(super) fn warn(&mut self, column: Column, reason: Reason) {
        self.warnings.push(self.refuse(column, reason));
    }

    pub(super) fn into_warnings(self) -> Vec<Note> {
        self.warnings
    }
}

#[cfg(test)]
mod tests {
    use super::super::records::Records;
    use super::*;

    const CODE: Column = Column::needed(0, "store_code");
    const PRICE: Column = Column::optional(1, "price");

    fn check(header: &str, expect: Result<[Option<usize>; 2], &str>) {
        let mut records = Records::new(header.as_bytes(), b'\t');
        let next = records.next().unwrap().unwrap();
        let got = Layout::find(&[CODE, PRICE], &next.row.unwrap(), Kind::Inventory);
        match (got, expect) {
            (Ok(layout), Ok(places)) => assert_eq!(layout.0, places, "{header}"),
            (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
            (got, _) => panic!("{header}: {got:?}"),
        }
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        check("store_code\tprice", Ok([Some(0), Some(1)]));
        check("x\tprice\t Store Code ", Ok([Some(2), Some(1)]));
        check("STORE_CODE", Ok([Some(0), None]));
    }

    #[test]
    fn a_header_that_does_not_fit_is_explained() {
        check("price\tid", Err("has no \"store_code\"; it has \"price\", \"id\""));
        check("store_code,price", Err("fields must be apart by a tab"));
        check("store_code\tstore code", Err("two columns \"store_code\""));
    }
}
