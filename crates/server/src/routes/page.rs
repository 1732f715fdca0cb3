//! Parts of lists. A cursor is the number of rows before it; lists change rarely, and a row seen twice does no harm.

use api_contract::{MAX_PAGE, Pagination};

use crate::error::Error;

const DEFAULT_LIMIT: usize = 20;

/// Which part is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl Page {
    /// Checks what was asked; the pointers say where it stands in the request.
    pub(super) fn new(cursor: Option<&str>, limit: Option<u32>, pointers: (&str, &str)) -> Result<Self, Error> {
        let offset = match cursor {
            None => 0,
            Some(text) if text.len() <= 9 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
                text.parse().map_err(|_| Error::invalid(pointers.0, "is not a cursor of this list"))?
            }
            Some(_) => return Err(Error::invalid(pointers.0, "is not a cursor of this list")),
        };
        let limit = match limit {
            None => DEFAULT_LIMIT,
            Some(limit) if (1..=MAX_PAGE).contains(&limit) => usize::try_from(limit).unwrap_or(DEFAULT_LIMIT),
            Some(_) => return Err(Error::invalid(pointers.1, format!("must be 1 to {MAX_PAGE}"))),
        };
        Ok(Self { offset, limit })
    }

    /// Rows from the first on that have to be known.
    pub(super) fn end(self) -> usize {
        self.offset.saturating_add(self.limit)
    }

    /// The part of a list of which the first are there, and where it goes on.
    pub(super) fn of_first<T>(self, first: Vec<T>, total: usize) -> (Vec<T>, Pagination) {
        let part: Vec<T> = first.into_iter().skip(self.offset).take(self.limit).collect();
        let next = self.offset.saturating_add(part.len());
        let next_cursor = (!part.is_empty() && next < total).then(|| next.to_string());
        (part, Pagination { next_cursor, total: u64::try_from(total).unwrap_or(u64::MAX) })
    }

    /// The part of a list, and where it goes on.
    pub(super) fn of<T>(self, all: Vec<T>) -> (Vec<T>, Pagination) {
        let total = all.len();
        self.of_first(all, total)
    }
}
