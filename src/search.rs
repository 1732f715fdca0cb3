//! The search inside the browser: the same engine as the server's, in a worker, over an index that is fetched when there is
//! nothing else to do. Until it is there the server answers, and afterwards wherever the worker cannot.

use std::cell::RefCell;
use std::rc::Rc;

use api_contract::product::ProductPage;
use domain::id::{LocationId, Sku};

use crate::api::{self, ApiError, ProductQuery};
use crate::browser::worker::{Silent, Worker};
use crate::browser::{connectivity, document};

thread_local! {
    // One for the page: screens come and go, the index stays.
    static SEARCH: RefCell<Search> = RefCell::default();
}

#[derive(Default)]
struct Search {
    worker: Option<Rc<Worker>>,
    /// Whether it has its index.
    ready: bool,
    /// The shops whose stock it was told of.
    shops: Vec<LocationId>,
}

/// Begins once the browser has nothing else to do, or `at_once`. Who saves data is not sent an index; the server answers
/// then. `on_ready` hears when words can be answered here.
pub async fn start(at_once: bool, on_ready: impl Fn() + 'static) {
    let Some(script) = document::meta("nearshelf-search").filter(|_| !connectivity::saves_data()) else { return };
    if !at_once {
        crate::browser::clock::idle().await;
    }
    let worker = Worker::start(&script, move |told| {
        if told == "ready" {
            SEARCH.with_borrow_mut(|search| search.ready = true);
            document::mark("search", "ready");
            on_ready();
        }
    });
    let Some(worker) = worker.map(Rc::new) else { return };
    worker.tell(&["start", &api::url("/")]);
    SEARCH.with_borrow_mut(|search| {
        search.worker = Some(Rc::clone(&worker));
        tell_shops(&worker, &search.shops);
    });
}

/// Products by words and filters, from wherever they come fastest.
///
/// # Errors
/// [`ApiError`] of the server, where the worker has no answer.
pub async fn products(query: &ProductQuery) -> Result<ProductPage, ApiError> {
    if query.in_stock_at.as_ref().is_some_and(Vec::is_empty) {
        // No shop, no goods; asked without a shop the server would look at all of them.
        return Ok(ProductPage::default());
    }
    let worker = SEARCH.with_borrow(|search| search.worker.clone().filter(|_| search.ready));
    if let Some(worker) = worker {
        match worker.ask(&["products", &query.parameters()]).await {
            Ok(Some(answer)) => {
                if let Ok(page) = api::read_products(&answer) {
                    return Ok(page);
                }
            }
            Ok(None) => {}
            // Nobody waits for it twice.
            Err(Silent) => SEARCH.with_borrow_mut(|search| search.ready = false),
        }
    }
    api::products(query).await
}

/// Whether words are answered here, so that there is no request to spare by waiting for the next letter.
#[must_use]
pub fn is_ready() -> bool {
    SEARCH.with_borrow(|search| search.ready)
}

/// The shops nearby are these: the worker keeps their stock at hand.
pub fn shops_are(shops: Vec<LocationId>) {
    SEARCH.with_borrow_mut(|search| {
        if search.shops != shops {
            search.shops = shops;
            if let Some(worker) = &search.worker {
                tell_shops(worker, &search.shops);
            }
        }
    });
}

fn tell_shops(worker: &Worker, shops: &[LocationId]) {
    let ids = shops.iter().map(LocationId::as_str);
    worker.tell(&["shops"].into_iter().chain(ids).collect::<Vec<_>>());
}

/// The live stream said something of a shelf.
pub fn changed(location: &LocationId, sku: &Sku, available: bool) {
    SEARCH.with_borrow(|search| {
        if let Some(worker) = &search.worker {
            worker.tell(&["change", location.as_str(), sku.as_str(), if available { "1" } else { "0" }]);
        }
    });
}
