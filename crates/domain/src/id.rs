//! Names of things: products and shops are known by the codes that the retailer already uses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest code that is accepted, in bytes.
pub const MAX_ID_LEN: usize = 64;

/// Why a text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadId {
    /// Nothing was given.
    Empty,
    /// More than [`MAX_ID_LEN`] bytes.
    TooLong,
    /// White space, control or other characters that are not printable ASCII.
    ///
    /// Codes that only look alike (`K` and the Kelvin sign, composed and decomposed accents) would otherwise be two
    /// products to us and one to the person who reads the label.
    BadCharacter,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadId::Empty => "is empty",
            BadId::TooLong => "is longer than 64 characters",
            BadId::BadCharacter => "has a character that is not printable ASCII",
        })
    }
}

impl std::error::Error for BadId {}

fn check(text: &str) -> Result<(), BadId> {
    if text.is_empty() {
        return Err(BadId::Empty);
    }
    if text.len() > MAX_ID_LEN {
        return Err(BadId::TooLong);
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(BadId::BadCharacter);
    }
    Ok(())
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks a code: 1 to 64 printable ASCII characters, kept exactly as given.
            ///
            /// # Errors
            /// [`BadId`] says which of these does not hold.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

code! {
    /// A stock keeping unit: the retailer's own code of one sellable product variant.
    Sku
}

code! {
    /// The retailer's code of one shop ("store code" in feeds).
    LocationId
}

code! {
    /// The public name of a reservation; says nothing and grants nothing by itself.
    ReservationId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kept_as_given_and_never_become_numbers() {
        for text in ["0012", "1E5", "bby-43900", "a/b", "x"] {
            assert_eq!(Sku::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_cannot_be_told_apart_by_eye_is_refused() {
        assert_eq!(Sku::new(""), Err(BadId::Empty));
        assert_eq!(Sku::new("a b"), Err(BadId::BadCharacter));
        assert_eq!(Sku::new("\u{212A}1"), Err(BadId::BadCharacter));
        assert_eq!(Sku::new("a\u{0}"), Err(BadId::BadCharacter));
        assert_eq!(Sku::new("x".repeat(65)), Err(BadId::TooLong));
        assert!(Sku::new("x".repeat(64)).is_ok());
    }

    #[test]
    fn json_is_a_plain_string_and_is_checked() {
        assert_eq!(serde_json::to_string(&LocationId::new("1000").unwrap()).unwrap(), "\"1000\"");
        assert!(serde_json::from_str::<LocationId>("\"\"").is_err());
        assert!(serde_json::from_str::<LocationId>("1000").is_err());
    }
}
