use super::*;

fn day(hours: &OsmHours, date: &str) -> String {
    let Some(spans) = hours.on(LocalDate::parse(date).unwrap()) else { return "?".to_owned() };
    let spans: Vec<String> = spans.iter().map(|span| format!("{}-{}", span.opens, span.closes)).collect();
    if spans.is_empty() { "x".to_owned() } else { spans.join(" ") }
}

/// Monday 23 to Sunday 29 November 2026.
fn week(text: &str) -> String {
    let hours = OsmHours::parse(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
    let days: Vec<String> = (23..30).map(|d| day(&hours, &format!("2026-11-{d}"))).collect();
    days.join(" | ")
}

fn check_week(text: &str, expect: &str) {
    assert_eq!(week(text), expect, "{text}");
}

fn check_dates(text: &str, expect: &[(&str, &str)]) {
    let hours = OsmHours::parse(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
    for (date, spans) in expect {
        assert_eq!(day(&hours, date), *spans, "{text} on {date}");
    }
}

const WORKDAYS: &str = "09:00-18:00 | 09:00-18:00 | 09:00-18:00 | 09:00-18:00 | 09:00-18:00 | x | x";

#[test]
fn days_and_spans() {
    check_week("Mo-Fr 09:00-18:00", WORKDAYS);
    check_week(
        "Mo,We-Th,Su 10:00-12:00,14:00-17:30",
        "10:00-12:00 14:00-17:30 | x | 10:00-12:00 14:00-17:30 | 10:00-12:00 14:00-17:30 | x | x | 10:00-12:00 14:00-17:30",
    );
    check_week("Sa-Tu 10:00-12:00", "10:00-12:00 | 10:00-12:00 | x | x | x | 10:00-12:00 | 10:00-12:00");
    check_week(
        "24/7",
        "00:00-24:00 | 00:00-24:00 | 00:00-24:00 | 00:00-24:00 | 00:00-24:00 | 00:00-24:00 | 00:00-24:00",
    );
    check_week("Fr,Sa 22:00-03:00", "x | x | x | x | 22:00-03:00 | 22:00-03:00 | x");
    check_week("Fr 18:00-26:00; Su 20:00-24:00", "x | x | x | x | 18:00-02:00 | x | 20:00-24:00");
    check_week("Mo 06:00-00:00", "06:00-24:00 | x | x | x | x | x | x");
    check_week("closed", "x | x | x | x | x | x | x");
}

#[test]
fn rules_replace_add_and_stand_in() {
    check_week(
        "Mo-Su 11:00-22:00; Fr,Sa 11:00-23:00; Su off",
        "11:00-22:00 | 11:00-22:00 | 11:00-22:00 | 11:00-22:00 | 11:00-23:00 | 11:00-23:00 | x",
    );
    check_week(
        "Mo-Tu 09:00-12:00, Tu-We 14:00-18:00",
        "09:00-12:00 | 09:00-12:00 14:00-18:00 | 14:00-18:00 | x | x | x | x",
    );
    check_week(
        "Mo-Fr 09:00-18:00; Mo 12:00-13:00 off",
        "09:00-12:00 13:00-18:00 | 09:00-18:00 | 09:00-18:00 | 09:00-18:00 | 09:00-18:00 | x | x",
    );
    check_week("Mo-Tu 09:00-12:00 || We 10:00-11:00", "09:00-12:00 | 09:00-12:00 | 10:00-11:00 | x | x | x | x");
    check_week("We 14:00-18:00 || \"nach Vereinbarung\"", "x | x | 14:00-18:00 | x | x | x | x");
    check_week("Mo 20:00-24:00, Mo 19:00-20:00", "19:00-24:00 | x | x | x | x | x | x");
}

#[test]
fn seasons_dates_weeks_and_easter() {
    check_dates(
        "Apr 01-Oct 31 Mo-Su 09:00-20:00; Nov-Mar Mo-Sa 10:00-18:00",
        &[
            ("2026-10-31", "09:00-20:00"),
            ("2026-11-01", "x"),
            ("2026-11-02", "10:00-18:00"),
            ("2027-02-28", "x"),
            ("2027-03-31", "10:00-18:00"),
            ("2027-04-01", "09:00-20:00"),
        ],
    );
    check_dates(
        "Mo-Sa 10:00-19:00; Dec,May-Aug: Su 12:00-19:00; Dec 25,26 off; Dec 24: 10:00-14:00",
        &[
            ("2026-11-29", "x"),
            ("2026-12-06", "12:00-19:00"),
            ("2026-12-24", "10:00-14:00"),
            ("2026-12-25", "x"),
            ("2026-12-26", "x"),
            ("2026-12-27", "12:00-19:00"),
        ],
    );
    check_dates(
        "Mo-Su 10:00-12:00; 2026 Dec 24-2027 Jan 06 off",
        &[("2026-12-23", "10:00-12:00"), ("2026-12-24", "x"), ("2027-01-06", "x"), ("2027-12-24", "10:00-12:00")],
    );
    check_dates(
        "week 01-20 Mo 10:00-12:00; week 50-53/2 Tu 10:00-11:00",
        &[("2026-05-11", "10:00-12:00"), ("2026-05-18", "x"), ("2026-12-08", "10:00-11:00"), ("2026-12-15", "x")],
    );
    check_dates(
        "Mo[1] 10:00-12:00; Su[-1] 14:00-16:00; Fr[2-3] 09:00-10:00",
        &[
            ("2026-11-02", "10:00-12:00"),
            ("2026-11-09", "x"),
            ("2026-11-29", "14:00-16:00"),
            ("2026-11-22", "x"),
            ("2026-11-06", "x"),
            ("2026-11-13", "09:00-10:00"),
            ("2026-11-20", "09:00-10:00"),
            ("2026-11-27", "x"),
        ],
    );
    check_dates(
        "Mo-Su 10:00-18:00; easter off; easter -2 days off; easter +1 day 12:00-14:00",
        &[
            ("2026-04-03", "x"),
            ("2026-04-04", "10:00-18:00"),
            ("2026-04-05", "x"),
            ("2026-04-06", "12:00-14:00"),
            ("2027-03-28", "x"),
            ("2038-04-25", "x"),
        ],
    );
    check_dates(
        "Mo-Su 10:00-18:00; 2026-2027 Feb 29 off; 2028 Mo off",
        &[("2028-02-28", "x"), ("2028-02-29", "10:00-18:00")],
    );
}

#[test]
fn writing_is_forgiven_where_its_meaning_is_plain() {
    for text in [
        "mo-fr 9:00-18:00",
        "Mo - Fr 09:00 - 18:00;",
        "Mo–Fr 09.00–18.00",
        "Mon-Fri: 9-18",
        "MONDAY-FRIDAY 9am-6pm",
        "Mo-Fr 09:00-18:00 open",
        "Mo-Fr 9:00 AM to 6:00 PM",
        "Mo-Fr09:00-18:00;Sa,Su off",
        "Mo-Fr 9h-18h",
        "Mo-Fr 09:00-18:00; Sa-Su closed",
        "Mo-Fr 09:00-18:00, Sa off",
        "Mo, Tu, We, Th,Fr 09:00-18:00",
    ] {
        check_week(text, WORKDAYS);
    }
}

#[test]
fn holidays_change_nothing_and_are_kept_for_people() {
    for (text, says_more) in [
        ("Mo-Fr 09:00-18:00; PH off", true),
        ("Mo-Fr 09:00-18:00; Su, Ph OFF", true),
        ("Mo-Fr 09:00-18:00; SH Mo-Fr 10:00-12:00", true),
        ("Mo-Fr 09:00-18:00; PH Mo-Fr 10:00-12:00", true),
        ("Mo-Fr,PH 09:00-18:00", true),
        ("Mo-Fr 09:00-18:00", false),
    ] {
        check_week(text, WORKDAYS);
        let hours = OsmHours::parse(text).unwrap();
        assert_eq!(hours.says_more(), says_more, "{text}");
        assert_eq!(OsmHours::schedule(text).unwrap().text.as_deref(), says_more.then_some(text));
    }
    assert!(!OsmHours::parse("Mo-Su,PH 09:00-18:00").unwrap().says_more());
}

#[test]
fn words_in_place_of_hours_make_their_days_unknown() {
    check_week("Mo \"nach Vereinbarung\"; Tu-We 10:00-18:30", "? | 10:00-18:30 | 10:00-18:30 | x | x | x | x");
    check_week("Tu 15:00-18:30; \"und nach Vereinbarung\"", "x | 15:00-18:30 | x | x | x | x | x");
    check_week("Tu 15:00-18:30,\"on appointment\"; Sa off", "x | 15:00-18:30 | x | x | x | x | x");
    check_week("Mo 10:00-12:00 \"ring the bell\"; Tu 10:00-12:00 open \"ring\"", "? | 10:00-12:00 | x | x | x | x | x");
    // Unknown days cannot stand in a week of numbers: the rules are asked by date.
    let schedule = OsmHours::schedule("Mo unknown; Tu 10:00-12:00").unwrap();
    assert!(schedule.weekly.is_none() && schedule.rules.is_some() && schedule.text.is_some());
}

#[test]
fn what_only_a_guess_could_settle_stays_text() {
    use NotUnderstood::{Ambiguous, Date, OpenEnd, Sun, Syntax, Time, Words};
    for (text, why) in [
        ("", Words),
        ("\"by appointment\"", Words),
        ("Mo-Fr 10:00+", OpenEnd),
        ("08:00-21:00+", OpenEnd),
        ("sunrise-sunset", Sun),
        ("Mo (sunrise+01:00)-18:00", Sun),
        ("Mo-Fr 25:00-26:00", Time),
        ("Mo 10:00-10:00", Time),
        ("Mo 10:60-11:00", Time),
        ("Tu-Sa 12:00-09:00", Time),
        ("Mo 10:00-35:00", Time),
        ("Mo 13pm-5pm", Time),
        ("Mo-Fr 8-6:30", Ambiguous),
        ("Mo 1-5", Ambiguous),
        ("Mo 09:00-13:00, 12:00-18:00", Ambiguous),
        ("Mo-Fr 10:00-18:00, Fr 10:00-20:00", Ambiguous),
        ("Mo-Fr 08:00-12:00; 13:00-18:00; Sa 08:00-14:00", Ambiguous),
        ("May 29 off; Mo-Fr 09:00-18:00", Ambiguous),
        ("Jul Mo-Fr 10:00-18:00; Sa 10:00-16:00", Ambiguous),
        ("Mar 15-Apr Mo 10:00-12:00", Ambiguous),
        ("Mo open", Ambiguous),
        ("Feb 30 10:00-12:00", Date),
        ("week 54 10:00-12:00", Date),
        ("Mo[6] 10:00-12:00", Date),
        ("Mo-Fr", Syntax(5)),
        ("Mo-Fr 09:00-20:0", Syntax(15)),
        ("Mo-Fr 12:00-18:002", Syntax(15)),
        ("Montag 10:00-12:00", Syntax(0)),
        ("Daily from 11 to 7", Syntax(0)),
        ("Mo 10:00-12:00 \"bell", Syntax(15)),
        ("Mar Su[-1]-Oct Su[-1] 10:00-12:00", Syntax(10)),
        ("Mo-Fr 09:00", Syntax(11)),
        ("PH off", Words),
        ("|", Syntax(0)),
        ("99999999999", Syntax(0)),
    ] {
        assert_eq!(OsmHours::parse(text), Err(why), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[MoTuWe0-9:,;|\"+\\[\\]. a-z-]{0,40}", any in proptest::prelude::any::<String>()) {
        let _ = OsmHours::schedule(&text);
        let _ = OsmHours::schedule(&any);
    }
}
