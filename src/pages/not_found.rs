//! An address that leads nowhere, and the ways out.

use leptos::prelude::*;

use crate::browser::document;
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::route::{Route, StoresQuery};
use crate::text;

/// An address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    document::set_title(text::not_found_page_title());
    view! {
        <h1 class="visually-hidden">{text::not_found_title()}</h1>
        <Notice
            icon=Icon::Search
            title=text::not_found_what()
            text=text::not_found_advice()
        >
            <a class="button" href=Route::Start.path()>{text::not_found_search()}</a>
            <a class="button button--quiet" href=Route::Stores(StoresQuery::default()).path()>{text::not_found_shops()}</a>
        </Notice>
    }
}
