//! Where the shopper was on the screens that back and forward lead to: how far down, and how long the list was.
//!
//! A browser does this for documents, by itself; a screen of ours is filled when its answers are there, which is later than the
//! browser tries. The doors to the browser are in `browser::history`.

/// More screens than anybody goes back.
const MOST: usize = 50;

/// One screen of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Spot {
    /// What the browser calls this step of the history.
    entry: String,
    /// Pixels from the top of the page to the top of the window.
    top: u32,
    /// What the list was of, an address.
    of: String,
    /// How many rows it had.
    rows: u32,
}

/// All of them, the latest last.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Spots {
    all: Vec<Spot>,
    /// The step that was gone back or forward to, until the shopper does something there.
    returned: Option<String>,
    /// Whether its screen is the one that is shown.
    arrived: bool,
}

impl Spots {
    /// Reads what [`Spots::written`] wrote; lines that say something else are left out.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let spot = |line: &str| {
            let mut parts = line.splitn(4, '\t');
            let (entry, top, rows, of) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            Some(Spot { entry: entry.to_owned(), top: top.parse().ok()?, of: of.to_owned(), rows: rows.parse().ok()? })
        };
        Self { all: text.lines().filter_map(spot).collect(), ..Self::default() }
    }

    /// As a text that outlives the page, a line for each.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = String::new();
        for Spot { entry, top, of, rows } in &self.all {
            text.extend([entry, "\t", &top.to_string(), "\t", &rows.to_string(), "\t", of, "\n"]);
        }
        text
    }

    /// The page was scrolled. While a screen that was returned to fills itself, that was nobody's wish.
    pub fn scrolled(&mut self, entry: &str, top: u32) {
        if self.returned.is_none() {
            self.spot(entry).top = top;
        }
    }

    /// A list has so many rows now.
    pub fn listed(&mut self, entry: &str, of: &str, rows: u32) {
        let spot = self.spot(entry);
        spot.rows = rows;
        of.clone_into(&mut spot.of);
    }

    /// How many rows the list of an address had at this step.
    #[must_use]
    pub fn rows(&self, entry: &str, of: &str) -> Option<u32> {
        self.all.iter().find(|spot| spot.entry == entry && spot.of == of).map(|spot| spot.rows)
    }

    /// Whether anything is known of a step.
    #[must_use]
    pub fn knows(&self, entry: &str) -> bool {
        self.all.iter().any(|spot| spot.entry == entry)
    }

    /// The shopper went back or forward to this step, whose screen is about to be shown.
    pub fn returned(&mut self, entry: &str) {
        self.returned = Some(entry.to_owned());
        self.arrived = false;
    }

    /// The screen of the address is shown. Answers whether it is one that was returned to.
    pub fn arrived(&mut self) -> bool {
        self.arrived = true;
        self.returned.is_some()
    }

    /// The shopper does something: where the screen is now is where they are, unless it still fills itself.
    pub fn here(&mut self, entry: &str, top: u32) {
        if self.returned.take().is_none() {
            self.spot(entry).top = top;
        }
    }

    /// How far down the screen belongs that was returned to, as long as nobody did anything there.
    #[must_use]
    pub fn belongs(&self, entry: &str) -> Option<u32> {
        let returned = self.arrived && self.returned.as_deref() == Some(entry);
        returned.then(|| self.all.iter().find(|spot| spot.entry == entry).map_or(0, |spot| spot.top))
    }

    fn spot(&mut self, entry: &str) -> &mut Spot {
        let place = self.all.iter().position(|spot| spot.entry == entry).unwrap_or_else(|| {
            if self.all.len() >= MOST {
                self.all.remove(0);
            }
            self.all.push(Spot { entry: entry.to_owned(), ..Spot::default() });
            self.all.len() - 1
        });
        &mut self.all[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_is_returned_to_belongs_where_it_was_until_somebody_does_something() {
        let mut spots = Spots::default();
        spots.scrolled("list", 900);
        spots.scrolled("product", 40);
        assert_eq!(spots.belongs("product"), None);
        spots.returned("list");
        assert_eq!(spots.belongs("list"), None, "the screen before it is still there");
        assert!(spots.arrived());
        // The page is still short.
        spots.scrolled("list", 0);
        assert_eq!(spots.belongs("list"), Some(900));
        // A step that was never scrolled begins at its top; one that is not the one returned to belongs nowhere.
        assert_eq!(spots.belongs("product"), None);
        spots.returned("new");
        spots.arrived();
        assert_eq!(spots.belongs("new"), Some(0));
        spots.here("new", 0);
        assert_eq!(spots.belongs("new"), None);
        assert!(!spots.arrived(), "nobody returned");
        spots.scrolled("list", 10);
        spots.returned("list");
        spots.arrived();
        assert_eq!(spots.belongs("list"), Some(10));
    }

    #[test]
    fn a_step_that_was_never_scrolled_is_known_by_what_was_done_there() {
        let mut spots = Spots::default();
        spots.scrolled("list", 900);
        // A filter is a new step at the same place.
        spots.here("filtered", 900);
        spots.returned("filtered");
        spots.arrived();
        assert_eq!(spots.belongs("filtered"), Some(900));
        // Somebody taps before the list is there: the place is the one of before.
        spots.here("filtered", 0);
        spots.returned("filtered");
        spots.arrived();
        assert_eq!(spots.belongs("filtered"), Some(900));
    }

    #[test]
    fn a_list_is_as_long_as_it_was_for_what_it_was_of() {
        let mut spots = Spots::default();
        spots.listed("a", "/search?q=lamp", 72);
        assert_eq!(spots.rows("a", "/search?q=lamp"), Some(72));
        assert_eq!(spots.rows("a", "/search?q=lam"), None);
        assert_eq!(spots.rows("b", "/search?q=lamp"), None);
    }

    #[test]
    fn what_is_written_is_read_again_and_nonsense_is_left_out() {
        let mut spots = Spots::default();
        spots.scrolled("a", 12);
        spots.listed("a", "/search?q=lamp&category=Camp", 48);
        spots.scrolled("b", 7);
        let text = spots.written();
        assert_eq!(Spots::read(&text), spots);
        assert_eq!(Spots::read(&format!("nonsense\n\t\nc\t-1\t0\t/\n{text}")), spots);
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let mut spots = Spots::default();
        for n in 0..60 {
            spots.listed(&n.to_string(), "/", n);
        }
        assert_eq!(spots.rows("9", "/"), None);
        assert_eq!(spots.rows("10", "/"), Some(10));
        assert_eq!(spots.rows("59", "/"), Some(59));
    }
}
