//! Takes a query string apart (WHATWG URL, `application/x-www-form-urlencoded`).

/// Names and values in their order. What is no UTF-8 after decoding becomes U+FFFD.
pub(crate) fn read(query: &str) -> Vec<(String, String)> {
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => break,
            [b'%', high, low, after @ ..] if digit(*high).is_some() && digit(*low).is_some() => {
                bytes.extend(digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low));
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
    String::from_utf8_lossy(&bytes).into_owned()
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
        check("q", &[("q", "")]);
        check("&&", &[]);
    }
}
