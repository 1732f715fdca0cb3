//! Putting a product aside: who collects, one clear button, and the server's word.

mod basket;
mod form;
mod model;
mod outcome;

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityRequest};
use api_contract::location::Location;
use api_contract::product::Product;
use domain::id::LocationId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::browser::{document, intl, random};
use crate::components::icon::{Icon, Sign};
use crate::components::notice::FailureNotice;
use crate::components::opening::Opening;
use crate::components::picture::Picture;
use crate::components::said::Statement;
use crate::components::skeleton::SkeletonRows;
use crate::components::stepper::Stepper;
use crate::live::{Live, Watched};
use crate::nearby;
use crate::remote::{FAILURE_SHOWS, OUTLIVES_FAILURE, Remote, fetch};
use crate::route::{ReserveQuery, Route};
use crate::session::use_session;
use crate::text;
use crate::words;
pub use basket::CollectPage;
use form::ContactForm;
use model::{Draft, Sending};
use outcome::Refused;

/// Putting a product aside at a shop.
#[component]
pub fn ReservePage(
    /// What, and where.
    query: ReserveQuery,
) -> impl IntoView {
    document::set_title(text::reserve_page_title());
    let retry = RwSignal::new(0u32);
    let back = Route::Product(query.sku.clone()).path();
    let loaded = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let query = query.clone();
        Some(async move {
            let (product, location) =
                futures::future::join(api::product(&query.sku), api::location(&query.location)).await;
            Ok((product?, location?))
        })
    });
    view! {
        <a class="back" href=back>
            <Sign icon=Icon::Back />
            {text::reserve_back_product()}
        </a>
        {move || match loaded.get() {
            Remote::Idle | Remote::Loading => view! { <SkeletonRows count=4 label=text::reserve_loading() /> }.into_any(),
            Remote::Failed(error) => {
                let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
                view! { <FailureNotice explained=words::failure(&error, words::What::Desk) retry=again /> }.into_any()
            }
            Remote::Ready((product, location)) => view! { <Desk product location /> }.into_any(),
        }}
    }
}

/// Everything on one screen: what, where, until when, who.
#[component]
fn Desk(product: Product, location: Location) -> impl IntoView {
    let session = use_session();
    let navigate = use_navigate();
    let draft = RwSignal::new(Draft::new(vec![Item { sku: product.sku.clone(), quantity: 1 }], &location.id));
    let sending = RwSignal::new(Sending::Not);
    let (sku, id) = (product.sku.clone(), location.id.clone());
    let live = {
        let (sku, id) = (sku.clone(), id.clone());
        Live::follow(session, Signal::derive(move || Watched { locations: vec![id.clone()], skus: vec![sku.clone()] }))
    };
    let answer = stock_of(live, &sku, &id, draft);
    let reading = {
        let (sku, id) = (sku.clone(), id.clone());
        Memo::new(move |_| live.reading(&sku, &id))
    };
    let most = Signal::derive(move || model::most(reading.get()));
    let ready_by = Memo::new(move |_| {
        answer.with(|a| a.ready().and_then(|a: &AvailabilityAnswer| a.rows.first().and_then(|r| r.ready_by)))
    });
    let price = Memo::new(move |_| {
        answer.with(|a| a.ready().and_then(|a: &AvailabilityAnswer| a.rows.first().and_then(|r| r.price)))
    });

    // One tap is one intention: the button is off while an answer is awaited, and the key outlives a reload.
    let send = Callback::new(move |at: LocationId| {
        if sending.with_untracked(Sending::is_on_its_way) {
            return;
        }
        draft.update(|d| d.location_chosen(at));
        let request = match draft.try_update(Draft::check) {
            Some(Ok(request)) => request,
            _ => {
                document::focus_first_wrong();
                return;
            }
        };
        let key = session.reservation_leaving(&request, random::key());
        sending.set(Sending::OnItsWay);
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::reserve(&request, &key).await {
                Ok(reservation) => {
                    session.reservation_answered();
                    let location = api::location(&reservation.location_id).await.ok();
                    let token = reservation.manage_token.clone().unwrap_or_default();
                    let id = reservation.id.clone();
                    session.pickup_told(reservation, &token, location);
                    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&Route::Pickup(id).path(), options);
                }
                Err(error) => {
                    if error.is_definite() {
                        session.reservation_answered();
                    }
                    if let Some(problem) = error.problem() {
                        live.told(session.clock.now_untracked(), &problem.rows);
                    }
                    let _ = sending.try_set(Sending::Refused(error));
                }
            }
        });
    });

    let minute = session.clock.by_minute();
    let zone = location.timezone.clone();
    let shop = location.name.clone();
    let short = nearby::short_name(&location).to_owned();
    let hold = location.pickup.hold_hours;
    let base_price = product.price;
    let subtitle = [product.color.clone(), product.size.clone().map(|size| text::reserve_size(&size))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let item = product.clone();
    let opening = {
        let location = location.clone();
        Signal::derive(move || nearby::opening(&location, minute.get()))
    };
    let submit_at = location.id.clone();
    view! {
        <h1 class="page-title">{text::reserve_title()}</h1>
        <div class="reserve">
            <section class="reserve__what" aria-label=text::reserve_what()>
                <div class="pass__item">
                    <Picture
                        image=product.image.as_deref().map(api::url)
                        category=product.categories.first().cloned().unwrap_or_default()
                    />
                    <span>
                        <b class="pass__title">{product.title.clone()}</b>
                        <span class="pass__line">{subtitle.join(" · ")}</span>
                        <span class="pass__line">
                            <b>{move || price.get().or(base_price).map(intl::money)}</b> " · " {text::reserve_pay()}
                        </span>
                    </span>
                </div>
                <div class="reserve__quantity">
                    <span>
                        <Statement said=Signal::derive(move || words::stock(reading.get(), None)) />
                    </span>
                    <Stepper
                        label=text::reserve_how_many()
                        value=Signal::derive(move || draft.with(Draft::quantity))
                        max=most
                        on_change=Callback::new(move |quantity| draft.update(|d| d.quantity_chosen(quantity)))
                    />
                </div>
                <dl class="reserve__facts">
                    <div><dt>{text::reserve_where()}</dt><dd><b>{shop}</b><br />{nearby::address_line(&location)}<br /><Opening words=opening /></dd></div>
                    {move || ready_by.get().map(|at| {
                        let when = intl::date_time(at, Some(&zone));
                        view! { <div><dt>{text::reserve_ready_by()}</dt><dd>{when}</dd></div> }
                    })}
                    {(hold > 0).then(|| view! {
                        <div><dt>{text::reserve_kept()}</dt><dd>{text::reserve_kept_for(&words::hold_length(hold))}</dd></div>
                    })}
                </dl>
            </section>
            <ContactForm draft on_submit=Callback::new({
                let at = submit_at.clone();
                move |()| send.run(at.clone())
            }) />
        </div>
        <Refused sending product=item location=location.clone() on_other=send />
        <div class="action-bar">
            <button
                type="submit"
                form="contact"
                class="button button--main"
                prop:disabled=move || sending.with(Sending::is_on_its_way)
            >
                {move || if sending.with(Sending::is_on_its_way) {
                    text::reserve_asking(&short)
                } else {
                    let stale = live.freshness().is_some_and(|f| matches!(f, domain::inventory::Freshness::Stale(_)));
                    words::reserve_button(&short, hold, stale)
                }}
            </button>
        </div>
    }
}

fn stock_of(
    live: Live,
    sku: &domain::id::Sku,
    id: &LocationId,
    draft: RwSignal<Draft>,
) -> RwSignal<Remote<AvailabilityAnswer>> {
    let (sku, id) = (sku.clone(), id.clone());
    let quantity = Memo::new(move |_| draft.with(Draft::quantity));
    let answer = fetch(OUTLIVES_FAILURE, move || {
        let items = vec![Item { sku: sku.clone(), quantity: quantity.get() }];
        let request = AvailabilityRequest { items, location_ids: Some(vec![id.clone()]), near: None };
        Some(async move {
            let mut answer = api::availability(&request).await?;
            // Asked for several, a shelf may say "unavailable": the board speaks of one unit, as the stream does.
            answer.rows.iter_mut().for_each(model::for_one_unit);
            Ok(answer)
        })
    });
    live.learn_from(answer);
    answer
}
