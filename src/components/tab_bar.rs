//! The tabs at the bottom of the screen, where thumbs are.

use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::route::{Route, StoresQuery, Tab};
use crate::text;

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
                    Tab::Pickups => Some((waiting, text::tab_pickups_count as fn(u64) -> String)),
                    Tab::Basket => Some((in_basket, text::tab_basket_count as fn(u64) -> String)),
                    Tab::Search | Tab::Stores => None,
                }
                    .map(|(count, said)| {
                        view! {
                            <Show when=move || { count.get() > 0 }>
                                <span class="tab__count">
                                    <span aria-hidden="true">{move || count.get()}</span>
                                    <span class="visually-hidden">
                                        {move || said(u64::try_from(count.get()).unwrap_or(u64::MAX))}
                                    </span>
                                </span>
                            </Show>
                        }
                    })}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=text::tab_main()>
            {tab(Tab::Search, Route::Start, Icon::Search, text::tab_search())}
            {tab(Tab::Stores, Route::Stores(StoresQuery::default()), Icon::Pin, text::tab_stores())}
            {tab(Tab::Basket, Route::Basket, Icon::Basket, text::tab_basket())}
            {tab(Tab::Pickups, Route::Pickups, Icon::Ticket, text::tab_pickups())}
        </nav>
    }
}
