//! Products.

use domain::gtin::Gtin;
use domain::id::Sku;
use domain::money::Money;
use serde::{Deserialize, Serialize};

use crate::Pagination;

/// Products that were found; variants of one product are one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductPage {
    /// Best match first.
    pub products: Vec<Product>,
    /// Top categories of everything that was found (not only of this page), most first.
    #[serde(default)]
    pub categories: Vec<CategoryCount>,
    /// Where the list goes on.
    pub pagination: Pagination,
    /// The words that were searched instead, where those that were asked found nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
}

/// How many products a category holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryCount {
    /// The category, as given back in `category`.
    pub name: String,
    /// Rows in it.
    pub count: u64,
}

/// A product variant that can be sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Product {
    /// The retailer's code.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "BO-075-GLA"))]
    pub sku: Sku,
    /// The barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub gtin: Option<Gtin>,
    /// What it is called.
    pub title: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The price where no shop says another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::MoneySchema>))]
    pub price: Option<Money>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The path of categories, widest first.
    pub categories: Vec<String>,
    /// Colour of this variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Size of this variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// All variants of the product, this one included; empty where there is only this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

/// One of several variants of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// The retailer's code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub sku: Sku,
    /// Its colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
}
