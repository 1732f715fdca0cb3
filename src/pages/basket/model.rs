//! What the basket screen decides, and how it says it.

use api_contract::availability::{AvailabilityAnswer, AvailabilityRow};
use domain::basket::rank::{self, LineStock, Ranked};
use domain::id::{LocationId, Sku};
use domain::inventory::{Reading, Reason, StockState};
use domain::money::Money;
use domain::time::Timestamp;

use crate::nearby::{self, Shop};
use crate::session::BasketLine;
use crate::text;

/// Each shop with a state for each line. `reading` is what the stream said since the answer.
pub(super) fn shops(
    lines: &[BasketLine],
    shops: &[Shop],
    stock: &AvailabilityAnswer,
    reading: impl Fn(&Sku, &LocationId) -> Option<Reading>,
) -> Vec<rank::Shop> {
    let line_at = |line: &BasketLine, shop: &Shop| {
        let id = &shop.location.id;
        let row = stock.rows.iter().find(|row| row.location_id == *id && row.sku == line.sku);
        row.map_or(LineStock::Unknown, |row| line_stock(row, reading(&line.sku, id), line.quantity))
    };
    shops
        .iter()
        .map(|shop| rank::Shop {
            metres: shop.distance_m,
            lines: lines.iter().map(|line| line_at(line, shop)).collect(),
        })
        .collect()
}

fn line_stock(row: &AvailabilityRow, reading: Option<Reading>, wanted: u32) -> LineStock {
    let handed_over = !matches!(row.reason, Some(Reason::InStoreOnly | Reason::PickupDisabled));
    // What the stream said of the instant of the answer came after it.
    let differs = |reading: &Reading| (reading.state, reading.quantity) != (row.state, row.quantity);
    let newer = reading.filter(|reading| handed_over && reading.as_of >= row.as_of && differs(reading));
    let enough = match newer {
        None if row.pickup => Some(true),
        None => (row.state != StockState::Unknown).then_some(false),
        Some(reading) => enough(reading, wanted),
    };
    match enough {
        Some(true) => LineStock::Enough(row.ready_by),
        Some(false) => LineStock::Short,
        None => LineStock::Unknown,
    }
}

/// Whether a shelf has as many as are wanted; `None` where nobody knows.
fn enough(reading: Reading, wanted: u32) -> Option<bool> {
    match reading.state {
        StockState::Unknown => None,
        StockState::Unavailable | StockState::NotCarried => Some(false),
        StockState::Available | StockState::Limited => Some(reading.quantity.is_none_or(|units| units >= wanted)),
    }
}

/// What is different from what the shopper saw when they put a line in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It costs something else.
    Price(Money, Money),
    /// There was some.
    Gone,
    /// There were enough, and so many are left.
    Fewer(u32),
    /// There was none, and are enough now.
    Back,
}

/// What changed where the line was seen, of price and stock.
pub(super) fn changes(line: &BasketLine, price: Option<Money>, reading: Option<Reading>) -> Vec<Change> {
    let Some(seen) = &line.seen else { return Vec::new() };
    let of_price = seen.price.zip(price).filter(|(before, now)| before != now && before.currency == now.currency);
    let now = reading.and_then(|reading| match reading.state {
        StockState::Unknown => None,
        StockState::Unavailable | StockState::NotCarried => Some(reading.quantity.unwrap_or(0)),
        StockState::Available | StockState::Limited => reading.quantity,
    });
    let of_stock = seen.units.zip(now).and_then(|(before, now)| match (before, now) {
        (1.., 0) => Some(Change::Gone),
        (before, now) if now < line.quantity && before >= line.quantity => Some(Change::Fewer(now)),
        (0, now) if now >= line.quantity => Some(Change::Back),
        _ => None,
    });
    of_price.map(|(before, now)| Change::Price(before, now)).into_iter().chain(of_stock).collect()
}

/// The same in words.
pub(super) fn said(change: Change, shop: &str, money: impl Fn(Money) -> String) -> String {
    match change {
        Change::Price(before, now) => text::basket_price_changed(&money(before), &money(now)),
        Change::Gone => text::basket_gone(shop),
        Change::Fewer(left) => text::basket_fewer(left.into(), shop),
        Change::Back => text::basket_back(shop),
    }
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
    use domain::money::Currency;

    use super::*;
    use crate::nearby::example;
    use crate::session::Seen;

    fn line(title: &str) -> BasketLine {
        let (title, category) = (title.to_owned(), String::new());
        BasketLine { sku: Sku::new("a").unwrap(), quantity: 1, title, image: None, category, seen: None }
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

    fn reading(state: StockState, quantity: Option<u32>, at: i64) -> Reading {
        Reading { state, quantity, as_of: Timestamp::from_millis(at) }
    }

    fn row(pickup: bool, reason: Option<Reason>) -> AvailabilityRow {
        AvailabilityRow {
            sku: Sku::new("a").unwrap(),
            location_id: LocationId::new("near").unwrap(),
            state: if pickup { StockState::Available } else { StockState::Unavailable },
            quantity: Some(if pickup { 5 } else { 0 }),
            quantity_kind: api_contract::availability::QuantityKind::default(),
            pickup,
            reason,
            ready_by: pickup.then(|| Timestamp::from_millis(9)),
            aisle: None,
            price: None,
            regular_price: None,
            counted_at: None,
            as_of: Timestamp::from_millis(10),
        }
    }

    #[test]
    fn the_stream_overrules_an_older_answer_and_nothing_else() {
        let yes = LineStock::Enough(Some(Timestamp::from_millis(9)));
        let stock = |row, reading, wanted| line_stock(&row, reading, wanted);
        assert_eq!(stock(row(true, None), None, 2), yes);
        assert_eq!(stock(row(true, None), Some(reading(StockState::Limited, Some(1), 11)), 2), LineStock::Short);
        assert_eq!(stock(row(true, None), Some(reading(StockState::Limited, Some(1), 9)), 2), yes, "it is older");
        assert_eq!(stock(row(true, None), Some(reading(StockState::Unknown, None, 11)), 2), LineStock::Unknown);
        let same_instant = Some(reading(StockState::Unavailable, Some(0), 10));
        assert_eq!(stock(row(true, None), same_instant, 2), LineStock::Short);
        let back = Some(reading(StockState::Available, Some(7), 11));
        assert_eq!(stock(row(false, None), back, 2), LineStock::Enough(None), "when is not known yet");
        assert_eq!(stock(row(false, Some(Reason::InStoreOnly)), back, 2), LineStock::Short);
    }

    #[test]
    fn what_changed_since_it_was_put_in_is_said_and_what_did_not_is_not() {
        let euros = |amount| Money { amount, currency: Currency::new("EUR").unwrap() };
        let seen = |units| {
            let location = LocationId::new("near").unwrap();
            let seen = Some(Seen { location, price: Some(euros(3_490)), units });
            BasketLine { quantity: 2, seen, ..line("Bottle") }
        };
        let now = |state, units| Some(reading(state, units, 0));
        let changed = |units, price, reading| changes(&seen(units), price, reading);
        let same = Some(euros(3_490));
        assert_eq!(changed(Some(5), same, now(StockState::Available, Some(4))), []);
        assert_eq!(changed(Some(5), None, None), [], "what is not known did not change");
        assert_eq!(changed(Some(5), same, now(StockState::Unavailable, None)), [Change::Gone]);
        assert_eq!(changed(Some(5), same, now(StockState::Limited, Some(1))), [Change::Fewer(1)]);
        assert_eq!(changed(Some(0), same, now(StockState::Available, Some(6))), [Change::Back]);
        let dearer = Some(euros(3_790));
        let both = changed(Some(5), dearer, now(StockState::Unavailable, Some(0)));
        assert_eq!(both, [Change::Price(euros(3_490), euros(3_790)), Change::Gone]);
        let words = said(both[0], "near", |money| money.amount.to_string());
        assert_eq!(words, "It was 3490 when you put it in, and is 3790 now.");
        assert_eq!(changes(&line("Bottle"), dearer, None), [], "an older app did not keep what was seen");
    }
}
