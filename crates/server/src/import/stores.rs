//! Shops, from a Business Profile bulk sheet with one column of our own, `Time zone` (an IANA name).
//!
//! In place of the seven columns of days, `Opening hours` may hold a text as OpenStreetMap writes it.
//! `Pickup window minutes` (a part of the day such as 30), `Pickup capacity` (reservations that share a window) and
//! `Order cut-off` (`HH:MM` of the shop's clock, from which on an order is worked on the next day) may be left out.
//! `Labels` become the amenities of the shop; `Curbside pickup` among them switches that on.

use std::collections::HashSet;

use domain::geo::Position;
use domain::hours::osm::OsmHours;
use domain::hours::{PickupRules, Schedule, TimeOfDay, check_zone};
use domain::id::LocationId;

use super::columns::{Cells, Column};
use super::countries;
use super::error::Kind;
use super::feed::Format;
use super::hours::{Fault, schedule};
use super::report::{Note, Reason};
use super::text::MAX_SHORT;

const CODE: Column = Column::needed(0, "Store code");
const NAME: Column = Column::needed(1, "Business name");
const STREET: Column = Column::optional(2, "Address line 1");
const LOCALITY: Column = Column::optional(3, "Locality");
const REGION: Column = Column::optional(4, "Administrative area");
const COUNTRY: Column = Column::optional(5, "Country / Region");
const POSTAL_CODE: Column = Column::optional(6, "Postal code");
const LATITUDE: Column = Column::needed(7, "Latitude");
const LONGITUDE: Column = Column::needed(8, "Longitude");
const PHONE: Column = Column::optional(9, "Primary phone");
const ZONE: Column = Column::needed(10, "Time zone");
const DAYS: [Column; 7] = [
    Column::optional(11, "Monday hours"),
    Column::optional(12, "Tuesday hours"),
    Column::optional(13, "Wednesday hours"),
    Column::optional(14, "Thursday hours"),
    Column::optional(15, "Friday hours"),
    Column::optional(16, "Saturday hours"),
    Column::optional(17, "Sunday hours"),
];
const SPECIAL: Column = Column::optional(18, "Special hours");
const LABELS: Column = Column::optional(19, "Labels");
const OPENING_HOURS: Column = Column::optional(20, "Opening hours");

const WINDOW: Column = Column::optional(21, "Pickup window minutes");
const CAPACITY: Column = Column::optional(22, "Pickup capacity");
const CUT_OFF: Column = Column::optional(23, "Order cut-off");

const CURBSIDE: &str = "Curbside pickup";

/// Reservations that may share a window at most.
const MAX_CAPACITY: u32 = 10_000;

/// One shop of a feed, as columns of the table `location`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoreRow {
    pub(super) id: LocationId,
    pub(super) name: String,
    pub(super) street_address: String,
    pub(super) locality: String,
    pub(super) region: String,
    pub(super) postal_code: String,
    pub(super) country: String,
    pub(super) position: Position,
    pub(super) timezone: String,
    pub(super) schedule: Schedule,
    pub(super) amenities: Vec<String>,
    pub(super) phone: Option<String>,
    pub(super) pickup_curbside: bool,
    pub(super) pickup: PickupRules,
}

/// The format of the sheet.
pub(super) struct Stores;

impl Format for Stores {
    const KIND: Kind = Kind::Stores;
    const COLUMNS: &'static [Column] = &[
        CODE,
        NAME,
        STREET,
        LOCALITY,
        REGION,
        COUNTRY,
        POSTAL_CODE,
        LATITUDE,
        LONGITUDE,
        PHONE,
        ZONE,
        DAYS[0],
        DAYS[1],
        DAYS[2],
        DAYS[3],
        DAYS[4],
        DAYS[5],
        DAYS[6],
        SPECIAL,
        LABELS,
        OPENING_HOURS,
        WINDOW,
        CAPACITY,
        CUT_OFF,
    ];
    type Row = StoreRow;

    fn parse(cells: &mut Cells<'_>) -> Result<StoreRow, Note> {
        let id = LocationId::new(cells.get(CODE)).map_err(|bad| cells.refuse(CODE, Reason::Id(bad)))?;
        let name = cells.title(NAME, MAX_SHORT)?;
        let position = position(cells)?;
        let timezone = cells.get(ZONE);
        check_zone(timezone).map_err(|_| cells.refuse(ZONE, Reason::UnknownZone))?;
        let amenities = amenities(cells);
        Ok(StoreRow {
            id,
            name,
            street_address: cells.text(STREET, MAX_SHORT).unwrap_or_default(),
            locality: cells.text(LOCALITY, MAX_SHORT).unwrap_or_default(),
            region: cells.text(REGION, MAX_SHORT).unwrap_or_default(),
            postal_code: cells.text(POSTAL_CODE, MAX_SHORT).unwrap_or_default(),
            country: cells.text(COUNTRY, MAX_SHORT).unwrap_or_default(),
            position,
            timezone: timezone.to_owned(),
            schedule: hours(cells),
            pickup_curbside: amenities.iter().any(|label| label.eq_ignore_ascii_case(CURBSIDE)),
            amenities,
            pickup: pickup(cells),
            phone: cells.text(PHONE, MAX_SHORT),
        })
    }

    fn duplicate(cells: &Cells<'_>) -> Note {
        cells.refuse(CODE, Reason::Duplicate)
    }
}

fn position(cells: &Cells<'_>) -> Result<Position, Note> {
    let (latitude, longitude) = (degrees(cells, LATITUDE)?, degrees(cells, LONGITUDE)?);
    // Where a program had no coordinates and wrote its empty number.
    if latitude == 0.0 && longitude == 0.0 {
        return Err(cells.refuse(LATITUDE, Reason::ZeroZero));
    }
    if countries::are_swapped(cells.get(COUNTRY), latitude, longitude) {
        return Err(cells.refuse(LATITUDE, Reason::Swapped));
    }
    Position::new(latitude, longitude).map_err(|bad| {
        let column = if bad == domain::geo::BadPosition::Latitude { LATITUDE } else { LONGITUDE };
        cells.refuse(column, Reason::Position(bad))
    })
}

fn degrees(cells: &Cells<'_>, column: Column) -> Result<f64, Note> {
    let text = cells.get(column);
    if text.is_empty() {
        return Err(cells.refuse(column, Reason::Empty));
    }
    if text.contains(',') {
        return Err(cells.refuse(column, Reason::DecimalComma));
    }
    // Rust also reads "inf", "nan" and "1e5", which nobody writes for degrees.
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    text.parse().ok().filter(|_| plain).ok_or_else(|| cells.refuse(column, Reason::NotANumber))
}

fn hours(cells: &mut Cells<'_>) -> Schedule {
    let days = DAYS.map(|day| cells.get(day));
    let text = cells.get(OPENING_HOURS);
    if days.iter().all(|day| day.is_empty()) && !text.is_empty() {
        // The special days replace days of whichever hours there are.
        return Schedule { exceptions: week(cells, days).exceptions, ..in_words(cells, text) };
    }
    if !text.is_empty() {
        cells.warn(OPENING_HOURS, Reason::HoursTwice);
    }
    week(cells, days)
}

/// Hours from the text of OpenStreetMap; one that is not understood is kept for people to read.
fn in_words(cells: &mut Cells<'_>, text: &str) -> Schedule {
    match OsmHours::schedule(text) {
        Ok(schedule) if schedule.text.is_none() => schedule,
        Ok(schedule) => Schedule { text: cells.text(OPENING_HOURS, MAX_SHORT), ..schedule },
        Err(why) => {
            cells.warn(OPENING_HOURS, Reason::HoursText(why));
            Schedule { text: cells.text(OPENING_HOURS, MAX_SHORT), ..Schedule::default() }
        }
    }
}

/// Hours from the columns of days.
fn week(cells: &mut Cells<'_>, days: [&str; 7]) -> Schedule {
    let read = schedule(days, cells.get(SPECIAL));
    let (fault, reason) = match read {
        Ok(schedule) => return schedule,
        Err(fault) => fault,
    };
    let (column, exceptions) = match fault {
        Fault::Day(at) => (DAYS.get(at), Vec::new()),
        Fault::Special => (None, Vec::new()),
        Fault::Incomplete(at, exceptions) => (DAYS.get(at), exceptions),
    };
    cells.warn(column.copied().unwrap_or(SPECIAL), reason);
    Schedule { exceptions, ..Schedule::default() }
}

/// Agreed times of pickup. What cannot be read is left out: the shop then hands over whenever it is open.
fn pickup(cells: &mut Cells<'_>) -> PickupRules {
    let window = |text: &str| text.parse().ok().filter(|minutes| PickupRules::is_window_length(*minutes));
    let capacity = |text: &str| text.parse().ok().filter(|places| (1..=MAX_CAPACITY).contains(places));
    PickupRules {
        window_minutes: setting(cells, WINDOW, Reason::PickupWindow, window),
        capacity: setting(cells, CAPACITY, Reason::PickupCapacity, capacity),
        order_cut_off: setting(cells, CUT_OFF, Reason::CutOff, |text| TimeOfDay::parse(text).ok()),
    }
}

fn setting<T>(cells: &mut Cells<'_>, column: Column, bad: Reason, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let text = cells.get(column);
    let value = read(text);
    if value.is_none() && !text.is_empty() {
        cells.warn(column, bad);
    }
    value
}

fn amenities(cells: &mut Cells<'_>) -> Vec<String> {
    let labels = cells.text(LABELS, usize::MAX).unwrap_or_default();
    let mut seen = HashSet::new();
    labels
        .split(',')
        .map(str::trim)
        .filter(|label| !label.is_empty() && seen.insert(label.to_lowercase()))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::geo::BadPosition;
    use domain::id::BadId;

    use super::super::feed::tests::{Told, parse_one};
    use super::*;

    const GOOD: [(&str, &str); 5] = [
        ("Store code", "1000"),
        ("Business name", "Best Buy - Mall of America"),
        ("Latitude", "44.85466"),
        ("Longitude", "-93.24565"),
        ("Time zone", "America/Chicago"),
    ];

    /// A good shop with one field replaced or added.
    fn with(column: &str, value: &str) -> Told<StoreRow> {
        parse_one::<Stores>(&GOOD, column, value)
    }

    fn check(column: &str, value: &str, expect: Reason) {
        assert_eq!(with(column, value), Err((column, expect)), "{value}");
    }

    #[test]
    fn a_shop_is_taken_as_it_stands() {
        let (row, warnings) = with("Locality", "Bloomington").unwrap();
        assert_eq!((row.id.as_str(), row.name.as_str()), ("1000", "Best Buy - Mall of America"));
        assert_eq!((row.locality.as_str(), row.street_address.as_str(), row.phone), ("Bloomington", "", None));
        assert_eq!(row.schedule, Schedule::default());
        assert_eq!(warnings, []);
    }

    #[test]
    fn a_shop_without_a_place_on_earth_is_refused() {
        check("Latitude", "", Reason::Empty);
        check("Latitude", "44,85466", Reason::DecimalComma);
        check("Latitude", "91", Reason::Position(BadPosition::Latitude));
        check("Longitude", "181", Reason::Position(BadPosition::Longitude));
        check("Latitude", "-93.24565", Reason::Position(BadPosition::Latitude));
        check("Longitude", "93°W", Reason::NotANumber);
        check("Latitude", "NaN", Reason::NotANumber);
        check("Latitude", "1e1", Reason::NotANumber);
        check("Latitude", "-", Reason::NotANumber);
        let zero = [("Store code", "1"), ("Business name", "x"), ("Latitude", "0"), ("Longitude", "0.0")];
        let told = parse_one::<Stores>(&zero, "Time zone", "UTC");
        assert_eq!(told, Err(("Latitude", Reason::ZeroZero)));
        assert!(with("Latitude", "0").is_ok(), "there are shops on the equator");
    }

    #[test]
    fn codes_names_and_zones_are_checked() {
        check("Store code", "", Reason::Id(BadId::Empty));
        check("Store code", "a b", Reason::Id(BadId::BadCharacter));
        check("Store code", "\u{212A}1", Reason::Id(BadId::BadCharacter));
        check("Store code", &"1".repeat(65), Reason::Id(BadId::TooLong));
        check("Business name", " ", Reason::Empty);
        check("Business name", &"x".repeat(501), Reason::TextTooLong);
        check("Time zone", "", Reason::UnknownZone);
        check("Time zone", "CET+1", Reason::UnknownZone);
        check("Time zone", "Europe/Atlantis", Reason::UnknownZone);
    }

    #[test]
    fn coordinates_that_changed_places_are_refused() {
        let swapped = |country| {
            let fields = [
                ("Store code", "1"),
                ("Business name", "Lyon"),
                ("Latitude", "4.85"),
                ("Longitude", "45.76"),
                ("Time zone", "Europe/Paris"),
            ];
            parse_one::<Stores>(&fields, "Country / Region", country).map(drop)
        };
        assert_eq!(swapped("FR"), Err(("Latitude", Reason::Swapped)));
        // Nobody says that it is in France: off Somalia there may be a shop.
        assert_eq!(swapped(""), Ok(()));
    }

    #[test]
    fn hours_in_the_words_of_openstreetmap_stand_in_for_the_days() {
        let (row, warnings) = with("Opening hours", "Mo-Fr 09:00-18:00; Sa 10:00-14:00").unwrap();
        assert_eq!(row.schedule.weekly.unwrap().map(|day| day.len()), [1, 1, 1, 1, 1, 1, 0]);
        assert_eq!((row.schedule.text, warnings), (None, vec![]));
        let (row, warnings) = with("Opening hours", "Mo-Fr 09:00-18:00; PH off").unwrap();
        assert_eq!((row.schedule.text.as_deref(), warnings), (Some("Mo-Fr 09:00-18:00; PH off"), vec![]));
        let (row, warnings) = with("Opening hours", "by appointment\u{202e}").unwrap();
        assert_eq!((row.schedule.weekly, row.schedule.text.as_deref()), (None, Some("by appointment")));
        let why = Reason::HoursText(domain::hours::osm::NotUnderstood::Syntax(0));
        assert_eq!(warnings, [("Opening hours", why), ("Opening hours", Reason::BidiTaken)]);
    }

    #[test]
    fn days_of_the_week_count_more_than_words_and_special_days_more_than_both() {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            .map(|d| format!("{d} hours"));
        let mut fields = GOOD.to_vec();
        fields.extend(days.iter().map(|day| (day.as_str(), "10:00-19:00")));
        let (row, warnings) = parse_one::<Stores>(&fields, "Opening hours", "24/7").unwrap();
        assert_eq!(row.schedule.weekly.unwrap()[0], [domain::hours::HoursSpan::parse("10:00-19:00").unwrap()]);
        assert_eq!(warnings, [("Opening hours", Reason::HoursTwice)]);
        fields.truncate(GOOD.len());
        fields.push(("Special hours", "2026-12-25: x"));
        let (row, warnings) = parse_one::<Stores>(&fields, "Opening hours", "24/7").unwrap();
        assert_eq!((row.schedule.weekly.is_some(), row.schedule.exceptions.len()), (true, 1));
        assert_eq!(warnings, []);
    }

    #[test]
    fn agreed_times_of_pickup_are_read_and_nonsense_is_left_out() {
        let pickup = |column: &'static str, value: &str| {
            with(column, value)
                .map(|(row, warnings)| (row.pickup, warnings.first().map(|(_, reason)| *reason)))
                .unwrap()
        };
        let none = PickupRules::default();
        assert_eq!(pickup("Locality", "x"), (none, None));
        assert_eq!(pickup("Pickup window minutes", "30"), (PickupRules { window_minutes: Some(30), ..none }, None));
        assert_eq!(pickup("Pickup capacity", "4"), (PickupRules { capacity: Some(4), ..none }, None));
        let cut_off = TimeOfDay::parse("17:30").ok();
        assert_eq!(pickup("Order cut-off", "17:30"), (PickupRules { order_cut_off: cut_off, ..none }, None));
        for (column, value, reason) in [
            ("Pickup window minutes", "50", Reason::PickupWindow),
            ("Pickup window minutes", "-30", Reason::PickupWindow),
            ("Pickup capacity", "0", Reason::PickupCapacity),
            ("Order cut-off", "25:00", Reason::CutOff),
        ] {
            assert_eq!(pickup(column, value), (none, Some(reason)));
        }
    }

    #[test]
    fn hours_that_cannot_be_read_are_unknown_and_said() {
        let (row, warnings) = with("Monday hours", "10-19").unwrap();
        assert_eq!(row.schedule, Schedule::default());
        assert_eq!(warnings, [("Monday hours", Reason::Hours(domain::hours::BadHours::Time))]);
        let (row, warnings) = with("Monday hours", "10:00-19:00").unwrap();
        assert_eq!(row.schedule.weekly, None);
        assert_eq!(warnings, [("Tuesday hours", Reason::HoursIncomplete)]);
    }

    #[test]
    fn labels_are_amenities_and_curbside_is_one_of_them() {
        let (row, _) = with("Labels", "Parking, curbside PICKUP,, Parking , Hablamos Español").unwrap();
        assert_eq!(row.amenities, ["Parking", "curbside PICKUP", "Hablamos Español"]);
        assert!(row.pickup_curbside);
        let (row, _) = with("Labels", "").unwrap();
        assert!(row.amenities.is_empty() && !row.pickup_curbside);
    }
}
