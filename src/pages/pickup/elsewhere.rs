//! Other shops that have all of it now.

use api_contract::PageRequest;
use api_contract::availability::AvailabilityRequest;
use api_contract::location::{DistanceFilter, LocationSearch};
use leptos::prelude::*;

use super::desk::Desk;
use super::model::{self, Ask, Asking, Kind, Other};
use crate::api::{self, ApiError};
use crate::browser::intl;
use crate::components::notice::FailureNotice;
use crate::components::skeleton::SkeletonRows;
use crate::nearby::{self, SHOPS, rank};
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::session::{Place, SavedPickup, Session, use_session};
use crate::text;
use crate::words;

/// Shops to which the pickup can move, each a tap away.
#[component]
pub(super) fn Elsewhere(desk: Desk) -> impl IntoView {
    let session = use_session();
    let retry = RwSignal::new(0u32);
    let found = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let pickup = desk.pickup.get_untracked();
        Some(async move { look(session, &pickup).await })
    });
    // Somebody was quicker there: what is left elsewhere is asked again.
    Effect::watch(
        move || desk.asking.with(|asking| matches!(asking, Asking::Refused(Kind::Move, _))),
        move |refused, _, _| {
            if *refused {
                retry.update(|n| *n = n.wrapping_add(1));
            }
        },
        false,
    );
    view! {
        {move || match found.get() {
            Remote::Idle | Remote::Loading => {
                view! { <SkeletonRows count=3 label=text::pickup_move_loading() /> }.into_any()
            }
            Remote::Failed(error) => {
                let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
                view! { <FailureNotice explained=words::failure(&error, words::What::Stock) retry=again /> }.into_any()
            }
            Remote::Ready(others) if others.is_empty() => {
                view! { <p role="status">{text::pickup_move_none()}</p> }.into_any()
            }
            Remote::Ready(others) => {
                let rows = others.into_iter().map(|other| row(desk, other));
                view! {
                    <p>{text::pickup_move_text()}</p>
                    <ul class="pass__others">{rows.collect::<Vec<_>>()}</ul>
                }
                .into_any()
            }
        }}
    }
}

fn row(desk: Desk, other: Other) -> AnyView {
    let Other { shop, ready_by } = other;
    let label = text::pickup_move_to(nearby::own_name(&shop.location));
    let distance = Some(shop.distance()).filter(|distance| !distance.is_empty());
    let ready = ready_by.map(|at| text::pickup_move_ready(&intl::date_time(at, Some(&shop.location.timezone))));
    let facts = distance.into_iter().chain(ready).collect::<Vec<_>>().join(" · ");
    let ask = move |_| desk.ask(Ask::Move(Box::new(shop.location.clone())));
    view! {
        <li>
            <button
                type="button"
                class="button button--quiet button--wide"
                prop:disabled=move || desk.asking.with(Asking::is_on_its_way)
                on:click=ask
            >
                {move || if desk.asking.with(|a| a.awaits(Kind::Move)) { model::pending(Kind::Move).to_owned() } else { label.clone() }}
            </button>
            <p class="hint">{facts}</p>
        </li>
    }
    .into_any()
}

async fn look(session: Session, pickup: &SavedPickup) -> Result<Vec<Other>, ApiError> {
    let reservation = &pickup.reservation;
    // Around the shop that was chosen: that is where the shopper meant to go.
    let center = match &pickup.location {
        Some(location) => location.geo,
        None => api::location(&reservation.location_id).await?.geo,
    };
    let search = LocationSearch {
        distance: Some(DistanceFilter { center: center.rounded(), max: None }),
        pagination: Some(PageRequest { cursor: None, limit: Some(SHOPS) }),
        ..LocationSearch::default()
    };
    let page = nearby::find(session, &search).await?;
    let place = Place { label: String::new(), position: center, from_device: false };
    let mut shops = rank(page.locations.into(), Some(&place));
    shops.retain(|shop| {
        shop.location.id != reservation.location_id
            && shop.is_nearby()
            && model::hands_over(&shop.location, reservation.method)
    });
    let items = model::left(reservation);
    if shops.is_empty() || items.is_empty() {
        return Ok(Vec::new());
    }
    let ids = shops.iter().map(|shop| shop.location.id.clone()).collect();
    let asked = AvailabilityRequest { items: items.clone(), location_ids: Some(ids), near: None };
    let stock = api::availability(&asked).await?;
    Ok(model::elsewhere(&shops, &items, &stock))
}
