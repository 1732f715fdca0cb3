//! The file: whatever happens to its bytes, reading says so or goes on, and never panics.

#![allow(clippy::unwrap_used)] // a test may

use domain::geo::Position;
use places::{Damaged, Found, Places, Row, build};
use proptest::prelude::*;

fn row(country: &str, code: &str, place: &str, latitude: f64, longitude: f64) -> Row {
    Row {
        country: country.to_owned(),
        code: code.to_owned(),
        place: place.to_owned(),
        region: "Some region".to_owned(),
        region_code: "SR".to_owned(),
        position: Position::new(latitude, longitude).unwrap(),
    }
}

fn sample() -> Vec<Row> {
    vec![
        row("FR", "69003", "Lyon", 45.76, 4.85),
        row("FR", "75001", "Paris", 48.86, 2.34),
        row("GB", "SW1A", "London", 51.5, -0.13),
        row("PL", "00-950", "Warszawa", 52.23, 21.01),
        row("FJ", "A1", "Dateline \"East\"", -16.0, 180.0),
        row("FJ", "A2", "Dateline West", -16.0, -180.0),
    ]
}

#[test]
fn every_cut_and_every_flipped_bit_is_refused() {
    let file = build(sample(), "Somebody");
    assert_eq!(Places::open(&file).unwrap().len(), 6);
    for length in 0..file.len() {
        assert!(Places::open(&file[..length]).is_err(), "{length}");
    }
    for bit in 0..file.len() * 8 {
        let mut damaged = file.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(Places::open(&damaged).is_err(), "{bit}");
    }
    assert_eq!(Places::open(b"nearsrch-something-else").err(), Some(Damaged::Foreign));
    let mut other = file.clone();
    other[8] = 9;
    assert_eq!(Places::open(&other).err(), Some(Damaged::Version(9)));
}

#[test]
fn nothing_is_a_gazetteer_too() {
    let places = Places::open(&build([], "")).unwrap();
    assert!(places.is_empty());
    assert_eq!(places.find("lyon", None, 5), Found::default());
    assert_eq!(places.find("69003", None, 5), Found::default());
}

#[test]
fn the_answer_is_json_whatever_a_place_is_called() {
    let places = Places::open(&build(sample(), "Somebody")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&places.answer_json("dateline east", None, 5)).unwrap();
    assert_eq!(json["match"], "exact");
    assert_eq!(json["places"][0]["label"], "Dateline \"East\"");
    assert_eq!(json["places"][0]["geo"]["longitude"], 180.0);
    assert_eq!(json["credit"], "Somebody");
    let json: serde_json::Value = serde_json::from_str(&places.answer_json("zzz", None, 5)).unwrap();
    assert_eq!(json, serde_json::json!({"match": "none", "places": []}));
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(
        rows in prop::collection::vec(
            ("[A-Z]{2}", "[0-9]{5}|[A-Z]{1,2}[0-9]{1,2}", "[A-Za-zéłŻ][a-zé '-]{0,12}", -90.0..=90.0f64, -180.0..=180.0f64),
            1..40,
        ),
    ) {
        let rows: Vec<Row> = rows.into_iter().map(|(c, code, place, lat, lon)| row(&c, &code, &place, lat, lon)).collect();
        let places = Places::open(&build(rows.clone(), "")).unwrap();
        for row in rows {
            let found = places.find(&row.code, Some(row.position), 40);
            prop_assert!(found.places.iter().any(|place| place.label.starts_with(&row.code)), "{} {found:?}", row.code);
            let found = places.find(&row.place, Some(row.position), 40);
            prop_assert!(!found.places.is_empty(), "{}", row.place);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), limit in 0usize..30) {
        let places = Places::open(&build(sample(), "Somebody")).unwrap();
        prop_assert!(places.find(&text, None, limit).places.len() <= limit);
    }

    #[test]
    fn forged_bytes_do_no_harm(place in 60usize..400, byte in any::<u8>(), text in "[a-z0-9]{1,6}") {
        // A forger works the checksum out as well: reading may say no or answer oddly, and does not panic.
        let mut file = build(sample(), "Somebody");
        if let Some(old) = file.get_mut(place) {
            *old = byte;
        }
        let checked = file[24..].to_vec();
        file[16..24].copy_from_slice(&checksum(&checked).to_le_bytes());
        if let Ok(places) = Places::open(&file) {
            let _ = places.answer_json(&text, None, 5);
        }
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| (state ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    bytes
        .chunks(8)
        .fold(bytes.len() as u64, |state, word| mix(state, word.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b))))
}
