//! What is known of a product.

use alloc::string::String;

/// One product variant. Fields that it does not have are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The retailer's code, as it is shown.
    pub sku: String,
    /// What it is called.
    pub title: String,
    /// Who makes it.
    pub brand: String,
    /// The path of categories, widest first: `Camp > Tents`.
    pub category: String,
    /// Colour of this variant.
    pub color: String,
    /// Size of this variant.
    pub size: String,
    /// The barcode, digits alone.
    pub gtin: String,
    /// The maker's code.
    pub mpn: String,
    /// Longer text. It is searched where the catalogue has little of it; see [`crate::build`].
    pub description: String,
    /// Address of a picture.
    pub image: String,
    /// Price in minor units where no shop says another.
    pub price: Option<u64>,
    /// Currency of the price, three letters.
    pub currency: String,
    /// Variants of one product share it.
    pub group: String,
    /// How much it is asked for, 0 to 255, on any scale that grows with it.
    pub popularity: u8,
}
