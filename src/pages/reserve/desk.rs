//! Everything on one screen: what, where, when, who, and one clear button.

use api_contract::availability::AvailabilityAnswer;
use api_contract::location::Location;
use api_contract::product::Product;
use domain::basket::MAX_QUANTITY;
use domain::id::{LocationId, Sku};
use domain::inventory::Freshness;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::ContactForm;
use super::model::{self, Draft, Origin, Sending, Wanted};
use super::outcome::Refused;
use super::terms::Terms;
use crate::api;
use crate::api::ApiError;
use crate::browser::{document, intl};
use crate::campaign;
use crate::components::opening::Opening;
use crate::components::picture::Picture;
use crate::components::said::Statement;
use crate::components::stepper::Stepper;
use crate::live::{Live, Watched};
use crate::nearby;
use crate::queue::{Good, use_queue};
use crate::remote::{OUTLIVES_FAILURE, Remote, fetch};
use crate::route::Route;
use crate::seen;
use crate::session::use_session;
use crate::text;
use crate::words;

impl Wanted {
    /// One unit of a product.
    pub(super) fn product(product: Product) -> Self {
        let size = product.size.map(|size| text::reserve_size(&size));
        Self {
            sku: product.sku,
            quantity: 1,
            title: product.title,
            detail: product.color.into_iter().chain(size).collect::<Vec<_>>().join(" · "),
            image: product.image,
            category: product.categories.into_iter().next().unwrap_or_default(),
            price: product.price,
        }
    }
}

/// The desk.
#[component]
pub(super) fn Desk(
    /// What is to be put aside; one line or more.
    wanted: Vec<Wanted>,
    /// From where the shopper came.
    origin: Origin,
    location: Location,
    /// Looks again what there is.
    again: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let queue = use_queue();
    let navigate = use_navigate();
    let draft = RwSignal::new(Draft::new(wanted.iter().map(Wanted::item).collect(), &location));
    let sending = RwSignal::new(Sending::Not);
    let skus: Vec<Sku> = wanted.iter().map(|line| line.sku.clone()).collect();
    let id = location.id.clone();
    let live = {
        let (skus, id) = (skus.clone(), id.clone());
        Live::follow(session, Signal::derive(move || Watched { locations: vec![id.clone()], skus: skus.clone() }))
    };
    let answer = stock_of(live, &id, draft);
    let windows = {
        let (skus, id) = (skus.clone(), id.clone());
        // A refusal for a time that was taken meanwhile asks again which ones are left.
        let full = Memo::new(move |_| sending.with(Sending::is_window_full));
        fetch(OUTLIVES_FAILURE, move || {
            // Only a memo that is read notices what it depends on.
            let _ = full.get();
            let (skus, id) = (skus.clone(), id.clone());
            Some(async move { api::pickup_windows(&id, &skus).await })
        })
    };
    let from_basket = matches!(origin, Origin::Basket(_));

    let short = nearby::short_name(&location).to_owned();
    // The wish that the server did not answer, by its key.
    let unanswered = RwSignal::new(None::<String>);
    let replace = move || NavigateOptions { replace: true, ..NavigateOptions::default() };
    let later = {
        let navigate = navigate.clone();
        Callback::new(move |()| {
            if let Some(key) = unanswered.get_untracked() {
                queue.left_for_later(&key);
                navigate(&Route::Pickups.path(), replace());
            }
        })
    };
    // One tap is one intention: the button is off while an answer is awaited, and the key outlives a reload.
    let send = {
        let (shop, wanted) = (location.clone(), wanted.clone());
        Callback::new(move |at: LocationId| {
            if sending.with_untracked(Sending::is_on_its_way) {
                return;
            }
            if from_basket && skus.iter().all(|sku| untrack(|| session.in_basket(sku)) == 0) {
                // Another tab has put it aside meanwhile.
                return navigate(&Route::Pickups.path(), replace());
            }
            draft.update(|d| d.location_chosen(at.clone()));
            let Some(Ok(mut request)) = draft.try_update(Draft::check) else { return document::focus_first_wrong() };
            campaign::put_on(&mut request);
            // What another shop asks for it is not known here.
            let here = at == shop.id;
            let price = |sku: &Sku| {
                let row = answer.with_untracked(|a| a.ready()?.rows.iter().find(|row| row.sku == *sku)?.price);
                row.filter(|_| here)
            };
            let good = |line: &Wanted| Good {
                sku: line.sku.clone(),
                title: line.title.clone(),
                price: price(&line.sku).or(line.price.filter(|_| here)),
            };
            let name = if here { shop.name.clone() } else { other_shop(&at) };
            let leaves = session.online.get_untracked();
            let key = queue.tapped(&request, wanted.iter().map(good).collect(), name, from_basket, leaves);
            unanswered.set(Some(key.clone()));
            if !leaves {
                return sending.set(Sending::Refused(ApiError::Offline));
            }
            sending.set(Sending::OnItsWay);
            let (navigate, skus) = (navigate.clone(), skus.clone());
            spawn_local(async move {
                match api::reserve(&request, &key).await {
                    Ok(reservation) => {
                        let id = reservation.id.clone();
                        queue.reserved(&key, reservation, from_basket.then_some(skus.as_slice())).await;
                        navigate(&Route::Pickup(id).path(), replace());
                    }
                    Err(error) => {
                        if error.is_definite() {
                            queue.answered_at_desk(&key);
                            let _ = unanswered.try_set(None);
                        }
                        if let Some(problem) = error.problem() {
                            live.told(session.clock.now_untracked(), &problem.rows);
                        }
                        let _ = sending.try_set(Sending::Refused(error));
                    }
                }
            });
        })
    };
    let stays = match &origin {
        Origin::Basket(stays) if !stays.is_empty() => Some(text::reserve_stays(&stays.join(", "))),
        _ => None,
    };
    let hold = location.pickup.hold_hours;
    let goods = match from_basket {
        false => wanted.first().cloned().map(|line| one(line, live, answer, &id, draft)).into_any(),
        true => several(wanted.clone(), live, &id),
    };
    let submit = {
        let id = id.clone();
        Callback::new(move |()| send.run(id.clone()))
    };
    view! {
        <h1 class="page-title">{text::reserve_title()}</h1>
        <div class="reserve">
            <section class="reserve__what" aria-label=text::reserve_what()>
                {goods}
                {stays.map(|stays| view! { <p class="hint">{stays}</p> })}
                <Facts location=location.clone() answer />
                <Terms location=location.clone() draft windows />
            </section>
            <ContactForm draft on_submit=submit />
        </div>
        <Refused sending draft origin location windows send again later />
        <div class="action-bar">
            <button
                type="submit"
                form="contact"
                class="button button--main"
                prop:disabled=move || sending.with(Sending::is_on_its_way)
            >
                {move || {
                    if sending.with(Sending::is_on_its_way) {
                        text::reserve_asking(&short)
                    } else {
                        let stale = live.freshness().is_some_and(|f| matches!(f, Freshness::Stale(_)));
                        words::reserve_button(&short, hold, stale)
                    }
                }}
            </button>
        </div>
    }
}

/// The name of a shop that was offered instead.
fn other_shop(id: &LocationId) -> String {
    let shops = nearby::use_nearby().shops;
    shops.with_untracked(|shops| {
        let shop = shops.ready().into_iter().flatten().find(|shop| shop.location.id == *id);
        shop.map(|shop| shop.location.name.clone()).unwrap_or_default()
    })
}

/// One product, of which the shopper may want more.
fn one(
    line: Wanted,
    live: Live,
    answer: RwSignal<Remote<AvailabilityAnswer>>,
    id: &LocationId,
    draft: RwSignal<Draft>,
) -> AnyView {
    let reading = {
        let (sku, id) = (line.sku.clone(), id.clone());
        Memo::new(move |_| live.reading(&sku, &id))
    };
    let most = Memo::new(move |_| model::most(reading.get()));
    let quantity = Signal::derive(move || draft.with(Draft::quantity));
    let price = Memo::new(move |_| answer.with(|a| a.ready().and_then(|a| a.rows.first().and_then(|r| r.price))));
    let base_price = line.price;
    let limit = move || match (quantity.get() >= most.get(), most.get()) {
        (false, _) => String::new(),
        (true, MAX_QUANTITY) => text::reserve_most(MAX_QUANTITY.into()),
        (true, most) => text::reserve_all_there_is(most.into()),
    };
    view! {
        <div class="pass__item">
            <Picture image=line.image.as_deref().map(api::url) category=line.category />
            <span>
                <b class="pass__title">{line.title}</b>
                <span class="pass__line">{line.detail}</span>
                <span class="pass__line">
                    <b>{move || price.get().or(base_price).map(intl::money)}</b> " · " {text::reserve_pay()}
                </span>
            </span>
        </div>
        <div class="reserve__quantity">
            <span>
                <Statement said=Signal::derive(move || words::stock(reading.get(), None)) />
            </span>
            <Stepper
                label=text::reserve_how_many()
                value=quantity
                max=most
                on_change=Callback::new(move |quantity| draft.update(|d| d.quantity_chosen(quantity)))
            />
        </div>
        <p class="hint reserve__limit" role="status">{limit}</p>
    }
    .into_any()
}

/// The lines of the basket; those of which there are fewer by now say so.
fn several(wanted: Vec<Wanted>, live: Live, id: &LocationId) -> AnyView {
    let row = |line: Wanted| {
        let (sku, id, quantity) = (line.sku, id.clone(), line.quantity);
        let short = Memo::new(move |_| {
            let reading = live.reading(&sku, &id)?;
            model::is_short(reading, quantity).then_some(reading)
        });
        view! {
            <li>
                {quantity} " × " <b>{line.title}</b>
                {move || short.get().map(|reading| {
                    view! { " " <Statement said=Signal::derive(move || words::stock(Some(reading), None)) /> }
                })}
            </li>
        }
    };
    let rows = wanted.into_iter().map(row).collect::<Vec<_>>();
    view! { <ul class="basket__goods">{rows}</ul> }.into_any()
}

/// Where, when it is ready, how long it is kept.
#[component]
fn Facts(location: Location, answer: RwSignal<Remote<AvailabilityAnswer>>) -> impl IntoView {
    let minute = use_session().clock.by_minute();
    let ready_by = Memo::new(move |_| answer.with(|a| a.ready().and_then(|a| model::ready_by(&a.rows))));
    let hold = location.pickup.hold_hours;
    let (zone, name, address) = (location.timezone.clone(), location.name.clone(), nearby::address_line(&location));
    let opening = Signal::derive(move || nearby::opening(&location, minute.get()));
    view! {
        <dl class="reserve__facts">
            <div>
                <dt>{text::reserve_where()}</dt>
                <dd><b>{name}</b><br />{address}<br /><Opening words=opening /></dd>
            </div>
            {move || ready_by.get().map(|at| {
                let when = intl::date_time(at, Some(&zone));
                view! { <div><dt>{text::reserve_ready_by()}</dt><dd>{when}</dd></div> }
            })}
            {(hold > 0).then(|| view! {
                <div>
                    <dt>{text::reserve_kept()}</dt>
                    <dd>{text::reserve_kept_for(&words::hold_length(hold))}</dd>
                </div>
            })}
        </dl>
    }
}

fn stock_of(live: Live, id: &LocationId, draft: RwSignal<Draft>) -> RwSignal<Remote<AvailabilityAnswer>> {
    let id = id.clone();
    let items = Memo::new(move |_| draft.with(|draft| draft.items.clone()));
    let answer = fetch(OUTLIVES_FAILURE, move || {
        let (items, id) = (items.get(), id.clone());
        Some(async move {
            let mut answer = seen::availability(items, vec![id]).await?;
            // Asked for several, a shelf may say "unavailable": the board speaks of one unit, as the stream does.
            answer.rows.iter_mut().for_each(model::for_one_unit);
            Ok(answer)
        })
    });
    live.learn_from(answer);
    answer
}
