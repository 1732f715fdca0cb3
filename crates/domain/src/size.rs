//! The order of sizes as a shopper expects it, which no alphabet knows: S before M before L, 9 before 10.

/// Puts things in the order of their sizes. Numbers come first, small to large; then the letters from XS to XXL; all
/// else stays behind them in the order in which it came.
pub fn sort<T>(things: &mut Vec<T>, size: impl Fn(&T) -> &str) {
    let mut ordered: Vec<T> = Vec::with_capacity(things.len());
    for thing in things.drain(..) {
        let rank = rank(size(&thing));
        // Sizes are a handful: inserting beats a sort that would be another copy of one in the wasm.
        let place = ordered.iter().rposition(|other| self::rank(size(other)) <= rank).map_or(0, |p| p + 1);
        ordered.insert(place, thing);
    }
    *things = ordered;
}

/// Where a size stands; tenths, so that 36.5 has a place between 36 and 37.
fn rank(size: &str) -> u32 {
    const LETTERS: [&str; 8] = ["XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL"];
    // "M/L" and "42 EU" go by how they begin.
    let head =
        size.trim().split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != ',').next().unwrap_or_default();
    let (whole, tenth) = head.split_once(['.', ',']).unwrap_or((head, "0"));
    if let (Ok(whole), Some(tenth)) = (whole.parse::<u32>(), tenth.chars().next().and_then(|c| c.to_digit(10))) {
        return whole.min(99_999) * 10 + tenth;
    }
    let letters = LETTERS.iter().position(|l| l.eq_ignore_ascii_case(head)).and_then(|p| u32::try_from(p).ok());
    letters.map_or(u32::MAX, |p| 1_000_000 + p)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sizes: &[&str], expect: &[&str]) {
        let mut got = sizes.to_vec();
        sort(&mut got, |s| s);
        assert_eq!(got, expect);
    }

    #[test]
    fn sizes_come_in_the_order_of_people() {
        check(&["L", "M", "S", "XL", "XS"], &["XS", "S", "M", "L", "XL"]);
        check(&["10", "9", "36.5", "36", "37"], &["9", "10", "36", "36.5", "37"]);
        check(&["one size", "M/L", "S/M", "60 L", "8 L"], &["8 L", "60 L", "S/M", "M/L", "one size"]);
        check(&["b", "a"], &["b", "a"]);
        check(&[], &[]);
    }
}
