//! How the server begins its transactions.
//!
//! A transaction that begins by reading and wants to write later is refused by SQLite where somebody else wrote in
//! between, at once and however long one would wait: what it should have stored is lost. One that says at its beginning
//! that it writes waits for its turn.

use super::Finding;
use super::source::{Source, in_name, line_of};

/// Only reads.
const READING: &str = "crates/server/src/db/sqlite/reading.rs";

/// Ways of rusqlite to begin one that reads first.
const CALLS: [&str; 4] = [".transaction()", ".unchecked_transaction()", ".savepoint()", ".savepoint_with_name("];
const KINDS: [&str; 2] = ["TransactionBehavior::Deferred", "TransactionBehavior::Exclusive"];

/// `file` is from the root.
pub(super) fn check(file: &str, source: &Source) -> Vec<Finding> {
    if !file.starts_with("crates/server/src/") || file == READING {
        return Vec::new();
    }
    let finding = |line: usize, what: &str| Finding {
        file: file.to_owned(),
        line,
        words: format!("{what} begins a transaction that reads first; each one that writes is BEGIN IMMEDIATE"),
    };
    let mut findings = Vec::new();
    for call in CALLS.iter().chain(&KINDS) {
        findings.extend(lines_of(&source.code, call).into_iter().map(|line| finding(line, call)));
    }
    for literal in source.literals.iter().filter(|literal| begins(&literal.text)) {
        findings.push(finding(literal.line, &format!("{:?}", literal.text)));
    }
    findings
}

/// Where a call stands that may be written over several lines.
fn lines_of(code: &[char], call: &str) -> Vec<usize> {
    let solid: Vec<(usize, char)> = code.iter().copied().enumerate().filter(|(_, c)| !c.is_whitespace()).collect();
    let call: Vec<char> = call.chars().collect();
    let windows = solid.windows(call.len());
    let hits = windows.filter(|window| window.iter().map(|(_, c)| c).eq(&call));
    hits.filter_map(|window| window.first()).map(|(at, _)| line_of(code, *at)).collect()
}

/// Whether SQL begins a transaction in another way. A trigger has a `BEGIN` of its own kind.
fn begins(sql: &str) -> bool {
    let upper = sql.to_uppercase();
    if upper.contains("TRIGGER") {
        return false;
    }
    let words: Vec<&str> = upper.split(|c| !in_name(c)).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(at, word)| {
        // In small letters it is SQL only where the text begins with it or says more; otherwise it is a sentence.
        let next = words.get(at + 1).copied().unwrap_or_default();
        let kind = ["DEFERRED", "EXCLUSIVE", "TRANSACTION"].contains(&next);
        let alone = words.len() == 1 || (next != "IMMEDIATE" && sql.contains("BEGIN"));
        *word == "BEGIN" && (kind || alone)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &str, text: &str) -> Vec<usize> {
        check(file, &Source::read(text)).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn c07_a_transaction_that_writes_says_so_at_its_beginning() {
        let file = "crates/server/src/import/apply.rs";
        for bad in [
            "fn f() { c.transaction()?; }",
            "fn f() { c\n    .transaction()?; }",
            "fn f() { c.unchecked_transaction()?; }",
            "fn f() { c.savepoint()?; }",
            "fn f() { c.transaction_with_behavior(TransactionBehavior::Deferred)?; }",
            "fn f() { c.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?; }",
            "fn f() { c.execute_batch(\"BEGIN\")?; }",
            "fn f() { c.execute_batch(\"begin\")?; }",
            "fn f() { c.execute_batch(\"BEGIN DEFERRED; UPDATE stock SET on_hand = 1; COMMIT\")?; }",
            "fn f() { c.execute_batch(\"begin transaction\")?; }",
            "fn f() { c.execute_batch(\"PRAGMA x; BEGIN; COMMIT\")?; }",
        ] {
            assert_eq!(lines(file, bad).len(), 1, "{bad}");
        }
        for good in [
            "fn f() { c.transaction_with_behavior(TransactionBehavior::Immediate)?; }",
            "fn f() { c.execute_batch(\"BEGIN IMMEDIATE\")?; }",
            "fn f() { c.execute_batch(\"SAVEPOINT attempt_1\")?; }",
            "const T: &str = \"CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END\";",
            "fn f() { say(\"remove it to begin with nothing\"); }",
            "// .transaction() would read first\nfn f() {}",
            "#[cfg(test)]\nmod tests { fn f() { c.transaction(); c.execute_batch(\"BEGIN\"); } }",
        ] {
            assert_eq!(lines(file, good), [0; 0], "{good}");
        }
    }

    #[test]
    fn c07_readers_may_read_and_the_line_is_named() {
        assert_eq!(lines(READING, "fn f() { c.transaction(); }"), [0; 0]);
        assert_eq!(lines("crates/domain/src/id.rs", "fn f() { c.transaction(); }"), [0; 0]);
        assert_eq!(lines("crates/server/src/main.rs", "fn f() {\n    c\n        .transaction();\n}"), [3]);
    }
}
