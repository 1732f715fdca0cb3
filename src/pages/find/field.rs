//! The search field of the start page and the search.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::choices::{Choice, Kind, choices, step};
use super::list::Answer;
use super::scan::ScanSheet;
use super::{Ahead, SETTLE_MS, Typing, address_of};
use crate::api::ProductQuery;
use crate::browser::clock::after;
use crate::browser::{boot, intl};
use crate::components::icon::{Icon, Sign};
use crate::components::search_box::SearchBox;
use crate::remote::{OUTLIVES_FAILURE, Remote, fetch};
use crate::route::SearchQuery;
use crate::search;
use crate::session::use_session;
use crate::settings;
use crate::text;

/// The part of the program that has the sheet of the camera.
const SCAN_PART: u32 = 2;

/// The field, whose words live in the address, and what it offers.
#[component]
pub fn FindBox(typing: Typing, answer: RwSignal<Answer>) -> impl IntoView {
    let Typing { query, address, ahead } = typing;
    let navigate = use_navigate();
    let session = use_session();
    let node = NodeRef::<Input>::new();
    // What is typed runs ahead of the address; the address wins when it changes by itself (back, a link).
    let (typed, set_typed) = signal(query.get_untracked().words);
    Effect::new(move |_| {
        let words = query.with(|q| q.words.clone());
        if typed.get_untracked().trim() != words {
            set_typed.set(words);
        }
    });
    let total = fetch(OUTLIVES_FAILURE, || {
        Some(async {
            let page = search::products(&ProductQuery { limit: 1, ..ProductQuery::default() }).await?;
            Ok(page.pagination.total)
        })
    });
    let label = Signal::derive(move || match total.get() {
        Remote::Ready(total) => text::find_search_counted(total),
        _ => text::find_search().to_owned(),
    });
    let (open, set_open) = signal(false);
    let (active, set_active) = signal(None);
    let offers = Signal::derive(move || {
        if !open.get() {
            return Vec::new();
        }
        let typed = typed.get();
        query.with(|query| {
            session.recent.with(|recent| {
                answer.with(|answer| choices(&typed, recent, query, answer.ready().map(|(_, page)| page)))
            })
        })
    });
    let go = Callback::new(move |(next, replace): (SearchQuery, bool)| {
        navigate(&address_of(&next), NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    // Before anything else becomes a step of the history.
    let settle = move || {
        // The screen may be gone, or the address another one by now.
        let next = ahead.try_get_untracked().flatten().filter(|ahead| ahead.over == address.get_untracked());
        if let Some(next) = next {
            // One step back leads out of the search, not through each letter of it.
            go.run((next.query, next.over != SearchQuery::default()));
            ahead.set(None);
        }
    };
    Effect::new(move |_| {
        if ahead.with(Option::is_some) {
            after(SETTLE_MS, settle);
        }
    });
    let on_input = Callback::new(move |text: String| {
        let before = query.get_untracked();
        let words = text.trim().to_owned();
        set_typed.set(text);
        set_open.set(true);
        set_active.set(None);
        if words != before.words {
            let next = SearchQuery { words, verbatim: false, ..before };
            ahead.set(Some(Ahead { query: next, over: address.get_untracked() }));
        }
    });
    let take = Callback::new(move |choice: Choice| {
        match choice.kind {
            Kind::Forget => session.recent.set(Vec::new()),
            Kind::Recent => session.searched(&choice.name),
            Kind::Category | Kind::Brand => {}
        }
        set_open.set(false);
        set_active.set(None);
        // Of what is typed: the address has it only once it is shown.
        let next = choice.target(&query.get_untracked());
        settle();
        go.run((next, false));
    });
    let on_submit = Callback::new(move |()| {
        // Answers are there already; what is left is to put the keyboard away.
        if let Some(input) = node.get_untracked() {
            let _ = input.blur();
        }
    });
    let on_key = Callback::new(move |key: String| {
        let offered = offers.get_untracked();
        let chosen = active.get_untracked().and_then(|at: usize| offered.get(at).cloned());
        match (key.as_str(), chosen) {
            ("ArrowDown" | "ArrowUp", _) => {
                set_open.set(true);
                let count = offers.get_untracked().len();
                set_active.update(|at| *at = step(*at, count, key == "ArrowDown"));
                true
            }
            ("Enter", Some(choice)) => {
                take.run(choice);
                true
            }
            ("Delete", Some(choice)) if choice.kind == Kind::Recent => {
                session.recent.update(|recent| recent.retain(|known| *known != choice.name));
                set_active.set(None);
                true
            }
            ("Escape", _) if !offered.is_empty() => {
                set_open.set(false);
                set_active.set(None);
                true
            }
            _ => false,
        }
    });
    let on_focus = Callback::new(move |focused: bool| {
        set_open.set(focused);
        set_active.set(None);
        if !focused {
            settle();
            session.searched(&typed.get_untracked());
        }
    });
    // A combobox with a list (WAI-ARIA 1.2): focus stays in the field, the arrow keys go through the list.
    Effect::new(move |_| {
        let (is_open, active) = (!offers.get().is_empty(), active.get());
        if let Some(input) = node.get() {
            let active = active.filter(|_| is_open).map(choice_id).unwrap_or_default();
            let expanded = if is_open { "true" } else { "false" };
            for (name, value) in [
                ("role", "combobox"),
                ("aria-autocomplete", "list"),
                ("aria-controls", "choices"),
                ("aria-expanded", expanded),
                ("aria-activedescendant", &active),
            ] {
                let _ = input.set_attribute(name, value);
            }
        }
    });
    let (wanted, scanning) = (RwSignal::new(false), RwSignal::new(false));
    let scan = move || {
        spawn_local(async move {
            // The sheet is in a later part of the program; without it the number can be typed into the field.
            if boot::part(SCAN_PART).await.is_ok() {
                wanted.set(true);
                scanning.set(true);
            }
        });
    };
    // While words are typed the list is one line, so that it leaves the results in sight.
    let class = move || if typed.with(|t| t.trim().is_empty()) { "choices" } else { "choices choices--line" };
    view! {
        <div
            class="find-box"
            on:keydown=move |ev| {
                if on_key.run(ev.key()) {
                    ev.prevent_default();
                }
            }
            on:focusin=move |_| on_focus.run(true)
            on:focusout=move |_| {
                // Also said of what is taken off the page, with the rest of a screen that is gone.
                let _ = on_focus.try_run(false);
            }
        >
            <div class="find-box__row">
                <SearchBox label value=typed on_input on_submit node />
                {settings::of_page().features.scan.then(|| view! {
                    <button
                        type="button"
                        class="icon-button find-box__scan"
                        aria-label=text::scan_open()
                        aria-haspopup="dialog"
                        on:click=move |_| scan()
                    >
                        <Sign icon=Icon::Barcode />
                    </button>
                })}
            </div>
            <ul id="choices" class=class role="listbox" aria-label=text::find_suggestions()>
                {move || {
                    let row = |(at, choice): (usize, Choice)| {
                        let (before, behind) = choice.kind.around();
                        let name = choice.name.clone();
                        let count = if choice.count > 0 { intl::count(choice.count) } else { String::new() };
                        let chosen = move || if active.get() == Some(at) { "true" } else { "false" };
                        // The field keeps the focus.
                        let stay = move |ev: leptos::ev::MouseEvent| ev.prevent_default();
                        let take = move |_| take.run(choice.clone());
                        view! {
                            <li
                                id=choice_id(at)
                                class="choices__choice"
                                role="option"
                                aria-selected=chosen
                                on:mousedown=stay
                                on:click=take
                            >
                                {before}
                                <b>{name}</b>
                                {behind}
                                <span class="choices__count">{count}</span>
                            </li>
                        }
                            .into_any()
                    };
                    offers.get().into_iter().enumerate().map(row).collect_view()
                }}
            </ul>
        </div>
        {move || wanted.get().then(|| sheet(scanning))}
    }
}

// A function of its own, whose views the start of the program has not to bring along.
#[inline(never)]
fn sheet(open: RwSignal<bool>) -> AnyView {
    view! { <ScanSheet open /> }.into_any()
}

/// The element of one offer.
fn choice_id(number: usize) -> String {
    ["choice-", &number.to_string()].concat()
}
