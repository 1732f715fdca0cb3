//! When two names of towns are one.

/// What a name is looked up by: folded, with the short forms of its first words written out.
///
/// `St. Louis` and `Saint Louis`, `Mt Vernon` and `Mount Vernon` are one name. The last word is left as it is: it may be the
/// beginning of `Stuttgart`.
pub(crate) fn key(name: &str) -> String {
    let folded = search::fold(name);
    let mut key = String::with_capacity(folded.len());
    let mut words = folded.split(' ').peekable();
    while let Some(word) = words.next() {
        let short = words.peek().is_some();
        key.push_str(match word {
            "st" | "sankt" if short => "saint",
            "ste" if short => "sainte",
            "mt" if short => "mount",
            "ft" if short => "fort",
            _ => word,
        });
        if words.peek().is_some() {
            key.push(' ');
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_written_out_where_they_cannot_be_the_beginning_of_something_else() {
        assert_eq!(key("St. Louis"), "saint louis");
        assert_eq!(key("Ste-Foy-lès-Lyon"), "sainte foy les lyon");
        assert_eq!(key("St"), "st");
        assert_eq!(key("Mt Vernon"), key("Mount Vernon"));
        assert_eq!(key("Łódź"), "lodz");
    }
}
