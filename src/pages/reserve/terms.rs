//! How it changes hands, and when, where the shop leaves a choice.

use api_contract::location::{Location, PickupWindow, PickupWindows};
use domain::reservation::Handover;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::model::{Draft, ways};
use crate::browser::intl;
use crate::remote::Remote;
use crate::text;

/// Places left from which on it is worth saying.
const FEW: u32 = 3;

/// The choices; nothing where there is none.
#[component]
pub(super) fn Terms(
    location: Location,
    draft: RwSignal<Draft>,
    windows: RwSignal<Remote<PickupWindows>>,
) -> impl IntoView {
    let ways = ways(&location);
    let how = match ways.as_slice() {
        [Handover::Curbside] => view! { <p>{text::reserve_only_kerb()}</p> }.into_any(),
        [] | [_] => ().into_any(),
        ways => {
            let choices = ways.iter().map(|way| choice(*way, draft)).collect::<Vec<_>>();
            view! { <fieldset class="reserve__how"><legend>{text::reserve_how()}</legend>{choices}</fieldset> }
                .into_any()
        }
    };
    let zone = location.timezone;
    let chosen = Memo::new(move |_| draft.with(Draft::window));
    let options = move |windows: &[PickupWindow]| {
        let option = |window: &PickupWindow| {
            let starts_at = window.starts_at;
            view! {
                <option
                    value=starts_at.millis().to_string()
                    prop:selected=move || chosen.get() == Some(starts_at)
                    prop:disabled=window.left == Some(0)
                >
                    {said(window, &zone)}
                </option>
            }
        };
        windows.iter().map(option).collect::<Vec<_>>()
    };
    let choose = move |value: String| {
        let window = value.parse().ok().map(Timestamp::from_millis);
        draft.update(|draft| draft.window_chosen(window));
    };
    view! {
        {how}
        {move || {
            windows
                .with(|windows| windows.ready().filter(|w| !w.windows.is_empty()).map(|w| options(&w.windows)))
                .map(|options| view! {
                    <div class="field">
                        <label class="field__label" for="window">{text::reserve_when()}</label>
                        <select
                            class="field__input"
                            id="window"
                            on:change:target=move |ev| choose(ev.target().value())
                        >
                            <option value="" prop:selected=move || chosen.get().is_none()>
                                {text::reserve_any_time()}
                            </option>
                            {options}
                        </select>
                    </div>
                })
        }}
    }
}

fn choice(way: Handover, draft: RwSignal<Draft>) -> AnyView {
    let label = match way {
        Handover::InStore => text::reserve_at_desk(),
        Handover::Curbside => text::reserve_at_kerb(),
    };
    view! {
        <label class="check">
            <input
                type="radio"
                name="how"
                prop:checked=move || draft.with(|d| d.method == way)
                on:change=move |_| draft.update(|d| d.method = way)
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// `Fri, 20 Nov, 15:00–15:30`, and whether there is room.
fn said(window: &PickupWindow, zone: &str) -> String {
    let time = span(window, zone);
    match window.left {
        Some(0) => text::reserve_window_full(&time),
        Some(left) if left <= FEW => text::reserve_window_left(left.into(), &time),
        _ => time,
    }
}

/// `Fri, 20 Nov, 15:00–15:30`
pub(super) fn span(window: &PickupWindow, zone: &str) -> String {
    let (from, until) = (intl::date_time(window.starts_at, Some(zone)), intl::time(window.ends_at, Some(zone)));
    [&from, "–", &until].concat()
}
