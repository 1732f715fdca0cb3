//! Places that the shopper names, and shops: found on the device once their files are there, and by the server until then and
//! wherever the worker cannot.

use std::cell::RefCell;
use std::rc::Rc;

use api_contract::location::{LocationPage, LocationSearch};
use api_contract::paths::encode;
use api_contract::place::PlaceAnswer;
use domain::geo::{Position, decimal_degrees};
use domain::time::Timestamp;

use crate::api::{self, ApiError};
use crate::browser::worker::{Silent, Worker};
use crate::browser::{connectivity, document};

/// Places that are offered at once.
const LIMIT: &str = "5";

thread_local! {
    // One for the page.
    static STATE: RefCell<State> = RefCell::default();
}

#[derive(Default)]
struct State {
    worker: Option<Rc<Worker>>,
    /// Whether it has the gazetteer.
    places: bool,
    /// Whether it has the shops.
    shops: bool,
}

/// Begins once the browser has nothing else to do; `on_ready` hears when something more can be answered here. Who saves data is
/// not sent the files; the server answers then.
pub async fn start(on_ready: impl Fn() + 'static) {
    let Some(script) = document::meta("nearshelf-places").filter(|_| !connectivity::saves_data()) else { return };
    crate::browser::clock::idle().await;
    let worker = Worker::start(&script, move |told| {
        STATE.with_borrow_mut(|state| {
            state.places |= told == "ready";
            state.shops |= told == "shops";
        });
        document::mark(if told == "shops" { "shops" } else { "places" }, "ready");
        on_ready();
    });
    if let Some(worker) = worker {
        worker.tell(&["start", &api::url("/")]);
        STATE.with_borrow_mut(|state| state.worker = Some(Rc::new(worker)));
    }
}

/// Whether places are found here, so that there is no request to spare by waiting for the next letter.
#[must_use]
pub fn is_ready() -> bool {
    STATE.with_borrow(|state| state.places)
}

/// What the worker says, where it is `able` to say anything.
async fn ask(able: fn(&State) -> bool, words: &[&str]) -> Option<String> {
    let worker = STATE.with_borrow(|state| state.worker.clone().filter(|_| able(state)))?;
    match worker.ask(words).await {
        Ok(answer) => answer,
        Err(Silent) => {
            // Nobody waits for it twice.
            STATE.set(State::default());
            None
        }
    }
}

/// Shops by place, words, opening and services, without a network. `now` is what the answer says of itself. `None` where the
/// server has to be asked: about goods, and as long as the file is not there.
pub async fn shops(search: &LocationSearch, now: Timestamp) -> Option<LocationPage> {
    let filters = search.filters.clone().unwrap_or_default();
    if !filters.items.is_empty() {
        return None;
    }
    let page = search.pagination.clone().unwrap_or_default();
    let center = search.distance.as_ref().map(|distance| distance.center);
    let (latitude, longitude) = degrees(center);
    let max = search.distance.as_ref().and_then(|distance| distance.max);
    #[allow(clippy::cast_possible_truncation)] // a cast stops at the ends of the numbers
    let max = max.map(|metres| (metres as i64).to_string()).unwrap_or_default();
    let open_at = filters.hours.map(|hours| hours.open_at.millis().to_string()).unwrap_or_default();
    let asked = [
        "shops",
        search.query.as_deref().unwrap_or_default(),
        &latitude,
        &longitude,
        &max,
        &open_at,
        &filters.amenities.join(","),
        page.cursor.as_deref().unwrap_or("0"),
        &page.limit.unwrap_or(20).to_string(),
        &now.millis().to_string(),
    ];
    let answer = ask(|state| state.shops, &asked).await?;
    api::read_shops(&answer).ok()
}

/// Places for what was typed; among those of one name the nearest to `near` comes first.
///
/// # Errors
/// [`ApiError`] of the server, where the device does not know.
pub async fn find(words: &str, near: Option<Position>) -> Result<PlaceAnswer, ApiError> {
    let (latitude, longitude) = degrees(near);
    let answer = ask(|state| state.places, &["find", words, &latitude, &longitude, LIMIT]).await;
    if let Some(answer) = answer.and_then(|answer| api::read_places(&answer).ok()) {
        return Ok(answer);
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
