//! An address that leads nowhere, and the ways out.

use leptos::prelude::*;

use crate::browser::document;
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::route::{Route, StoresQuery};

/// An address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    document::set_title("Not found · Nearshelf");
    view! {
        <h1 class="visually-hidden">"Not found"</h1>
        <Notice
            icon=Icon::Search
            title="This page does not exist"
            text="The link may be old or mistyped. Search for the product, or look for a shop."
        >
            <a class="button" href=Route::Start.path()>"Search products"</a>
            <a class="button button--quiet" href=Route::Stores(StoresQuery::default()).path()>"See the shops"</a>
        </Notice>
    }
}
