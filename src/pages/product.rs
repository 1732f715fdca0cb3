//! One product, and the shops that have it.

mod model;
mod shops;

use api_contract::product::Product;
use domain::basket::MAX_QUANTITY;
use domain::id::{LocationId, Sku};
use leptos::prelude::*;

use crate::api;
use crate::browser::{document, intl};
use crate::chooser::use_chooser;
use crate::components::icon::{Icon, Sign};
use crate::components::notice::FailureNotice;
use crate::components::picture::Picture;
use crate::components::skeleton::SkeletonRows;
use crate::components::stepper::Stepper;
use crate::live::{Live, Watched};
use crate::nearby::use_nearby;
use crate::remote::{FAILURE_SHOWS, OUTLIVES_FAILURE, Remote, fetch};
use crate::route::{ReserveQuery, Route};
use crate::session::{BasketLine, Seen, use_session};
use crate::text;
use crate::words;
use shops::PickUpNearYou;

/// One product.
#[component]
pub fn ProductPage(
    /// Which.
    sku: Sku,
) -> impl IntoView {
    let retry = RwSignal::new(0u32);
    let product = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let sku = sku.clone();
        Some(async move { api::product(&sku).await })
    });
    move || match product.get() {
        Remote::Idle | Remote::Loading => view! {
            <div class="product product--loading">
                <SkeletonRows count=4 label=text::product_loading() />
            </div>
        }
        .into_any(),
        Remote::Failed(error) => {
            let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
            view! {
                <BackLink />
                <FailureNotice explained=words::failure(&error, words::What::Product) retry=again />
            }
            .into_any()
        }
        Remote::Ready(product) => view! { <Shown product /> }.into_any(),
    }
}

#[component]
fn BackLink() -> impl IntoView {
    view! {
        <a class="back" href=Route::Start.path()>
            <Sign icon=Icon::Back />
            {text::product_back()}
        </a>
    }
}

/// The product, once it is here.
#[component]
fn Shown(product: Product) -> impl IntoView {
    let session = use_session();
    let nearby = use_nearby();
    document::set_title(&text::product_page_title(&product.title));

    let sku = product.sku.clone();
    let shops = Memo::new(move |_| nearby.shops.with(|s| s.ready().cloned().unwrap_or_default()));
    let live = {
        let sku = sku.clone();
        Live::follow(
            session,
            Signal::derive(move || Watched {
                locations: shops.with(|s| s.iter().map(|s| s.location.id.clone()).collect()),
                skus: vec![sku.clone()],
            }),
        )
    };
    let again = RwSignal::new(0u32);
    // What was known stays on the screen while it is asked again, and when asking fails: it only grows older.
    let rows = {
        let sku = sku.clone();
        fetch(OUTLIVES_FAILURE, move || {
            again.track();
            let _ = session.online.get();
            let locations: Vec<LocationId> = shops.with(|s| s.iter().map(|s| s.location.id.clone()).collect());
            let sku = sku.clone();
            (!locations.is_empty()).then_some(async move { api::stock(&[sku], &locations).await })
        })
    };
    live.learn_from(rows);
    let offers = {
        let sku = sku.clone();
        Memo::new(move |_| {
            let here = nearby.here.get().map(|s| s.location.id);
            rows.with(|rows| {
                rows.ready().map(|a| model::offers(&shops.get(), here.as_ref(), &a.rows, |l| live.reading(&sku, l)))
            })
            .unwrap_or_default()
        })
    };
    let picked = RwSignal::new(None::<LocationId>);
    let selected = Memo::new(move |_| offers.with(|o| model::selected(o, picked.get().as_ref())));

    let here_price = Memo::new(move |_| offers.with(|o| model::price_here(o, selected.get().as_ref())));
    let base_price = product.price;
    let price = move || {
        let (now, regular) = here_price.get().unwrap_or((base_price, None));
        view! {
            <span class="price price--large">{now.map(intl::money)}</span>
            {regular.map(|r| view! { <s class="price__regular">{intl::money(r)}</s> })}
        }
    };
    let subtitle = [product.brand.clone(), product.color.clone(), product.size.as_deref().map(text::product_size)];
    let subtitle = subtitle.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let category = product.categories.first().cloned().unwrap_or_default();
    let seen = {
        let sku = sku.clone();
        Signal::derive(move || {
            let location = selected.get()?.id;
            let units = live.reading(&sku, &location).and_then(|reading| reading.quantity);
            Some(Seen { price: here_price.get().map_or(base_price, |(now, _)| now), units, location })
        })
    };
    let hold_hours = Memo::new(move |_| offers.with(|o| model::hold_hours(o, selected.get().as_ref())));

    view! {
        <BackLink />
        <article class="product">
            <div class="product__picture">
                <Picture image=product.image.as_deref().map(api::url) category large=true />
            </div>
            <div class="product__body">
                <div class="product__head">
                    <h1 class="product__title">{product.title.clone()}</h1>
                    <p class="product__price">{price}</p>
                </div>
                <p class="product__subtitle">{subtitle}</p>
                <Variants product=product.clone() />
                <IntoBasket product=product.clone() seen />
                <PickUpNearYou offers rows live selected picked retry=Callback::new(move |()| again.update(|n| *n = n.wrapping_add(1))) />
                {product.description.clone().map(|d| view! {
                    <section class="product__about">
                        <h2 class="section-title">{text::product_about()}</h2>
                        <p>{d}</p>
                    </section>
                })}
                <dl class="facts">
                    <div><dt>{text::product_number()}</dt><dd>{product.sku.to_string()}</dd></div>
                    {product.gtin.as_ref().map(|g| view! { <div><dt>{text::product_barcode()}</dt><dd>{g.to_string()}</dd></div> })}
                </dl>
            </div>
        </article>
        <div class="action-bar">
            {move || {
                let stale = live.freshness().is_some_and(|f| matches!(f, domain::inventory::Freshness::Stale(_)));
                reserve_action(selected.get(), offers.with(Vec::len), &sku, hold_hours.get(), stale)
            }}
        </div>
    }
}

/// Into the basket, and how many are in it.
#[component]
fn IntoBasket(
    product: Product,
    /// What is known of it now, where it would be collected.
    seen: Signal<Option<Seen>>,
) -> impl IntoView {
    let session = use_session();
    let sku = product.sku.clone();
    let quantity = Signal::derive(move || session.in_basket(&sku));
    let line = BasketLine {
        sku: product.sku,
        quantity: 1,
        title: product.title,
        image: product.image,
        category: product.categories.into_iter().next().unwrap_or_default(),
        seen: None,
    };
    let put = Callback::new(move |quantity| {
        session.put_in_basket(BasketLine { quantity, seen: seen.get_untracked(), ..line.clone() });
    });
    move || {
        if quantity.with(|quantity| *quantity == 0) {
            view! {
                <button type="button" class="button button--quiet" on:click=move |_| put.run(1)>
                    <Sign icon=Icon::Basket />
                    {text::product_add()}
                </button>
            }
            .into_any()
        } else {
            view! {
                <p class="basket__in">
                    <a href=Route::Basket.path()>{text::product_in_basket()}</a>
                    <Stepper label=text::product_how_many() value=quantity max=Signal::stored(MAX_QUANTITY) on_change=put />
                    <button type="button" class="link-button" on:click=move |_| put.run(0)>{text::product_take_out()}</button>
                </p>
            }
            .into_any()
        }
    }
}

/// The button at the bottom: what it will do, or why it cannot and what to do instead.
fn reserve_action(selected: Option<model::Selected>, shops: usize, sku: &Sku, hold_hours: u32, stale: bool) -> AnyView {
    let chooser = use_chooser();
    let nearby = use_nearby();
    match selected {
        Some(shop) => {
            let query = ReserveQuery { sku: sku.clone(), location: shop.id };
            view! {
                <a class="button button--main" href=Route::Reserve(query).path()>
                    {words::reserve_button(&shop.name, hold_hours, stale)}
                </a>
            }
            .into_any()
        }
        None if nearby.shops.with(|s| *s == Remote::Idle) => view! {
            <button type="button" class="button button--main" on:click=move |_| chooser.open()>
                {text::product_choose_place()}
            </button>
        }
        .into_any(),
        None if shops == 0 => view! { <span class="action-bar__placeholder"></span> }.into_any(),
        None => view! {
            <button type="button" class="button button--main button--quiet" on:click=move |_| chooser.open()>
                {text::product_none_near()}
            </button>
        }
        .into_any(),
    }
}

/// The other variants: colours first, then the sizes of this colour.
#[component]
fn Variants(product: Product) -> impl IntoView {
    let groups = model::variant_groups(&product);
    groups
        .into_iter()
        .map(|(label, options)| {
            view! {
                <nav class="chips chips--wrap" aria-label=label>
                    {options
                        .into_iter()
                        .map(|option| {
                            view! {
                                <a
                                    class="chip"
                                    href=Route::Product(option.sku).path()
                                    aria-current=option.current.then_some("true")
                                >
                                    {option.name}
                                </a>
                            }
                        })
                        .collect_view()}
                </nav>
            }
        })
        .collect_view()
}
