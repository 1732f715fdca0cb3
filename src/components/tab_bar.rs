//! The tabs at the bottom of the screen, where thumbs are.

use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::route::{Route, StoresQuery, Tab};

/// The tabs; on wide screens they stand at the top.
#[component]
pub fn TabBar(
    /// The tab of the screen that is shown.
    #[prop(into)]
    current: Signal<Tab>,
    /// Pickups that wait for the shopper.
    #[prop(into)]
    waiting: Signal<usize>,
    /// Lines in the basket.
    #[prop(into)]
    in_basket: Signal<usize>,
) -> impl IntoView {
    let tab = move |tab: Tab, route: Route, icon: Icon, name: &'static str| {
        view! {
            <a class="tab" href=route.path() aria-current=move || (current.get() == tab).then_some("page")>
                <Sign icon />
                <span class="tab__name">{name}</span>
                {match tab {
                    Tab::Pickups => Some((waiting, " waiting")),
                    Tab::Basket => Some((in_basket, " in it")),
                    Tab::Search | Tab::Stores => None,
                }
                    .map(|(count, what)| {
                        view! {
                            <Show when=move || { count.get() > 0 }>
                                <span class="tab__count">
                                    {move || count.get()} <span class="visually-hidden">{what}</span>
                                </span>
                            </Show>
                        }
                    })}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label="Main">
            {tab(Tab::Search, Route::Start, Icon::Search, "Search")}
            {tab(Tab::Stores, Route::Stores(StoresQuery::default()), Icon::Pin, "Stores")}
            {tab(Tab::Basket, Route::Basket, Icon::Basket, "Basket")}
            {tab(Tab::Pickups, Route::Pickups, Icon::Ticket, "Pickups")}
        </nav>
    }
}
