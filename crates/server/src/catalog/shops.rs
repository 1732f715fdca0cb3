//! Shops: by id, by words, by distance, by opening.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::geo::{GeoIndex, Position};
use domain::hours::{self, OpenSpan, OpenState, Schedule};
use domain::id::LocationId;
use domain::time::{HOUR_MS, Timestamp};

use crate::db::LocationRow;

/// Days for which opening is worked out ahead.
const DAYS: u16 = 14;

/// All shops, by name.
pub struct Shops {
    list: Vec<Arc<Shop>>,
    by_id: HashMap<LocationId, usize>,
    amenities: HashSet<String>,
    index: GeoIndex,
}

/// One shop.
pub struct Shop {
    /// What is stored of it.
    pub row: LocationRow,
    /// The folded words of its name and address.
    pub words: Vec<String>,
    /// Ids of what it offers.
    pub amenities: Vec<String>,
    open: Kept,
}

/// What was worked out for an hour. Shops with the same hours in the same zone share it: in a chain most do.
type Kept = Arc<Mutex<Option<(i64, Arc<Open>)>>>;

/// When a shop is open in the coming days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Hours with seasons as a table of the coming weeks; `None` where the stored schedule is one.
    pub table: Option<Schedule>,
    /// In order; `None` where nobody told us.
    pub spans: Option<Vec<OpenSpan>>,
    /// Up to when that is known.
    pub known_until: Timestamp,
}

impl Shop {
    fn new(row: LocationRow, open: Kept) -> Self {
        let address = [&row.name, &row.street_address, &row.locality, &row.region, &row.postal_code];
        let mut words: Vec<String> = address.into_iter().flat_map(|text| words(text)).collect();
        // "1012 AB" is also typed as "1012ab".
        words.push(words_of_postcode(&row.postal_code));
        let amenities = row.amenities.iter().map(|name| amenity_id(name)).collect();
        Self { row, words, amenities, open }
    }

    /// When it is open in the coming days. Worked out once an hour: zone arithmetic for a thousand shops is not free.
    #[must_use]
    pub fn open(&self, now: Timestamp) -> Arc<Open> {
        let hour = now.millis() / HOUR_MS;
        let mut kept = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, open)) if *of == hour => Arc::clone(open),
            _ => {
                let open = Arc::new(self.work_out(Timestamp::from_millis(hour * HOUR_MS)));
                *kept = Some((hour, Arc::clone(&open)));
                open
            }
        }
    }

    fn work_out(&self, from: Timestamp) -> Open {
        match self.row.schedule.open_spans(&self.row.timezone, from, DAYS) {
            Ok((spans, known_until)) => {
                // The zone is known, as the spans have been worked out.
                let table = self.row.schedule.table(&self.row.timezone, from).unwrap_or_default();
                Open { table, spans, known_until }
            }
            Err(error) => {
                tracing::warn!(shop = %self.row.id, %error, "the hours of a shop are not known");
                Open { table: None, spans: None, known_until: from }
            }
        }
    }

    /// When something that takes so many minutes of work there is done, if it is ordered now.
    #[must_use]
    pub fn ready_by(&self, now: Timestamp, minutes: u32) -> Option<Timestamp> {
        let begins = hours::counts_from(now, self.row.pickup.order_cut_off, &self.row.timezone);
        hours::ready_by(begins, minutes, self.open(now).spans.as_deref())
    }

    /// Whether it is open at an instant, as far as is known; not known is no.
    #[must_use]
    pub fn is_open_at(&self, at: Timestamp, now: Timestamp) -> bool {
        let open = self.open(now);
        if at >= Timestamp::from_millis(now.millis() / HOUR_MS * HOUR_MS) && at < open.known_until {
            return OpenState::at(at, open.spans.as_deref(), open.known_until).is_open();
        }
        // An instant beyond what is kept is worked out for itself.
        let spans = self.row.schedule.open_spans(&self.row.timezone, at, 1);
        spans.is_ok_and(|(spans, until)| OpenState::at(at, spans.as_deref(), until).is_open())
    }

    /// Whether it has an amenity, by its id.
    #[must_use]
    pub fn offers(&self, amenity: &str) -> bool {
        self.amenities.iter().any(|id| id == amenity)
    }

    /// Whether each word is the beginning of one of its words.
    #[must_use]
    pub fn matches(&self, asked: &[String]) -> bool {
        asked.iter().all(|asked| self.words.iter().any(|word| word.starts_with(asked.as_str())))
    }
}

impl Shops {
    pub(super) fn new(rows: Vec<LocationRow>) -> Self {
        let mut alike: HashMap<(String, Option<String>), Kept> = HashMap::new();
        let shop = |row: LocationRow| {
            let key = (row.timezone.clone(), serde_json::to_string(&row.schedule).ok());
            let open = Arc::clone(alike.entry(key).or_default());
            Arc::new(Shop::new(row, open))
        };
        let list: Vec<Arc<Shop>> = rows.into_iter().map(shop).collect();
        let by_id = list.iter().enumerate().map(|(place, shop)| (shop.row.id.clone(), place)).collect();
        let amenities = list.iter().flat_map(|shop| shop.amenities.iter().cloned()).collect();
        let index = GeoIndex::build(list.iter().map(|shop| shop.row.position));
        Self { list, by_id, amenities, index }
    }

    /// All shops, by name.
    #[must_use]
    pub fn all(&self) -> &[Arc<Shop>] {
        &self.list
    }

    /// Whether any shop has an amenity of this id.
    #[must_use]
    pub fn offers(&self, amenity: &str) -> bool {
        self.amenities.contains(amenity)
    }

    /// A shop by its code.
    #[must_use]
    pub fn get(&self, id: &LocationId) -> Option<&Arc<Shop>> {
        self.list.get(*self.by_id.get(id)?)
    }

    /// The nearest that pass, nearest first, with their distance in metres.
    #[must_use]
    pub fn nearest(
        &self,
        center: Position,
        max_m: Option<f64>,
        count: usize,
        pass: impl Fn(&Shop) -> bool,
    ) -> Vec<(Arc<Shop>, f64)> {
        let at = |number: u32| usize::try_from(number).ok().and_then(|number| self.list.get(number));
        let mut passes = |number| at(number).is_some_and(|shop| pass(shop));
        let found = self.index.nearest(center, max_m, count, &mut passes);
        found.into_iter().filter_map(|(number, metres)| Some((Arc::clone(at(number)?), metres))).collect()
    }
}

/// The id under which an amenity is asked for, made of its name: `Wheelchair access` is `wheelchair-access`.
#[must_use]
pub fn amenity_id(name: &str) -> String {
    words(name).join("-")
}

/// The words of a text, without case and accents.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded = search::fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn words_of_postcode(text: &str) -> String {
    words(text).concat()
}
