//! What to say when it did not work, and the doors out of it.

use api_contract::location::Location;
use api_contract::problem::{Problem, ProblemType};
use api_contract::product::Product;
use api_contract::reservation::Alternative;
use domain::basket::Fulfils;
use domain::id::LocationId;
use leptos::prelude::*;

use super::model::Sending;
use crate::api::ApiError;
use crate::browser::intl;
use crate::components::icon::Icon;
use crate::components::notice::Notice;
use crate::route::Route;
use crate::text;
use crate::words;

/// The panel above the button.
#[component]
pub fn Refused(
    sending: RwSignal<Sending>,
    product: Product,
    location: Location,
    /// Takes it at another shop, in one tap.
    on_other: Callback<LocationId>,
) -> impl IntoView {
    move || match sending.get() {
        Sending::Not | Sending::OnItsWay => ().into_any(),
        Sending::Refused(ApiError::Problem(problem)) if problem.is(ProblemType::InsufficientStock) => {
            taken(*problem, &product, &location, on_other).into_any()
        }
        Sending::Refused(error) => {
            let explained = words::failure(&error, words::What::Reserving);
            // Without an answer nobody knows: the key makes it safe to say "try again".
            let text = match error {
                ApiError::Offline | ApiError::TimedOut => text::reserve_nobody_knows().to_owned(),
                _ => explained.text,
            };
            view! {
                <Notice icon=Icon::Cloud title=explained.title text=text reference=explained.reference alert=true />
            }
            .into_any()
        }
    }
}

fn taken(
    problem: Problem,
    product: &Product,
    location: &Location,
    on_other: Callback<LocationId>,
) -> impl IntoView + use<> {
    let left = problem.rows.iter().filter_map(|r| r.quantity).max().unwrap_or(0);
    let title = if left == 0 { text::reserve_quicker().to_owned() } else { text::reserve_only_left(left.into()) };
    let all_shops = Route::Product(product.sku.clone()).path();
    let country = location.address.address_country.clone();
    let others: Vec<Alternative> = problem.alternatives.into_iter().filter(|a| a.fulfils == Fulfils::All).collect();
    let text = match (left, others.is_empty()) {
        (0, false) => text::reserve_last_taken_others(&location.name),
        (0, true) => text::reserve_last_taken(&location.name),
        (_, false) => text::reserve_fewer_others(&location.name),
        (_, true) => text::reserve_fewer(&location.name),
    };
    view! {
        <Notice icon=Icon::Box title text alert=true>
            {others
                .into_iter()
                .map(|other| {
                    let label =
                        text::reserve_at_other(&other.name, &intl::distance(other.distance_m, &country));
                    view! {
                        <button type="button" class="button" on:click=move |_| on_other.run(other.location_id.clone())>
                            {label}
                        </button>
                    }
                })
                .collect_view()}
            <a class="button button--quiet" href=all_shops>{text::reserve_all_shops()}</a>
        </Notice>
    }
}
