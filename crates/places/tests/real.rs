//! Real postcodes of six countries, where they are on this machine.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may

use std::io::Read as _;
use std::path::PathBuf;

use domain::geo::Position;
use flate2::read::GzDecoder;
use places::{Columns, Fit, Found, Kind, Places, Row, build};

fn rows(country: &str) -> Option<Vec<Row>> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../../shared/data/postcodes/{country}.csv.gz"));
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("not tested: there is no {}", path.display());
        return None;
    };
    let mut text = String::new();
    GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let column = |n: usize| record.get(n).unwrap();
        let columns = Columns {
            country: column(0),
            code: column(1),
            place: column(2),
            region: column(3),
            region_code: column(4),
            latitude: column(7),
            longitude: column(8),
        };
        columns.row().unwrap_or_else(|bad| panic!("{record:?} {bad}"))
    });
    Some(rows.collect())
}

fn open(countries: &[&str]) -> Option<Places> {
    let rows: Option<Vec<Vec<Row>>> = countries.iter().map(|country| rows(country)).collect();
    Some(Places::open(&build(rows?.into_iter().flatten(), "")).unwrap())
}

fn labels(found: &Found) -> Vec<&str> {
    found.places.iter().map(|place| place.label.as_str()).collect()
}

/// What is typed, how it fits, and what comes first.
fn check(places: &Places, typed: &str, fit: Fit, first: &str) {
    let found = places.find(typed, None, 5);
    let what = format!("{typed}: {:?} {:?} {:?}", found.fit, found.showing, labels(&found));
    assert_eq!(found.fit, fit, "{what}");
    assert!(
        found.places.first().is_some_and(|place| format!("{}, {}", place.label, place.detail).starts_with(first)),
        "{what}"
    );
}

#[test]
fn what_people_write_in_six_countries_is_understood() {
    let Some(places) = open(&["US", "FR", "GB", "PL", "IT", "DE"]) else { return };
    for (typed, fit, first) in [
        ("69003", Fit::Exact, "69003 Lyon"),
        ("F-69003", Fit::Exact, "69003 Lyon"),
        ("69003 Lyon", Fit::Exact, "69003 Lyon"),
        ("F-75021 CEDEX 01", Fit::Exact, "75021 Paris"),
        ("Lyon 3e", Fit::Exact, "Lyon 03"),
        ("St Etienne", Fit::Exact, "Saint-Étienne"),
        ("saint-etienne", Fit::Exact, "Saint-Étienne"),
        ("SW1A 1AA", Fit::Exact, "SW1A Westminster Abbey"),
        ("sw1a1aa", Fit::Exact, "SW1A Westminster Abbey"),
        ("m1", Fit::Exact, "M1 Manchester"),
        ("00-002", Fit::Exact, "00-002 Warszawa"),
        ("PL-00-002", Fit::Exact, "00-002 Warszawa"),
        ("PL 00002", Fit::Exact, "00-002 Warszawa"),
        ("00-950", Fit::Near, "00-910 Warszawa"),
        ("Łódź", Fit::Exact, "Łódź"),
        ("lodz", Fit::Exact, "Łódź"),
        ("55401-1234", Fit::Exact, "55401 Minneapolis"),
        ("554011234", Fit::Exact, "55401 Minneapolis"),
        ("Springfield IL", Fit::Exact, "Springfield, Illinois"),
        ("Springfield, Illinois", Fit::Exact, "Springfield, Illinois"),
        ("springfield", Fit::Ambiguous, "Springfield"),
        ("St. Louis", Fit::Ambiguous, "Saint Louis, Missouri"),
        ("D-10115", Fit::Exact, "10115 Berlin"),
        ("Minneap", Fit::Exact, "Minneapolis"),
        ("Minnaepolis", Fit::Near, "Minneapolis"),
        ("manchaster", Fit::Near, "Manchester"),
        ("roma", Fit::Exact, "Roma"),
    ] {
        check(&places, typed, fit, first);
    }
    // The first of one name is the one nearby.
    let near_springfield_massachusetts = Position::new(42.1, -72.6).unwrap();
    let found = places.find("springfield", Some(near_springfield_massachusetts), 5);
    assert_eq!((found.fit, found.places[0].detail.as_str()), (Fit::Ambiguous, "Massachusetts, US"));
    // A postcode of four countries.
    assert_eq!(places.find("75021", None, 5).fit, Fit::Ambiguous);
    for nothing in ["", "  ", "?!", "xyzzyq", "q9q9q9q9"] {
        assert_eq!(places.find(nothing, None, 5), Found::default(), "{nothing:?}");
    }
}

#[test]
fn a_postcode_that_does_not_exist_shows_its_area() {
    let Some(places) = open(&["GB"]) else { return };
    let found = places.find("M99 9ZZ", None, 5);
    assert_eq!(found.fit, Fit::Exact, "M99 exists");
    let found = places.find("SW1Q 4AB", None, 5);
    assert_eq!((found.fit, found.showing.as_deref()), (Fit::Near, Some("SW1…")));
    assert!(found.places.iter().all(|place| place.label.starts_with("SW1")), "{:?}", labels(&found));
}

#[test]
fn each_place_is_found_by_its_name_and_by_its_code_and_stands_where_it_should() {
    for country in ["US", "FR", "GB", "PL"] {
        let Some(rows) = rows(country) else { return };
        let places = Places::open(&build(rows.iter().cloned(), "")).unwrap();
        for row in rows.iter().step_by(if cfg!(debug_assertions) { 211 } else { 7 }) {
            let found = places.find(&row.code, None, 5);
            let code = row.code.split(" CEDEX").next().unwrap();
            assert!(
                found.places.iter().any(|place| place.label.starts_with(code)),
                "{}: {:?}",
                row.code,
                labels(&found)
            );

            let found = places.find(&row.place, Some(row.position), 20);
            let own = found.places.iter().filter(|p| p.kind == Kind::Postcode || p.label == row.place);
            let nearest = own.map(|place| place.position.distance_m(row.position)).fold(f64::INFINITY, f64::min);
            // The middle of a town may be some way from one of its postcodes.
            assert!(nearest < 40_000.0, "{}: {nearest} m, {:?}", row.place, labels(&found));
        }
    }
}

#[test]
fn the_file_is_small_enough_and_the_same_every_time() {
    let Some(mut rows) = rows("US") else { return };
    let file = build(rows.iter().cloned(), "");
    rows.reverse();
    assert_eq!(build(rows, ""), file);
    assert!(file.len() < 1_200_000, "{}", file.len());
}
