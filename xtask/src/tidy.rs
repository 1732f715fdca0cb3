//! `cargo xtask tidy`: the rules of docs/style.md that no compiler checks.

mod faults;
mod imports;
mod layout;
mod paths;
mod source;
mod text;
mod transactions;
mod wording;

use std::fmt::{self, Display};
use std::path::Path;

use crate::problem::{Outcome, Problem, While};
use crate::{files, workspace};

/// A broken rule: where, and in words.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    words: String,
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.words)
    }
}

/// Lists every broken rule; fails if there is one.
pub(crate) fn run() -> Outcome {
    let root = workspace::root();
    let ignored = layout::ignored(&files::read(&root.join(".gitignore")).unwrap_or_default());
    let all = files::below(root, &|path| {
        let name = path.file_name().unwrap_or_default();
        name == ".git" || name == "node_modules" || ignored.iter().any(|folder| path == root.join(folder))
    })?;
    let mut findings = Vec::new();
    let (mut names, mut page, mut tests) = (Vec::new(), String::new(), Vec::new());
    for path in &all {
        let name = relative(root, path);
        let bytes = std::fs::read(path).while_doing(|| format!("read {name}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            findings.extend(check(&name, &text));
            match name.as_str() {
                "docs/faults.md" => page = text,
                name if name.ends_with(".rs") || name.ends_with(".spec.ts") => tests.push(text),
                _ => {}
            }
        }
        names.push(name);
    }
    findings.extend(layout::check(&names));
    findings.extend(faults::check(&page, &tests.iter().map(String::as_str).collect::<Vec<_>>()));
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy: {} files, nothing to say", names.len());
            Ok(())
        }
        count => Err(Problem::new(format!("tidy: {count} broken rules, listed above"))),
    }
}

/// Everything that can be said of one file alone.
fn check(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = text::machine_paths(file, text);
    if file.ends_with(".rs") {
        let source = source::Source::read(text);
        findings.extend(text::unfinished(file, &source));
        if !is_test_file(file) {
            findings.extend(text::literals(file, &source));
            findings.extend(wording::check(file, &source));
            findings.extend(imports::check(file, &source));
            findings.extend(transactions::check(file, &source));
        }
    }
    findings
}

/// Tests may look behind every door.
fn is_test_file(file: &str) -> bool {
    file.split('/').any(|part| ["tests", "tests.rs", "benches", "examples"].contains(&part))
}

fn relative(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_its_line() {
        let findings = check("src/session.rs", "//! Session.\n\nuse crate::pages::product;\n");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].to_string().starts_with("src/session.rs:3: "), "{}", findings[0]);
    }

    #[test]
    fn tests_may_look_behind_every_door() {
        assert_eq!(check("src/session/tests.rs", "use crate::pages::product;"), []);
        assert_eq!(check("src/session.rs", "#[cfg(test)]\nmod tests {\n    use crate::pages::product;\n}\n"), []);
    }
}
