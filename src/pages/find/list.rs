//! The products that were found, in each of their states.

use api_contract::availability::{AvailabilityAnswer, AvailabilityRow};
use api_contract::product::{FacetCount, Product, ProductPage};
use domain::id::Sku;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::more::{More, MoreButton};
use super::{SETTLE_MS, Typing, address_of, model};
use crate::api::ProductQuery;
use crate::browser::clock::{sleep, turn};
use crate::browser::{history, intl};
use crate::components::freshness::FreshnessMark;
use crate::components::icon::Icon;
use crate::components::notice::{FailureNotice, Notice};
use crate::components::product_row::ProductRow;
use crate::components::skeleton::SkeletonRows;
use crate::listing;
use crate::live::{Live, Watched};
use crate::nearby::{Shop, use_nearby};
use crate::remote::{OUTLIVES_FAILURE, Remote, fetch};
use crate::route::{Route, SearchQuery};
use crate::seen;
use crate::session::{Session, use_session};
use crate::text;
use crate::words;

/// Rows that are drawn with the answer; no phone shows more of them. The others follow once the browser has drawn these and
/// heard whether another letter was typed, after which they are not wanted any more.
const SEEN_AT_ONCE: usize = 8;

/// What was asked, and what came.
pub(super) type Answer = Remote<(ProductQuery, ProductPage)>;

/// The products that were found.
#[component]
pub fn ProductList(answer: RwSignal<Answer>, typing: Typing, retry: Callback<()>) -> impl IntoView {
    let query = typing.query;
    let session = use_session();
    let nearby = use_nearby();
    let shops = Memo::new(move |_| {
        let here = nearby.here.get().map(|s| s.location.id);
        nearby.shops.with(|s| s.ready().map(|s| model::shops_for_lines(s, here.as_ref())).unwrap_or_default())
    });
    let more = More::of(answer);
    let skus = Memo::new(move |_| {
        let first = answer.with(|a| a.ready().map(|(_, p)| skus_of(&p.products)).unwrap_or_default());
        more.products.with(|products| [first, skus_of(products)].concat())
    });
    // Who comes back to a long list finds it as long as it was.
    Effect::new(move |_| {
        let rows = skus.with(Vec::len);
        // While words are typed the step of the history is still that of the search before.
        if rows > 0 && typing.ahead.with_untracked(Option::is_none) {
            history::listed(&query.with_untracked(address_of), u32::try_from(rows).unwrap_or(u32::MAX));
        }
    });
    let rows = ask_for_stock(session, typing, shops, skus);
    let live = Live::follow(
        session,
        Signal::derive(move || Watched {
            locations: rows.with(|rows| {
                let rows = rows.ready().map(|a| a.rows.as_slice()).unwrap_or_default();
                shops.with(|shops| model::shops_to_watch(shops, rows))
            }),
            skus: skus.get(),
        }),
    );
    live.learn_from(rows);

    view! {
        <section class="results" aria-label=text::find_products()>
            {move || match answer.get() {
                Remote::Idle | Remote::Loading => view! { <SkeletonRows count=5 label=text::find_loading() /> }.into_any(),
                Remote::Failed(error) => {
                    view! { <FailureNotice explained=words::failure(&error, words::What::Products) retry /> }.into_any()
                }
                Remote::Ready((asked, page)) if page.products.is_empty() => {
                    // Who types on has asked something else by now, of which nobody knows anything yet.
                    let asked = SearchQuery { words: asked.words, ..query.get_untracked() };
                    nothing_found(&asked, &page.relaxations).into_any()
                }
                Remote::Ready((asked, page)) => {
                    let first = page.products.len();
                    let drawn = move |products: &[Product]| {
                        products.iter().map(|product| row(product, shops, live, rows)).collect_view()
                    };
                    let seen_at_once = drawn(&page.products[..first.min(SEEN_AT_ONCE)]);
                    let rest = page.products.get(SEEN_AT_ONCE..).unwrap_or_default().to_vec();
                    let is_time = after_a_turn();
                    view! {
                        <ListHead query asked page live />
                        <div class="results__rows">
                            {seen_at_once}
                            {move || is_time.get().then(|| drawn(&rest))}
                            {move || drawn(&more.products.get())}
                        </div>
                        {move || is_time.get().then(|| view! { <MoreButton more first /> })}
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Becomes true once the browser has done what waited to be done.
fn after_a_turn() -> ReadSignal<bool> {
    let (is_time, set) = signal(false);
    spawn_local(async move {
        turn().await;
        // A newer answer may have taken its place.
        let _ = set.try_set(true);
    });
    is_time
}

/// How many were found, for which words, and how old the stock is.
#[component]
fn ListHead(query: Memo<SearchQuery>, asked: ProductQuery, page: ProductPage, live: Live) -> impl IntoView {
    let total = page.pagination.total;
    let left_out = words::left_out(page.products.left_out());
    let heading = match (&page.corrected, asked.words.is_empty(), asked.in_stock_at.is_some()) {
        (Some(corrected), ..) => {
            let verbatim = SearchQuery { words: asked.words.clone(), verbatim: true, ..query.get_untracked() };
            let verbatim = Route::Search(verbatim).path();
            let (before, behind) = text::around(&text::find_results_corrected(total, text::GAP, &asked.words));
            view! {
                <p class="results__count" role="status">
                    {before} <b>{corrected.clone()}</b> {behind} " "
                    <a href=verbatim data-noscroll="">{text::find_only_for_that()}</a>
                </p>
            }
            .into_any()
        }
        (None, false, _) => {
            view! { <p class="results__count" role="status">{text::find_results(total)}</p> }.into_any()
        }
        (None, true, true) => view! { <h2 class="section-title">{text::find_on_the_shelf()}</h2> }.into_any(),
        (None, true, false) => view! { <h2 class="section-title">{text::find_products()}</h2> }.into_any(),
    };
    let fresh = move || live.freshness().map(|f| words::freshness(f, |at| intl::time(at, None)));
    view! {
        <div class="results__head">
            {heading}
            <FreshnessMark said=Signal::derive(fresh) />
        </div>
        {left_out.map(|said| view! { <p class="hint">{said}</p> })}
    }
}

fn row(
    product: &Product,
    shops: Memo<Vec<Shop>>,
    live: Live,
    rows: RwSignal<Remote<AvailabilityAnswer>>,
) -> impl IntoView + use<> {
    let sku = product.sku.clone();
    let in_general = product.price;
    let row = listing::row(product);
    let price = {
        let sku = sku.clone();
        move || {
            let own = shops.with(|s| s.first().map(|s| s.location.id.clone()));
            let at_shop = rows.with(|rows| {
                let of_own = |r: &&AvailabilityRow| r.sku == sku && Some(&r.location_id) == own.as_ref();
                rows.ready().and_then(|a| a.rows.iter().find(of_own)).and_then(|r| r.price)
            });
            listing::price(in_general, at_shop)
        }
    };
    let stock = move || shops.with(|shops| model::line(shops, |location| live.reading(&sku, location), Shop::distance));
    view! { <ProductRow row stock=Signal::derive(stock) price=Signal::derive(price) /> }
}

/// Asks once for each new set of rows; from then on the stream tells.
fn ask_for_stock(
    session: Session,
    typing: Typing,
    shops: Memo<Vec<Shop>>,
    skus: Memo<Vec<Sku>>,
) -> RwSignal<Remote<AvailabilityAnswer>> {
    fetch(OUTLIVES_FAILURE, move || {
        let skus = skus.get();
        let locations: Vec<_> = shops.with(|s| s.iter().map(|s| s.location.id.clone()).collect());
        let _ = session.online.get();
        // Lists that the next letter changes are not asked about; it drops this future.
        let typed = typing.ahead.with_untracked(Option::is_some);
        // Asked by shops and not by place: the lines speak of exactly these.
        (!skus.is_empty() && !locations.is_empty()).then_some(async move {
            if typed {
                sleep(SETTLE_MS).await;
            }
            seen::stock(&skus, &locations).await
        })
    })
}

fn skus_of(products: &[Product]) -> Vec<Sku> {
    products.iter().map(|p| p.sku.clone()).collect()
}

/// Nothing was found: what was asked, and the doors out of it.
fn nothing_found(query: &SearchQuery, relaxations: &[FacetCount]) -> impl IntoView + use<> {
    let narrowed = query.in_stock || query.near || query.today || query.category.is_some() || query.brand.is_some();
    let fewer = relaxations.iter().map(|fewer| {
        let words = SearchQuery { words: fewer.name.clone(), verbatim: false, ..query.clone() };
        view! {
            <a class="button button--quiet" href=Route::Search(words).path()>
                {format!("{} · {}", fewer.name, intl::count(fewer.count))}
            </a>
        }
    });
    let fewer = fewer.collect_view();
    let all = Route::Search(SearchQuery { words: query.words.clone(), ..SearchQuery::default() });
    let title = if query.words.is_empty() {
        text::find_nothing_here().to_owned()
    } else {
        text::find_nothing_for(&query.words)
    };
    let advice = if narrowed { text::find_fewer_filters() } else { text::find_other_words() };
    let wider = narrowed && !query.words.is_empty();
    view! {
        <Notice icon=Icon::Search title text=advice>
            {fewer}
            {wider
                .then(|| view! { <a class="button" href=all.path()>{text::find_everywhere()}</a> })}
            <a class="button button--quiet" href=Route::Start.path()>{text::find_all_products()}</a>
        </Notice>
    }
}
