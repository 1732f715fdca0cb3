//! Asking the device where it is: what can come of it, and the way on from each.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::document;
use crate::browser::geolocation::{Fix, LocateProblem, locate};
use crate::browser::intl;
use crate::components::icon::{Icon, Sign};
use crate::nearby::use_nearby;
use crate::session::use_session;
use crate::text;

/// A device that is unsure by more than this many metres may be in another town: the shopper decides. Devices that know
/// nothing but their network's address are wrong by 50 km and more, and say so.
const VAGUE_M: f64 = 10_000.0;

/// How asking the device stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    NotAsked,
    Asking,
    Vague(Fix),
    Failed(LocateProblem),
}

/// One asking of the device, which the shopper may overtake by choosing a place in another way.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    state: RwSignal<State>,
    count: StoredValue<u32>,
}

impl Asking {
    pub(super) fn new() -> Self {
        Self { state: RwSignal::new(State::NotAsked), count: StoredValue::new(0) }
    }

    /// An answer that comes later is not wanted any more.
    pub(super) fn drop_it(self) {
        self.count.update_value(|count| *count += 1);
        self.state.set(State::NotAsked);
    }
}

/// The button that asks the device, why, and what came of it.
#[component]
pub(super) fn UseDevice(
    asking: Asking,
    /// There is a place now.
    located: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let nearby = use_nearby();
    let take = move |fix: Fix| {
        session.place_located(fix.position);
        asking.drop_it();
        located.run(());
    };
    let ask = move |_| {
        asking.drop_it();
        asking.state.set(State::Asking);
        let count = asking.count.get_value();
        // Who taps again has moved, or does not believe the first answer.
        let fresh = session.is_located();
        spawn_local(async move {
            let answer = locate(fresh).await;
            if asking.count.try_get_value() != Some(count) {
                return;
            }
            match answer {
                Ok(fix) if fix.accuracy_m > VAGUE_M => asking.state.set(State::Vague(fix)),
                Ok(fix) => take(fix),
                Err(problem) => asking.state.set(State::Failed(problem)),
            }
        });
    };
    view! {
        <button
            type="button"
            class="button button--wide"
            prop:disabled=move || asking.state.get() == State::Asking
            on:click=ask
        >
            <Sign icon=Icon::Locate />
            {move || if asking.state.get() == State::Asking { text::place_asking() } else { text::place_use_device() }}
        </button>
        <p class="hint">{text::place_why()}</p>
        {move || match asking.state.get() {
            State::NotAsked => ().into_any(),
            State::Asking => {
                view! { <p class="hint" role="status">{text::place_meanwhile()}</p> }.into_any()
            }
            State::Vague(fix) => {
                let country = nearby.here.get_untracked().map(|shop| shop.location.address.address_country);
                let about = intl::distance(whole_metres(fix.accuracy_m), &country.unwrap_or_default());
                view! {
                    <div class="hint hint--problem" role="alert">
                        <p>{text::place_vague(&about)}</p>
                        <button type="button" class="link-button" on:click=move |_| take(fix)>
                            {text::place_use_vague()}
                        </button>
                    </div>
                }
                    .into_any()
            }
            State::Failed(problem) => view! {
                <div class="hint hint--problem" role="alert">
                    <p>{problem_words(problem)}</p>
                    {(problem == LocateProblem::Blocked)
                        .then(|| view! {
                            <a class="link-button" href=document::address() target="_blank" rel="external noopener">
                                {text::place_own_tab()}
                            </a>
                        })}
                </div>
            }
                .into_any(),
        }}
    }
}

/// What to say when the device did not tell where it is, and the way on.
fn problem_words(problem: LocateProblem) -> &'static str {
    match problem {
        LocateProblem::Denied => text::place_denied(),
        LocateProblem::Blocked => text::place_blocked(),
        LocateProblem::TimedOut => text::place_timed_out(),
        LocateProblem::Unavailable => text::place_unavailable(),
        LocateProblem::Unsupported => text::place_unsupported(),
    }
}

/// At most half the Earth's girth: more says no more.
fn whole_metres(metres: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a cast stops at the ends of the numbers
    let whole = metres.min(20_000_000.0) as u32;
    whole
}
