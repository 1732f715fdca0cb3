//! Who may do what.

use api_contract::problem::ProblemType;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::id::LocationId;

use crate::error::Error;
use crate::extract::Bearer;
use crate::random;
use crate::state::AppState;

/// Somebody with a staff token.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The token's name in the table.
    pub token: String,
    /// The shop.
    pub location: LocationId,
}

impl FromRequestParts<AppState> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let Bearer(secret) = Bearer::from_request_parts(parts, state).await?;
        let unauthorized =
            || Error::new(ProblemType::Unauthorized, "Send the token of a shop: Authorization: Bearer ….");
        let hash = random::sha256(secret.ok_or_else(unauthorized)?.as_bytes());
        let token = state.db.token(hash).await?.ok_or_else(unauthorized)?;
        let forbidden = || Error::new(ProblemType::Forbidden, format!("This token is made for {}.", token.scope));
        let location = token.location.clone().filter(|_| token.scope == "staff").ok_or_else(forbidden)?;
        Ok(Staff { token: token.id, location })
    }
}

impl Staff {
    /// Whether the shop is theirs.
    ///
    /// # Errors
    /// Another shop looks like none.
    pub fn may(&self, location: &LocationId) -> Result<(), Error> {
        if self.location == *location { Ok(()) } else { Err(Error::not_found()) }
    }

    /// Whose idempotency keys they are.
    #[must_use]
    pub fn principal(&self) -> String {
        format!("staff:{}", self.token)
    }
}
