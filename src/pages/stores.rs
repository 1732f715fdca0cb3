//! The shops: nearest first around the shopper, or those that match words.

mod filters;
mod map;
mod street;

use api_contract::PageRequest;
use api_contract::location::{HoursFilter, LocationFilters, LocationSearch};
use domain::geo::Position;
use domain::map::{Seen, eighth};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::browser::clock::sleep;
use crate::browser::{directions, document, history, intl};
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::components::store_row::{StoreRow, StoreRowView};
use crate::lasting::Lasting;
use crate::nearby::{self, Shop, rank};
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::{Route, StoresQuery};
use crate::session::{Place, use_session};
use crate::settings;
use crate::text;
use crate::words;

use filters::Filters;
use map::{Map, Pin};
use street::StreetMap;

/// Rows that are shown at first, and how many more at a tap.
const ROWS: u32 = 40;
/// And at most: who wants to see farther names a place there.
const MOST: u32 = 100;

/// The shops.
#[component]
pub fn StoresPage(
    /// The address, as long as it is of this screen.
    route: Lasting<RwSignal<Route>>,
) -> impl IntoView {
    let session = use_session();
    document::set_title(&text::stores_page_title(settings::name()));
    let query = Memo::new(move |_| match route.get() {
        Route::Stores(query) => query,
        _ => StoresQuery::default(),
    });
    let retry = RwSignal::new(0u32);
    // Who comes back to a long list finds it as long as it was.
    let address = Route::Stores(StoresQuery::default()).path();
    let rows = RwSignal::new(history::rows(&address).map_or(ROWS, |rows| rows.clamp(ROWS, MOST)));
    Effect::new(move |_| history::listed(&address, rows.get()));
    let minute = session.clock.by_minute();
    let shown = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let query = query.get();
        let place = session.place();
        let search = location_search(&query, place.as_ref(), session.clock.now_untracked(), rows.get());
        Some(async move {
            if !query.words.is_empty() {
                sleep(120).await;
            }
            let page = nearby::find(session, &search).await?;
            let left_out = page.locations.left_out();
            Ok((rank(page.locations.into(), place.as_ref()), page.pagination.total, left_out))
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
    let pointed = RwSignal::new(None::<usize>);
    // A shop that was pointed at is another one in another list.
    Effect::watch(move || shown.track(), move |(), _, _| pointed.set(None), false);
    let shops = Memo::new(move |_| shown.with(|s| s.ready().map(|(shops, ..)| shops.clone()).unwrap_or_default()));
    let country = move || shops.with(|s| s.first().map(|s| s.location.address.address_country.clone()));
    let unit = Signal::derive(move || settings::unit(&country().unwrap_or_default()));
    let pins = Memo::new(move |_| {
        let (now, place) = (minute.get(), session.place());
        shops.with(|shops| {
            // Without a place the map begins at the first shop.
            let origin = place.map(|p| p.position).or_else(|| shops.first().map(|s| s.location.geo));
            let pin = |shop: &Shop| Some(pin(shop, origin?, now));
            shops.iter().filter_map(pin).collect::<Vec<_>>()
        })
    });
    let on_map = Memo::new(move |_| query.with(|q| q.map));
    let streets = settings::of_page().map.as_ref();
    let (on_streets, set_on_streets) = signal(false);
    let (failed, set_failed) = signal(false);
    let fail = Callback::new(move |()| {
        set_on_streets.set(false);
        set_failed.set(true);
    });

    view! {
        <header class="top">
            <h1 class="page-title">{text::stores_title()}</h1>
            <SearchBox label=text::stores_search() value=typed on_input />
        </header>
        <Filters query shops />
        <nav class="switch" aria-label=text::stores_list_or_map()>
            {[(false, text::stores_list()), (true, text::stores_map())]
                .map(|(map, name)| {
                    let href = move || Route::Stores(StoresQuery { map, ..query.get() }).path();
                    view! {
                        <a href=href data-noscroll="" aria-current=move || (on_map.get() == map).then_some("true")>
                            {name}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        <div class="locator" class:locator--map=move || on_map.get()>
            <section class="locator__map" aria-label=text::stores_map()>
                {move || {
                    let origin = session.place().map(|p| p.position);
                    let origin = origin.or_else(|| shops.with(|s| s.first().map(|s| s.location.geo)));
                    match (streets.filter(|_| on_streets.get()), origin) {
                        (Some(streets), Some(center)) => {
                            view! { <StreetMap streets center shops pins pointed fail /> }.into_any()
                        }
                        _ => view! { <Map pins unit pointed /> }.into_any(),
                    }
                }}
                {move || {
                    streets
                        .map(|_| {
                            let name = if on_streets.get() { text::stores_drawn_map() } else { text::stores_street_map() };
                            let toggle = move |_| {
                                set_failed.set(false);
                                set_on_streets.update(|on| *on = !*on);
                            };
                            view! {
                                <button type="button" class="button button--quiet" on:click=toggle>
                                    {name}
                                </button>
                            }
                        })
                }}
                {move || {
                    failed
                        .get()
                        .then_some(view! {
                            <p class="hint hint--problem" role="alert">
                                {text::stores_street_map_failed()}
                            </p>
                        })
                }}
                {move || {
                    let shop = pointed.get().and_then(|number| shops.with(|s| s.get(number).cloned()))?;
                    Some(view! {
                        <p class="locator__ways">
                            <a class="button" href=Route::Store(shop.location.id.clone()).path()>
                                {nearby::own_name(&shop.location).to_owned()}
                            </a>
                            <a
                                class="button button--quiet"
                                href=directions::to(shop.location.geo, &shop.location.name)
                                target="_blank"
                                rel="external noopener noreferrer"
                            >
                                <Sign icon=Icon::Directions />
                                {text::stores_directions()}
                            </a>
                        </p>
                    })
                }}
            </section>
            <section class="results locator__list" aria-label=text::stores_title()>
                {move || match shown.get() {
                    Remote::Idle | Remote::Loading => {
                        view! { <SkeletonRows count=6 label=text::stores_loading() /> }.into_any()
                    }
                    Remote::Failed(error) => {
                        view! { <FailureNotice explained=words::failure(&error, words::What::Shops) retry=again /> }.into_any()
                    }
                    Remote::Ready((shops, ..)) if shops.is_empty() => nothing_found(&query.get()).into_any(),
                    Remote::Ready((shops, total, left_out)) => {
                        let chosen = session.store();
                        let shown = shops.len() as u64 + u64::from(left_out);
                        let rest = total.saturating_sub(shown);
                        view! {
                            <div class="stores">
                                {shops
                                    .into_iter()
                                    .enumerate()
                                    .map(|(place, shop)| {
                                        let row = row(place + 1, &shop, Some(&shop.location.id) == chosen.as_ref());
                                        let opening = move || nearby::opening(&shop.location, minute.get());
                                        view! {
                                            <StoreRow
                                                row
                                                opening=Signal::derive(opening)
                                                pointed=Signal::derive(move || pointed.get() == Some(place))
                                                point=Callback::new(move |()| pointed.set(Some(place)))
                                            />
                                        }
                                    })
                                    .collect_view()}
                            </div>
                            {words::left_out(left_out).map(|said| view! { <p class="hint">{said}</p> })}
                            {match rest {
                                0 => ().into_any(),
                                _ if rows.get_untracked() < MOST => view! {
                                    <button
                                        type="button"
                                        class="button button--quiet"
                                        on:click=move |_| rows.update(|rows| *rows = (*rows + ROWS).min(MOST))
                                    >
                                        {text::stores_show_more()}
                                    </button>
                                }
                                    .into_any(),
                                _ => view! {
                                    <p class="hint">
                                        {text::stores_more(rest)}
                                    </p>
                                }
                                    .into_any(),
                            }}
                        }
                            .into_any()
                    }
                }}
            </section>
        </div>
    }
}

/// A shop as the map shows it: what a screen reader says of its mark is what its row says.
fn pin(shop: &Shop, origin: Position, now: Timestamp) -> Pin {
    let seen = Seen::from(origin, shop.location.geo);
    let (state, rest) = nearby::opening(&shop.location, now);
    let opening = [&state.text, " ", &rest].concat();
    let (name, distance, opening) = (nearby::own_name(&shop.location), shop.distance(), opening.trim_end());
    let said = match distance.as_str() {
        "" => text::stores_pin(name, opening),
        distance => text::stores_pin_distance(name, distance, words::direction(eighth(seen.bearing)), opening),
    };
    let open = nearby::open_state(&shop.location, now).is_open();
    Pin { seen, said, open }
}

fn location_search(query: &StoresQuery, place: Option<&Place>, now: Timestamp, rows: u32) -> LocationSearch {
    let open_at = if query.open_now { Some(now) } else { query.open_at.as_deref().and_then(intl::instant) };
    let filters = LocationFilters {
        hours: open_at.map(|open_at| HoursFilter { open_at }),
        amenities: query.service.iter().cloned().collect(),
        items: Vec::new(),
    };
    LocationSearch {
        query: (!query.words.is_empty()).then(|| query.words.clone()),
        distance: place.map(|p| api_contract::location::DistanceFilter { center: p.position.rounded(), max: None }),
        filters: (filters != LocationFilters::default()).then_some(filters),
        pagination: Some(PageRequest { cursor: None, limit: Some(rows) }),
    }
}

fn row(number: usize, shop: &Shop, chosen: bool) -> StoreRowView {
    let services = shop
        .location
        .amenities
        .iter()
        .filter(|a| a.0 != "in-store-pickup")
        .map(|(id, amenity)| words::amenity(id, &amenity.description))
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
    let mut title = match (query.words.as_str(), query.open_now || query.open_at.is_some()) {
        ("", true) => text::stores_none_open().to_owned(),
        ("", false) => text::stores_none().to_owned(),
        (words, true) => text::stores_none_open_for(words),
        (words, false) => text::stores_none_for(words),
    };
    if query.service.is_some() {
        title = text::stores_none_with_service(&title);
    }
    let filtered = query.open_now || query.open_at.is_some() || query.service.is_some();
    let words = if filtered { query.words.clone() } else { String::new() };
    let less = StoresQuery { words, map: query.map, ..StoresQuery::default() };
    let button = if less.words.is_empty() { text::stores_see_all() } else { text::stores_drop_filters() };
    view! {
        <Notice icon=Icon::Pin title text=text::stores_none_advice()>
            <a class="button" href=Route::Stores(less).path()>{button}</a>
        </Notice>
    }
}
