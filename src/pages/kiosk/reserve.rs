//! Putting a product aside at the screen, for those who want to: a name and a way to reach them, which stay on the screen
//! only as long as they do.

use api_contract::Item;
use api_contract::location::Location;
use api_contract::problem::ProblemType;
use api_contract::product::Product;
use api_contract::reservation::{Consents, ContactBody, ReservationRequest};
use domain::id::{LocationId, Sku};
use domain::reservation::{ContactDraft, ContactProblem as Problem, Handover};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::product::BackButton;
use super::{Kiosk, View};
use crate::api::{self, ApiError};
use crate::browser::{document, public_screen, random};
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::notice::{FailureNotice, Notice};
use crate::components::skeleton::SkeletonRows;
use crate::nearby;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::seen;
use crate::text;
use crate::words;

/// How the sending stands.
#[derive(Debug, Clone, PartialEq)]
enum Sending {
    Not,
    OnItsWay,
    Refused(ApiError),
}

/// The form.
#[component]
pub(super) fn ReserveView(kiosk: Kiosk, sku: Sku, shop: LocationId) -> impl IntoView {
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let loaded = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let (sku, shop) = (sku.clone(), shop.clone());
        Some(async move {
            let (product, location) = futures::future::join(seen::product(&sku), api::location(&shop)).await;
            Ok((product?, location?))
        })
    });
    view! {
        <BackButton kiosk />
        {move || match loaded.get() {
            Remote::Ready((product, location)) => view! { <Form kiosk product location /> }.into_any(),
            Remote::Failed(error) => {
                view! { <FailureNotice explained=words::failure(&error, words::What::Desk) retry=again /> }.into_any()
            }
            _ => view! { <SkeletonRows count=4 label=text::reserve_loading() /> }.into_any(),
        }}
    }
}

#[component]
fn Form(kiosk: Kiosk, product: Product, location: Location) -> impl IntoView {
    let problems = RwSignal::new(Vec::<Problem>::new());
    let sending = RwSignal::new(Sending::Not);
    // One intention, one key: whatever is sent again is never done twice.
    let key = StoredValue::new(random::key());
    let name = nearby::short_name(&location).to_owned();
    let method = location.pickup.methods.first().copied().unwrap_or(Handover::InStore);
    let (sku, id) = (product.sku.clone(), location.id.clone());
    let send = move || {
        if sending.get_untracked() == Sending::OnItsWay {
            return;
        }
        let contact = match kiosk.contact.with_untracked(ContactDraft::check) {
            Ok(contact) => contact,
            Err(found) => {
                problems.set(found);
                return document::focus_first_wrong();
            }
        };
        let request = ReservationRequest {
            location_id: id.clone(),
            method,
            items: vec![Item { sku: sku.clone(), quantity: 1 }],
            contact: ContactBody::from(&contact),
            collector: None,
            pickup_window: None,
            consents: Some(Consents { pickup_messages: false, marketing: false }),
            promo_codes: Vec::new(),
            attribution: None,
        };
        public_screen::leave_field();
        sending.set(Sending::OnItsWay);
        spawn_local(async move {
            let answer = api::reserve_at_screen(&request, &key.get_value(), &kiosk.token()).await;
            // Whoever reserved may be gone by now, and with them what they typed.
            if untrack(|| kiosk.view()) == View::Gone {
                return;
            }
            match answer {
                Ok(reservation) => {
                    kiosk.home();
                    kiosk.go(View::Pass(Box::new(reservation)));
                }
                Err(error) => {
                    if error.is_definite() {
                        let _ = key.try_set_value(random::key());
                    }
                    let _ = sending.try_set(Sending::Refused(error));
                }
            }
        });
    };
    let submit = move |ev: ev::SubmitEvent| {
        ev.prevent_default();
        send();
    };
    let change = move |change: fn(&mut ContactDraft, String)| {
        Callback::new(move |text: String| {
            kiosk.contact.update(|contact| change(contact, text));
            let now = kiosk.contact.with_untracked(|contact| contact.check().err().unwrap_or_default());
            problems.update(|known| known.retain(|problem| now.contains(problem)));
        })
    };
    let value = move |of: fn(&ContactDraft) -> String| Signal::derive(move || kiosk.contact.with(of));
    let problem = move |among: &'static [Problem]| {
        let first = move |known: &Vec<Problem>| known.iter().find(|problem| among.contains(problem)).copied();
        Signal::derive(move || problems.with(first).map(words::contact_problem))
    };
    let title = text::kiosk_reserve_at(&name);
    view! {
        <form class="kiosk__form" novalidate autocomplete="off" on:submit=submit>
            <h1 class="kiosk__title">{title.clone()}</h1>
            <p><b>{product.title.clone()}</b> " · " {text::reserve_pay()}</p>
            <TextField
                id="kiosk-name"
                label=text::reserve_name()
                kind="text"
                autocomplete="off"
                value=value(|contact| contact.name.clone())
                problem=problem(&[Problem::NameMissing, Problem::NameUnusable])
                on_input=change(|contact, text| contact.name = text)
            />
            // A field of the kind `email` does not say where its caret is.
            <div data-keys="email">
                <TextField
                    id="kiosk-email"
                    label=text::reserve_email()
                    kind="text"
                    autocomplete="off"
                    value=value(|contact| contact.email.clone())
                    problem=problem(&[Problem::EmailUnusable, Problem::NoWayToReach])
                    on_input=change(|contact, text| contact.email = text)
                />
            </div>
            <TextField
                id="kiosk-phone"
                label=text::reserve_phone()
                kind="tel"
                autocomplete="off"
                value=value(|contact| contact.phone.clone())
                problem=problem(&[Problem::PhoneUnusable])
                on_input=change(|contact, text| contact.phone = text)
            />
            <p class="hint">{text::kiosk_reserve_privacy()}</p>
            {move || match sending.get() {
                Sending::Refused(error) => {
                    let (title, text) = refused(&error);
                    view! { <Notice icon=Icon::Cloud title text alert=true /> }.into_any()
                }
                _ => ().into_any(),
            }}
            <button type="submit" class="button button--main" prop:disabled=move || sending.get() == Sending::OnItsWay>
                {move || if sending.get() == Sending::OnItsWay { text::reserve_asking(&name) } else { title.clone() }}
            </button>
        </form>
    }
}

/// What happened, and what to do.
fn refused(error: &ApiError) -> (String, String) {
    if [ProblemType::Unauthorized, ProblemType::Forbidden].iter().any(|kind| error.is(*kind)) {
        return (text::kiosk_refused().to_owned(), text::kiosk_refused_advice().to_owned());
    }
    let explained = words::failure(error, words::What::Reserving);
    let text = match error {
        ApiError::Offline | ApiError::TimedOut => text::reserve_nobody_knows().to_owned(),
        _ => explained.text,
    };
    (explained.title, text)
}
