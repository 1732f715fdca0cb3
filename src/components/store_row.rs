//! A shop in a list.

use leptos::prelude::*;

use crate::components::opening::Opening;
use crate::text;
use crate::words::Said;

/// What a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRowView {
    /// Where it leads.
    pub href: String,
    /// Its place in the list, from 1.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// How far, written out; empty where no place is known.
    pub distance: String,
    /// What it offers, in a few words.
    pub services: String,
    /// Whether it is the shopper's own.
    pub chosen: bool,
}

/// A shop in a list: name, address, whether it is open, how far.
#[component]
pub fn StoreRow(
    /// What does not change while the row is there.
    row: StoreRowView,
    /// Whether it is open.
    #[prop(into)]
    opening: Signal<(Said, String)>,
    /// Whether it is the one that the map points at.
    #[prop(into)]
    pointed: Signal<bool>,
    /// The shopper is about to tap it: the map points at it.
    point: Callback<()>,
) -> impl IntoView {
    view! {
        <a
            class="store-row"
            class:store-row--chosen=row.chosen
            class:store-row--pointed=move || pointed.get()
            id=["shop-", &row.number.to_string()].concat()
            href=row.href
            on:mouseenter=move |_| point.run(())
            on:focus=move |_| point.run(())
        >
            <span class="store-row__number" aria-hidden="true">{row.number}</span>
            <span class="store-row__body">
                <span class="store-row__name">{row.name}{row.chosen.then_some(view! { " " <span class="chip-mark">{text::own_shop()}</span> })}</span>
                <span class="store-row__line">{row.address}</span>
                <span class="store-row__line"><Opening words=opening /></span>
                {(!row.services.is_empty()).then(|| view! { <span class="store-row__line">{row.services}</span> })}
            </span>
            <span class="store-row__distance">{row.distance}</span>
        </a>
    }
}
