//! Filters of the list of shops: each lives in the address.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::chooser::use_chooser;
use crate::components::icon::{Icon, Sign};
use crate::nearby::Shop;
use crate::route::{Route, StoresQuery};
use crate::session::use_session;
use crate::text;
use crate::words;

/// Services that are offered as filters at most.
const SERVICES: usize = 6;

/// The place, opening and services.
#[component]
pub(super) fn Filters(query: Memo<StoresQuery>, shops: Memo<Vec<Shop>>) -> impl IntoView {
    let session = use_session();
    let chooser = use_chooser();
    let navigate = use_navigate();
    // The services of the last answer stay while a filter narrows the list: otherwise there would be no way to another one.
    let services = Memo::new(move |before: Option<&Vec<(String, String)>>| {
        let now = shops.with(|shops| services(shops));
        let narrowed = query.with(|q| q.service.is_some() || q.open_now || q.open_at.is_some());
        match before {
            Some(before) if narrowed && !before.is_empty() => before.clone(),
            _ => now,
        }
    });
    let on_time = move |time: String| {
        let open_at = Some(time).filter(|time| !time.is_empty());
        let next = StoresQuery { open_now: false, open_at, ..query.get_untracked() };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&Route::Stores(next).path(), options);
    };
    let chip = |name: String, active: bool, target: StoresQuery| {
        view! {
            <a class="chip" href=Route::Stores(target).path() data-noscroll="" aria-current=active.then_some("true")>
                {name}
            </a>
        }
        .into_any()
    };
    view! {
        <nav class="chips" aria-label=text::stores_filters()>
            <button type="button" class="chip" on:click=move |_| chooser.open()>
                <Sign icon=Icon::Locate />
                {move || session.place().map_or_else(|| text::stores_choose_place().to_owned(), |p| p.label)}
            </button>
            {move || {
                let query = query.get();
                let open = StoresQuery { open_now: !query.open_now, open_at: None, ..query.clone() };
                chip(text::stores_open_now().to_owned(), query.open_now, open)
            }}
            <label class="chip chip--field">
                {text::stores_open_at()}
                <input
                    type="datetime-local"
                    prop:value=move || query.with(|q| q.open_at.clone().unwrap_or_default())
                    on:change:target=move |event| on_time(event.target().value())
                />
            </label>
            {move || {
                let query = query.get();
                let services = services.get().into_iter();
                services
                    .map(|(id, name)| {
                        let active = query.service.as_ref() == Some(&id);
                        let service = (!active).then_some(id);
                        chip(name, active, StoresQuery { service, ..query.clone() })
                    })
                    .collect::<Vec<_>>()
            }}
        </nav>
    }
}

/// What shops of the list offer, ids and names, those that most of them offer first; what all offer tells none apart.
fn services(shops: &[Shop]) -> Vec<(String, String)> {
    let mut counted: Vec<(usize, &String, &String)> = Vec::new();
    for (id, amenity) in shops.iter().flat_map(|shop| &shop.location.amenities) {
        match counted.iter_mut().find(|(_, known, _)| *known == id) {
            Some(known) => known.0 += 1,
            None => counted.push((1, id, &amenity.description)),
        }
    }
    counted.retain(|(count, ..)| *count < shops.len());
    let mut services = Vec::new();
    while services.len() < SERVICES {
        let most = counted.iter().enumerate().rev().max_by_key(|(_, (count, ..))| *count).map(|(place, _)| place);
        let Some(most) = most else { break };
        let (_, id, name) = counted.remove(most);
        services.push((id.clone(), words::amenity(id, name)));
    }
    services
}

#[cfg(test)]
mod tests {
    use api_contract::location::Amenity;

    use super::*;
    use crate::nearby::example;

    #[test]
    fn what_most_shops_offer_comes_first_and_what_all_offer_is_no_filter() {
        let shop = |amenities: &[&str]| {
            let mut shop = example::shop("a", 1);
            let amenity = |name: &&str| ((*name).to_owned(), Amenity { description: name.to_uppercase() });
            shop.location.amenities = amenities.iter().map(amenity).collect();
            shop
        };
        let shops = [shop(&["all", "repair"]), shop(&["all", "cafe", "repair"]), shop(&["all"])];
        let found = services(&shops);
        assert_eq!(found, [("repair".to_owned(), "REPAIR".to_owned()), ("cafe".to_owned(), "CAFE".to_owned())]);
        assert!(services(&[]).is_empty());
    }
}
