//! Lists in answers, of which a row that cannot be read costs itself and not the rest.
//!
//! [`crate::json`] hands each row over as a text of its own, which is read or left out. Other readers are as strict as ever: they
//! refuse the whole list.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{DeserializeOwned, Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::json;

/// The rows that could be read, and how many could not.
///
/// A list that has rows of which none can be read is an error: "nothing" would be a lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    rows: Vec<T>,
    left_out: u32,
}

impl<T> Rows<T> {
    /// How many rows are missing because they could not be read.
    #[must_use]
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// Changes each row.
    #[must_use]
    pub fn map(self, change: impl FnMut(T) -> T) -> Self {
        Self { rows: self.rows.into_iter().map(change).collect(), left_out: self.left_out }
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), left_out: 0 }
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, left_out: 0 }
    }
}

impl<T> From<Rows<T>> for Vec<T> {
    fn from(all: Rows<T>) -> Self {
        all.rows
    }
}

impl<T> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Vec::from_iter(rows).into()
    }
}

impl<T> IntoIterator for Rows<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<T> Deref for Rows<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.rows
    }
}

impl<T> DerefMut for Rows<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.rows
    }
}

impl<T: Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = deserializer.deserialize_seq(All(PhantomData))?;
        if all.rows.is_empty() && all.left_out > 0 { Err(D::Error::custom("no row")) } else { Ok(all) }
    }
}

/// Reads what can be read of a list that nobody misses: `#[serde(deserialize_with = "rows::readable")]`.
///
/// # Errors
/// Where it is no list.
pub fn readable<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(All(PhantomData)).map(|all| all.rows)
}

/// Reads each row by itself.
struct All<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for All<T> {
    type Value = Rows<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows<T>, A::Error> {
        let mut all = Rows::default();
        while let Some(Row(row)) = list.next_element()? {
            match row {
                Some(row) => all.rows.push(row),
                None => all.left_out += 1,
            }
        }
        Ok(all)
    }
}

/// A row, where it can be read.
struct Row<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(json::AS_TEXT, One(PhantomData))
    }
}

/// Reads a row.
struct One<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for One<T> {
    type Value = Row<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_str<E>(self, text: &str) -> Result<Row<T>, E> {
        Ok(Row(json::read(text).ok()))
    }

    /// Of a reader that cannot go on behind what it could not read.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Row<T>, D::Error> {
        T::deserialize(deserializer).map(|row| Row(Some(row)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list among other fields, as answers have it.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Page {
        rows: Rows<Shelf>,
        #[serde(default, deserialize_with = "readable")]
        trifles: Vec<u32>,
        behind: bool,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Shelf {
        sku: domain::id::Sku,
        quantity: u32,
    }

    fn read(rows: &str) -> Result<(Vec<u32>, u32), json::Unread> {
        let page: Page = json::read(&format!(r#"{{"rows":{rows},"behind":true}}"#))?;
        assert!(page.behind, "what stands behind the list is read");
        Ok((page.rows.iter().map(|row| row.quantity).collect(), page.rows.left_out()))
    }

    #[test]
    fn e04_a_bad_row_costs_itself_and_is_counted() {
        let good = r#"{"sku":"a","quantity":1}"#;
        let bad = [
            r#"{"sku":"b","quantity":"2"}"#,
            r#"{"sku":"b","quantity":1e400}"#,
            r#"{"sku":"b","quantity":-1}"#,
            r#"{"sku":"b","quantity":0.5}"#,
            r#"{"sku":"b","quantity":9007199254740993}"#,
            r#"{"sku":"b","quantity":{"a":["]","}"]}}"#,
            r#"{"sku":"","quantity":2}"#,
            r#"{"sku":7,"quantity":2}"#,
            r#"{"sku":"b","sku":"c","quantity":2}"#,
            r#"{"quantity":2}"#,
            r#"{"sku":"b"}"#,
            "{}",
            "[]",
            "null",
            "true",
            "7",
            r#""],[""#,
        ];
        for bad in bad {
            for rows in [
                format!("[{bad},{good}]"),
                format!("[{good},{bad}]"),
                format!(" [ {good} , {bad} , {bad} ,\n{good} ] "),
            ] {
                let kept = rows.matches(good).count();
                assert_eq!(
                    read(&rows),
                    Ok((vec![1; kept], u32::try_from(rows.matches(bad).count()).unwrap())),
                    "{rows}"
                );
            }
            assert_eq!(
                read(&format!("[{bad}]")),
                Err(json::Unread::Shape),
                "a list of which nothing is left is not empty"
            );
        }
        assert_eq!(read("[]"), Ok((vec![], 0)));
        assert_eq!(read(&format!("[{good}]")), Ok((vec![1], 0)));
    }

    #[test]
    fn e04_what_is_no_json_is_not_guessed_at() {
        let good = r#"{"sku":"a","quantity":1}"#;
        for bad in ["", "NaN", "{", "]", "\"", "{\"sku\":}", "1 2", "\"\\ud834\"", "tru"] {
            let list = format!("[{good},{bad}]");
            assert!(read(&list).is_err(), "{list}");
        }
        for list in ["null", "{}", "7", "\"\"", &"[".repeat(100_000)] {
            assert!(read(list).is_err(), "{}", &list[..list.len().min(20)]);
        }
    }

    #[test]
    fn e04_a_trifle_of_which_nothing_is_left_is_none() {
        let page = |trifles: &str| {
            json::read::<Page>(&format!(r#"{{"trifles":{trifles},"rows":[],"behind":true}}"#)).map(|page| page.trifles)
        };
        assert_eq!(page(r#"[1,"2",3]"#), Ok(vec![1, 3]));
        assert_eq!(page(r#"["2"]"#), Ok(vec![]));
        assert_eq!(page("{}"), Err(json::Unread::Shape));
    }

    #[test]
    fn a_reader_that_cannot_go_on_refuses_the_whole_and_reads_what_is_written() {
        let all: Rows<Shelf> = vec![Shelf { sku: domain::id::Sku::new("a").unwrap(), quantity: 1 }].into();
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Rows<Shelf>>(&text).unwrap(), all);
        assert_eq!(json::read::<Rows<Shelf>>(&text).unwrap(), all);
        assert!(serde_json::from_str::<Rows<Shelf>>(r#"[{"sku":"a"}]"#).is_err());
    }
}
