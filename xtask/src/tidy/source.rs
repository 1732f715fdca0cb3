//! A Rust file without what is not code: comments and the insides of literals become blanks, line by line in place.

/// A text in quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) line: usize,
    pub(super) text: String,
    /// The code that leads to it, such as `class=` or `f(x, `.
    pub(super) before: String,
}

/// A file as the rules see it.
pub(super) struct Source {
    /// Without tests.
    pub(super) code: Vec<char>,
    /// With tests.
    pub(super) all_code: Vec<char>,
    /// Those outside tests.
    pub(super) literals: Vec<Literal>,
}

impl Source {
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader { chars: text.chars().collect(), at: 0, code: Vec::new(), literals: Vec::new() };
        reader.read();
        let Reader { code: all_code, literals, .. } = reader;
        let tests = test_items(&all_code);
        let mut code = all_code.clone();
        for at in tests.iter().cloned().flatten() {
            if let Some(c) = code.get_mut(at).filter(|c| **c != '\n') {
                *c = ' ';
            }
        }
        let outside = literals.into_iter().filter(|(at, _)| !tests.iter().any(|range| range.contains(at)));
        let literals =
            outside.map(|(at, text)| Literal { line: line_of(&all_code, at), text, before: before(&code, at) });
        let literals = literals.collect();
        Self { code, all_code, literals }
    }
}

/// The end of the code in front of the quote that a literal opens with.
fn before(code: &[char], at: usize) -> String {
    const FAR: usize = 60;
    let code = code.get(at.saturating_sub(FAR)..at.saturating_sub(1)).unwrap_or_default();
    code.iter().collect::<String>().trim_end().to_owned()
}

/// The number of the line, from 1.
pub(super) fn line_of(code: &[char], at: usize) -> usize {
    1 + code.iter().take(at).filter(|c| **c == '\n').count()
}

/// Whether it may stand in a name.
pub(super) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    code: Vec<char>,
    literals: Vec<(usize, String)>,
}

impl Reader {
    fn read(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.blank_while(|c| c != '\n'),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('\'', _) => self.char_or_lifetime(),
                ('r' | 'b' | 'c', _) if self.raw_hashes().is_some() => self.raw_string(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn keep(&mut self) {
        if let Some(c) = self.peek(0) {
            self.code.push(c);
            self.at += 1;
        }
    }

    fn blank(&mut self) {
        if let Some(c) = self.peek(0) {
            self.code.push(if c == '\n' { c } else { ' ' });
            self.at += 1;
        }
    }

    fn blank_while(&mut self, more: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&more) {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.blank();
                    continue;
                }
            }
            self.blank();
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.keep();
        let from = self.at;
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            if c == '\\' {
                self.blank();
            }
            self.blank();
        }
        self.end_literal(from);
    }

    /// `r"`, `r#"`, `br##"` … : how many `#`, if one begins here.
    fn raw_hashes(&self) -> Option<(usize, usize)> {
        if self.code.last().is_some_and(|before| in_name(*before)) {
            return None;
        }
        let prefix = if self.peek(0) == Some('r') { 1 } else { 2 };
        if prefix == 2 && self.peek(1) != Some('r') {
            return None;
        }
        let hashes = (prefix..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        (self.peek(prefix + hashes) == Some('"')).then_some((prefix, hashes))
    }

    fn raw_string(&mut self) {
        let (prefix, hashes) = self.raw_hashes().unwrap_or_default();
        (0..=prefix + hashes).for_each(|_| self.keep());
        let from = self.at;
        let closes = |reader: &Self| (1..=hashes).all(|ahead| reader.peek(ahead) == Some('#'));
        while self.peek(0).is_some_and(|c| c != '"' || !closes(self)) {
            self.blank();
        }
        self.end_literal(from);
    }

    fn end_literal(&mut self, from: usize) {
        let text = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
        self.literals.push((from, text));
        self.keep();
    }

    fn char_or_lifetime(&mut self) {
        let (next, after) = (self.peek(1), self.peek(2));
        if next != Some('\\') && after != Some('\'') {
            return self.keep();
        }
        self.blank();
        if next == Some('\\') {
            self.blank();
        }
        self.blank();
        self.blank_while(|c| c != '\'');
        self.blank();
    }
}

/// Where items are that only tests have: each from its attribute to its end.
fn test_items(code: &[char]) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut at = 0;
    while at < code.len() {
        match attribute(code, at) {
            Some((end, text)) if is_for_tests(&text) => {
                let inner = text.starts_with("#!");
                let end = if inner { code.len() } else { item_end(code, end) };
                found.push(at..end);
                at = end;
            }
            Some((end, _)) => at = end,
            None => at += 1,
        }
    }
    found
}

/// `#[…]` or `#![…]` that begins here: where it ends, and its text without blanks.
fn attribute(code: &[char], at: usize) -> Option<(usize, String)> {
    let open = match (code.get(at)?, code.get(at + 1)?, code.get(at + 2)) {
        ('#', '[', _) => at + 1,
        ('#', '!', Some('[')) => at + 2,
        _ => return None,
    };
    let end = closing(code, open, '[', ']');
    Some((end, code.get(at..end)?.iter().filter(|c| !c.is_whitespace()).collect()))
}

fn is_for_tests(attribute: &str) -> bool {
    let attribute = attribute.replacen("#!", "#", 1);
    let words: Vec<&str> = attribute.split(|c| !in_name(c)).collect();
    attribute == "#[test]"
        || (attribute.starts_with("#[cfg(") && words.contains(&"test") && !attribute.contains("not(test)"))
}

/// Past the block or the semicolon of the item whose attribute ended here.
fn item_end(code: &[char], mut at: usize) -> usize {
    while let Some(c) = code.get(at) {
        match c {
            '#' => at = attribute(code, at).map_or(at + 1, |(end, _)| end),
            '(' => at = closing(code, at, '(', ')'),
            '{' => return closing(code, at, '{', '}'),
            ';' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// Past the bracket that closes the one that opens here.
fn closing(code: &[char], at: usize, open: char, close: char) -> usize {
    let mut depth = 0_usize;
    for (index, c) in code.iter().enumerate().skip(at) {
        if *c == open {
            depth += 1;
        } else if *c == close {
            depth -= 1;
            if depth == 0 {
                return index + 1;
            }
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Source::read(text).code.into_iter().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn literals(text: &str) -> Vec<String> {
        Source::read(text).literals.into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(code("a // use b;\nc /* d /* e */ f */ g /// h\n"), "a c g");
    }

    #[test]
    fn literals_are_not_code_but_are_kept() {
        assert_eq!(code(r#"f("use \" b", 'c', '\'', '\u{1F600}', x)"#), r#"f(" ", , , , x)"#);
        assert_eq!(literals(r#"f("a\"b", "c")"#), [r#"a\"b"#, "c"]);
        assert_eq!(literals("f(r#\"a\"b\"#, br\"c\", b\"d\")"), ["a\"b", "c", "d"]);
        assert_eq!(code("for_r(r#type, \"x\")"), "for_r(r#type, \" \")");
    }

    #[test]
    fn a_literal_knows_what_leads_to_it() {
        let source = Source::read("view! { <p class=\"a\">\"b\"</p> } f( \"c\")");
        let before: Vec<&str> = source.literals.iter().map(|literal| literal.before.as_str()).collect();
        let ends = ["<p class=", ">", "f("];
        assert!(before.len() == 3 && before.iter().zip(ends).all(|(before, end)| before.ends_with(end)), "{before:?}");
    }

    #[test]
    fn lifetimes_do_not_open_a_literal() {
        assert_eq!(code("fn f<'a>(x: &'a str, c: char) { c == '\"' }"), "fn f<'a>(x: &'a str, c: char) { c == }");
    }

    #[test]
    fn items_for_tests_are_left_out() {
        assert_eq!(code("a; #[cfg(test)] #[path(x)] mod t { fn f() { {} } } b;"), "a; b;");
        assert_eq!(code("#[cfg(all(test, unix))] use a::b; c;"), "c;");
        assert_eq!(code("#[cfg(not(test))] use a;"), "#[cfg(not(test))] use a;");
        assert_eq!(code("#[test] fn f() { a } b"), "b");
        assert_eq!(code("#![cfg(test)] use a;"), "");
        assert_eq!(literals("\"a\"; #[cfg(test)] mod t { \"b\" }"), ["a"]);
    }

    #[test]
    fn lines_stay_where_they_were() {
        let source = Source::read("/* a\nb */\n\"c\nd\"; \"e\"");
        assert_eq!(source.literals.iter().map(|literal| literal.line).collect::<Vec<_>>(), [3, 4]);
    }
}
