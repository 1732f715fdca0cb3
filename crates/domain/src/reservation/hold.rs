//! For how long goods are kept: by shop and category, the most specific rule wins.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::LocationId;
use crate::time::HOUR_MS;

/// How long a hold lasts where the retailer says nothing else.
pub const HOLD_MS: i64 = 48 * HOUR_MS;

/// Nobody keeps goods for longer than a month.
pub const MAX_HOLD_HOURS: u32 = 720;

/// For how long one kind of goods is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRule {
    /// Only at this shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<LocationId>,
    /// Only for this category and those within it, as `Camp > Tents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Hours after it is ready, 1 to [`MAX_HOLD_HOURS`].
    pub hours: u32,
}

/// The retailer's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRules {
    /// Where no rule says otherwise.
    pub default_hours: u32,
    /// In any order.
    #[serde(default)]
    pub rules: Vec<HoldRule>,
}

/// Hours that cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadHoldRules(u32);

impl fmt::Display for BadHoldRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a hold lasts 1 to {MAX_HOLD_HOURS} hours, not {}", self.0)
    }
}

impl std::error::Error for BadHoldRules {}

impl HoldRules {
    /// The same for everything.
    #[must_use]
    pub fn everywhere(hours: u32) -> Self {
        Self { default_hours: hours, rules: Vec::new() }
    }

    /// Whether all hours are 1 to [`MAX_HOLD_HOURS`].
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn check(&self) -> Result<(), BadHoldRules> {
        let mut all = std::iter::once(self.default_hours).chain(self.rules.iter().map(|rule| rule.hours));
        all.find(|hours| !(1..=MAX_HOLD_HOURS).contains(hours)).map_or(Ok(()), |hours| Err(BadHoldRules(hours)))
    }

    /// Hours for which goods of a category are kept at a shop. A rule that names the category beats one that names the
    /// shop only, a longer category a shorter one, and both together beat either.
    #[must_use]
    pub fn hours(&self, location: &LocationId, category: &str) -> u32 {
        let fitting = self.rules.iter().filter(|rule| {
            rule.location_id.as_ref().is_none_or(|id| id == location)
                && rule.category.as_deref().is_none_or(|name| within(category, name))
        });
        let specific = |rule: &&HoldRule| (rule.category.as_ref().map_or(0, String::len), rule.location_id.is_some());
        fitting.max_by_key(specific).map_or(self.default_hours, |rule| rule.hours)
    }

    /// Hours for which a whole basket is kept: those of its most impatient line.
    #[must_use]
    pub fn hours_for_all<'a>(&self, location: &LocationId, categories: impl IntoIterator<Item = &'a str>) -> u32 {
        let hours = categories.into_iter().map(|category| self.hours(location, category));
        hours.min().unwrap_or(self.default_hours)
    }
}

fn within(category: &str, name: &str) -> bool {
    category.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> HoldRules {
        serde_json::from_str(
            r#"{"default_hours": 48, "rules": [
                {"category": "Food", "hours": 4}, {"category": "Food > Cakes", "hours": 2},
                {"location_id": "gare", "hours": 24}, {"location_id": "gare", "category": "Food", "hours": 6}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn the_most_specific_rule_wins() {
        let (gare, other) = (LocationId::new("gare").unwrap(), LocationId::new("other").unwrap());
        let check = |shop: &LocationId, category: &str, hours| assert_eq!(rules().hours(shop, category), hours);
        check(&other, "Camp > Tents", 48);
        check(&gare, "Camp > Tents", 24);
        check(&other, "Food > Bread", 4);
        check(&other, "Foodstuff", 48);
        check(&gare, "Food", 6);
        check(&gare, "Food > Cakes", 2);
        assert_eq!(rules().hours_for_all(&other, ["Camp > Tents", "Food > Cakes"]), 2);
        assert_eq!(rules().hours_for_all(&other, []), 48);
    }

    #[test]
    fn hours_that_nobody_can_keep_are_refused() {
        assert!(rules().check().is_ok());
        assert!(HoldRules::everywhere(0).check().is_err());
        assert!(HoldRules::everywhere(721).check().is_err());
    }
}
