//! What is on the shelf of one shop, with a search of its own.

use api_contract::location::Location;
use domain::id::Sku;
use leptos::prelude::*;

use crate::api::{self, ProductQuery};
use crate::browser::clock::sleep;
use crate::browser::intl;
use crate::components::freshness::FreshnessMark;
use crate::components::icon::Icon;
use crate::components::notice::{FailureNotice, Notice};
use crate::components::product_row::ProductRow;
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::listing;
use crate::live::{Live, Watched};
use crate::remote::{FAILURE_SHOWS, OUTLIVES_FAILURE, Remote, fetch};
use crate::search;
use crate::session::use_session;
use crate::text;
use crate::words;

const ROWS: u32 = 20;

/// What can be had at this shop now.
#[component]
pub fn Shelf(location: Location) -> impl IntoView {
    let session = use_session();
    let id = location.id.clone();
    let (typed, set_typed) = signal(String::new());
    let retry = RwSignal::new(0u32);
    let shown = {
        let id = id.clone();
        fetch(FAILURE_SHOWS, move || {
            retry.track();
            let asked = ProductQuery {
                words: typed.get().trim().to_owned(),
                in_stock_at: Some(vec![id.clone()]),
                limit: ROWS,
                ..ProductQuery::default()
            };
            Some(async move {
                if !asked.words.is_empty() {
                    sleep(60).await;
                }
                search::products(&asked).await
            })
        })
    };
    let skus = Memo::new(move |_| {
        shown
            .with(|s| s.ready().map(|p| p.products.iter().map(|p| p.sku.clone()).collect::<Vec<Sku>>()))
            .unwrap_or_default()
    });
    let live = {
        let id = id.clone();
        Live::follow(session, Signal::derive(move || Watched { locations: vec![id.clone()], skus: skus.get() }))
    };
    let rows = {
        let id = id.clone();
        fetch(OUTLIVES_FAILURE, move || {
            let (skus, id) = (skus.get(), id.clone());
            (!skus.is_empty()).then_some(async move { api::stock(&skus, &[id]).await })
        })
    };
    live.learn_from(rows);
    let price_here = move |sku: &Sku| {
        rows.with(|a| a.ready().and_then(|a| a.rows.iter().find(|r| r.sku == *sku)).and_then(|r| r.price))
    };
    let fresh = Signal::derive(move || live.freshness().map(|f| words::freshness(f, |at| intl::time(at, None))));
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    view! {
           <section class="shelf" aria-labelledby="shelf">
               <div class="results__head">
                   <h2 class="section-title" id="shelf">{text::store_shelf()}</h2>
                   <FreshnessMark said=fresh />
               </div>
               <SearchBox
                   label=text::store_shelf_search()
                   value=typed
                   on_input=Callback::new(move |text| set_typed.set(text))
               />
               {move || match shown.get() {
                   Remote::Idle | Remote::Loading => view! { <SkeletonRows count=4 label=text::store_shelf_loading() /> }.into_any(),
                   Remote::Failed(error) => {
                       view! { <FailureNotice explained=words::failure(&error, words::What::Shelf) retry=again /> }.into_any()
                   }
                   Remote::Ready(page) if page.products.is_empty() => view! {
                       <Notice
                           icon=Icon::Box
                           title=text::store_shelf_none()
                           text=text::store_shelf_none_advice()
                       />
                   }
                       .into_any(),
                   Remote::Ready(page) => {
                       page.products
                           .into_iter()
                           .map(|product| {
                               let sku = product.sku.clone();
                               let row = listing::row(&product);
    let in_general = product.price;
    let price = { let sku = sku.clone(); move || listing::price(in_general, price_here(&sku)) };
                               let id = id.clone();
                               let stock = move || live.reading(&sku, &id).map(|r| words::stock(Some(r), None));
                               view! { <ProductRow row stock=Signal::derive(stock) price=Signal::derive(price) /> }
                           })
                           .collect_view()
                           .into_any()
                   }
               }}
           </section>
       }
}
