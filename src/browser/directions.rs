//! The way to a shop, in the maps app that the device has.

use domain::geo::{Position, decimal_degrees};
use leptos::prelude::window;

/// Whose maps app opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Device {
    Apple,
    Android,
    Other,
}

/// An address that leads there.
#[must_use]
pub fn to(place: Position, name: &str) -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let is = |names: &[&str]| names.iter().any(|name| agent.contains(name));
    let device = if is(&["iPhone", "iPad", "Macintosh"]) {
        Device::Apple
    } else if is(&["Android"]) {
        Device::Android
    } else {
        Device::Other
    };
    address(device, place, &String::from(js_sys::encode_uri_component(name)))
}

/// Apple Maps by its own links; on Android `geo:` (RFC 5870, with the label that all maps apps there know) lets the shopper
/// choose the app; elsewhere a page.
fn address(device: Device, place: Position, encoded_name: &str) -> String {
    let (latitude, longitude) = (decimal_degrees(place.latitude()), decimal_degrees(place.longitude()));
    let at = [latitude.as_str(), ",", &longitude].concat();
    match device {
        Device::Apple => ["https://maps.apple.com/?daddr=", &at].concat(),
        Device::Android => ["geo:", &at, "?q=", &at, "(", encoded_name, ")"].concat(),
        Device::Other => ["https://www.google.com/maps/dir/?api=1&destination=", &at].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_device_is_sent_to_its_own_maps() {
        let place = Position::new(45.761, -4.85).unwrap();
        let to = |device| address(device, place, "Lyon%20Part-Dieu");
        assert_eq!(to(Device::Apple), "https://maps.apple.com/?daddr=45.761000,-4.850000");
        assert_eq!(to(Device::Android), "geo:45.761000,-4.850000?q=45.761000,-4.850000(Lyon%20Part-Dieu)");
        assert_eq!(to(Device::Other), "https://www.google.com/maps/dir/?api=1&destination=45.761000,-4.850000");
    }
}
