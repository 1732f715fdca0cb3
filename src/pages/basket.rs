//! The basket: what is wanted, and which shops have it, in all or in part.

mod model;

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityRequest};
use domain::basket::{MAX_LINES, MAX_QUANTITY, rank};
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::api;
use crate::browser::{document, intl};
use crate::chooser::use_chooser;
use crate::components::freshness::FreshnessMark;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::opening::Opening;
use crate::components::picture::Picture;
use crate::components::skeleton::SkeletonRows;
use crate::components::stepper::Stepper;
use crate::live::{Live, Watched};
use crate::nearby::{self, Shop, use_nearby};
use crate::remote::{OUTLIVES_FAILURE, Remote, fetch};
use crate::route::Route;
use crate::session::{BasketLine, use_session};
use crate::settings;
use crate::text;
use crate::words;

/// The basket.
#[component]
pub fn BasketPage() -> impl IntoView {
    let session = use_session();
    document::set_title(&text::basket_page_title(settings::name()));
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
            <Filled />
        </Show>
    }
}

/// What is known of the stock of the basket around the shopper.
#[derive(Clone, Copy)]
struct Stock {
    answer: RwSignal<Remote<AvailabilityAnswer>>,
    live: Live,
    retry: RwSignal<u32>,
}

impl Stock {
    fn follow() -> Self {
        let (session, nearby) = (use_session(), use_nearby());
        let retry = RwSignal::new(0u32);
        // What changes in a line apart from product and quantity does not change what is asked.
        let items = Memo::new(move |_| {
            let item = |line: BasketLine| Item { sku: line.sku, quantity: line.quantity };
            session.basket().into_iter().map(item).collect::<Vec<_>>()
        });
        let ids = Memo::new(move |_| nearby.ids());
        let watched = move || Watched {
            locations: ids.get(),
            skus: items.with(|items| items.iter().map(|item| item.sku.clone()).collect()),
        };
        let live = Live::follow(session, Signal::derive(watched));
        let answer = fetch(OUTLIVES_FAILURE, move || {
            retry.track();
            let _ = session.online.get();
            let (items, ids) = (items.get(), ids.get());
            (!items.is_empty() && !ids.is_empty()).then_some(async move {
                api::shelves(&AvailabilityRequest { items, location_ids: Some(ids), near: None }).await
            })
        });
        live.learn_from(answer);
        Self { answer, live, retry }
    }
}

#[component]
fn Filled() -> impl IntoView {
    let session = use_session();
    let stock = Stock::follow();
    let skus = Memo::new(move |_| session.basket().into_iter().map(|line| line.sku).collect::<Vec<_>>());
    let full = move || skus.with(Vec::len) >= MAX_LINES;
    view! {
        <div class="basket">
            <div>
                <ul class="basket__lines" aria-label=text::basket_lines()>
                    <For each=move || skus.get() key=Clone::clone let:sku>
                        {untrack(move || session.basket().into_iter().find(|line| line.sku == sku))
                            .map(|put| line(put, stock))}
                    </For>
                </ul>
                {move || full().then(|| view! { <p class="hint">{text::basket_full(MAX_LINES as u64)}</p> })}
            </div>
            <Where stock />
        </div>
    }
}

fn line(line: BasketLine, stock: Stock) -> AnyView {
    let session = use_session();
    let sku = line.sku.clone();
    let quantity = Signal::derive(move || session.in_basket(&sku).max(1));
    let put = {
        let line = line.clone();
        move |quantity| session.put_in_basket(BasketLine { quantity, ..line.clone() })
    };
    let remove = put.clone();
    let label = text::basket_remove(&line.title);
    let most = move || (quantity.get() >= MAX_QUANTITY).then(|| text::basket_most(MAX_QUANTITY.into()));
    let changed = changed(line.clone(), quantity, stock);
    view! {
        <li class="basket__line">
            <Picture image=line.image.as_deref().map(api::url) category=line.category.clone() />
            <span class="basket__what">
                <a href=Route::Product(line.sku).path()>{line.title}</a>
                {move || changed.get().into_iter().map(|said| view! { <span class="basket__changed">{said}</span> }).collect_view()}
                <Stepper
                    label=text::basket_how_many()
                    value=quantity
                    max=Signal::stored(MAX_QUANTITY)
                    on_change=Callback::new(put)
                />
                {move || most().map(|said| view! { <span class="hint">{said}</span> })}
            </span>
            <button type="button" class="icon-button" aria-label=label on:click=move |_| remove(0)>
                <Sign icon=Icon::Close />
            </button>
        </li>
    }
    .into_any()
}

/// What changed at the shop where the shopper saw it.
fn changed(line: BasketLine, quantity: Signal<u32>, stock: Stock) -> Memo<Vec<String>> {
    let nearby = use_nearby();
    Memo::new(move |_| {
        let Some(at) = line.seen.as_ref().map(|seen| &seen.location) else { return Vec::new() };
        let name = nearby.shops.with(|shops| {
            let shop = shops.ready()?.iter().find(|shop| shop.location.id == *at)?;
            Some(nearby::short_name(&shop.location).to_owned())
        });
        let Some(name) = name else { return Vec::new() };
        let price = stock.answer.with(|answer| {
            answer.ready()?.rows.iter().find(|row| row.location_id == *at && row.sku == line.sku)?.price
        });
        let wanted = BasketLine { quantity: quantity.get(), ..line.clone() };
        let changes = model::changes(&wanted, price, stock.live.reading(&line.sku, at));
        changes.into_iter().map(|change| model::said(change, &name, intl::money)).collect()
    })
}

/// The shops around, by what they have of it.
#[component]
fn Where(stock: Stock) -> impl IntoView {
    let session = use_session();
    let nearby = use_nearby();
    let chooser = use_chooser();
    let Stock { answer, live, retry } = stock;
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    // Of all that the stream says only what makes a difference to this basket is shown anew.
    let known = Memo::new(move |_| {
        let lines = session.basket();
        nearby.shops.with(|shops| {
            answer.with(|answer| {
                Some(model::shops(&lines, shops.ready()?, answer.ready()?, |sku, at| live.reading(sku, at)))
            })
        })
    });
    let as_of = Memo::new(move |_| answer.with(|answer| answer.ready().map(|answer| answer.as_of)));
    let failed = Memo::new(move |_| answer.with(|answer| answer.failed().cloned()));
    let fresh = Signal::derive(move || live.freshness().map(|f| words::freshness(f, |at| intl::time(at, None))));
    view! {
        <section class="basket__where" aria-labelledby="where">
            <div class="results__head">
                <h2 class="section-title" id="where">{text::basket_where()}</h2>
                <FreshnessMark said=fresh />
            </div>
            {move || match (nearby.shops.get(), failed.get(), known.get()) {
                (Remote::Idle, ..) => view! {
                    <p>{text::basket_no_place()}</p>
                    <button type="button" class="button button--wide" on:click=move |_| chooser.open()>
                        <Sign icon=Icon::Locate />
                        {text::basket_choose_place()}
                    </button>
                }
                    .into_any(),
                (Remote::Failed(error), ..) => {
                    let again = Callback::new(move |()| nearby.again());
                    view! { <FailureNotice explained=words::failure(&error, words::What::ShopsNearby) retry=again /> }
                        .into_any()
                }
                (_, Some(error), _) => {
                    view! { <FailureNotice explained=words::failure(&error, words::What::Stock) retry=again /> }
                        .into_any()
                }
                (Remote::Ready(shops), None, Some(known)) => choices(&session.basket(), &shops, &known, as_of),
                _ => view! { <SkeletonRows count=3 label=text::basket_loading() /> }.into_any(),
            }}
        </section>
    }
}

fn choices(lines: &[BasketLine], shops: &[Shop], known: &[rank::Shop], as_of: Memo<Option<Timestamp>>) -> AnyView {
    let session = use_session();
    let minute = session.clock.by_minute();
    let ranked = rank::rank(known);
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
    let old = move || as_of.get().filter(|_| !session.online.get()).map(|at| text::basket_as_of(&intl::time(at, None)));
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
        {move || old().map(|said| view! { <p class="hint">{said}</p> })}
        <ul class="basket__shops">{rows.collect::<Vec<_>>()}</ul>
    }
    .into_any()
}
