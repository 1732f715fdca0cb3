//! What the basket screen decides, and how it says it.

use api_contract::availability::AvailabilityAnswer;
use domain::basket::rank::{self, LineStock, Ranked};
use domain::inventory::StockState;
use domain::time::Timestamp;

use crate::nearby::{self, Shop};
use crate::session::BasketLine;

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
    let name = |one: &Ranked| shops.get(one.shop).map(|shop| nearby::short_name(&shop.location).to_owned());
    let ready = |one: &Ranked| {
        let at = one.ready_by?;
        Some([", ready ", &time(at, shops.get(one.shop)?)].concat())
    };
    let whole = lines.len().to_string();
    let all = |one: &Ranked, farther: &str| {
        let all = if lines.len() == 1 { "It is" } else { "All " };
        let count = if lines.len() == 1 { "" } else { &whole };
        Some([all, count, " at ", &name(one)?, farther, &ready(one).unwrap_or_default(), "."].concat())
    };
    if first.has_all() {
        return all(first, "");
    }
    let some = [&first.has.to_string(), " of ", &whole, " at ", &name(first)?, "."].concat();
    let other = rank::nearest_with_all(ranked).and_then(|one| {
        let metres = |one: &Ranked| shops.get(one.shop).and_then(|shop| shop.distance_m);
        let farther = metres(one).zip(metres(first)).map(|(there, here)| there.saturating_sub(here));
        let shop = shops.get(one.shop)?;
        let farther = farther.map(|metres| [", +", &distance(metres, shop)].concat()).unwrap_or_default();
        all(one, &farther)
    });
    Some([some.as_str(), other.as_deref().unwrap_or(" No shop around has all of it.")].join(" ").replace("  ", " "))
}

/// The way to all of it over two shops.
pub(super) fn in_two(shops: &[Shop], one: &Ranked, other: &Ranked) -> Option<String> {
    let name = |one: &Ranked| shops.get(one.shop).map(|shop| nearby::short_name(&shop.location).to_owned());
    let rest = (one.lacks.len() + one.unknown.len()).to_string();
    let parts =
        ["Or in two: ", &one.has.to_string(), " at ", &name(one)?, " and the other ", &rest, " at ", &name(other)?];
    Some([&parts.concat(), ". Reserve at one; the rest stays in your basket."].concat())
}

/// What a shop has: `All 4 · ready Fri 17:40`, `3 of 4 · without Ridge 2 tent`.
pub(super) fn has(lines: &[BasketLine], one: &Ranked, ready: Option<String>) -> String {
    let titles = |places: &[usize]| {
        let titles = places.iter().filter_map(|place| lines.get(*place)).map(|line| line.title.as_str());
        titles.collect::<Vec<_>>().join(", ")
    };
    let mut said = match one.has_all() {
        true => ["All ", &lines.len().to_string()].concat(),
        false => [&one.has.to_string(), " of ", &lines.len().to_string()].concat(),
    };
    for (what, places) in [(" · without ", &one.lacks), (" · not known: ", &one.unknown)] {
        if !places.is_empty() {
            said += &[what, &titles(places)].concat();
        }
    }
    ready.into_iter().for_each(|ready| said += &[" · ready ", &ready].concat());
    said
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
