//! Whether a shop is open, and what comes next.

use leptos::prelude::*;

use crate::words::{Said, Tone};

/// `Open until 19:30`, `Closed · opens Sat 10:00`, `Hours not known`.
#[component]
pub fn Opening(
    /// The state and what follows it.
    #[prop(into)]
    words: Signal<(Said, String)>,
) -> impl IntoView {
    view! {
        <span class="opening">
            {move || {
                let (said, rest) = words.get();
                let between = if said.tone == Tone::Good || rest.is_empty() { " " } else { " · " };
                view! {
                    <b class=format!("opening__state opening__state--{}", said.tone.class())>{said.text}</b>
                    {between}
                    {rest}
                }
            }}
        </span>
    }
}
