//! One shop: where it is, when it is open, what it has.

mod hours;
mod shelf;
mod structured;

use api_contract::location::Location;
use domain::id::LocationId;
use leptos::prelude::*;

use crate::api;
use crate::browser::{directions, document};
use crate::components::icon::{Icon, Sign};
use crate::components::notice::FailureNotice;
use crate::components::opening::Opening;
use crate::components::skeleton::SkeletonRows;
use crate::nearby;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::{Route, StoresQuery};
use crate::session::use_session;
use crate::text;
use crate::words;
use hours::Hours;
use shelf::Shelf;

/// One shop.
#[component]
pub fn StorePage(
    /// Which.
    id: LocationId,
) -> impl IntoView {
    let retry = RwSignal::new(0u32);
    let location = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let id = id.clone();
        Some(async move { api::location(&id).await })
    });
    view! {
        <a class="back" href=Route::Stores(StoresQuery::default()).path()>
            <Sign icon=Icon::Back />
            {text::store_back()}
        </a>
        {move || match location.get() {
            Remote::Idle | Remote::Loading => view! { <SkeletonRows count=4 label=text::store_loading() /> }.into_any(),
            Remote::Failed(error) => {
                let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
                view! { <FailureNotice explained=words::failure(&error, words::What::Shop) retry=again /> }.into_any()
            }
            Remote::Ready(location) => view! { <Shown location /> }.into_any(),
        }}
    }
}

#[component]
fn Shown(location: Location) -> impl IntoView {
    let session = use_session();
    document::set_title(&text::store_page_title(&location.name));
    document::describe(&structured::store(&location, &document::address()));
    on_cleanup(document::undescribe);
    let minute = session.clock.by_minute();
    let address = nearby::address_line(&location);
    let directions = directions::to(location.geo, &location.name);
    let opening = {
        let location = location.clone();
        Signal::derive(move || nearby::opening(&location, minute.get()))
    };
    let own = {
        let id = location.id.clone();
        Memo::new(move |_| session.store().as_ref() == Some(&id))
    };
    let choose = {
        let location = location.clone();
        move |_| session.store_chosen(&location)
    };
    let services: Vec<String> =
        location.amenities.iter().map(|(id, amenity)| words::amenity(id, &amenity.description)).collect();
    let phone = location.phone.clone();
    view! {
        <article class="store">
            <div class="store__card">
                <h1 class="page-title">{location.name.clone()}</h1>
                <p class="store__opening"><Opening words=opening /></p>
                <p class="store__address">{address}</p>
                <div class="store__actions">
                    <a class="button button--quiet" href=directions target="_blank" rel="external noopener noreferrer">
                        <Sign icon=Icon::Directions />
                        {text::store_directions()}
                    </a>
                    {phone
                        .map(|phone| {
                            let href = format!("tel:{}", phone.replace(' ', ""));
                            view! {
                                <a class="button button--quiet" href=href rel="external">
                                    <Sign icon=Icon::Phone />
                                    {text::store_call()}
                                </a>
                            }
                        })}
                    <button
                        type="button"
                        class="button"
                        class:button--done=move || own.get()
                        aria-pressed=move || own.get().to_string()
                        on:click=choose
                    >
                        {move || {
                            own.get().then(|| view! { <Sign icon=Icon::Check /> })
                        }}
                        {move || if own.get() { text::store_yours() } else { text::store_make_mine() }}
                    </button>
                </div>
                {(!services.is_empty())
                    .then(|| {
                        view! {
                            <ul class="services" aria-label=text::store_services()>
                                {services.into_iter().map(|s| view! { <li>{s}</li> }).collect_view()}
                            </ul>
                        }
                    })}
            </div>
            <Hours location=location.clone() />
            <Shelf location />
        </article>
    }
}
