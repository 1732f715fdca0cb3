//! What the basket screen decides, and how it says it.

use api_contract::availability::AvailabilityAnswer;
use domain::basket::rank::{self, LineStock, Ranked};
use domain::inventory::StockState;
use domain::time::Timestamp;

use crate::nearby::{self, Shop};
use crate::session::BasketLine;
use crate::text;

/// Each shop with a state for each line.
pub(super) fn shops(lines: &[BasketLine], shops: &[Shop], stock: &AvailabilityAnswer) -> Vec<rank::Shop> {
    let line_at = |line: &BasketLine, shop: &Shop| {
        let row = stock.rows.iter().find(|row| row.location_id == shop.location.id && row.sku == line.sku);
        match row {
            Some(row) if row.pickup => LineStock::Enough(row.ready_by),
            Some(row) if row.state != StockState::Unknown => LineStock::Short,
            _ => LineStock::Unknown,
        }
    };
    shops
        .iter()
        .map(|shop| rank::Shop {
            metres: shop.distance_m,
            lines: lines.iter().map(|line| line_at(line, shop)).collect(),
        })
        .collect()
}

/// The answer in a sentence or two: `3 of 4 at Part-Dieu. All 4 at Bellecour, +1.3 km, ready Fri 17:40.`; `None` where no shop has
/// any of it.
pub(super) fn headline(
    lines: &[BasketLine],
    shops: &[Shop],
    ranked: &[Ranked],
    time: impl Fn(Timestamp, &Shop) -> String,
    distance: impl Fn(u32, &Shop) -> String,
) -> Option<String> {
    let first = ranked.first()?;
    let all = |one: &Ranked, farther: Option<String>| {
        let shop = shops.get(one.shop)?;
        let (name, ready) = (nearby::short_name(&shop.location), one.ready_by.map(|at| time(at, shop)));
        let n = lines.len() as u64;
        Some(match (farther, ready) {
            (None, None) => text::basket_all_at(n, name),
            (None, Some(ready)) => text::basket_all_at_ready(n, name, &ready),
            (Some(farther), None) => text::basket_all_farther(n, name, &farther),
            (Some(farther), Some(ready)) => text::basket_all_farther_ready(n, name, &farther, &ready),
        })
    };
    if first.has_all() {
        return all(first, None);
    }
    let name = nearby::short_name(&shops.get(first.shop)?.location);
    let some = text::basket_some_at(&count(first.has), &count(lines.len()), name);
    let other = rank::nearest_with_all(ranked).and_then(|one| {
        let metres = |one: &Ranked| shops.get(one.shop).and_then(|shop| shop.distance_m);
        let farther = metres(one).zip(metres(first)).map(|(there, here)| there.saturating_sub(here));
        let shop = shops.get(one.shop)?;
        all(one, farther.map(|metres| distance(metres, shop)))
    });
    Some([some.as_str(), other.as_deref().unwrap_or(text::basket_none_has_all())].join(" "))
}

/// The way to all of it over two shops.
pub(super) fn in_two(shops: &[Shop], one: &Ranked, other: &Ranked) -> Option<String> {
    let name = |one: &Ranked| shops.get(one.shop).map(|shop| nearby::short_name(&shop.location));
    let rest = one.lacks.len() + one.unknown.len();
    Some(text::basket_in_two(rest as u64, &count(one.has), name(one)?, name(other)?))
}

/// What a shop has: `All 4 · ready Fri 17:40`, `3 of 4 · without Ridge 2 tent`.
pub(super) fn has(lines: &[BasketLine], one: &Ranked, ready: Option<String>) -> String {
    let titles = |places: &[usize]| {
        let titles = places.iter().filter_map(|place| lines.get(*place)).map(|line| line.title.as_str());
        titles.collect::<Vec<_>>().join(", ")
    };
    let has = match one.has_all() {
        true => text::basket_has_all(lines.len() as u64),
        false => text::basket_has_some(&count(one.has), &count(lines.len())),
    };
    let lacks = (!one.lacks.is_empty()).then(|| text::basket_without(&titles(&one.lacks)));
    let unknown = (!one.unknown.is_empty()).then(|| text::basket_not_known(&titles(&one.unknown)));
    let ready = ready.map(|ready| text::basket_ready(&ready));
    [Some(has), lacks, unknown, ready].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A basket has few lines: its numbers need no separators.
fn count(n: usize) -> String {
    n.to_string()
}

#[cfg(test)]
mod tests {
    use domain::id::Sku;

    use super::*;
    use crate::nearby::example;

    fn line(title: &str) -> BasketLine {
        let (title, category) = (title.to_owned(), String::new());
        BasketLine { sku: Sku::new("a").unwrap(), quantity: 1, title, image: None, category }
    }

    #[test]
    fn the_sentence_names_where_all_of_it_is_or_the_best_that_there_is() {
        let lines = [line("Bottle"), line("Tent")];
        let shops = [example::shop("near", 900)];
        let yes = LineStock::Enough(Some(Timestamp::from_millis(0)));
        let ranked = |stock: [LineStock; 2]| rank::rank(&[rank::Shop { metres: Some(900), lines: stock.to_vec() }]);
        let say = |ranked: &[Ranked]| {
            headline(&lines, &shops, ranked, |_, _| "Fri 17:40".to_owned(), |metres, _| metres.to_string())
        };
        assert_eq!(say(&ranked([yes, yes])).as_deref(), Some("All 2 at near, ready Fri 17:40."));
        let some = ranked([yes, LineStock::Short]);
        assert_eq!(say(&some).as_deref(), Some("1 of 2 at near. No shop around has all of it."));
        assert_eq!(say(&ranked([LineStock::Short, LineStock::Unknown])), None);
        let shops = [example::shop("near", 900), example::shop("far", 2_200)];
        let stock = |stock: [LineStock; 2], metres| rank::Shop { metres: Some(metres), lines: stock.to_vec() };
        let two = rank::rank(&[stock([yes, LineStock::Short], 900), stock([yes, yes], 40_000)]);
        let said = headline(&lines, &shops, &two, |_, _| "Fri 17:40".to_owned(), |metres, _| metres.to_string());
        assert_eq!(said.as_deref(), Some("1 of 2 at near. All 2 at far, +1300, ready Fri 17:40."));
        assert_eq!(has(&lines, &some[0], None), "1 of 2 · without Tent");
        let unknown = ranked([LineStock::Unknown, yes]);
        assert_eq!(has(&lines, &unknown[0], Some("Fri".into())), "1 of 2 · not known: Bottle · ready Fri");
    }
}
