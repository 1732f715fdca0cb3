//! What the search field offers: what was searched before, and while words are typed categories and brands that have them.

use api_contract::product::ProductPage;

use crate::route::SearchQuery;
use crate::text;

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words that were searched before.
    Recent,
    /// To forget those.
    Forget,
    /// The same words in a category only.
    Category,
    /// The same words of a brand only.
    Brand,
}

impl Kind {
    /// What stands before and behind the name.
    pub(super) fn around(self) -> (String, String) {
        match self {
            Kind::Recent | Kind::Forget => Default::default(),
            Kind::Category => text::around(&text::find_in_category(text::GAP)),
            Kind::Brand => text::around(&text::find_by_brand(text::GAP)),
        }
    }
}

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Rows; 0 where they are not counted.
    pub(super) count: u64,
}

impl Choice {
    /// The search that it leads to.
    pub(super) fn target(&self, query: &SearchQuery) -> SearchQuery {
        let name = self.name.clone();
        match self.kind {
            Kind::Recent => SearchQuery { words: name, ..SearchQuery::default() },
            Kind::Forget => query.clone(),
            Kind::Category => SearchQuery { category: Some(name), ..query.clone() },
            Kind::Brand => SearchQuery { brand: Some(name), ..query.clone() },
        }
    }
}

/// What is offered: recent searches as long as nothing is typed, then two categories and two brands. One that every row
/// has, or that is chosen already, would change nothing.
pub(super) fn choices(typed: &str, recent: &[String], query: &SearchQuery, page: Option<&ProductPage>) -> Vec<Choice> {
    let mut offers = Vec::new();
    if typed.trim().is_empty() {
        for words in recent {
            offers.push(Choice { kind: Kind::Recent, name: words.clone(), count: 0 });
        }
        if !recent.is_empty() {
            offers.push(Choice { kind: Kind::Forget, name: text::find_clear_recent().to_owned(), count: 0 });
        }
        return offers;
    }
    let Some(page) = page else { return offers };
    for (kind, counts, chosen) in
        [(Kind::Category, &page.categories, &query.category), (Kind::Brand, &page.brands, &query.brand)]
    {
        let telling = counts.iter().filter(|count| chosen.is_none() && count.count < page.pagination.total);
        for count in telling.take(2) {
            offers.push(Choice { kind, name: count.name.clone(), count: count.count });
        }
    }
    offers
}

/// The offer that is chosen next with the arrow keys; `None` is the field itself, between the last one and the first.
pub(super) fn step(active: Option<usize>, count: usize, down: bool) -> Option<usize> {
    match (active, down) {
        (None, true) => (count > 0).then_some(0),
        (None, false) => count.checked_sub(1),
        (Some(at), true) => Some(at + 1).filter(|next| *next < count),
        (Some(at), false) => at.checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use api_contract::Pagination;
    use api_contract::product::FacetCount;

    use super::*;

    fn counts(all: &[(&str, u64)]) -> Vec<FacetCount> {
        all.iter().map(|(name, count)| FacetCount { name: (*name).to_owned(), count: *count }).collect()
    }

    fn page() -> ProductPage {
        ProductPage {
            categories: counts(&[("Camp", 9), ("Water", 5), ("Run", 2), ("Climb", 1)]),
            brands: counts(&[("Boreal", 6), ("Tarn", 3), ("Ridge", 1)]),
            pagination: Pagination { total: 9, next_cursor: None },
            ..ProductPage::default()
        }
    }

    fn check(typed: &str, recent: &[&str], query: &SearchQuery, expect: &[&str]) {
        let recent: Vec<String> = recent.iter().map(|words| (*words).to_owned()).collect();
        let said = choices(typed, &recent, query, Some(&page())).into_iter().map(|choice| match choice.kind {
            Kind::Recent => choice.name,
            Kind::Forget => "forget".to_owned(),
            Kind::Category | Kind::Brand => format!("{} {}", choice.name, choice.count),
        });
        assert_eq!(said.collect::<Vec<_>>(), expect, "{typed}");
    }

    #[test]
    fn what_is_offered_depends_on_what_is_typed() {
        let none = SearchQuery::default();
        check("", &["tent", "rope"], &none, &["tent", "rope", "forget"]);
        check(" ", &[], &none, &[]);
        check("bot", &["tent"], &none, &["Water 5", "Run 2", "Boreal 6", "Tarn 3"]);
        let narrowed = SearchQuery { category: Some("Water".to_owned()), ..none };
        check("bot", &[], &narrowed, &["Boreal 6", "Tarn 3"]);
    }

    #[test]
    fn an_offer_keeps_what_else_is_asked() {
        let query = SearchQuery { words: "bot".to_owned(), in_stock: true, ..SearchQuery::default() };
        let brand = Choice { kind: Kind::Brand, name: "Boreal".to_owned(), count: 6 };
        assert_eq!(brand.target(&query), SearchQuery { brand: Some("Boreal".to_owned()), ..query.clone() });
        let again = Choice { kind: Kind::Recent, name: "tent".to_owned(), count: 0 };
        assert_eq!(again.target(&query), SearchQuery { words: "tent".to_owned(), ..SearchQuery::default() });
    }

    #[test]
    fn the_arrows_go_round_through_the_field() {
        let mut seen = Vec::new();
        let mut at = None;
        for _ in 0..4 {
            at = step(at, 3, true);
            seen.push(at);
        }
        assert_eq!(seen, [Some(0), Some(1), Some(2), None]);
        assert_eq!(step(None, 3, false), Some(2));
        assert_eq!(step(Some(0), 3, false), None);
        assert_eq!(step(None, 0, true), None);
        assert_eq!(step(None, 0, false), None);
    }
}
