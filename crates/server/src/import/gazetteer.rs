//! Postcodes and towns: GeoNames' dumps of postal codes (`US.txt`, `allCountries.txt`), or sheets with the same columns by name.

use std::io::BufRead;
use std::path::Path;

use places::{BadRow, Columns, Row};

use super::error::{ImportError, Kind};
use super::feed;
use super::report::{FileReport, Note, Notes, Reason};
use super::source::Source;

/// Longer lines are no rows.
const LONGEST: usize = 4_096;

/// Who is to be named where these places are shown; their licence asks for it.
pub(super) const CREDIT: &str = "GeoNames, CC BY 4.0";

/// Names of columns, in the order of [`Columns`].
const NAMES: [&str; 7] = ["country", "postal_code", "place", "admin1", "admin1_code", "lat", "lon"];

/// All rows of a file.
pub(super) fn read(source: Source) -> Result<(FileReport, Vec<Row>), ImportError> {
    let Source { path, input } = source;
    let failed = |line| {
        let path = path.clone();
        move |error| ImportError::Read { path, line, error }
    };
    let text = feed::text_of(input).map_err(failed(0))?;
    let mut text = text.map_err(|problem| wrong(&path, problem))?;
    let mut report = FileReport {
        path: path.clone(),
        kind: Kind::Places,
        rows: 0,
        taken: 0,
        older: 0,
        refused: Notes::default(),
        warnings: Notes::default(),
    };
    let (mut rows, mut bytes, mut header) = (Vec::new(), Vec::new(), None);
    for line in 1.. {
        bytes.clear();
        if text.read_until(b'\n', &mut bytes).map_err(failed(line))? == 0 {
            break;
        }
        let read = match std::str::from_utf8(&bytes) {
            Ok(read) if read.len() <= LONGEST => read.trim_end_matches(['\r', '\n']),
            Ok(_) => {
                refuse(&mut report, line, Reason::RowTooLong, "");
                continue;
            }
            Err(_) => {
                refuse(&mut report, line, Reason::NotUtf8, "");
                continue;
            }
        };
        if read.is_empty() {
            continue;
        }
        if line == 1 && !read.contains('\t') {
            header = Some(columns_of(&path, read)?);
            continue;
        }
        let row = match &header {
            None => Columns::of_geonames(read),
            Some(columns) => by_name(columns, read),
        };
        match row {
            Ok(row) => {
                report.rows += 1;
                report.taken += 1;
                rows.push(row);
            }
            Err(bad) => refuse(&mut report, line, Reason::Place(bad), read),
        }
    }
    if rows.is_empty() {
        return Err(wrong(&path, "it has no row that can be used"));
    }
    Ok((report, rows))
}

fn wrong(path: &Path, problem: &str) -> ImportError {
    ImportError::Format { path: path.to_owned(), expected: Kind::Places, problem: problem.to_owned() }
}

fn refuse(report: &mut FileReport, line: u64, reason: Reason, value: &str) {
    report.rows += 1;
    report.refused.add(Note::new(line, None, reason, value));
}

/// Where each column is.
fn columns_of(path: &Path, header: &str) -> Result<[usize; 7], ImportError> {
    let names = fields(header);
    let mut columns = [0; 7];
    for (column, wanted) in columns.iter_mut().zip(NAMES) {
        let found = names.iter().position(|name| name.trim() == wanted);
        *column = found.ok_or_else(|| wrong(path, &format!("its header has no {wanted:?}")))?;
    }
    Ok(columns)
}

fn by_name(columns: &[usize; 7], line: &str) -> Result<Row, BadRow> {
    let fields = fields(line);
    let mut found = [""; 7];
    for (field, column) in found.iter_mut().zip(columns) {
        *field = fields.get(*column).ok_or(BadRow::Columns)?;
    }
    let [country, code, place, region, region_code, latitude, longitude] = found;
    Columns { country, code, place, region, region_code, latitude, longitude }.row()
}

/// The fields of a line with commas; quotation marks hold a comma.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().into_iter().for_each(|field| field.push(c)),
        }
    }
    fields
}
