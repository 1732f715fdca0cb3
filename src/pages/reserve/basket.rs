//! Putting the part of the basket aside that a shop has; the rest stays in the basket, and is said.

use api_contract::Item;
use api_contract::availability::{AvailabilityAnswer, AvailabilityRequest};
use api_contract::location::Location;
use api_contract::problem::ProblemType;
use domain::id::{LocationId, Sku};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::ContactForm;
use super::model::{Draft, Sending};
use crate::api::{self, ApiError};
use crate::browser::{document, intl, random};
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::skeleton::SkeletonRows;
use crate::nearby;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::Route;
use crate::session::{BasketLine, use_session};
use crate::text;
use crate::words;

/// The basket at one shop.
#[component]
pub fn CollectPage(
    /// Which shop.
    id: LocationId,
) -> impl IntoView {
    let session = use_session();
    document::set_title(text::reserve_page_title());
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    // What was in the basket when the screen came: what is reserved leaves it while the answer is shown.
    let lines = StoredValue::new(untrack(move || session.basket()));
    let loaded = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let id = id.clone();
        let items: Vec<Item> = lines.with_value(|lines| lines.iter().map(item).collect());
        (!items.is_empty()).then_some(async move {
            let asked = AvailabilityRequest { items, location_ids: Some(vec![id.clone()]), near: None };
            let (stock, location) = futures::future::join(api::availability(&asked), api::location(&id)).await;
            Ok((stock?, location?))
        })
    });
    view! {
        <a class="back" href=Route::Basket.path()>
            <Sign icon=Icon::Back />
            {text::reserve_back_basket()}
        </a>
        {move || match loaded.get() {
            Remote::Idle => view! {
                <Notice icon=Icon::Basket title=text::reserve_basket_empty() text=text::reserve_basket_empty_advice()>
                    <a class="button" href=Route::Start.path()>{text::reserve_find()}</a>
                </Notice>
            }
                .into_any(),
            Remote::Loading => view! { <SkeletonRows count=4 label=text::reserve_loading() /> }.into_any(),
            Remote::Failed(error) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Desk) retry=again /> }.into_any()
            }
            Remote::Ready((stock, location)) => {
                view! { <Desk lines=lines.get_value() stock location again /> }.into_any()
            }
        }}
    }
}

fn item(line: &BasketLine) -> Item {
    Item { sku: line.sku.clone(), quantity: line.quantity }
}

#[component]
fn Desk(lines: Vec<BasketLine>, stock: AvailabilityAnswer, location: Location, again: Callback<()>) -> impl IntoView {
    let session = use_session();
    let navigate = use_navigate();
    let is_here = |line: &BasketLine| stock.rows.iter().any(|row| row.sku == line.sku && row.pickup);
    let (here, not_here): (Vec<BasketLine>, Vec<BasketLine>) = lines.into_iter().partition(is_here);
    if here.is_empty() {
        return view! {
            <Notice
                icon=Icon::Box
                title=text::reserve_nothing_here()
                text=text::reserve_nothing_here_advice()
            >
                <a class="button" href=Route::Basket.path()>{text::reserve_see_other_shops()}</a>
            </Notice>
        }
        .into_any();
    }
    let draft = RwSignal::new(Draft::new(here.iter().map(item).collect(), &location.id));
    let sending = RwSignal::new(Sending::Not);
    let skus: Vec<Sku> = here.iter().map(|line| line.sku.clone()).collect();
    // One tap is one intention: the button is off while an answer is awaited, and the key outlives a reload.
    let send = Callback::new(move |()| {
        if sending.with_untracked(Sending::is_on_its_way) {
            return;
        }
        let Some(Ok(request)) = draft.try_update(Draft::check) else { return document::focus_first_wrong() };
        let key = session.reservation_leaving(&request, random::key());
        sending.set(Sending::OnItsWay);
        let (navigate, skus) = (navigate.clone(), skus.clone());
        spawn_local(async move {
            match api::reserve(&request, &key).await {
                Ok(reservation) => {
                    session.reservation_answered();
                    session.taken_from_basket(&skus);
                    let location = api::location(&reservation.location_id).await.ok();
                    let (id, token) = (reservation.id.clone(), reservation.manage_token.clone().unwrap_or_default());
                    session.pickup_told(reservation, &token, location);
                    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&Route::Pickup(id).path(), options);
                }
                Err(error) => {
                    if error.is_definite() {
                        session.reservation_answered();
                    }
                    let _ = sending.try_set(Sending::Refused(error));
                }
            }
        });
    });
    let ready = stock.rows.iter().filter(|row| row.pickup).map(|row| row.ready_by).reduce(|a, b| Some(a?.max(b?)));
    let ready = ready.flatten().map(|at| intl::date_time(at, Some(&location.timezone)));
    let short = nearby::short_name(&location).to_owned();
    let hold = location.pickup.hold_hours;
    let button = {
        let short = short.clone();
        move || match sending.with(Sending::is_on_its_way) {
            true => text::reserve_asking(&short),
            false => words::reserve_button(&short, hold, false),
        }
    };
    let names = |lines: &[BasketLine]| lines.iter().map(|line| line.title.clone()).collect::<Vec<_>>().join(", ");
    let left = (!not_here.is_empty()).then(|| text::reserve_stays(&names(&not_here)));
    view! {
        <h1 class="page-title">{text::reserve_title()}</h1>
        <div class="reserve">
            <section class="reserve__what" aria-label=text::reserve_what()>
                <ul class="basket__goods">
                    {here
                        .into_iter()
                        .map(|line| view! { <li>{line.quantity} " × " <b>{line.title}</b></li> })
                        .collect_view()}
                </ul>
                {left.map(|left| view! { <p class="hint">{left}</p> })}
                <dl class="reserve__facts">
                    <div><dt>{text::reserve_where()}</dt><dd><b>{location.name.clone()}</b><br />{nearby::address_line(&location)}</dd></div>
                    {ready.map(|when| view! { <div><dt>{text::reserve_ready_by()}</dt><dd>{when}</dd></div> })}
                </dl>
            </section>
            <ContactForm draft on_submit=send />
        </div>
        {move || match sending.get() {
            Sending::Not | Sending::OnItsWay => ().into_any(),
            Sending::Refused(error) => refused(&error, again),
        }}
        <div class="action-bar">
            <button
                type="submit"
                form="contact"
                class="button button--main"
                prop:disabled=move || sending.with(Sending::is_on_its_way)
            >
                {button}
            </button>
        </div>
    }
    .into_any()
}

fn refused(error: &ApiError, again: Callback<()>) -> AnyView {
    if error.problem().is_some_and(|problem| problem.is(ProblemType::InsufficientStock)) {
        return view! {
            <Notice
                icon=Icon::Box
                title=text::reserve_quicker()
                text=text::reserve_quicker_advice()
                alert=true
            >
                <button type="button" class="button" on:click=move |_| again.run(())>{text::reserve_what_is_left()}</button>
                <a class="button button--quiet" href=Route::Basket.path()>{text::reserve_other_shops()}</a>
            </Notice>
        }
        .into_any();
    }
    let explained = words::failure(error, words::What::Reserving);
    // Without an answer nobody knows: the key makes it safe to say "try again".
    let text = match error {
        ApiError::Offline | ApiError::TimedOut => text::reserve_nobody_knows().to_owned(),
        _ => explained.text,
    };
    view! { <Notice icon=Icon::Cloud title=explained.title text=text reference=explained.reference alert=true /> }
        .into_any()
}
