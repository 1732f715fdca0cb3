//! What to mark in a text that answers a query.

use std::ops::Range;

use crate::fold::{original_len, words};

/// The beginnings of words of `text` that are words of `query`, as byte ranges in order, each on character boundaries.
///
/// Folding applies: `ecr` marks the first three letters of `Écran`. For a query with slips pass
/// [`crate::Answer::corrected`]: nothing is guessed here.
#[must_use]
pub fn highlight(text: &str, query: &str) -> Vec<Range<usize>> {
    let asked = words(query);
    let longest = |folded: &str| {
        asked.iter().filter(|word| folded.starts_with(word.folded.as_str())).map(|word| word.folded.len()).max()
    };
    let mut marked: Vec<Range<usize>> = Vec::new();
    for word in words(text) {
        // One character can make two words; it is marked once.
        let free = marked.last().is_none_or(|last| last.end <= word.range.start);
        if free
            && let Some(len) = longest(&word.folded)
            && let Some(original) = text.get(word.range.clone())
        {
            marked.push(word.range.start..word.range.start + original_len(original, len));
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, query: &str, expect: &str) {
        let mut marked = text.to_owned();
        for range in highlight(text, query).into_iter().rev() {
            marked.insert(range.end, ']');
            marked.insert(range.start, '[');
        }
        assert_eq!(marked, expect, "{query}");
    }

    #[test]
    fn the_beginnings_of_matching_words_are_marked() {
        check("Ridge 2 trekking tent", "tent", "Ridge 2 trekking [tent]");
        check("Ridge 2 trekking tent", "trek", "Ridge 2 [trek]king tent");
        check("Écran plat", "ecran PLAT", "[Écran] [plat]");
        check("E\u{301}cran", "e", "[E\u{301}]cran");
        check("Straße", "strass", "[Straß]e");
        check("Intent", "tent", "Intent");
        check("tents, tent", "tent tents", "[tents], [tent]");
        #[cfg(feature = "nfkd")]
        check("¼ cup", "1/4 c", "[¼] [c]up");
        check("tent", "", "tent");
        check("", "tent", "");
    }

    proptest! {
        #[test]
        fn ranges_lie_on_characters_and_in_order(text in any::<String>(), query in any::<String>()) {
            let query = format!("{query} {}", text.chars().take(3).collect::<String>());
            let mut end = 0;
            for range in highlight(&text, &query) {
                prop_assert!(range.start >= end && range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
