//! Whether anybody is there, and how the screen is doing.

use api_contract::device::DeviceReport;
use api_contract::problem::ProblemType;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::model::{Presence, left_s, presence};
use super::{Kiosk, View};
use crate::api::{self, ApiError};
use crate::browser::clock::{each, sleep};
use crate::browser::document::{self, close_dialog, open_dialog};
use crate::browser::public_screen;
use crate::route::Route;
use crate::text;

/// The screen says how it is doing each so many milliseconds.
const REPORT_MS: u32 = 60_000;
/// It looks whether anybody is there each so many.
const LOOK_MS: u32 = 500;
/// A server that is not there is tried again after so many.
const AGAIN_MS: u32 = 3_000;

/// Whether anybody is there.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    /// Seconds until the screen clears itself; `None` while nobody has touched it.
    pub(super) left: Memo<Option<u32>>,
    presence: Memo<Presence>,
}

impl Watch {
    pub(super) fn start(kiosk: Kiosk) -> Self {
        let touched_ms = StoredValue::new(public_screen::now_ms());
        // Whoever chose a language is there; whoever comes to a fresh screen has not touched it yet.
        let occupied = RwSignal::new(!document::path_and_query().1.is_empty());
        let still_ms = RwSignal::new(0.0_f64);
        public_screen::occupied(occupied.get_untracked());
        public_screen::follow_touches(move || {
            // The page hears until it goes, and this screen may be gone before.
            let Some(before) = occupied.try_get_untracked() else { return };
            touched_ms.set_value(public_screen::now_ms());
            if !before {
                occupied.set(true);
                public_screen::occupied(true);
            }
            still_ms.set(0.0);
        });
        each(LOOK_MS, move || {
            if occupied.get_untracked() {
                still_ms.set(public_screen::now_ms() - touched_ms.get_value());
            }
        });
        let presence = Memo::new(move |_| if occupied.get() { presence(still_ms.get()) } else { Presence::Here });
        let left = Memo::new(move |_| occupied.get().then(|| left_s(still_ms.get())));
        Effect::new(move |_| {
            if presence.get() == Presence::Gone {
                clear(kiosk);
            }
        });
        tell(kiosk);
        Self { left, presence }
    }

    /// Asks whether anybody is there, above all else. Any touch is an answer.
    pub(super) fn question(self) -> impl IntoView {
        let dialog = NodeRef::<Dialog>::new();
        let asked = Memo::new(move |_| matches!(self.presence.get(), Presence::Asked(_)));
        Effect::new(move |_| {
            let Some(dialog) = dialog.get() else { return };
            if asked.get() { open_dialog(&dialog) } else { close_dialog(&dialog) }
        });
        view! {
            <dialog class="kiosk__question" node_ref=dialog role="alertdialog" aria-labelledby="still-there">
                <h2 id="still-there">{text::kiosk_still_there()}</h2>
                <p>
                    {move || match self.presence.get() {
                        Presence::Asked(left) => text::kiosk_clears_in(left.into()),
                        _ => String::new(),
                    }}
                </p>
                <button type="button" class="button button--main">{text::kiosk_stay()}</button>
            </dialog>
        }
    }
}

/// Everything of the person goes: at once out of this document, and with the document as soon as there is another.
pub(super) fn clear(kiosk: Kiosk) {
    if kiosk.view() == View::Gone {
        return;
    }
    kiosk.forget();
    let fresh = Route::Kiosk(kiosk.id()).path();
    spawn_local(async move {
        // A browser that cannot load it would show a page of its own, with nobody there to reload that.
        while !public_screen::is_kept() && !api::is_there().await {
            sleep(AGAIN_MS).await;
        }
        document::replace(&fresh);
    });
}

/// Tells the server how the screen is doing, now and then.
fn tell(kiosk: Kiosk) {
    let clock = kiosk.session.clock;
    let last_error = StoredValue::new(public_screen::has_recovered().then_some("crashed"));
    let report = move || {
        let now = clock.now_untracked().millis();
        let age = kiosk.confirmed_ms.get_untracked().map(|at| u32::try_from((now - at) / 1_000).unwrap_or(0));
        let report = DeviceReport {
            location_id: kiosk.id(),
            app_version: public_screen::version(),
            stock_age_s: age,
            uptime_s: public_screen::uptime_s(now),
            last_error: last_error.get_value().map(str::to_owned),
        };
        let token = kiosk.token();
        spawn_local(async move {
            match api::report(&report, &token).await {
                Ok(_) => {
                    let _ = last_error.try_set_value(None);
                    let _ = kiosk.refused.try_set(false);
                }
                Err(error)
                    if [ProblemType::Unauthorized, ProblemType::Forbidden].iter().any(|kind| error.is(*kind)) =>
                {
                    let _ = kiosk.refused.try_set(true);
                }
                Err(error) => {
                    let said = match error {
                        ApiError::Offline => "no_network",
                        ApiError::TimedOut => "timed_out",
                        _ => "unreadable",
                    };
                    let _ = last_error.try_set_value(Some(said));
                }
            }
        });
    };
    report();
    each(REPORT_MS, report);
}
