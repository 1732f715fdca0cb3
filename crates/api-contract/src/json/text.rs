//! Strings of JSON.

use super::{Reader, Unread};

impl Reader<'_> {
    /// A string without its quotes, with its escapes undone.
    #[inline(never)]
    pub(super) fn string(&mut self) -> Result<String, Unread> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.here(), 0..0x20 | b'"' | b'\\') {
                self.at += 1;
            }
            out.push_str(self.text.get(start..self.at).ok_or(Unread::Syntax)?);
            let end = self.here();
            self.at += 1;
            match end {
                b'"' => return Ok(out),
                b'\\' => out.push(self.escape()?),
                _ => return Err(Unread::Syntax),
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, Unread> {
        let kind = self.here();
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(Unread::Syntax),
        })
    }

    /// The sign of `\u20ac`, or of two halves of one beyond 16 bits. A half alone is none.
    fn unicode(&mut self) -> Result<char, Unread> {
        let mut sign = self.hex()?;
        if (0xd800..0xdc00).contains(&sign) && self.here() == b'\\' {
            self.at += 1;
            if self.here() != b'u' {
                return Err(Unread::Syntax);
            }
            self.at += 1;
            let low = self.hex()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(Unread::Syntax);
            }
            sign = 0x10000 + ((sign - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(sign).ok_or(Unread::Syntax)
    }

    fn hex(&mut self) -> Result<u32, Unread> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = char::from(self.here()).to_digit(16).ok_or(Unread::Syntax)?;
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}
