//! Where words are typed.

use leptos::ev;
use leptos::html::Input;
use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::text;

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
) -> impl IntoView {
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
                aria-label=text::search_clear()
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
