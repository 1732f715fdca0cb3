//! Rules about which files there are.

use super::Finding;

/// The folders below the root that `.gitignore` names.
pub(super) fn ignored(gitignore: &str) -> Vec<String> {
    let lines = gitignore.lines().filter_map(|line| line.trim().strip_prefix('/'));
    lines.map(|line| line.trim_end_matches('/').to_owned()).collect()
}

/// `names` are all files, from the root.
pub(super) fn check(names: &[String]) -> Vec<Finding> {
    let finding = |file: &str, words: &str| Finding { file: file.to_owned(), line: 1, words: words.to_owned() };
    let mut findings = Vec::new();
    for name in names {
        if name == "mod.rs" || name.ends_with("/mod.rs") {
            findings.push(finding(name, "a module is `name.rs` beside `name/`"));
        }
        let Some(folder) = name.strip_suffix("Cargo.toml") else { continue };
        if !names.contains(&format!("{folder}README.md")) {
            findings.push(finding(name, "this crate has no README.md"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        check(&names).into_iter().map(|finding| finding.file).collect()
    }

    #[test]
    fn every_crate_says_what_it_is_for() {
        assert_eq!(files(&["Cargo.toml", "README.md", "crates/a/Cargo.toml", "crates/a/README.md"]), [""; 0]);
        assert_eq!(files(&["Cargo.toml", "crates/a/Cargo.toml", "crates/a/README.md"]), ["Cargo.toml"]);
        assert_eq!(files(&["Cargo.toml", "README.md", "crates/a/Cargo.toml"]), ["crates/a/Cargo.toml"]);
    }

    #[test]
    fn modules_have_one_layout() {
        assert_eq!(files(&["src/api.rs", "src/api/error.rs", "src/model.rs"]), [""; 0]);
        assert_eq!(files(&["src/api/mod.rs"]), ["src/api/mod.rs"]);
    }

    #[test]
    fn what_git_ignores_is_not_ours() {
        assert_eq!(ignored("# built\n/target\n/end2end/test-results/\n*.db\n"), ["target", "end2end/test-results"]);
    }
}
