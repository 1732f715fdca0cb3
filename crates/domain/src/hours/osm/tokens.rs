//! The text in pieces.

use super::NotUnderstood;

/// A piece of the text, in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters.
    Word(String),
    /// Digits, at most four: the number, and how many there are.
    Number(u16, usize),
    /// Words for people, in quotation marks.
    Comment,
    /// `||`.
    Otherwise,
    /// Any other sign.
    Sign(char),
}

/// All pieces, each with the byte at which it begins.
pub(super) fn split(text: &str) -> Result<Vec<(usize, Token)>, NotUnderstood> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let token = match c {
            c if c.is_whitespace() => continue,
            '"' | '“' | '”' => {
                if !rest.any(|(_, c)| matches!(c, '"' | '“' | '”')) {
                    return Err(NotUnderstood::Syntax(at));
                }
                Token::Comment
            }
            '|' => {
                rest.next_if(|(_, c)| *c == '|').ok_or(NotUnderstood::Syntax(at))?;
                Token::Otherwise
            }
            '–' | '—' | '‐' | '‑' | '−' => Token::Sign('-'),
            c if c.is_ascii_digit() => {
                let (mut number, mut digits) = (0_u16, 0);
                let mut next = Some(c);
                while let Some(digit) = next.and_then(|c| c.to_digit(10)) {
                    digits += 1;
                    let digit = u16::try_from(digit).unwrap_or_default();
                    number =
                        number.checked_mul(10).and_then(|n| n.checked_add(digit)).ok_or(NotUnderstood::Syntax(at))?;
                    next = rest.next_if(|(_, c)| c.is_ascii_digit()).map(|(_, c)| c);
                }
                Token::Number(number, digits)
            }
            c if c.is_alphabetic() => {
                let mut word: String = c.to_lowercase().collect();
                while let Some((_, c)) = rest.next_if(|(_, c)| c.is_alphabetic()) {
                    word.extend(c.to_lowercase());
                }
                Token::Word(word)
            }
            c => Token::Sign(c),
        };
        tokens.push((at, token));
    }
    Ok(tokens)
}
