//! The only door to HTTP: one async function for each endpoint that the app uses.

mod error;
mod request;
mod wait;

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityRequest, MAX_ITEMS};
use api_contract::device::DeviceReport;
use api_contract::location::{Location, LocationPage, LocationSearch, PickupWindows};
use api_contract::paths;
use api_contract::place::PlaceAnswer;
use api_contract::product::{Product, ProductPage};
use api_contract::reservation::{ArrivalRequest, Reservation, ReservationChange, ReservationRequest};
use domain::gtin::Gtin;
use domain::id::{LocationId, ReservationId, Sku};

use crate::settings;
pub use error::ApiError;
use request::{Call, Method};
pub use request::{set_base, url};

/// What a product list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductQuery {
    /// Words; empty for all products.
    pub words: String,
    /// Only what has this number below its barcode, in whichever length.
    pub gtin: Option<Gtin>,
    /// Only this category.
    pub category: Option<String>,
    /// Only this brand.
    pub brand: Option<String>,
    /// Only what one of these shops can promise now; none of them has nothing.
    pub in_stock_at: Option<Vec<LocationId>>,
    /// Only these very words.
    pub verbatim: bool,
    /// Shops whose goods come first, the nearest first.
    pub near: Vec<LocationId>,
    /// Where the list goes on.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: u32,
}

/// Shops by place and words.
///
/// # Errors
/// [`ApiError`], as for all functions here.
pub async fn search_locations(search: &LocationSearch) -> Result<LocationPage, ApiError> {
    Call::new(Method::Post, paths::LOCATIONS_SEARCH).json(search)?.send().await
}

/// Postcodes and towns, from the server; [`crate::places`] knows a quicker way.
///
/// # Errors
/// [`ApiError`]
pub async fn places(query: &str) -> Result<PlaceAnswer, ApiError> {
    Call::new(Method::Get, &[paths::PLACES_SEARCH, "?", query].concat()).send().await
}

/// Reads an answer of the same form that came another way.
///
/// # Errors
/// [`ApiError::Unreadable`]
pub fn read_shops(text: &str) -> Result<LocationPage, ApiError> {
    request::read_json(text)
}

/// The same of places.
///
/// # Errors
/// [`ApiError::Unreadable`]
pub fn read_places(text: &str) -> Result<PlaceAnswer, ApiError> {
    request::read_json(text)
}

/// One shop.
///
/// # Errors
/// [`ApiError`]
pub async fn location(id: &LocationId) -> Result<Location, ApiError> {
    Call::new(Method::Get, &paths::location(id)).send().await.map(settings::offered)
}

/// Products by words and filters, from the server; [`crate::search`] knows a quicker way.
///
/// # Errors
/// [`ApiError`]
pub async fn products(query: &ProductQuery) -> Result<ProductPage, ApiError> {
    Call::new(Method::Get, &[paths::PRODUCTS, "?", &query.parameters()].concat()).send().await
}

/// Reads an answer of the same form that came another way.
///
/// # Errors
/// [`ApiError::Unreadable`]
pub fn read_products(text: &str) -> Result<ProductPage, ApiError> {
    request::read_json(text)
}

impl ProductQuery {
    /// The query string of `GET /v1/products`.
    #[must_use]
    pub fn parameters(&self) -> String {
        let mut parts = vec![["limit=", &self.limit.to_string()].concat()];
        let mut add = |name: &str, value: &str| parts.push([name, "=", &paths::encode(value)].concat());
        if !self.words.trim().is_empty() {
            add("q", self.words.trim());
        }
        if let Some(gtin) = &self.gtin {
            add("gtin", gtin.as_str());
        }
        if let Some(category) = &self.category {
            add("category", category);
        }
        if let Some(brand) = &self.brand {
            add("brand", brand);
        }
        if self.verbatim {
            add("verbatim", "true");
        }
        let list = |shops: &[LocationId]| shops.iter().map(LocationId::as_str).collect::<Vec<_>>().join(",");
        if let Some(shops) = &self.in_stock_at {
            add("location_id", &list(shops));
            add("available", "true");
        }
        if !self.near.is_empty() {
            add("near", &list(&self.near));
        }
        if let Some(cursor) = &self.cursor {
            add("cursor", cursor);
        }
        parts.join("&")
    }
}

/// One product.
///
/// # Errors
/// [`ApiError`]
pub async fn product(sku: &Sku) -> Result<Product, ApiError> {
    Call::new(Method::Get, &paths::product(sku)).send().await
}

/// Stock of products at shops, as far as it can be read.
///
/// # Errors
/// [`ApiError`]
pub async fn shelves(request: &AvailabilityRequest) -> Result<AvailabilityAnswer, ApiError> {
    Call::new(Method::Post, paths::AVAILABILITY).json(request)?.send().await
}

/// The same where something is decided by it, such as whether a price is still the one that was seen: all of it or none.
///
/// # Errors
/// [`ApiError`]
pub async fn availability(request: &AvailabilityRequest) -> Result<AvailabilityAnswer, ApiError> {
    shelves(request).await.and_then(|answer| {
        if answer.rows.left_out() == 0 { Ok(answer) } else { Err(ApiError::Unreadable("a row".to_owned())) }
    })
}

/// Stock of one unit of each of these products at these shops, also of more products than one question may name.
///
/// # Errors
/// [`ApiError`]
pub async fn stock(skus: &[Sku], locations: &[LocationId]) -> Result<AvailabilityAnswer, ApiError> {
    let mut whole: Option<AvailabilityAnswer> = None;
    for part in skus.chunks(MAX_ITEMS) {
        let items = part.iter().map(|sku| Item { sku: sku.clone(), quantity: 1 }).collect();
        let asked = AvailabilityRequest { items, location_ids: Some(locations.to_vec()), near: None };
        let answer = shelves(&asked).await?;
        match &mut whole {
            // All of it is at least as new as its first part.
            Some(whole) => whole.rows.extend(answer.rows),
            None => whole = Some(answer),
        }
    }
    whole.ok_or(ApiError::Offline)
}

/// Puts goods aside. The same key never does so twice.
///
/// # Errors
/// [`ApiError`]; a refusal for lack of stock is [`ApiError::Problem`] with rows and alternatives.
pub async fn reserve(request: &ReservationRequest, idempotency_key: &str) -> Result<Reservation, ApiError> {
    reserving(request, idempotency_key)?.send().await
}

/// The same at a screen in a shop, which shows that it is one.
///
/// # Errors
/// [`ApiError`]
pub async fn reserve_at_screen(
    request: &ReservationRequest,
    idempotency_key: &str,
    device: &str,
) -> Result<Reservation, ApiError> {
    reserving(request, idempotency_key)?.bearer(device).send().await
}

fn reserving(request: &ReservationRequest, idempotency_key: &str) -> Result<Call, ApiError> {
    let call = Call::new(Method::Post, paths::RESERVATIONS).header(paths::IDEMPOTENCY_KEY, idempotency_key);
    Ok(call.json(request)?.timeout_ms(15_000))
}

/// Whether the server answers.
pub async fn is_there() -> bool {
    Call::new(Method::Get, paths::HEALTH_LIVE).send::<serde::de::IgnoredAny>().await.is_ok()
}

/// A screen in a shop says how it is doing.
///
/// # Errors
/// [`ApiError`]; `unauthorized` and `forbidden` say that its token is none, or none of this shop.
pub async fn report(report: &DeviceReport, device: &str) -> Result<(), ApiError> {
    let call = Call::new(Method::Post, paths::DEVICES).bearer(device).json(report)?;
    call.send::<serde::de::IgnoredAny>().await.map(|_| ())
}

/// A reservation, for its owner.
///
/// # Errors
/// [`ApiError`]
pub async fn reservation(id: &ReservationId, token: &str) -> Result<Reservation, ApiError> {
    Call::new(Method::Get, &paths::reservation(id)).bearer(token).send().await
}

/// Changes a reservation, for its owner.
///
/// # Errors
/// [`ApiError`]
pub async fn change(id: &ReservationId, token: &str, change: &ReservationChange) -> Result<Reservation, ApiError> {
    Call::new(Method::Patch, &paths::reservation(id)).bearer(token).timeout_ms(15_000).json(change)?.send().await
}

/// Says that its owner comes for a reservation.
///
/// # Errors
/// [`ApiError`]
pub async fn arrive(id: &ReservationId, token: &str, arrival: &ArrivalRequest) -> Result<Reservation, ApiError> {
    Call::new(Method::Post, &paths::arrival(id)).bearer(token).timeout_ms(15_000).json(arrival)?.send().await
}

/// When these products can be fetched at a shop by agreement.
///
/// # Errors
/// [`ApiError`]
pub async fn pickup_windows(id: &LocationId, skus: &[Sku]) -> Result<PickupWindows, ApiError> {
    let skus: Vec<String> = skus.iter().map(|sku| paths::encode(sku.as_str())).collect();
    Call::new(Method::Get, &[&paths::pickup_windows(id), "?sku=", &skus.join(",")].concat()).send().await
}
