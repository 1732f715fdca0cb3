//! What the shopper has put aside, from this device.

use leptos::prelude::*;

use crate::browser::{document, intl};
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::components::said::Statement;
use crate::route::Route;
use crate::session::{SavedPickup, use_session};
use crate::text;
use crate::words;

/// The pickups of this device, newest first.
#[component]
pub fn PickupsPage() -> impl IntoView {
    let session = use_session();
    document::set_title(text::pickups_page_title());
    let minute = session.clock.by_minute();
    view! {
        <header class="top">
            <h1 class="page-title">{text::pickups_title()}</h1>
        </header>
        {move || {
            let pickups = session.pickups();
            if pickups.is_empty() {
                return view! {
                    <Notice
                        icon=Icon::Ticket
                        title=text::pickups_none()
                        text=text::pickups_none_advice()
                    >
                        <a class="button" href=Route::Start.path()>{text::pickups_find()}</a>
                    </Notice>
                }
                .into_any();
            }
            let now = minute.get();
            view! {
                <ul class="pickups">{pickups.into_iter().map(|p| row(p, now)).collect_view()}</ul>
            }
            .into_any()
        }}
    }
}

fn row(pickup: SavedPickup, now: domain::time::Timestamp) -> impl IntoView {
    let reservation = pickup.reservation;
    let status = reservation.status.at(now, reservation.hold_expires_at);
    let zone = pickup.location.as_ref().map(|l| l.timezone.clone());
    let shop = pickup.location.map(|l| l.name).unwrap_or_default();
    let goods = reservation
        .items
        .iter()
        .map(|i| if i.quantity == 1 { i.title.clone() } else { format!("{} × {}", i.quantity, i.title) })
        .collect::<Vec<_>>()
        .join(", ");
    let until = status
        .is_active()
        .then(|| text::pickups_held_until(&intl::date_time(reservation.hold_expires_at, zone.as_deref())));
    view! {
        <li>
            <a class="pickup-row" class:pickup-row--over=!status.is_active() href=Route::Pickup(reservation.id).path()>
                <span class="pickup-row__code">{reservation.code}</span>
                <span class="pickup-row__body">
                    <span class="pickup-row__goods">{goods}</span>
                    <span class="pickup-row__line">{shop}</span>
                    <span class="pickup-row__line"><Statement said=words::status(status) /></span>
                    {until.map(|u| view! { <span class="pickup-row__line">{u}</span> })}
                </span>
            </a>
        </li>
    }
}
