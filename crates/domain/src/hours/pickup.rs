//! When goods can be fetched: windows of a fixed length inside the opening, each for so many shoppers.

use super::{OpenSpan, TimeOfDay};
use crate::time::{MINUTE_MS, Timestamp};

/// How a shop hands over at agreed times. All absent: whoever comes while it is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PickupRules {
    /// Length of a window in minutes; without it there are no windows.
    pub window_minutes: Option<u16>,
    /// Reservations that share a window; without it as many as come.
    pub capacity: Option<u32>,
    /// An order from this time of the shop's clock on is worked on from the next day.
    pub order_cut_off: Option<TimeOfDay>,
}

/// A time at which goods may be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PickupWindow {
    /// It begins.
    pub starts_at: Timestamp,
    /// It ends, at closing at the latest.
    pub ends_at: Timestamp,
    /// Reservations that it has room for; no limit where absent.
    pub capacity: Option<u32>,
    /// How many of these are left; absent where there is no limit.
    pub left: Option<u32>,
}

impl PickupWindow {
    /// Whether two windows share some time.
    #[must_use]
    pub fn overlaps(&self, starts_at: Timestamp, ends_at: Timestamp) -> bool {
        self.starts_at < ends_at && starts_at < self.ends_at
    }
}

impl PickupRules {
    /// Whether a length in minutes can be used: 5 minutes to 8 hours, and a day is whole windows, so that those of a shop
    /// that never closes stay where they are.
    #[must_use]
    pub fn is_window_length(minutes: u16) -> bool {
        (5..=480).contains(&minutes) && 1440_u16.is_multiple_of(minutes)
    }

    /// The windows that begin at `earliest` or later and end by `latest`, in order, counted from each opening; what is
    /// left of the opening after the last whole one is no window. `taken` are those of reservations, from and to.
    #[must_use]
    pub fn windows(
        &self,
        spans: &[OpenSpan],
        earliest: Timestamp,
        latest: Timestamp,
        taken: &[(Timestamp, Timestamp)],
    ) -> Vec<PickupWindow> {
        let length = i64::from(self.window_minutes.unwrap_or(0)) * MINUTE_MS;
        let mut windows = Vec::new();
        if length <= 0 {
            return windows;
        }
        for span in spans {
            let passed = (earliest.since(span.opens_at).max(0) + length - 1) / length;
            let mut starts_at = span.opens_at.plus_millis(passed * length);
            loop {
                let ends_at = starts_at.plus_millis(length);
                if ends_at > span.closes_at || ends_at > latest {
                    break;
                }
                let mut window = PickupWindow { starts_at, ends_at, capacity: self.capacity, left: self.capacity };
                let others = taken.iter().filter(|(from, to)| window.overlaps(*from, *to)).count();
                let others = u32::try_from(others).unwrap_or(u32::MAX);
                window.left = self.capacity.map(|capacity| capacity.saturating_sub(others));
                windows.push(window);
                starts_at = ends_at;
            }
        }
        windows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-11-{text}:00Z")).unwrap()
    }

    fn starts(rules: &PickupRules, earliest: &str, latest: &str, taken: &[(&str, &str)]) -> Vec<(String, Option<u32>)> {
        let spans = [("20T09:00", "20T11:30"), ("20T13:00", "20T15:00")];
        let spans = spans.map(|(from, to)| OpenSpan { opens_at: t(from), closes_at: t(to) });
        let taken: Vec<_> = taken.iter().map(|(from, to)| (t(from), t(to))).collect();
        let windows = rules.windows(&spans, t(earliest), t(latest), &taken);
        windows.iter().map(|window| (window.starts_at.to_string()[11..16].to_owned(), window.left)).collect()
    }

    #[test]
    fn only_whole_windows_inside_the_opening_that_can_be_kept_are_offered() {
        let rules = PickupRules { window_minutes: Some(60), ..PickupRules::default() };
        let of = |earliest: &str, latest: &str| {
            starts(&rules, earliest, latest, &[]).into_iter().map(|(start, _)| start).collect::<Vec<_>>()
        };
        assert_eq!(of("20T00:00", "21T00:00"), ["09:00", "10:00", "13:00", "14:00"]);
        assert_eq!(of("20T09:00", "21T00:00")[0], "09:00");
        assert_eq!(of("20T09:01", "21T00:00"), ["10:00", "13:00", "14:00"]);
        assert_eq!(of("20T10:30", "20T14:59"), ["13:00"]);
        assert_eq!(of("20T14:30", "21T00:00"), [""; 0]);
        assert_eq!(starts(&PickupRules::default(), "20T00:00", "21T00:00", &[]), []);
    }

    #[test]
    fn whoever_shares_the_time_takes_a_place() {
        let rules = PickupRules { window_minutes: Some(60), capacity: Some(2), order_cut_off: None };
        // The second was agreed when windows were longer.
        let taken = [("20T09:00", "20T10:00"), ("20T09:30", "20T11:00"), ("20T13:00", "20T14:00")];
        let left: Vec<_> = starts(&rules, "20T00:00", "21T00:00", &taken).into_iter().map(|(_, left)| left).collect();
        assert_eq!(left, [Some(0), Some(1), Some(1), Some(2)]);
    }

    #[test]
    fn a_length_divides_the_day() {
        let good: Vec<u16> = [0, 4, 5, 15, 30, 45, 60, 90, 100, 120, 480, 720]
            .into_iter()
            .filter(|n| PickupRules::is_window_length(*n))
            .collect();
        assert_eq!(good, [5, 15, 30, 45, 60, 90, 120, 480]);
    }
}
