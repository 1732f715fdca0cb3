//! A scanner that pretends to be a keyboard: told from people by how fast it types.

/// A pause that no scanner makes within a code, in milliseconds.
const PAUSE_MS: f64 = 250.0;
/// From key to key, on average, in milliseconds: scanners take 1 to 30, the fastest typists 60.
const PACE_MS: f64 = 45.0;
/// Fewer keys are no code.
const SHORTEST: usize = 5;
/// More keys are none either.
const LONGEST: usize = 512;

/// The keys that were pressed lately.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wedge {
    text: String,
    first_ms: f64,
    last_ms: f64,
}

impl Wedge {
    /// A key that writes `letter` was pressed at `at_ms`, milliseconds of any clock that only goes forward. Answers whether
    /// something new begins with it.
    pub fn key(&mut self, letter: char, at_ms: f64) -> bool {
        let begins = self.text.is_empty() || at_ms - self.last_ms > PAUSE_MS || self.text.len() >= LONGEST;
        if begins {
            self.text.clear();
            self.first_ms = at_ms;
        }
        self.text.push(letter);
        self.last_ms = at_ms;
        begins
    }

    /// Enter was pressed. Answers the code, where a scanner typed it; a person's words stay what they are.
    pub fn enter(&mut self, at_ms: f64) -> Option<String> {
        let text = std::mem::take(&mut self.text);
        let keys = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let fast = at_ms - self.last_ms <= PAUSE_MS && at_ms - self.first_ms <= PACE_MS * f64::from(keys);
        (text.len() >= SHORTEST && fast).then_some(text)
    }

    /// Something was pressed that no scanner presses: whoever types is a person.
    pub fn other_key(&mut self) {
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, pace_ms: f64, enter_ms: f64) -> Option<String> {
        let mut wedge = Wedge::default();
        let mut at = 1_000.0;
        for letter in text.chars() {
            wedge.key(letter, at);
            at += pace_ms;
        }
        wedge.enter(at - pace_ms + enter_ms)
    }

    #[test]
    fn a_scanner_is_told_from_a_person_by_its_pace() {
        for pace in [0.5, 8.0, 30.0, 40.0] {
            assert_eq!(typed("4006381333931", pace, pace).as_deref(), Some("4006381333931"), "{pace}");
        }
        for pace in [60.0, 110.0, 240.0] {
            assert_eq!(typed("4006381333931", pace, pace), None, "{pace}");
        }
    }

    #[test]
    fn a_short_word_and_an_enter_that_comes_later_are_a_persons() {
        assert_eq!(typed("tent", 5.0, 5.0), None);
        assert_eq!(typed("4006381333931", 5.0, 900.0), None);
        assert_eq!(typed("", 0.0, 0.0), None);
    }

    #[test]
    fn what_was_typed_before_is_no_part_of_the_code() {
        let mut wedge = Wedge::default();
        assert!(wedge.key('a', 0.0));
        assert!(wedge.key('4', 1_000.0), "a pause begins anew");
        let digits = "006381333931".chars().zip(1_u32..);
        for (letter, place) in digits {
            assert!(!wedge.key(letter, 1_000.0 + f64::from(place) * 5.0));
        }
        assert_eq!(wedge.enter(1_070.0).as_deref(), Some("4006381333931"));
        assert_eq!(wedge.enter(1_071.0), None, "a code is told once");
    }

    #[test]
    fn a_key_that_no_scanner_presses_ends_it() {
        let mut wedge = Wedge::default();
        for (letter, at) in "40063".chars().zip(1_u32..) {
            wedge.key(letter, f64::from(at));
        }
        wedge.other_key();
        wedge.key('8', 6.0);
        assert_eq!(wedge.enter(7.0), None);
    }
}
