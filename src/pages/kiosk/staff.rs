//! For the people of the shop: setting the screen up, and the only way out of it.

use api_contract::device::DeviceReport;
use api_contract::problem::ProblemType;
use domain::id::LocationId;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Kiosk;
use super::model::{Tried, is_staff_code};
use super::product::BackButton;
use crate::api::{self, ApiError};
use crate::browser::{document, public_screen};
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::device::Pairing;
use crate::remote::Remote;
use crate::route::Route;
use crate::text;
use crate::words;

/// Setting the screen up.
#[component]
pub(super) fn PairView(id: LocationId, paired: Callback<Pairing>) -> impl IntoView {
    let (token, set_token) = signal(String::new());
    let (code, set_code) = signal(String::new());
    let wrong_code = RwSignal::new(false);
    let state = RwSignal::new(Remote::<()>::Idle);
    let keeps_nothing = RwSignal::new(false);
    let shop = id.to_string();
    let submit = move |ev: ev::SubmitEvent| {
        ev.prevent_default();
        let (token, code) = (token.get_untracked().trim().to_owned(), code.get_untracked());
        wrong_code.set(!is_staff_code(&code));
        if wrong_code.get_untracked() || state.with_untracked(|state| *state == Remote::Loading) {
            return;
        }
        state.set(Remote::Loading);
        let pairing = Pairing { location: id.clone(), token, code, locked: true };
        spawn_local(async move {
            let report = DeviceReport {
                location_id: pairing.location.clone(),
                app_version: public_screen::version(),
                stock_age_s: None,
                uptime_s: 0,
                last_error: None,
            };
            match api::report(&report, &pairing.token).await {
                Ok(_) if pairing.keep() => paired.run(pairing),
                Ok(_) => {
                    keeps_nothing.set(true);
                    state.set(Remote::Idle);
                }
                Err(error) => state.set(Remote::Failed(error)),
            }
        });
    };
    let no_problem = Signal::stored(None);
    let code_problem = Signal::derive(move || wrong_code.get().then(text::kiosk_pair_code_rule));
    let problem = move || {
        let said = if keeps_nothing.get() {
            Some((text::kiosk_keeps_nothing().to_owned(), text::kiosk_keeps_nothing_advice().to_owned()))
        } else {
            state.with(|state| state.failed().map(refused))
        };
        said.map(|(title, text)| view! { <Notice icon=Icon::Cloud title text alert=true /> })
    };
    view! {
        <div class="kiosk">
            <form class="kiosk__form" novalidate autocomplete="off" on:submit=submit>
                <h1 class="kiosk__title">{text::kiosk_pair()}</h1>
                <p>{text::kiosk_pair_how(&shop)}</p>
                <div data-keys="email">
                    <TextField
                        id="kiosk-token"
                        label=text::kiosk_pair_token()
                        kind="password"
                        autocomplete="off"
                        value=token
                        problem=no_problem
                        on_input=Callback::new(move |text| set_token.set(text))
                    />
                </div>
                <TextField
                    id="kiosk-code"
                    label=text::kiosk_pair_code()
                    kind="tel"
                    autocomplete="off"
                    value=code
                    problem=code_problem
                    on_input=Callback::new(move |text| set_code.set(text))
                />
                {problem}
                <button type="submit" class="button button--main" prop:disabled=move || state.with(|s| *s == Remote::Loading)>
                    {text::kiosk_pair_start()}
                </button>
            </form>
        </div>
    }
}

fn refused(error: &ApiError) -> (String, String) {
    if error.is(ProblemType::Unauthorized) {
        return (text::kiosk_pair_wrong().to_owned(), text::kiosk_pair_wrong_advice().to_owned());
    }
    if error.is(ProblemType::Forbidden) {
        return (text::kiosk_pair_other().to_owned(), text::kiosk_pair_other_advice().to_owned());
    }
    let explained = words::failure(error, words::What::Shop);
    (explained.title, explained.text)
}

/// The way out: the code, and then what to do.
#[component]
pub(super) fn StaffView(kiosk: Kiosk) -> impl IntoView {
    let (code, set_code) = signal(String::new());
    let tried = RwSignal::new(None::<Tried>);
    let submit = move |ev: ev::SubmitEvent| {
        ev.prevent_default();
        let right = kiosk.pairing.with_value(|pairing| pairing.code.clone());
        let typed = code.get_untracked();
        let came = kiosk.door.try_update_value(|door| door.tried(&typed, &right, public_screen::now_ms()));
        set_code.set(String::new());
        tried.set(came);
    };
    let problem = Signal::derive(move || match tried.get() {
        Some(Tried::Wrong) => Some(text::kiosk_code_wrong()),
        Some(Tried::Shut) => Some(text::kiosk_code_wait()),
        Some(Tried::Open) | None => None,
    });
    let leave = move |_| {
        let left = kiosk.pairing.with_value(|pairing| Pairing { locked: false, ..pairing.clone() });
        let _ = left.keep();
        document::replace(&Route::Start.path());
    };
    let again = move |_| {
        Pairing::forget();
        document::replace(&Route::Kiosk(kiosk.id()).path());
    };
    view! {
        <BackButton kiosk />
        {move || if tried.get() == Some(Tried::Open) {
            view! {
                <section class="kiosk__form">
                    <h1 class="kiosk__title">{text::kiosk_staff()}</h1>
                    <button type="button" class="button button--main" on:click=leave>{text::kiosk_leave()}</button>
                    <button type="button" class="button button--quiet button--wide" on:click=again>{text::kiosk_pair_anew()}</button>
                </section>
            }
                .into_any()
        } else {
            view! {
                <form class="kiosk__form" novalidate autocomplete="off" on:submit=submit>
                    <h1 class="kiosk__title">{text::kiosk_staff()}</h1>
                    <p>{text::kiosk_staff_how()}</p>
                    <div data-keys="tel">
                        <TextField
                            id="kiosk-code"
                            label=text::kiosk_code()
                            kind="password"
                            autocomplete="off"
                            value=code
                            problem
                            on_input=Callback::new(move |text| set_code.set(text))
                        />
                    </div>
                    <button type="submit" class="button button--main">{text::kiosk_code_try()}</button>
                </form>
            }
                .into_any()
        }}
    }
}
