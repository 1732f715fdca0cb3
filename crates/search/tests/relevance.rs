//! What shoppers type, and what they expect to see. The score of the whole set is printed (`--nocapture`) and may not fall.

// Helpers of tests may unwrap as tests may.
#![allow(clippy::unwrap_used)]

use search::{Answer, Document, Index, Query, Sort, StockSet, Synonyms, fold};

/// Title, brand, category, code, colour, price in cents, group; descriptions and barcodes where they matter.
const SHOP: &str = "\
Ridge 2 trekking tent|Ridge|Camp > Tents|RI-T2-EMB|Ember|24900|
Tent pegs, 10 pack|Ridge|Camp > Accessories|RI-TP-10||990|
Steel bottle 0.75 l|Boreal|Drink > Bottles|BO-075-GLA|Glacier|3490|bo-075
Steel bottle 0.75 l|Boreal|Drink > Bottles|BO-075-FER|Fern|3490|bo-075
Flask 0.4l|Boreal|Drink|BO-040||1990|
Wireless headphones|Sonar|Audio > Headphones|SO-1|Black|8900|
Earbuds|Sonar|Audio|SO-2||4900|
Ear buds case|Sonar|Audio|SO-3||1500|
Écran 27 pouces|Łuna|Informatique > Écrans|LU-27||19900|
Monitor 27\" 144 Hz|Vega|Computers > Monitors|VG-27||22900|
Mug|Boreal|Drink|BO-MUG|Glacier|1200|
Graphics card RTX 4080|Vega|Computers > GPU|VG-4080||119900|
Graphics card RTX 4070 Ti|Vega|Computers > GPU|VG-4070TI||84900|
GTX1080 gaming card|Vega|Computers > GPU|VG-1080||29900|
Portable fridge for a tent|Icy|Camp|IC-1||18900|
SSD 1 TB|Vega|Computers > Storage|VG-SSD1||7900|
Sok pomarańczowy 1 l|Owoc|Żywność > Napoje|OW-SOK||450|
Żółty ser królewski 500 g|Owoc|Żywność > Nabiał|OW-SER||1290|
Наушники беспроводные|Звук|Аудио|ZV-1||5900|
Ёлочная гирлянда 5 м|Ель|Дом|EL-5||1990|
Caffettiera espresso 3 tazze|Bruna|Casa > Cucina|BR-3||2490|
Crème brûlée au café|Douce|Épicerie|DO-CB||390|
Télévision 55 pouces|Łuna|Image|LU-TV55||59900|
Vacuum cleaner|Tarn|Home|TA-VC||12900|";

fn shop() -> Vec<Document> {
    let read = |line: &str| {
        let fields: Vec<&str> = line.split('|').collect();
        let field = |at: usize| fields[at].to_owned();
        Document {
            title: field(0),
            brand: field(1),
            category: field(2),
            sku: field(3),
            color: field(4),
            price: fields[5].parse().ok(),
            currency: "EUR".to_owned(),
            group: field(6),
            mpn: if fields[3] == "VG-4080" { "90YV0ID1-M0NA00".to_owned() } else { String::new() },
            gtin: if fields[3] == "SO-1" { "036000291452".to_owned() } else { String::new() },
            description: if fields[3] == "BO-040" { "Fits in a bottle cage.".to_owned() } else { String::new() },
            ..Document::default()
        }
    };
    SHOP.lines().map(read).collect()
}

fn index() -> Index {
    let synonyms = Synonyms::parse("tv\ttélévision\ttelly\nhoover => vacuum cleaner\n").unwrap();
    Index::open(search::build(&shop(), &synonyms)).unwrap()
}

fn skus(index: &Index, answer: &Answer) -> String {
    answer.hits.iter().map(|hit| index.sku(hit.doc)).collect::<Vec<_>>().join(" ")
}

fn ask(query: &Query<'_>) -> (String, Answer) {
    let index = index();
    let answer = index.search(&Query { limit: 10, ..*query });
    (skus(&index, &answer), answer)
}

#[track_caller]
fn check(words: &str, expect: &str) {
    check_corrected(words, expect, None);
}

#[track_caller]
fn check_corrected(words: &str, expect: &str, corrected: Option<&str>) {
    let (found, answer) = ask(&Query { words, ..Query::default() });
    assert_eq!(found, expect, "{words}");
    assert_eq!(answer.corrected.as_deref(), corrected, "{words}");
}

#[test]
fn every_word_must_match_and_the_last_may_be_unfinished() {
    check("steel bottle", "BO-075-FER");
    check("ridge pegs", "RI-TP-10");
    check("wireless headph", "SO-1");
    check("tre", "RI-T2-EMB");
}

#[test]
fn the_word_itself_comes_before_a_longer_one_and_a_title_before_a_description() {
    check("tent", "RI-T2-EMB RI-TP-10 IC-1");
    check("bottle", "BO-075-FER BO-040");
    check("glacier mug", "BO-MUG");
}

#[test]
fn marks_case_and_alphabets_make_no_difference() {
    check("ECRAN", "LU-27");
    check("écran luna", "LU-27");
    check("creme brulee", "DO-CB");
    check("zolty ser krolewski", "OW-SER");
    check("pomaranczowy", "OW-SOK");
    check("caffettiera ESPRESSO", "BR-3");
    check("елочная", "EL-5");
    check("ЁЛОЧНАЯ", "EL-5");
}

#[test]
fn the_wrong_keyboard_and_latin_letters_are_understood() {
    check_corrected("yfeiybrb", "ZV-1", Some("наушники"));
    check_corrected("ьгп", "BO-MUG", Some("mug"));
    check_corrected("naushniki", "ZV-1", Some("наушники"));
}

#[test]
fn a_quantity_is_found_however_it_is_written() {
    for words in ["0.75 l", "0.75l", "0,75L", "75 cl", "750ml", "bottle 750 ml"] {
        check(words, "BO-075-FER");
    }
    for words in ["27 in", "27in", "27 inch", "27\" monitor", "monitor 27 pouces"] {
        assert!(ask(&Query { words, ..Query::default() }).0.contains("VG-27"), "{words}");
    }
    check("1000 gb", "VG-SSD1");
    check("1tb", "VG-SSD1");
    check("0.5 kg ser", "OW-SER");
    check("144hz", "VG-27");
    check("pegs 10pack", "RI-TP-10");
}

/// Whether a query finds, as it stands, the one product that has this title.
#[track_caller]
fn check_title(title: &str, words: &str, corrected: Option<&str>) {
    let one = |title: &str| Document { title: title.to_owned(), sku: title.to_owned(), ..Document::default() };
    let index = Index::open(search::build(&[one(title), one("something else")], &Synonyms::default())).unwrap();
    let answer = index.search(&Query { words, limit: 10, ..Query::default() });
    assert_eq!((skus(&index, &answer).as_str(), answer.corrected.as_deref()), (title, corrected), "{words}");
}

#[test]
fn the_label_of_one_language_is_found_in_another() {
    for title in [
        "Écran 27 pouces",
        "Monitor 27 cali",
        "Schermo 27 pollici",
        "Монитор 27 дюймов",
        "Monitor 27''",
        "Monitor 27 cale",
    ] {
        for words in ["27 inch", "27in", "27\"", "27''", "27 cali", "27 дюйма"] {
            check_title(title, words, None);
        }
    }
    check_title("Телевизор 43 дюйма", "43 in", None);
    check_title("Jus de pomme 1 litre", "1000 ml", None);
    check_title("SSD 1 To", "1tb", None);
    check_title("Сахар 1 кг", "1000 g", None);
    for words in ["5000mah", "5000 mah", "5,000 mAh", "5 Ah"] {
        check_title("Powerbank 5,000 mAh", words, None);
        check_title("Powerbank 5000 mAh", words, None);
    }
}

#[test]
fn russian_is_read_from_other_keys_and_letters() {
    check_title("Жилет", ":bktn", Some("Жилет"));
    check_title("Наушники", "Yfeiybrb", Some("Наушники"));
    check_title("Вода 0,75 л", "djlf 0.75 k", Some("вода 0.75 л"));
    check_title("Мышка", "myshka", Some("мышка"));
    check_title("Экран", "ekran", Some("экран"));
    check_title("Йогурт", "yogurt", Some("йогурт"));
    check_title("Красный чехол", "krasnyy chehol", Some("красный чехол"));
}

#[test]
fn two_words_match_as_one_and_one_as_two() {
    check("earbuds", "SO-2 SO-3");
    check("ear buds", "SO-2 SO-3");
    check("ea rbuds", "SO-2");
    check("gtx 1080", "VG-1080");
    check("rtx4080", "VG-4080");
    check("rtx 4070ti", "VG-4070TI");
    check("RTX 4070 ti", "VG-4070TI");
}

#[test]
fn codes_match_whole_and_by_their_beginning() {
    check("BO-075-GLA", "BO-075-GLA");
    check("bo075gla", "BO-075-GLA");
    check("so-2", "SO-2");
    check("036000291452", "SO-1");
    check("0036000291452", "SO-1");
    check("90YV0ID1-M0NA00", "VG-4080");
    check("vega 90yv0id1", "VG-4080");
}

#[test]
fn slips_are_forgiven_and_said() {
    check_corrected("bottel", "BO-075-FER", Some("bottle"));
    check_corrected("Steel  botle", "BO-075-FER", Some("Steel  bottle"));
    check_corrected("haedpohnes", "SO-1", Some("headphones"));
    check_corrected("wirless haedph", "SO-1", Some("wireless headphones"));
    check_corrected("glaicer mug", "BO-MUG", Some("glacier mug"));
    check_corrected("vakuum cleaner", "TA-VC", Some("vacuum cleaner"));
}

#[test]
fn short_words_and_numbers_are_not_guessed() {
    check("mgu", "");
    check("4090", "");
    check("zzzzzzzz", "");
}

#[test]
fn synonyms_go_the_ways_that_they_are_meant() {
    check("tv", "LU-TV55");
    check("telly 55", "LU-TV55");
    check("hoover", "TA-VC");
}

#[test]
fn where_nothing_has_all_words_fewer_are_offered_with_their_count() {
    check_corrected("tent zzzzzzzz", "RI-T2-EMB RI-TP-10 IC-1", Some("tent"));
    let (found, answer) = ask(&Query { words: "tent zzzzzzzz", verbatim: true, ..Query::default() });
    assert_eq!((found.as_str(), answer.total), ("", 0));
    let offers: Vec<(&str, usize)> =
        answer.relaxations.iter().map(|offer| (offer.name.as_str(), offer.count)).collect();
    assert_eq!(offers, [("tent", 3)]);
    // Taken at their word, slips are not forgiven.
    assert_eq!(ask(&Query { words: "bottel", verbatim: true, ..Query::default() }).0, "");
    let (_, answer) = ask(&Query { words: "steel tent", ..Query::default() });
    assert_eq!(answer.corrected.as_deref(), Some("steel"));
    assert_eq!(answer.relaxations[0].name, "tent");
}

#[test]
fn filters_narrow_and_count_what_others_would_bring() {
    let names = |counts: &[search::Count]| {
        counts.iter().map(|count| format!("{} {}", count.name, count.count)).collect::<Vec<_>>().join(", ")
    };
    let (found, answer) = ask(&Query { words: "card", category: Some("computers"), ..Query::default() });
    assert_eq!(found, "VG-1080 VG-4080 VG-4070TI");
    assert_eq!(names(&answer.categories), "Computers > GPU 3");
    assert_eq!(names(&answer.brands), "Vega 3");
    let (found, answer) = ask(&Query { brand: Some("BOREAL"), ..Query::default() });
    assert_eq!(answer.total, 3, "{found}");
    assert_eq!(names(&answer.categories), "Drink 3");
    assert!(answer.brands.len() > 5, "other brands are still offered");
    let (found, answer) = ask(&Query { words: "bottle", price: Some((2_000, Some(5_000))), ..Query::default() });
    assert_eq!(found, "BO-075-FER");
    assert_eq!(names(&answer.prices), "1000-2000 1, 2000-5000 1");
    assert_eq!(ask(&Query { gtin: Some("0036000291452"), ..Query::default() }).0, "SO-1");
}

#[test]
fn what_a_shop_nearby_has_comes_first_among_what_matches_as_well() {
    let index = index();
    let set = |skus: &[&str]| StockSet::of(skus.iter().map(|sku| index.doc(sku).unwrap()));
    let (first, second) = (set(&["IC-1"]), set(&["RI-T2-EMB", "BO-075-GLA"]));
    let near = [&first, &second];
    let found = |query: Query<'_>| skus(&index, &index.search(&Query { limit: 10, ..query }));
    assert_eq!(found(Query { words: "tent", near: &near, ..Query::default() }), "IC-1 RI-T2-EMB RI-TP-10");
    assert_eq!(found(Query { words: "tent", near: &near[1..], ..Query::default() }), "RI-T2-EMB RI-TP-10 IC-1");
    // Text first: what only speaks of a bottle stays behind one, wherever it is.
    let flask = set(&["BO-040"]);
    assert_eq!(found(Query { words: "bottle", near: &[&flask], ..Query::default() }), "BO-075-FER BO-040");
    let only = [&second];
    assert_eq!(found(Query { words: "tent", only: Some(&only), ..Query::default() }), "RI-T2-EMB");
    // Of the variants the one that is there is shown.
    assert_eq!(found(Query { words: "bottle", only: Some(&only), ..Query::default() }), "BO-075-GLA");
    assert_eq!(found(Query { words: "bottle", only: Some(&[]), ..Query::default() }), "");
    assert_eq!(
        found(Query { brand: Some("Boreal"), sort: Sort::PriceAscending, ..Query::default() }),
        "BO-MUG BO-040 BO-075-FER"
    );
    assert_eq!(
        found(Query { brand: Some("Boreal"), sort: Sort::PriceDescending, ..Query::default() }),
        "BO-075-FER BO-040 BO-MUG"
    );
}

/// Words and the code that somebody who types them means; the place of that code among the answers is the score.
const MEANT: &[(&str, &str)] = &[
    ("tent", "RI-T2-EMB"),
    ("treking tent", "RI-T2-EMB"),
    ("ridge tent", "RI-T2-EMB"),
    ("tent peg", "RI-TP-10"),
    ("steel bottle", "BO-075-FER"),
    ("bottle steel 750ml", "BO-075-FER"),
    ("boreal bottel", "BO-075-FER"),
    ("flask", "BO-040"),
    ("headphones", "SO-1"),
    ("headfones", "SO-1"),
    ("wireles headphone", "SO-1"),
    ("ear buds", "SO-2"),
    ("earbud", "SO-2"),
    ("earbuds case", "SO-3"),
    ("ecran 27", "LU-27"),
    ("27 inch monitor", "VG-27"),
    ("144 hz", "VG-27"),
    ("mug", "BO-MUG"),
    ("boreal mug glacier", "BO-MUG"),
    ("rtx4080", "VG-4080"),
    ("4080", "VG-4080"),
    ("rtx 4070", "VG-4070TI"),
    ("gtx 1080", "VG-1080"),
    ("fridge", "IC-1"),
    ("ssd", "VG-SSD1"),
    ("1tb ssd", "VG-SSD1"),
    ("sok", "OW-SOK"),
    ("ser zolty", "OW-SER"),
    ("наушники", "ZV-1"),
    ("наушнки", "ZV-1"),
    ("naushniki", "ZV-1"),
    ("yfeiybrb", "ZV-1"),
    ("елочная гирлянда", "EL-5"),
    ("гирлянда 500 см", "EL-5"),
    ("cafetiera", "BR-3"),
    ("espresso", "BR-3"),
    ("creme brulée", "DO-CB"),
    ("tv", "LU-TV55"),
    ("television 55in", "LU-TV55"),
    ("hoover", "TA-VC"),
    ("vaccum", "TA-VC"),
];

#[test]
fn the_relevance_set_scores_as_it_did() {
    let index = index();
    let mut sum = 0.0;
    for (words, meant) in MEANT {
        let answer = index.search(&Query { words, limit: 10, ..Query::default() });
        let place = answer.hits.iter().position(|hit| index.sku(hit.doc) == *meant);
        if place != Some(0) {
            println!("{words}: {meant} is {place:?} of {}", skus(&index, &answer));
        }
        sum += place.map_or(0.0, |place| 1.0 / f64::from(u32::try_from(place).unwrap() + 1));
    }
    let score = sum / f64::from(u32::try_from(MEANT.len()).unwrap());
    println!("mean reciprocal rank of {} queries: {score:.3}", MEANT.len());
    assert!(score >= 0.95, "{score}");
}

#[test]
fn folding_is_the_same_for_titles_and_queries() {
    assert_eq!(fold("Écran LUMIÈRE 27\""), "ecran lumiere 27 in");
}
