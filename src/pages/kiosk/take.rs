//! Taking something along: what the person's own phone opens, without a word typed on a public screen.

use api_contract::Item;
use api_contract::reservation::Reservation;
use leptos::prelude::*;

use super::Kiosk;
use super::product::BackButton;
use super::watch::clear;
use crate::browser::{document, intl, language};
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::components::qr_code::Qr;
use crate::nearby::{self, use_nearby};
use crate::route::Route;
use crate::session::BasketLine;
use crate::text;

/// A code for the camera of a phone.
#[component]
pub(super) fn PhoneView(kiosk: Kiosk, address: String) -> impl IntoView {
    view! {
        <BackButton kiosk />
        <section class="kiosk__phone">
            <h1 class="kiosk__title">{text::kiosk_phone()}</h1>
            <div class="kiosk__code"><Qr text=language::shared(&address) label=text::kiosk_qr() /></div>
            <p>{text::kiosk_phone_how()}</p>
            <Done kiosk />
        </section>
    }
}

/// Whoever is done leaves nothing to the next.
#[component]
fn Done(kiosk: Kiosk) -> impl IntoView {
    view! {
        <button type="button" class="button button--main" on:click=move |_| clear(kiosk)>
            {text::kiosk_done()}
        </button>
    }
}

/// What was gathered, as a whole for the phone.
#[component]
pub(super) fn ListView(kiosk: Kiosk) -> impl IntoView {
    let session = kiosk.session;
    let lines = Memo::new(move |_| session.basket());
    let address = Memo::new(move |_| {
        let items = lines.get().into_iter().map(|line| Item { sku: line.sku, quantity: line.quantity }).collect();
        [document::origin(), Route::Take(items).path_at(&kiosk.id())].concat()
    });
    let row = move |line: BasketLine| {
        let (title, label) = (line.title.clone(), text::kiosk_list_remove_one(&line.title));
        let off = move |_| session.put_in_basket(BasketLine { quantity: 0, ..line.clone() });
        view! {
            <li class="kiosk__shop">
                <span class="kiosk__shop-name">{title}</span>
                <button type="button" class="button button--quiet" aria-label=label on:click=off>{text::product_take_out()}</button>
            </li>
        }
    };
    view! {
        <BackButton kiosk />
        <section class="kiosk__phone">
            <h1 class="kiosk__title">{text::kiosk_list()}</h1>
            {move || if lines.with(Vec::is_empty) {
                view! {
                    <Notice icon=Icon::Basket title=text::kiosk_list_empty() text=text::kiosk_list_how()>
                        <button type="button" class="button" on:click=move |_| kiosk.home()>{text::kiosk_begin_anew()}</button>
                    </Notice>
                }
                    .into_any()
            } else {
                view! {
                    <ul class="kiosk__shops">{lines.get().into_iter().map(row).collect_view()}</ul>
                    <div class="kiosk__code">
                        <Qr text=language::shared(&address.get()) label=text::kiosk_qr() />
                    </div>
                    <p>{text::kiosk_phone_how()}</p>
                    <Done kiosk />
                }
                    .into_any()
            }}
        </section>
    }
}

/// The pass of what was put aside at this screen: the phone takes it along, the screen forgets it.
#[component]
pub(super) fn PassView(kiosk: Kiosk, reservation: Reservation) -> impl IntoView {
    // The secret stands behind `#`, where no server sees it.
    let token = reservation.manage_token.clone().unwrap_or_default();
    let path = Route::Pickup(reservation.id.clone()).path();
    let address = language::shared(&[&document::origin(), &path, "#t=", &token].concat());
    let until = intl::date_time(
        reservation.hold_expires_at,
        kiosk.shop.with_value(|shop| Some(shop.timezone.clone())).as_deref(),
    );
    let shop = use_nearby().shops.with_untracked(|shops| {
        let other = shops.ready().into_iter().flatten().find(|shop| shop.location.id == reservation.location_id);
        other.map(|shop| nearby::own_name(&shop.location).to_owned())
    });
    let shop = shop.unwrap_or_else(|| kiosk.name());
    let goods =
        reservation.items.into_iter().map(|item| view! { <li>{item.quantity} " × " {item.title}</li> }).collect_view();
    view! {
        <section class="kiosk__phone">
            <h1 class="kiosk__title">{text::kiosk_reserved()}</h1>
            <ul class="kiosk__goods">{goods}</ul>
            <p class="code">{reservation.code}</p>
            <p>{text::find_status_at(&text::find_held_until(&until), &shop)}</p>
            <div class="kiosk__code"><Qr text=address label=text::kiosk_qr() /></div>
            <p>{text::kiosk_pass_how()}</p>
            <Done kiosk />
        </section>
    }
}
