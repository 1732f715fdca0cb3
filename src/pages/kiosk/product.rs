//! One product: what is here, what the next shops have, and how to take it along.

use api_contract::availability::AvailabilityAnswer;
use api_contract::product::Product;
use domain::id::Sku;
use leptos::prelude::*;

use super::{Kiosk, View, model, shops_around};
use crate::api;
use crate::browser::intl;
use crate::components::freshness::FreshnessMark;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::FailureNotice;
use crate::components::picture::Picture;
use crate::components::said::Statement;
use crate::components::skeleton::SkeletonRows;
use crate::listing;
use crate::live::{Live, Watched};
use crate::nearby::{Shop, short_name};
use crate::remote::{FAILURE_SHOWS, OUTLIVES_FAILURE, Remote, fetch};
use crate::route::Route;
use crate::seen;
use crate::session::BasketLine;
use crate::settings;
use crate::text;
use crate::words;

/// Other shops that are shown.
const OTHERS: usize = 4;

/// One product.
#[component]
pub(super) fn ProductView(kiosk: Kiosk, sku: Sku) -> impl IntoView {
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let product = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let sku = sku.clone();
        Some(async move { seen::product(&sku).await })
    });
    view! {
        <BackButton kiosk />
        <super::search::Message kiosk />
        {move || match product.get() {
            Remote::Ready(product) => view! { <Shown kiosk product /> }.into_any(),
            Remote::Failed(error) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Product) retry=again /> }.into_any()
            }
            _ => view! { <SkeletonRows count=4 label=text::product_loading() /> }.into_any(),
        }}
    }
}

/// One view back.
#[component]
pub(super) fn BackButton(kiosk: Kiosk) -> impl IntoView {
    view! {
        <button type="button" class="button button--quiet kiosk__back" on:click=move |_| kiosk.back()>
            <Sign icon=Icon::Back />
            {text::kiosk_back()}
        </button>
    }
}

#[component]
fn Shown(kiosk: Kiosk, product: Product) -> impl IntoView {
    let features = settings::of_page().features;
    let sku = product.sku.clone();
    let shops = shops_around(kiosk);
    let locations =
        Memo::new(move |_| shops.with(|shops| shops.iter().map(|s| s.location.id.clone()).collect::<Vec<_>>()));
    let watched = {
        let sku = sku.clone();
        Signal::derive(move || Watched { locations: locations.get(), skus: vec![sku.clone()] })
    };
    let live = Live::follow(kiosk.session, watched);
    let online = kiosk.session.online;
    let rows = {
        let sku = sku.clone();
        fetch(OUTLIVES_FAILURE, move || {
            let (sku, locations) = (sku.clone(), locations.get());
            let _ = online.get();
            Some(async move { seen::stock(&[sku], &locations).await })
        })
    };
    live.learn_from(rows);
    Effect::new(move |_| kiosk.confirmed_ms.set(live.confirmed().map(domain::time::Timestamp::millis)));
    let fresh = move || live.freshness().map(|f| words::freshness(f, |at| intl::time(at, None)));
    let own = Memo::new(move |_| {
        let id = kiosk.id();
        rows.with(|rows| {
            let row =
                rows.ready().and_then(|answer: &AvailabilityAnswer| answer.rows.iter().find(|r| r.location_id == id));
            row.map(|row| (row.aisle.clone(), row.price)).unwrap_or_default()
        })
    });
    let here = {
        let sku = sku.clone();
        Memo::new(move |_| live.reading(&sku, &kiosk.id()))
    };
    let in_general = product.price;
    let price = move || listing::price(in_general, own.get().1);
    let parts = [product.brand.clone(), product.color.clone(), product.size.as_deref().map(text::product_size)];
    let subtitle = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let category = product.categories.first().cloned().unwrap_or_default();
    let phone = {
        let sku = sku.clone();
        move |_| kiosk.go(kiosk.for_phone(&Route::Product(sku.clone())))
    };
    let reserve_here = {
        let sku = sku.clone();
        move |_| kiosk.go(View::Reserve(sku.clone(), kiosk.id()))
    };
    let shops_with = {
        let sku = sku.clone();
        move || {
            let reading = |id: &domain::id::LocationId| live.reading(&sku, id);
            shops.with(|shops| {
                model::others(shops, &reading)
                    .take(OTHERS)
                    .map(|(shop, at)| (shop.clone(), words::stock(Some(at), None)))
                    .collect::<Vec<_>>()
            })
        }
    };
    let other = {
        let sku = sku.clone();
        move |(shop, said): (Shop, words::Said)| {
            let (name, distance, id) = (short_name(&shop.location).to_owned(), shop.distance(), shop.location.id);
            let (label, sku) = (text::kiosk_reserve_at(&name), sku.clone());
            view! {
                <li class="kiosk__shop">
                    <span class="kiosk__shop-name">{name}</span>
                    <span class="hint">{distance}</span>
                    <Statement said=said />
                    {features.reserve.then(|| view! {
                        <button
                            type="button"
                            class="button button--quiet"
                            on:click=move |_| kiosk.go(View::Reserve(sku.clone(), id.clone()))
                        >
                            {label}
                        </button>
                    })}
                </li>
            }
        }
    };
    let others = Memo::new(move |_| shops_with());
    view! {
        <article class="kiosk__product">
            <Picture image=product.image.as_deref().map(api::url) category large=true />
            <div class="kiosk__about">
                <h1 class="kiosk__title">{product.title.clone()}</h1>
                <p class="hint">{subtitle}</p>
                <p class="price price--large">{price}</p>
                <div class="kiosk__here">
                    <Statement said=Signal::derive(move || model::here(here.get(), own.get().0.as_deref())) />
                    <FreshnessMark said=Signal::derive(fresh) />
                </div>
                <button type="button" class="button button--main" on:click=phone>{text::kiosk_send()}</button>
                <Show when=move || features.reserve && model::has(here.get())>
                    <button type="button" class="button button--quiet button--wide" on:click=reserve_here.clone()>
                        {text::kiosk_reserve_here()}
                    </button>
                </Show>
                {features.basket.then(|| view! { <OnTheList kiosk product=product.clone() /> })}
                <section class="kiosk__elsewhere" aria-label=text::kiosk_elsewhere()>
                    <h2 class="section-title">{text::kiosk_elsewhere()}</h2>
                    {move || if others.with(Vec::is_empty) {
                        view! { <p class="hint">{text::kiosk_nowhere()}</p> }.into_any()
                    } else {
                        view! { <ul class="kiosk__shops">{others.get().into_iter().map(&other).collect_view()}</ul> }.into_any()
                    }}
                </section>
                {product.description.clone().map(|about| view! { <p class="kiosk__text">{about}</p> })}
            </div>
        </article>
    }
}

/// Onto what is gathered for the phone, or off it.
#[component]
fn OnTheList(kiosk: Kiosk, product: Product) -> impl IntoView {
    let session = kiosk.session;
    let sku = product.sku.clone();
    let is_on = Memo::new(move |_| session.in_basket(&sku) > 0);
    let line = BasketLine {
        sku: product.sku,
        quantity: 1,
        title: product.title,
        image: product.image,
        category: product.categories.into_iter().next().unwrap_or_default(),
        seen: None,
    };
    let tap =
        move |_| session.put_in_basket(BasketLine { quantity: u32::from(!is_on.get_untracked()), ..line.clone() });
    view! {
        <button
            type="button"
            class="button button--quiet button--wide"
            aria-pressed=move || if is_on.get() { "true" } else { "false" }
            on:click=tap
        >
            {move || if is_on.get() { text::kiosk_list_remove() } else { text::kiosk_list_add() }}
        </button>
    }
}
