//! Every path of the API, spelled once.

use domain::id::{LocationId, ReservationId, Sku};

/// Answers as soon as the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// Answers 200 when the process can serve, 503 with the reason when it cannot.
pub const HEALTH_READY: &str = "/health/ready";
/// The OpenAPI document.
pub const OPENAPI: &str = "/openapi.json";
/// Figures about the server, for those who look after it.
pub const METRICS: &str = "/metrics";
/// Shops by place, words, hours and goods.
pub const LOCATIONS_SEARCH: &str = "/v1/locations/search";
/// Which gazetteer is the present one.
pub const PLACES: &str = "/v1/places";
/// What the retailer set for the app.
pub const SETTINGS: &str = "/v1/settings";
/// Which file of all shops is the present one.
pub const LOCATION_INDEX: &str = "/v1/location-index";
/// Places by postcode and town.
pub const PLACES_SEARCH: &str = "/v1/places/search";
/// Products by words, barcode and category.
pub const PRODUCTS: &str = "/v1/products";
/// Which search index is the present one.
pub const SEARCH: &str = "/v1/search";
/// What shops can promise, for the search inside the browser.
pub const SEARCH_STOCK: &str = "/v1/search/stock";
/// Stock of products at shops.
pub const AVAILABILITY: &str = "/v1/availability";
/// Changes of stock as they happen (Server-Sent Events).
pub const AVAILABILITY_EVENTS: &str = "/v1/availability/events";
/// Reservations.
pub const RESERVATIONS: &str = "/v1/reservations";
/// Stock changes from tills and ERPs.
pub const INVENTORY: &str = "/v1/inventory";
/// Screens in shops, and how they are doing.
pub const DEVICES: &str = "/v1/devices";

/// The header that makes a write happen once however often it is sent.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The header in which a device may say which one it is, so that others behind the same address are not taken for it.
pub const DEVICE_ID: &str = "Device-Id";
/// The parameter by which a box in somebody else's page says for which partner it asks. It stands in the address and not in a
/// header: a browser asks for leave before it has sent any header, and a stream can send none.
pub const EMBED_KEY: &str = "embed_key";
/// Says that an answer is the stored one of an earlier, equal request.
pub const IDEMPOTENT_REPLAYED: &str = "Idempotent-Replayed";

/// `/v1/locations/{id}`.
#[must_use]
pub fn location(id: &LocationId) -> String {
    format!("/v1/locations/{}", encode(id.as_str()))
}

/// `/v1/locations/{id}/pickup-windows`.
#[must_use]
pub fn pickup_windows(id: &LocationId) -> String {
    format!("{}/pickup-windows", location(id))
}

/// `/v1/products/{sku}`.
#[must_use]
pub fn product(sku: &Sku) -> String {
    format!("{PRODUCTS}/{}", encode(sku.as_str()))
}

/// `/v1/location-indexes/{id}`.
#[must_use]
pub fn location_index(id: &str) -> String {
    format!("/v1/location-indexes/{}", encode(id))
}

/// `/v1/places/indexes/{id}`.
#[must_use]
pub fn places_index(id: &str) -> String {
    format!("{PLACES}/indexes/{}", encode(id))
}

/// `/v1/search/indexes/{id}`.
#[must_use]
pub fn search_index(id: &str) -> String {
    format!("{SEARCH}/indexes/{}", encode(id))
}

/// `/v1/reservations/{id}`.
#[must_use]
pub fn reservation(id: &ReservationId) -> String {
    format!("{RESERVATIONS}/{}", encode(id.as_str()))
}

/// `/v1/reservations/{id}/arrival`.
#[must_use]
pub fn arrival(id: &ReservationId) -> String {
    format!("{}/arrival", reservation(id))
}

/// The stream of one screen: these products at these shops.
#[must_use]
pub fn availability_events<'a>(
    locations: impl IntoIterator<Item = &'a LocationId>,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> String {
    let locations = locations.into_iter().map(|l| format!("location_id={}", encode(l.as_str())));
    let skus = skus.into_iter().map(|s| format!("sku={}", encode(s.as_str())));
    format!("{AVAILABILITY_EVENTS}?{}", locations.chain(skus).collect::<Vec<_>>().join("&"))
}

/// Percent-encodes a text so that it can stand as one path segment or one value of a query (RFC 3986, section 2.3).
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_odd_characters_stay_one_segment() {
        assert_eq!(product(&Sku::new("a/b?c#d%e").unwrap()), "/v1/products/a%2Fb%3Fc%23d%25e");
        assert_eq!(encode("Łódź 1"), "%C5%81%C3%B3d%C5%BA%201");
    }

    #[test]
    fn a_stream_names_its_shops_and_products() {
        let (shop, sku) = (LocationId::new("lyo-1").unwrap(), Sku::new("a&b").unwrap());
        assert_eq!(availability_events([&shop], [&sku]), "/v1/availability/events?location_id=lyo-1&sku=a%26b");
    }
}
