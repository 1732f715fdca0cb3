//! What are you looking for?

use api_contract::availability::AvailabilityAnswer;
use api_contract::product::{Product, ProductPage};
use domain::id::Sku;
use leptos::html::Input;
use leptos::prelude::*;

use super::watch::Watch;
use super::{Kiosk, View, model, shops_around};
use crate::api::{self, ProductQuery};
use crate::browser::clock::sleep;
use crate::browser::{intl, language, public_screen};
use crate::components::freshness::FreshnessMark;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::product_tile::{ProductTile, ProductTileView};
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::listing;
use crate::live::{Live, Watched};
use crate::nearby::{Shop, use_nearby};
use crate::remote::{FAILURE_SHOWS, OUTLIVES_FAILURE, Remote, fetch};
use crate::route::{Route, SearchQuery};
use crate::search;
use crate::seen;
use crate::settings;
use crate::text;
use crate::words;

/// Tiles on one screen.
const TILES: u32 = 24;
/// Categories that are offered.
const CATEGORIES: usize = 8;
/// The field, for keys that are pressed while nothing has the focus.
pub(super) const FIELD: &str = "kiosk-field";

/// The field, and what is found.
#[component]
pub(super) fn SearchView(kiosk: Kiosk, watch: Watch) -> impl IntoView {
    let nearby = use_nearby();
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let words = Memo::new(move |_| kiosk.words.with(|words| words.trim().to_owned()));
    let answer = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let (words, category) = (words.get(), kiosk.category.get());
        // Before anything is asked, what can be taken along here and now.
        let here = (words.is_empty() && category.is_none()).then(|| vec![kiosk.id()]);
        let asked = ProductQuery {
            words,
            category,
            in_stock_at: here,
            near: nearby.ids(),
            limit: TILES,
            ..ProductQuery::default()
        };
        Some(async move {
            if !asked.words.is_empty() {
                // A scanner types a whole code meanwhile, whose letters nobody wants to see searched.
                sleep(80).await;
            }
            let page = if asked.in_stock_at.is_some() {
                seen::start_page(&asked).await?
            } else {
                search::products(&asked).await?
            };
            Ok((asked, page))
        })
    });
    let shops = shops_around(kiosk);
    let skus = Memo::new(move |_| {
        let of = |page: &ProductPage| page.products.iter().map(|product| product.sku.clone()).collect::<Vec<Sku>>();
        answer.with(|answer| answer.ready().map(|(_, page)| of(page)).unwrap_or_default())
    });
    let locations =
        Memo::new(move |_| shops.with(|shops| shops.iter().map(|s| s.location.id.clone()).collect::<Vec<_>>()));
    let online = kiosk.session.online;
    let rows = fetch(OUTLIVES_FAILURE, move || {
        let (skus, locations) = (skus.get(), locations.get());
        let _ = online.get();
        (!skus.is_empty()).then_some(async move { seen::stock(&skus, &locations).await })
    });
    let watched = Signal::derive(move || Watched { locations: locations.get(), skus: skus.get() });
    let live = Live::follow(kiosk.session, watched);
    live.learn_from(rows);
    Effect::new(move |_| kiosk.confirmed_ms.set(live.confirmed().map(domain::time::Timestamp::millis)));
    let fresh = move || live.freshness().map(|f| words::freshness(f, |at| intl::time(at, None)));

    let heading = move || {
        answer.with(|answer| match answer.ready() {
            Some((asked, _)) if asked.in_stock_at.is_some() => text::kiosk_on_the_shelf().to_owned(),
            Some((_, page)) => text::find_results(page.pagination.total),
            None => text::find_products().to_owned(),
        })
    };
    view! {
        <header class="kiosk__head">
            <div class="kiosk__top">
                <div>
                    <p class="kiosk__welcome">{text::kiosk_welcome(&kiosk.name())}</p>
                    <h1 class="kiosk__title">{text::kiosk_question()}</h1>
                </div>
                <Languages />
            </div>
            <Field kiosk />
        </header>
        <Message kiosk />
        <Categories kiosk answer />
        <section class="kiosk__results" aria-label=text::find_products()>
            <div class="results__head">
                <h2 class="section-title" role="status">{heading}</h2>
                <FreshnessMark said=Signal::derive(fresh) />
            </div>
            {move || match answer.get() {
                Remote::Idle | Remote::Loading => {
                    view! { <SkeletonRows count=4 label=text::find_loading() /> }.into_any()
                }
                Remote::Failed(error) => {
                    let explained = words::failure(&error, words::What::Products);
                    view! { <FailureNotice explained retry=again /> }.into_any()
                }
                Remote::Ready((asked, page)) if page.products.is_empty() => nothing(kiosk, &asked).into_any(),
                Remote::Ready((_, page)) => {
                    let more = page.pagination.total > u64::from(TILES);
                    let tiles = page.products.iter().map(|product| tile(kiosk, product, shops, live, rows)).collect_view();
                    view! {
                        <div class="kiosk__tiles">{tiles}</div>
                        {more.then(|| view! { <p class="hint">{text::find_narrow()}</p> })}
                    }
                        .into_any()
                }
            }}
        </section>
        <Foot kiosk watch />
    }
}

/// The languages, each in its own; a fresh document speaks the one that is tapped.
#[component]
fn Languages() -> impl IntoView {
    let all = language::all();
    let button = |tag: String| {
        let (name, current) = (intl::language_name(&tag), tag == text::language());
        let (spoken, short) = (tag.clone(), tag.to_ascii_uppercase());
        view! {
            <button
                type="button"
                class="kiosk__language"
                lang=spoken
                aria-pressed=if current { "true" } else { "false" }
                on:click=move |_| if !current { language::choose(&tag) }
            >
                {short} <span class="visually-hidden">" " {name}</span>
            </button>
        }
    };
    (all.len() > 1).then(|| {
        view! {
            <div class="kiosk__languages" role="group" aria-label=text::menu_language()>
                {all.into_iter().map(button).collect_view()}
            </div>
        }
    })
}

#[component]
fn Field(kiosk: Kiosk) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            input.set_id(FIELD);
        }
    });
    let on_input = Callback::new(move |words: String| {
        kiosk.told.set(None);
        kiosk.words.set(words);
    });
    // The answers are there already; what is left is to put the keyboard away.
    let on_submit = Callback::new(move |()| public_screen::leave_field());
    view! {
        <div class="kiosk__field">
            <SearchBox label=text::kiosk_field().to_owned() value=kiosk.words on_input on_submit node />
            <span class="kiosk__bars"><Sign icon=Icon::Barcode /></span>
        </div>
    }
}

/// What is said of the last code.
#[component]
pub(super) fn Message(kiosk: Kiosk) -> impl IntoView {
    move || {
        kiosk.told.get().map(|told| {
            view! {
                <Notice icon=Icon::Barcode title=told.title text=told.text alert=true>
                    <button type="button" class="button button--quiet" on:click=move |_| kiosk.told.set(None)>
                        {text::close()}
                    </button>
                </Notice>
            }
        })
    }
}

#[component]
fn Categories(kiosk: Kiosk, answer: RwSignal<Remote<(ProductQuery, ProductPage)>>) -> impl IntoView {
    // Those of the last answer stay while the next one is on its way, so that nothing jumps.
    let names = Memo::new(move |before: Option<&Vec<String>>| {
        let of =
            |page: &ProductPage| page.categories.iter().map(|c| c.name.clone()).take(CATEGORIES).collect::<Vec<_>>();
        let now = answer.with(|answer| answer.ready().map(|(_, page)| of(page)).unwrap_or_default());
        if now.is_empty() { before.cloned().unwrap_or_default() } else { now }
    });
    let chip = move |name: String| {
        let (own, shown) = (name.clone(), name.clone());
        let is_chosen = move || kiosk.category.with(|chosen| chosen.as_ref() == Some(&own));
        let tap = move |_| {
            kiosk.category.update(|chosen| *chosen = Some(name.clone()).filter(|_| chosen.as_ref() != Some(&name)));
        };
        view! {
            <button type="button" class="chip" aria-pressed=move || if is_chosen() { "true" } else { "false" } on:click=tap>
                {shown}
            </button>
        }
    };
    let all = move || {
        let mut all = names.get();
        // The chosen one stays in sight, so that it can be taken back.
        if let Some(chosen) = kiosk.category.get().filter(|chosen| !all.contains(chosen)) {
            all.insert(0, chosen);
        }
        all.into_iter().map(chip).collect_view()
    };
    view! { <div class="chips" role="group" aria-label=text::find_filters()>{all}</div> }
}

fn tile(
    kiosk: Kiosk,
    product: &Product,
    shops: Memo<Vec<Shop>>,
    live: Live,
    rows: RwSignal<Remote<AvailabilityAnswer>>,
) -> impl IntoView + use<> {
    let (sku, in_general) = (product.sku.clone(), product.price);
    let row = listing::row(product);
    let tile = ProductTileView {
        title: product.title.clone(),
        subtitle: row.subtitle,
        image: product.image.as_deref().map(api::url),
        category: row.category,
    };
    let own = {
        let sku = sku.clone();
        Memo::new(move |_| {
            let id = kiosk.id();
            rows.with(|rows| {
                let row = rows.ready().and_then(|a| a.rows.iter().find(|r| r.sku == sku && r.location_id == id));
                row.map(|row| (row.aisle.clone(), row.price)).unwrap_or_default()
            })
        })
    };
    let stock = {
        let sku = sku.clone();
        move || {
            let (aisle, _) = own.get();
            shops.with(|shops| model::line(shops, |id| live.reading(&sku, id), aisle.as_deref(), Shop::distance))
        }
    };
    let price = move || listing::price(in_general, own.get().1);
    let open = Callback::new(move |()| kiosk.go(View::Product(sku.clone())));
    view! { <ProductTile tile stock=Signal::derive(stock) price=Signal::derive(price) on_open=open /> }
}

fn nothing(kiosk: Kiosk, asked: &ProductQuery) -> impl IntoView + use<> {
    let title = if asked.words.is_empty() {
        text::find_nothing_here().to_owned()
    } else {
        text::find_nothing_for(&asked.words)
    };
    view! {
        <Notice icon=Icon::Search title text=text::find_other_words()>
            <button type="button" class="button" on:click=move |_| kiosk.home()>{text::kiosk_begin_anew()}</button>
        </Notice>
    }
}

/// The main action, what was gathered, and when the screen clears itself.
#[component]
fn Foot(kiosk: Kiosk, watch: Watch) -> impl IntoView {
    let gathered = Memo::new(move |_| kiosk.session.basket().len());
    let send = move |_| {
        let words = untrack(|| kiosk.words.get()).trim().to_owned();
        let category = kiosk.category.get_untracked();
        let query = SearchQuery { words, category, ..SearchQuery::default() };
        let route = if query == SearchQuery::default() { Route::Start } else { Route::Search(query) };
        kiosk.go(kiosk.for_phone(&route));
    };
    view! {
        <footer class="kiosk__foot">
            {move || if gathered.get() > 0 {
                view! {
                    <button type="button" class="button button--main" on:click=move |_| kiosk.go(View::List)>
                        {move || text::kiosk_send_list(u64::try_from(gathered.get()).unwrap_or(u64::MAX))}
                    </button>
                }
                    .into_any()
            } else {
                let label =
                    if settings::of_page().features.reserve { text::kiosk_order() } else { text::kiosk_send() };
                view! { <button type="button" class="button button--main" on:click=send>{label}</button> }.into_any()
            }}
            <div class="kiosk__line">
                <p class="hint">
                    {move || if kiosk.refused.get() {
                        text::kiosk_refused().to_owned()
                    } else {
                        watch.left.get().map_or_else(|| text::kiosk_clears().to_owned(), |left| text::kiosk_clears_in(left.into()))
                    }}
                </p>
                <button type="button" class="link-button" on:click=move |_| kiosk.go(View::Staff)>{text::kiosk_staff()}</button>
            </div>
        </footer>
    }
}
