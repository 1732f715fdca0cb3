//! Who may do what. Each extractor here answers before a body is read; what one of them hands over was checked.
//!
//! Nothing of it is kept in memory: a token that was taken back stops working with the next request.

mod network;

pub use network::{Network, PeerAddr, from_peer};

use std::sync::{Arc, OnceLock};

use api_contract::paths::DEVICE_ID;
use api_contract::problem::ProblemType;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::id::LocationId;

use crate::db::{Scope, TokenRow};
use crate::error::Error;
use crate::extract;
use crate::random;
use crate::state::AppState;

/// The people of one shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The id of their token.
    pub token: String,
    /// Their shop.
    pub location: LocationId,
}

impl Staff {
    /// Whether something belongs to their shop. What does not looks like what does not exist.
    ///
    /// # Errors
    /// 404, where it is another shop's.
    pub fn may(&self, location: &LocationId) -> Result<(), Error> {
        if self.location == *location { Ok(()) } else { Err(Error::not_found()) }
    }

    /// The namespace of their keys.
    #[must_use]
    pub fn principal(&self) -> String {
        format!("staff:{}", self.token)
    }
}

/// Tells the limits whose token a request carried: staff that ask for what is not there may be guessing.
#[derive(Debug, Clone, Default)]
pub(crate) struct SeenStaff(pub(crate) Arc<OnceLock<Staff>>);

impl FromRequestParts<AppState> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let hash = shown(&parts.headers).ok_or_else(unauthorized)?;
        state.gate.staff_door(&hash)?;
        let Some(token) = find(state, hash).await? else {
            state.gate.staff_refused();
            return Err(unauthorized());
        };
        let token = with_scope(token, Scope::Staff)?;
        let location = token.location.ok_or_else(|| Error::internal(&"a staff token has no shop"))?;
        state.gate.shop_door(&location)?;
        let staff = Staff { token: token.id, location };
        if let Some(SeenStaff(seen)) = parts.extensions.get() {
            seen.get_or_init(|| staff.clone());
        }
        Ok(staff)
    }
}

/// A till, an ERP or another system that says what is on the shelves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The id of its token.
    pub token: String,
    /// The only shop whose shelves it may change; any where absent.
    pub location: Option<LocationId>,
}

impl Feed {
    /// Whether it may change the shelves of a shop.
    #[must_use]
    pub fn may(&self, location: &LocationId) -> bool {
        self.location.as_ref().is_none_or(|own| own == location)
    }
}

impl FromRequestParts<AppState> for Feed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let token = token(parts, state, Scope::Feed).await?;
        Ok(Feed { token: token.id, location: token.location })
    }
}

/// Whoever looks after the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ops {
    /// The id of their token.
    pub token: String,
}

impl FromRequestParts<AppState> for Ops {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let token = token(parts, state, Scope::Ops).await?;
        Ok(Ops { token: token.id })
    }
}

/// A kiosk in a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kiosk {
    /// The id of its token.
    pub token: String,
    /// What its token is called.
    pub name: String,
    /// Where it stands.
    pub location: LocationId,
}

impl Kiosk {
    fn of(token: TokenRow) -> Result<Self, Error> {
        let location = token.location.ok_or_else(|| Error::internal(&"a device token has no shop"))?;
        Ok(Kiosk { token: token.id, name: token.name, location })
    }
}

impl FromRequestParts<AppState> for Kiosk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        Self::of(token(parts, state, Scope::Device).await?)
    }
}

/// Whoever writes where everybody may: a shopper on a device of their own, or before a kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The kiosk, where it showed its token.
    pub kiosk: Option<Kiosk>,
    /// What the device calls itself, 1 to 64 visible ASCII characters; nobody vouches for it.
    pub device_id: Option<String>,
    /// Where it comes from.
    pub network: Network,
}

impl Caller {
    /// The namespace of their keys.
    #[must_use]
    pub fn principal(&self) -> String {
        self.kiosk.as_ref().map_or_else(|| "public".to_owned(), |kiosk| format!("device:{}", kiosk.token))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let device_id = device_id(&parts.headers)?;
        let network = Network::of(&parts.headers, &parts.extensions, state.config.trusted_hops);
        let kiosk = match shown(&parts.headers) {
            None => None,
            Some(hash) => {
                let token = find(state, hash).await?.ok_or_else(unauthorized)?;
                Some(Kiosk::of(with_scope(token, Scope::Device)?)?)
            }
        };
        Ok(Caller { kiosk, device_id, network })
    }
}

fn device_id(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let mut values = headers.get_all(DEVICE_ID).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let usable = (1..=64).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic);
    match value.to_str() {
        Ok(text) if usable && values.next().is_none() => Ok(Some(text.to_owned())),
        _ => {
            let detail = "The Device-Id header must be one value of 1 to 64 visible ASCII characters.";
            Err(Error::new(ProblemType::DeviceIdInvalid, detail))
        }
    }
}

async fn token(parts: &Parts, state: &AppState, scope: Scope) -> Result<TokenRow, Error> {
    let hash = shown(&parts.headers).ok_or_else(unauthorized)?;
    let token = find(state, hash).await?.ok_or_else(unauthorized)?;
    with_scope(token, scope)
}

/// The hash of the secret that a request shows.
pub(crate) fn shown(headers: &HeaderMap) -> Option<[u8; 32]> {
    extract::bearer(headers).map(|secret| random::sha256(secret.as_bytes()))
}

/// Looks a token up; whether there is one is remembered for the limits only.
async fn find(state: &AppState, hash: [u8; 32]) -> Result<Option<TokenRow>, Error> {
    let token = state.db.token(hash).await?;
    state.gate.learn(hash, token.is_some());
    Ok(token)
}

fn with_scope(token: TokenRow, scope: Scope) -> Result<TokenRow, Error> {
    if token.scope == scope {
        return Ok(token);
    }
    Err(Error::new(ProblemType::Forbidden, format!("This token is made for {}.", token.scope)))
}

fn unauthorized() -> Error {
    Error::new(ProblemType::Unauthorized, "Send a token that is valid here: Authorization: Bearer ….")
}
