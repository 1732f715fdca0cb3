//! A labelled text field with its problem.

use leptos::prelude::*;

/// A text field: its label, its value, and what is wrong with it in words tied to it.
#[component]
pub fn TextField(
    /// Unique on the screen.
    id: &'static str,
    /// What it asks for.
    label: &'static str,
    /// `text`, `email`, `tel`.
    kind: &'static str,
    /// What the browser may fill in.
    autocomplete: &'static str,
    /// What was typed so far.
    #[prop(into)]
    value: Signal<String>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<&'static str>>,
    /// What was typed.
    on_input: Callback<String>,
) -> impl IntoView {
    let described = format!("{id}-problem");
    let problem_id = described.clone();
    view! {
        <div class="field" class:field--wrong=move || problem.get().is_some()>
            <label class="field__label" for=id>{label}</label>
            <input
                class="field__input"
                id=id
                type=kind
                autocomplete=autocomplete
                prop:value=move || value.get()
                aria-invalid=move || problem.get().map(|_| "true")
                aria-describedby=described
                on:input:target=move |ev| on_input.run(ev.target().value())
            />
            <p class="field__problem" id=problem_id>{move || problem.get()}</p>
        </div>
    }
}
