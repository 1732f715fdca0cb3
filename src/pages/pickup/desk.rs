//! What the owner does with a pass: one question at a time, each with its answer.

use api_contract::reservation::{ArrivalRequest, Phase};
use domain::id::Sku;
use domain::reservation::Handover;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::elsewhere::Elsewhere;
use super::model::{self, Ask, Asking, Kind, Message};
use crate::api;
use crate::browser::document::{close_dialog, open_dialog};
use crate::browser::intl;
use crate::components::field::TextField;
use crate::components::icon::{Icon, Sign};
use crate::nearby;
use crate::session::{SavedPickup, Session, use_session};
use crate::text;
use crate::words;

/// What is asked before something is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sheet {
    Cancel,
    Release(Sku, String),
    Collector,
    Move,
    Here,
}

/// The pass and what is being asked about it.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) pickup: Memo<SavedPickup>,
    pub(super) asking: RwSignal<Asking>,
    sheet: RwSignal<Option<Sheet>>,
    dialog: NodeRef<Dialog>,
    session: Session,
    /// Asks how the reservation stands.
    again: Callback<()>,
}

impl Desk {
    pub(super) fn new(pickup: Memo<SavedPickup>, again: Callback<()>) -> Self {
        Self {
            pickup,
            asking: RwSignal::new(Asking::Nothing),
            sheet: RwSignal::new(None),
            dialog: NodeRef::new(),
            session: use_session(),
            again,
        }
    }

    pub(super) fn open(self, sheet: Sheet) {
        if !self.asking.with_untracked(Asking::is_on_its_way) {
            self.asking.set(Asking::Nothing);
        }
        self.sheet.set(Some(sheet));
        if let Some(dialog) = self.dialog.get_untracked() {
            open_dialog(&dialog);
        }
    }

    /// The screen may be gone by now.
    fn close(self) {
        if let Some(dialog) = self.dialog.try_get_untracked().flatten() {
            close_dialog(&dialog);
        }
    }

    pub(super) fn ask(self, ask: Ask) {
        if self.asking.with_untracked(Asking::is_on_its_way) {
            return;
        }
        let kind = ask.kind();
        self.asking.set(Asking::OnItsWay(kind));
        let pickup = self.pickup.get_untracked();
        spawn_local(async move {
            let id = &pickup.reservation.id;
            let outcome = match ask.message() {
                Message::Change(change) => api::change(id, &pickup.token, &change).await,
                Message::Arrival(arrival) => api::arrive(id, &pickup.token, &arrival).await,
            };
            match outcome {
                Ok(reservation) => {
                    let location = if let Ask::Move(location) = ask { Some(*location) } else { None };
                    self.session.pickup_told(reservation, &pickup.token, location);
                    let _ = self.asking.try_set(Asking::Done(kind));
                    self.close();
                    // An answer that was on its way meanwhile is older than this one.
                    self.again.run(());
                }
                Err(error) => {
                    let unsure = !error.is_definite();
                    let _ = self.asking.try_set(Asking::Refused(kind, error));
                    if unsure {
                        self.again.run(());
                    }
                }
            }
        });
    }
}

/// What came of the last question. Where a sheet is open it is said in there.
#[component]
pub(super) fn Told(desk: Desk) -> impl IntoView {
    let said = move || match desk.asking.get() {
        Asking::OnItsWay(kind) => model::pending(kind).to_owned(),
        Asking::Done(kind) => {
            let pickup = desk.pickup.get();
            let zone = pickup.location.as_ref().map(|l| l.timezone.clone());
            let until = intl::date_time(pickup.reservation.hold_expires_at, zone.as_deref());
            let shop = pickup.location.as_ref().map(|l| nearby::own_name(l).to_owned()).unwrap_or_default();
            model::done(kind, &pickup.reservation, &until, &shop)
        }
        Asking::Nothing | Asking::Refused(..) => String::new(),
    };
    view! {
        <p class="pass__told" role="status">{move || desk.sheet.with(Option::is_none).then(said)}</p>
        {move || desk.sheet.with(Option::is_none).then(|| view! { <Refused desk /> })}
    }
}

#[component]
fn Refused(desk: Desk) -> impl IntoView {
    move || match desk.asking.get() {
        Asking::Refused(kind, error) => {
            let said = model::refusal(kind, &error).map_or_else(
                || {
                    let explained = words::failure(&error, words::What::Change);
                    [explained.title, explained.text].join(". ")
                },
                str::to_owned,
            );
            view! { <p class="hint hint--problem" role="alert">{said}</p> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// A button that does it at once and says so while it is asked.
#[component]
pub(super) fn AskButton(
    desk: Desk,
    /// What is asked for.
    ask: Ask,
    label: &'static str,
    #[prop(optional)] class: Option<&'static str>,
) -> impl IntoView {
    let kind = ask.kind();
    view! {
        <button
            type="button"
            class=class.unwrap_or("button button--quiet")
            prop:disabled=move || desk.asking.with(Asking::is_on_its_way)
            on:click=move |_| desk.ask(ask.clone())
        >
            {move || if desk.asking.with(|a| a.awaits(kind)) { model::pending(kind) } else { label }}
        </button>
    }
}

/// The sheet for what is asked before it is done.
#[component]
pub(super) fn Sheets(desk: Desk) -> impl IntoView {
    let title = move || match desk.sheet.get() {
        Some(Sheet::Release(_, title)) => text::pickup_release_title(&title),
        Some(Sheet::Collector) => text::pickup_collector_title().to_owned(),
        Some(Sheet::Move) => text::pickup_move_title().to_owned(),
        Some(Sheet::Here) => text::pickup_here_title().to_owned(),
        Some(Sheet::Cancel) | None => text::pickup_cancel_title().to_owned(),
    };
    view! {
        <dialog class="sheet" node_ref=desk.dialog aria-labelledby="sheet-title" on:close=move |_| desk.sheet.set(None)>
            <div class="sheet__head">
                <h2 id="sheet-title">{title}</h2>
            </div>
            {move || match desk.sheet.get() {
                None => ().into_any(),
                Some(Sheet::Cancel) => sure(desk, text::pickup_cancel_text(), Ask::Cancel),
                Some(Sheet::Release(sku, _)) => sure(desk, text::pickup_cancel_text(), Ask::Release(sku)),
                Some(Sheet::Collector) => view! { <Collector desk /> }.into_any(),
                Some(Sheet::Move) => view! { <Elsewhere desk /> }.into_any(),
                Some(Sheet::Here) => view! { <Here desk /> }.into_any(),
            }}
            {move || desk.sheet.with(Option::is_some).then(|| view! { <Refused desk /> })}
            <div class="sheet__actions">
                <button type="button" class="button button--quiet" on:click=move |_| desk.close()>
                    <Sign icon=Icon::Back />
                    {move || match desk.sheet.get() {
                        Some(Sheet::Collector | Sheet::Move | Sheet::Here) => text::pickup_sheet_close(),
                        _ => text::pickup_cancel_no(),
                    }}
                </button>
            </div>
        </dialog>
    }
}

fn sure(desk: Desk, says: &'static str, ask: Ask) -> AnyView {
    view! {
        <p>{says}</p>
        <div class="sheet__actions">
            <AskButton desk ask label=text::pickup_cancel_yes() class="button button--danger" />
        </div>
    }
    .into_any()
}

#[component]
fn Collector(desk: Desk) -> impl IntoView {
    let (typed, set_typed) = signal(String::new());
    let (problem, set_problem) = signal(None::<&'static str>);
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        match model::collector(&typed.get_untracked()) {
            Ok(name) => desk.ask(Ask::Collector(name)),
            Err(wrong) => set_problem.set(Some(words::contact_problem(wrong))),
        }
    };
    view! {
        <form novalidate on:submit=submit>
            <p>{text::pickup_collector_text()}</p>
            <TextField
                id="collector"
                label=text::pickup_collector_field()
                kind="text"
                autocomplete="off"
                value=typed
                problem
                on_input=Callback::new(move |text| {
                    set_typed.set(text);
                    set_problem.set(None);
                })
            />
            <button type="submit" class="button button--wide" prop:disabled=move || desk.asking.with(Asking::is_on_its_way)>
                {move || {
                    if desk.asking.with(|a| a.awaits(Kind::Collector)) {
                        model::pending(Kind::Collector)
                    } else {
                        text::pickup_collector_yes()
                    }
                }}
            </button>
        </form>
    }
}

/// Where the shopper stands, for who brings it out.
#[component]
fn Here(desk: Desk) -> impl IntoView {
    let (bay, set_bay) = signal(String::new());
    let (vehicle, set_vehicle) = signal(String::new());
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let (bay, vehicle) = (given(bay.get_untracked()), given(vehicle.get_untracked()));
        desk.ask(Ask::Arrival(ArrivalRequest { phase: Phase::Arrived, bay, vehicle }));
    };
    view! {
        <form novalidate on:submit=submit>
            <p>{text::pickup_here_text()}</p>
            <TextField
                id="bay"
                label=text::pickup_here_bay()
                kind="text"
                autocomplete="off"
                value=bay
                problem=Signal::stored(None)
                on_input=Callback::new(move |text| set_bay.set(text))
            />
            <TextField
                id="vehicle"
                label=text::pickup_here_vehicle()
                kind="text"
                autocomplete="off"
                value=vehicle
                problem=Signal::stored(None)
                on_input=Callback::new(move |text| set_vehicle.set(text))
            />
            <button type="submit" class="button button--wide" prop:disabled=move || desk.asking.with(Asking::is_on_its_way)>
                {move || {
                    if desk.asking.with(|a| a.awaits(Kind::Here)) { model::pending(Kind::Here) } else { text::pickup_here() }
                }}
            </button>
        </form>
    }
}

/// Saying that one is there; at the kerb somebody has to find the car.
#[component]
pub(super) fn HereButton(desk: Desk) -> impl IntoView {
    let curbside = desk.pickup.get_untracked().reservation.method == Handover::Curbside;
    if curbside {
        let open = move |_| desk.open(Sheet::Here);
        return view! { <button type="button" class="button button--wide" on:click=open>{text::pickup_here()}</button> }
            .into_any();
    }
    let ask = Ask::Arrival(ArrivalRequest { phase: Phase::Arrived, bay: None, vehicle: None });
    view! { <AskButton desk ask label=text::pickup_here() class="button button--wide" /> }.into_any()
}
