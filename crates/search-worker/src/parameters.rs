//! Takes a query string apart (WHATWG URL, `application/x-www-form-urlencoded`).

use alloc::string::String;
use alloc::vec::Vec;

use search::text::{cut, split};

/// Names and values in their order. What is no UTF-8 after decoding becomes U+FFFD.
pub(crate) fn read(query: &str) -> Vec<(String, String)> {
    let mut query = query;
    while let Some(rest) = query.strip_prefix('?') {
        query = rest;
    }
    let mut pairs = Vec::new();
    for pair in split(query, b'&') {
        if !pair.is_empty() {
            let (name, value) = cut(pair, b'=').unwrap_or((pair, ""));
            pairs.push((decode(name), decode(value)));
        }
    }
    pairs
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, after @ ..] if digit(*high).is_some() && digit(*low).is_some() => {
                bytes.push(digit(*high).unwrap_or_default() << 4 | digit(*low).unwrap_or_default());
                after
            }
            [b'+', after @ ..] => {
                bytes.push(b' ');
                after
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        };
    }
    lossy(&bytes)
}

/// The text of these bytes, as `String::from_utf8_lossy` reads it.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        let (valid, wrong) = match core::str::from_utf8(rest) {
            Ok(_) => (rest.len(), None),
            Err(error) => (error.valid_up_to(), Some(error.error_len())),
        };
        text.push_str(rest.get(..valid).and_then(|valid| core::str::from_utf8(valid).ok()).unwrap_or_default());
        let Some(wrong) = wrong else { return text };
        text.push(char::REPLACEMENT_CHARACTER);
        // Without a length the end of the bytes is the middle of a character.
        let Some(wrong) = wrong else { return text };
        rest = rest.get(valid + wrong..).unwrap_or_default();
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expect: &[(&str, &str)]) {
        let expect: Vec<(String, String)> = expect.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(read(query), expect, "{query}");
    }

    #[test]
    fn a_query_string_is_read_as_browsers_write_it() {
        check("q=steel+bottle&limit=10", &[("q", "steel bottle"), ("limit", "10")]);
        check("?q=%C3%A9cran%20%26", &[("q", "écran &")]);
        check("q=100%", &[("q", "100%")]);
        check("q=%zz%4", &[("q", "%zz%4")]);
        check("q=%ff", &[("q", "\u{FFFD}")]);
        check(
            "q=%e2%82x%f0%9f%80&q=%c0%80%ed%a0%80",
            &[("q", "\u{FFFD}x\u{FFFD}"), ("q", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")],
        );
        check("q", &[("q", "")]);
        check("&&", &[]);
    }
}
