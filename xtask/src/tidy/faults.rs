//! docs/faults.md says which tests prove that a fault is met: they have to be there, and no fault may be left out.

use super::Finding;

const FILE: &str = "docs/faults.md";
/// Faults of each group.
const GROUPS: [(char, u32); 4] = [('A', 24), ('B', 14), ('C', 15), ('D', 15)];

/// `page` is docs/faults.md; `tests` are the texts of all files that may hold tests.
pub(super) fn check(page: &str, tests: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |line: usize, words: String| findings.push(Finding { file: FILE.to_owned(), line, words });
    for (line, text) in (1..).zip(page.lines()) {
        for name in text.split('`').skip(1).step_by(2).filter(|name| is_test(name)) {
            let (function, title) = (format!("fn {name}("), format!("\"{name}\""));
            if !tests.iter().any(|text| text.contains(&function) || text.contains(&title)) {
                find(line, format!("there is no test `{name}`"));
            }
        }
    }
    for (group, count) in GROUPS {
        for number in 1..=count {
            let row = format!("| {group}{number:02} |");
            if !page.lines().any(|line| line.starts_with(&row)) {
                find(1, format!("{group}{number:02} has no row"));
            }
        }
    }
    findings
}

/// Names of tests begin with the id of a fault: `a01_…`, or `d08 …` where they are sentences.
fn is_test(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| ('a'..='g').contains(&c))
        && letters.next().is_some_and(|c| c.is_ascii_digit())
        && letters.next().is_some_and(|c| c.is_ascii_digit())
        && letters.next().is_some_and(|c| c == '_' || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> String {
        let ids = GROUPS.iter().flat_map(|(group, count)| (1..=*count).map(move |n| format!("| {group}{n:02} | |\n")));
        ids.collect()
    }

    #[test]
    fn a_test_that_is_named_must_be_there() {
        let page = rows() + "| A01 | `a01_one` and `d08 two, of them` and `bench race` |\n";
        let tests = ["async fn a01_one() {", "test(\"d08 two, of them\", async () => {"];
        assert_eq!(check(&page, &tests), []);
        let findings = check(&page, &["async fn a01_one_more() {"]);
        let words: Vec<_> = findings.iter().map(|finding| finding.words.as_str()).collect();
        assert_eq!(words, ["there is no test `a01_one`", "there is no test `d08 two, of them`"]);
    }

    #[test]
    fn no_fault_is_left_out() {
        let page = rows().replace("| B14 | |\n", "");
        assert_eq!(check(&page, &[])[0].words, "B14 has no row");
    }
}
