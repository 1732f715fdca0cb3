//! `cargo run --release -p places --example measure -- FOLDER COUNTRY.csv.gz...`: how quick it is here, one line of JSON a
//! measurement; and the files and questions with which `cargo xtask bench places` measures the same in a browser.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::expect_used,
    clippy::indexing_slicing
)]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use domain::geo::{GeoIndex, Position};
use domain::hours::OpenSpan;
use domain::time::{HOUR_MS, Timestamp};
use places::{Columns, Places, Row, Shop, Shops, ShopsAsked, build, write_shops};

const SEED: u64 = 42;
const QUESTIONS: usize = 2_000;
/// Friday, 20 November 2026, 11:00 UTC.
const NOW_MS: i64 = 1_795_172_400_000;

/// Numbers that look random and are the same every time (Marsaglia, xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Anywhere on Earth, everywhere as likely.
    fn place(&mut self) -> Position {
        let north = (2.0 * self.part() - 1.0).asin().to_degrees();
        Position::new(north, 360.0 * self.part() - 180.0).unwrap()
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder to write to");
    for csv in arguments {
        gazetteer(Path::new(&folder), Path::new(&csv));
    }
    for count in [20_000, 200_000] {
        nearest(count);
    }
    shops(Path::new(&folder), 20_000);
}

/// The middle and the slowest hundredth, in microseconds.
fn percentiles(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn timed<T>(questions: &[T], mut ask: impl FnMut(&T)) -> (f64, f64) {
    let time = |question: &T| {
        let begin = Instant::now();
        ask(question);
        begin.elapsed().as_secs_f64() * 1e6
    };
    percentiles(questions.iter().map(time).collect())
}

fn rows(csv: &Path) -> Vec<Row> {
    let file = std::fs::File::open(csv).unwrap();
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(file));
    let row = |record: csv::StringRecord| {
        let column = |n: usize| record.get(n).unwrap_or_default();
        let columns = Columns {
            country: column(0),
            code: column(1),
            place: column(2),
            region: column(3),
            region_code: column(4),
            latitude: column(7),
            longitude: column(8),
        };
        columns.row().unwrap()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Beginnings of names and codes, whole ones, and names with a wrong letter.
fn typed(rows: &[Row]) -> Vec<String> {
    let mut random = Random(SEED);
    let question = |n: usize| {
        let row = &rows[random.below(rows.len())];
        let text: Vec<char> = if n.is_multiple_of(3) { row.code.chars() } else { row.place.chars() }.collect();
        let mut text: Vec<char> = text[..1 + random.below(text.len())].to_vec();
        if n % 6 == 1 && text.len() > 4 {
            let place = random.below(text.len());
            text[place] = 'x';
        }
        text.into_iter().collect()
    };
    (0..QUESTIONS).map(question).collect()
}

fn gazetteer(folder: &Path, csv: &Path) {
    let rows = rows(csv);
    let country = rows[0].country.clone();
    let questions = typed(&rows);
    let file = build(rows.iter().cloned(), "");
    let begin = Instant::now();
    let places = Places::open(&file).unwrap();
    let open_ms = begin.elapsed().as_secs_f64() * 1e3;
    let (p50, p99) = timed(&questions, |typed| drop(black_box(places.answer_json(typed, None, 5))));
    println!(
        "{{\"name\":\"postcodes {country}\",\"seed\":{SEED},\"rows\":{},\"raw_kB\":{},\"open_ms\":{open_ms:.1},\
         \"p50_us\":{p50:.1},\"p99_us\":{p99:.1}}}",
        rows.len(),
        file.len() / 1_000
    );
    std::fs::write(folder.join(format!("{country}.places")), file).unwrap();
    std::fs::write(folder.join(format!("{country}.typed")), questions.join("\n")).unwrap();
}

fn nearest(count: usize) {
    let mut random = Random(SEED);
    let places: Vec<Position> = (0..count).map(|_| random.place()).collect();
    let origins: Vec<Position> = (0..QUESTIONS).map(|_| random.place()).collect();
    let begin = Instant::now();
    let index = GeoIndex::build(places.iter().copied());
    let build_ms = begin.elapsed().as_secs_f64() * 1e3;
    for (filter, every) in [("none", 1u32), ("one in ten", 10)] {
        let (p50, p99) = timed(&origins, |origin| {
            drop(black_box(index.nearest(*origin, None, 20, &mut |number| number % every == 0)));
        });
        // The control: looking at all of them.
        let few = &origins[..origins.len().min(40)];
        let (plain, _) = timed(few, |origin| {
            let passing = (0u32..).zip(&places).filter(|(number, _)| number % every == 0);
            let mut all: Vec<(f64, u32)> = passing.map(|(number, place)| (origin.distance_m(*place), number)).collect();
            all.select_nth_unstable_by(20, |a, b| a.0.total_cmp(&b.0));
            all.truncate(20);
            black_box(&all);
        });
        println!(
            "{{\"name\":\"20 nearest of {count}\",\"seed\":{SEED},\"filter\":\"{filter}\",\"build_ms\":{build_ms:.1},\
             \"p50_us\":{p50:.1},\"p99_us\":{p99:.1},\"all_of_them_p50_us\":{plain:.0},\"ratio\":{:.0}}}",
            plain / p50
        );
    }
}

fn shops(folder: &Path, count: usize) {
    let mut random = Random(SEED);
    let shop = |number: usize| {
        let hours = 6 + number as i64 % 5;
        let day = |day: i64| {
            let opens_at = Timestamp::from_millis((NOW_MS / (24 * HOUR_MS) + day) * 24 * HOUR_MS + hours * HOUR_MS);
            OpenSpan { opens_at, closes_at: opens_at.plus_millis(9 * HOUR_MS) }
        };
        let words = vec!["shop".to_owned(), number.to_string(), format!("town{}", number % 900)];
        Shop {
            position: random.place(),
            spans: Some((0..14).map(day).collect()),
            known_until: Timestamp::from_millis(NOW_MS + 14 * 24 * HOUR_MS),
            amenities: if number.is_multiple_of(3) { vec!["repair".to_owned()] } else { vec![] },
            json: format!(
                "{{\"id\":\"s{number}\",\"name\":\"Shop {number}\",\"address\":{{\"street_address\":\"{} Main Street\",\
                 \"address_locality\":\"Town {}\"}}}}",
                number % 400,
                number % 900
            ),
            words,
        }
    };
    let text = write_shops(&(0..count).map(shop).collect::<Vec<_>>());
    std::fs::write(folder.join("shops.txt"), &text).unwrap();
    let begin = Instant::now();
    let shops = Shops::open(text).unwrap();
    let open_ms = begin.elapsed().as_secs_f64() * 1e3;
    let origins: Vec<Position> = (0..QUESTIONS).map(|_| random.place()).collect();
    let now = Timestamp::from_millis(NOW_MS);
    for (filter, open_at, amenities) in
        [("none", None, vec![]), ("open now with repair", Some(now), vec!["repair".to_owned()])]
    {
        let (p50, p99) = timed(&origins, |origin| {
            let asked = ShopsAsked {
                words: String::new(),
                center: Some(*origin),
                max_m: None,
                open_at,
                amenities: amenities.clone(),
                offset: 0,
                limit: 20,
            };
            drop(black_box(shops.answer_json(&asked, now)));
        });
        println!(
            "{{\"name\":\"list of 20 from {count} shops\",\"seed\":{SEED},\"filter\":\"{filter}\",\"open_ms\":{open_ms:.1},\
             \"p50_us\":{p50:.1},\"p99_us\":{p99:.1}}}"
        );
    }
}
