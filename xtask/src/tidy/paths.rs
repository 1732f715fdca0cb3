//! Every path that a file names: those of its `use` lines, taken apart, and those in between.

use super::source::in_name;

/// `crate::api::ApiError`, where it ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) segments: Vec<String>,
    /// `name!`: it is a macro that is called.
    pub(super) is_call_of_macro: bool,
}

/// All of them, in order.
pub(super) fn named(code: &[char]) -> Vec<Named> {
    let mut reader = Reader { tokens: tokens(code), at: 0, found: Vec::new() };
    while let Some(token) = reader.next() {
        match token {
            Token::Word(word) if word == "use" && !reader.is_next(&Token::Sign('<')) => reader.tree(&[]),
            Token::Word(word) => reader.chain(word),
            Token::Colons | Token::Sign(_) => {}
        }
    }
    reader.found
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Colons,
    Sign(char),
}

fn tokens(code: &[char]) -> Vec<(usize, Token)> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(c) = code.get(at) {
        let word: String = code.iter().skip(at).take_while(|c| in_name(**c)).collect();
        if !word.is_empty() {
            at += word.chars().count();
            found.push((line, Token::Word(word)));
            continue;
        }
        if *c == ':' && code.get(at + 1) == Some(&':') {
            found.push((line, Token::Colons));
            at += 1;
        } else if *c == '\n' {
            line += 1;
        } else if !c.is_whitespace() {
            found.push((line, Token::Sign(*c)));
        }
        at += 1;
    }
    found
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    found: Vec<Named>,
}

impl Reader {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).map(|(_, token)| token.clone());
        self.at += 1;
        token
    }

    fn is_next(&self, wanted: &Token) -> bool {
        self.tokens.get(self.at).is_some_and(|(_, token)| token == wanted)
    }

    fn skip(&mut self, wanted: &Token) -> bool {
        let is = self.is_next(wanted);
        self.at += usize::from(is);
        is
    }

    fn record(&mut self, segments: Vec<String>) {
        let line = self.tokens.get(self.at.saturating_sub(1)).map_or(1, |(line, _)| *line);
        let is_call_of_macro = self.is_next(&Token::Sign('!'));
        self.found.push(Named { line, segments, is_call_of_macro });
    }

    /// `a::b::c` from its first word on.
    fn chain(&mut self, first: String) {
        let mut segments = vec![first];
        while self.is_next(&Token::Colons) {
            let Some((_, Token::Word(word))) = self.tokens.get(self.at + 1).cloned() else { break };
            segments.push(word);
            self.at += 2;
        }
        self.record(segments);
    }

    /// One branch of a `use`, below what stands before its brace.
    fn tree(&mut self, before: &[String]) {
        let mut segments = before.to_vec();
        loop {
            match self.next() {
                Some(Token::Colons) => {}
                Some(Token::Word(word)) => {
                    if word != "self" || segments.is_empty() {
                        segments.push(word);
                    }
                    if !self.is_next(&Token::Colons) {
                        break;
                    }
                }
                Some(Token::Sign('*')) => {
                    segments.push("*".into());
                    break;
                }
                Some(Token::Sign('{')) => {
                    while !self.skip(&Token::Sign('}')) && self.at < self.tokens.len() {
                        self.tree(&segments);
                        self.skip(&Token::Sign(','));
                    }
                    return;
                }
                _ => return,
            }
        }
        self.record(segments);
        if self.skip(&Token::Word("as".into())) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: &[&str]) {
        let found = named(&code.chars().collect::<Vec<_>>());
        let found: Vec<String> = found.iter().map(|path| path.segments.join("::")).collect();
        assert_eq!(found, expected, "{code}");
    }

    #[test]
    fn uses_are_taken_apart() {
        check("use a::b;", &["a::b"]);
        check("pub(crate) use ::a::b as c;", &["pub", "crate", "a::b"]);
        check("use a::{self, b::{c, d as e}, f::*}; x", &["a", "a::b::c", "a::b::d", "a::f::*", "x"]);
        check("use {a, b::c,};", &["a", "b::c"]);
        check("use self::a; use super::super::b;", &["self::a", "super::super::b"]);
    }

    #[test]
    fn paths_in_between_are_named_too() {
        check("let x: a::B<c::D> = e::f::<g>(1);", &["let", "x", "a::B", "c::D", "e::f", "g", "1"]);
        check("fn f() -> impl A + use<'a> {}", &["fn", "f", "impl", "A", "use", "a"]);
    }

    #[test]
    fn each_name_has_its_line_and_macros_are_known() {
        let found = named(&"use a::{\n  b,\n  c,\n};\nview! {}".chars().collect::<Vec<_>>());
        assert_eq!(found.iter().map(|path| path.line).collect::<Vec<_>>(), [2, 3, 5]);
        assert_eq!(found.iter().map(|path| path.is_call_of_macro).collect::<Vec<_>>(), [false, false, true]);
    }
}
