//! Problem documents (RFC 9457): how every refusal is said.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::availability::AvailabilityRow;
use crate::reservation::Alternative;
use crate::rows;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong; stable, so that programs may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemType {
            $($(#[$doc])* $name,)*
        }

        impl ProblemType {
            /// All of them.
            pub const ALL: &'static [ProblemType] = &[$(ProblemType::$name,)*];

            /// The `type` of the document.
            #[must_use]
            pub fn uri(self) -> &'static str {
                match self { $(ProblemType::$name => concat!("/problems/", $path),)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(ProblemType::$name => $status,)* }
            }

            /// The `title` of the document.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(ProblemType::$name => $title,)* }
            }
        }
    };
}

problems! {
    /// The body is not JSON.
    MalformedJson = "malformed-json", 400, "The body is not JSON";
    /// A write without its key.
    IdempotencyKeyMissing = "idempotency-key-missing", 400, "The Idempotency-Key header is missing";
    /// A key that is empty, too long or not visible ASCII.
    IdempotencyKeyInvalid = "idempotency-key-invalid", 400, "The Idempotency-Key header cannot be used";
    /// A name of a device that is empty, too long or not visible ASCII.
    DeviceIdInvalid = "device-id-invalid", 400, "The Device-Id header cannot be used";
    /// No token, or one that is not known.
    Unauthorized = "unauthorized", 401, "A valid token is needed";
    /// The token is for something else.
    Forbidden = "forbidden", 403, "The token does not allow this";
    /// The page that asks is not one of those for which its key was made, or there is no such key.
    EmbedRefused = "embed-refused", 403, "This page may not ask here";
    /// No such thing, or not yours.
    NotFound = "not-found", 404, "There is nothing here";
    /// The path has other methods.
    MethodNotAllowed = "method-not-allowed", 405, "The method is not possible here";
    /// Fewer are left than asked; `rows` and `alternatives` say more.
    InsufficientStock = "insufficient-stock", 409, "Not enough is left";
    /// The shop does not hand this over, or nothing at all.
    PickupUnavailable = "pickup-unavailable", 409, "It cannot be picked up there";
    /// The window of pickup has no place left, or cannot be kept.
    PickupWindowFull = "pickup-window-full", 409, "That time of pickup cannot be had";
    /// The reservation is in a state in which this is not possible.
    InvalidTransition = "invalid-transition", 409, "It is too late for that";
    /// The pickup code that was shown is another one.
    WrongCode = "wrong-code", 409, "The code does not fit";
    /// It was kept longer once before.
    AlreadyExtended = "already-extended", 409, "It was extended before";
    /// The shopper has enough put aside already.
    LimitReached = "limit-reached", 409, "The limit is reached";
    /// The time of the reservation is over.
    HoldExpired = "hold-expired", 410, "The hold is over";
    /// The same key is being worked on.
    InFlight = "in-flight", 409, "The same request is still being worked on";
    /// The body is larger than is read.
    PayloadTooLarge = "payload-too-large", 413, "The body is too large";
    /// The body is not announced as JSON.
    UnsupportedMediaType = "unsupported-media-type", 415, "The body must be application/json";
    /// A field is missing, unknown or out of range; `errors` says which.
    InvalidRequest = "invalid-request", 422, "The request cannot be used";
    /// No such shop.
    UnknownLocation = "unknown-location", 422, "No such shop";
    /// No such product.
    UnknownProduct = "unknown-product", 422, "No such product";
    /// The key belongs to another body.
    IdempotencyKeyReused = "idempotency-key-reused", 422, "The Idempotency-Key was used for something else";
    /// The reservation has no such line, or fewer units of it.
    UnknownLine = "unknown-line", 422, "No such line";
    /// Too often; try again after `Retry-After`.
    RateLimited = "rate-limited", 429, "Too many requests";
    /// Something broke here.
    Internal = "internal", 500, "Something went wrong on our side";
    /// Too busy, or not ready; try again after `Retry-After`.
    Unavailable = "unavailable", 503, "Not possible at the moment";
    /// No space to store anything; what is read still works. Try again after `Retry-After`.
    StorageFull = "storage-full", 503, "Nothing can be stored at the moment";
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable path such as `/problems/insufficient-stock`.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The kind in words.
    #[serde(default)]
    pub title: Cow<'static, str>,
    /// The HTTP status again.
    #[serde(default)]
    pub status: u16,
    /// This very case in words.
    #[serde(default)]
    pub detail: String,
    /// Quote this when you ask for help.
    #[serde(default)]
    pub request_id: String,
    /// Which fields are wrong.
    #[serde(default, deserialize_with = "rows::readable", skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Stock of the lines that could not be held.
    #[serde(default, deserialize_with = "rows::readable", skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<AvailabilityRow>,
    /// Shops that could serve them, nearest first.
    #[serde(default, deserialize_with = "rows::readable", skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

impl Problem {
    /// A refusal of a kind, in words.
    #[must_use]
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self {
            kind: Cow::Borrowed(kind.uri()),
            title: Cow::Borrowed(kind.title()),
            status: kind.status(),
            detail: detail.into(),
            request_id: String::new(),
            errors: Vec::new(),
            rows: Vec::new(),
            alternatives: Vec::new(),
        }
    }

    /// Whether it is of a kind.
    #[must_use]
    pub fn is(&self, kind: ProblemType) -> bool {
        self.kind == kind.uri()
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, `/items/0/quantity`; for a query, `?limit`.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}
