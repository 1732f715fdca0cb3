//! What to say when it did not work, and the doors out of it.

use api_contract::location::{Location, PickupWindows};
use api_contract::problem::{Problem, ProblemType};
use api_contract::reservation::Alternative;
use domain::basket::Fulfils;
use domain::id::LocationId;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::model::{self, Draft, Origin, Sending};
use super::terms::span;
use crate::api::ApiError;
use crate::browser::clock::after;
use crate::browser::{document, intl};
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::remote::Remote;
use crate::route::Route;
use crate::text;
use crate::words;

/// Times that are offered in place of one that is full.
const NEXT: usize = 3;

const PANEL: &str = "refused";

/// The panel above the button.
#[component]
pub(super) fn Refused(
    sending: RwSignal<Sending>,
    draft: RwSignal<Draft>,
    origin: Origin,
    location: Location,
    windows: RwSignal<Remote<PickupWindows>>,
    /// Asks for it at this shop, in one tap.
    send: Callback<LocationId>,
    /// Looks again what there is.
    again: Callback<()>,
    /// Leaves it to be sent when there is a network.
    later: Callback<()>,
) -> impl IntoView {
    // It stands below a form that may be taller than the screen.
    Effect::new(move |_| {
        if sending.with(|sending| matches!(sending, Sending::Refused(_))) {
            after(0, || document::show(PANEL));
        }
    });
    let panel = move || match sending.get() {
        Sending::Not | Sending::OnItsWay => ().into_any(),
        Sending::Refused(ApiError::Problem(problem)) if problem.is(ProblemType::InsufficientStock) => {
            taken(*problem, &origin, &location, send, again)
        }
        Sending::Refused(error) if error.is(ProblemType::PickupWindowFull) => {
            let location = location.clone();
            view! { <WindowFull draft location windows send /> }.into_any()
        }
        Sending::Refused(error) => {
            let (title, text, reference) = said(&error);
            if error.is_definite() {
                return view! { <Notice icon=Icon::Cloud title text reference alert=true /> }.into_any();
            }
            view! {
                <Notice icon=Icon::Cloud title text reference alert=true>
                    <button type="button" class="button" on:click=move |_| later.run(())>{text::queue_later()}</button>
                </Notice>
            }
            .into_any()
        }
    };
    view! { <div id=PANEL>{panel}</div> }
}

fn said(error: &ApiError) -> (String, String, Option<String>) {
    let own = |title: &str, text: &str| (title.to_owned(), text.to_owned(), None);
    if error.is(ProblemType::LimitReached) {
        return own(text::reserve_limit(), text::reserve_limit_advice());
    }
    if error.is(ProblemType::PickupUnavailable) {
        return own(text::reserve_no_pickup(), text::reserve_no_pickup_advice());
    }
    let explained = words::failure(error, words::What::Reserving);
    // Without an answer nobody knows: the key makes it safe to say "try again".
    let text = match error {
        ApiError::Offline | ApiError::TimedOut => text::reserve_nobody_knows().to_owned(),
        _ => explained.text,
    };
    (explained.title, text, explained.reference)
}

fn taken(
    problem: Problem,
    origin: &Origin,
    location: &Location,
    send: Callback<LocationId>,
    again: Callback<()>,
) -> AnyView {
    let left = problem.rows.iter().filter_map(|row| row.quantity).max().unwrap_or(0);
    let others: Vec<Alternative> = problem.alternatives.into_iter().filter(|a| a.fulfils == Fulfils::All).collect();
    let shop = &location.name;
    let (title, text) = match (origin, left) {
        (Origin::Basket(_), _) => (text::reserve_quicker().to_owned(), text::reserve_quicker_advice().to_owned()),
        (Origin::Product(_), 0) if others.is_empty() => {
            (text::reserve_quicker().to_owned(), text::reserve_last_taken(shop))
        }
        (Origin::Product(_), 0) => (text::reserve_quicker().to_owned(), text::reserve_last_taken_others(shop)),
        (Origin::Product(_), left) if others.is_empty() => {
            (text::reserve_only_left(left.into()), text::reserve_fewer(shop))
        }
        (Origin::Product(_), left) => (text::reserve_only_left(left.into()), text::reserve_fewer_others(shop)),
    };
    let country = location.address.address_country.clone();
    let buttons = others.into_iter().map(move |other| {
        let label = text::reserve_at_other(&other.name, &intl::distance(other.distance_m, &country));
        view! {
            <button type="button" class="button" on:click=move |_| send.run(other.location_id.clone())>
                {label}
            </button>
        }
    });
    let doors = match origin {
        Origin::Product(sku) => {
            let href = Route::Product(sku.clone()).path();
            view! { <a class="button button--quiet" href=href>{text::reserve_all_shops()}</a> }.into_any()
        }
        Origin::Basket(_) => view! {
            <button type="button" class="button" on:click=move |_| again.run(())>
                {text::reserve_what_is_left()}
            </button>
            <a class="button button--quiet" href=Route::Basket.path()>{text::reserve_other_shops()}</a>
        }
        .into_any(),
    };
    view! { <Notice icon=Icon::Box title text alert=true>{buttons.collect::<Vec<_>>()} {doors}</Notice> }.into_any()
}

/// The time that was wished filled up meanwhile: the next ones, each a tap away.
#[component]
fn WindowFull(
    draft: RwSignal<Draft>,
    location: Location,
    windows: RwSignal<Remote<PickupWindows>>,
    send: Callback<LocationId>,
) -> impl IntoView {
    let wished = untrack(move || draft.with(Draft::window));
    let (id, zone) = (location.id, location.timezone);
    let take = Callback::new(move |window: Option<Timestamp>| {
        draft.update(|draft| draft.window_chosen(window));
        send.run(id.clone());
    });
    let offered = move || {
        let next =
            windows.with(|w| w.ready().map(|w| model::next_windows(&w.windows, wished, NEXT)).unwrap_or_default());
        let button = |window: &api_contract::location::PickupWindow| {
            let (starts_at, label) = (window.starts_at, text::reserve_window_take(&span(window, &zone)));
            view! { <button type="button" class="button" on:click=move |_| take.run(Some(starts_at))>{label}</button> }
        };
        next.iter().map(button).collect::<Vec<_>>()
    };
    view! {
        <Notice
            icon=Icon::Ticket
            title=text::reserve_window_gone()
            text=text::reserve_window_gone_advice()
            alert=true
        >
            {offered}
            <button type="button" class="button button--quiet" on:click=move |_| take.run(None)>
                {text::reserve_window_none()}
            </button>
        </Notice>
    }
}
