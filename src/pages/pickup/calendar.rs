//! The pickup as an entry of a calendar (RFC 5545).

use api_contract::location::Location;
use api_contract::reservation::Reservation;
use domain::geo::decimal_degrees;
use domain::time::Timestamp;

use crate::{nearby, text};

/// The longest line that a reader of such files has to take, in bytes.
const LINE: usize = 75;

/// The whole file. `now` is when it was made, `until` how the end of the hold is written, `link` the pass, without its
/// secret: calendars are shown to others.
#[must_use]
pub(super) fn entry(
    reservation: &Reservation,
    location: Option<&Location>,
    now: Timestamp,
    until: &str,
    link: &str,
) -> String {
    let agreed = reservation.pickup_from.zip(reservation.pickup_until);
    let ready = reservation.ready_by.unwrap_or(now);
    let (from, to) = agreed.unwrap_or((ready.min(reservation.hold_expires_at), reservation.hold_expires_at));
    let goods: Vec<String> =
        reservation.items.iter().map(|i| [&i.quantity.to_string(), " × ", &i.title].concat()).collect();
    let shop = location.map(nearby::own_name).unwrap_or_default();
    let said = [text::pickup_calendar_code(&reservation.code), goods.join(", "), text::pickup_calendar_until(until)];
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Nearshelf//Pickup//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        ["UID:", reservation.id.as_str(), "@nearshelf"].concat(),
        ["DTSTAMP:", &instant(now)].concat(),
        ["DTSTART:", &instant(from)].concat(),
        ["DTEND:", &instant(to)].concat(),
        // Without an agreed time it is no appointment: the days stay free.
        ["TRANSP:", if agreed.is_some() { "OPAQUE" } else { "TRANSPARENT" }].concat(),
        ["SUMMARY:", &escaped(&text::pickup_calendar_title(shop))].concat(),
        ["DESCRIPTION:", &escaped(&said.join("\n"))].concat(),
        ["URL:", link].concat(),
    ];
    if let Some(location) = location {
        let place = [location.name.as_str(), &nearby::address_line(location)].join(", ");
        let (latitude, longitude) = (location.geo.latitude(), location.geo.longitude());
        lines.push(["LOCATION:", &escaped(&place)].concat());
        lines.push(["GEO:", &decimal_degrees(latitude), ";", &decimal_degrees(longitude)].concat());
    }
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    lines.iter().map(|line| folded(line)).collect()
}

/// `20261120T100000Z`
fn instant(at: Timestamp) -> String {
    let whole: String = at.to_string().chars().take_while(|c| *c != '.').filter(|c| !"-:Z".contains(*c)).collect();
    whole + "Z"
}

/// A text as a value: what separates values is marked, and what no line may have is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A line in parts that are short enough, none of which ends inside a letter.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearby::example;
    use crate::pages::pickup::model::tests::reservation;

    fn file(reservation: &Reservation, location: Option<&Location>) -> String {
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        entry(reservation, location, now, "Sun, 22 Nov, 11:00", "https://shop.example/pickups/r_1")
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_unfolding_gives_it_back() {
        let mut one = reservation(&["a"]);
        one.items[0].title = "Żółta łódź, „Ёлка” 😀; ".repeat(30);
        let file = file(&one, Some(&example::location("lyo")));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE), "{file}");
        assert!(!file.replace("\r\n", "").contains(['\n', '\r']), "lines end as the format wants");
        let unfolded = file.replace("\r\n ", "");
        assert!(unfolded.contains("Żółta łódź\\, „Ёлка” 😀\\; Żółta"), "{unfolded}");
    }

    #[test]
    fn hostile_goods_cannot_add_lines() {
        let mut one = reservation(&["a"]);
        one.items[0].title = "Tent\r\nEND:VEVENT\r\nBEGIN:VEVENT\\".to_owned();
        let file = file(&one, None).replace("\r\n ", "");
        assert_eq!(file.lines().filter(|line| *line == "BEGIN:VEVENT").count(), 1, "{file}");
        assert!(file.contains("2 × Tent\\nEND:VEVENT\\nBEGIN:VEVENT\\\\"), "{file}");
    }

    #[test]
    fn an_agreed_time_is_an_appointment_and_the_rest_is_free_until_the_hold_ends() {
        let mut one = reservation(&["a"]);
        one.ready_by = Some(Timestamp::parse("2026-11-20T11:30:00Z").unwrap());
        one.hold_expires_at = Timestamp::parse("2026-11-22T11:30:00.5Z").unwrap();
        let free = file(&one, Some(&example::location("lyo")));
        assert!(free.contains("DTSTART:20261120T113000Z\r\nDTEND:20261122T113000Z\r\nTRANSP:TRANSPARENT"), "{free}");
        assert!(free.contains("GEO:45.000000;4.850000\r\n"), "{free}");
        one.pickup_from = Some(Timestamp::parse("2026-11-20T12:00:00Z").unwrap());
        one.pickup_until = Some(Timestamp::parse("2026-11-20T12:30:00Z").unwrap());
        let agreed = file(&one, None);
        assert!(agreed.contains("DTSTART:20261120T120000Z\r\nDTEND:20261120T123000Z\r\nTRANSP:OPAQUE"), "{agreed}");
        assert!(agreed.contains("K7-4MQ") && !agreed.contains("#t="), "the code, and never the secret");
    }
}
