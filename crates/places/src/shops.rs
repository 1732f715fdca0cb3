//! All shops of a retailer in one file, for lists and maps without a network.
//!
//! Lines of text, with tabs between what stands on them. The first: `nearshops`, the version, how many lists of opening there
//! are, how many shops, and a checksum of all behind it. Then the lists of opening, each once however many shops have it: until when it is known (minutes
//! since 1970), and `opens-closes` with commas between, or `?` where nobody told. Then the shops, in the order of their names:
//! degrees north and east times ten million, the number of their list, ids of what they offer, folded words, and the JSON of
//! the API without what stands on the line already.
//!
//! The answer is that of `POST /v1/locations/search`; goods are not in the file, so questions about them are for the server.

use std::fmt::Write as _;

use domain::geo::{self, GeoIndex, Position};
use domain::hours::{OpenSpan, OpenState};
use domain::time::{MINUTE_MS, Timestamp};

use crate::Damaged;
use crate::file::checksum;

const MAGIC: &str = "nearshops";
/// Of the form of the file; a reader knows exactly one.
const VERSION: i64 = 1;

/// One shop on its way into the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Shop {
    /// Where it is.
    pub position: Position,
    /// When it is open, in order; `None` where nobody told.
    pub spans: Option<Vec<OpenSpan>>,
    /// Up to when that is known.
    pub known_until: Timestamp,
    /// Ids of what it offers.
    pub amenities: Vec<String>,
    /// The folded words of its name and address.
    pub words: Vec<String>,
    /// A JSON object without `open_spans`, `open_known_until` and `distance_m`.
    pub json: String,
}

/// Writes the file.
#[must_use]
pub fn write_shops(shops: &[Shop]) -> String {
    let mut lists: Vec<String> = Vec::new();
    let mut numbers = std::collections::HashMap::new();
    let mut lines = String::new();
    for shop in shops {
        let minutes = |at: Timestamp| at.millis() / MINUTE_MS;
        let span = |span: &OpenSpan| format!("{}-{}", minutes(span.opens_at), minutes(span.closes_at));
        let spans = shop.spans.as_ref().map(|spans| spans.iter().map(span).collect::<Vec<_>>().join(","));
        let list = format!("{}\t{}", minutes(shop.known_until), spans.as_deref().unwrap_or("?"));
        let number = *numbers.entry(list.clone()).or_insert_with(|| {
            lists.push(list);
            lists.len() - 1
        });
        #[allow(clippy::cast_possible_truncation)] // at most 1.8 billion
        let degrees = |degrees: f64| (degrees * PARTS).round() as i64;
        let (north, east) = (degrees(shop.position.latitude()), degrees(shop.position.longitude()));
        let (amenities, words) = (shop.amenities.join(","), shop.words.join(" "));
        let _ = writeln!(lines, "{north}\t{east}\t{number}\t{amenities}\t{words}\t{}", shop.json);
    }
    let rest = [lists.iter().map(|list| format!("{list}\n")).collect(), lines].concat();
    let sum = checksum(rest.as_bytes());
    [format!("{MAGIC}\t{VERSION}\t{}\t{}\t{sum:x}\n", lists.len(), shops.len()), rest].concat()
}

/// Longer words are refused by the server.
const LONGEST: usize = 200;
/// Parts of a degree: a centimetre.
const PARTS: f64 = 1e7;

/// The file, opened.
pub struct Shops {
    text: String,
    lists: Vec<(Timestamp, Option<Vec<OpenSpan>>)>,
    shops: Vec<Entry>,
    index: GeoIndex,
}

/// A shop; texts are where they stand in the file.
struct Entry {
    list: usize,
    amenities: (usize, usize),
    words: (usize, usize),
    json: (usize, usize),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ShopsAsked {
    /// Words of name and address, as typed.
    pub words: String,
    /// Around a place: then nearest first.
    pub center: Option<Position>,
    /// At most so many metres from it, included.
    pub max_m: Option<f64>,
    /// Open at this instant.
    pub open_at: Option<Timestamp>,
    /// Ids of what a shop must offer.
    pub amenities: Vec<String>,
    /// Shops to pass over.
    pub offset: usize,
    /// Shops wanted.
    pub limit: usize,
}

impl Shops {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Damaged`] says why the text is none.
    pub fn open(text: String) -> Result<Self, Damaged> {
        let mut lines = Lines { text: &text, at: 0 };
        let head = lines.next().ok_or(Damaged::Foreign)?;
        let head: Vec<&str> = text.get(head.0..head.1).unwrap_or_default().split('\t').collect();
        let [MAGIC, version, lists, shops, sum] = head.as_slice() else { return Err(Damaged::Foreign) };
        let number = |text: &str| whole(text).ok_or(Damaged::Content("a number"));
        if number(version)? != VERSION {
            return Err(Damaged::Version(u32::try_from(number(version)?).unwrap_or(u32::MAX)));
        }
        if u64::from_str_radix(sum, 16) != Ok(checksum(text.as_bytes().get(lines.at..).unwrap_or_default())) {
            return Err(Damaged::Checksum);
        }
        let (lists_wanted, shops_wanted) = (number(lists)?, number(shops)?);
        let mut lists = Vec::new();
        for _ in 0..lists_wanted {
            let (from, to) = lines.next().ok_or(Damaged::Length)?;
            lists.push(list(text.get(from..to).unwrap_or_default())?);
        }
        let (mut shops, mut positions) = (Vec::new(), Vec::new());
        for _ in 0..shops_wanted {
            let (from, to) = lines.next().ok_or(Damaged::Length)?;
            let mut parts = Parts { text: &text, at: from, end: to };
            let part = |range: (usize, usize)| text.get(range.0..range.1).unwrap_or_default();
            let degrees = |range| Ok(f64_of(number(part(range))?) / PARTS);
            let (north, east) = (degrees(parts.next()?)?, degrees(parts.next()?)?);
            positions.push(Position::new(north, east).map_err(|_| Damaged::Content("a position"))?);
            let list = usize::try_from(number(part(parts.next()?))?).ok().filter(|list| *list < lists.len());
            shops.push(Entry {
                list: list.ok_or(Damaged::Content("opening"))?,
                amenities: parts.next()?,
                words: parts.next()?,
                json: parts.rest(),
            });
        }
        if lines.next().is_some() {
            return Err(Damaged::Length);
        }
        let index = GeoIndex::build(positions);
        Ok(Self { text, lists, shops, index })
    }

    /// How many shops there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shops.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shops.is_empty()
    }

    /// The shops that pass, as JSON of the API; `as_of` is what the answer says of itself. `None` where only the server knows:
    /// about an instant that the file does not reach, and about a service that no shop has, which it refuses.
    #[must_use]
    pub fn answer_json(&self, asked: &ShopsAsked, as_of: Timestamp) -> Option<String> {
        let reaches = |at: Timestamp| self.lists.iter().any(|(until, _)| at < *until) || self.lists.is_empty();
        let offered = |wanted: &String| self.shops.iter().any(|shop| self.offers(shop, wanted));
        let known = asked.open_at.is_none_or(reaches) && asked.amenities.iter().all(offered);
        if !known || asked.words.chars().count() > LONGEST || asked.max_m.is_some_and(|max| max < 0.0) {
            return None;
        }
        let words = words(&asked.words);
        // Most shops of a chain share their hours: whether they are open is worked out once for all of them.
        let is_open = |at: Timestamp| {
            let lists = self.lists.iter();
            lists.map(|(until, spans)| OpenState::at(at, spans.as_deref(), *until).is_open()).collect::<Vec<bool>>()
        };
        let open = asked.open_at.map(is_open);
        let mut pass = |number: u32| self.passes(number, asked, &words, open.as_deref());
        let wanted = asked.offset.saturating_add(asked.limit);
        let total;
        let found: Vec<(u32, Option<f64>)> = match asked.center {
            // How many there are within a distance is only known by looking at all of them.
            Some(center) => {
                let some = asked.max_m.is_none();
                let near = self.index.nearest(center, asked.max_m, if some { wanted } else { usize::MAX }, &mut pass);
                total = if some { self.numbers().filter(|number| pass(*number)).count() } else { near.len() };
                near.into_iter().map(|(number, metres)| (number, Some(metres))).collect()
            }
            None => {
                let all: Vec<u32> = self.numbers().filter(|number| pass(*number)).collect();
                total = all.len();
                all.into_iter().map(|number| (number, None)).collect()
            }
        };
        let part = found.iter().skip(asked.offset).take(asked.limit);
        let mut json = ["{\"as_of\":\"", &as_of.to_string(), "\",\"locations\":["].concat();
        for (place, (number, metres)) in part.clone().enumerate() {
            if place > 0 {
                json.push(',');
            }
            self.push(&mut json, *number, *metres);
        }
        json.push_str("],\"pagination\":{");
        let next = asked.offset + part.count();
        if next > asked.offset && next < total {
            let _ = write!(json, "\"next_cursor\":\"{next}\",");
        }
        let _ = write!(json, "\"total\":{total}}}}}");
        Some(json)
    }

    fn offers(&self, shop: &Entry, wanted: &str) -> bool {
        self.text(shop.amenities).split(',').any(|id| id == wanted)
    }

    fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.shops.len()).unwrap_or(u32::MAX)
    }

    fn entry(&self, number: u32) -> Option<&Entry> {
        self.shops.get(usize::try_from(number).ok()?)
    }

    fn text(&self, range: (usize, usize)) -> &str {
        self.text.get(range.0..range.1).unwrap_or_default()
    }

    fn passes(&self, number: u32, asked: &ShopsAsked, words: &[String], open: Option<&[bool]>) -> bool {
        let Some(shop) = self.entry(number) else { return false };
        let own = self.text(shop.words);
        words.iter().all(|word| own.split(' ').any(|own| own.starts_with(word.as_str())))
            && asked.amenities.iter().all(|wanted| self.offers(shop, wanted))
            && open.is_none_or(|open| open.get(shop.list).copied().unwrap_or(false))
    }

    fn push(&self, json: &mut String, number: u32, metres: Option<f64>) {
        let Some(shop) = self.entry(number) else { return };
        json.push('{');
        if let Some(metres) = metres {
            let _ = write!(json, "\"distance_m\":{},", geo::whole_metres(metres));
        }
        if let Some((until, spans)) = self.lists.get(shop.list) {
            let _ = write!(json, "\"open_known_until\":\"{until}\",");
            if let Some(spans) = spans {
                json.push_str("\"open_spans\":[");
                for (place, span) in spans.iter().enumerate() {
                    let comma = if place > 0 { "," } else { "" };
                    let (opens, closes) = (span.opens_at, span.closes_at);
                    let _ = write!(json, "{comma}{{\"opens_at\":\"{opens}\",\"closes_at\":\"{closes}\"}}");
                }
                json.push_str("],");
            }
        }
        json.push_str(self.text(shop.json).get(1..).unwrap_or("}"));
    }
}

/// The words of a text, without case and accents.
fn words(text: &str) -> Vec<String> {
    search::fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn list(line: &str) -> Result<(Timestamp, Option<Vec<OpenSpan>>), Damaged> {
    let wrong = Damaged::Content("opening");
    let instant =
        |text: &str| whole(text).and_then(|n| n.checked_mul(MINUTE_MS)).map(Timestamp::from_millis).ok_or(wrong);
    let (until, spans) = line.split_once('\t').ok_or(wrong)?;
    let until = instant(until)?;
    if spans == "?" {
        return Ok((until, None));
    }
    let mut list = Vec::new();
    for span in spans.split(',').filter(|span| !span.is_empty()) {
        let (opens, closes) = span.split_once('-').ok_or(wrong)?;
        list.push(OpenSpan { opens_at: instant(opens)?, closes_at: instant(closes)? });
    }
    Ok((until, Some(list)))
}

/// A whole number of at most 15 digits, which a float can hold.
fn whole(text: &str) -> Option<i64> {
    let (digits, sign) = text.strip_prefix('-').map_or((text, 1), |digits| (digits, -1));
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let value = digits.bytes().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))?;
    Some(value * sign)
}

fn f64_of(number: i64) -> f64 {
    #[allow(clippy::cast_precision_loss)] // at most 15 digits
    let float = number as f64;
    float
}

/// Where lines begin and end.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let rest = self.text.get(self.at..)?;
        // A line that does not end was cut off.
        let end = self.at + rest.bytes().position(|byte| byte == b'\n')?;
        let line = (self.at, end);
        self.at = end + 1;
        Some(line)
    }
}

/// Where the parts of a line begin and end.
struct Parts<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl Parts<'_> {
    fn next(&mut self) -> Result<(usize, usize), Damaged> {
        let rest = self.text.get(self.at..self.end).ok_or(Damaged::Length)?;
        let end = self.at + rest.bytes().position(|byte| byte == b'\t').ok_or(Damaged::Length)?;
        let part = (self.at, end);
        self.at = end + 1;
        Ok(part)
    }

    fn rest(&self) -> (usize, usize) {
        (self.at, self.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shop(name: &str, latitude: f64, longitude: f64, spans: Option<&[(i64, i64)]>) -> Shop {
        let at = |minutes: i64| Timestamp::from_millis(minutes * MINUTE_MS);
        let span = |s: &(i64, i64)| OpenSpan { opens_at: at(s.0), closes_at: at(s.1) };
        Shop {
            position: Position::new(latitude, longitude).unwrap(),
            spans: spans.map(|spans| spans.iter().map(span).collect()),
            known_until: at(10_000),
            amenities: vec!["repair".to_owned()],
            words: words(name),
            json: format!("{{\"name\":\"{name}\"}}"),
        }
    }

    fn sample() -> Vec<Shop> {
        vec![
            shop("Lyon Bellecour", 45.7578, 4.832, Some(&[(100, 200), (300, 400)])),
            shop("Lyon Part-Dieu", 45.761, 4.856, Some(&[(100, 200), (300, 400)])),
            shop("Paris", 48.85, 2.35, None),
        ]
    }

    fn asked() -> ShopsAsked {
        let words = String::new();
        ShopsAsked { words, center: None, max_m: None, open_at: None, amenities: vec![], offset: 0, limit: 10 }
    }

    fn ask(asked: &ShopsAsked) -> serde_json::Value {
        let shops = Shops::open(write_shops(&sample())).unwrap();
        serde_json::from_str(&shops.answer_json(asked, Timestamp::from_millis(0)).unwrap()).unwrap()
    }

    fn names(answer: &serde_json::Value) -> Vec<&str> {
        answer["locations"].as_array().unwrap().iter().map(|shop| shop["name"].as_str().unwrap()).collect()
    }

    #[test]
    fn shops_are_found_by_place_words_and_opening() {
        let all = ask(&asked());
        assert_eq!(names(&all), ["Lyon Bellecour", "Lyon Part-Dieu", "Paris"]);
        assert_eq!(all["locations"][0]["open_spans"][1]["opens_at"], "1970-01-01T05:00:00Z");
        assert!(all["locations"][2].get("open_spans").is_none());
        let center = Position::new(45.761, 4.857).ok();
        let near = ask(&ShopsAsked { center, limit: 2, ..asked() });
        assert_eq!(names(&near), ["Lyon Part-Dieu", "Lyon Bellecour"]);
        assert_eq!(near["locations"][0]["distance_m"], 78);
        assert_eq!((&near["pagination"]["total"], &near["pagination"]["next_cursor"]), (&3.into(), &"2".into()));
        assert_eq!(names(&ask(&ShopsAsked { center, max_m: Some(5_000.0), ..asked() })).len(), 2);
        assert_eq!(names(&ask(&ShopsAsked { words: "part LYÔN".to_owned(), ..asked() })), ["Lyon Part-Dieu"]);
        let at = |minutes: i64| Some(Timestamp::from_millis(minutes * MINUTE_MS));
        assert_eq!(names(&ask(&ShopsAsked { open_at: at(150), ..asked() })).len(), 2);
        assert_eq!(names(&ask(&ShopsAsked { open_at: at(250), ..asked() })).len(), 0);
        assert_eq!(names(&ask(&ShopsAsked { amenities: vec!["repair".to_owned()], ..asked() })).len(), 3);
        assert_eq!(names(&ask(&ShopsAsked { offset: 2, ..asked() })), ["Paris"]);
    }

    #[test]
    fn what_only_the_server_knows_is_left_to_it() {
        let shops = Shops::open(write_shops(&sample())).unwrap();
        let answer = |asked: ShopsAsked| shops.answer_json(&asked, Timestamp::from_millis(0));
        let at = |minutes: i64| Some(Timestamp::from_millis(minutes * MINUTE_MS));
        assert!(answer(ShopsAsked { open_at: at(9_999), ..asked() }).is_some());
        assert!(answer(ShopsAsked { open_at: at(10_000), ..asked() }).is_none());
        assert!(answer(ShopsAsked { amenities: vec!["café".to_owned()], ..asked() }).is_none());
        assert!(answer(ShopsAsked { words: "x".repeat(201), ..asked() }).is_none());
        assert!(answer(ShopsAsked { max_m: Some(-1.0), ..asked() }).is_none());
    }

    #[test]
    fn positions_come_back_as_they_were() {
        let shops = Shops::open(write_shops(&[shop("a", 44.854_66, -93.245_65, None)])).unwrap();
        let found = shops.index.nearest(Position::new(44.854_66, -93.245_65).unwrap(), Some(0.0), 1, &mut |_| true);
        assert_eq!(found, [(0, 0.0)]);
    }

    #[test]
    fn every_cut_is_refused() {
        let text = write_shops(&sample());
        for length in 0..text.len() {
            assert!(Shops::open(text[..length].to_owned()).is_err(), "{length}");
        }
        assert!(Shops::open([&text, "more\n"].concat()).is_err());
        let digit = text.rfind('4').unwrap();
        let mut changed = text.clone();
        changed.replace_range(digit..=digit, "5");
        assert_eq!(Shops::open(changed).err(), Some(Damaged::Checksum));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(place in 0usize..400, with in "[0-9\\t\\n,?-]{0,3}|\\PC") {
            let mut text = write_shops(&sample());
            let place = (0..=place.min(text.len())).rev().find(|place| text.is_char_boundary(*place)).unwrap();
            text.insert_str(place, &with);
            // A forger works the checksum out as well.
            if let Some((head, rest)) = text.clone().split_once('\n')
                && let Some((head, _)) = head.rsplit_once('\t')
            {
                text = format!("{head}\t{:x}\n{rest}", checksum(rest.as_bytes()));
            }
            if let Ok(shops) = Shops::open(text) {
                let _ = shops.answer_json(&asked(), Timestamp::from_millis(0));
            }
        }
    }
}
