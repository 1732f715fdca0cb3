//! All rows of a file: each is taken or refused, and what was noticed is written down.

use std::io::{self, BufRead, Cursor, Read};
use std::path::Path;

use super::columns::{Cells, Column, Layout};
use super::error::{ImportError, Kind};
use super::records::Records;
use super::report::{FileReport, Note, Notes};
use super::source::Source;

/// What a kind of file looks like.
pub(super) trait Format {
    const KIND: Kind;
    /// In the order of their own numbers.
    const COLUMNS: &'static [Column];
    /// What a row becomes.
    type Row;

    /// The values of a row, or why it is refused. What is odd and taken all the same is left with the cells.
    fn parse(cells: &mut Cells<'_>) -> Result<Self::Row, Note>;

    /// The refusal of a row whose code the file had before.
    fn duplicate(cells: &Cells<'_>) -> Note;
}

/// Reads all rows and gives the good ones to `take`, which may still refuse them, or fail and end it all.
pub(super) fn read<F: Format>(
    source: Source,
    mut take: impl FnMut(F::Row, &Cells<'_>) -> Result<Result<(), Note>, rusqlite::Error>,
) -> Result<FileReport, ImportError> {
    let Source { path, input } = source;
    let text = text_of(input).map_err(|error| ImportError::Read { path: path.clone(), line: 0, error })?;
    let text = text.map_err(|problem| ImportError::Format {
        path: path.clone(),
        expected: F::KIND,
        problem: problem.to_owned(),
    })?;
    let mut records = Records::new(text, F::KIND.delimiter());
    let layout = header::<F, _>(&mut records, &path)?;
    let mut report = FileReport {
        path,
        kind: F::KIND,
        rows: 0,
        taken: 0,
        older: 0,
        refused: Notes::default(),
        warnings: Notes::default(),
    };
    loop {
        let line = records.line();
        let failed = |error| ImportError::Read { path: report.path.clone(), line, error };
        let Some(next) = records.next().map_err(failed)? else { return Ok(report) };
        report.rows += 1;
        let record = match next.row {
            Ok(record) => record,
            Err(reason) => {
                report.refused.add(Note::new(next.line, None, reason, ""));
                continue;
            }
        };
        let mut cells = Cells::new(&record, &layout, next.line);
        let taken = match F::parse(&mut cells) {
            Ok(row) => take(row, &cells)?,
            Err(note) => Err(note),
        };
        match taken {
            Ok(()) => {
                report.taken += 1;
                cells.into_warnings().into_iter().for_each(|note| report.warnings.add(note));
            }
            Err(note) => report.refused.add(note),
        }
    }
}

fn header<F: Format, R: BufRead>(records: &mut Records<R>, path: &Path) -> Result<Layout, ImportError> {
    let wrong = |problem: String| ImportError::Format { path: path.to_owned(), expected: F::KIND, problem };
    let failed = |error| ImportError::Read { path: path.to_owned(), line: 0, error };
    let Some(next) = records.next().map_err(failed)? else { return Err(wrong("it is empty".to_owned())) };
    let header = next.row.map_err(|reason| wrong(format!("its header {reason}")))?;
    let layout = Layout::find(F::COLUMNS, &header, F::KIND).map_err(wrong)?;
    let fields = header.len();
    records.expect_fields(fields);
    Ok(layout)
}

/// Leaves out a byte order mark; the problem where the first bytes are not those of UTF-8 text at all.
pub(super) fn text_of(mut input: Box<dyn BufRead>) -> io::Result<Result<impl BufRead, &'static str>> {
    let mut start = Vec::new();
    (&mut input).take(4).read_to_end(&mut start)?;
    Ok(match start.as_slice() {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Err("it is UTF-16 text and must be UTF-8"),
        [b'P', b'K', 3, 4] => Err("it is a ZIP archive or a spreadsheet and must be text"),
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok(Cursor::new(rest.to_vec()).chain(input)),
        all => Ok(Cursor::new(all.to_vec()).chain(input)),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::inventory::Inventory;
    use super::super::products::Products;
    use super::super::report::Reason;
    use super::super::stores::Stores;
    use super::*;

    /// A row and its warnings, or why it was refused; each with its column.
    pub(in crate::import) type Told<T> = Result<(T, Vec<(&'static str, Reason)>), (&'static str, Reason)>;

    /// Parses one row of the given fields, one of them replaced or added.
    pub(in crate::import) fn parse_one<F: Format>(fields: &[(&str, &str)], column: &str, value: &str) -> Told<F::Row> {
        let mut fields: Vec<(&str, &str)> = fields.to_vec();
        match fields.iter_mut().find(|(name, _)| *name == column) {
            Some(field) => field.1 = value,
            None => fields.push((column, value)),
        }
        let between = char::from(F::KIND.delimiter()).to_string();
        let line = |texts: Vec<&str>| {
            let quoted: Vec<String> = texts.iter().map(|t| format!("\"{}\"", t.replace('"', "\"\""))).collect();
            quoted.join(&between)
        };
        let (names, values) = fields.into_iter().unzip();
        let mut told = None;
        let report = read_text::<F>(format!("{}\n{}\n", line(names), line(values)).as_bytes(), |row| told = Some(row));
        let report = report.unwrap();
        let column = |note: &Note| (note.column.unwrap(), note.reason);
        match told {
            Some(row) => Ok((row, report.warnings.first.iter().map(column).collect())),
            None => Err(column(&report.refused.first[0])),
        }
    }

    fn read_text<F: Format>(text: &[u8], mut row: impl FnMut(F::Row)) -> Result<FileReport, ImportError> {
        let source = Source { path: "feed".into(), input: Box::new(Cursor::new(text.to_vec())) };
        read::<F>(source, |taken, _| {
            row(taken);
            Ok(Ok(()))
        })
    }

    const HEADER: &str = "store_code\tid\tquantity\n";

    fn check(text: &[u8], taken: &[&str], refused: &[(u64, Reason)]) {
        let mut rows = Vec::new();
        let report = read_text::<Inventory>(text, |row| rows.push(format!("{}/{}", row.location, row.sku))).unwrap();
        assert_eq!(rows, taken, "{}", text.escape_ascii());
        let notes: Vec<(u64, Reason)> = report.refused.first.iter().map(|note| (note.line, note.reason)).collect();
        assert_eq!(notes, refused, "{}", text.escape_ascii());
        assert_eq!((report.taken, report.refused.count), (taken.len() as u64, refused.len() as u64));
        assert_eq!(report.rows, report.taken + report.refused.count);
    }

    fn check_bad(text: &[u8], expect: &str) {
        match read_text::<Inventory>(text, |_| ()) {
            Err(ImportError::Format { problem, .. }) => assert!(problem.contains(expect), "{problem}"),
            other => panic!("{}: {other:?}", text.escape_ascii()),
        }
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_make_no_difference() {
        for text in [
            format!("{HEADER}1\ta\t5\n2\tb\t6\n"),
            format!("{HEADER}1\ta\t5\n2\tb\t6"),
            format!("{HEADER}\n1\ta\t5\n\n2\tb\t6\n\n").replace('\n', "\r\n"),
            format!("\u{FEFF}{HEADER}\"1\"\t\"a\"\t5\n2\tb\t6\n"),
        ] {
            check(text.as_bytes(), &["1/a", "2/b"], &[]);
        }
    }

    #[test]
    fn a_bad_row_costs_only_itself() {
        let text = |rows: &str| format!("{HEADER}{rows}").into_bytes();
        check(
            &text("1\ta\t5\n1\tb\n1\tc\t7\t8\n1\td\t9\n"),
            &["1/a", "1/d"],
            &[(3, Reason::FieldCount), (4, Reason::FieldCount)],
        );
        check(&text("1\t\"a\t5\n1\tb\t6\n1\tc\t7\n"), &["1/b", "1/c"], &[(2, Reason::QuoteNotClosed)]);
        check(&text("1\t\"a\t5\n1\tb\t6\n1\t\"c\"\t7\n"), &["1/b", "1/c"], &[(2, Reason::QuoteNotClosed)]);
        let mut latin = text("1\ta\t5\n");
        latin.extend_from_slice(b"1\t\xE9\t5\n1\t\"\xC3\"\t\"\xA9\"\n1\tz\t5\n");
        check(&latin, &["1/a", "1/z"], &[(3, Reason::NotUtf8), (4, Reason::NotUtf8)]);
    }

    #[test]
    fn a_row_without_an_end_does_not_fill_the_memory() {
        let mut text = format!("{HEADER}1\ta\t").into_bytes();
        text.resize(text.len() + 600_000, b'5');
        text.extend_from_slice(b"\n1\t\"");
        text.resize(text.len() + 600_000, b'5');
        text.extend_from_slice(b"\n1\t\"b\t6\n1\tc\t6\n");
        check(&text, &["1/c"], &[(2, Reason::RowTooLong), (3, Reason::RowTooLong), (4, Reason::QuoteNotClosed)]);
    }

    #[test]
    fn rows_after_a_quoted_field_of_several_lines_keep_their_line_numbers() {
        let text = "store_code\tid\tquantity\tinstore_product_location\n1\ta\t5\t\"aisle\n\"\"3\"\"\"\n1\t\t5\tx\n";
        check(text.as_bytes(), &["1/a"], &[(4, Reason::Id(domain::id::BadId::Empty))]);
    }

    #[test]
    fn another_file_is_known_by_its_beginning() {
        check_bad(b"", "it is empty");
        check_bad(b"\n\n", "it is empty");
        check_bad(b"\xFF\xFEs\0t\0", "UTF-16");
        check_bad(b"PK\x03\x04....", "ZIP");
        check_bad(b"store_code\tid\tquantit\xE9\n", "its header is not UTF-8");
        check_bad(b"id\ttitle\tprice\n1\tx\t5 USD\n", "no \"store_code\", no \"quantity\"");
        check_bad(b"{\"store_code\": 1}", "its header has no");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_text::<Stores>(&bytes, |_| ());
            let _ = read_text::<Products>(&bytes, |_| ());
            for header in [HEADER, "id\ttitle\tprice\tquantity\tstore_code\timage_link\tpickup_sla\n"] {
                let text = [header.as_bytes(), &bytes].concat();
                let _ = read_text::<Products>(&text, |_| ());
                if let Ok(report) = read_text::<Inventory>(&text, |_| ()) {
                    prop_assert_eq!(report.rows, report.taken + report.refused.count);
                }
            }
        }

        #[test]
        fn rows_of_odd_fields_do_not_make_it_panic(rows in "([0-9a-z\",.:\\-\u{202E}é]{0,6}[\t\n,]){0,40}") {
            let _ = read_text::<Inventory>(format!("{HEADER}{rows}").as_bytes(), |_| ());
            let stores = format!("Store code,Business name,Latitude,Longitude,Time zone,Monday hours\n{rows}");
            let _ = read_text::<Stores>(stores.as_bytes(), |_| ());
        }
    }
}
