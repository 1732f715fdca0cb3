//! The file: the same products give the same bytes, everything comes back out, and nothing else is taken for one.

// Helpers of tests may unwrap as tests may.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use search::{Damaged, Document, Index, Query, Request, Synonyms, page};

fn catalogue() -> Vec<Document> {
    let product = |sku: &str, title: &str, brand: &str, category: &str, group: &str| Document {
        sku: sku.to_owned(),
        title: title.to_owned(),
        brand: brand.to_owned(),
        category: category.to_owned(),
        group: group.to_owned(),
        description: format!("All about {title}"),
        price: Some(u64::try_from(title.len()).unwrap() * 1_000),
        currency: "EUR".to_owned(),
        gtin: "2000026480372".to_owned(),
        mpn: format!("{sku}-X/9"),
        image: format!("/media/{sku}.svg"),
        ..Document::default()
    };
    vec![
        product("A-1", "Steel bottle 0.75 l", "Boreal", "Drink > Bottles", "g"),
        product("A-2", "Steel bottle 0.75 l", "Boreal", "Drink > Bottles", "g"),
        product("B-1", "Écran LUMIÈRE 27\" ¼ ™", "Łuna", "Écrans", ""),
        product("C-1", "iPhone  case (Red)", "", "", ""),
        product("D-1", "Ёлка ELKA", "Ель", "Дом", ""),
        product("E-1", " padded ", "Boreal", "Camp", ""),
    ]
}

fn file() -> Vec<u8> {
    let synonyms = Synonyms::parse("bottle\tflask\n").unwrap();
    search::build(&catalogue(), &synonyms)
}

#[test]
fn the_same_products_give_the_same_bytes_in_whatever_order_they_come() {
    let mut turned = catalogue();
    turned.reverse();
    let synonyms = Synonyms::parse("# other comment\nbottle\tflask\n").unwrap();
    assert_eq!(file(), search::build(&turned, &synonyms));
    turned.pop();
    assert_ne!(file(), search::build(&turned, &synonyms));
}

#[test]
fn everything_comes_back_out() {
    let index = Index::open(file()).unwrap();
    for document in catalogue() {
        let doc = index.doc(&document.sku).unwrap();
        assert_eq!(index.sku(doc), document.sku);
        assert_eq!(index.title(doc), document.title);
    }
    assert_eq!(index.doc("A-3"), None);
    assert!(index.memory() > file().len());
    assert!(Index::open(search::build(&[], &Synonyms::default())).unwrap().is_empty());
}

#[test]
fn what_is_no_index_is_named_for_what_it_is() {
    let whole = file();
    assert_eq!(Index::open(Vec::new()).unwrap_err(), Damaged::Foreign);
    assert_eq!(Index::open(b"<!doctype html>".to_vec()).unwrap_err(), Damaged::Foreign);
    let mut other = whole.clone();
    other[8] = 9;
    assert_eq!(Index::open(other).unwrap_err(), Damaged::Version(9));
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(Index::open(longer).unwrap_err(), Damaged::Length);
    assert!(Index::open(whole).is_ok());
}

#[test]
fn every_cut_and_every_flipped_bit_is_noticed() {
    let whole = file();
    for len in 0..whole.len() {
        assert!(Index::open(whole[..len].to_vec()).is_err(), "cut at {len}");
    }
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << bit;
            // What is in front of the checksum is checked by itself.
            assert!(Index::open(flipped).is_err(), "bit {bit} of byte {place}");
        }
    }
}

/// The checksum of a file that somebody made up, as the file has it.
fn seal(file: &mut [u8]) {
    let mix = |state: u64, word: u64| (state ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let checked = &file[24..];
    let mut words = checked.chunks_exact(8);
    let mut state = checked.len() as u64;
    for word in &mut words {
        state = mix(state, u64::from_le_bytes(word.try_into().unwrap()));
    }
    state = mix(state, words.remainder().iter().rev().fold(1u64, |n, b| n << 8 | u64::from(*b)));
    file[16..24].copy_from_slice(&state.to_le_bytes());
}

fn use_it(index: &Index) {
    for words in ["steel botle", "a-1x9", "0.75 l", "écran", "2000026480372", "e", "елка", "flask zzz"] {
        let answer = index.search(&Query { words, limit: 10, ..Query::default() });
        assert!(answer.hits.iter().all(|hit| usize::try_from(hit.doc).unwrap() < index.len()));
        let request = Request::of([("q", words), ("limit", "10"), ("category", "Drink"), ("price", "1-")]).unwrap();
        let _ = page(index, &request, None, &[]);
    }
}

#[test]
fn the_seal_of_the_tests_is_that_of_the_file() {
    let mut sealed = file();
    seal(&mut sealed);
    assert_eq!(sealed, file());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 3_000 } else { 30_000 }))]

    /// A forged file has a right checksum. It may be refused or give other answers; it never brings the reader down.
    #[test]
    fn a_forged_file_does_no_harm(changes in prop::collection::vec((24usize..4_000, any::<u8>()), 1..6)) {
        let mut forged = file();
        for (place, byte) in changes {
            let place = 24 + (place - 24) % (forged.len() - 24);
            forged[place] = byte;
        }
        seal(&mut forged);
        if let Ok(index) = Index::open(forged) {
            use_it(&index);
        }
    }

    #[test]
    fn any_title_comes_back_out(title in prop_oneof![any::<String>(), "[0-9a '\"″”¼]{0,12}"], other in "\\PC{0,30}") {
        let documents = [&title, &other].map(|title| Document { sku: title.clone(), title: title.clone(), ..Document::default() });
        // A file holds texts of up to 64 kB.
        let index = Index::open(search::build(&documents, &Synonyms::default())).unwrap();
        let mut back: Vec<String> = (0..2).map(|doc| index.title(doc)).collect();
        let mut given = vec![title, other];
        back.sort();
        given.sort();
        prop_assert_eq!(back, given);
        use_it(&index);
    }

    #[test]
    fn any_question_is_answered(words in any::<String>(), verbatim in any::<bool>()) {
        let index = Index::open(file()).unwrap();
        let answer = index.search(&Query { words: &words, verbatim, limit: 10, ..Query::default() });
        prop_assert!(answer.total >= answer.hits.len());
    }
}

#[test]
fn long_and_odd_questions_are_answered() {
    let index = Index::open(file()).unwrap();
    let long = ["steel "; 2_000].concat();
    let letters = "x".repeat(10_000);
    for words in
        [&long, &letters, "", " ", "!?.,;", "\u{0}\u{1}\u{7f}", ".*+?^${}()|[]\\", "'; DROP TABLE product; --", "%_"]
    {
        let _ = index.search(&Query { words, limit: 10, ..Query::default() });
    }
}
