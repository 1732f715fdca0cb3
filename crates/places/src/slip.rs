//! One wrong letter.

/// Whether `typed` is the beginning of `key`, or all of it, but for one letter that is wrong, missing, too many, or swapped
/// with its neighbour.
pub(crate) fn is_one_slip(typed: &str, key: &str) -> bool {
    let (typed, key) = (typed.as_bytes(), key.as_bytes());
    let same = typed.iter().zip(key).take_while(|(a, b)| a == b).count();
    let (typed, key) = (from(typed, same), from(key, same));
    let swapped = matches!((typed, key), ([a, b, ..], [c, d, ..]) if a == d && b == c);
    from(key, 1).starts_with(from(typed, 1))
        || from(key, 1).starts_with(typed)
        || key.starts_with(from(typed, 1))
        || swapped && from(key, 2).starts_with(from(typed, 2))
}

fn from(bytes: &[u8], place: usize) -> &[u8] {
    bytes.get(place..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_of_each_kind_is_forgiven_and_two_are_not() {
        for typed in
            ["manchaster", "manhester", "manchesterr", "mnachester", "manchseter", "manch", "banchester", "manchxste"]
        {
            assert!(is_one_slip(typed, "manchester"), "{typed}");
        }
        for typed in ["mxnchxster", "munich", "lanchister"] {
            assert!(!is_one_slip(typed, "manchester"), "{typed}");
        }
    }
}
