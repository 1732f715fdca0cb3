//! From a request to a wish that the database can judge, and from its verdict to an answer.

use std::sync::Arc;

use api_contract::availability::AvailabilityRow;
use api_contract::paths;
use api_contract::problem::{Problem, ProblemType};
use api_contract::reservation::{Alternative, ContactBody, ReservationRequest};
use domain::basket::{Fulfils, Line};
use domain::id::{LocationId, ReservationId};
use domain::reservation::{Contact, ContactDraft, ContactProblem};
use domain::time::{HOUR_MS, Timestamp};

use super::locations::basket;
use crate::catalog::Catalog;
use crate::db::{IdempotencyKey, ReservationRow, Reserve, ReserveVerdict, ShelfRow, StoredAnswer};
use crate::error::Error;
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
    asked: ReservationRequest,
    key: String,
    request_id: String,
) -> Result<(Reserve, Context), Error> {
    let basket = basket(&asked.items, "/items")?;
    let contact = contact(&asked.contact)?;
    let collector = collector(asked.collector.as_deref())?;
    check_lengths(&asked)?;
    let idempotency = IdempotencyKey { principal: "public", key, fingerprint: fingerprint(&asked)? };
    let secret = random::bytes::<20>().map_err(|error| Error::internal(&error))?;
    let name = random::bytes::<10>().map_err(|error| Error::internal(&error))?;
    let manage_token = random::hex(&secret);
    let id = ReservationId::new(format!("r_{}", random::hex(&name))).map_err(|error| Error::internal(&error))?;
    let catalog = state.catalog.load_full();
    let shop = catalog.shops.get(&asked.location_id);
    let wish = Reserve {
        id,
        token_hash: random::sha256(manage_token.as_bytes()),
        location: asked.location_id.clone(),
        method: asked.method,
        basket,
        contact,
        collector,
        consents: json(&asked.consents)?,
        promo_codes: if asked.promo_codes.is_empty() { None } else { json(&Some(&asked.promo_codes))? },
        attribution: json(&asked.attribution)?,
        open: shop.and_then(|shop| shop.open(state.clock().now()).spans.clone()),
        hold_ms: i64::from(state.config.hold_hours) * HOUR_MS,
        others: shop.map(|shop| others(&catalog, &shop.row.id, shop.row.position)).unwrap_or_default(),
        idempotency,
    };
    Ok((wish, Context { catalog, asked, manage_token, request_id }))
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

fn collector(name: Option<&str>) -> Result<Option<String>, Error> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { return Ok(None) };
    if name.chars().count() > 80 || name.chars().any(char::is_control) {
        return Err(Error::invalid("/collector", ContactProblem::NameUnusable.to_string()));
    }
    Ok(Some(name.to_owned()))
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
    for (pointer, text) in
        [("/attribution/campaign", attribution.campaign), ("/attribution/source", attribution.source)]
    {
        if text.is_some_and(|text| text.chars().count() > 100) {
            return Err(Error::invalid(pointer, "is longer than 100 characters"));
        }
    }
    Ok(())
}

fn json<T: serde::Serialize>(value: &Option<T>) -> Result<Option<String>, Error> {
    value.as_ref().map(serde_json::to_string).transpose().map_err(|error| Error::internal(&error))
}

/// What makes two requests the same: what was understood, whatever the spacing, the order of keys or the way a number
/// was written.
fn fingerprint(asked: &ReservationRequest) -> Result<[u8; 32], Error> {
    let value = serde_json::to_value(asked).map_err(|error| Error::internal(&error))?;
    let mut text = format!("POST {}\n", paths::RESERVATIONS);
    canonical(&value, &mut text);
    Ok(random::sha256(text.as_bytes()))
}

fn canonical(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            out.push('{');
            for key in keys {
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(map.get(key).unwrap_or(&serde_json::Value::Null), out);
                out.push(',');
            }
            out.push('}');
        }
        serde_json::Value::Array(rows) => {
            out.push('[');
            for row in rows {
                canonical(row, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

impl Context {
    /// The answer to a verdict; `None` for one that another body could change, and which is not kept under the key.
    pub(super) fn answer(&self, verdict: &ReserveVerdict) -> Option<StoredAnswer> {
        match verdict {
            ReserveVerdict::Held(row) => self.held(row),
            ReserveVerdict::Short { as_of, lines, alternatives } => {
                let mut problem =
                    Problem::new(ProblemType::InsufficientStock, "Nothing was reserved: not enough is left of it.");
                problem.rows =
                    lines.iter().filter_map(|(line, shelf)| self.row(line, shelf.as_ref(), *as_of)).collect();
                problem.alternatives = alternatives.iter().filter_map(|(id, f)| self.alternative(id, *f)).collect();
                self.problem(problem)
            }
            ReserveVerdict::NoPickup(sku) => {
                let what = sku.as_ref().map_or_else(|| "reservations like this one".to_owned(), ToString::to_string);
                let detail = format!("This shop does not hand over {what}.");
                self.problem(Problem::new(ProblemType::PickupUnavailable, detail))
            }
            ReserveVerdict::UnknownLocation | ReserveVerdict::UnknownProduct(_) => None,
        }
    }

    /// The refusal of a verdict that has no [`Context::answer`].
    pub(super) fn refusal(asked: &ReservationRequest, verdict: &ReserveVerdict) -> Error {
        match verdict {
            ReserveVerdict::UnknownProduct(sku) => {
                let lines = asked.items.iter().enumerate().filter(|(_, item)| item.sku == *sku);
                let fields =
                    lines.map(|(line, _)| (format!("/items/{line}/sku"), format!("there is no product {sku}")));
                Error::fields(ProblemType::UnknownProduct, fields.collect())
            }
            _ => {
                let field = ("/location_id".to_owned(), format!("there is no shop {}", asked.location_id));
                Error::fields(ProblemType::UnknownLocation, vec![field])
            }
        }
    }

    fn held(&self, row: &ReservationRow) -> Option<StoredAnswer> {
        let mut reservation = wire::reservation(row, row.created_at);
        reservation.pass_url = Some(format!("/pickups/{}#t={}", row.id, self.manage_token));
        reservation.manage_token = Some(self.manage_token.clone());
        let body = serde_json::to_string(&reservation).ok()?;
        Some(StoredAnswer { status: 201, location: Some(paths::reservation(&row.id)), body })
    }

    fn problem(&self, problem: Problem) -> Option<StoredAnswer> {
        let problem = Problem { request_id: self.request_id.clone(), ..problem };
        let body = serde_json::to_string(&problem).ok()?;
        Some(StoredAnswer { status: problem.status, location: None, body })
    }

    fn row(&self, line: &Line, shelf: Option<&ShelfRow>, now: Timestamp) -> Option<AvailabilityRow> {
        let shop = self.catalog.shops.get(&self.asked.location_id)?;
        let product = self.catalog.products.get(&line.sku)?;
        Some(wire::availability(shop, product, shelf, line.quantity, now))
    }

    fn alternative(&self, id: &LocationId, fulfils: Fulfils) -> Option<Alternative> {
        let (from, shop) = (self.catalog.shops.get(&self.asked.location_id)?, self.catalog.shops.get(id)?);
        let distance_m = wire::metres(from.row.position.distance_m(shop.row.position));
        Some(Alternative { location_id: id.clone(), name: shop.row.name.clone(), distance_m, fulfils })
    }
}
