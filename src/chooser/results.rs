//! What was found for what the shopper typed: places, and shops.

use api_contract::PageRequest;
use api_contract::location::{Location, LocationSearch};
use api_contract::place::{Place, PlaceAnswer, PlaceFit};
use api_contract::rows::Rows;
use domain::geo::Position;
use futures::future::join;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::icon::{Icon, Sign};
use crate::nearby::{self, address_line};
use crate::places;
use crate::remote::Remote;
use crate::session::Session;
use crate::text;
use crate::words;

/// Shops that are offered at once.
const SHOPS: u32 = 6;

/// What the shopper took.
pub(super) enum Chosen {
    Shop(Box<Location>),
    Place(Place),
}

/// Places and shops.
pub(super) type Found = (PlaceAnswer, Rows<Location>);

/// Looks for both at once; one of them is enough.
pub(super) async fn find(session: Session, words: &str, near: Option<Position>) -> Result<Found, ApiError> {
    let search = LocationSearch {
        query: Some(words.to_owned()),
        pagination: Some(PageRequest { cursor: None, limit: Some(SHOPS) }),
        ..LocationSearch::default()
    };
    match join(places::find(words, near), nearby::find(session, &search)).await {
        (Err(error), Err(_)) => Err(error),
        (places, shops) => Ok((places.unwrap_or_default(), shops.map(|page| page.locations).unwrap_or_default())),
    }
}

/// The rows, and what has to be said of them.
pub(super) fn view(typed: &str, found: Remote<Found>, choose: Callback<Chosen>) -> AnyView {
    let typed = typed.trim();
    if typed.is_empty() {
        return ().into_any();
    }
    match found {
        Remote::Ready((answer, shops)) => {
            let said = said(typed, &answer, shops.is_empty());
            let credit = answer.credit;
            let places = answer.places.into_iter().map(|place| {
                let (name, detail) = (place.label.clone(), place.detail.clone());
                row(Icon::Locate, name, detail, Callback::new(move |()| choose.run(Chosen::Place(place.clone()))))
            });
            let shops = shops.into_iter().map(|shop| {
                let (name, address) = (shop.name.clone(), address_line(&shop));
                row(Icon::Pin, name, address, Callback::new(move |()| choose.run(Chosen::Shop(Box::new(shop.clone())))))
            });
            let rows = places.chain(shops).collect::<Vec<_>>();
            view! {
                {said.map(|said| view! { <p class="hint">{said}</p> })}
                {rows}
                {credit.map(|credit| view! { <p class="hint">{text::place_credit(&credit)}</p> })}
            }
            .into_any()
        }
        Remote::Failed(error) => {
            let explained = words::failure(&error, words::What::Places);
            view! { <p class="hint hint--problem" role="alert">{explained.line()}</p> }.into_any()
        }
        Remote::Idle | Remote::Loading => ().into_any(),
    }
}

/// What the rows alone do not say: that they are not what was typed, or that there are several of one name.
fn said(typed: &str, answer: &PlaceAnswer, no_shops: bool) -> Option<String> {
    match (answer.fit, &answer.showing) {
        (PlaceFit::Near, Some(showing)) => Some(text::place_no_exact_match(typed, showing)),
        (PlaceFit::Ambiguous, _) => Some(text::place_several().to_owned()),
        (PlaceFit::None, _) if no_shops => Some(text::place_none(typed)),
        _ => None,
    }
}

fn row(icon: Icon, name: String, detail: String, choose: Callback<()>) -> AnyView {
    view! {
        <button type="button" class="place-row" on:click=move |_| choose.run(())>
            <Sign icon=icon />
            <span>
                <b>{name}</b>
                <span class="place-row__address">{detail}</span>
            </span>
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(fit: PlaceFit, showing: Option<&str>) -> PlaceAnswer {
        PlaceAnswer { fit, showing: showing.map(str::to_owned), places: Rows::default(), credit: None }
    }

    #[test]
    fn what_is_not_what_was_typed_is_said_to_be_so() {
        let near = answer(PlaceFit::Near, Some("M1 Manchester"));
        assert_eq!(said("M1 9ZZ", &near, true).as_deref(), Some("No exact match for “M1 9ZZ”, showing M1 Manchester."));
        assert_eq!(said("69003", &answer(PlaceFit::Exact, None), true), None);
        assert!(said("Springfield", &answer(PlaceFit::Ambiguous, None), true).unwrap().contains("Which one?"));
        assert!(said("xyzzy", &answer(PlaceFit::None, None), true).unwrap().starts_with("Nothing found for “xyzzy”"));
        // A shop of that name is an answer.
        assert_eq!(said("Part-Dieu", &answer(PlaceFit::None, None), false), None);
    }
}
