//! Where words are typed.

use leptos::ev;
use leptos::html::Input;
use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};

/// The element that holds the offers.
pub const CHOICES: &str = "choices";

/// The element of one offer.
#[must_use]
pub fn choice_id(number: usize) -> String {
    ["choice-", &number.to_string()].concat()
}

/// A list of offers under a field (WAI-ARIA 1.2, combobox): focus stays in the field, the arrow keys go through the list.
#[derive(Clone, Copy)]
pub struct Combo {
    /// Whether the list is shown.
    pub open: Signal<bool>,
    /// The offer that Enter takes.
    pub active: Signal<Option<usize>>,
    /// A key; `true` where it did something and is not for the field.
    pub on_key: Callback<String, bool>,
    /// The field was entered or left.
    pub on_focus: Callback<bool>,
}

/// A search field: answers on each key stroke, and can be emptied.
#[component]
pub fn SearchBox(
    /// What it searches, for the label and the field while it is empty.
    #[prop(into)]
    label: Signal<String>,
    /// The words.
    #[prop(into)]
    value: Signal<String>,
    /// Each change.
    on_input: Callback<String>,
    /// Enter, or the key "search" of a phone.
    #[prop(optional)]
    on_submit: Option<Callback<()>>,
    /// The field itself, for focus.
    #[prop(optional)]
    node: NodeRef<Input>,
    /// The list of offers that belongs to it.
    #[prop(optional)]
    combo: Option<Combo>,
) -> impl IntoView {
    let focused = move |is: bool| {
        if let Some(combo) = combo {
            combo.on_focus.run(is);
        }
    };
    let submit = move |ev: ev::SubmitEvent| {
        ev.prevent_default();
        if let Some(on_submit) = on_submit {
            on_submit.run(());
        }
    };
    view! {
        <form class="search-box" role="search" on:submit=submit>
            <Sign icon=Icon::Search />
            <input
                node_ref=node
                type="search"
                role=combo.map(|_| "combobox")
                aria-autocomplete=combo.map(|_| "list")
                aria-controls=combo.map(|_| CHOICES)
                aria-expanded=combo.map(|c| move || if c.open.get() { "true" } else { "false" })
                aria-activedescendant=combo.map(|c| move || c.active.get().map(choice_id))
                on:keydown=move |ev| {
                    if let Some(combo) = combo && combo.on_key.run(ev.key()) {
                        ev.prevent_default();
                    }
                }
                on:focus=move |_| focused(true)
                on:blur=move |_| focused(false)
                inputmode="search"
                enterkeyhint="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                maxlength="200"
                aria-label=move || label.get()
                placeholder=move || label.get()
                prop:value=move || value.get()
                on:input:target=move |ev| on_input.run(ev.target().value())
            />
            <button
                type="button"
                class="search-box__clear"
                aria-label="Clear"
                hidden=move || value.with(String::is_empty)
                on:click=move |_| {
                    on_input.run(String::new());
                    if let Some(input) = node.get_untracked() {
                        let _ = input.focus();
                    }
                }
            >
                <Sign icon=Icon::Close />
            </button>
        </form>
    }
}
