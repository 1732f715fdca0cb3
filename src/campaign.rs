//! Which campaign brought the shopper, and the code that it gave them: in the address of the first screen, kept as long as the page is
//! open, and put on what they reserve. Nothing of it is kept on the device.

use std::cell::RefCell;

use api_contract::reservation::{Attribution, ReservationRequest};

use crate::browser::document;
use crate::route;

/// The longest code that the server takes, in characters.
const LONGEST_CODE: usize = 64;

thread_local! {
    static CAMPAIGN: RefCell<Campaign> = RefCell::default();
}

/// What an address says of how its reader came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Campaign {
    attribution: Option<Attribution>,
    code: Option<String>,
}

/// Reads the address of the first screen.
pub fn begin() {
    let address = document::address();
    CAMPAIGN.set(Campaign::of(address.split('#').next().unwrap_or_default()));
}

/// Puts it on what is reserved.
pub fn put_on(request: &mut ReservationRequest) {
    CAMPAIGN.with_borrow(|campaign| campaign.put_on(request));
}

impl Campaign {
    fn of(address: &str) -> Self {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let plain =
            |code: &String| (1..=LONGEST_CODE).contains(&code.chars().count()) && !code.chars().any(char::is_control);
        Self {
            attribution: Attribution::from_parameters(|name| route::parameter(query, name)),
            code: route::parameter(query, "code").map(|code| code.trim().to_owned()).filter(plain),
        }
    }

    fn put_on(&self, request: &mut ReservationRequest) {
        request.attribution.clone_from(&self.attribution);
        request.promo_codes = self.code.iter().cloned().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_first_screen_says_who_brought_the_shopper() {
        let address = "https://shop.example/reserve?sku=a&store=b&lang=fr&code=SUMMER%2010&utm_campaign=%C3%A9t%C3%A9&utm_source=alpine";
        let campaign = Campaign::of(address);
        assert_eq!(campaign.code.as_deref(), Some("SUMMER 10"));
        let attribution = campaign.attribution.unwrap();
        assert_eq!((attribution.campaign.as_deref(), attribution.source.as_deref()), (Some("été"), Some("alpine")));
        assert_eq!(Campaign::of("https://shop.example/"), Campaign::default());
    }

    #[test]
    fn a_hostile_address_brings_nothing_that_the_server_would_refuse() {
        let long = "x".repeat(10_000);
        let campaign = Campaign::of(&format!("/?code={long}&utm_campaign={long}&utm_source=%00%0A"));
        assert_eq!(campaign.code, None);
        let attribution = campaign.attribution.unwrap();
        assert_eq!(attribution.campaign.unwrap().len(), 100);
        assert_eq!(attribution.source, None);
        assert_eq!(Campaign::of("/?code=a%0Ab").code, None);
    }
}
