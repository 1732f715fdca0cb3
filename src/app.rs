//! The frame of the app, and the one place where an address becomes a screen.

use api_contract::settings::Features;
use domain::id::{LocationId, Sku};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use leptos_router::location::{BrowserUrl, LocationProvider, Url};

use crate::api;
use crate::api::ApiError;
use crate::browser::{boot, clock, document, history, storage, transition};
use crate::campaign;
use crate::chooser::{Chooser, PlaceSheet};
use crate::components::notice::FailureNotice;
use crate::components::skeleton::SkeletonRows;
use crate::components::tab_bar::TabBar;
use crate::device::Pairing;
use crate::lasting::{Lasting, lasting};
use crate::live::Stream;
use crate::nearby::Nearby;
use crate::pages::{barcode, basket, find, kiosk, not_found, pickup, pickups, product, reserve, store, stores, take};
use crate::places;
use crate::queue::Queue;
use crate::remote::{FAILURE_SHOWS, Hope, Remote, fetch};
use crate::route::Route;
use crate::search;
use crate::seen;
use crate::session::{Session, use_session};
use crate::settings;
use crate::text;
use crate::words;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let features = settings::of_page().features;
    let (path, query) = document::path_and_query();
    let address = switched_on(Route::parse(&path, &query), &features);
    if let Some(own) = Pairing::load().and_then(|pairing| pairing.calls_back(&address, &features)) {
        document::replace(&own.path());
        return ().into_any();
    }
    let unattended = matches!(address, Route::Kiosk(_));
    if unattended {
        storage::only_in_memory();
    } else {
        history::follow();
    }
    transition::follow();
    if let Some(base) = document::meta("nearshelf-api") {
        api::set_base(&base);
    }
    campaign::begin();
    let session = Session::start();
    provide_context(session);
    provide_context(Queue::start(session));
    let hope = Hope::new();
    provide_context(hope);
    Effect::watch(
        move || session.online.get(),
        move |online, _, _| {
            if *online {
                hope.rise();
            }
        },
        false,
    );
    let nearby = Nearby::follow(session);
    provide_context(nearby);
    provide_context(Stream::start());
    provide_context(Chooser::new());
    if !boot::is_safe() {
        // Whoever stands before a screen in a shop types at once, and names no other place.
        spawn_local(search::start(unattended, move || hope.rise()));
        if !unattended {
            spawn_local(places::start(move || hope.rise()));
        }
    }
    if let Some(shop) = address.shop_of(&query) {
        spawn_local(async move {
            if let Ok(location) = api::location(&shop).await {
                session.store_chosen(&location);
            }
        });
    }
    Effect::new(move |_| search::shops_are(nearby.ids()));
    Effect::new(move |_| {
        seen::own_shop_is(nearby.here.with(|here| here.as_ref().map(|shop| shop.location.id.clone())));
    });
    // What lives as long as the app is begun, its frame is drawn and its screen is drawn in tasks of their own: on a slow phone
    // each of them is a while in which nothing is heard.
    let begun = RwSignal::new(false);
    spawn_local(async move {
        clock::turn().await;
        begun.set(true);
    });
    (move || begun.get().then(|| framed(unattended))).into_any()
}

fn framed(unattended: bool) -> AnyView {
    // No table of routes: `route::Route` reads addresses, the router keeps the history.
    view! {
        <Router>
            <Frame unattended />
        </Router>
    }
    .into_any()
}

/// The route whose screen is shown: that of the address, a moment later where the browser shows the step as a transition.
///
/// The router waits until it is told that the screen of a new address is there before it writes the address into the history;
/// its own table of routes would tell it. leptos_router 0.8 counts steps itself, and loses count where somebody goes forward, or
/// back by more than one: then it takes a link to where it believes to be for no step, and the address stays behind the screen.
/// That step is made here.
fn shown(features: Features) -> Lasting<RwSignal<Route>> {
    let place = expect_context::<BrowserUrl>();
    let route = move |url: &Url| switched_on(Route::parse(url.path(), url.search()), &features);
    let shown = lasting(place.as_url().with_untracked(route));
    Effect::new(move |before: Option<()>| {
        let next = place.as_url().with(route);
        let place = place.clone();
        let change = move || {
            // Another address may have come since.
            let now = place.as_url().get_untracked();
            let next = route(&now);
            if shown.with_untracked(|shown| *shown != next) {
                shown.set(next);
            }
            place.ready_to_complete();
            history::arrived();
            spawn_local(async move {
                // By then the router has written what it is going to write.
                clock::turn().await;
                if place.as_url().with_untracked(path_and_query) == path_and_query(&now) {
                    document::address_is(now.path(), now.search());
                }
            });
        };
        let is_new = before.is_some() && shown.with_untracked(|shown| Screen::of(shown) != Screen::of(&next));
        if is_new { transition::show(change) } else { change() }
    });
    shown
}

fn path_and_query(url: &Url) -> (String, String) {
    (url.path().to_owned(), url.search().to_owned())
}

/// What the retailer switched off leads nowhere. Pickups stay: somebody may have one of before.
fn switched_on(route: Route, features: &Features) -> Route {
    let on = match route {
        Route::Basket | Route::Collect(_) | Route::Take(_) => features.basket,
        Route::Kiosk(_) => features.kiosk,
        Route::Reserve(_) => features.reserve,
        _ => true,
    };
    if on { route } else { Route::NotFound }
}

/// Which screen is shown, apart from what it is asked: a new query is the same screen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Screen {
    Find,
    Stores,
    Other(Route),
}

impl Screen {
    fn of(route: &Route) -> Self {
        match route {
            Route::Start | Route::Search(_) => Screen::Find,
            Route::Stores(_) => Screen::Stores,
            other => Screen::Other(other.clone()),
        }
    }

    /// The part of the program that draws it: what links lead to is in the first part after the start, the rest in the second.
    fn part(&self) -> u32 {
        match self {
            Screen::Find => 0,
            Screen::Stores | Screen::Other(Route::Product(_) | Route::Store(_)) => 1,
            Screen::Other(_) => 2,
        }
    }
}

#[component]
fn Frame(
    /// Whether it is a screen in a shop, which leads nowhere else.
    unattended: bool,
) -> impl IntoView {
    let session = use_session();
    let features = settings::of_page().features;
    let route = shown(features);
    let screen = Memo::new(move |_| Screen::of(&route.get()));
    let waiting = Memo::new(move |_| {
        let now = session.clock.by_minute().get();
        session
            .pickups()
            .iter()
            .filter(|p| p.reservation.status.at(now, p.reservation.hold_expires_at).is_active())
            .count()
    });

    // A new screen is read from its top; the first one is not, because there the browser already is.
    Effect::new(move |before: Option<Screen>| {
        let now = screen.get();
        if before.is_some_and(|before| before != now) {
            document::focus("main");
        }
        now
    });

    let part = Memo::new(move |_| screen.with(Screen::part));
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let arrived = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let part = part.get();
        Some(async move {
            clock::turn().await;
            boot::part(part).await.map(|()| part).map_err(|_| ApiError::Offline)
        })
    });

    // A screen is drawn once, also where a part is asked for that was here all along.
    let here = Memo::new(move |_| {
        let part = part.get();
        arrived.with(|arrived| match arrived {
            Remote::Ready(here) if *here >= part => Some(Ok(())),
            Remote::Failed(error) => Some(Err(error.clone())),
            _ => None,
        })
    });

    view! {
        {(!unattended).then(|| view! { <a class="skip-link" href="#main">{text::app_skip()}</a> })}
        <Show when=move || !session.online.get()>
            <p class="offline-bar" role="status">{text::app_offline()}</p>
        </Show>
        <KeepsNothing />
        <main id="main" tabindex="-1" class="main">
            {move || match here.get() {
                Some(Ok(())) => {
                    let screen = drawn(&screen.get(), route);
                    boot::started();
                    screen
                }
                Some(Err(error)) => {
                    boot::started();
                    view! { <FailureNotice explained=words::failure(&error, words::What::Screen) retry=again /> }.into_any()
                }
                None => view! { <SkeletonRows count=5 label=text::app_loading() /> }.into_any(),
            }}
        </main>
        {(!unattended).then(|| view! {
            <TabBar
                current=Signal::derive(move || route.with(Route::tab))
                waiting
                in_basket=Signal::derive(move || session.basket().len())
                basket=features.basket
                pickups=Signal::derive(move || features.reserve || !session.pickups().is_empty())
            />
            <PlaceSheet />
        })}
    }
}

/// A device that keeps nothing is said once, quietly: the app works all the same.
#[component]
fn KeepsNothing() -> impl IntoView {
    let read = RwSignal::new(false);
    view! {
        <Show when=move || !storage::keeps() && !read.get()>
            <p class="quiet-line" role="status">
                {text::app_keeps_nothing()} " "
                <button type="button" class="link-button" on:click=move |_| read.set(true)>
                    {text::app_keeps_nothing_ok()}
                </button>
            </p>
        </Show>
    }
}

/// What a screen shows; its part of the program is here.
fn drawn(screen: &Screen, route: Lasting<RwSignal<Route>>) -> AnyView {
    match screen {
        Screen::Find => view! { <find::FindPage route /> }.into_any(),
        Screen::Stores => stores(route),
        Screen::Other(route) => other(route.clone()),
    }
}

// Functions of their own, which the start of the program has not to bring along.
#[inline(never)]
fn stores(route: Lasting<RwSignal<Route>>) -> AnyView {
    view! { <stores::StoresPage route /> }.into_any()
}

#[inline(never)]
fn other(route: Route) -> AnyView {
    match route {
        Route::Product(sku) => product(sku),
        Route::Store(id) => store(id),
        Route::Reserve(query) => view! { <reserve::ReservePage query /> }.into_any(),
        Route::Basket => view! { <basket::BasketPage /> }.into_any(),
        Route::Collect(id) => view! { <reserve::CollectPage id /> }.into_any(),
        Route::Pickups => view! { <pickups::PickupsPage /> }.into_any(),
        Route::Pickup(id) => view! { <pickup::PickupPage id /> }.into_any(),
        Route::Barcode(number) => view! { <barcode::BarcodePage number /> }.into_any(),
        Route::Take(goods) => view! { <take::TakePage goods /> }.into_any(),
        Route::Kiosk(id) => view! { <kiosk::KioskPage id /> }.into_any(),
        _ => view! { <not_found::NotFoundPage /> }.into_any(),
    }
}

#[inline(never)]
fn product(sku: Sku) -> AnyView {
    view! { <product::ProductPage sku /> }.into_any()
}

#[inline(never)]
fn store(id: LocationId) -> AnyView {
    view! { <store::StorePage id /> }.into_any()
}
