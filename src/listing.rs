//! A product as a line in a list: what is said of it besides its stock.

use api_contract::product::Product;
use domain::money::Money;
use domain::size;

use crate::api;
use crate::browser::intl;
use crate::components::product_row::ProductRowView;
use crate::route::Route;
use crate::text;

/// What a row shows of a product.
#[must_use]
pub fn row(product: &Product) -> ProductRowView {
    ProductRowView {
        href: Route::Product(product.sku.clone()).path(),
        title: marked(&product.title, &product.matches),
        subtitle: subtitle(product),
        image: product.image.as_deref().map(api::url),
        category: product.categories.first().cloned().unwrap_or_default(),
    }
}

/// What a product costs, written out: at a shop where that is known, else in general.
#[must_use]
pub fn price(in_general: Option<Money>, at_shop: Option<Money>) -> String {
    at_shop.or(in_general).map(intl::money).unwrap_or_default()
}

/// Colour and what else there is of it: `Glacier · 4 colours`, `Sizes 36–47`, or the brand.
fn subtitle(product: &Product) -> String {
    let colours = distinct(product.variants.iter().filter_map(|v| v.color.as_deref()));
    let mut sizes = distinct(product.variants.iter().filter_map(|v| v.size.as_deref()));
    size::sort(&mut sizes, |s| s);
    let mut parts = Vec::new();
    match (product.color.as_deref(), colours.len()) {
        (Some(colour), 0 | 1) => parts.push(colour.to_owned()),
        (Some(colour), n) => parts.push(text::listing_colours(u64::try_from(n).unwrap_or(u64::MAX), colour)),
        (None, _) => {}
    }
    match sizes.as_slice() {
        [] => {}
        [one] => parts.push(text::product_size(one)),
        [first, .., last] => parts.push(text::product_sizes(first, last)),
    }
    if parts.is_empty() {
        parts.extend(product.brand.clone());
    }
    parts.join(" · ")
}

fn distinct<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

/// A title in parts, those flagged that match. The ranges count UTF-16 code units; what is no range of this title is not
/// marked.
fn marked(title: &str, matches: &[(u32, u32)]) -> Vec<(String, bool)> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut matches = matches.iter().peekable();
    let mut unit = 0;
    for letter in title.chars() {
        while matches.next_if(|(_, end)| *end <= unit).is_some() {}
        let inside = matches.peek().is_some_and(|(begin, _)| *begin <= unit);
        match parts.last_mut() {
            Some((part, flagged)) if *flagged == inside => part.push(letter),
            _ => parts.push((letter.to_string(), inside)),
        }
        unit += if letter > '\u{FFFF}' { 2 } else { 1 };
    }
    parts
}

#[cfg(test)]
mod tests {
    use api_contract::product::Variant;
    use domain::id::Sku;

    use super::*;

    fn variant(sku: &str, color: Option<&str>, size: Option<&str>) -> Variant {
        Variant { sku: Sku::new(sku).unwrap(), color: color.map(str::to_owned), size: size.map(str::to_owned) }
    }

    fn product(color: Option<&str>, variants: Vec<Variant>) -> Product {
        Product {
            sku: Sku::new("a").unwrap(),
            gtin: None,
            title: "Boreal insulated bottle 0.75 L".into(),
            description: None,
            brand: Some("Boreal".into()),
            price: None,
            image: None,
            categories: vec!["Water".into()],
            color: color.map(str::to_owned),
            size: None,
            variants,
            matches: Vec::new(),
        }
    }

    #[test]
    fn the_second_line_says_what_else_there_is() {
        let colours = vec![variant("a", Some("Glacier"), None), variant("b", Some("Fern"), None)];
        let sizes =
            vec![variant("a", None, Some("36")), variant("b", None, Some("37")), variant("c", None, Some("38"))];
        assert_eq!(subtitle(&product(Some("Glacier"), colours)), "Glacier · 2 colours");
        assert_eq!(subtitle(&product(None, sizes)), "Sizes 36–38");
        assert_eq!(subtitle(&product(None, vec![])), "Boreal");
    }

    #[test]
    fn the_matching_parts_of_a_title_are_flagged_and_nothing_is_lost() {
        let flagged = |title: &str, matches: &[(u32, u32)]| -> String {
            let part = |(text, inside): (String, bool)| if inside { format!("[{text}]") } else { text };
            marked(title, matches).into_iter().map(part).collect()
        };
        assert_eq!(flagged("Boreal insulated bottle", &[(0, 3), (17, 23)]), "[Bor]eal insulated [bottle]");
        assert_eq!(flagged("Écran 😀 27", &[(0, 5), (9, 11)]), "[Écran] 😀 [27]");
        assert_eq!(flagged("Boreal", &[]), "Boreal");
        assert_eq!(flagged("Boreal", &[(4, 90), (2, 1)]), "Bore[al]");
        assert_eq!(flagged("", &[(0, 1)]), "");
    }
}
