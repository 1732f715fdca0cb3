//! Goods that were gathered on another screen, as on one in a shop: they go into the basket of this device.

use api_contract::Item;
use api_contract::product::Product;
use futures::future::join_all;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::browser::document;
use crate::components::notice::FailureNotice;
use crate::components::skeleton::SkeletonRows;
use crate::remote::{FAILURE_SHOWS, Remote, fetch};
use crate::route::Route;
use crate::seen;
use crate::session::{BasketLine, use_session};
use crate::settings;
use crate::text;
use crate::words;

/// Takes the goods over and goes to the basket.
#[component]
pub fn TakePage(
    /// What, and how many of each.
    goods: Vec<Item>,
) -> impl IntoView {
    let session = use_session();
    let navigate = use_navigate();
    document::set_title(&text::find_start_page_title(settings::name()));
    let retry = RwSignal::new(0u32);
    let again = Callback::new(move |()| retry.update(|n| *n = n.wrapping_add(1)));
    let known = fetch(FAILURE_SHOWS, move || {
        retry.track();
        let goods = goods.clone();
        Some(async move {
            let asked = goods.iter().map(|item| seen::product(&item.sku));
            let products = join_all(asked).await.into_iter().collect::<Result<Vec<_>, _>>()?;
            Ok(products.into_iter().zip(goods).collect::<Vec<(Product, Item)>>())
        })
    });
    Effect::new(move |_| {
        let Remote::Ready(goods) = known.get() else { return };
        for (product, item) in goods {
            session.put_in_basket(BasketLine {
                sku: item.sku,
                quantity: item.quantity,
                title: product.title,
                image: product.image,
                category: product.categories.into_iter().next().unwrap_or_default(),
                seen: None,
            });
        }
        // A reload of the basket must not take it over again.
        navigate(&Route::Basket.path(), NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    move || match known.get() {
        Remote::Failed(error) => {
            view! { <FailureNotice explained=words::failure(&error, words::What::Products) retry=again /> }.into_any()
        }
        _ => view! { <SkeletonRows count=4 label=text::find_loading() /> }.into_any(),
    }
}
