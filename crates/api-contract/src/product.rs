//! Products.

use domain::gtin::Gtin;
use domain::id::Sku;
use domain::money::Money;
use serde::{Deserialize, Serialize};

use crate::Pagination;
use crate::rows::{self, Rows};

/// Products that were found; variants of one product are one row.
///
/// The server and the search inside the browser give the same page for the same question.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductPage {
    /// Best match first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Product>))]
    pub products: Rows<Product>,
    /// Where everything that was found is (not only this page), by category, most first: the top ones, or those inside the
    /// category that is asked for. Of its own kind of filter only the other kinds count here and in `brands` and `prices`.
    #[serde(default, deserialize_with = "rows::readable")]
    pub categories: Vec<FacetCount>,
    /// The same by brand, as given back in `brand`.
    #[serde(default, deserialize_with = "rows::readable", skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<FacetCount>,
    /// The same by price, cheapest first; each is a range in minor units as given back in `price`: `2000-5000`, `5000-`.
    #[serde(default, deserialize_with = "rows::readable", skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<FacetCount>,
    /// Where the list goes on.
    pub pagination: Pagination,
    /// The words that were searched instead, where those that were asked found nothing. `verbatim` asks for those alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    /// Searches with fewer words or filters that find something, where this one does not: the words, and how many. Best
    /// first.
    #[serde(default, deserialize_with = "rows::readable", skip_serializing_if = "Vec::is_empty")]
    pub relaxations: Vec<FacetCount>,
}

/// How many products there are of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetCount {
    /// What it is, as given back to narrow the search to it.
    pub name: String,
    /// Rows of it.
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
    /// In the answer to a search: which parts of the title match, as begin and end in UTF-16 code units, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<(u32, u32)>,
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
