//! Reservations that the server has not said yes to: what is known of them, and what the shopper can do.

use api_contract::problem::Problem;
use domain::basket::Fulfils;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::browser::intl;
use crate::components::said::Statement;
use crate::queue::{Queue, SENT_FOR_MS, Stage, Wish, use_queue};
use crate::route::{ReserveQuery, Route};
use crate::text;
use crate::words::{self, Said, Tone};

/// They stand above the pickups, because they may need an answer; nothing where there are none.
#[component]
pub(super) fn Unsent() -> impl IntoView {
    let queue = use_queue();
    let any = Memo::new(move |_| !queue.waiting().is_empty());
    let keys = Memo::new(move |_| queue.waiting().into_iter().map(|wish| wish.key).collect::<Vec<_>>());
    view! {
        <Show when=move || any.get()>
            <ul class="pickups unsent" aria-label=text::queue_left()>
                <For each=move || keys.get() key=Clone::clone let:key>
                    {row(&key)}
                </For>
            </ul>
        </Show>
    }
}

fn row(key: &str) -> AnyView {
    let queue = use_queue();
    let key = key.to_owned();
    let wish = Memo::new(move |_| queue.waiting().into_iter().find(|wish| wish.key == key));
    view! {
        <li>
            <div class="unsent__wish" role="status">{move || wish.get().map(|wish| shown(&wish))}</div>
        </li>
    }
    .into_any()
}

fn shown(wish: &Wish) -> AnyView {
    let quantity = |sku| wish.request.items.iter().find(|item| item.sku == sku).map_or(1, |item| item.quantity);
    let goods = wish.goods.iter().map(|good| match quantity(good.sku.clone()) {
        1 => good.title.clone(),
        quantity => format!("{quantity} × {}", good.title),
    });
    let goods = goods.collect::<Vec<_>>().join(", ");
    let lines = lines(wish).into_iter().map(|line| view! { <span class="pickup-row__line">{line}</span> });
    view! {
        <span class="pickup-row__body">
            <Statement said=said(wish) />
            <span class="pickup-row__goods">{goods}</span>
            <span class="pickup-row__line">{wish.shop.clone()}</span>
            {lines.collect::<Vec<_>>()}
        </span>
        <span class="unsent__doors">{doors(wish)}</span>
    }
    .into_any()
}

/// Where it stands, in a few words; never that it is reserved.
fn said(wish: &Wish) -> Said {
    let (tone, text) = match wish.stage {
        Stage::Sending => (Tone::Unknown, text::queue_sending(&wish.shop)),
        Stage::AtDesk | Stage::Waiting if wish.sent => (Tone::Low, text::queue_no_answer().to_owned()),
        Stage::AtDesk | Stage::Waiting => (Tone::Low, text::queue_not_sent().to_owned()),
        Stage::TooOld | Stage::PriceChanged | Stage::ShortNow => (Tone::Low, text::queue_asks().to_owned()),
        Stage::Refused => (Tone::Out, wish.refusal.as_ref().map(|r| explained(r).title).unwrap_or_default()),
    };
    Said { tone, text }
}

/// What is safe, and what comes next.
fn lines(wish: &Wish) -> Vec<String> {
    let mut lines = match wish.stage {
        Stage::Sending => Vec::new(),
        Stage::AtDesk | Stage::Waiting if wish.sent => vec![text::queue_no_answer_advice().to_owned()],
        Stage::AtDesk | Stage::Waiting => {
            vec![text::queue_not_sent_advice(&intl::time(wish.at.plus_millis(SENT_FOR_MS), None))]
        }
        Stage::TooOld if wish.sent => vec![text::queue_too_old_sent().to_owned()],
        Stage::TooOld => vec![text::queue_too_old().to_owned()],
        Stage::PriceChanged => {
            let changed = wish.goods.iter().zip(&wish.now).filter_map(|(good, now)| {
                let now = (*now).filter(|now| good.price.is_some_and(|seen| seen != *now))?;
                Some(text::queue_price(&good.title, &intl::money(now)))
            });
            changed.collect()
        }
        Stage::ShortNow => vec![text::queue_short(&wish.shop)],
        Stage::Refused => wish.refusal.as_ref().map(|refusal| explained(refusal).text).into_iter().collect(),
    };
    if wish.from_basket && (wish.asks() || wish.stage == Stage::Refused) {
        lines.push(text::queue_still_basket().to_owned());
    }
    lines
}

fn explained(refusal: &Problem) -> words::Explained {
    words::failure(&ApiError::Problem(Box::new(refusal.clone())), words::What::Reserving)
}

fn doors(wish: &Wish) -> AnyView {
    let queue = use_queue();
    let press = |label: &'static str, quiet: bool, then: fn(crate::queue::Queue, &str)| {
        let key = wish.key.clone();
        view! {
            <button
                type="button"
                class="button"
                class:button--quiet=quiet
                on:click=move |_| then(queue, &key)
            >
                {label}
            </button>
        }
        .into_any()
    };
    let mut doors = Vec::new();
    if wish.asks() {
        let label = if wish.stage == Stage::ShortNow { text::queue_try() } else { text::queue_send() };
        doors.push(press(label, false, Queue::confirmed_again));
    }
    if wish.stage == Stage::Refused || wish.stage == Stage::ShortNow {
        doors.extend(elsewhere(wish));
    }
    match wish.stage {
        Stage::Sending => {}
        Stage::Refused => doors.push(press(text::queue_read(), true, Queue::dropped)),
        _ if wish.sent => doors.push(press(text::queue_dropped_sent(), true, Queue::dropped)),
        _ => doors.push(press(text::queue_drop(), true, Queue::dropped)),
    }
    doors.into_any()
}

/// The shops that the server named instead, and back to where it came from.
fn elsewhere(wish: &Wish) -> Vec<AnyView> {
    let link = |label: String, route: Route| {
        view! { <a class="button button--quiet" href=route.path()>{label}</a> }.into_any()
    };
    let sku = wish.goods.first().map(|good| good.sku.clone());
    let others = wish.refusal.iter().flat_map(|refusal| &refusal.alternatives).filter(|a| a.fulfils == Fulfils::All);
    let mut doors: Vec<AnyView> = others
        .filter_map(|other| {
            let location = other.location_id.clone();
            let route = match wish.from_basket {
                true => Route::Collect(location),
                false => Route::Reserve(ReserveQuery { sku: sku.clone()?, location }),
            };
            Some(link(text::queue_at_other(&other.name), route))
        })
        .collect();
    match (wish.from_basket, sku) {
        (false, Some(sku)) => doors.push(link(text::queue_see_product().to_owned(), Route::Product(sku))),
        _ => doors.push(link(text::queue_see_basket().to_owned(), Route::Basket)),
    }
    doors
}
