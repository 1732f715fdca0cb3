//! Products, from a Google Merchant product feed.
//!
//! Taken are `id`, `title`, `description`, `image_link`, `price`, `brand`, `gtin`, `mpn`, `product_type`,
//! `item_group_id`, `color` and `size`. A barcode that is wrong costs the product its barcode, not its place.

use domain::gtin::Gtin;
use domain::id::Sku;
use domain::money::Money;

use super::columns::{Cells, Column};
use super::error::Kind;
use super::feed::Format;
use super::report::{Note, Reason};
use super::text::{MAX_LONG, MAX_SHORT};

const ID: Column = Column::needed(0, "id");
const TITLE: Column = Column::needed(1, "title");
const DESCRIPTION: Column = Column::optional(2, "description");
const IMAGE: Column = Column::optional(3, "image_link");
const PRICE: Column = Column::needed(4, "price");
const BRAND: Column = Column::optional(5, "brand");
const GTIN: Column = Column::optional(6, "gtin");
const MPN: Column = Column::optional(7, "mpn");
const CATEGORY: Column = Column::optional(8, "product_type");
const GROUP: Column = Column::optional(9, "item_group_id");
const COLOR: Column = Column::optional(10, "color");
const SIZE: Column = Column::optional(11, "size");

/// As long as an address of a picture may be.
const MAX_IMAGE: usize = 2_000;

/// One product of a feed, as columns of the table `product`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProductRow {
    pub(super) sku: Sku,
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) brand: Option<String>,
    pub(super) gtin: Option<Gtin>,
    pub(super) mpn: Option<String>,
    pub(super) category: String,
    pub(super) image: Option<String>,
    pub(super) price: Option<Money>,
    pub(super) group_id: Option<String>,
    pub(super) color: Option<String>,
    pub(super) size: Option<String>,
}

/// The format of the feed.
pub(super) struct Products;

impl Format for Products {
    const KIND: Kind = Kind::Products;
    const COLUMNS: &'static [Column] =
        &[ID, TITLE, DESCRIPTION, IMAGE, PRICE, BRAND, GTIN, MPN, CATEGORY, GROUP, COLOR, SIZE];
    type Row = ProductRow;

    fn parse(cells: &mut Cells<'_>) -> Result<ProductRow, Note> {
        let sku = Sku::new(cells.get(ID)).map_err(|bad| cells.refuse(ID, Reason::Id(bad)))?;
        let title = cells.title(TITLE, MAX_SHORT)?;
        let price = money(cells, PRICE)?;
        Ok(ProductRow {
            sku,
            title,
            description: cells.text(DESCRIPTION, MAX_LONG),
            brand: cells.text(BRAND, MAX_SHORT),
            gtin: gtin(cells),
            mpn: cells.text(MPN, MAX_SHORT),
            category: cells.text(CATEGORY, MAX_SHORT).unwrap_or_default(),
            image: image(cells),
            price,
            group_id: cells.text(GROUP, MAX_SHORT),
            color: cells.text(COLOR, MAX_SHORT),
            size: cells.text(SIZE, MAX_SHORT),
        })
    }

    fn duplicate(cells: &Cells<'_>) -> Note {
        cells.refuse(ID, Reason::Duplicate)
    }
}

/// A price, if there is one.
pub(super) fn money(cells: &Cells<'_>, column: Column) -> Result<Option<Money>, Note> {
    match cells.get(column) {
        "" => Ok(None),
        text => Money::parse(text).map(Some).map_err(|bad| cells.refuse(column, Reason::Price(bad))),
    }
}

fn gtin(cells: &mut Cells<'_>) -> Option<Gtin> {
    let text = cells.get(GTIN);
    if text.is_empty() {
        return None;
    }
    Gtin::new(text).map_err(|bad| cells.warn(GTIN, Reason::Gtin(bad))).ok()
}

/// The address of a picture, where a browser may safely be sent there.
fn image(cells: &mut Cells<'_>) -> Option<String> {
    let text = cells.get(IMAGE);
    if text.is_empty() {
        return None;
    }
    let secure = text.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) && text.len() > 8;
    // "//elsewhere" and "/\elsewhere" are other servers to a browser.
    let path = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
    let odd = |c: char| c.is_control() || c.is_whitespace();
    if (secure || path) && text.len() <= MAX_IMAGE && !text.contains(odd) {
        return Some(text.to_owned());
    }
    cells.warn(IMAGE, Reason::Image);
    None
}

#[cfg(test)]
mod tests {
    use domain::gtin::BadGtin;
    use domain::id::BadId;
    use domain::money::BadMoney;

    use super::super::feed::tests::{Told, parse_one};
    use super::*;

    const GOOD: [(&str, &str); 3] = [("id", "bby-43900"), ("title", "AAA Batteries"), ("price", "5.49 USD")];

    fn with(column: &str, value: &str) -> Told<ProductRow> {
        parse_one::<Products>(&GOOD, column, value)
    }

    fn refused(column: &str, value: &str, expect: Reason) {
        assert_eq!(with(column, value), Err((column, expect)), "{value}");
    }

    fn check<T: PartialEq + std::fmt::Debug>(
        (column, value): (&str, &str),
        field: impl Fn(ProductRow) -> T,
        expect: T,
        warning: Option<Reason>,
    ) {
        let (row, warnings) = with(column, value).unwrap();
        assert_eq!(field(row), expect, "{column} {value}");
        assert_eq!(warnings.into_iter().map(|(_, reason)| reason).collect::<Vec<_>>(), Vec::from_iter(warning));
    }

    #[test]
    fn codes_titles_and_prices_are_checked() {
        refused("id", "", Reason::Id(BadId::Empty));
        refused("id", "a\u{A0}b", Reason::Id(BadId::BadCharacter));
        refused("title", "", Reason::Empty);
        refused("title", "\u{0}\u{202E}", Reason::Empty);
        refused("title", &"ż".repeat(501), Reason::TextTooLong);
        refused("price", "5.49", Reason::Price(BadMoney::Form));
        refused("price", "5,49 USD", Reason::Price(BadMoney::Number));
        refused("price", "-5 USD", Reason::Price(BadMoney::Range));
        assert!(with("title", &"ż".repeat(500)).is_ok());
        assert_eq!(with("price", "").unwrap().0.price, None);
    }

    #[test]
    fn codes_stay_text() {
        for code in ["0012", "1E5", "=cmd", "<b>"] {
            check(("id", code), |row| row.sku.to_string(), code.to_owned(), None);
        }
    }

    #[test]
    fn a_wrong_barcode_is_left_out_and_said() {
        let gtin = |row: ProductRow| row.gtin.map(|gtin| gtin.to_string());
        check(("gtin", "041333424019"), gtin, Some("041333424019".into()), None);
        check(("gtin", "041333424018"), gtin, None, Some(Reason::Gtin(BadGtin::BadCheckDigit)));
        check(("gtin", "4.13E+11"), gtin, None, Some(Reason::Gtin(BadGtin::NotDigits)));
        check(("gtin", ""), gtin, None, None);
    }

    #[test]
    fn pictures_come_from_here_or_over_https() {
        let image = |row: ProductRow| row.image;
        for good in ["https://example.org/a.jpg", "HTTPS://example.org/", "/media/a.svg"] {
            check(("image_link", good), image, Some(good.to_owned()), None);
        }
        for bad in ["http://example.org/a.jpg", "//evil", "/\\evil", "javascript:alert(1)", "data:,x", "/a b", "a.jpg"]
        {
            check(("image_link", bad), image, None, Some(Reason::Image));
        }
    }

    #[test]
    fn texts_are_cleaned_and_it_is_said() {
        let title = |row: ProductRow| row.title;
        check(("title", "a\u{202E}b"), title, "ab".into(), Some(Reason::BidiTaken));
        check(("title", "a\u{0}b"), title, "ab".into(), Some(Reason::ControlTaken));
        check(("brand", &"x".repeat(501)), |row| row.brand.map(|b| b.len()), Some(500), Some(Reason::TextCut));
        check(("description", "<script>"), |row| row.description, Some("<script>".into()), None);
        check(("item_group_id", "G1"), |row| row.group_id, Some("G1".into()), None);
    }
}
