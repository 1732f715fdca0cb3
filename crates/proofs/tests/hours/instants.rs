//! `OpenState` over the instants that the server sends, against what a person reads off the clock on the wall of the
//! shop: each store, each quarter of an hour, over weeks in which the clocks change.
//!
//! The product turns times into instants with jiff; here an instant is turned into a time with chrono-tz and looked up in
//! the text of the feed itself.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use domain::hours::{OpenState, Schedule};
use domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use nearshelf_server::db::sqlite;
use nearshelf_server::import::{self, ImportFiles};

const WEEKDAYS: [&str; 7] = [
    "Monday hours",
    "Tuesday hours",
    "Wednesday hours",
    "Thursday hours",
    "Friday hours",
    "Saturday hours",
    "Sunday hours",
];

/// The text of a store: the seven days and the special ones.
struct Wall {
    zone: Tz,
    week: Vec<String>,
    special: HashMap<NaiveDate, String>,
}

impl Wall {
    /// Whether the text says open at a time of the wall clock: by the day itself or by the night before.
    fn is_open(&self, at: NaiveDateTime) -> bool {
        let minute = i64::from(at.hour() * 60 + at.minute());
        let yesterday = at.date() - Days::new(1);
        self.covers(at.date(), minute) || self.covers(yesterday, minute + 1440)
    }

    fn covers(&self, date: NaiveDate, minute: i64) -> bool {
        let day = date.weekday().num_days_from_monday() as usize;
        let text = self.special.get(&date).unwrap_or(&self.week[day]);
        text.split(',').map(str::trim).filter(|span| *span != "x").any(|span| {
            let (from, to) = span.split_once('-').unwrap();
            let (from, to) = (minutes(from), minutes(to));
            let to = if to == 1439 { 1440 } else { to };
            (from..if to <= from { to + 1440 } else { to }).contains(&minute)
        })
    }
}

fn minutes(text: &str) -> i64 {
    let (hour, minute) = text.trim().split_once(':').unwrap();
    hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap()
}

fn walls(path: &Path) -> HashMap<String, (String, Wall)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (code, zone, special) = (column("Store code"), column("Time zone"), column("Special hours"));
    let week = WEEKDAYS.map(column);
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let days: Vec<String> = week.iter().map(|at| row[*at].to_owned()).collect();
        // One line says all, so that stores alike are looked at once.
        let line = format!("{} {days:?} {}", &row[zone], &row[special]);
        let mut exceptions: HashMap<NaiveDate, String> = HashMap::new();
        for part in row[special].split(", ").filter(|part| !part.is_empty()) {
            let (date, hours) = part.split_once(": ").unwrap();
            let day = exceptions.entry(date.parse().unwrap()).or_default();
            *day = if day.is_empty() { hours.to_owned() } else { format!("{day}, {hours}") };
        }
        let wall = Wall { zone: row[zone].parse().unwrap(), week: days, special: exceptions };
        (row[code].to_owned(), (line, wall))
    });
    rows.collect()
}

/// The stores as the product has them after importing the feed: code, zone, schedule.
fn imported(path: &Path) -> Vec<(String, String, Schedule)> {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("shop.db");
    let mut connection = sqlite::open(&db).unwrap();
    let files = ImportFiles { stores: Some(path.to_owned()), ..ImportFiles::default() };
    import::run(&mut connection, &files, Timestamp::from_millis(0), false).unwrap();
    let mut statement = connection.prepare("SELECT id, timezone, schedule FROM location").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?))).unwrap();
    rows.map(Result::unwrap).map(|(id, zone, schedule)| (id, zone, serde_json::from_str(&schedule).unwrap())).collect()
}

/// Compares two weeks from `begin`; answers how many stores, how many of them unlike each other, how many quarters of an
/// hour of these, and how many of the quarters are open.
fn compare(feed: &str, begin: &str) -> Option<(usize, usize, usize, usize)> {
    let path = super::file(feed)?;
    let walls = walls(&path);
    let stores = imported(&path);
    let begin = Timestamp::parse(begin).unwrap();
    let (mut seen, mut looked, mut open) = (HashSet::new(), 0, 0);
    for (id, zone, schedule) in &stores {
        let (line, wall) = &walls[id];
        if !seen.insert(line) {
            continue;
        }
        let (spans, known_until) = schedule.open_spans(zone, begin, 15).unwrap();
        for quarter in 0..14 * 24 * 4 {
            let now = begin.plus_millis(quarter * 15 * MINUTE_MS);
            let local = DateTime::from_timestamp_millis(now.millis()).unwrap().with_timezone(&wall.zone).naive_local();
            let said = OpenState::at(now, spans.as_deref(), known_until);
            assert_ne!(said, OpenState::Unknown, "{id} at {now}");
            assert_eq!(said.is_open(), wall.is_open(local), "{id} at {now}, there {local}: {line}");
            looked += 1;
            open += usize::from(said.is_open());
        }
        assert!(known_until.since(begin) >= 14 * DAY_MS);
    }
    Some((stores.len(), seen.len(), looked, open))
}

fn check(feed: &str, begins: &[&str], stores: usize) {
    for begin in begins {
        let Some((found, unlike, looked, open)) = compare(feed, begin) else { return };
        println!("{feed} from {begin}: {found} stores, {unlike} of them unlike, {looked} quarters, {open} open");
        assert_eq!(found, stores);
        assert!(open > looked / 4 && open < looked * 3 / 4, "one answer for all would prove nothing");
    }
}

#[test]
fn every_american_store_is_open_when_its_wall_clock_says_so_while_the_clocks_change() {
    // 2026-11-01 and 2027-03-14; Thanksgiving with the day after; Christmas.
    let begins = ["2026-10-25T00:00:00Z", "2027-03-07T00:00:00Z", "2026-11-20T00:00:00Z", "2026-12-18T00:00:00Z"];
    check("../shared/data/electronics/stores.csv", &begins, 1_565);
}

#[test]
fn every_european_store_is_open_when_its_wall_clock_says_so_while_the_clocks_change() {
    let path = super::file("demo/stores.csv").unwrap();
    let stores = walls(&path).len();
    check("demo/stores.csv", &["2026-10-18T00:00:00Z", "2027-03-21T00:00:00Z", "2026-12-20T00:00:00Z"], stores);
}

#[test]
fn a_schedule_read_by_another_clock_is_found_out() {
    let wall =
        Wall { zone: chrono_tz::Europe::Paris, week: vec!["10:00-19:00".to_owned(); 7], special: HashMap::new() };
    let at = |hour| NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(hour, 0, 0).unwrap();
    assert_eq!([9, 10, 18, 19].map(|hour| wall.is_open(at(hour))), [false, true, true, false]);
}
