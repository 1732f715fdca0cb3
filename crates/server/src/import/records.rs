//! Rows of fields, from text with commas or tabs (RFC 4180 quoting in both).
//!
//! Not the csv crate, for two reasons: a quotation mark that is never closed must cost one row, not the rows after it
//! too, and no row may fill the memory. The tests hold both to the same answers.

use std::io::{self, BufRead, Read};
use std::ops::Range;

use super::report::Reason;

/// A row of more bytes is refused.
pub(super) const MAX_ROW_BYTES: usize = 256 * 1024;
/// A quoted field runs over at most so many lines.
const MAX_ROW_LINES: usize = 200;

/// The fields of one row.
#[derive(Debug)]
pub(super) struct Record<'a> {
    text: &'a str,
    fields: &'a [Range<usize>],
}

impl<'a> Record<'a> {
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&'a str> {
        self.text.get(self.fields.get(at)?.clone())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

/// One row, or why it is none.
pub(super) struct Next<'a> {
    /// Where it begins; the header is line 1.
    pub(super) line: u64,
    pub(super) row: Result<Record<'a>, Reason>,
}

/// The rows of a text, one after the other.
pub(super) struct Records<R> {
    input: R,
    delimiter: u8,
    /// How many fields each row has; not known before the header.
    expected: Option<usize>,
    /// The number of the last line read.
    line: u64,
    /// The lines of the row at hand, each with its `\n`.
    raw: Vec<u8>,
    /// Lines that were read for a row and turned out to be rows of their own.
    again: Vec<u8>,
    /// The fields of the row at hand without their quotes, where it has some.
    unquoted: Vec<u8>,
    fields: Vec<Range<usize>>,
}

enum Line {
    Read,
    TooLong,
    End,
}

/// Where in a row with quotes the last byte left us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// A mark within quotes: the end of them, or the first of two that stand for one.
    QuoteInQuoted,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        Self {
            input,
            delimiter,
            expected: None,
            line: 0,
            raw: Vec::new(),
            again: Vec::new(),
            unquoted: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// Refuses rows with another number of fields from now on.
    pub(super) fn expect_fields(&mut self, count: usize) {
        self.expected = Some(count);
    }

    /// The number of the last line read.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The next row that is not blank.
    pub(super) fn next(&mut self) -> io::Result<Option<Next<'_>>> {
        loop {
            self.raw.clear();
            match self.read_line()? {
                Line::End => return Ok(None),
                Line::TooLong => return Ok(Some(Next { line: self.line, row: Err(Reason::RowTooLong) })),
                Line::Read if self.raw == b"\n" => {}
                Line::Read => break,
            }
        }
        let line = self.line;
        let closed = if self.raw.contains(&b'"') {
            self.split_quoted()?
        } else {
            self.split_plain();
            true
        };
        let row = if closed { self.record() } else { Err(Reason::QuoteNotClosed) };
        Ok(Some(Next { line, row }))
    }

    /// Appends one line to `raw`, with `\n` at its end whatever stood there.
    fn read_line(&mut self) -> io::Result<Line> {
        let start = self.raw.len();
        if self.again.is_empty() {
            let most = u64::try_from(MAX_ROW_BYTES).unwrap_or(u64::MAX);
            (&mut self.input).take(most).read_until(b'\n', &mut self.raw)?;
        } else {
            let end = self.again.iter().position(|b| *b == b'\n').map_or(self.again.len(), |at| at + 1);
            self.raw.extend(self.again.drain(..end));
        }
        let read = self.raw.len() - start;
        if read == 0 {
            return Ok(Line::End);
        }
        self.line += 1;
        let mut too_long = read > MAX_ROW_BYTES;
        if self.raw.last() == Some(&b'\n') {
            self.raw.pop();
            if self.raw.len() > start && self.raw.last() == Some(&b'\r') {
                self.raw.pop();
            }
        } else if read == MAX_ROW_BYTES {
            self.input.skip_until(b'\n')?;
            too_long = true;
        }
        // One byte more than the limit, so that a line that is given back is still known to be too long.
        self.raw.push(b'\n');
        Ok(if too_long { Line::TooLong } else { Line::Read })
    }

    fn split_plain(&mut self) {
        self.fields.clear();
        self.unquoted.clear();
        let text = self.raw.strip_suffix(b"\n").unwrap_or(&self.raw);
        let mut start = 0;
        for (at, byte) in text.iter().enumerate() {
            if *byte == self.delimiter {
                self.fields.push(start..at);
                start = at + 1;
            }
        }
        self.fields.push(start..text.len());
    }

    /// Answers whether the quotation marks made sense.
    fn split_quoted(&mut self) -> io::Result<bool> {
        let (first_line, first_len) = (self.line, self.raw.len());
        self.fields.clear();
        self.unquoted.clear();
        let (mut state, mut fed, mut lines, mut tattered) = (State::FieldStart, 0, 1, false);
        loop {
            for byte in self.raw.get(fed..).unwrap_or_default() {
                state = match (state, *byte) {
                    (State::FieldStart, b'"') => State::Quoted,
                    (State::Quoted, b'"') => State::QuoteInQuoted,
                    (State::FieldStart | State::Plain | State::QuoteInQuoted, byte)
                        if byte == self.delimiter || byte == b'\n' =>
                    {
                        let start = self.fields.last().map_or(0, |field| field.end);
                        self.fields.push(start..self.unquoted.len());
                        State::FieldStart
                    }
                    (before, byte) => {
                        self.unquoted.push(byte);
                        let mark = before == State::QuoteInQuoted && byte == b'"';
                        tattered |= before == State::QuoteInQuoted && !mark;
                        if mark || before == State::Quoted { State::Quoted } else { State::Plain }
                    }
                };
            }
            if state != State::Quoted {
                break;
            }
            fed = self.raw.len();
            lines += 1;
            if lines > MAX_ROW_LINES || fed > MAX_ROW_BYTES || !matches!(self.read_line()?, Line::Read) {
                break;
            }
        }
        // Where several lines do not make a row, a quotation mark is missing in the first one and the others are rows.
        let wrong = tattered || self.expected.is_some_and(|expected| expected != self.fields.len());
        if state == State::Quoted || (lines > 1 && wrong) {
            let mut again = self.raw.split_off(first_len);
            again.append(&mut self.again);
            self.again = again;
            self.line = first_line;
            return Ok(false);
        }
        Ok(true)
    }

    fn record(&self) -> Result<Record<'_>, Reason> {
        let bytes = if self.unquoted.is_empty() { &self.raw } else { &self.unquoted };
        let text = std::str::from_utf8(bytes).map_err(|_| Reason::NotUtf8)?;
        // Half a character at the end of one field and half at the beginning of the next are no character.
        if !self.fields.iter().all(|field| text.is_char_boundary(field.end)) {
            return Err(Reason::NotUtf8);
        }
        if self.expected.is_some_and(|expected| expected != self.fields.len()) {
            return Err(Reason::FieldCount);
        }
        Ok(Record { text, fields: &self.fields })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows as lines with `|` between fields; refused ones as their reason.
    fn rows(text: &[u8], expected: Option<usize>) -> Vec<String> {
        let mut records = Records::new(text, b',');
        if let Some(count) = expected {
            records.expect_fields(count);
        }
        let mut rows = Vec::new();
        while let Some(next) = records.next().unwrap() {
            let row = match next.row {
                Ok(record) => record.iter().collect::<Vec<_>>().join("|"),
                Err(reason) => format!("{reason:?}"),
            };
            rows.push(format!("{}: {row}", next.line));
        }
        rows
    }

    fn check(text: &str, expect: &[&str]) {
        assert_eq!(rows(text.as_bytes(), Some(2)), expect, "{text:?}");
    }

    #[test]
    fn quotes_hide_commas_line_ends_and_quotes() {
        check("a,b\nc,\n", &["1: a|b", "2: c|"]);
        check("\"a,1\",\"b\"\"2\"\"\"\n", &["1: a,1|b\"2\""]);
        check("\"a\r\n1\",b\r\nc,d", &["1: a\n1|b", "3: c|d"]);
        check("\"\",\"\"\n,\n", &["1: |", "2: |"]);
        check("13.3\" screen,b\n", &["1: 13.3\" screen|b"]);
        check("\"a\" b,c\n", &["1: a b|c"]);
    }

    #[test]
    fn a_lost_quote_costs_one_row() {
        check("\"a,b\nc,d\ne,f\n", &["1: QuoteNotClosed", "2: c|d", "3: e|f"]);
        check("a,\"b\nc,d\n\"e\",f\n", &["1: QuoteNotClosed", "2: c|d", "3: e|f"]);
        check("a,\"b\nc,\"d\n\"e\",f\n", &["1: QuoteNotClosed", "2: QuoteNotClosed", "3: e|f"]);
        let many = format!("a,\"b\n{}", "c,d\n".repeat(1_000));
        assert_eq!(rows(many.as_bytes(), Some(2)).len(), 1_001);
    }

    fn quoted(field: &str) -> String {
        format!("\"{}\"", field.replace('"', "\"\""))
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            table in prop::collection::vec(prop::collection::vec("[a,\"\n é]{0,5}", 3), 0..20),
        ) {
            let text: String =
                table.iter().map(|row| row.iter().map(|f| quoted(f)).collect::<Vec<_>>().join(",") + "\n").collect();
            let mut records = Records::new(text.as_bytes(), b',');
            records.expect_fields(3);
            for row in &table {
                let next = records.next().unwrap().unwrap();
                prop_assert_eq!(&next.row.unwrap().iter().collect::<Vec<_>>(), row);
            }
            prop_assert!(records.next().unwrap().is_none());
        }

        #[test]
        fn we_agree_with_the_csv_crate_on_lines(text in "([ab,\"]{0,8}\n){0,6}") {
            let mut theirs = Vec::new();
            // Line by line, as theirs would swallow the lines after a lost quote.
            for (at, line) in text.lines().enumerate() {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
                for record in reader.records() {
                    theirs.push(format!("{}: {}", at + 1, record.unwrap().iter().collect::<Vec<_>>().join("|")));
                }
            }
            let ours = rows(text.as_bytes(), None);
            let lost = ours.iter().any(|row| row.ends_with("QuoteNotClosed"));
            prop_assume!(!lost && ours.len() == theirs.len());
            prop_assert_eq!(ours, theirs);
        }
    }
}
