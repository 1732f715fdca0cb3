//! Stock, from a Google local-inventory feed.
//!
//! `pickup_sla` becomes the open minutes that a shop needs, counted as working days of ten hours:
//!
//! | word | minutes |
//! | --- | --- |
//! | `same_day`, nothing, a word that is not known | 60 |
//! | `next_day` | 600 |
//! | `2-day`, `3-day`, ... | 600 for each day |
//! | `multi-week` | 6,000 |
//!
//! `pickup_method` `not_supported` means over the counter only; every other word means that the product can be put
//! aside. `availability` only says what an empty `quantity` means: none with `out_of_stock`, not counted otherwise.

use domain::id::{LocationId, Sku};
use domain::money::Money;

use super::columns::{Cells, Column};
use super::error::Kind;
use super::feed::Format;
use super::products::money;
use super::report::{Note, Reason};
use super::text::MAX_SHORT;

const STORE: Column = Column::needed(0, "store_code");
const ID: Column = Column::needed(1, "id");
const QUANTITY: Column = Column::needed(2, "quantity");
const PRICE: Column = Column::optional(3, "price");
const SALE: Column = Column::optional(4, "sale_price");
const AVAILABILITY: Column = Column::optional(5, "availability");
const PICKUP: Column = Column::optional(6, "pickup_method");
const SLA: Column = Column::optional(7, "pickup_sla");
const AISLE: Column = Column::optional(8, "instore_product_location");

/// More units than this on one shelf are a mistake.
const MAX_QUANTITY: i64 = 1_000_000_000;

const SAME_DAY: u32 = 60;
/// A shop is open about ten hours a day.
const DAY: u32 = 600;
const MULTI_WEEK: u32 = 6_000;
/// Nobody promises more days than this.
const MAX_DAYS: u32 = 99;

/// One shelf of a feed, as columns of the table `stock`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InventoryRow {
    pub(super) location: LocationId,
    pub(super) sku: Sku,
    pub(super) on_hand: Option<i64>,
    pub(super) price: Option<Money>,
    /// In the currency of `price`.
    pub(super) sale_amount: Option<i64>,
    pub(super) pickup: bool,
    pub(super) lead_minutes: u32,
    pub(super) aisle: Option<String>,
}

/// The format of the feed.
pub(super) struct Inventory;

impl Format for Inventory {
    const KIND: Kind = Kind::Inventory;
    const COLUMNS: &'static [Column] = &[STORE, ID, QUANTITY, PRICE, SALE, AVAILABILITY, PICKUP, SLA, AISLE];
    type Row = InventoryRow;

    fn parse(cells: &mut Cells<'_>) -> Result<InventoryRow, Note> {
        let location = LocationId::new(cells.get(STORE)).map_err(|bad| cells.refuse(STORE, Reason::Id(bad)))?;
        let sku = Sku::new(cells.get(ID)).map_err(|bad| cells.refuse(ID, Reason::Id(bad)))?;
        let on_hand = on_hand(cells)?;
        let price = money(cells, PRICE)?;
        let sale_amount = sale(cells, price)?;
        Ok(InventoryRow {
            location,
            sku,
            on_hand,
            price,
            sale_amount,
            pickup: pickup(cells),
            lead_minutes: lead_minutes(cells),
            aisle: cells.text(AISLE, MAX_SHORT),
        })
    }

    fn duplicate(cells: &Cells<'_>) -> Note {
        cells.refuse(ID, Reason::Duplicate)
    }
}

/// Refusals that only who knows all stores and products can decide.
pub(super) fn unknown_store(cells: &Cells<'_>) -> Note {
    cells.refuse(STORE, Reason::UnknownStore)
}

/// See [`unknown_store`].
pub(super) fn unknown_product(cells: &Cells<'_>) -> Note {
    cells.refuse(ID, Reason::UnknownProduct)
}

fn on_hand(cells: &mut Cells<'_>) -> Result<Option<i64>, Note> {
    let quantity = quantity(cells)?;
    match (word(cells.get(AVAILABILITY)).as_ref(), quantity) {
        ("out-of-stock", None) => return Ok(Some(0)),
        ("out-of-stock", Some(units)) if units > 0 => cells.warn(AVAILABILITY, Reason::AvailabilityContradicts),
        ("out-of-stock" | "in-stock" | "limited-availability" | "on-display-to-order" | "", _) => {}
        _ => cells.warn(AVAILABILITY, Reason::AvailabilityUnknown),
    }
    Ok(quantity)
}

fn quantity(cells: &Cells<'_>) -> Result<Option<i64>, Note> {
    let text = cells.get(QUANTITY);
    if text.is_empty() {
        return Ok(None);
    }
    let reason = match text.strip_prefix('-') {
        Some(rest) if is_decimal(rest) => Reason::QuantityNegative,
        None if text.bytes().all(|b| b.is_ascii_digit()) => match text.parse::<i64>() {
            Ok(units) if units <= MAX_QUANTITY => return Ok(Some(units)),
            _ => Reason::QuantityTooLarge,
        },
        None if is_decimal(text) => Reason::QuantityFraction,
        _ => Reason::NotANumber,
    };
    Err(cells.refuse(QUANTITY, reason))
}

/// `12`, `1.5` or `1,5`.
fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction)
}

fn sale(cells: &mut Cells<'_>, price: Option<Money>) -> Result<Option<i64>, Note> {
    let reason = match (money(cells, SALE)?, price) {
        (None, _) => return Ok(None),
        (Some(_), None) => Reason::SaleWithoutPrice,
        (Some(sale), Some(price)) if sale.currency != price.currency => {
            return Err(cells.refuse(SALE, Reason::SaleInOtherCurrency));
        }
        (Some(sale), Some(price)) if sale.amount < price.amount => return Ok(Some(sale.amount)),
        (Some(_), Some(_)) => Reason::SaleNotLower,
    };
    cells.warn(SALE, reason);
    Ok(None)
}

fn pickup(cells: &mut Cells<'_>) -> bool {
    match word(cells.get(PICKUP)).as_ref() {
        "not-supported" => false,
        "reserve" | "buy" | "ship-to-store" | "" => true,
        _ => {
            cells.warn(PICKUP, Reason::PickupUnknown);
            true
        }
    }
}

fn lead_minutes(cells: &mut Cells<'_>) -> u32 {
    let word = word(cells.get(SLA));
    let days = |text: &str| text.strip_suffix("-day")?.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    match word.as_ref() {
        "same-day" | "" => SAME_DAY,
        "next-day" => DAY,
        "multi-week" => MULTI_WEEK,
        other => days(other).map_or_else(
            || {
                cells.warn(SLA, Reason::SlaUnknown);
                SAME_DAY
            },
            |days: u32| days * DAY,
        ),
    }
}

/// A word of the feed's vocabulary: Google writes `same day`, `same_day` and `2-day`.
fn word(text: &str) -> String {
    text.to_ascii_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use domain::id::BadId;
    use domain::money::BadMoney;

    use super::super::feed::tests::{Told, parse_one};
    use super::*;

    const GOOD: [(&str, &str); 4] =
        [("store_code", "1000"), ("id", "bby-43900"), ("quantity", "18"), ("price", "5.49 USD")];

    fn with(column: &str, value: &str) -> Told<InventoryRow> {
        parse_one::<Inventory>(&GOOD, column, value)
    }

    fn refused(column: &str, value: &str, expect: Reason) {
        assert_eq!(with(column, value), Err((column, expect)), "{value}");
    }

    fn check<T: PartialEq + std::fmt::Debug>(
        (column, value): (&str, &str),
        field: impl Fn(InventoryRow) -> T,
        expect: T,
        warning: Option<Reason>,
    ) {
        let (row, warnings) = with(column, value).unwrap();
        assert_eq!(field(row), expect, "{column} {value}");
        assert_eq!(warnings.into_iter().map(|(_, reason)| reason).collect::<Vec<_>>(), Vec::from_iter(warning));
    }

    #[test]
    fn a_quantity_is_a_whole_number_of_units() {
        let on_hand = |row: InventoryRow| row.on_hand;
        check(("quantity", "0"), on_hand, Some(0), None);
        check(("quantity", "007"), on_hand, Some(7), None);
        check(("quantity", "1000000000"), on_hand, Some(1_000_000_000), None);
        check(("quantity", ""), on_hand, None, None);
        refused("quantity", "-1", Reason::QuantityNegative);
        refused("quantity", "1.5", Reason::QuantityFraction);
        refused("quantity", "1,5", Reason::QuantityFraction);
        refused("quantity", "1000000001", Reason::QuantityTooLarge);
        refused("quantity", "99999999999999999999", Reason::QuantityTooLarge);
        for text in ["many", "1e3", "+5", "--1", "٣", "1.", "0x10"] {
            refused("quantity", text, Reason::NotANumber);
        }
    }

    #[test]
    fn an_empty_quantity_is_not_counted_unless_the_feed_says_that_nothing_is_there() {
        let empty = |availability| {
            let (row, warnings) = parse_one::<Inventory>(
                &[("store_code", "1"), ("id", "a"), ("quantity", "")],
                "availability",
                availability,
            )
            .unwrap();
            assert_eq!(warnings, []);
            row.on_hand
        };
        assert_eq!(empty("in_stock"), None);
        assert_eq!(empty("limited availability"), None);
        assert_eq!(empty(""), None);
        assert_eq!(empty("out_of_stock"), Some(0));
    }

    #[test]
    fn the_quantity_wins_over_the_word() {
        let on_hand = |row: InventoryRow| row.on_hand;
        check(("availability", "out_of_stock"), on_hand, Some(18), Some(Reason::AvailabilityContradicts));
        check(("availability", "in_stock"), on_hand, Some(18), None);
        check(("availability", "plenty"), on_hand, Some(18), Some(Reason::AvailabilityUnknown));
    }

    #[test]
    fn pickup_words_become_minutes() {
        let pickup = |row: InventoryRow| row.pickup;
        check(("pickup_method", "not_supported"), pickup, false, None);
        check(("pickup_method", "not supported"), pickup, false, None);
        check(("pickup_method", "reserve"), pickup, true, None);
        check(("pickup_method", "teleport"), pickup, true, Some(Reason::PickupUnknown));
        let lead = |row: InventoryRow| row.lead_minutes;
        check(("pickup_sla", "same_day"), lead, 60, None);
        check(("pickup_sla", "same day"), lead, 60, None);
        check(("pickup_sla", ""), lead, 60, None);
        check(("pickup_sla", "next_day"), lead, 600, None);
        check(("pickup_sla", "2-day"), lead, 1_200, None);
        check(("pickup_sla", "7_day"), lead, 4_200, None);
        check(("pickup_sla", "multi-week"), lead, 6_000, None);
        check(("pickup_sla", "0-day"), lead, 60, Some(Reason::SlaUnknown));
        check(("pickup_sla", "4294967296-day"), lead, 60, Some(Reason::SlaUnknown));
        check(("pickup_sla", "soon"), lead, 60, Some(Reason::SlaUnknown));
    }

    #[test]
    fn prices_are_checked_and_a_sale_is_lower() {
        refused("price", "free", Reason::Price(BadMoney::Form));
        refused("sale_price", "4,67 USD", Reason::Price(BadMoney::Number));
        refused("sale_price", "4.67 EUR", Reason::SaleInOtherCurrency);
        let sale = |row: InventoryRow| row.sale_amount;
        check(("sale_price", "4.67 USD"), sale, Some(467), None);
        check(("sale_price", "5.49 USD"), sale, None, Some(Reason::SaleNotLower));
        let (row, warnings) =
            parse_one::<Inventory>(&[("store_code", "1"), ("id", "a"), ("quantity", "1")], "sale_price", "1 USD")
                .unwrap();
        assert_eq!((row.sale_amount, warnings), (None, vec![("sale_price", Reason::SaleWithoutPrice)]));
    }

    #[test]
    fn codes_are_checked() {
        refused("store_code", "", Reason::Id(BadId::Empty));
        refused("id", "ümlaut", Reason::Id(BadId::BadCharacter));
    }
}
