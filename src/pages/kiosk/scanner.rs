//! The scanner of the screen, which pretends to be a keyboard: heard whatever has the focus.

use domain::gtin::Gtin;
use domain::id::Sku;
use domain::scan::{Scanned, Wedge};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Kiosk, View};
use crate::api::{ApiError, ProductQuery};
use crate::browser::document;
use crate::browser::public_screen::{self, Key};
use crate::search;
use crate::seen;
use crate::text;
use crate::words;

/// Listens for as long as the document lives.
pub(super) fn follow(kiosk: Kiosk) {
    let mut wedge = Wedge::default();
    let mut before = None;
    public_screen::follow_keys(move |key, at_ms| {
        // The page hears until it goes, and this screen may be gone before.
        let shown = kiosk.views.try_with_untracked(|views| views.last().cloned().unwrap_or(View::Search));
        let Some(view) = shown else { return false };
        match (key, view) {
            // There codes are typed that are no product's.
            (_, View::Staff | View::Gone) => false,
            (Key::Letter(letter), view) => {
                if wedge.key(letter, at_ms) {
                    if view == View::Search && public_screen::field_text().is_none() {
                        document::focus(super::search::FIELD);
                    }
                    before = public_screen::field_text();
                }
                false
            }
            (Key::Enter, _) => match wedge.enter(at_ms) {
                Some(code) => {
                    // It typed into the field as well.
                    if let Some(before) = before.take() {
                        public_screen::set_field_text(&before);
                    }
                    public_screen::leave_field();
                    read(kiosk, &code);
                    true
                }
                None => false,
            },
            (Key::Shift, _) => false,
            (Key::Other, _) => {
                wedge.other_key();
                false
            }
        }
    });
}

/// A code was read.
fn read(kiosk: Kiosk, code: &str) {
    match Scanned::read(code, &document::origin()) {
        Ok(Scanned::Gtin(gtin)) => spawn_local(async move { arrived(kiosk, by_barcode(gtin).await) }),
        Ok(Scanned::Sku(sku)) => spawn_local(async move { arrived(kiosk, by_number(&sku).await) }),
        Ok(Scanned::Pass(_) | Scanned::PassLink(_)) => kiosk.say(text::scan_pass(), text::scan_pass_advice()),
        Err(bad) => {
            kiosk.say(words::bad_scan(bad), text::scan_again());
        }
    }
}

async fn by_barcode(gtin: Gtin) -> Result<Option<Sku>, ApiError> {
    let page = search::products(&ProductQuery { gtin: Some(gtin), limit: 1, ..ProductQuery::default() }).await?;
    Ok(page.products.into_iter().next().map(|product| product.sku))
}

async fn by_number(sku: &Sku) -> Result<Option<Sku>, ApiError> {
    match seen::product(sku).await {
        Ok(product) => Ok(Some(product.sku)),
        Err(error) if error.is(api_contract::problem::ProblemType::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn arrived(kiosk: Kiosk, found: Result<Option<Sku>, ApiError>) {
    if kiosk.views.try_with_untracked(|views| views.last() == Some(&View::Gone)).unwrap_or(true) {
        return;
    }
    match found {
        Ok(Some(sku)) => kiosk.go(View::Product(sku)),
        Ok(None) => kiosk.say(text::scan_unknown(), text::scan_unknown_advice()),
        Err(error) => {
            let explained = words::failure(&error, words::What::Product);
            kiosk.say(&explained.title, &explained.text);
        }
    }
}
