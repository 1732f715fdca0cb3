//! What the people in a shop do with reservations.

use domain::id::{ReservationId, Sku};
use domain::reservation::{Handover, Status};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Item;
use crate::reservation::{Arrival, Attribution};

/// Tasks that one answer carries at most.
pub const MAX_TASKS: u32 = 500;

/// What a shop has to do, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskList {
    /// At most 500; the first ones have to be done before more are seen.
    pub tasks: Vec<Task>,
    /// The instant for which it is said.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
}

/// What comes next for a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Todo {
    /// Take it on.
    Accept,
    /// Fetch it from the shelf.
    Pick,
    /// Bring it to the desk.
    MakeReady,
    /// Wait for the shopper.
    HandOver,
    /// Put what lies at the desk back on the shelf.
    PutBack,
    /// Nothing.
    Nothing,
}

/// A reservation as its shop sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ReservationId,
    /// What the shopper shows.
    pub code: String,
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "held"))]
    pub status: Status,
    /// What comes next.
    pub todo: Todo,
    /// How the goods change hands.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::reservation::HandoverSchema))]
    pub method: Handover,
    /// The goods.
    pub items: Vec<TaskItem>,
    /// The name of whoever collects.
    pub collector: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it was promised to be ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ready_by: Option<Timestamp>,
    /// For how long the shopper may come.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub hold_expires_at: Timestamp,
    /// What the shopper said of their coming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// Codes that the shopper wants to redeem at the till.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promo_codes: Vec<String>,
    /// Which campaign brought the shopper, so that what is handed over can be told to whoever pays for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
}

/// One line of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskItem {
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// What it is called.
    pub title: String,
    /// Its colour and size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Units that the shopper wants.
    pub quantity: u32,
    /// Units that are still promised.
    pub open: u32,
    /// Units that were handed over.
    pub collected: u32,
    /// Units that could not be given.
    pub rejected: u32,
    /// Units that came back.
    pub returned: u32,
    /// Where it lies; said in the list of tasks only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aisle: Option<String>,
    /// The shelf has fewer units than were promised, and this promise is among the newest: look before you say yes. Said
    /// in the list of tasks only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_risk: Option<bool>,
}

/// Why a shop cannot give a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RejectReason {
    /// It is not on the shelf, whatever the books say.
    NotFound,
    /// It is there and not fit to be sold.
    Damaged,
    /// It may not be handed over.
    NotForSale,
    /// The shopper asked at the desk.
    CustomerRequest,
}

/// A line that cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectLineRequest {
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// Units; all of the line where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub quantity: Option<u32>,
    /// Why. Units that are not found or damaged are taken off the shelf's count as well.
    pub reason: RejectReason,
}

/// Goods change hands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandoverRequest {
    /// What the shopper takes; all where absent. What they leave waits at the desk to be put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub items: Option<Vec<Item>>,
    /// The code that the shopper showed; where it is sent it must be the right one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Why goods come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReturnReason {
    /// It is not wanted after all.
    ChangedMind,
    /// It is broken.
    Damaged,
    /// It was another one.
    WrongItem,
    /// Something else.
    Other,
}

/// Goods come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnRequest {
    /// What comes back; all that was handed over where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub items: Option<Vec<Item>>,
    /// Why.
    pub reason: ReturnReason,
    /// Whether it goes back on the shelf; where absent, all but damaged goods do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restock: Option<bool>,
}
