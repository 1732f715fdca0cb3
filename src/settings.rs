//! What the retailer set: name, languages, units, what is switched on. It stands in the page, so it is there before the first
//! screen and without a network.

use api_contract::json;
use api_contract::settings::Settings;

use crate::browser::document;

/// The id of the block in the page; the server writes it.
const BLOCK: &str = "nearshelf-settings";

/// The settings of this page.
#[must_use]
pub fn of_page() -> Settings {
    read(document::text(BLOCK).as_deref())
}

/// The settings that a page says; as by default where it says none, or none that can be read.
fn read(block: Option<&str>) -> Settings {
    block.and_then(|text| json::read(text).ok()).unwrap_or_default()
}

/// The title of a page: what is on it, and whose it is.
#[must_use]
pub fn titled(settings: &Settings, what: &str) -> String {
    [what, " · ", &settings.name].concat()
}

#[cfg(test)]
mod tests {
    use api_contract::settings::Units;

    use super::*;

    #[test]
    fn a_page_that_says_nothing_readable_is_as_by_default() {
        for block in [None, Some(""), Some("{"), Some("{}"), Some("[]"), Some(r#"{"units":"leagues"}"#)] {
            assert_eq!(read(block), Settings::default(), "{block:?}");
        }
    }

    #[test]
    fn what_a_page_says_is_taken() {
        let settings =
            read(Some(r#"{"name":"\u003c/script\u003e \u0026 Co","units":"imperial","features":{"scan":false}}"#));
        assert_eq!((settings.name.as_str(), settings.units), ("</script> & Co", Units::Imperial));
        assert!(!settings.features.scan && settings.features.basket);
        assert_eq!(titled(&settings, "Basket"), "Basket · </script> & Co");
    }
}
