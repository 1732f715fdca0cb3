//! From pieces to rules.

use super::dates::{self, Dates};
use super::tokens::{self, Token};
use super::{Joins, NotUnderstood, OsmHours, Rule, State};

mod selectors;
mod times;

type Read<T> = Result<T, NotUnderstood>;

/// Reads a whole text.
pub(super) fn read(text: &str) -> Read<OsmHours> {
    let mut reader = Reader { tokens: tokens::split(text)?, at: 0, end: text.len(), says_more: false };
    let mut rules: Vec<Rule> = Vec::new();
    let mut joins = Joins::Replaces;
    let mut all_day = false;
    while reader.peek().is_some() {
        if reader.take_sign(';') {
            joins = Joins::Replaces;
            continue;
        }
        if let Some(rule) = reader.rule(joins)? {
            let later = !rules.is_empty() && !all_day;
            let said = rule.state != State::Closed;
            let dated = rules.iter().any(|rule| rule.dates.has_dates());
            // What the specification says of these is not what their writers mean.
            if said && later && (rule.dates.is_every_day() || dated && !rule.dates.has_dates()) {
                return Err(NotUnderstood::Ambiguous);
            }
            all_day |= rule.dates.is_every_day() && rule.times == [(0, 1440)];
            rules.push(rule);
        }
        joins = match reader.next() {
            None => break,
            Some(Token::Sign(';')) => Joins::Replaces,
            Some(Token::Sign(',')) => Joins::Adds,
            Some(Token::Otherwise) => Joins::Otherwise,
            Some(_) => return reader.wrong_before(),
        };
    }
    if rules.is_empty() {
        return Err(NotUnderstood::Words);
    }
    Ok(OsmHours { rules, says_more: reader.says_more })
}

/// Goes through the pieces.
struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    end: usize,
    says_more: bool,
}

/// What stands in front of the times of a rule.
struct Selected {
    dates: Dates,
    /// Whether holidays are among the days.
    holidays: bool,
    /// Whether it is only about holidays.
    only_holidays: bool,
    always: bool,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let there = self.is_sign(0, sign);
        self.at += usize::from(there);
        there
    }

    fn is_sign(&self, ahead: usize, sign: char) -> bool {
        self.peek_at(ahead) == Some(&Token::Sign(sign))
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        match self.peek_at(ahead) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn take_word(&mut self, words: &[&str]) -> bool {
        let there = self.word(0).is_some_and(|word| words.contains(&word));
        self.at += usize::from(there);
        there
    }

    fn number(&self, ahead: usize) -> Option<(u16, usize)> {
        match self.peek_at(ahead) {
            Some(Token::Number(number, digits)) => Some((*number, *digits)),
            _ => None,
        }
    }

    fn take_number(&mut self) -> Read<u16> {
        let Some((number, _)) = self.number(0) else { return self.wrong() };
        self.at += 1;
        Ok(number)
    }

    /// What comes next cannot stand here.
    fn wrong<T>(&self) -> Read<T> {
        Err(NotUnderstood::Syntax(self.tokens.get(self.at).map_or(self.end, |(byte, _)| *byte)))
    }

    fn wrong_before<T>(&mut self) -> Read<T> {
        self.at = self.at.saturating_sub(1);
        self.wrong()
    }

    /// One rule; nothing where it only says what is for people, or of holidays.
    fn rule(&mut self, joins: Joins) -> Read<Option<Rule>> {
        let begins = self.at;
        let Selected { dates, holidays, only_holidays, always } = self.selected()?;
        let mut times = self.times()?;
        if always && times.is_empty() {
            times.push((0, 1440));
        }
        let mut state = None;
        if self.take_word(&["off", "closed"]) {
            state = Some(State::Closed);
        } else if self.take_word(&["open"]) {
            state = Some(State::Open);
        } else if self.take_word(&["unknown"]) {
            state = Some(State::Unknown);
        }
        let comment = self.peek() == Some(&Token::Comment);
        self.at += usize::from(comment);
        self.says_more |= comment || holidays && !every_weekday(&dates);
        if self.at == begins {
            return self.wrong();
        }
        let state = match (state, comment) {
            (Some(state), _) => state,
            (None, false) if !times.is_empty() => State::Open,
            // `Mo-Fr` alone, by the specification the whole day, is more likely a text that was cut off.
            (None, false) => return self.wrong(),
            (None, true) if times.is_empty() && (dates.is_every_day() && !holidays || joins != Joins::Replaces) => {
                return Ok(None);
            }
            (None, true) => State::Unknown,
        };
        if only_holidays {
            return Ok(None);
        }
        // Nobody opens a day without saying when.
        if state == State::Open && times.is_empty() {
            return Err(NotUnderstood::Ambiguous);
        }
        Ok(Some(Rule { joins, dates, times, state }))
    }

    fn selected(&mut self) -> Read<Selected> {
        let mut found = Selected { dates: Dates::default(), holidays: false, only_holidays: false, always: false };
        if self.number(0) == Some((24, 2)) && self.is_sign(1, '/') && self.number(2) == Some((7, 1)) {
            self.at += 3;
            found.always = true;
            return Ok(found);
        }
        loop {
            let begins = self.at;
            if let Some((_, 4)) = self.number(0) {
                self.years(&mut found.dates)?;
            } else if self.word(0) == Some("easter") || self.word(0).and_then(dates::month).is_some() {
                self.stretches(&mut found.dates)?;
            } else if self.take_word(&["week", "weeks"]) {
                self.weeks(&mut found.dates)?;
            } else if self.word(0).is_some_and(|word| is_holiday(word) || dates::weekday(word).is_some()) {
                let before = found.dates.weekdays.len();
                let holidays = self.weekdays(&mut found.dates)?;
                found.holidays |= holidays;
                // `PH Mo-Fr` is about holidays alone, `Su,PH` is not.
                found.only_holidays |= holidays && found.dates.weekdays.len() == before;
            }
            if self.at == begins {
                return Ok(found);
            }
            self.take_sign(':');
        }
    }
}

fn is_holiday(word: &str) -> bool {
    matches!(word, "ph" | "sh")
}

/// Whether the days of a rule are all days anyway.
fn every_weekday(dates: &Dates) -> bool {
    !dates.has_dates()
        && (0..7).all(|day| {
            dates.weekdays.iter().any(|days| {
                days.nth.is_none()
                    && if days.from <= days.to {
                        (days.from..=days.to).contains(&day)
                    } else {
                        day >= days.from || day <= days.to
                    }
            })
        })
}
