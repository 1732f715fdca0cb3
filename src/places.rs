//! Postcodes and towns that the shopper names: found on the device once the gazetteer is there, and by the server until then and
//! wherever the worker cannot.

use std::cell::RefCell;
use std::rc::Rc;

use api_contract::paths::encode;
use api_contract::place::PlaceAnswer;
use domain::geo::{Position, decimal_degrees};

use crate::api::{self, ApiError};
use crate::browser::worker::{Silent, Worker};
use crate::browser::{connectivity, document};

/// Places that are offered at once.
const LIMIT: &str = "5";

thread_local! {
    // One for the page; empty as long as it has no gazetteer.
    static READY: RefCell<Option<Rc<Worker>>> = RefCell::default();
}

/// Begins once the browser has nothing else to do. Who saves data is not sent a gazetteer; the server answers then.
pub async fn start() {
    let Some(script) = document::meta("nearshelf-places").filter(|_| !connectivity::saves_data()) else { return };
    crate::browser::clock::idle().await;
    let own: Rc<RefCell<Option<Rc<Worker>>>> = Rc::default();
    let worker = {
        let own = Rc::clone(&own);
        Worker::start(&script, move |told| {
            if told == "ready" {
                READY.set(own.borrow().clone());
                document::mark("places", "ready");
            }
        })
    };
    if let Some(worker) = worker {
        worker.tell(&["start", &api::url("/")]);
        own.replace(Some(Rc::new(worker)));
    }
}

/// Whether places are found here, so that there is no request to spare by waiting for the next letter.
#[must_use]
pub fn is_ready() -> bool {
    READY.with_borrow(Option::is_some)
}

/// Places for what was typed; among those of one name the nearest to `near` comes first.
///
/// # Errors
/// [`ApiError`] of the server, where the device does not know.
pub async fn find(words: &str, near: Option<Position>) -> Result<PlaceAnswer, ApiError> {
    if let Some(worker) = READY.with_borrow(Clone::clone) {
        let (latitude, longitude) = degrees(near);
        match worker.ask(&["find", words, &latitude, &longitude, LIMIT]).await {
            Ok(Some(answer)) => {
                if let Ok(answer) = api::read_places(&answer) {
                    return Ok(answer);
                }
            }
            Ok(None) => {}
            // Nobody waits for it twice.
            Err(Silent) => READY.set(None),
        }
    }
    api::places(&query(words, near)).await
}

/// Degrees north and east as text, or nothing.
fn degrees(near: Option<Position>) -> (String, String) {
    near.map(|near| (decimal_degrees(near.latitude()), decimal_degrees(near.longitude()))).unwrap_or_default()
}

/// The query string of `GET /v1/places/search`. Where the shopper is leaves the device rounded.
fn query(words: &str, near: Option<Position>) -> String {
    let mut query = ["q=", &encode(words), "&limit=", LIMIT].concat();
    if near.is_some() {
        let (latitude, longitude) = degrees(near.map(Position::rounded));
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
        let asked = query("Łódź 1", Some(near));
        assert_eq!(asked, "q=%C5%81%C3%B3d%C5%BA%201&limit=5&latitude=45.760000&longitude=4.850000");
        assert_eq!(query("x", None), "q=x&limit=5");
    }
}
