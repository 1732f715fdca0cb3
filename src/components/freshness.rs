//! How old the numbers are.

use leptos::prelude::*;

use crate::components::said::Statement;
use crate::words::Said;

/// `live · 12:04:31` or `as of 12:03`, with a mark that breathes while it is live.
#[component]
pub fn FreshnessMark(
    /// What to say; `None` before anything is known.
    #[prop(into)]
    said: Signal<Option<Said>>,
) -> impl IntoView {
    view! {
        <span class="freshness">
            {move || said.get().map(|said| view! { <Statement said=said /> })}
        </span>
    }
}
