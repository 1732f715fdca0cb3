//! Reading a barcode with the camera, or typing the number below it.

use domain::scan::Scanned;
use leptos::html::{Dialog, Div};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use send_wrapper::SendWrapper;

use crate::browser::document::{self, close_dialog, open_dialog};
use crate::browser::scanner::{NoCamera, Scanner};
use crate::components::field::TextField;
use crate::components::icon::{Icon, Sign};
use crate::route::Route;
use crate::text;
use crate::words;

/// The sheet; it has the camera as long as it is open.
#[component]
pub(super) fn ScanSheet(open: RwSignal<bool>) -> impl IntoView {
    let navigate = use_navigate();
    let (dialog, place) = (NodeRef::<Dialog>::new(), NodeRef::<Div>::new());
    let camera = StoredValue::new(None::<SendWrapper<Scanner>>);
    let trouble = RwSignal::new(None::<NoCamera>);
    let said = RwSignal::new(String::new());
    let (typed, set_typed) = signal(String::new());
    let read = Callback::new(move |code: String| match Scanned::read(&code, &document::origin()) {
        Ok(Scanned::Gtin(gtin)) => {
            open.set(false);
            navigate(&Route::Barcode(gtin.to_string()).path(), NavigateOptions::default());
        }
        Ok(Scanned::Sku(sku)) => {
            open.set(false);
            navigate(&Route::Product(sku).path(), NavigateOptions::default());
        }
        Ok(Scanned::Pass(_) | Scanned::PassLink(_)) => said.set(text::scan_pass_line().to_owned()),
        Err(bad) => said.set([words::bad_scan(bad), ". ", text::scan_again()].concat()),
    });
    Effect::new(move |_| {
        let (Some(dialog), Some(place)) = (dialog.get(), place.get()) else { return };
        if open.get() {
            trouble.set(None);
            said.set(String::new());
            set_typed.set(String::new());
            open_dialog(&dialog);
            let failed = move |why| {
                let _ = trouble.try_set(Some(why));
            };
            let scanner = Scanner::show(&place, move |code| read.run(code), failed);
            if scanner.is_none() {
                trouble.set(Some(NoCamera::NoReader));
            }
            camera.set_value(scanner.map(SendWrapper::new));
        } else {
            camera.set_value(None);
            close_dialog(&dialog);
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        read.run(typed.get_untracked());
    };
    let why = move || {
        trouble.get().map(|why| match why {
            NoCamera::Refused => text::scan_refused(),
            NoCamera::Absent => text::scan_absent(),
            NoCamera::NoReader => text::scan_no_reader(),
        })
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="scan-title" on:close=move |_| open.set(false)>
            <div class="sheet__head">
                <h2 id="scan-title">{text::scan_title()}</h2>
                <button type="button" class="icon-button" aria-label=text::close() on:click=move |_| open.set(false)>
                    <Sign icon=Icon::Close />
                </button>
            </div>
            <div class="scan__camera" node_ref=place hidden=move || trouble.with(Option::is_some)></div>
            <p class="hint" role="status">{move || why().unwrap_or_else(|| text::scan_hold())}</p>
            <p class="hint hint--problem" role="alert">{said}</p>
            <form class="scan__form" novalidate on:submit=submit>
                <TextField
                    id="scan-number"
                    label=text::scan_type()
                    kind="text"
                    autocomplete="off"
                    value=typed
                    problem=Signal::stored(None)
                    on_input=Callback::new(move |text| set_typed.set(text))
                />
                <button type="submit" class="button button--wide">{text::scan_find()}</button>
            </form>
        </dialog>
    }
}
