//! The start page and the search: one screen, so that the field keeps focus from the first key stroke on.

mod choices;
mod field;
mod list;
mod model;
mod more;
mod scan;

use api_contract::product::ProductPage as Products;
use leptos::prelude::*;

use crate::api::ProductQuery;
use crate::browser::clock::{sleep, turn};
use crate::browser::{document, history, intl};
use crate::chooser::use_chooser;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::RetryButton;
use crate::components::opening::Opening;
use crate::lasting::Lasting;
use crate::menu::Menu;
use crate::nearby::{self, use_nearby};
use crate::queue::use_queue;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::{Route, SearchQuery};
use crate::search;
use crate::seen;
use crate::session::use_session;
use crate::settings;
use crate::text;
use crate::words;
use field::FindBox;
use list::ProductList;
use model::Filter;

const ROWS: u32 = 24;
/// What the API answers at once.
const MOST_ROWS: u32 = 100;

/// Words that stood still for so long are written into the address.
const SETTLE_MS: u32 = 250;

/// The address of a search; without words and filters that of the start page.
fn address_of(query: &SearchQuery) -> String {
    if *query == SearchQuery::default() { Route::Start.path() } else { Route::Search(query.clone()).path() }
}

/// Start and search.
#[component]
pub fn FindPage(
    /// The address, as long as it is of this screen.
    route: Lasting<RwSignal<Route>>,
) -> impl IntoView {
    let nearby = use_nearby();
    let address = Memo::new(move |_| match route.get() {
        Route::Search(query) => query,
        _ => SearchQuery::default(),
    });
    let typing = Typing::over(address);
    let query = typing.query;
    let is_search = Memo::new(move |_| query.with(|q| *q != SearchQuery::default()));
    let here_id = Memo::new(move |_| nearby.here.with(|h| h.as_ref().map(|s| s.location.id.clone())));

    Effect::new(move |_| {
        let title = address.with(|q| q.words.clone());
        document::set_title(&match title.as_str() {
            "" => text::find_start_page_title(settings::name()),
            words => text::find_page_title(words, settings::name()),
        });
    });

    let session = use_session();
    let clock = session.clock;
    let retry = RwSignal::new(0u32);
    let answer = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let query = query.get();
        // The start page shows what can be had here now; a search shows everything unless asked otherwise.
        let is_start = query == SearchQuery::default();
        if is_start && !session.online.get_untracked() {
            // What is remembered makes way as soon as there is a network.
            session.online.track();
        }
        let only_here = query.in_stock || query.near || query.today || is_start;
        if only_here && nearby.shops.with(|s| *s == Remote::Loading) {
            // The shop decides what is asked; its answer runs this again.
            return None;
        }
        let (here, now) = (here_id.get(), clock.now_untracked());
        let only = nearby.shops.with(|shops| {
            let shops = shops.ready().map(Vec::as_slice).unwrap_or_default();
            model::only(&query, shops, here.as_ref(), &|shop| {
                let zone = Some(shop.location.timezone.as_str());
                let today = intl::day_key(now, zone);
                model::collected_today(&shop.location, now, &|at| intl::day_key(at, zone) == today)
            })
        });
        let limit = history::rows(&address_of(&query)).map_or(ROWS, |rows| rows.clamp(ROWS, MOST_ROWS));
        let asked = ProductQuery {
            words: query.words,
            gtin: None,
            category: query.category,
            brand: query.brand,
            in_stock_at: only,
            verbatim: query.verbatim,
            near: nearby.ids(),
            cursor: None,
            limit,
        };
        Some(async move {
            if !asked.words.is_empty() && !search::is_ready() {
                sleep(60).await;
            }
            let page = if is_start { seen::start_page(&asked).await? } else { search::products(&asked).await? };
            if is_start {
                // To read it was work enough for one task; the keyboard is not up yet.
                turn().await;
            }
            Ok((asked, page))
        })
    });

    view! {
        <h1 class="visually-hidden">{text::find_title()}</h1>
        <header class="top">
            {settings::of_page().logo.as_deref().map(|logo| view! {
                <img class="top__logo" src=logo alt=settings::name() width="160" height="28" />
            })}
            <div class="top__row">
                <StoreChip />
                <Menu />
            </div>
            <FindBox typing answer />
        </header>
        <FilterChips query=address categories=Signal::derive(move || answer.with(known_categories)) />
        <Show when=move || !is_search.get()>
            <NotSentYet />
            <PickupBanner />
            <PlaceInvitation />
        </Show>
        <ProductList
            answer
            typing
            retry=Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)))
        />
    }
}

fn known_categories(answer: &Remote<(ProductQuery, Products)>) -> Vec<String> {
    answer.ready().map(|(_, page)| page.categories.iter().map(|c| c.name.clone()).collect()).unwrap_or_default()
}

/// What is searched while words are typed, and the address, which follows once they stand still: each step of the history is a
/// message to the browser's other processes, and some of them take only a hundred in half a minute.
#[derive(Clone, Copy)]
struct Typing {
    /// What is searched.
    query: Memo<SearchQuery>,
    /// What the address says.
    address: Memo<SearchQuery>,
    ahead: RwSignal<Option<Ahead>>,
}

/// What was typed and is not in the address yet.
#[derive(Clone)]
struct Ahead {
    query: SearchQuery,
    /// The address that it was typed over.
    over: SearchQuery,
}

impl Typing {
    /// Nothing is typed yet.
    fn over(address: Memo<SearchQuery>) -> Self {
        let ahead = RwSignal::new(None::<Ahead>);
        let query = Memo::new(move |_| ahead.get().map_or_else(|| address.get(), |ahead| ahead.query));
        // A step back, or a link, is newer than what was typed.
        Effect::watch(move || address.get(), move |_, _, _| ahead.set(None), false);
        Self { query, address, ahead }
    }
}

/// The shopper's shop, always in sight: its name, whether it is open, how far.
#[component]
fn StoreChip() -> impl IntoView {
    let nearby = use_nearby();
    let chooser = use_chooser();
    let clock = use_session().clock;
    let minute = clock.by_minute();
    view! {
        <button type="button" class="store-chip" on:click=move |_| chooser.open()>
            <span class="store-chip__sign"><Sign icon=Icon::Pin /></span>
            <span class="store-chip__body">
                {move || match (nearby.here.get(), nearby.shops.with(|s| matches!(s, Remote::Failed(_)))) {
                    (Some(shop), _) => {
                        let distance = shop.distance();
                        let name = nearby::own_name(&shop.location).to_owned();
                        let location = shop.location;
                        view! {
                            <span class="store-chip__name">{name} <Sign icon=Icon::Chevron /></span>
                            <span class="store-chip__line">
                                <Opening words=Signal::derive(move || nearby::opening(&location, minute.get())) />
                                {(!distance.is_empty()).then(|| format!(" · {distance}"))}
                            </span>
                        }
                            .into_any()
                    }
                    (None, true) => {
                        view! {
                            <span class="store-chip__name">{text::find_shops_not_reachable()} <Sign icon=Icon::Chevron /></span>
                            <span class="store-chip__line">{text::find_choose_by_name()}</span>
                        }
                            .into_any()
                    }
                    (None, false) => {
                        view! {
                            <span class="store-chip__name">{text::find_choose_shop()} <Sign icon=Icon::Chevron /></span>
                            <span class="store-chip__line">{text::find_choose_how()}</span>
                        }
                            .into_any()
                    }
                }}
            </span>
        </button>
    }
}

/// The filters of the search, as chips.
#[component]
fn FilterChips(query: Memo<SearchQuery>, categories: Signal<Vec<String>>) -> impl IntoView {
    let nearby = use_nearby();
    // The categories of the last answer stay while the next one is on its way, so that nothing jumps.
    let categories = Memo::new(move |before: Option<&Vec<String>>| {
        let now = categories.get();
        if now.is_empty() { before.cloned().unwrap_or_default() } else { now }
    });
    // Which filters there are changes seldom; where they lead, with each key stroke.
    let filters = Memo::new(move |_| {
        let here = nearby.here.get().map(|shop| shop.location);
        let brand = query.with(|query| query.brand.clone());
        let chosen = query.with(|query| query.category.clone());
        let mut filters = Vec::new();
        if let Some(here) = &here {
            filters.push((Filter::InStock, text::find_in_stock_at(nearby::short_name(here))));
            // Shops that are known can be asked for.
            let within = text::find_within(&intl::distance(model::NEAR_M, &here.address.address_country));
            filters.push((Filter::Near, within));
            if settings::of_page().features.reserve {
                filters.push((Filter::Today, text::find_pickup_today().to_owned()));
            }
        }
        filters.extend(brand.map(|name| (Filter::Brand, name)));
        let others = categories.get().into_iter().filter(|name| Some(name) != chosen.as_ref());
        let categories = chosen.iter().cloned().chain(others).take(12);
        filters.extend(categories.map(|name| (Filter::Category(name.clone()), name)));
        filters
    });
    view! {
        <nav class="chips" aria-label=text::find_filters()>
            {move || {
                let filters = filters.get().into_iter();
                filters.map(|(filter, name)| chip(query, filter, name)).collect_view()
            }}
        </nav>
    }
}

/// A filter that is a link to the same search with or without it.
fn chip(query: Memo<SearchQuery>, filter: Filter, name: String) -> AnyView {
    let is_on = {
        let filter = filter.clone();
        move || query.with(|query| filter.is_on(query)).then_some("true")
    };
    let path = move || query.with(|query| address_of(&filter.toggled(query)));
    view! {
        <a class="chip" href=path aria-current=is_on data-noscroll="">
            {name}
        </a>
    }
    .into_any()
}

/// What the shopper left to be sent is no pickup yet, and may need an answer.
#[component]
fn NotSentYet() -> impl IntoView {
    let queue = use_queue();
    let left = Memo::new(move |_| {
        let wishes = queue.waiting();
        (wishes.len() as u64, wishes.iter().any(|wish| !wish.is_under_way()))
    });
    move || {
        let (count, asks) = left.get();
        (count > 0).then(|| {
            let line = if asks { text::find_not_sent_answer() } else { text::find_not_sent_waits() };
            view! {
                <a class="unsent-line" href=Route::Pickups.path()>
                    <b>{text::find_not_sent(count)}</b>
                    <span>{line}</span>
                </a>
            }
        })
    }
}

/// A pickup that waits is the first thing that its owner wants to see.
#[component]
fn PickupBanner() -> impl IntoView {
    let session = use_session();
    let minute = session.clock.by_minute();
    move || {
        let now = minute.get();
        let waiting = session
            .pickups()
            .into_iter()
            .find(|p| p.reservation.status.at(now, p.reservation.hold_expires_at).is_active())?;
        let zone = waiting.location.as_ref().map(|l| l.timezone.clone());
        let reservation = waiting.reservation;
        let status = words::status(reservation.status).text;
        let status = waiting.location.map(|shop| text::find_status_at(&status, &shop.name)).unwrap_or(status);
        let until = intl::weekday_time(reservation.hold_expires_at, zone.as_deref());
        Some(view! {
            <a class="banner" href=Route::Pickup(reservation.id).path()>
                <span class="banner__over">{status}</span>
                <span class="banner__title">{text::find_pickup_waiting(&reservation.code)}</span>
                <span class="banner__foot">
                    <span>{text::find_held_until(&until)}</span>
                    <b>{text::find_show_code()}</b>
                </span>
            </a>
        })
    }
}

/// Without a place there is no "nearby": what to do, and why.
#[component]
fn PlaceInvitation() -> impl IntoView {
    let nearby = use_nearby();
    let chooser = use_chooser();
    move || match nearby.shops.get() {
        Remote::Idle => Some(
            view! {
                <section class="invitation">
                    <h2>{text::find_invitation()}</h2>
                    <p>{text::find_invitation_reason()}</p>
                    <button type="button" class="button button--wide" on:click=move |_| chooser.open()>
                        <Sign icon=Icon::Locate />
                        {text::choose_place()}
                    </button>
                </section>
            }
            .into_any(),
        ),
        Remote::Failed(error) => {
            let explained = words::failure(&error, words::What::ShopsNearby);
            Some(
                view! {
                    <section class="invitation" role="alert">
                        <h2>{explained.title}</h2>
                        <p>{explained.text}</p>
                        <RetryButton wait_s=explained.wait_s retry=Callback::new(move |()| nearby.again()) wide=true />
                    </section>
                }
                .into_any(),
            )
        }
        _ => None,
    }
}
