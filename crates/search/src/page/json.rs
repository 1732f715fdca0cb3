//! Writes JSON. The worker of a phone needs no more of it, and this is a tenth of what a general writer weighs.

use alloc::string::String;

use crate::num::decimal;

/// JSON that is being written.
#[derive(Default)]
pub(super) struct Json {
    out: String,
    /// Whether something stands before that needs a comma.
    more: bool,
}

impl Json {
    pub(super) fn done(self) -> String {
        self.out
    }

    pub(super) fn open(&mut self, bracket: char) {
        self.comma();
        self.out.push(bracket);
        self.more = false;
    }

    pub(super) fn close(&mut self, bracket: char) {
        self.out.push(bracket);
        self.more = true;
    }

    fn comma(&mut self) {
        if self.more {
            self.out.push(',');
        }
        self.more = true;
    }

    pub(super) fn key(&mut self, name: &str) {
        self.string(name);
        self.out.push(':');
        self.more = false;
    }

    /// A field, left out where it is empty.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.key(name);
            self.string(value);
        }
    }

    pub(super) fn number(&mut self, name: &str, value: u64) {
        self.key(name);
        self.figure(value);
    }

    pub(super) fn figure(&mut self, value: u64) {
        self.comma();
        self.out.push_str(&decimal(value));
    }

    pub(super) fn string(&mut self, text: &str) {
        self.comma();
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                c if c < ' ' => {
                    let digit = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                    let code = u32::from(c);
                    self.out.push_str("\\u00");
                    self.out.push(digit(code >> 4));
                    self.out.push(digit(code & 15));
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}
