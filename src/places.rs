//! Postcodes and towns that the shopper names.

use api_contract::paths::encode;
use api_contract::place::PlaceAnswer;
use domain::geo::{Position, decimal_degrees};

use crate::api::{self, ApiError};

/// Places that are offered at once.
const LIMIT: &str = "5";

/// Places for what was typed; among those of one name the nearest to `near` comes first.
///
/// # Errors
/// [`ApiError`] of the server, where the device does not know.
pub async fn find(words: &str, near: Option<Position>) -> Result<PlaceAnswer, ApiError> {
    api::places(&query(words, near)).await
}

/// The query string of `GET /v1/places/search`. Where the shopper is leaves the device rounded.
fn query(words: &str, near: Option<Position>) -> String {
    let mut query = ["q=", &encode(words), "&limit=", LIMIT].concat();
    if let Some(near) = near.map(Position::rounded) {
        let (latitude, longitude) = (decimal_degrees(near.latitude()), decimal_degrees(near.longitude()));
        query += &["&latitude=", &latitude, "&longitude=", &longitude].concat();
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_rounded_position_leaves_the_device() {
        let near = Position::new(45.761_234, 4.845_678).unwrap();
        assert_eq!(
            query("Łódź 1", Some(near)),
            "q=%C5%81%C3%B3d%C5%BA%201&limit=5&latitude=45.760000&longitude=4.850000"
        );
        assert_eq!(query("x", None), "q=x&limit=5");
    }
}
