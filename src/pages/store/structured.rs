//! The shop as search engines and assistants read it: JSON-LD with the words of <https://schema.org/Store>.

use api_contract::location::{ExceptionHours, Location};
use domain::geo::decimal_degrees;
use domain::hours::{TimeOfDay, Weekday};

/// The description of a shop whose page is at `url`. Hours that are not known are not in it.
#[must_use]
pub(super) fn store(location: &Location, url: &str) -> String {
    let address = &location.address;
    let mut parts = vec![
        member("@context", &text("https://schema.org")),
        member("@type", &text("Store")),
        member("@id", &text(url)),
        member("url", &text(url)),
        member("name", &text(&location.name)),
        member(
            "address",
            &object(&[
                member("@type", &text("PostalAddress")),
                member("streetAddress", &text(&address.street_address)),
                member("addressLocality", &text(&address.address_locality)),
                member("addressRegion", &text(&address.address_region)),
                member("postalCode", &text(&address.postal_code)),
                member("addressCountry", &text(&address.address_country)),
            ]),
        ),
        member(
            "geo",
            &object(&[
                member("@type", &text("GeoCoordinates")),
                member("latitude", &decimal_degrees(location.geo.latitude())),
                member("longitude", &decimal_degrees(location.geo.longitude())),
            ]),
        ),
    ];
    if let Some(phone) = &location.phone {
        parts.push(member("telephone", &text(phone)));
    }
    if let Some(hours) = &location.hours {
        let rows = hours.iter().map(|row| {
            let day = member("dayOfWeek", &text(["https://schema.org/", day(row.day)].concat().as_str()));
            hours_of(&[day], Some((row.opens, row.closes)))
        });
        parts.push(member("openingHoursSpecification", &list(rows.collect())));
    }
    if !location.exception_hours.is_empty() {
        let rows = location.exception_hours.iter().map(exception).collect();
        parts.push(member("specialOpeningHoursSpecification", &list(rows)));
    }
    object(&parts)
}

fn exception(row: &ExceptionHours) -> String {
    let days = [
        member("validFrom", &text(&row.valid_from.to_string())),
        member("validThrough", &text(&row.valid_through.to_string())),
    ];
    hours_of(&days, row.opens.zip(row.closes))
}

/// Readers of these descriptions know no 24:00, and take equal times for closed.
fn hours_of(days: &[String], span: Option<(TimeOfDay, TimeOfDay)>) -> String {
    let (opens, closes) = match span {
        Some((opens, closes)) if closes == TimeOfDay::END => (opens.to_string(), "23:59".to_owned()),
        Some((opens, closes)) => (opens.to_string(), closes.to_string()),
        None => ("00:00".to_owned(), "00:00".to_owned()),
    };
    let mut parts = vec![member("@type", &text("OpeningHoursSpecification"))];
    parts.extend_from_slice(days);
    parts.push(member("opens", &text(&opens)));
    parts.push(member("closes", &text(&closes)));
    object(&parts)
}

fn day(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn member(name: &str, value: &str) -> String {
    ["\"", name, "\":", value].concat()
}

fn object(members: &[String]) -> String {
    ["{", &members.join(","), "}"].concat()
}

fn list(items: Vec<String>) -> String {
    ["[", &items.join(","), "]"].concat()
}

#[cfg(test)]
mod tests {
    use api_contract::location::DayHours;
    use domain::hours::LocalDate;
    use serde_json::{Value, json};

    use super::*;
    use crate::nearby::example;

    fn time(text: &str) -> TimeOfDay {
        TimeOfDay::parse(text).unwrap()
    }

    #[test]
    fn a_shop_is_described_in_words_of_schema_org() {
        let mut location = example::location("lyo");
        location.name = "Lyon \"Part-Dieu\" </script>".to_owned();
        location.phone = Some("+33 4 72 00 00 00".to_owned());
        location.hours = Some(vec![
            DayHours { day: Weekday::Monday, opens: time("10:00"), closes: time("24:00") },
            DayHours { day: Weekday::Friday, opens: time("22:00"), closes: time("03:00") },
        ]);
        let date = LocalDate::parse("2026-12-25").unwrap();
        location.exception_hours =
            vec![ExceptionHours { valid_from: date, valid_through: date, opens: None, closes: None, title: None }];
        let said: Value = serde_json::from_str(&store(&location, "https://shop.example/stores/lyo")).unwrap();
        assert_eq!(said["@type"], "Store");
        assert_eq!(said["name"], location.name);
        assert_eq!(said["geo"]["longitude"], 4.85);
        assert_eq!(said["telephone"], "+33 4 72 00 00 00");
        let hours = &said["openingHoursSpecification"];
        assert_eq!(hours[0]["closes"], "23:59");
        assert_eq!(hours[1]["dayOfWeek"], "https://schema.org/Friday");
        assert_eq!((&hours[1]["opens"], &hours[1]["closes"]), (&json!("22:00"), &json!("03:00")));
        let closed = &said["specialOpeningHoursSpecification"][0];
        assert_eq!(
            (&closed["validFrom"], &closed["opens"], &closed["closes"]),
            (&json!("2026-12-25"), &json!("00:00"), &json!("00:00"))
        );
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let said: Value = serde_json::from_str(&store(&example::location("lyo"), "https://shop.example/")).unwrap();
        assert!(said.get("openingHoursSpecification").is_none() && said.get("telephone").is_none());
    }
}
