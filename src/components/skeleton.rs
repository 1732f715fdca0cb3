//! What stands in for a list until it comes.

use leptos::prelude::*;

use crate::text;

/// Rows of the size that the list will have; they fade in only after half a second, so that a quick answer never shows
/// them. After five seconds they say that somebody is still waiting for it; after ten there is an answer or a failure.
#[component]
pub fn SkeletonRows(
    /// How many.
    count: usize,
    /// What is on its way, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..count).map(|_| view! { <span class="skeleton__row" aria-hidden="true"></span> }).collect_view()}
            <p class="skeleton__slow">{text::loading_slow()}</p>
        </div>
    }
}
