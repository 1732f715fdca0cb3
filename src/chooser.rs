//! Saying where one is: by the device, after a tap, or by a shop, town or postcode.

mod device;
mod results;

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::browser::clock::sleep;
use crate::browser::document::{close_dialog, open_dialog};
use crate::components::icon::{Icon, Sign};
use crate::components::search_box::SearchBox;
use crate::lasting::{Lasting, lasting};
use crate::places;
use crate::remote::{FAILURE_SHOWS, fetch};
use crate::session::use_session;
use crate::text;
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

/// The sheet.
#[component]
pub fn PlaceSheet() -> impl IntoView {
    let session = use_session();
    let Chooser(open) = use_chooser();
    let dialog = NodeRef::<Dialog>::new();
    let (words_typed, set_words) = signal(String::new());
    let asking = Asking::new();

    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() { open_dialog(&dialog) } else { close_dialog(&dialog) }
    });

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
        <dialog class="sheet" node_ref=dialog aria-labelledby="sheet-title" on:close=move |_| open.set(false)>
            <div class="sheet__head">
                <h2 id="sheet-title">{text::place_title()}</h2>
                <button type="button" class="icon-button" aria-label=text::close() on:click=move |_| open.set(false)>
                    <Sign icon=Icon::Close />
                </button>
            </div>
            <UseDevice asking located=Callback::new(move |()| open.set(false)) />
            <SearchBox
                label=text::place_search()
                value=words_typed
                on_input=Callback::new(move |text| set_words.set(text))
            />
            <div class="sheet__results" aria-live="polite">
                {move || results::view(&words_typed.get(), found.get(), choose)}
            </div>
        </dialog>
    }
}
