//! The shops near the shopper that have the product, or have not.

use api_contract::availability::AvailabilityAnswer;
use domain::id::LocationId;
use leptos::prelude::*;

use super::model::{Offer, Selected};
use crate::browser::intl;
use crate::chooser::use_chooser;
use crate::components::freshness::FreshnessMark;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::FailureNotice;
use crate::components::opening::Opening;
use crate::components::said::Statement;
use crate::components::skeleton::SkeletonRows;
use crate::live::Live;
use crate::nearby::{self, use_nearby};
use crate::remote::Remote;
use crate::session::use_session;
use crate::text;
use crate::words::{self, Said};

/// Shops shown before "more".
const FIRST: usize = 6;

/// The shops near the shopper, one of which is picked.
#[component]
pub fn PickUpNearYou(
    offers: Memo<Vec<Offer>>,
    rows: RwSignal<Remote<AvailabilityAnswer>>,
    live: Live,
    selected: Memo<Option<Selected>>,
    picked: RwSignal<Option<LocationId>>,
    retry: Callback<()>,
) -> impl IntoView {
    let nearby = use_nearby();
    let (all, set_all) = signal(false);
    let fresh = Signal::derive(move || {
        live.freshness().map(|f| {
            let said = words::freshness(f, |at| intl::time(at, None));
            match (f, live.confirmed()) {
                (domain::inventory::Freshness::Live, Some(at)) => {
                    Said { text: text::freshness_live_at(&intl::time_with_seconds(at)), ..said }
                }
                _ => said,
            }
        })
    });
    let order = Memo::new(move |_| {
        let shown = if all.get() { usize::MAX } else { FIRST };
        offers.with(|o| o.iter().take(shown).map(|o| o.shop.location.id.clone()).collect::<Vec<_>>())
    });
    view! {
        <section class="pickup-near" aria-labelledby="pickup-near">
            <div class="pickup-near__head">
                <h2 class="section-title" id="pickup-near">{text::product_pick_up()}</h2>
                <FreshnessMark said=fresh />
            </div>
            {move || match (nearby.shops.get(), rows.with(|r| r.failed().cloned())) {
                (Remote::Idle, _) => view! { <NoPlace /> }.into_any(),
                (Remote::Failed(error), _) => {
                    let again = Callback::new(move |()| nearby.again());
                    view! { <FailureNotice explained=words::failure(&error, words::What::ShopsNearby) retry=again /> }.into_any()
                }
                (_, Some(error)) => {
                    view! { <FailureNotice explained=words::failure(&error, words::What::Stock) retry /> }.into_any()
                }
                _ => view! {
                    <Show
                        when=move || order.with(|o| !o.is_empty())
                        fallback=|| view! { <SkeletonRows count=3 label=text::product_loading_stock() /> }
                    >
                        <div class="offers" role="radiogroup" aria-labelledby="pickup-near">
                            <For each=move || order.get() key=Clone::clone let:id>
                                <OfferRow id offers selected picked />
                            </For>
                        </div>
                        <Show when=move || { !all.get() && offers.with(Vec::len) > FIRST }>
                            <button type="button" class="link-button" on:click=move |_| set_all.set(true)>
                                {move || text::product_more_shops(u64::try_from(offers.with(Vec::len) - FIRST).unwrap_or(u64::MAX))}
                            </button>
                        </Show>
                    </Show>
                }
                    .into_any(),
            }}
        </section>
    }
}

#[component]
fn NoPlace() -> impl IntoView {
    let chooser = use_chooser();
    view! {
        <div class="invitation">
            <p>{text::product_invitation()}</p>
            <button type="button" class="button button--wide" on:click=move |_| chooser.open()>
                <Sign icon=Icon::Locate />
                {text::choose_place()}
            </button>
        </div>
    }
}

/// The product at one shop: a choice where it can be put aside, and the reason where it cannot.
#[component]
fn OfferRow(
    id: LocationId,
    offers: Memo<Vec<Offer>>,
    selected: Memo<Option<Selected>>,
    picked: RwSignal<Option<LocationId>>,
) -> impl IntoView {
    let minute = use_session().clock.by_minute();
    let offer = {
        let id = id.clone();
        Memo::new(move |_| offers.with(|o| o.iter().find(|o| o.shop.location.id == id).cloned()))
    };
    // A row is there only while its shop is among the offers.
    let Some(first) = offer.get_untracked() else { return ().into_any() };
    let location = first.shop.location.clone();
    let distance = first.shop.distance();
    let said = Signal::derive(move || {
        offer.with(|o| o.as_ref().map_or_else(|| words::stock(None, None), |o| words::stock(o.reading, None)))
    });
    let barred = move || offer.with(|o| o.as_ref().and_then(|o| o.barrier).and_then(words::reason));
    let ready = {
        let zone = location.timezone.clone();
        move || {
            let offer = offer.get()?;
            let at = offer.ready_by.filter(|_| offer.reservable)?;
            let same = intl::day_key(at, Some(&zone)) == intl::day_key(minute.get(), Some(&zone));
            let when = if same { intl::time(at, Some(&zone)) } else { intl::weekday_time(at, Some(&zone)) };
            Some(text::product_ready_by(&when))
        }
    };
    let reservable = Memo::new(move |_| offer.with(|o| o.as_ref().is_some_and(|o| o.reservable)));
    let checked = {
        let id = id.clone();
        Memo::new(move |_| selected.with(|s| s.as_ref().is_some_and(|s| s.id == id)))
    };
    let name = nearby::own_name(&location).to_owned();
    view! {
        <label class="offer" class:offer--off=move || !reservable.get()>
            <input
                type="radio"
                name="shop"
                class="offer__radio"
                prop:checked=move || checked.get()
                prop:disabled=move || !reservable.get()
                on:change=move |_| picked.set(Some(id.clone()))
            />
            <span class="offer__body">
                <span class="offer__name">{name} {first.own.then_some(view! { " " <span class="chip-mark">{text::own_shop()}</span> })}</span>
                <span class="offer__line">
                    {(!distance.is_empty()).then(|| format!("{distance} · "))}
                    <Opening words=Signal::derive(move || nearby::opening(&location, minute.get())) />
                </span>
            </span>
            <span class="offer__stock">
                <Statement said />
                <span class="offer__line">{move || barred().map(str::to_owned).or_else(&ready)}</span>
            </span>
        </label>
    }
    .into_any()
}
