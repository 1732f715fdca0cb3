//! Reservations.

use domain::basket::Fulfils;
use domain::id::{LocationId, ReservationId, Sku};
use domain::money::Money;
use domain::reservation::{Contact, Handover, Status};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Item;

/// A wish to have goods put aside. All lines or none are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReservationRequest {
    /// The shop; every line is held there and nowhere else.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// How the goods change hands.
    #[cfg_attr(feature = "openapi", schema(value_type = HandoverSchema))]
    pub method: Handover,
    /// The goods; lines of the same product are added up.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 50))]
    pub items: Vec<Item>,
    /// Who reserves.
    pub contact: ContactBody,
    /// Who collects, where it is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 80))]
    pub collector: Option<String>,
    /// The beginning of a window that `GET /v1/locations/{id}/pickup-windows` offered; without it whenever the shop is
    /// open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub pickup_window: Option<Timestamp>,
    /// What the shopper agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consents: Option<Consents>,
    /// Codes to be redeemed at the till.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub promo_codes: Vec<String>,
    /// Which campaign brought the shopper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
}

/// Who reserves: a name, and e-mail or phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactBody {
    /// For the desk.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    /// Where messages go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where messages go, or whom the shop calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl From<&Contact> for ContactBody {
    /// As it was checked.
    fn from(contact: &Contact) -> Self {
        Self {
            name: contact.name().to_owned(),
            email: contact.email().map(str::to_owned),
            phone: contact.phone().map(str::to_owned),
        }
    }
}

/// What the shopper agreed to; nothing is assumed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consents {
    /// Messages about this pickup.
    #[serde(default)]
    pub pickup_messages: bool,
    /// News and offers.
    #[serde(default)]
    pub marketing: bool,
}

/// The longest text of an [`Attribution`], in characters.
pub const LONGEST_ATTRIBUTION: usize = 100;

/// Which campaign brought the shopper, in the words of the advertiser (`utm_campaign` and its sisters). It says nothing of who
/// the shopper is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attribution {
    /// Campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub campaign: Option<String>,
    /// Source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub source: Option<String>,
    /// Medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub medium: Option<String>,
    /// Id of the campaign, where it has one beside its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub campaign_id: Option<String>,
}

impl Attribution {
    /// Its texts by the names that they have in the address of a landing page.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("utm_campaign", self.campaign.as_deref()),
            ("utm_source", self.source.as_deref()),
            ("utm_medium", self.medium.as_deref()),
            ("utm_id", self.campaign_id.as_deref()),
        ]
    }

    /// Reads them by these names; what nobody can see is left out, and what is too long is cut. `None` where none is there.
    #[must_use]
    pub fn from_parameters(value: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let text = |name: &str| {
            let plain: String = value(name)?.chars().filter(|c| !c.is_control()).collect();
            let text: String = plain.trim().chars().take(LONGEST_ATTRIBUTION).collect();
            Some(text).filter(|text| !text.is_empty())
        };
        let read = Self {
            campaign: text("utm_campaign"),
            source: text("utm_source"),
            medium: text("utm_medium"),
            campaign_id: text("utm_id"),
        };
        (read != Self::default()).then_some(read)
    }
}

/// A reservation as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reservation {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ReservationId,
    /// What to show at the desk.
    #[cfg_attr(feature = "openapi", schema(example = "K7-4MQ"))]
    pub code: String,
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "held"))]
    pub status: Status,
    /// How the goods change hands.
    #[cfg_attr(feature = "openapi", schema(value_type = HandoverSchema))]
    pub method: Handover,
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// The goods.
    pub items: Vec<ReservedItem>,
    /// Who collects.
    pub collector: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// The goods are put back at this instant.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub hold_expires_at: Timestamp,
    /// When it should be ready; absent where the shop's hours are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub ready_by: Option<Timestamp>,
    /// Beginning of the agreed time of pickup, where one was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub pickup_from: Option<Timestamp>,
    /// End of the agreed time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub pickup_until: Option<Timestamp>,
    /// The secret of its owner, 160 bits in hexadecimal digits; only in the answer that creates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manage_token: Option<String>,
    /// Whether its owner may still ask once for it to be kept longer.
    #[serde(default)]
    pub can_extend: bool,
    /// What its owner said of their coming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// Path of its pass in the app, with the secret in the fragment, where no server or log sees it; only in the
    /// answer that creates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_url: Option<String>,
}

/// One line of a reservation, with what a pass shows of it even when the product is long gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReservedItem {
    /// The product.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// Units.
    pub quantity: u32,
    /// What it was called.
    pub title: String,
    /// Its colour and size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What one cost there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::MoneySchema>))]
    pub price: Option<Money>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Units of it that were handed over.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub collected: u32,
    /// Units of it that the shop could not give.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rejected: u32,
    /// Units of it that came back. No pass shows it: the app does without.
    #[cfg_attr(feature = "openapi", serde(default, skip_serializing_if = "is_zero"))]
    #[cfg_attr(not(feature = "openapi"), serde(skip))]
    pub returned: u32,
    /// Why the shop could not give them, or why they came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(units: &u32) -> bool {
    *units == 0
}

/// A change that the owner asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReservationChange {
    /// Give it back. Doing so twice is no error.
    Cancel {},
    /// Keep it longer; possible once.
    Extend {},
    /// Somebody else comes for it.
    SetCollector {
        /// Their name.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
        collector: String,
    },
    /// Fetch it from another shop, all of it; where that shop cannot serve it, it stays where it is.
    ChangeLocation {
        /// The other shop.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        location_id: LocationId,
    },
    /// Give one line back, or some units of it.
    ReleaseLine {
        /// The product.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        sku: Sku,
        /// Units; all of the line where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(minimum = 1))]
        quantity: Option<u32>,
    },
}

/// How far the shopper has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Phase {
    /// They have set out.
    OnTheWay,
    /// They are there.
    Arrived,
}

/// The shopper says that they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArrivalRequest {
    /// How far they have come.
    pub phase: Phase,
    /// The number of the bay in which they stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub bay: Option<String>,
    /// What to look out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub vehicle: Option<String>,
}

/// What the shopper said of their coming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Arrival {
    /// How far they have come.
    pub phase: Phase,
    /// The number of the bay in which they stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bay: Option<String>,
    /// What to look out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<String>,
    /// When they said so.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}

/// A shop that could serve what another could not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alternative {
    /// The shop.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub location_id: LocationId,
    /// Its name.
    pub name: String,
    /// Metres from the shop that could not.
    pub distance_m: u32,
    /// How much of the basket may be promised there.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::availability::FulfilsSchema))]
    pub fulfils: Fulfils,
}

/// See `domain::reservation::Handover`.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema, Serialize)]
#[schema(as = Handover)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)] // only its schema is used
pub enum HandoverSchema {
    InStore,
    Curbside,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Option<Attribution> {
        Attribution::from_parameters(|name| {
            let (_, value) = pairs.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        })
    }

    #[test]
    fn a_campaign_is_found_again_by_the_names_that_it_has_in_an_address() {
        let pairs = [("utm_campaign", "summer"), ("utm_source", "blog"), ("utm_medium", "banner"), ("utm_id", "c-7")];
        let campaign = read(&pairs).unwrap();
        assert_eq!(campaign.parameters().map(|(name, value)| (name, value.unwrap())), pairs);
        assert_eq!(read(&[("utm_term", "bottle")]), None);
    }

    #[test]
    fn a_hostile_campaign_is_a_short_plain_text() {
        let long = "x".repeat(10_000);
        let campaign =
            read(&[("utm_campaign", &long), ("utm_source", "a\u{0}b\r\nSet-Cookie: c"), ("utm_medium", " \t ")]);
        let campaign = campaign.unwrap();
        assert_eq!(campaign.campaign.unwrap().chars().count(), LONGEST_ATTRIBUTION);
        assert_eq!(campaign.source.as_deref(), Some("abSet-Cookie: c"));
        assert_eq!(campaign.medium, None);
    }
}
