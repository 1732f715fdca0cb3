//! Putting goods aside: one desk for a product and for the part of the basket that a shop has.

mod desk;
mod form;
mod model;
mod outcome;
mod terms;

use api_contract::Item;
use api_contract::availability::AvailabilityRequest;
use domain::id::LocationId;
use leptos::prelude::*;

use crate::api;
use crate::browser::document;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::skeleton::SkeletonRows;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::{ReserveQuery, Route};
use crate::session::use_session;
use crate::text;
use crate::words;
use desk::Desk;
use model::{Origin, Wanted};

/// Putting a product aside at a shop.
#[component]
pub fn ReservePage(
    /// What, and where.
    query: ReserveQuery,
) -> impl IntoView {
    document::set_title(text::reserve_page_title());
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let back = Route::Product(query.sku.clone()).path();
    let loaded = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let query = query.clone();
        Some(async move {
            let (product, location) =
                futures::future::join(api::product(&query.sku), api::location(&query.location)).await;
            Ok((product?, location?))
        })
    });
    view! {
        {back_to(back, text::reserve_back_product())}
        {move || match loaded.get() {
            Remote::Idle | Remote::Loading => {
                view! { <SkeletonRows count=4 label=text::reserve_loading() /> }.into_any()
            }
            Remote::Failed(error) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Desk) retry=again /> }.into_any()
            }
            Remote::Ready((product, location)) => {
                let origin = Origin::Product(product.sku.clone());
                view! { <Desk wanted=vec![Wanted::product(product)] origin location again /> }.into_any()
            }
        }}
    }
}

/// Putting the part of the basket aside that a shop has; the rest stays in the basket, and is said.
#[component]
pub fn CollectPage(
    /// Which shop.
    id: LocationId,
) -> impl IntoView {
    let session = use_session();
    document::set_title(text::reserve_page_title());
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    // What was in the basket when the screen came: what is reserved leaves it while the answer is shown.
    let lines = StoredValue::new(untrack(move || session.basket()));
    let loaded = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let id = id.clone();
        let item = |line: &crate::session::BasketLine| Item { sku: line.sku.clone(), quantity: line.quantity };
        let items: Vec<Item> = lines.with_value(|lines| lines.iter().map(item).collect());
        (!items.is_empty()).then_some(async move {
            let asked = AvailabilityRequest { items, location_ids: Some(vec![id.clone()]), near: None };
            let (stock, location) = futures::future::join(api::availability(&asked), api::location(&id)).await;
            Ok((stock?, location?))
        })
    });
    view! {
        {back_to(Route::Basket.path(), text::reserve_back_basket())}
        {move || match loaded.get() {
            Remote::Idle => view! {
                <Notice
                    icon=Icon::Basket
                    title=text::reserve_basket_empty()
                    text=text::reserve_basket_empty_advice()
                >
                    <a class="button" href=Route::Start.path()>{text::reserve_find()}</a>
                </Notice>
            }
                .into_any(),
            Remote::Loading => view! { <SkeletonRows count=4 label=text::reserve_loading() /> }.into_any(),
            Remote::Failed(error) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Desk) retry=again /> }.into_any()
            }
            Remote::Ready((stock, location)) => {
                let (wanted, stays) = model::here(&lines.get_value(), &stock);
                if wanted.is_empty() {
                    return nothing_here().into_any();
                }
                view! { <Desk wanted origin=Origin::Basket(stays) location again /> }.into_any()
            }
        }}
    }
}

fn back_to(path: String, label: &'static str) -> impl IntoView {
    view! {
        <a class="back" href=path>
            <Sign icon=Icon::Back />
            {label}
        </a>
    }
}

fn nothing_here() -> impl IntoView {
    view! {
        <Notice icon=Icon::Box title=text::reserve_nothing_here() text=text::reserve_nothing_here_advice()>
            <a class="button" href=Route::Basket.path()>{text::reserve_see_other_shops()}</a>
        </Notice>
    }
}
