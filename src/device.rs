//! What makes this device a screen in a shop. It belongs to the device and to nobody in person, so it outlives every wipe.

use api_contract::settings::Features;
use domain::id::LocationId;
use serde::{Deserialize, Serialize};

use crate::browser::storage;
use crate::route::Route;

const KEPT_UNDER: &str = "nearshelf/device/1";

/// How staff set the screen up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// The shop in which it stands.
    pub location: LocationId,
    /// What the device shows where it reserves and reports.
    pub token: String,
    /// What staff type to get out. It stands beside the token, which opens more than it does.
    pub code: String,
    /// Whether the device shows nothing but the screen of its shop.
    pub locked: bool,
}

impl Pairing {
    /// As the device has it.
    #[must_use]
    pub fn load() -> Option<Self> {
        storage::load_of_device(KEPT_UNDER)
    }

    /// Keeps it; answers whether the device took it.
    #[must_use]
    pub fn keep(&self) -> bool {
        storage::save_of_device(KEPT_UNDER, self)
    }

    /// The device is no screen in a shop any more.
    pub fn forget() {
        storage::forget_of_device(KEPT_UNDER);
    }

    /// Where the device has to be, where that is not at this address already.
    #[must_use]
    pub fn calls_back(&self, address: &Route, features: &Features) -> Option<Route> {
        let own = Route::Kiosk(self.location.clone());
        (self.locked && features.kiosk && *address != own).then_some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_screen_shows_its_shop_and_nothing_else() {
        let shop = |id: &str| LocationId::new(id).unwrap();
        let locked = Pairing { location: shop("a"), token: "t".into(), code: "123456".into(), locked: true };
        let on = Features::default();
        let own = Some(Route::Kiosk(shop("a")));
        for address in [Route::Start, Route::Pickups, Route::NotFound, Route::Kiosk(shop("b"))] {
            assert_eq!(locked.calls_back(&address, &on), own, "{address:?}");
        }
        assert_eq!(locked.calls_back(&Route::Kiosk(shop("a")), &on), None);
        assert_eq!(locked.calls_back(&Route::Start, &Features { kiosk: false, ..on }), None);
        assert_eq!(Pairing { locked: false, ..locked }.calls_back(&Route::Start, &on), None);
    }
}
