//! Saying where one is: by the device, after a tap, or by a shop, town or postcode.

mod device;
mod results;

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::browser::boot;
use crate::browser::clock::sleep;
use crate::browser::document::{close_dialog, open_dialog};
use crate::components::icon::{Icon, Sign};
use crate::components::notice::FailureNotice;
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::lasting::{Lasting, lasting};
use crate::places;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::session::use_session;
use crate::text;
use crate::words;
use device::{Asking, UseDevice};
use results::Chosen;

/// Opens and closes the sheet from anywhere.
#[derive(Clone, Copy)]
pub struct Chooser(Lasting<RwSignal<bool>>);

/// The sheet of the app.
///
/// # Panics
/// Outside of `<App/>`, which provides it.
#[must_use]
pub fn use_chooser() -> Chooser {
    expect_context()
}

impl Chooser {
    /// A closed sheet.
    #[must_use]
    pub fn new() -> Self {
        Self(lasting(false))
    }

    /// Shows the sheet.
    pub fn open(self) {
        self.0.set(true);
    }
}

impl Default for Chooser {
    fn default() -> Self {
        Self::new()
    }
}

/// The part of the program that has what is in the sheet, which nobody sees before they ask for it.
const PART: u32 = 1;

/// The sheet. What is in it comes when it is opened first.
#[component]
pub fn PlaceSheet() -> impl IntoView {
    let Chooser(open) = use_chooser();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() { open_dialog(&dialog) } else { close_dialog(&dialog) }
    });

    let asked = Memo::new(move |before: Option<&bool>| before == Some(&true) || open.get());
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let arrived = fetch(FAILURE_SHOWS, move || {
        retry.track();
        asked.get().then_some(async { boot::part(PART).await.map_err(|_| ApiError::Offline) })
    });

    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="sheet-title" on:close=move |_| open.set(false)>
            <div class="sheet__head">
                <h2 id="sheet-title">{text::place_title()}</h2>
                <button type="button" class="icon-button" aria-label=text::close() on:click=move |_| open.set(false)>
                    <Sign icon=Icon::Close />
                </button>
            </div>
            {move || match arrived.get() {
                Remote::Idle => ().into_any(),
                Remote::Loading => view! { <SkeletonRows count=3 label=text::app_loading() /> }.into_any(),
                Remote::Ready(()) => ways(open),
                Remote::Failed(error) => {
                    view! { <FailureNotice explained=words::failure(&error, words::What::Screen) retry=again /> }.into_any()
                }
            }}
        </dialog>
    }
}

// A function of its own, whose views the start of the program has not to bring along.
#[inline(never)]
fn ways(open: Lasting<RwSignal<bool>>) -> AnyView {
    view! { <Ways open /> }.into_any()
}

/// The ways to say where one is.
#[component]
fn Ways(open: Lasting<RwSignal<bool>>) -> impl IntoView {
    let session = use_session();
    let (words_typed, set_words) = signal(String::new());
    let asking = Asking::new();

    let near = move || session.place().map(|place| place.position);
    let found = fetch(FAILURE_SHOWS, move || {
        let words = words_typed.get().trim().to_owned();
        (!words.is_empty()).then_some(async move {
            // A later key stroke drops this future before anything is sent.
            if !places::is_ready() {
                sleep(120).await;
            }
            results::find(session, &words, untrack(near)).await
        })
    });

    let choose = Callback::new(move |chosen: Chosen| {
        match chosen {
            Chosen::Shop(location) => session.store_chosen(&location),
            Chosen::Place(place) => session.place_named(place.label, place.geo),
        }
        set_words.set(String::new());
        open.set(false);
        asking.drop_it();
    });

    view! {
        <UseDevice asking located=Callback::new(move |()| open.set(false)) />
        <SearchBox
            label=text::place_search()
            value=words_typed
            on_input=Callback::new(move |text| set_words.set(text))
        />
        <div class="sheet__results" aria-live="polite">
            {move || results::view(&words_typed.get(), found.get(), choose)}
        </div>
    }
}
