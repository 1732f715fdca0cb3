//! The pickup pass: what is shown at the desk.

mod calendar;
mod desk;
mod elsewhere;
mod model;
mod shared;

use domain::id::ReservationId;
use domain::reservation::{Handover, Status};
use leptos::prelude::*;

use api_contract::location::Location;
use api_contract::problem::ProblemType;
use api_contract::reservation::{ArrivalRequest, Phase, ReservedItem};

use crate::api::{self, ApiError};
use crate::browser::clock::after;
use crate::browser::{directions, document, intl, presence, wake_lock};
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
use desk::{AskButton, Desk, HereButton, Sheet, Sheets, Told};
use model::{Ask, Asking, Kind};
use shared::TakeAlong;

/// How often the server is asked how a pickup stands that somebody looks at.
const ASK_MS: u32 = 20_000;

/// What the screen shows.
#[derive(Clone, PartialEq)]
enum Shown {
    Pass,
    Loading,
    NotHere,
    Failed(ApiError),
}

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
    let again = Callback::new(move |()| {
        let _ = retry.try_update(|n| *n = n.wrapping_add(1));
    });
    let asked = {
        let (id, token) = (id.clone(), token.clone());
        fetch(FAILURE_SHOWS, move || {
            retry.track();
            let _ = session.online.get();
            let (id, token) = (id.clone(), token.clone());
            Some(async move {
                let token = token.ok_or_else(not_ours)?;
                let reservation = api::reservation(&id, &token).await?;
                // The shop rarely changes: what is known of it does.
                let known = untrack(|| session.pickup(&id)).and_then(|pickup| pickup.location);
                let location = match known.filter(|location| location.id == reservation.location_id) {
                    Some(location) => Some(location),
                    None => api::location(&reservation.location_id).await.ok(),
                };
                Ok((reservation, location, token))
            })
        })
    };
    let saved = Memo::new(move |_| session.pickup(&id));
    Effect::new(move |_| {
        if let Remote::Ready((reservation, location, token)) = asked.get() {
            session.pickup_told(reservation, &token, location);
            document::clear_fragment();
        }
    });
    Effect::new(move |_| {
        let answered = asked.with(|asked| matches!(asked, Remote::Ready(_) | Remote::Failed(_)));
        if answered && saved.with(|saved| saved.as_ref().is_some_and(|pickup| pickup.reservation.status.is_active())) {
            after(ASK_MS, move || {
                if presence::is_here() {
                    again.run(());
                }
            });
        }
    });
    // A device that was put away asks when it is looked at again.
    let back = window_event_listener_untyped("visibilitychange", move |_| {
        if presence::is_here() {
            again.run(());
        }
    });
    on_cleanup(move || back.remove());
    let shown = Memo::new(move |_| match (saved.with(Option::is_some), asked.get()) {
        (true, _) => Shown::Pass,
        (false, Remote::Failed(error)) if error.is(ProblemType::NotFound) => Shown::NotHere,
        (false, Remote::Failed(error)) => Shown::Failed(error),
        (false, _) => Shown::Loading,
    });
    // While it is asked again the last failure still stands.
    let old = Memo::new(move |before: Option<&Option<String>>| match asked.get() {
        Remote::Ready(_) => None,
        Remote::Failed(_) => saved.with(|saved| saved.as_ref().map(|pickup| intl::date_time(pickup.as_of, None))),
        Remote::Idle | Remote::Loading => before.cloned().flatten(),
    });
    view! {
        <header class="top top--row">
            <h1 class="page-title">{text::pickup_title()}</h1>
        </header>
        {move || match shown.get() {
            Shown::Pass => {
                untrack(move || saved.get())
                    .map(|first| {
                        let pickup = Memo::new(move |_| saved.get().unwrap_or_else(|| first.clone()));
                        view! { <Pass pickup old again /> }
                    })
                    .into_any()
            }
            Shown::NotHere => view! {
                <Notice icon=Icon::Ticket title=text::pickup_not_here() text=text::pickup_not_here_advice()>
                    <a class="button" href=Route::Start.path()>{text::pickup_find()}</a>
                </Notice>
            }
            .into_any(),
            Shown::Failed(error) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Pickup) retry=again /> }.into_any()
            }
            Shown::Loading => view! { <SkeletonRows count=4 label=text::pickup_loading() /> }.into_any(),
        }}
    }
}

fn not_ours() -> ApiError {
    ApiError::Problem(Box::new(api_contract::problem::Problem::new(ProblemType::NotFound, "")))
}

/// The ticket itself.
#[component]
fn Pass(
    pickup: Memo<SavedPickup>,
    /// Where the server could not be asked: when it last said so.
    old: Memo<Option<String>>,
    /// Asks how it stands.
    again: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let desk = Desk::new(pickup, again);
    let minute = session.clock.by_minute();
    let status =
        Memo::new(move |_| pickup.with(|p| p.reservation.status.at(minute.get(), p.reservation.hold_expires_at)));
    let active = Memo::new(move |_| status.get().is_active());
    // Whoever holds the pass out to be scanned must not be left with a dark screen.
    Effect::new(move |_| {
        if active.get() {
            wake_lock::keep_on();
        }
    });
    let left = move || {
        let expires = pickup.with(|p| p.reservation.hold_expires_at);
        active.get().then(|| text::pickup_held_for(&words::time_left(expires.since(minute.get()))))
    };
    let in_zone = move |at| pickup.with(|p| intl::date_time(at, p.location.as_ref().map(|l| l.timezone.as_str())));
    let agreed = move || {
        let (from, until) = pickup.with(|p| p.reservation.pickup_from.zip(p.reservation.pickup_until))?;
        let until = pickup.with(|p| intl::time(until, p.location.as_ref().map(|l| l.timezone.as_str())));
        Some(text::pickup_agreed(&in_zone(from), &until))
    };
    let ready = move || {
        let at = pickup.with(|p| p.reservation.ready_by).filter(|_| status.get() == Status::Held)?;
        Some(text::pickup_ready_by(&in_zone(at)))
    };
    // What did not change is not drawn anew with each answer: a focus would be lost with it.
    let items = Memo::new(move |_| {
        pickup.with(|p| (p.reservation.items.clone(), model::offers(&p.reservation, status.get()).release))
    });
    let location = Memo::new(move |_| pickup.with(|p| p.location.clone()));
    let code = Memo::new(move |_| pickup.with(|p| p.reservation.code.clone()));
    let at_kerb = Memo::new(move |_| pickup.with(|p| p.reservation.method == Handover::Curbside));
    view! {
        {move || old.get().map(|at| view! { <p class="hint" role="status">{text::pickup_old(&at)}</p> })}
        <article class="pass">
            <div class="pass__state">
                <Statement said=Signal::derive(move || words::status(status.get())) />
                <span class="pass__left">{left}</span>
            </div>
            <Steps current=Signal::derive(move || step(status.get())) />
            {move || goods(desk, items.get())}
            {move || active.get().then(|| view! {
                <p class="pass__line">{text::pickup_for(&pickup.with(|p| p.reservation.collector.clone()))}</p>
                {agreed().map(|said| view! { <p class="pass__ready">{said}</p> })}
                {ready().map(|said| view! { <p class="pass__ready">{said}</p> })}
            })}
            <div class="pass__tear" aria-hidden="true"></div>
            <Show when=move || active.get() fallback=move || view! { <Over status=status.get() /> }>
                <div class="pass__code">
                    {move || view! { <Qr text=code.get() label=text::pickup_qr() /> }}
                    <p class="code">{code}</p>
                    <p class="hint">
                        {move || if at_kerb.get() { text::pickup_show_kerb() } else { text::pickup_show() }}
                    </p>
                </div>
            </Show>
        </article>
        <Told desk />
        <Coming desk status />
        {move || location.get().map(|location| view! { <Where location /> })}
        <Show when=move || active.get()>
            <TakeAlong pickup />
        </Show>
        <Changes desk status />
        <Sheets desk />
    }
}

/// "On my way" and "here".
#[component]
fn Coming(desk: Desk, status: Memo<Status>) -> impl IntoView {
    let pickup = desk.pickup;
    let offers = Memo::new(move |_| pickup.with(|p| model::offers(&p.reservation, status.get())));
    let said = move || {
        // It was said just now, as what came of it.
        if matches!(desk.asking.get(), Asking::Done(Kind::OnTheWay | Kind::Here)) {
            return None;
        }
        let arrival = pickup.with(|p| p.reservation.arrival.clone()).filter(|_| status.get().is_active())?;
        Some(match arrival.phase {
            Phase::OnTheWay => text::pickup_said_on_the_way(),
            Phase::Arrived => text::pickup_said_here(),
        })
    };
    let on_the_way = Ask::Arrival(ArrivalRequest { phase: Phase::OnTheWay, bay: None, vehicle: None });
    view! {
        {move || said().map(|said| view! { <p class="hint">{said}</p> })}
        <div class="pass__pair">
            <Show when=move || offers.get().on_the_way>
                <AskButton desk ask=on_the_way.clone() label=text::pickup_on_the_way() />
            </Show>
            <Show when=move || offers.get().here>
                <HereButton desk />
            </Show>
        </div>
    }
}

/// What can still be changed, and why something cannot.
#[component]
fn Changes(desk: Desk, status: Memo<Status>) -> impl IntoView {
    let pickup = desk.pickup;
    let offers = Memo::new(move |_| pickup.with(|p| model::offers(&p.reservation, status.get())));
    let not_offered = Memo::new(move |_| pickup.with(|p| model::not_offered(&p.reservation, status.get())));
    let opener = move |sheet: Sheet, label: &'static str| {
        view! {
            <button type="button" class="button button--quiet button--wide" on:click=move |_| desk.open(sheet.clone())>
                {label}
            </button>
        }
        .into_any()
    };
    view! {
        <section class="pass__changes" aria-label=text::pickup_changes()>
            <Show when=move || offers.get().extend>
                <AskButton desk ask=Ask::Extend label=text::pickup_extend() class="button button--quiet button--wide" />
            </Show>
            <Show when=move || offers.get().collector>{opener(Sheet::Collector, text::pickup_collector())}</Show>
            <Show when=move || offers.get().shop>{opener(Sheet::Move, text::pickup_move())}</Show>
            {move || not_offered.get().into_iter().map(|said| view! { <p class="hint">{said}</p> }).collect_view()}
            <Show when=move || offers.get().cancel>{opener(Sheet::Cancel, text::pickup_cancel())}</Show>
        </section>
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

/// The goods; each with a button where one of them can be given back alone.
fn goods(desk: Desk, (items, release): (Vec<ReservedItem>, bool)) -> impl IntoView + use<> {
    items
        .into_iter()
        .map(|item| {
            let units = match item.price.map(intl::money) {
                Some(price) => format!("{} × {price}", item.quantity),
                None => format!("{} ×", item.quantity),
            };
            let gone = (item.rejected > 0).then(|| text::pickup_not_given(item.rejected.into()));
            let line = [item.variant, Some(units), Some(text::pickup_pay().to_owned()), gone];
            let open = release && item.quantity > item.collected + item.rejected;
            let (sku, title) = (item.sku, item.title);
            let label = text::pickup_release(&title);
            let sheet = Sheet::Release(sku, title.clone());
            view! {
                <div class="pass__item">
                    <Picture image=item.image.as_deref().map(api::url) category=String::new() />
                    <span>
                        <b class="pass__title">{title}</b>
                        <span class="pass__line">{line.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</span>
                    </span>
                    {open.then(|| view! {
                        <button type="button" class="icon-button" aria-label=label on:click=move |_| desk.open(sheet.clone())>
                            <Sign icon=Icon::Close />
                        </button>
                    })}
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
    let there = directions::to(location.geo, &location.name);
    let (name, href) = (location.name.clone(), Route::Store(location.id.clone()).path());
    view! {
        <section class="where" aria-label=text::pickup_shop()>
            <div class="where__head">
                <h2 class="section-title">{name}</h2>
                <a class="link-button" href=there target="_blank" rel="external noopener noreferrer">
                    {text::pickup_directions()}
                </a>
            </div>
            <p>{address}</p>
            <p><Opening words=Signal::derive(move || nearby::opening(&location, minute.get())) /></p>
            <p><a class="link-button" href=href>{text::pickup_hours()}</a></p>
            {phone.map(|p| {
                let href = format!("tel:{}", p.replace(' ', ""));
                view! { <p><a href=href rel="external">{p}</a></p> }
            })}
        </section>
    }
}
