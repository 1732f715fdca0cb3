//! The real `opening_hours` of the data beside the project: how many are understood, and whether those that are mean
//! what the independent implementation `opening-hours` says, minute by minute over a year.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;

use chrono::{Days, NaiveDate};
use domain::hours::LocalDate;
use domain::hours::osm::OsmHours;
use opening_hours::{OpeningHours, RuleKind};

/// Each text with how many shops have it.
fn texts() -> Option<BTreeMap<String, usize>> {
    let packed = std::fs::File::open(super::file("../shared/data/places/osm-shops.ndjson.gz")?).unwrap();
    let mut lines = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut lines).unwrap();
    let mut texts = BTreeMap::new();
    for line in lines.lines() {
        let shop: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(hours) = shop["hours"].as_str() {
            *texts.entry(hours.to_owned()).or_default() += 1;
        }
    }
    Some(texts)
}

#[test]
fn of_the_real_texts_98_in_100_are_understood_and_the_rest_says_why() {
    let Some(texts) = texts() else { return };
    let total: usize = texts.values().sum();
    let mut missed = 0;
    for (text, shops) in &texts {
        if let Err(why) = OsmHours::schedule(text) {
            println!("{shops} x {text:?} {why}");
            missed += shops;
        }
    }
    println!("{} of {total} understood", total - missed);
    assert_eq!(total, 1_183);
    assert!(missed * 100 <= total * 2, "{missed} of {total} are not understood");
}

/// Minutes of a day on which ours is open, the night before included.
fn ours(hours: &OsmHours, date: NaiveDate) -> Option<[bool; 1440]> {
    let local = |date: NaiveDate| LocalDate::parse(&date.to_string()).unwrap();
    let mut open = [false; 1440];
    for (spans, before) in [(hours.on(local(date - Days::new(1)))?, 1440), (hours.on(local(date))?, 0)] {
        for span in spans {
            let (from, to) = (usize::from(span.opens.minutes()), usize::from(span.closes.minutes()));
            let to = if to <= from { to + 1440 } else { to };
            (from..to)
                .filter_map(|minute| minute.checked_sub(before))
                .filter(|m| *m < 1440)
                .for_each(|m| open[m] = true);
        }
    }
    Some(open)
}

/// The same by the other implementation; `None` where it has a stretch that it does not know.
fn theirs(hours: &OpeningHours, date: NaiveDate) -> Option<[bool; 1440]> {
    let mut open = [false; 1440];
    let (from, to) = (date.and_hms_opt(0, 0, 0).unwrap(), (date + Days::new(1)).and_hms_opt(0, 0, 0).unwrap());
    for stretch in hours.iter_range(from, to) {
        let minute = |at: chrono::NaiveDateTime| usize::try_from((at - from).num_minutes()).unwrap();
        match stretch.kind {
            RuleKind::Open => open[minute(stretch.range.start)..minute(stretch.range.end).min(1440)].fill(true),
            RuleKind::Closed => {}
            RuleKind::Unknown => return None,
        }
    }
    Some(open)
}

/// The text as the specification wants it written; the other implementation is strict, and takes `Mo, Tu 11:00` for two
/// rules, the first of them about a whole Monday.
fn plain(text: &str) -> String {
    let text = text.replace(" -", "-").replace("- ", "-").replace("  ", " ");
    let mut plain = String::new();
    for part in text.split(", ") {
        let after_day = plain.ends_with(|c: char| c.is_ascii_alphabetic()) && !plain.ends_with("off");
        plain.push_str(if plain.is_empty() {
            ""
        } else if after_day {
            ","
        } else {
            ", "
        });
        plain.push_str(part);
    }
    plain
}

/// Words beside the hours, where the specification knows nothing any more: we keep the hours and show the words.
const BESIDE: [&str; 2] =
    ["Tu-Fr 15:00-18:30; \"und nach Vereinbarung\"", "We-Fr 14:00-18:00 || \"nach Vereinbarung\""];

#[test]
fn what_is_understood_means_what_another_implementation_says() {
    let Some(texts) = texts() else { return };
    let begin = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let (mut compared, mut days, mut unread, mut unknown) = (0, 0, Vec::new(), 0);
    let mut differ = HashSet::new();
    for text in texts.keys() {
        let Ok(mine) = OsmHours::parse(text) else { continue };
        let Ok(other) = plain(text).parse::<OpeningHours>() else {
            unread.push(text);
            continue;
        };
        compared += 1;
        for day in 0..371 {
            let date = begin + Days::new(day);
            match (ours(&mine, date), theirs(&other, date)) {
                (Some(mine), Some(other)) => {
                    days += 1;
                    if mine != other && differ.insert(text.as_str()) {
                        println!("differs on {date}: {text:?}");
                    }
                }
                _ => unknown += 1,
            }
        }
    }
    println!("{compared} texts, {days} days compared, {unknown} days that one of the two does not know");
    println!("{} texts differ; {} only we read: {unread:?}", differ.len(), unread.len());
    assert!(compared > 600 && days > 220_000);
    assert_eq!(differ, HashSet::from(BESIDE));
}
