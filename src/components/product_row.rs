//! A product in a list.

use leptos::prelude::*;

use crate::components::picture::Picture;
use crate::components::said::Statement;
use crate::words::Said;

/// What a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRowView {
    /// Where it leads.
    pub href: String,
    /// Its name, in parts; the flagged ones match what was searched.
    pub title: Vec<(String, bool)>,
    /// Colour, sizes, brand.
    pub subtitle: String,
    /// Address of its picture.
    pub image: Option<String>,
    /// The widest category.
    pub category: String,
}

/// A product in a list: picture, name, price, and where it is on a shelf. The whole row is one link.
#[component]
pub fn ProductRow(
    /// What does not change while the row is there.
    row: ProductRowView,
    /// Where it is on a shelf; `None` where no place is known.
    #[prop(into)]
    stock: Signal<Option<Said>>,
    /// What it costs, written out: at the shop that the line speaks of, once that is known.
    #[prop(into)]
    price: Signal<String>,
) -> impl IntoView {
    let title = row
        .title
        .into_iter()
        .map(|(text, matches)| if matches { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() })
        .collect_view();
    view! {
        <a class="product-row" href=row.href>
            <Picture image=row.image category=row.category />
            <span class="product-row__body">
                <span class="product-row__title">{title}</span>
                <span class="product-row__subtitle">{row.subtitle}</span>
                <span class="product-row__foot">
                    <span class="product-row__stock">
                        {move || stock.get().map(|said| view! { <Statement said=said /> })}
                    </span>
                    <span class="price">{move || price.get()}</span>
                </span>
            </span>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Tone;

    #[test]
    fn a_row_is_one_link_and_text_from_a_feed_is_only_text() {
        let row = ProductRowView {
            href: "/p/a".into(),
            title: vec![("<script>alert(1)</script> ".into(), false), ("bottle".into(), true)],
            subtitle: "Glacier".into(),
            image: None,
            category: "Water".into(),
        };
        let stock = Some(Said { tone: Tone::Out, text: "Sold out at Part-Dieu".into() });
        let html = Owner::new().with(|| view! { <ProductRow row stock=stock price="€ 34.90".to_owned() /> }.to_html());
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("<mark>bottle</mark>"), "{html}");
        assert_eq!(html.matches("<a ").count(), 1);
        assert!(html.contains("Sold out at Part-Dieu"));
    }
}
