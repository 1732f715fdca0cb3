//! How many.

use leptos::prelude::*;

use crate::text;

/// A number between two buttons.
#[component]
pub fn Stepper(
    /// What is counted, for screen readers.
    label: &'static str,
    /// The number.
    #[prop(into)]
    value: Signal<u32>,
    /// The largest that makes sense now.
    #[prop(into)]
    max: Signal<u32>,
    /// The number that was chosen.
    on_change: Callback<u32>,
) -> impl IntoView {
    view! {
        <div class="stepper" role="group" aria-label=label>
            <button
                type="button"
                class="stepper__button"
                aria-label=text::stepper_less()
                prop:disabled=move || value.get() <= 1
                on:click=move |_| on_change.run(value.get_untracked().saturating_sub(1).max(1))
            >
                "−"
            </button>
            <output class="stepper__value">{move || value.get()}</output>
            <button
                type="button"
                class="stepper__button"
                aria-label=text::stepper_more()
                prop:disabled=move || { value.get() >= max.get() }
                on:click=move |_| on_change.run(value.get_untracked() + 1)
            >
                "+"
            </button>
        </div>
    }
}
