//! The basket: what is wanted, and which shops have it, in all or in part.

mod model;

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityRequest};
use domain::basket::{MAX_QUANTITY, rank};
use domain::id::LocationId;
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::api;
use crate::browser::{document, intl};
use crate::chooser::use_chooser;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::opening::Opening;
use crate::components::picture::Picture;
use crate::components::skeleton::SkeletonRows;
use crate::components::stepper::Stepper;
use crate::nearby::{self, Shop, use_nearby};
use crate::remote::{OUTLIVES_FAILURE, Remote, fetch};
use crate::route::Route;
use crate::session::{BasketLine, use_session};
use crate::text;
use crate::words;

/// The basket.
#[component]
pub fn BasketPage() -> impl IntoView {
    let session = use_session();
    document::set_title(text::basket_page_title());
    let count = Memo::new(move |_| session.basket().len());
    view! {
        <header class="top">
            <h1 class="page-title">{text::basket_title()}</h1>
        </header>
        <Show
            when=move || { count.get() > 0 }
            fallback=|| view! {
                <Notice
                    icon=Icon::Basket
                    title=text::basket_empty()
                    text=text::basket_empty_advice()
                >
                    <a class="button" href=Route::Start.path()>{text::basket_find()}</a>
                </Notice>
            }
        >
            <div class="basket">
                <Lines />
                <Where />
            </div>
        </Show>
    }
}

#[component]
fn Lines() -> impl IntoView {
    let session = use_session();
    let skus = Memo::new(move |_| session.basket().into_iter().map(|line| line.sku).collect::<Vec<_>>());
    view! {
        <ul class="basket__lines" aria-label=text::basket_lines()>
            <For each=move || skus.get() key=Clone::clone let:sku>
                {untrack(move || session.basket().into_iter().find(|line| line.sku == sku)).map(line)}
            </For>
        </ul>
    }
}

fn line(line: BasketLine) -> AnyView {
    let session = use_session();
    let sku = line.sku.clone();
    let quantity = Signal::derive(move || session.in_basket(&sku).max(1));
    let put = {
        let line = line.clone();
        move |quantity| session.put_in_basket(BasketLine { quantity, ..line.clone() })
    };
    let remove = put.clone();
    let label = text::basket_remove(&line.title);
    view! {
        <li class="basket__line">
            <Picture image=line.image.as_deref().map(api::url) category=line.category.clone() />
            <span class="basket__what">
                <a href=Route::Product(line.sku).path()>{line.title}</a>
                <Stepper
                    label=text::basket_how_many()
                    value=quantity
                    max=Signal::stored(MAX_QUANTITY)
                    on_change=Callback::new(put)
                />
            </span>
            <button type="button" class="icon-button" aria-label=label on:click=move |_| remove(0)>
                <Sign icon=Icon::Close />
            </button>
        </li>
    }
    .into_any()
}

/// The shops around, by what they have of it.
#[component]
fn Where() -> impl IntoView {
    let session = use_session();
    let nearby = use_nearby();
    let chooser = use_chooser();
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let stock = fetch(OUTLIVES_FAILURE, move || {
        retry.track();
        let items: Vec<Item> =
            session.basket().into_iter().map(|line| Item { sku: line.sku, quantity: line.quantity }).collect();
        let ids: Vec<LocationId> = nearby.ids();
        (!items.is_empty() && !ids.is_empty()).then_some(async move {
            api::availability(&AvailabilityRequest { items, location_ids: Some(ids), near: None }).await
        })
    });
    view! {
        <section class="basket__where" aria-labelledby="where">
            <h2 class="section-title" id="where">{text::basket_where()}</h2>
            {move || match (nearby.shops.get(), stock.get()) {
                (Remote::Idle, _) => view! {
                    <p>{text::basket_no_place()}</p>
                    <button type="button" class="button button--wide" on:click=move |_| chooser.open()>
                        <Sign icon=Icon::Locate />
                        {text::basket_choose_place()}
                    </button>
                }
                    .into_any(),
                (Remote::Failed(error), _) => {
                    let again = Callback::new(move |()| nearby.again());
                    view! { <FailureNotice explained=words::failure(&error, words::What::ShopsNearby) retry=again /> }
                        .into_any()
                }
                (_, Remote::Failed(error)) => {
                    view! { <FailureNotice explained=words::failure(&error, words::What::Stock) retry=again /> }
                        .into_any()
                }
                (Remote::Ready(shops), Remote::Ready(stock)) => choices(&session.basket(), &shops, &stock),
                _ => view! { <SkeletonRows count=3 label=text::basket_loading() /> }.into_any(),
            }}
        </section>
    }
}

fn choices(lines: &[BasketLine], shops: &[Shop], stock: &AvailabilityAnswer) -> AnyView {
    let session = use_session();
    let minute = session.clock.by_minute();
    let ranked = rank::rank(&model::shops(lines, shops, stock));
    let time = |at: Timestamp, shop: &Shop| intl::weekday_time(at, Some(&shop.location.timezone));
    let distance = |metres: u32, shop: &Shop| intl::distance(metres, &shop.location.address.address_country);
    let Some(said) = model::headline(lines, shops, &ranked, time, distance) else {
        return view! {
            <Notice
                icon=Icon::Box
                title=text::basket_nowhere()
                text=text::basket_nowhere_advice()
            />
        }
        .into_any();
    };
    let in_two = rank::split(&ranked).filter(|_| !ranked.iter().any(|one| one.has_all() && one.is_near()));
    let in_two = in_two.and_then(|(one, other)| model::in_two(shops, one, other));
    let old = session.online.get().then_some(()).is_none();
    let as_of = old.then(|| text::basket_as_of(&intl::time(stock.as_of, None)));
    let rows = ranked.iter().filter_map(|one| {
        let shop = shops.get(one.shop)?.clone();
        let has = model::has(lines, one, one.ready_by.map(|at| time(at, &shop)));
        let (name, distance) = (nearby::own_name(&shop.location).to_owned(), shop.distance());
        let href = Route::Collect(shop.location.id.clone()).path();
        let opening = Signal::derive(move || nearby::opening(&shop.location, minute.get()));
        Some(view! {
            <li>
                <a class="basket__shop" class:basket__shop--all=one.has_all() href=href>
                    <span>
                        <b>{name}</b>
                        <span class="basket__has">{has}</span>
                        <span class="basket__opening"><Opening words=opening /></span>
                    </span>
                    <span class="basket__distance">{distance}</span>
                </a>
            </li>
        })
    });
    view! {
        <p class="basket__said" role="status">{said}</p>
        {in_two.map(|said| view! { <p class="hint">{said}</p> })}
        {as_of.map(|said| view! { <p class="hint">{said}</p> })}
        <ul class="basket__shops">{rows.collect::<Vec<_>>()}</ul>
    }
    .into_any()
}
