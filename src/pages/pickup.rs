//! The pickup pass: what is shown at the desk.

use domain::id::ReservationId;
use domain::reservation::Status;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use api_contract::location::Location;
use api_contract::problem::ProblemType;
use api_contract::reservation::Reservation;

use crate::api::{self, ApiError};
use crate::browser::document::{self, close_dialog, open_dialog};
use crate::browser::intl;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::{FailureNotice, Notice};
use crate::components::opening::Opening;
use crate::components::picture::Picture;
use crate::components::qr_code::Qr;
use crate::components::said::Statement;
use crate::components::skeleton::SkeletonRows;
use crate::components::steps::Steps;
use crate::nearby;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::Route;
use crate::session::{SavedPickup, use_session};
use crate::text;
use crate::words;

/// A pickup pass. It opens with what the device knows, and asks the server what is new.
#[component]
pub fn PickupPage(
    /// Which.
    id: ReservationId,
) -> impl IntoView {
    let session = use_session();
    document::set_title(text::pickup_page_title());
    // A link carries its secret behind `#`, which no server sees; a device that has the pickup has it already.
    let from_link = document::fragment().strip_prefix("t=").map(str::to_owned);
    let known = session.pickup(&id);
    let token = from_link.or_else(|| known.as_ref().map(|p| p.token.clone()));
    let retry = RwSignal::new(0u32);
    let asked = {
        let (id, token) = (id.clone(), token.clone());
        fetch(FAILURE_SHOWS, move || {
            retry.track();
            let _ = session.online.get();
            let (id, token) = (id.clone(), token.clone());
            Some(async move {
                let token = token.ok_or_else(not_ours)?;
                let reservation = api::reservation(&id, &token).await?;
                let location = api::location(&reservation.location_id).await.ok();
                Ok((reservation, location, token))
            })
        })
    };
    Effect::new(move |_| {
        if let Remote::Ready((reservation, location, token)) = asked.get() {
            session.pickup_told(reservation, &token, location);
            document::clear_fragment();
        }
    });
    let saved = {
        let id = id.clone();
        Memo::new(move |_| session.pickup(&id))
    };
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    view! {
        <header class="top top--row">
            <h1 class="page-title">{text::pickup_title()}</h1>
        </header>
        {move || match (saved.get(), asked.get()) {
            (Some(pickup), asked) => {
                let old = matches!(asked, Remote::Failed(_)).then(|| intl::date_time(pickup.as_of, None));
                view! { <Pass pickup old /> }.into_any()
            }
            (None, Remote::Failed(error)) if error.is(ProblemType::NotFound) => view! {
                <Notice
                    icon=Icon::Ticket
                    title=text::pickup_not_here()
                    text=text::pickup_not_here_advice()
                >
                    <a class="button" href=Route::Start.path()>{text::pickup_find()}</a>
                </Notice>
            }
            .into_any(),
            (None, Remote::Failed(error)) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Pickup) retry=again /> }.into_any()
            }
            (None, _) => view! { <SkeletonRows count=4 label=text::pickup_loading() /> }.into_any(),
        }}
    }
}

fn not_ours() -> ApiError {
    ApiError::Problem(Box::new(api_contract::problem::Problem::new(ProblemType::NotFound, "")))
}

/// The ticket itself.
#[component]
fn Pass(
    pickup: SavedPickup,
    /// Where the server could not be asked: when it last said so.
    old: Option<String>,
) -> impl IntoView {
    let session = use_session();
    let reservation = pickup.reservation.clone();
    let expires = reservation.hold_expires_at;
    let stored = reservation.status;
    let minute = session.clock.by_minute();
    let status = Memo::new(move |_| stored.at(minute.get(), expires));
    let zone = pickup.location.as_ref().map(|l| l.timezone.clone());
    let left = move || match status.get() {
        s if s.is_active() => text::pickup_held_for(&words::time_left(expires.since(minute.get()))),
        _ => String::new(),
    };
    let code = reservation.code.clone();
    let ready_by = reservation.ready_by.map(|at| intl::date_time(at, zone.as_deref()));
    view! {
        {old.map(|at| view! { <p class="hint" role="status">{text::pickup_old(&at)}</p> })}
        <article class="pass">
            <div class="pass__state">
                <Statement said=Signal::derive(move || words::status(status.get())) />
                <span class="pass__left">{left}</span>
            </div>
            <Steps current=Signal::derive(move || step(status.get())) />
            {goods(&reservation)}
            {move || {
                (status.get() == Status::Held)
                    .then(|| ready_by.clone())
                    .flatten()
                    .map(|at| view! { <p class="pass__ready">{text::pickup_ready_by(&at)}</p> })
            }}
            <div class="pass__tear" aria-hidden="true"></div>
            <Show when=move || status.get().is_active() fallback=move || view! { <Over status=status.get() /> }>
                <div class="pass__code">
                    <Qr text=code.clone() label=text::pickup_qr() />
                    <p class="code">{code.clone()}</p>
                    <p class="hint">{text::pickup_show()}</p>
                </div>
            </Show>
        </article>
        {pickup.location.clone().map(|location| view! { <Where location /> })}
        <Cancel pickup status />
    }
}

/// How far the pickup has come; `None` where it ended otherwise.
fn step(status: Status) -> Option<usize> {
    match status {
        Status::Held | Status::Accepted => Some(0),
        Status::Picking => Some(1),
        Status::Ready => Some(2),
        Status::Collected | Status::PartiallyCollected | Status::Returned => Some(3),
        _ => None,
    }
}

fn goods(reservation: &Reservation) -> impl IntoView + use<> {
    reservation
        .items
        .iter()
        .map(|item| {
            let price = item.price.map(intl::money);
            let line = [
                item.variant.clone(),
                Some(match price {
                    Some(price) => format!("{} × {price}", item.quantity),
                    None => format!("{} ×", item.quantity),
                }),
                Some(text::pickup_pay().to_owned()),
            ];
            view! {
                <div class="pass__item">
                    <Picture image=item.image.as_deref().map(api::url) category=String::new() />
                    <span>
                        <b class="pass__title">{item.title.clone()}</b>
                        <span class="pass__line">{line.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</span>
                    </span>
                </div>
            }
        })
        .collect_view()
}

/// What to say in place of the code when there is nothing more to collect.
#[component]
fn Over(status: Status) -> impl IntoView {
    let text = match status {
        Status::Cancelled => text::pickup_cancelled(),
        Status::Expired => text::pickup_expired(),
        Status::Collected | Status::PartiallyCollected => text::pickup_collected(),
        _ => text::pickup_over(),
    };
    view! {
        <div class="pass__over">
            <p>{text}</p>
            <a class="button button--quiet" href=Route::Start.path()>{text::pickup_find()}</a>
        </div>
    }
}

/// The shop and the way there.
#[component]
fn Where(location: Location) -> impl IntoView {
    let minute = use_session().clock.by_minute();
    let address = nearby::address_line(&location);
    let phone = location.phone.clone();
    let (name, href) = (location.name.clone(), Route::Store(location.id.clone()).path());
    view! {
        <section class="where" aria-label=text::pickup_shop()>
            <div class="where__head">
                <h2 class="section-title">{name}</h2>
                <a class="link-button" href=href>{text::pickup_hours_and_directions()}</a>
            </div>
            <p>{address}</p>
            <p><Opening words=Signal::derive(move || nearby::opening(&location, minute.get())) /></p>
            {phone.map(|p| {
                let href = format!("tel:{}", p.replace(' ', ""));
                view! { <p><a href=href rel="external">{p}</a></p> }
            })}
        </section>
    }
}

/// Giving it back, after a question.
#[component]
fn Cancel(pickup: SavedPickup, status: Memo<Status>) -> impl IntoView {
    let session = use_session();
    let dialog = NodeRef::<Dialog>::new();
    let (working, set_working) = signal(false);
    let (failure, set_failure) = signal(None::<ApiError>);
    let can = move || status.get().after(domain::reservation::Action::Cancel).is_ok() && status.get().is_active();
    let give_back = move |_| {
        let pickup = pickup.clone();
        set_working.set(true);
        set_failure.set(None);
        spawn_local(async move {
            let id = &pickup.reservation.id;
            let outcome = api::cancel(id, &pickup.token).await;
            // The screen may be gone by now; the answer is kept all the same.
            let _ = set_working.try_set(false);
            match outcome {
                Ok(reservation) => {
                    if let Some(dialog) = dialog.try_get_untracked().flatten() {
                        close_dialog(&dialog);
                    }
                    session.pickup_told(reservation, &pickup.token, None);
                }
                Err(error) => {
                    let _ = set_failure.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <Show when=can>
            <button
                type="button"
                class="button button--quiet button--wide"
                on:click=move |_| {
                    if let Some(dialog) = dialog.get_untracked() {
                        open_dialog(&dialog);
                    }
                }
            >
                {text::pickup_cancel()}
            </button>
        </Show>
        <dialog class="sheet" node_ref=dialog aria-labelledby="cancel-title">
            <div class="sheet__head">
                <h2 id="cancel-title">{text::pickup_cancel_title()}</h2>
            </div>
            <p>{text::pickup_cancel_text()}</p>
            {move || failure.get().map(|error| {
                let explained = words::failure(&error, words::What::GivingBack);
                view! { <p class="hint hint--problem" role="alert">{explained.line()}</p> }
            })}
            <div class="sheet__actions">
                <button
                    type="button"
                    class="button button--danger"
                    prop:disabled=move || working.get()
                    on:click=give_back.clone()
                >
                    {move || if working.get() { text::pickup_cancelling() } else { text::pickup_cancel_yes() }}
                </button>
                <button
                    type="button"
                    class="button button--quiet"
                    on:click=move |_| {
                        if let Some(dialog) = dialog.get_untracked() {
                            close_dialog(&dialog);
                        }
                    }
                >
                    <Sign icon=Icon::Back />
                    {text::pickup_cancel_no()}
                </button>
            </div>
        </dialog>
    }
}
