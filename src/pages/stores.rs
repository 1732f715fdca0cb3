//! The shops: nearest first around the shopper, or those that match words.

use api_contract::PageRequest;
use api_contract::location::{HoursFilter, LocationFilters, LocationSearch};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::browser::clock::sleep;
use crate::browser::document;
use crate::chooser::use_chooser;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::components::store_row::{StoreRow, StoreRowView};
use crate::nearby::{self, Shop, rank};
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::{Route, StoresQuery};
use crate::session::{Place, use_session};
use crate::words;

const ROWS: u32 = 40;

/// The shops.
#[component]
pub fn StoresPage(
    /// The address, as long as it is of this screen.
    route: Memo<Route>,
) -> impl IntoView {
    let session = use_session();
    let chooser = use_chooser();
    document::set_title("Shops · Nearshelf");
    let query = Memo::new(move |_| match route.get() {
        Route::Stores(query) => query,
        _ => StoresQuery::default(),
    });
    let retry = RwSignal::new(0u32);
    let minute = session.clock.by_minute();
    let shown = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let query = query.get();
        let place = session.place();
        let search = location_search(&query, place.as_ref(), session.clock.now_untracked());
        Some(async move {
            if !query.words.is_empty() {
                sleep(120).await;
            }
            let page = nearby::find(session, &search).await?;
            Ok((rank(page.locations, place.as_ref()), page.pagination.total))
        })
    });
    let navigate = use_navigate();
    let (typed, set_typed) = signal(query.get_untracked().words);
    let on_input = Callback::new(move |text: String| {
        let words = text.trim().to_owned();
        set_typed.set(text);
        let next = StoresQuery { words, ..query.get_untracked() };
        if next != query.get_untracked() {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&Route::Stores(next).path(), options);
        }
    });
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));

    view! {
        <header class="top">
            <h1 class="page-title">"Shops"</h1>
            <SearchBox label="City, postcode or shop" value=typed on_input />
        </header>
        <nav class="chips" aria-label="Filters">
            <button type="button" class="chip" on:click=move |_| chooser.open()>
                <Sign icon=Icon::Locate />
                {move || session.place().map_or_else(|| "Choose a place".to_owned(), |p| p.label)}
            </button>
            <a
                class="chip"
                href=move || {
                    let query = query.get();
                    Route::Stores(StoresQuery { open_now: !query.open_now, ..query }).path()
                }
                aria-current=move || query.with(|q| q.open_now).then_some("true")
            >
                "Open now"
            </a>
        </nav>
        <section class="results" aria-label="Shops">
            {move || match shown.get() {
                Remote::Idle | Remote::Loading => view! { <SkeletonRows count=6 label="Loading shops" /> }.into_any(),
                Remote::Failed(error) => {
                    view! { <FailureNotice explained=words::failure(&error, "the shops") retry=again /> }.into_any()
                }
                Remote::Ready((shops, _)) if shops.is_empty() => nothing_found(&query.get()).into_any(),
                Remote::Ready((shops, total)) => {
                    let chosen = session.store();
                    let rest = usize::try_from(total).unwrap_or(usize::MAX).saturating_sub(shops.len());
                    view! {
                        <div class="stores">
                            {shops
                                .into_iter()
                                .enumerate()
                                .map(|(place, shop)| {
                                    let row = row(place + 1, &shop, Some(&shop.location.id) == chosen.as_ref());
                                    let opening = move || nearby::opening(&shop.location, minute.get());
                                    view! { <StoreRow row opening=Signal::derive(opening) /> }
                                })
                                .collect_view()}
                        </div>
                        {(rest > 0)
                            .then(|| {
                                view! {
                                    <p class="hint">
                                        {format!("And {rest} more. Name a town or postcode to see those near it.")}
                                    </p>
                                }
                            })}
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

fn location_search(query: &StoresQuery, place: Option<&Place>, now: domain::time::Timestamp) -> LocationSearch {
    let filters = query
        .open_now
        .then(|| LocationFilters { hours: Some(HoursFilter { open_at: now }), ..LocationFilters::default() });
    LocationSearch {
        query: (!query.words.is_empty()).then(|| query.words.clone()),
        distance: place.map(|p| api_contract::location::DistanceFilter { center: p.position.rounded(), max: None }),
        filters,
        pagination: Some(PageRequest { cursor: None, limit: Some(ROWS) }),
    }
}

fn row(number: usize, shop: &Shop, chosen: bool) -> StoreRowView {
    let services = shop
        .location
        .amenities
        .iter()
        .filter(|a| a.0 != "in-store-pickup")
        .map(|a| a.1.description.clone())
        .take(3)
        .collect::<Vec<_>>();
    StoreRowView {
        href: Route::Store(shop.location.id.clone()).path(),
        number,
        name: nearby::own_name(&shop.location).to_owned(),
        address: shop.address_line(),
        distance: shop.distance(),
        services: services.join(" · "),
        chosen,
    }
}

fn nothing_found(query: &StoresQuery) -> impl IntoView + use<> {
    let title = match (query.words.as_str(), query.open_now) {
        ("", true) => "No shop is open just now".to_owned(),
        ("", false) => "There are no shops yet".to_owned(),
        (words, true) => format!("No open shop found for “{words}”"),
        (words, false) => format!("No shop found for “{words}”"),
    };
    view! {
        <Notice icon=Icon::Pin title text="Try the next larger town, the beginning of the postcode, or all shops.">
            <a class="button" href=Route::Stores(StoresQuery::default()).path()>"See all shops"</a>
        </Notice>
    }
}
