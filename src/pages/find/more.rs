//! What follows the first rows of a list, asked for by the shopper.

use api_contract::availability::MAX_LOCATIONS;
use api_contract::product::Product;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::list::Answer;
use crate::api::{ApiError, ProductQuery};
use crate::remote::Remote;
use crate::search;
use crate::text;
use crate::words;

/// Rows that one screen keeps up to date, which is what one stream carries.
const MOST: usize = MAX_LOCATIONS;

/// The rows behind the first ones.
#[derive(Clone, Copy)]
pub(super) struct More {
    /// Those that came so far.
    pub(super) products: RwSignal<Vec<Product>>,
    asked: RwSignal<Option<ProductQuery>>,
    cursor: RwSignal<Option<String>>,
    state: RwSignal<Remote<()>>,
}

impl More {
    /// Begins anew with each answer to the search.
    pub(super) fn of(answer: RwSignal<Answer>) -> Self {
        let more = Self {
            products: RwSignal::new(Vec::new()),
            asked: RwSignal::new(None),
            cursor: RwSignal::new(None),
            state: RwSignal::new(Remote::Idle),
        };
        Effect::new(move |_| {
            let (asked, cursor) = answer.with(|answer| match answer.ready() {
                Some((asked, page)) => (Some(asked.clone()), page.pagination.next_cursor.clone()),
                None => (None, None),
            });
            more.products.set(Vec::new());
            more.state.set(Remote::Idle);
            more.asked.set(asked);
            more.cursor.set(cursor);
        });
        more
    }

    fn ask(self) {
        let (Some(asked), Some(cursor)) = (self.asked.get_untracked(), self.cursor.get_untracked()) else { return };
        if self.state.with_untracked(|s| *s == Remote::Loading) {
            return;
        }
        self.state.set(Remote::Loading);
        spawn_local(async move {
            let answer = search::products(&ProductQuery { cursor: Some(cursor), ..asked.clone() }).await;
            // Another search may have begun meanwhile, or the screen may be gone.
            if self.asked.try_get_untracked().flatten().as_ref() == Some(&asked) {
                self.arrived(answer);
            }
        });
    }

    fn arrived(self, answer: Result<api_contract::product::ProductPage, ApiError>) {
        match answer {
            Ok(page) => {
                self.cursor.set(page.pagination.next_cursor);
                self.products.update(|products| products.extend(page.products));
                self.state.set(Remote::Idle);
            }
            Err(error) => self.state.set(Remote::Failed(error)),
        }
    }
}

/// The button below a list that goes on, and what it says when asking failed.
#[component]
pub(super) fn MoreButton(more: More, first: usize) -> impl IntoView {
    move || {
        let failed = more.state.with(|s| s.failed().map(|e| words::failure(e, words::What::MoreProducts)));
        let goes_on = more.cursor.with(Option::is_some);
        let full = first + more.products.with(Vec::len) >= MOST;
        view! {
            {failed.map(|e| view! { <p class="hint hint--problem" role="alert">{e.line()}</p> })}
            {(goes_on && full).then(|| {
                view! { <p class="hint">{text::find_narrow()}</p> }
            })}
            {(goes_on && !full).then(|| {
                view! {
                    <button
                        type="button"
                        class="button button--quiet button--wide"
                        prop:disabled=move || more.state.with(|s| *s == Remote::Loading)
                        on:click=move |_| more.ask()
                    >
                        {text::find_show_more()}
                    </button>
                }
            })}
        }
    }
}
