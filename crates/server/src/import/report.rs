//! What to tell the people who sent the files.

use std::fmt;
use std::path::PathBuf;

use domain::geo::BadPosition;
use domain::gtin::BadGtin;
use domain::hours::BadHours;
use domain::hours::osm::NotUnderstood;
use domain::id::BadId;
use domain::money::BadMoney;
use places::BadRow;
use serde::{Serialize, Serializer};

use super::error::Kind;
use super::text;

/// So many rows are kept to be told one by one; the counts are of all of them.
pub const MAX_NOTES: usize = 1_000;
/// So many of them are shown to people.
const NOTES_SHOWN: usize = 20;

/// What was found in all files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// In the order in which they were read.
    pub files: Vec<FileReport>,
}

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Which file.
    pub path: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// Rows without the header and without blank lines.
    pub rows: u64,
    /// Rows that are in the database now.
    pub taken: u64,
    /// Rows that are not, because they are older than what the database knows of their shelf.
    pub older: u64,
    /// Rows that are not, because something is wrong with them.
    pub refused: Notes,
    /// What was odd about rows that were taken; one row may have several.
    pub warnings: Notes,
}

/// Remarks about rows: all of them counted, the first [`MAX_NOTES`] kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Notes {
    /// How many there are.
    pub count: u64,
    /// How many of each sort.
    pub groups: Vec<Group>,
    /// The first of them, in the order of the file.
    pub first: Vec<Note>,
}

/// How many remarks say the same of the same column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Where; `None` for the row as a whole.
    pub column: Option<&'static str>,
    /// What.
    pub reason: Reason,
    /// How many.
    pub count: u64,
}

/// One remark about one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where the row begins; the header is line 1.
    pub line: u64,
    /// Where in the row; `None` for the row as a whole.
    pub column: Option<&'static str>,
    /// What.
    pub reason: Reason,
    /// The beginning of the field as it stands in the file.
    pub value: String,
}

/// What is wrong or odd; in JSON its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the text below says it
pub enum Reason {
    // The row as a whole.
    FieldCount,
    NotUtf8,
    RowTooLong,
    QuoteNotClosed,
    // Refusals.
    Id(BadId),
    Duplicate,
    Empty,
    TextTooLong,
    DecimalComma,
    NotANumber,
    Position(BadPosition),
    ZeroZero,
    Swapped,
    UnknownZone,
    Place(BadRow),
    Price(BadMoney),
    SaleInOtherCurrency,
    UnknownStore,
    UnknownProduct,
    QuantityNegative,
    QuantityFraction,
    QuantityTooLarge,
    // Warnings.
    ControlTaken,
    BidiTaken,
    TextCut,
    Gtin(BadGtin),
    Image,
    Hours(BadHours),
    HoursIncomplete,
    HoursContradict,
    HoursTwice,
    PickupWindow,
    PickupCapacity,
    CutOff,
    HoursText(NotUnderstood),
    AvailabilityUnknown,
    AvailabilityContradicts,
    PickupUnknown,
    SlaUnknown,
    SaleWithoutPrice,
    SaleNotLower,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::FieldCount => "does not have as many fields as the header",
            Reason::NotUtf8 => "is not UTF-8 text",
            Reason::RowTooLong => "is longer than 256 KiB",
            Reason::QuoteNotClosed => "has a quotation mark that is not closed",
            Reason::Id(bad) => return bad.fmt(f),
            Reason::Duplicate => "is in the file already",
            Reason::Empty => "is empty",
            Reason::TextTooLong => "is longer than 500 characters",
            Reason::DecimalComma => "has a comma in place of the decimal point",
            Reason::NotANumber => "is not a number",
            Reason::Position(bad) => return bad.fmt(f),
            Reason::ZeroZero => "is 0, and so is the longitude: nobody has a shop there",
            Reason::Swapped => "and the longitude seem to have changed places",
            Reason::UnknownZone => "is no time zone of the IANA database",
            Reason::Place(bad) => return bad.fmt(f),
            Reason::Price(bad) => return bad.fmt(f),
            Reason::SaleInOtherCurrency => "is not in the currency of the price",
            Reason::UnknownStore => "is no store that was imported",
            Reason::UnknownProduct => "is no product that was imported",
            Reason::QuantityNegative => "is negative",
            Reason::QuantityFraction => "is not a whole number",
            Reason::QuantityTooLarge => "is more than 1,000,000,000",
            Reason::ControlTaken => "has control characters; taken without them",
            Reason::BidiTaken => "has characters that turn the direction of writing; taken without them",
            Reason::TextCut => "is too long; its end is cut off",
            Reason::Gtin(bad) => return write!(f, "{bad}; taken without gtin"),
            Reason::Image => "is neither https:// nor a path beginning with /; taken without picture",
            Reason::Hours(bad) => return write!(f, "{bad}; taken with hours unknown"),
            Reason::HoursIncomplete => "is empty where other days are not; taken with weekly hours unknown",
            Reason::HoursContradict => "is both closed and open; taken with hours unknown",
            Reason::PickupWindow => "is not 5 to 480 minutes of which a day is whole ones; taken without windows",
            Reason::PickupCapacity => "is not 1 to 10000; taken without a limit",
            Reason::CutOff => "is not HH:MM; taken without a cut-off",
            Reason::HoursTwice => "is given beside the days of the week; those count",
            Reason::HoursText(why) => return write!(f, "{why}; shown as text, with hours unknown"),
            Reason::AvailabilityUnknown => "is a word that is not known; the quantity says it",
            Reason::AvailabilityContradicts => "is out_of_stock and the quantity is not 0; the quantity counts",
            Reason::PickupUnknown => "is a word that is not known; taken as reserve",
            Reason::SlaUnknown => "is a word that is not known; taken as same_day",
            Reason::SaleWithoutPrice => "stands without a price; left out",
            Reason::SaleNotLower => "is not lower than the price; left out",
        })
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Note {
    pub(super) fn new(line: u64, column: Option<&'static str>, reason: Reason, value: &str) -> Self {
        Self { line, column, reason, value: text::excerpt(value) }
    }
}

impl Notes {
    pub(super) fn add(&mut self, note: Note) {
        self.count += 1;
        match self.groups.iter_mut().find(|group| group.column == note.column && group.reason == note.reason) {
            Some(group) => group.count += 1,
            None => self.groups.push(Group { column: note.column, reason: note.reason, count: 1 }),
        }
        if self.first.len() < MAX_NOTES {
            self.first.push(note);
        }
    }

    /// The counts by sort, then the first lines.
    fn show(&self, f: &mut fmt::Formatter<'_>, title: &str) -> fmt::Result {
        if self.count == 0 {
            return Ok(());
        }
        writeln!(f, "  {title}: {}", grouped(self.count))?;
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        for group in groups {
            let column = group.column.unwrap_or("row");
            writeln!(f, "    {} x {column} {}", grouped(group.count), group.reason)?;
        }
        for note in self.first.iter().take(NOTES_SHOWN) {
            let Note { line, column, reason, value } = note;
            match column {
                // Quoted and escaped: a field may hold what a terminal obeys.
                Some(column) => writeln!(f, "    line {line}: {column} {value:?} {reason}")?,
                None => writeln!(f, "    line {line}: the row {reason}")?,
            }
        }
        let shown = u64::try_from(NOTES_SHOWN).unwrap_or(u64::MAX);
        if self.count > shown {
            writeln!(f, "    ... and {} more", grouped(self.count - shown))?;
        }
        Ok(())
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files.iter().try_for_each(|file| file.fmt(f))
    }
}

impl fmt::Display for FileReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, taken, refused) = (grouped(self.rows), grouped(self.taken), grouped(self.refused.count));
        writeln!(f, "{}: {rows} rows read, {taken} taken, {refused} refused", self.path.display())?;
        if self.rows == 0 {
            writeln!(f, "  it has no rows: what is known already stays as it is")?;
        }
        if self.older > 0 {
            writeln!(f, "  older than what is known, and left alone: {}", grouped(self.older))?;
        }
        self.refused.show(f, "refused")?;
        self.warnings.show(f, "taken with a warning")
    }
}

/// `728,217` for 728217.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_readable() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (728_217, "728,217"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_report_counts_everything_and_shows_the_first_lines() {
        let mut file = FileReport {
            path: "feeds/products.tsv".into(),
            kind: Kind::Products,
            rows: 1_502,
            taken: 0,
            older: 0,
            refused: Notes::default(),
            warnings: Notes::default(),
        };
        file.refused.add(Note::new(2, None, Reason::FieldCount, ""));
        for line in 3..1_504 {
            file.refused.add(Note::new(line, Some("title"), Reason::Empty, "\u{1b}[31m"));
        }
        assert_eq!((file.refused.count, file.refused.first.len()), (1_502, MAX_NOTES));
        let text = ImportReport { files: vec![file.clone()] }.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "feeds/products.tsv: 1,502 rows read, 0 taken, 1,502 refused");
        assert_eq!(lines[2], "    1,501 x title is empty");
        assert_eq!(lines[4], "    line 2: the row does not have as many fields as the header");
        assert_eq!(lines[5], "    line 3: title \"\\u{1b}[31m\" is empty");
        assert_eq!(*lines.last().unwrap(), "    ... and 1,482 more");
        let json = serde_json::to_value(&file).unwrap();
        assert_eq!(json["refused"]["groups"][1]["reason"], "is empty");
        assert_eq!(json["kind"], "products");
    }
}
