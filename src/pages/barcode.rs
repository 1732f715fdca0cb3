//! The number below a barcode as an address, which is also a GS1 Digital Link: it leads on to the product.

use domain::gtin::Gtin;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::ProductQuery;
use crate::browser::document;
use crate::components::icon::Icon;
use crate::components::notice::{FailureNotice, Notice};
use crate::components::skeleton::SkeletonRows;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::{Route, SearchQuery};
use crate::search;
use crate::settings;
use crate::text;
use crate::words;

/// Looks the product of a barcode up and goes there.
#[component]
pub fn BarcodePage(
    /// The number, as the address has it.
    number: String,
) -> impl IntoView {
    document::set_title(&text::find_start_page_title(settings::name()));
    match Gtin::new(number.as_str()) {
        Ok(gtin) => view! { <Looked gtin /> }.into_any(),
        Err(bad) => said(words::bad_gtin(bad), text::scan_number(&number), number).into_any(),
    }
}

#[component]
fn Looked(gtin: Gtin) -> impl IntoView {
    let navigate = use_navigate();
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let number = gtin.to_string();
    let found = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let asked = ProductQuery { gtin: Some(gtin.clone()), limit: 1, ..ProductQuery::default() };
        Some(async move { Ok(search::products(&asked).await?.products.into_iter().next().map(|product| product.sku)) })
    });
    Effect::new(move |_| {
        if let Remote::Ready(Some(sku)) = found.get() {
            // One step back leads to where the code was scanned, and not to here.
            navigate(&Route::Product(sku).path(), NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    move || match found.get() {
        Remote::Failed(error) => {
            view! { <FailureNotice explained=words::failure(&error, words::What::Product) retry=again /> }.into_any()
        }
        Remote::Ready(None) => {
            said(text::scan_unknown(), text::scan_unknown_advice().to_owned(), number.clone()).into_any()
        }
        _ => view! { <SkeletonRows count=4 label=text::product_loading() /> }.into_any(),
    }
}

/// Why there is no product, and the way on: the search, where the number can be mended.
fn said(title: &'static str, text: String, number: String) -> impl IntoView {
    let mend = Route::Search(SearchQuery { words: number, ..SearchQuery::default() }).path();
    view! {
        <Notice icon=Icon::Barcode title text alert=true>
            <a class="button" href=mend>{text::scan_mend()}</a>
            <a class="button button--quiet" href=Route::Start.path()>{text::pickup_find()}</a>
        </Notice>
    }
}
