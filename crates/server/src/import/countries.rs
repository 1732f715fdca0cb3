//! Where countries lie, roughly: enough to see that latitude and longitude have changed places.

/// A country: its ISO code, then south, west, north, east in degrees. Boxes are generous and of the mainland with the
/// islands that bear the same code; a country that is not here is not checked.
const BOXES: &[(&str, [f64; 4])] = &[
    ("AD", [42.4, 1.4, 42.7, 1.8]),
    ("AT", [46.3, 9.5, 49.1, 17.2]),
    ("AU", [-44.0, 112.0, -9.0, 154.0]),
    ("BE", [49.4, 2.5, 51.6, 6.5]),
    ("BG", [41.2, 22.3, 44.3, 28.7]),
    ("BR", [-34.0, -74.1, 5.4, -34.0]),
    ("CA", [41.6, -141.1, 83.2, -52.5]),
    ("CH", [45.8, 5.9, 47.9, 10.6]),
    ("CZ", [48.5, 12.0, 51.1, 18.9]),
    ("DE", [47.2, 5.8, 55.1, 15.1]),
    ("DK", [54.5, 8.0, 57.8, 15.3]),
    ("EE", [57.5, 21.7, 59.8, 28.3]),
    ("ES", [27.5, -18.3, 43.9, 4.4]),
    ("FI", [59.7, 19.0, 70.1, 31.6]),
    ("FR", [41.3, -5.3, 51.2, 9.7]),
    ("GB", [49.8, -8.7, 60.9, 1.8]),
    ("GR", [34.7, 19.3, 41.8, 29.7]),
    ("HR", [42.3, 13.4, 46.6, 19.5]),
    ("HU", [45.7, 16.1, 48.6, 22.9]),
    ("IE", [51.4, -10.7, 55.5, -5.9]),
    ("IN", [6.7, 68.1, 35.6, 97.5]),
    ("IT", [35.4, 6.6, 47.1, 18.6]),
    ("JP", [24.0, 122.9, 45.6, 153.99]),
    ("LI", [47.0, 9.4, 47.3, 9.7]),
    ("LT", [53.8, 20.9, 56.5, 26.9]),
    ("LU", [49.4, 5.7, 50.2, 6.6]),
    ("LV", [55.6, 20.9, 58.1, 28.3]),
    ("MC", [43.7, 7.4, 43.8, 7.5]),
    ("MX", [14.5, -118.5, 32.8, -86.6]),
    ("NL", [50.7, 3.3, 53.7, 7.3]),
    ("NO", [57.9, 4.4, 71.3, 31.3]),
    ("PL", [49.0, 14.1, 54.9, 24.2]),
    ("PT", [29.9, -31.4, 42.2, -6.1]),
    ("RO", [43.6, 20.2, 48.3, 29.8]),
    ("SE", [55.3, 10.9, 69.1, 24.2]),
    ("SI", [45.4, 13.3, 46.9, 16.7]),
    ("SK", [47.7, 16.8, 49.7, 22.6]),
    ("TR", [35.8, 25.6, 42.2, 44.9]),
    ("US", [18.8, -179.9, 71.5, -66.9]),
    ("ZA", [-35.0, 16.4, -22.1, 33.0]),
];

/// Whether a place is none, or not in its country, and would be if its numbers changed places.
pub(super) fn are_swapped(country: &str, latitude: f64, longitude: f64) -> bool {
    let known = BOXES.iter().find(|(code, _)| code.eq_ignore_ascii_case(country.trim()));
    match known {
        Some((_, area)) => !lies_in(area, latitude, longitude) && lies_in(area, longitude, latitude),
        None => latitude.abs() > 90.0 && latitude.abs() <= 180.0 && longitude.abs() <= 90.0 && longitude != 0.0,
    }
}

fn lies_in(&[south, west, north, east]: &[f64; 4], latitude: f64, longitude: f64) -> bool {
    (south..=north).contains(&latitude) && (west..=east).contains(&longitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_changed_places_are_seen_and_right_ones_are_not() {
        for (country, latitude, longitude, swapped) in [
            ("FR", 45.76, 4.85, false),
            ("FR", 4.85, 45.76, true),
            ("us", -93.24, 44.85, true),
            // Off the coast, but not better the other way round: a box is no border.
            ("FR", 14.6, -61.0, false),
            ("", -93.24, 44.85, true),
            ("XX", 45.76, 4.85, false),
            ("XX", 4.85, 45.76, false),
            ("", 91.0, 100.0, false),
            ("", 200.0, 4.0, false),
        ] {
            assert_eq!(are_swapped(country, latitude, longitude), swapped, "{country} {latitude} {longitude}");
        }
    }
}
