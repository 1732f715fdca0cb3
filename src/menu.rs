//! The menu of the start screen: in which language the app speaks.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::browser::document::{close_dialog, open_dialog};
use crate::browser::{intl, language};
use crate::components::icon::{Icon, Sign};
use crate::text;

/// The button of the menu, and the sheet that it opens.
#[component]
pub fn Menu() -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // What languages are called is only looked up for those who ask: it takes a slow phone its time.
    let asked = RwSignal::new(false);
    let open = move |_| {
        asked.set(true);
        if let Some(dialog) = dialog.get_untracked() {
            open_dialog(&dialog);
        }
    };
    let close = Callback::new(move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            close_dialog(&dialog);
        }
    });
    view! {
        <button type="button" class="icon-button" aria-label=text::menu_open() aria-haspopup="dialog" on:click=open>
            <Sign icon=Icon::Menu />
        </button>
        <dialog class="sheet" node_ref=dialog aria-labelledby="menu-title">
            <div class="sheet__head">
                <h2 id="menu-title">{text::menu_title()}</h2>
                <button type="button" class="icon-button" aria-label=text::close() on:click=move |_| close.run(())>
                    <Sign icon=Icon::Close />
                </button>
            </div>
            {move || asked.get().then(|| view! { <Languages close /> })}
        </dialog>
    }
}

/// The languages, each by its own name. A tap takes one at once; the arrow keys only go through them, so that nobody who is on
/// the way to the last one is taken to the second.
#[component]
fn Languages(close: Callback<()>) -> impl IntoView {
    let chosen = RwSignal::new(text::language().to_owned());
    let take = move || {
        let tag = chosen.get_untracked();
        if tag == text::language() { close.run(()) } else { language::choose(&tag) }
    };
    let choice = move |tag: String| {
        let name = intl::language_name(&tag);
        let (value, checked, tapped, spoken) = (tag.clone(), tag.clone(), tag.clone(), tag.clone());
        // Clicks that a key made have no count.
        let tap = move |ev: leptos::ev::MouseEvent| {
            if ev.detail() > 0 {
                chosen.set(tapped.clone());
                take();
            }
        };
        view! {
            <label class="languages__choice" on:click=tap>
                <input
                    type="radio"
                    name="language"
                    class="languages__radio"
                    value=value
                    prop:checked=move || chosen.with(|chosen| *chosen == checked)
                    on:change=move |_| chosen.set(tag.clone())
                />
                <span lang=spoken>{name}</span>
            </label>
        }
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        take();
    };
    view! {
        <form class="languages" on:submit=submit>
            <fieldset class="languages__all">
                <legend class="section-title">{text::menu_language()}</legend>
                {language::all().into_iter().map(choice).collect_view()}
            </fieldset>
            <button type="submit" class="button languages__take">{text::menu_use_language()}</button>
        </form>
    }
}
