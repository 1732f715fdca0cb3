//! Who collects.

use domain::reservation::ContactProblem as Problem;
use leptos::ev;
use leptos::prelude::*;

use super::model::Draft;
use crate::components::field::TextField;
use crate::text;
use crate::words;

/// Name, a way to reach the shopper, and consent. Nothing else is asked.
#[component]
pub fn ContactForm(draft: RwSignal<Draft>, on_submit: Callback<()>) -> impl IntoView {
    let submit = move |ev: ev::SubmitEvent| {
        ev.prevent_default();
        on_submit.run(());
    };
    let problem = move |among: &'static [Problem]| {
        Signal::derive(move || draft.with(|d| d.problem_of(among)).map(words::contact_problem))
    };
    view! {
        <form class="reserve__who" id="contact" novalidate on:submit=submit>
            <h2 class="section-title">{text::reserve_who()}</h2>
            <TextField
                id="name"
                label=text::reserve_name()
                kind="text"
                autocomplete="name"
                value=Signal::derive(move || draft.with(|d| d.contact.name.clone()))
                problem=problem(&[Problem::NameMissing, Problem::NameUnusable])
                on_input=Callback::new(move |text| draft.update(|d| d.contact_changed(|c| c.name = text)))
            />
            <TextField
                id="email"
                label=text::reserve_email()
                kind="email"
                autocomplete="email"
                value=Signal::derive(move || draft.with(|d| d.contact.email.clone()))
                problem=problem(&[Problem::EmailUnusable, Problem::NoWayToReach])
                on_input=Callback::new(move |text| draft.update(|d| d.contact_changed(|c| c.email = text)))
            />
            <TextField
                id="phone"
                label=text::reserve_phone()
                kind="tel"
                autocomplete="tel"
                value=Signal::derive(move || draft.with(|d| d.contact.phone.clone()))
                problem=problem(&[Problem::PhoneUnusable])
                on_input=Callback::new(move |text| draft.update(|d| d.contact_changed(|c| c.phone = text)))
            />
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || draft.with(|d| d.collector.is_some())
                    on:change:target=move |ev| {
                        let other = ev.target().checked();
                        draft.update(|d| d.collector_changed(other.then(String::new)));
                    }
                />
                <span>{text::reserve_somebody_else()}</span>
            </label>
            <Show when=move || draft.with(|d| d.collector.is_some())>
                <TextField
                    id="collector"
                    label=text::reserve_collector()
                    kind="text"
                    autocomplete="off"
                    value=Signal::derive(move || draft.with(|d| d.collector.clone().unwrap_or_default()))
                    problem=Signal::derive(move || draft.with(|d| d.collector_problem).map(words::contact_problem))
                    on_input=Callback::new(move |text| draft.update(|d| d.collector_changed(Some(text))))
                />
            </Show>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || draft.with(|d| d.messages)
                    on:change:target=move |ev| {
                        let agreed = ev.target().checked();
                        draft.update(|d| d.messages = agreed);
                    }
                />
                <span>{text::reserve_messages()}</span>
            </label>
            <p class="hint">{text::reserve_privacy()}</p>
        </form>
    }
}
