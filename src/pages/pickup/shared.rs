//! The pass for others: an entry of the calendar, and its link.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::calendar;
use crate::browser::share::{self, Shared};
use crate::browser::{document, download, intl};
use crate::components::icon::{Icon, Sign};
use crate::nearby;
use crate::route::Route;
use crate::session::{SavedPickup, use_session};
use crate::text;

/// Both buttons, and what came of them.
#[component]
pub(super) fn TakeAlong(pickup: Memo<SavedPickup>) -> impl IntoView {
    let clock = use_session().clock;
    let (said, set_said) = signal(String::new());
    let address =
        move |pickup: &SavedPickup| [document::origin(), Route::Pickup(pickup.reservation.id.clone()).path()].concat();
    let save = move |_| {
        let pickup = pickup.get_untracked();
        let zone = pickup.location.as_ref().map(|l| l.timezone.clone());
        let until = intl::date_time(pickup.reservation.hold_expires_at, zone.as_deref());
        let link = address(&pickup);
        let now = clock.now_untracked();
        let file = calendar::entry(&pickup.reservation, pickup.location.as_ref(), now, &until, &link);
        let name = ["pickup-", &pickup.reservation.code, ".ics"].concat();
        let taken = download::save(&name, "text/calendar;charset=utf-8", &file);
        set_said.set(if taken { text::pickup_calendar_saved() } else { text::pickup_calendar_failed() }.to_owned());
    };
    let give = move |_| {
        let pickup = pickup.get_untracked();
        // The secret stands behind `#`, where no server sees it; whoever has the link has the pass.
        let link = [&address(&pickup), "#t=", &pickup.token].concat();
        let shop = pickup.location.as_ref().map(|l| nearby::own_name(l).to_owned()).unwrap_or_default();
        spawn_local(async move {
            let title = text::pickup_share_title(&shop);
            let _ = set_said.try_set(match share::link(text::pickup_title(), &title, &link).await {
                Shared::Given | Shared::Dismissed => String::new(),
                Shared::Copied => text::pickup_share_copied().to_owned(),
                Shared::Impossible => text::pickup_share_by_hand(&link),
            });
        });
    };
    view! {
        <div class="pass__pair">
            <button type="button" class="button button--quiet" on:click=save>
                {text::pickup_calendar()}
            </button>
            <button type="button" class="button button--quiet" on:click=give>
                <Sign icon=Icon::Share />
                {text::pickup_share()}
            </button>
        </div>
        <p class="hint" role="status">{said}</p>
    }
}
