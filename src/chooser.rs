//! Saying where one is: by the device, after a tap, or by a shop, town or postcode.

mod device;

use api_contract::PageRequest;
use api_contract::location::{Location, LocationSearch};
use leptos::html::Dialog;
use leptos::prelude::*;

use crate::api;
use crate::browser::clock::sleep;
use crate::browser::document::{close_dialog, open_dialog};
use crate::components::icon::{Icon, Sign};
use crate::components::search_box::SearchBox;
use crate::nearby::address_line;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::session::use_session;
use crate::words;
use device::{Asking, UseDevice};

/// Opens and closes the sheet from anywhere.
#[derive(Clone, Copy)]
pub struct Chooser(RwSignal<bool>);

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
        Self(RwSignal::new(false))
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

    let found = fetch(FAILURE_SHOWS, move || {
        let words = words_typed.get().trim().to_owned();
        (!words.is_empty()).then_some(async move {
            // A later key stroke drops this future before anything is sent.
            sleep(120).await;
            let search = LocationSearch {
                query: Some(words),
                pagination: Some(PageRequest { cursor: None, limit: Some(8) }),
                ..LocationSearch::default()
            };
            api::search_locations(&search).await.map(|page| page.locations)
        })
    });

    let choose = Callback::new(move |location: Location| {
        session.store_chosen(&location);
        set_words.set(String::new());
        open.set(false);
        asking.drop_it();
    });

    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="sheet-title" on:close=move |_| open.set(false)>
            <div class="sheet__head">
                <h2 id="sheet-title">"Where are you?"</h2>
                <button type="button" class="icon-button" aria-label="Close" on:click=move |_| open.set(false)>
                    <Sign icon=Icon::Close />
                </button>
            </div>
            <UseDevice asking located=Callback::new(move |()| open.set(false)) />
            <SearchBox
                label="City, postcode or shop"
                value=words_typed
                on_input=Callback::new(move |text| set_words.set(text))
            />
            <div class="sheet__results" aria-live="polite">
                {move || results(words_typed.get(), found.get(), choose)}
            </div>
        </dialog>
    }
}

fn results(typed: String, found: Remote<Vec<Location>>, choose: Callback<Location>) -> AnyView {
    if typed.trim().is_empty() {
        return ().into_any();
    }
    match found {
        Remote::Ready(locations) if locations.is_empty() => view! {
            <p class="hint">
                "No shop found for “" {typed} "”. Try the next larger town, or the beginning of the postcode."
            </p>
        }
        .into_any(),
        Remote::Ready(locations) => locations
            .into_iter()
            .map(|location| {
                let (name, address) = (location.name.clone(), address_line(&location));
                view! {
                    <button type="button" class="place-row" on:click=move |_| choose.run(location.clone())>
                        <Sign icon=Icon::Pin />
                        <span>
                            <b>{name}</b>
                            <span class="place-row__address">{address}</span>
                        </span>
                    </button>
                }
            })
            .collect_view()
            .into_any(),
        Remote::Failed(error) => {
            let explained = words::failure(&error, "the shops");
            view! { <p class="hint hint--problem" role="alert">{explained.title} ". " {explained.text}</p> }.into_any()
        }
        Remote::Idle | Remote::Loading => ().into_any(),
    }
}
