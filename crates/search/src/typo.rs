//! How far apart two words are, in slips of the fingers.

/// How many slips a word of so many letters may have: none in short ones, where nearly everything is one slip away.
pub(crate) fn slips_allowed(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`, if there are at most `max`.
/// With `prefix` the nearest beginning of `b` counts instead of all of it.
pub(crate) fn distance(a: &[char], b: &[char], max: usize, prefix: bool) -> Option<usize> {
    // Letters beyond this cannot be part of any beginning that is near enough.
    let b = if prefix { b.get(..a.len() + max).unwrap_or(b) } else { b };
    if a.len() > b.len() + max || (!prefix && b.len() > a.len() + max) {
        return None;
    }
    let far = max + 1;
    let mut before: Vec<usize> = vec![far; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![far; b.len() + 1];
        if i < max {
            row[0] = i + 1;
        }
        // Cells farther than `max` from the diagonal are beyond `max` for certain.
        let band = i.saturating_sub(max)..(i + max + 1).min(b.len());
        let mut least = row[0];
        for j in band {
            let replace = above[j] + usize::from(*from != b[j]);
            let mut best = replace.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before[j - 1] + 1);
            }
            row[j + 1] = best.min(far);
            least = least.min(best);
        }
        if least > max {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    let end = if prefix { above.iter().min() } else { above.last() };
    end.copied().filter(|found| *found <= max)
}

/// Which letters a word has, as bits; letters may share a bit.
///
/// A slip changes at most one letter for another, so words whose letters differ by more than the slips allowed need no
/// closer look: this spares nine in ten of them.
pub(crate) fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 32))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn check(a: &str, b: &str, whole: Option<usize>, beginning: Option<usize>) {
        assert_eq!(distance(&chars(a), &chars(b), 2, false), whole, "{a} {b}");
        assert_eq!(distance(&chars(a), &chars(b), 2, true), beginning, "beginning of {b}: {a}");
    }

    #[test]
    fn slips_are_counted() {
        check("bottle", "bottle", Some(0), Some(0));
        check("botle", "bottle", Some(1), Some(1));
        check("bottel", "bottle", Some(1), Some(1));
        check("bottle", "bottl", Some(1), Some(1));
        check("headphnes", "headphones", Some(1), Some(1));
        check("haedpohnes", "headphones", Some(2), Some(2));
        check("hedph", "headphones", None, Some(1));
        check("ecouteur", "bottle", None, None);
        check("", "ab", Some(2), Some(0));
    }

    /// The table without a band, as the textbooks have it.
    fn plain(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut best = (table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]))
                        .min(table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(table[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        table[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn the_band_changes_nothing(a in "[abc]{0,8}", b in "[abc]{0,8}", max in 0usize..4) {
            let (a, b) = (chars(&a), chars(&b));
            let whole = plain(&a, &b);
            prop_assert_eq!(distance(&a, &b, max, false), (whole <= max).then_some(whole));
            let nearest = (0..=b.len()).map(|len| plain(&a, &b[..len])).min().unwrap();
            prop_assert_eq!(distance(&a, &b, max, true), (nearest <= max).then_some(nearest));
        }

        #[test]
        fn near_words_have_near_letters(a in "[a-zа-я]{0,8}", b in "[a-zа-я]{0,8}") {
            let apart = plain(&chars(&a), &chars(&b));
            let (a, b) = (letters(&a), letters(&b));
            prop_assert!((a & !b).count_ones() as usize <= apart);
            prop_assert!((b & !a).count_ones() as usize <= apart);
        }
    }
}
