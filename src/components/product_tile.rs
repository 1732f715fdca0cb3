//! A product as a tile, on a screen that many look at from a step away.

use leptos::prelude::*;

use crate::components::picture::Picture;
use crate::components::said::Statement;
use crate::words::Said;

/// What a tile shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductTileView {
    /// Its name.
    pub title: String,
    /// Colour, sizes, brand.
    pub subtitle: String,
    /// Address of its picture.
    pub image: Option<String>,
    /// The widest category.
    pub category: String,
}

/// A product as a tile: picture, name, price, and where it is. The whole tile is one button; it leads nowhere but on.
#[component]
pub fn ProductTile(
    /// What does not change while the tile is there.
    tile: ProductTileView,
    /// Where it is on a shelf; `None` before anything is known.
    #[prop(into)]
    stock: Signal<Option<Said>>,
    /// What it costs, written out.
    #[prop(into)]
    price: Signal<String>,
    /// It was tapped.
    on_open: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="tile" on:click=move |_| on_open.run(())>
            <Picture image=tile.image category=tile.category large=true />
            <span class="tile__title">{tile.title}</span>
            <span class="tile__subtitle">{tile.subtitle}</span>
            <span class="tile__foot">
                <span class="tile__stock">{move || stock.get().map(|said| view! { <Statement said=said /> })}</span>
                <span class="price">{move || price.get()}</span>
            </span>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Tone;

    #[test]
    fn a_tile_is_one_button_and_text_from_a_feed_is_only_text() {
        let tile = ProductTileView {
            title: "<b>bottle</b>".into(),
            subtitle: "Glacier".into(),
            image: None,
            category: "Water".into(),
        };
        let stock = Some(Said { tone: Tone::Good, text: "aisle 3 · 6 in stock".into() });
        let open = Callback::new(|()| {});
        let view = || view! { <ProductTile tile stock=stock price="€ 34.90".to_owned() on_open=open /> }.to_html();
        let html = Owner::new().with(view);
        assert!(html.contains("&lt;b&gt;bottle"), "{html}");
        assert_eq!((html.matches("<button").count(), html.matches("<a ").count()), (1, 0));
        assert!(html.contains("aisle 3 · 6 in stock"), "{html}");
    }
}
