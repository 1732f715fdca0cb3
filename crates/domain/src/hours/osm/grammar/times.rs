//! The times of a rule.

use super::super::NotUnderstood;
use super::super::tokens::Token;
use super::{Read, Reader};

/// A night that ends after this minute of the morning ...
const LATE_MORNING: u16 = 5 * 60;
/// ... and is longer than this is a slip of the pen.
const LONG_NIGHT: u16 = 18 * 60;

/// A time as it stands there.
struct Time {
    minutes: u16,
    /// Whether only an hour is said, as in `9-18`.
    bare: bool,
}

impl Reader {
    /// All spans, in minutes from the midnight at which the day begins; empty where there are none.
    pub(super) fn times(&mut self) -> Read<Vec<(u16, u16)>> {
        let mut spans: Vec<(u16, u16)> = Vec::new();
        if !self.is_time(0) {
            return Ok(spans);
        }
        loop {
            let span = self.span()?;
            if spans.iter().any(|(from, to)| span.0 < *to && *from < span.1) {
                return Err(NotUnderstood::Ambiguous);
            }
            spans.push(span);
            if self.is_sign(0, ',') && self.is_time(1) {
                self.at += 1;
            } else if self.is_sign(0, ',') && self.peek_at(1) == Some(&Token::Comment) {
                // `09:00-18:00,"on appointment"`: beside the hours, not in place of them.
                self.at += 2;
                self.says_more = true;
                return Ok(spans);
            } else {
                return Ok(spans);
            }
        }
    }

    /// Whether a time begins there.
    fn is_time(&self, ahead: usize) -> bool {
        match self.peek_at(ahead) {
            Some(Token::Number(_, 1..=2)) => match self.peek_at(ahead + 1) {
                Some(Token::Sign(':' | '.' | '-' | '+')) => true,
                Some(Token::Word(word)) => matches!(word.as_str(), "am" | "pm" | "h" | "to"),
                _ => false,
            },
            Some(Token::Word(word)) => is_sun(word),
            Some(Token::Sign('(')) => true,
            _ => false,
        }
    }

    /// Whether a time with minutes begins there; else a number behind a month is a day, as in `Dec 25: 10:00-12:00`.
    pub(super) fn is_clock(&self, ahead: usize) -> bool {
        let sign = |at: usize| self.is_sign(at, ':') || self.is_sign(at, '.');
        sign(ahead + 1) && matches!(self.number(ahead + 2), Some((_, 2))) && !sign(ahead + 3)
    }

    fn span(&mut self) -> Read<(u16, u16)> {
        let from = self.time()?;
        if self.take_sign('+') {
            return Err(NotUnderstood::OpenEnd);
        }
        if !self.take_sign('-') && !self.take_word(&["to"]) {
            return self.wrong();
        }
        let to = self.time()?;
        if self.is_sign(0, '+') {
            return Err(NotUnderstood::OpenEnd);
        }
        let (opens, mut closes) = (from.minutes, to.minutes);
        // Of `1-5` and `8-6` nobody knows which half of the day they are in.
        if (from.bare || to.bare) && (closes <= opens || closes <= 720) {
            return Err(NotUnderstood::Ambiguous);
        }
        // All day, as the field writes it.
        if opens == 0 && matches!(closes, 0 | 1439) {
            closes = 1440;
        }
        if closes < opens {
            if closes > LATE_MORNING && closes + 1440 - opens > LONG_NIGHT {
                return Err(NotUnderstood::Time);
            }
            closes += 1440;
        }
        if opens >= 1440 || closes <= opens || closes - opens > 1440 {
            return Err(NotUnderstood::Time);
        }
        Ok((opens, closes))
    }

    fn time(&mut self) -> Read<Time> {
        if self.is_sign(0, '(') || self.word(0).is_some_and(is_sun) {
            return Err(NotUnderstood::Sun);
        }
        let Some((hour, 1..=2)) = self.number(0) else { return self.wrong() };
        self.at += 1;
        let mut bare = true;
        let mut minute = 0;
        if self.is_sign(0, ':') || self.is_sign(0, '.') {
            self.at += 1;
            let Some((number, 2)) = self.number(0) else { return self.wrong() };
            self.at += 1;
            (bare, minute) = (false, number);
        }
        let half = if self.take_word(&["am"]) {
            Some(0)
        } else if self.take_word(&["pm"]) {
            Some(12)
        } else {
            self.take_word(&["h"]);
            None
        };
        let hour = match half {
            None => hour,
            Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
            Some(_) => return Err(NotUnderstood::Time),
        };
        if minute > 59 || hour * 60 + minute > 48 * 60 {
            return Err(NotUnderstood::Time);
        }
        Ok(Time { minutes: hour * 60 + minute, bare: bare && half.is_none() })
    }
}

fn is_sun(word: &str) -> bool {
    matches!(word, "sunrise" | "sunset" | "dawn" | "dusk")
}
