//! What shoppers type, and what they expect to see.

use proptest::prelude::*;
use search::{Document, Index, fold};

fn product(title: &str, brand: &str, category: &str, sku: &str) -> Document {
    let text = str::to_owned;
    Document { title: text(title), brand: text(brand), category: text(category), sku: text(sku), ..Document::default() }
}

/// A small shop; the rows below name products by their position here.
fn shop() -> Vec<Document> {
    vec![
        /* 0 */ product("Ridge 2 trekking tent", "Ridge", "Camp > Tents", "RI-T2-EMB"),
        /* 1 */ product("Tent pegs, 10 pack", "Ridge", "Camp > Accessories", "RI-TP-10"),
        /* 2 */ product("Steel bottle 0.75 l", "Boreal", "Drink > Bottles", "BO-075-GLA"),
        /* 3 */
        Document { description: "Fits in a bottle cage.".into(), ..product("Flask 0.4l", "Boreal", "Drink", "BO-040") },
        /* 4 */
        Document {
            gtin: "036000291452".into(),
            ..product("Wireless headphones", "Sonar", "Audio > Headphones", "SO-1")
        },
        /* 5 */ product("Earbuds", "Sonar", "Audio", "SO-2"),
        /* 6 */ product("Ear buds case", "Sonar", "Audio", "SO-3"),
        /* 7 */ product("Écran 27 pouces", "Łuna", "Informatique", "LU-27"),
        /* 8 */ Document { color: "Glacier".into(), ..product("Mug", "Boreal", "Drink", "BO-MUG") },
        /* 9 */ product("Graphics card 4080", "Vega", "Computers", "VG-4080"),
        /* 10 */ product("Portable fridge for a tent", "Icy", "Camp", "IC-1"),
    ]
}

fn check(query: &str, expect: &[u32]) {
    check_corrected(query, expect, None);
}

fn check_corrected(query: &str, expect: &[u32], corrected: Option<&str>) {
    let answer = Index::build(shop()).search(query);
    let docs: Vec<u32> = answer.hits.iter().map(|hit| hit.doc).collect();
    assert_eq!(docs, expect, "{query}: {:?}", answer.hits);
    assert_eq!(answer.corrected.as_deref(), corrected, "{query}");
}

#[test]
fn every_word_must_match() {
    check("steel bottle", &[2]);
    check("steel tent", &[]);
    check("ridge pegs", &[1]);
}

#[test]
fn the_last_word_may_be_unfinished_and_only_the_last() {
    check("wireless headph", &[4]);
    check("headph wireless", &[]);
    check("tre", &[0]);
}

#[test]
fn the_word_itself_comes_before_a_longer_one_and_a_title_before_a_description() {
    check("tent", &[0, 1, 10]);
    check("card", &[9]);
    check("tents", &[0]);
    check("bottle", &[2, 3]);
    check("boreal", &[8, 3, 2]);
}

#[test]
fn marks_and_case_make_no_difference() {
    check("ECRAN", &[7]);
    check("écran luna", &[7]);
    check("ŁUNA", &[7]);
}

#[test]
fn a_number_and_its_unit_match_with_or_without_a_space() {
    check("0.75 l", &[2]);
    check("0.75l", &[2]);
    check("0,75L", &[2]);
    check("bottle 0.4 l", &[3]);
    check("pegs 10pack", &[1]);
}

#[test]
fn two_words_match_as_one_and_one_as_two() {
    check("earbuds", &[5, 6]);
    check("ear buds", &[6, 5]);
    check("ea rbuds", &[5]);
}

#[test]
fn codes_match_whole_in_parts_and_without_dashes() {
    check("BO-075-GLA", &[2]);
    check("bo075gla", &[2]);
    check("so-2", &[5]);
    check("036000291452", &[4]);
    check("0036000291452", &[4]);
}

#[test]
fn colours_match() {
    check("glacier mug", &[8]);
}

#[test]
fn slips_are_forgiven_and_said() {
    check_corrected("botle", &[2, 3], Some("bottle"));
    check_corrected("bottel", &[2, 3], Some("bottle"));
    check_corrected("Steel  botle", &[2], Some("Steel  bottle"));
    check_corrected("haedpohnes", &[4], Some("headphones"));
    check_corrected("wirless haedph", &[4], Some("wireless headphones"));
    check_corrected("glaicer mug", &[8], Some("glacier mug"));
}

#[test]
fn short_words_and_numbers_are_not_guessed() {
    check("mgu", &[]);
    check("4070", &[]);
    check("card 4081", &[]);
    check("zzzzzzzz", &[]);
    check_corrected("botle zzzzzzzz", &[], None);
}

#[test]
fn a_word_that_exists_is_never_replaced() {
    // One slip from "tent" and from "pegs", and words of the shop themselves.
    check("tents", &[0]);
    check("case", &[6]);
}

#[test]
fn nothing_asked_is_nothing_found() {
    for query in ["", "   ", "...", "%", "\u{301}", "🎧"] {
        check(query, &[]);
    }
    assert_eq!(Index::build([]).search("tent").hits, []);
}

/// Every word is a word of the product, the last one a beginning.
fn has_all(document: &str, query: &str) -> bool {
    let (text, asked) = (fold(document), fold(query));
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let Some((last, whole)) = asked.split_last() else { return false };
    let mut have = text.split_whitespace();
    have.clone().any(|word| word.starts_with(last))
        && whole.iter().all(|word| have.clone().any(|w| w == *word))
        && have.next().is_some()
}

proptest! {
    /// Words of at most three letters are never guessed, and no two of these make up a third.
    #[test]
    fn a_plain_and_over_all_texts_finds_the_same(
        titles in prop::collection::vec("(ab|abc|bd|éf|Q)( (ab|abc|bd|éf|Q|zz)){0,4}", 0..12),
        query in "(a|ab|abc|bd|ef|q|zz)( (a|ab|abc|bd|EF|q|zz)){0,2}",
    ) {
        let index = Index::build(titles.iter().map(|title| product(title, "", "", "")));
        let mut got: Vec<usize> =
            index.search(&query).hits.iter().map(|hit| usize::try_from(hit.doc).unwrap()).collect();
        got.sort_unstable();
        let expect: Vec<usize> = (0..titles.len()).filter(|i| has_all(&titles[*i], &query)).collect();
        prop_assert_eq!(got, expect);
    }

    #[test]
    fn no_input_makes_it_panic(texts in prop::collection::vec(any::<String>(), 0..6), query in any::<String>()) {
        let index = Index::build(texts.iter().map(|text| product(text, text, text, text)));
        let answer = index.search(&query);
        prop_assert!(answer.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for text in &texts {
            let _ = index.search(text);
            let _ = index.search(&text.chars().rev().collect::<String>());
        }
    }

    #[test]
    fn every_product_is_found_by_its_own_title(title in "[a-z]{1,9}( [a-z]{1,9}){0,5}") {
        let index = Index::build([product(&title, "", "", "")]);
        prop_assert_eq!(index.search(&title).hits.len(), 1);
    }
}
