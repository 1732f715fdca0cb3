//! Links into the app. They carry the language and the campaign; `src/route.rs` and `src/campaign.rs` of the app read them.

use api_contract::paths::encode;
use domain::id::{LocationId, Sku};

use crate::options::Options;

/// Where the app is, and how the shopper came to it.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// Origin of the app, `https://shop.example`.
    pub app: &'a str,
    /// The language of the box, such as `pl`.
    pub language: &'a str,
    /// What the page asked for.
    pub options: &'a Options,
}

impl Links<'_> {
    /// Putting a product aside at a shop.
    #[must_use]
    pub fn reserve(&self, sku: &Sku, shop: &LocationId) -> String {
        self.with("/reserve", &[("sku", sku.as_str()), ("store", shop.as_str())])
    }

    /// All about a product.
    #[must_use]
    pub fn product(&self, sku: &Sku) -> String {
        self.with(&["/p/", &encode(sku.as_str())].concat(), &[])
    }

    /// All shops.
    #[must_use]
    pub fn shops(&self) -> String {
        self.with("/stores", &[])
    }

    /// One shop.
    #[must_use]
    pub fn shop(&self, id: &LocationId) -> String {
        self.with(&["/stores/", &encode(id.as_str())].concat(), &[])
    }

    /// A pickup pass, by the path that the server answered. What opens it stays behind `#`, where no server sees it.
    #[must_use]
    pub fn pass(&self, path: &str) -> String {
        let (path, secret) = path.split_once('#').unwrap_or((path, ""));
        [self.app, path, "?lang=", &encode(self.language), "#", secret].concat()
    }

    fn with(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let campaign = self.options.campaign.as_ref().map(api_contract::reservation::Attribution::parameters);
        let campaign = campaign.into_iter().flatten().filter_map(|(name, value)| Some((name, value?)));
        let code = self.options.code.as_deref().map(|code| ("code", code));
        let all = parameters.iter().copied().chain([("lang", self.language)]).chain(code).chain(campaign);
        let all: Vec<String> = all.map(|(name, value)| [name, "=", &encode(value)].concat()).collect();
        [self.app, path, "?", &all.join("&")].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_product_shop_language_code_and_campaign() {
        let attribute = |name: &str| match name {
            "code" => Some("SUMMER 10".to_owned()),
            "campaign" => Some("été & #1".to_owned()),
            _ => None,
        };
        let options = Options::read(false, attribute, |name| (name == "utm_source").then(|| "alpine".to_owned()));
        let links = Links { app: "https://shop.example", language: "fr", options: &options };
        let (sku, shop) = (Sku::new("a&b").unwrap(), LocationId::new("lyo-1").unwrap());
        assert_eq!(
            links.reserve(&sku, &shop),
            "https://shop.example/reserve?sku=a%26b&store=lyo-1&lang=fr&code=SUMMER%2010\
             &utm_campaign=%C3%A9t%C3%A9%20%26%20%231&utm_source=alpine"
        );
        assert_eq!(links.pass("/pickups/r_1#t=secret"), "https://shop.example/pickups/r_1?lang=fr#t=secret");
    }
}
