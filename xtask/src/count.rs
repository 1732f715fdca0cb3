//! Counting tests, whichever program ran them.

use std::fmt::{self, Display};

use serde_json::Value;

/// Tests that passed and that did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Those that did.
    pub(crate) passed: usize,
    /// Those that did not.
    pub(crate) failed: usize,
}

impl Count {
    /// From one line that a Rust test program prints at its end.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let rest = line.strip_prefix("test result: ")?;
        let number = |word: &str| {
            let before = rest.split_once(word)?.0;
            before.rsplit([' ', '.', ';']).find(|part| !part.is_empty())?.parse().ok()
        };
        Some(Self { passed: number(" passed")?, failed: number(" failed")? })
    }

    /// From its JSON reporter. A test that passed only when repeated has passed.
    pub(crate) fn of_playwright(report: &str) -> Option<Self> {
        let report: Value = serde_json::from_str(report).ok()?;
        let stats = report.get("stats")?;
        let number = |name: &str| stats.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let broken = report.get("errors").and_then(Value::as_array).map_or(0, Vec::len);
        Some(Self { passed: number("expected")? + number("flaky")?, failed: number("unexpected")? + broken })
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playwright_is_counted_from_its_report() {
        let report =
            r#"{"suites": [], "errors": [], "stats": {"expected": 11, "skipped": 2, "unexpected": 1, "flaky": 1}}"#;
        assert_eq!(Count::of_playwright(report).unwrap(), Count { passed: 12, failed: 1 });
        assert_eq!(Count::of_playwright("{}"), None);
        let broken = r#"{"errors": [{"message": "no tests"}], "stats": {"expected": 0, "skipped": 0, "unexpected": 0, "flaky": 0}}"#;
        assert_eq!(Count::of_playwright(broken).unwrap(), Count { passed: 0, failed: 1 });
    }

    #[test]
    fn rust_tests_are_counted_from_their_last_line() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s";
        assert_eq!(Count::of_line(line).unwrap(), Count { passed: 12, failed: 0 });
        let line = "test result: FAILED. 0 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Count::of_line(line).unwrap(), Count { passed: 0, failed: 2 });
        assert_eq!(Count::of_line("test a::b ... ok"), None);
    }
}
