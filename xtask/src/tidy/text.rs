//! Rules about what is written rather than imported.

use super::source::{Source, line_of};
use super::{Finding, paths};

/// How our URLs begin; only the route table spells them.
const OUR_URLS: [&str; 5] = ["/search", "/stores", "/p/", "/pickups", "/reserve"];
/// Folders at the root of a disk that are somebody's own.
const MACHINE_FOLDERS: [&str; 3] = ["work", "root", "home"];
const SQL: [&str; 4] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM "];

/// Texts in quotes that belong elsewhere.
pub(super) fn literals(file: &str, source: &Source) -> Vec<Finding> {
    let in_app = file.starts_with("src/") && file != "src/route.rs" && !file.starts_with("src/route/");
    let in_routes = file == "crates/server/src/routes.rs" || file.starts_with("crates/server/src/routes/");
    let complaint = |text: &str| {
        if in_app && OUR_URLS.iter().any(|url| begins(text, url)) {
            return Some(format!("our URLs are spelled in src/route.rs alone: \"{text}\""));
        }
        if in_routes && SQL.iter().any(|word| text.contains(word)) {
            return Some("SQL belongs into crates/server/src/db".to_owned());
        }
        None
    };
    let found = source.literals.iter().filter_map(|literal| Some((literal.line, complaint(&literal.text)?)));
    found.map(|(line, words)| Finding { file: file.to_owned(), line, words }).collect()
}

fn begins(text: &str, url: &str) -> bool {
    text.strip_prefix(url).is_some_and(|rest| url.ends_with('/') || !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// `todo!` and `unimplemented!`, in tests too.
pub(super) fn unfinished(file: &str, source: &Source) -> Vec<Finding> {
    let calls = paths::named(&source.all_code).into_iter().filter(|path| path.is_call_of_macro);
    let unfinished =
        calls.filter(|path| path.segments.last().is_some_and(|name| name == "todo" || name == "unimplemented"));
    unfinished
        .map(|path| Finding { file: file.to_owned(), line: path.line, words: "this is not finished".into() })
        .collect()
}

/// Places that exist on one machine only.
pub(super) fn machine_paths(file: &str, text: &str) -> Vec<Finding> {
    if !MACHINE_FOLDERS.iter().any(|name| text.contains(&format!("/{name}"))) {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let found = (0..chars.len()).filter(|at| chars.get(*at) == Some(&'/') && is_machine_path(&chars, *at));
    let finding = |at| Finding {
        file: file.to_owned(),
        line: line_of(&chars, at),
        words: "this path exists on one machine only".into(),
    };
    found.map(finding).collect()
}

fn is_machine_path(chars: &[char], at: usize) -> bool {
    let part_of_more = |c: &char| c.is_alphanumeric() || "_-./~$}{)*<>&:".contains(*c);
    if at > 0 && chars.get(at - 1).is_some_and(part_of_more) {
        return false;
    }
    let word: String = chars.iter().skip(at + 1).take_while(|c| c.is_alphanumeric() || "_-.".contains(**c)).collect();
    let after = chars.get(at + 1 + word.chars().count());
    match word.as_str() {
        "work" | "root" => true,
        "home" => after == Some(&'/') && chars.get(at + 6).is_some_and(char::is_ascii_lowercase),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(findings: &[Finding]) -> Vec<usize> {
        findings.iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn urls_are_spelled_in_the_route_table_alone() {
        let check = |file: &str, text: &str| lines(&literals(file, &Source::read(text)));
        for url in ["/search", "/search?q=", "/stores/lyo", "/p/1", "/pickups", "/reserve/1"] {
            let text = format!("\nlet x = \"{url}\";");
            assert_eq!(check("src/pages/store.rs", &text), [2], "{url}");
            assert_eq!(check("src/route.rs", &text), [0; 0], "{url}");
            assert_eq!(check("crates/server/src/lib.rs", &text), [0; 0], "{url}");
        }
        assert_eq!(
            check("src/app.rs", "f(\"/searching\", \"/\", \"/v1/search\", \"a /search\") // \"/search\""),
            [0; 0]
        );
        assert_eq!(check("src/app.rs", "#[cfg(test)] mod tests { const A: &str = \"/search\"; }"), [0; 0]);
    }

    #[test]
    fn routes_hold_no_sql() {
        let check = |file: &str, text: &str| lines(&literals(file, &Source::read(text)));
        for sql in ["SELECT 1", "with x as (INSERT INTO y", "UPDATE stock", "DELETE FROM stock"] {
            assert_eq!(check("crates/server/src/routes/stock.rs", &format!("q(\"{sql}\")")), [1]);
            assert_eq!(check("crates/server/src/db/stock.rs", &format!("q(\"{sql}\")")), [0; 0]);
        }
        assert_eq!(check("crates/server/src/routes/stock.rs", "\"Select a store\"; // SELECT it"), [0; 0]);
    }

    #[test]
    fn unfinished_code_is_found_in_tests_too() {
        let check = |text: &str| lines(&unfinished("a.rs", &Source::read(text)));
        assert_eq!(check(concat!("todo", "!();\n std::unimplemented", "!()")), [1, 2]);
        assert_eq!(check(concat!("#[test] fn f() { todo", "!() }")), [1]);
        assert_eq!(check("let todo = !x; // todo!()"), [0; 0]);
    }

    #[test]
    fn paths_of_one_machine_are_found_in_any_text() {
        let check = |text: &str| lines(&machine_paths("README.md", text));
        for (folder, rest) in [("work", "/main"), ("work", ""), ("root", "/.cargo"), ("home", "/ann/x")] {
            for before in ["", "cd ", "\"", "(", "=", "`"] {
                assert_eq!(check(&format!("a\n{before}/{folder}{rest}")), [2], "{before}/{folder}{rest}");
            }
        }
        for fine in
            ["frame/work", "https://x.org/root", "./work", "/working", "/home", "~/work", "${X}/root", "/home/<user>"]
        {
            assert_eq!(check(fine), [0; 0], "{fine}");
        }
    }
}
