//! From a request to a wish that the database can judge, and from its verdict to an answer.

use std::num::NonZeroU32;
use std::sync::Arc;

use api_contract::availability::AvailabilityRow;
use api_contract::paths;
use api_contract::problem::{Problem, ProblemType};
use api_contract::reservation::{Alternative, ContactBody, LONGEST_ATTRIBUTION, ReservationRequest};
use domain::basket::{Fulfils, Line};
use domain::geo::whole_metres;
use domain::id::{LocationId, ReservationId};
use domain::reservation::{Contact, ContactDraft, ContactProblem};
use domain::time::Timestamp;

use super::fingerprint::fingerprint;
use super::locations::basket;
use crate::access::Caller;
use crate::catalog::Catalog;
use crate::db::{
    HoldingLimits, IdempotencyKey, Limit, Others, Place, Refusal, ReservationRow, Reserve, ReserveVerdict, ShelfRow,
    StoredAnswer,
};
use crate::error::Error;
use crate::limits::claimants;
use crate::random;
use crate::state::AppState;
use crate::wire;

/// Other shops that are looked at where the asked one cannot serve; the nearest ones.
const OTHERS: usize = 500;

/// What an answer needs besides the verdict.
pub(super) struct Context {
    pub(super) catalog: Arc<Catalog>,
    pub(super) asked: ReservationRequest,
    pub(super) manage_token: String,
    pub(super) request_id: String,
}

/// Checks a request and prepares everything that can be prepared before the stock is looked at.
pub(super) fn prepare(
    state: &AppState,
    caller: &Caller,
    asked: ReservationRequest,
    key: String,
    request_id: String,
) -> Result<(Reserve, Context), Error> {
    let basket = basket(&asked.items, "/items")?;
    let contact = contact(&asked.contact)?;
    let collector = asked.collector.as_deref().map(|name| collector(name, "/collector")).transpose()?.flatten();
    check_lengths(&asked)?;
    let idempotency =
        IdempotencyKey { principal: caller.principal(), key, fingerprint: fingerprint(paths::RESERVATIONS, &asked)? };
    let secret = random::bytes::<20>().map_err(|error| Error::internal(&error))?;
    let manage_token = random::hex(&secret);
    let catalog = state.catalog.load_full();
    let limits = HoldingLimits {
        claimants: claimants(&state.config.limits, &state.limit_secret, &contact, caller),
        units_per_product: state.config.limits.units_per_product_per_person.map(NonZeroU32::get),
    };
    let wish = Reserve {
        id: new_id(state.clock().now())?,
        token_hash: random::sha256(manage_token.as_bytes()),
        place: Place { window: asked.pickup_window, ..place(state, &catalog, &asked.location_id) },
        method: asked.method,
        basket,
        contact,
        collector,
        consents: json(&asked.consents)?,
        promo_codes: if asked.promo_codes.is_empty() { None } else { json(&Some(&asked.promo_codes))? },
        attribution: json(&asked.attribution)?,
        limits,
        idempotency,
    };
    Ok((wish, Context { catalog, asked, manage_token, request_id }))
}

/// A name that begins with the time, so that neighbours in time are neighbours in the index. It opens nothing: that is what
/// the secret is for.
fn new_id(now: Timestamp) -> Result<ReservationId, Error> {
    let random = random::bytes::<6>().map_err(|error| Error::internal(&error))?;
    ReservationId::new(format!("r_{:012x}{}", now.millis(), random::hex(&random)))
        .map_err(|error| Error::internal(&error))
}

/// A shop as a reservation needs to know it.
pub(super) fn place(state: &AppState, catalog: &Arc<Catalog>, location: &LocationId) -> Place {
    let shop = catalog.shops.get(location);
    Place {
        location: location.clone(),
        open: shop.and_then(|shop| shop.open(state.clock().now()).spans.clone()),
        timezone: shop.map(|shop| shop.row.timezone.clone()).unwrap_or_default(),
        pickup: shop.map(|shop| shop.row.pickup).unwrap_or_default(),
        window: None,
        others: Others::new({
            let (catalog, id) = (Arc::clone(catalog), location.clone());
            move || catalog.shops.get(&id).map(|shop| others(&catalog, &id, shop.row.position)).unwrap_or_default()
        }),
        holds: Arc::clone(&state.config.holds),
    }
}

fn others(catalog: &Catalog, id: &LocationId, from: domain::geo::Position) -> Vec<LocationId> {
    let near = catalog.shops.nearest(from, None, OTHERS, |shop| shop.row.id != *id && shop.row.has_pickup());
    near.into_iter().map(|(shop, _)| shop.row.id.clone()).collect()
}

fn contact(body: &ContactBody) -> Result<Contact, Error> {
    let draft = ContactDraft {
        name: body.name.clone(),
        email: body.email.clone().unwrap_or_default(),
        phone: body.phone.clone().unwrap_or_default(),
    };
    draft.check().map_err(|problems| {
        let pointer = |problem| match problem {
            ContactProblem::NameMissing | ContactProblem::NameUnusable => "/contact/name",
            ContactProblem::NoWayToReach => "/contact",
            ContactProblem::EmailUnusable => "/contact/email",
            ContactProblem::PhoneUnusable => "/contact/phone",
        };
        let fields = problems.into_iter().map(|problem| (pointer(problem).to_owned(), problem.to_string()));
        Error::fields(ProblemType::InvalidRequest, fields.collect())
    })
}

/// The name of whoever collects; nothing where only blanks were sent.
pub(super) fn collector(name: &str, pointer: &str) -> Result<Option<String>, Error> {
    let name = name.trim();
    if name.chars().count() > 80 || name.chars().any(char::is_control) {
        return Err(Error::invalid(pointer, ContactProblem::NameUnusable.to_string()));
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

fn check_lengths(asked: &ReservationRequest) -> Result<(), Error> {
    if asked.promo_codes.len() > 10 {
        return Err(Error::invalid("/promo_codes", "may have at most 10 codes"));
    }
    for (place, code) in asked.promo_codes.iter().enumerate() {
        if code.is_empty() || code.chars().count() > 64 || code.chars().any(char::is_control) {
            return Err(Error::invalid(format!("/promo_codes/{place}"), "must have 1 to 64 plain characters"));
        }
    }
    let attribution = asked.attribution.clone().unwrap_or_default();
    for (field, text) in [
        ("campaign", attribution.campaign),
        ("source", attribution.source),
        ("medium", attribution.medium),
        ("campaign_id", attribution.campaign_id),
    ] {
        if text.is_some_and(|text| text.chars().count() > LONGEST_ATTRIBUTION) {
            let detail = format!("is longer than {LONGEST_ATTRIBUTION} characters");
            return Err(Error::invalid(format!("/attribution/{field}"), detail));
        }
    }
    Ok(())
}

fn json<T: serde::Serialize>(value: &Option<T>) -> Result<Option<String>, Error> {
    value.as_ref().map(serde_json::to_string).transpose().map_err(|error| Error::internal(&error))
}

impl Context {
    /// The answer to a verdict; `None` for one that another body could change, and which is not kept under the key.
    pub(super) fn answer(&self, verdict: &ReserveVerdict) -> Option<StoredAnswer> {
        let refusal = match verdict {
            ReserveVerdict::Held(row) => return self.held(row),
            ReserveVerdict::No(Refusal::UnknownLocation | Refusal::UnknownProduct(_)) => return None,
            ReserveVerdict::No(refusal) => refusal,
        };
        let problem = refused(&self.catalog, &self.asked.location_id, refusal);
        let problem = Problem { request_id: self.request_id.clone(), ..problem };
        let body = serde_json::to_string(&problem).ok()?;
        Some(StoredAnswer { status: problem.status, location: None, body })
    }

    /// The refusal of a verdict that has no [`Context::answer`].
    pub(super) fn refusal(asked: &ReservationRequest, verdict: &ReserveVerdict) -> Error {
        match verdict {
            ReserveVerdict::No(Refusal::UnknownProduct(sku)) => {
                let lines = asked.items.iter().enumerate().filter(|(_, item)| item.sku == *sku);
                let fields =
                    lines.map(|(line, _)| (format!("/items/{line}/sku"), format!("there is no product {sku}")));
                Error::fields(ProblemType::UnknownProduct, fields.collect())
            }
            _ => unknown_location(&asked.location_id),
        }
    }

    fn held(&self, row: &ReservationRow) -> Option<StoredAnswer> {
        let mut reservation = wire::reservation(row, row.created_at);
        reservation.pass_url = Some(format!("/pickups/{}#t={}", row.id, self.manage_token));
        reservation.manage_token = Some(self.manage_token.clone());
        let body = serde_json::to_string(&reservation).ok()?;
        Some(StoredAnswer { status: 201, location: Some(paths::reservation(&row.id)), body })
    }
}

/// No such shop.
pub(super) fn unknown_location(id: &LocationId) -> Error {
    let field = ("/location_id".to_owned(), format!("there is no shop {id}"));
    Error::fields(ProblemType::UnknownLocation, vec![field])
}

/// Why a shop did not claim the goods, for the shopper.
pub(super) fn refused(catalog: &Catalog, location: &LocationId, refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::Short { as_of, lines, alternatives } => {
            let detail = "Nothing was reserved: not enough is left of it.";
            let rows = lines.iter().filter_map(|(line, shelf)| row(catalog, location, line, shelf.as_ref(), *as_of));
            let others = alternatives.iter().filter_map(|(id, fulfils)| alternative(catalog, location, id, *fulfils));
            Problem {
                rows: rows.collect(),
                alternatives: others.collect(),
                ..Problem::new(ProblemType::InsufficientStock, detail)
            }
        }
        Refusal::NoPickup(sku) => {
            let what = sku.as_ref().map_or_else(|| "reservations like this one".to_owned(), ToString::to_string);
            Problem::new(ProblemType::PickupUnavailable, format!("This shop does not hand over {what}."))
        }
        Refusal::WindowFull => {
            let detail = "Nothing was reserved: that time of pickup cannot be had. Ask for the windows again.";
            Problem::new(ProblemType::PickupWindowFull, detail)
        }
        Refusal::LimitReached(Limit::Reservations(_, most)) => {
            let detail = format!("{most} reservations are open at a time. Collect or give back one of them first.");
            Problem::new(ProblemType::LimitReached, detail)
        }
        Refusal::LimitReached(Limit::Units(sku, most)) => {
            let detail = format!("At most {most} of {sku} can be put aside for one person.");
            Problem::new(ProblemType::LimitReached, detail)
        }
        Refusal::UnknownLocation => Problem::new(ProblemType::UnknownLocation, format!("There is no shop {location}.")),
        Refusal::UnknownProduct(sku) => {
            Problem::new(ProblemType::UnknownProduct, format!("There is no product {sku}."))
        }
    }
}

fn row(
    catalog: &Catalog,
    location: &LocationId,
    line: &Line,
    shelf: Option<&ShelfRow>,
    now: Timestamp,
) -> Option<AvailabilityRow> {
    let (shop, product) = (catalog.shops.get(location)?, catalog.products.get(&line.sku)?);
    Some(wire::availability(shop, product, shelf, line.quantity, now))
}

fn alternative(catalog: &Catalog, from: &LocationId, id: &LocationId, fulfils: Fulfils) -> Option<Alternative> {
    let (from, shop) = (catalog.shops.get(from)?, catalog.shops.get(id)?);
    let distance_m = whole_metres(from.row.position.distance_m(shop.row.position));
    Some(Alternative { location_id: id.clone(), name: shop.row.name.clone(), distance_m, fulfils })
}
