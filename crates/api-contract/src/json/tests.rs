use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::*;
use crate::availability::AvailabilityAnswer;
use crate::location::LocationPage;
use crate::product::ProductPage;

/// One field of each kind.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct All {
    text: String,
    maybe: Option<String>,
    small: u32,
    large: u64,
    signed: i64,
    real: f64,
    yes: bool,
    kind: Kind,
    list: Vec<(u32, u32)>,
    map: BTreeMap<String, Option<bool>>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    OneWay,
    Other,
}

/// Both readers give the same, or both refuse.
fn both<T: DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) {
    let (ours, theirs) = (read::<T>(text), serde_json::from_str::<T>(text));
    assert_eq!(ours.as_ref().ok(), theirs.as_ref().ok(), "{text:?}: {ours:?}, {theirs:?}");
}

#[test]
fn numbers_are_read_by_the_grammar_and_within_their_type() {
    let numbers = "0 -0 00 01 1 -1 1.0 1. .5 -.5 + - 1e 1e+ 1e3 1E-3 1e400 -1e400 1e-400 0e999999999999 48.8566 -0.127758 \
        4294967295 4294967296 18446744073709551615 18446744073709551616 9223372036854775807 -9223372036854775808 \
        -9223372036854775809 123456789012345 1.7976931348623157e308 1-1 1a 0x1 NaN Infinity null true \"1\" [1]";
    for number in numbers.split_whitespace() {
        both::<u32>(number);
        both::<u64>(number);
        both::<i64>(number);
        let (ours, theirs) = (read::<f64>(number), serde_json::from_str::<f64>(number));
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                assert!((ours - theirs).abs() <= theirs.abs() * 1e-15, "{number}: {ours} {theirs}");
            }
            (ours, theirs) => assert_eq!(ours.is_ok(), theirs.is_ok(), "{number}: {ours:?} {theirs:?}"),
        }
    }
    assert_eq!(read("48.8566"), Ok(48.8566));
}

#[test]
fn strings_are_read_with_their_escapes() {
    let strings = [
        r#""""#,
        r#""é€𝄞""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u00e9\u20AC\ud834\udd1e""#,
        r#""\ud834""#,
        r#""\udd1e""#,
        r#""\ud834\ud834""#,
        r#""\ud834x""#,
        r#""\ud834\n""#,
        r#""\u12g4""#,
        r#""\u12"#,
        r#""\x""#,
        r#""\"#,
        r#"""#,
        "\"\n\"",
        "\"\u{0}\"",
        "\"\u{7f}\"",
        "'a'",
        "a",
        "null",
        "1",
    ];
    for text in strings {
        both::<String>(text);
        both::<Option<String>>(text);
        if !text.contains("\\u") {
            both::<IgnoredAll>(&format!("{{\"unknown\":{text}}}"));
        }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct IgnoredAll {}

#[test]
fn lists_and_objects_are_read_with_commas_between_and_nothing_behind() {
    let texts = [
        "",
        " ",
        "{}",
        "{ }",
        "{,}",
        "{\"small\":1}",
        "{\"small\":1,}",
        "{\"small\" : 1 , \"yes\":true}",
        "{\"small\":1 \"yes\":true}",
        "{\"small\":1}x",
        "{\"small\":1}\u{0}",
        "{\"small\":1} \n",
        "{\"small\"}",
        "{small:1}",
        "{\"small\":}",
        "{\"small\":1",
        "{\"small\":1,\"small\":2}",
        "{\"list\":[]}",
        "{\"list\":[[1,2],[3,4]]}",
        "{\"list\":[[1]]}",
        "{\"list\":[[1,2,3]]}",
        "{\"list\":[[1,2],]}",
        "{\"list\":[,]}",
        "{\"list\":{}}",
        "{\"map\":{\"a\":null,\"b\":true}}",
        "{\"map\":{\"a\":nul}}",
        "{\"kind\":\"other\"}",
        "{\"kind\":\"another\"}",
        "{\"kind\":1}",
        "{\"unknown\":[{\"a\":[1,{}]},\"]\",-1e5,null,true]}",
        "{\"unknown\":[1 2]}",
        "{\"unknown\":{\"a\" 1}}",
        "{\"unknown\":{1:1}}",
        "{\"unknown\":[}}",
        "{\"unknown\":tru}",
        "nullx",
        "true",
    ];
    for text in texts {
        both::<All>(text);
        both::<Vec<All>>(&format!("[{text}]"));
    }
    let nested = |deep: usize| format!("{{\"unknown\":{}{}}}", "[".repeat(deep), "]".repeat(deep));
    assert!(read::<All>(&nested(100)).is_ok());
    assert_eq!(read::<All>(&nested(100_000)), Err(Unread::Syntax));
}

#[test]
fn an_error_says_which_kind() {
    assert_eq!(read::<LocationPage>("{}").unwrap_err(), Unread::Lacks("as_of"));
    assert_eq!(read::<u32>("\"1\"").unwrap_err(), Unread::Shape);
    assert_eq!(read::<u32>("<html>").unwrap_err(), Unread::Syntax);
    assert_eq!(read::<All>("[]").unwrap_err(), Unread::Shape, "a struct is an object");
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6f64..1e6).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("text|maybe|small|list|map|a", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back(
        texts in prop::collection::vec(any::<String>(), 2), small: u32, large: u64, signed: i64, yes: bool,
        list in prop::collection::vec(any::<(u32, u32)>(), 0..4),
        map in prop::collection::btree_map(any::<String>(), any::<Option<bool>>(), 0..4),
    ) {
        let [text, maybe] = [texts[0].clone(), texts[1].clone()];
        let all = All { text, maybe: Some(maybe), small, large, signed, real: 0.5, yes, kind: Kind::Other, list, map };
        prop_assert_eq!(read::<All>(&serde_json::to_string(&all).unwrap()), Ok(all));
    }

    #[test]
    fn json_of_any_shape_is_read_or_refused_as_serde_json_does(value in values()) {
        let text = value.to_string();
        // The one difference: a struct may not be a list.
        if !value.is_array() {
            both::<All>(&text);
        }
        both::<IgnoredAll>(&format!("{{\"a\":{text}}}"));
    }

    #[test]
    fn a_text_that_was_damaged_is_read_or_refused_as_serde_json_does(value in values(), at: usize, sign in "[\\[\\]{},:\"\\\\0-9a-z. -]?") {
        let mut text = format!("{{\"a\":{value},\"small\":7}}");
        let at = at % text.len();
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            text.replace_range(at..=at, &sign);
        }
        both::<IgnoredAll>(&text);
    }

    #[test]
    fn no_text_makes_it_panic(text: String) {
        let _ = read::<ProductPage>(&text);
        let _ = read::<AvailabilityAnswer>(&text);
    }
}
