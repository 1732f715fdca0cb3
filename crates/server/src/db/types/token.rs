//! Tokens: who may do more than a shopper.

use std::fmt;
use std::str::FromStr;

use domain::id::LocationId;
use domain::time::Timestamp;

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Changes stock; a feed with a shop changes that shop's shelves only.
    Feed,
    /// Does what the people of one shop do.
    Staff,
    /// A kiosk in one shop: reserves for whoever stands before it.
    Device,
    /// Looks after the server.
    Ops,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::Feed, Scope::Staff, Scope::Device, Scope::Ops];

    /// The word in the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Feed => "feed",
            Scope::Staff => "staff",
            Scope::Device => "device",
            Scope::Ops => "ops",
        }
    }

    /// Whether its tokens are worth something at one shop only, and must name it.
    #[must_use]
    pub fn needs_location(self) -> bool {
        matches!(self, Scope::Staff | Scope::Device)
    }

    /// Whether its tokens may name a shop.
    #[must_use]
    pub fn takes_location(self) -> bool {
        !matches!(self, Scope::Ops)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownScope;

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a scope is one of: {}", Scope::ALL.map(Scope::as_str).join(", "))
    }
}

impl std::error::Error for UnknownScope {}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or(UnknownScope)
    }
}

/// A device, person or feed that may do more than a shopper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its name in the table.
    pub id: String,
    /// For people.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// Where it may do it; everywhere where absent.
    pub location: Option<LocationId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// What became of a wish for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenVerdict {
    /// It is stored.
    Created(TokenRow),
    /// There is no such shop.
    UnknownLocation,
    /// A token of this scope must name a shop.
    NeedsLocation,
    /// A token of this scope names no shop.
    TakesNoLocation,
}
