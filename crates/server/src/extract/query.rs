//! The query of an address. Every parameter has to be asked for by name: one that nobody asked for is refused, because a
//! filter that is silently ignored is a wrong answer.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Error;

/// Parameters in the order in which they came; taken out one by one.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Query { pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect() })
    }
}

impl Query {
    /// All parameters in the order in which they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All values of a parameter.
    pub fn take_all(&mut self, name: &str) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.pairs).into_iter().partition(|(key, _)| key == name);
        self.pairs = left;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// The value of a parameter that stands there at most once; an empty one counts as absent.
    ///
    /// # Errors
    /// Where it stands there more than once.
    pub fn take(&mut self, name: &str) -> Result<Option<String>, Error> {
        let mut values = self.take_all(name);
        match (values.pop(), values.is_empty()) {
            (value, true) => Ok(value.filter(|value| !value.is_empty())),
            _ => Err(Error::invalid(format!("?{name}"), "stands there more than once")),
        }
    }

    /// The same, read as another type.
    ///
    /// # Errors
    /// Where it stands there more than once or cannot be read.
    pub fn take_as<T: TryFrom<String>>(&mut self, name: &str) -> Result<Option<T>, Error>
    where
        T::Error: std::fmt::Display,
    {
        let value = self.take(name)?;
        value
            .map(|text| T::try_from(text).map_err(|bad| Error::invalid(format!("?{name}"), bad.to_string())))
            .transpose()
    }

    /// Says that nothing else is expected.
    ///
    /// # Errors
    /// Names what is left.
    pub fn finish(self) -> Result<(), Error> {
        match self.pairs.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => Err(Error::invalid(format!("?{name}"), "is not a parameter of this address")),
        }
    }
}
