//! A panel that says what happened and what to do next.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::text;
use crate::words::Explained;

/// What happened, what is safe, what to do next. Doors out of it are its children.
#[component]
pub fn Notice(
    /// Its sign.
    icon: Icon,
    /// What happened.
    #[prop(into)]
    title: String,
    /// What is safe, what to do next.
    #[prop(into)]
    text: String,
    /// What to quote when asking for help.
    #[prop(optional_no_strip)]
    reference: Option<String>,
    /// Whether it interrupts (a failure) or is just said (an empty list).
    #[prop(optional)]
    alert: bool,
    /// Buttons and links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice" role=if alert { "alert" } else { "status" }>
            <span class="notice__sign"><Sign icon /></span>
            <h2 class="notice__title">{title}</h2>
            <p class="notice__text">{text}</p>
            {reference.map(|reference| {
                let (before, behind) = text::around(&text::notice_reference(text::GAP));
                view! { <p class="notice__reference">{before} <code>{reference}</code> {behind}</p> }
            })}
            {children.map(|c| view! { <div class="notice__actions">{c()}</div> })}
        </div>
    }
}

/// A failure with a way to try again.
#[component]
pub fn FailureNotice(
    /// What to say.
    explained: Explained,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    view! {
        <Notice icon=Icon::Cloud title=explained.title text=explained.text reference=explained.reference alert=true>
            <RetryButton wait_s=explained.wait_s retry />
        </Notice>
    }
}

/// Tries again, once it is of any use.
#[component]
pub fn RetryButton(
    /// Seconds before it can be tapped.
    wait_s: u32,
    /// Tries again.
    retry: Callback<()>,
    /// Whether it is as wide as what is around it.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let waits = RwSignal::new(wait_s > 0);
    if wait_s > 0 {
        let over = Duration::from_secs(wait_s.into());
        if let Ok(handle) = set_timeout_with_handle(move || waits.set(false), over) {
            on_cleanup(move || handle.clear());
        }
    }
    view! {
        <button class="button" class:button--wide=wide type="button" disabled=waits on:click=move |_| retry.run(())>
            {text::try_again()}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ApiError;
    use crate::words;

    #[test]
    fn a_failure_says_what_happened_and_offers_to_try_again() {
        let explained = words::failure(&ApiError::Unreadable("missing field `sku`".into()), words::What::Shops);
        let html = Owner::new().with(|| view! { <FailureNotice explained retry=Callback::new(|()| {}) /> }.to_html());
        assert!(html.contains("role=\"alert\""), "{html}");
        assert!(html.contains("We could not read the answer") && html.contains("Try again"), "{html}");
        assert!(!html.contains("missing field"), "causes are not for shoppers: {html}");
        assert!(!html.contains("disabled"), "{html}");
    }
}
