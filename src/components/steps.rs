//! How far a pickup has come.

use leptos::prelude::*;

use crate::text;

/// Reserved, picking, ready, collected: those done, and the one that is now.
#[component]
pub fn Steps(
    /// The step that is now, from 0; `None` where the pickup ended otherwise.
    #[prop(into)]
    current: Signal<Option<usize>>,
) -> impl IntoView {
    let names = [text::steps_reserved(), text::steps_picking(), text::steps_ready(), text::steps_collected()];
    view! {
        <ol class="steps">
            {names
                .into_iter()
                .enumerate()
                .map(|(place, name)| {
                    view! {
                        <li
                            class="steps__step"
                            class:steps__step--done=move || current.get().is_some_and(|c| place <= c)
                            aria-current=move || (current.get() == Some(place)).then_some("step")
                        >
                            {name}
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}
