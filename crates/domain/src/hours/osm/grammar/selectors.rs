//! The days in front of the times.

use super::super::NotUnderstood;
use super::super::dates::{self, Dates, Days, Stretch, month_day};
use super::super::tokens::Token;
use super::{Read, Reader, is_holiday};

impl Reader {
    pub(super) fn years(&mut self, dates: &mut Dates) -> Read<()> {
        // `2026 Dec 24` is a date.
        if self.word(1).is_some_and(|word| dates::month(word).is_some() || word == "easter") {
            return self.stretches(dates);
        }
        let from = self.take_number()?;
        let to = if self.take_sign('-') {
            self.take_number()?
        } else if self.take_sign('+') {
            u16::MAX
        } else {
            from
        };
        dates.years.push((from, to));
        Ok(())
    }

    pub(super) fn stretches(&mut self, dates: &mut Dates) -> Read<()> {
        loop {
            let stretch = self.stretch()?;
            dates.stretches.push(stretch);
            // `Dec 25,26`: one more day of that month.
            while self.is_sign(0, ',') && self.number(1).is_some_and(|(_, digits)| digits <= 2) && !self.is_clock(1) {
                let month = match stretch {
                    Stretch::Yearly(_, (month, _)) => month,
                    Stretch::Dated(..) | Stretch::Easter(_) => return self.wrong(),
                };
                self.at += 1;
                let from = self.take_number()?;
                let to = if self.take_sign('-') { self.take_number()? } else { from };
                dates.stretches.push(Stretch::Yearly(month_day(month, from)?, month_day(month, to)?));
            }
            let more = match self.peek_at(1) {
                Some(Token::Word(word)) => word == "easter" || dates::month(word).is_some(),
                Some(Token::Number(_, 4)) => self.word(2).is_some_and(|word| dates::month(word).is_some()),
                _ => false,
            };
            // `Jan-Mar 10:00-12:00, Apr 09:00-12:00` has its comma behind the times, so this one joins days.
            if !(self.is_sign(0, ',') && more) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    fn stretch(&mut self) -> Read<Stretch> {
        if self.take_word(&["easter"]) {
            let ahead = if self.is_sign(0, '-') { -1 } else { i16::from(self.is_sign(0, '+')) };
            if ahead == 0 || self.number(1).is_none() {
                return if ahead == 0 { Ok(Stretch::Easter(0)) } else { self.wrong() };
            }
            self.at += 1;
            let days = i16::try_from(self.take_number()?).ok().filter(|days| *days < 200).ok_or(NotUnderstood::Date)?;
            return if self.take_word(&["day", "days"]) { Ok(Stretch::Easter(ahead * days)) } else { self.wrong() };
        }
        let (from_year, month, day) = self.day_of_year()?;
        let from = month_day(month, day.unwrap_or(1))?;
        let one_month = month_day(month, day.unwrap_or(u16::from(dates::last_day(month))))?;
        let (to_year, to) = if !self.is_sign(0, '-') {
            (from_year, one_month)
        } else {
            self.at += 1;
            if let (Some(_), Some((to, 1..=2))) = (day, self.number(0)) {
                self.at += 1;
                (from_year, month_day(month, to)?)
            } else {
                let (year, month, to) = self.day_of_year()?;
                // `Mar 15-Apr` leaves open which day of April.
                if day.is_some() != to.is_some() {
                    return Err(NotUnderstood::Ambiguous);
                }
                (year.or(from_year), month_day(month, to.unwrap_or(u16::from(dates::last_day(month))))?)
            }
        };
        match (from_year, to_year) {
            (None, None) => Ok(Stretch::Yearly(from, to)),
            (Some(from_year), Some(to_year)) if (from_year, from) <= (to_year, to) => {
                Ok(Stretch::Dated((from_year, from), (to_year, to)))
            }
            _ => Err(NotUnderstood::Ambiguous),
        }
    }

    /// A year where there is one, a month, a day where there is one.
    fn day_of_year(&mut self) -> Read<(Option<u16>, u8, Option<u16>)> {
        let year = match self.number(0) {
            Some((_, 4)) => Some(self.take_number()?),
            _ => None,
        };
        let Some(month) = self.word(0).and_then(dates::month) else { return self.wrong() };
        self.at += 1;
        let day = match self.number(0) {
            Some((_, 1..=2)) if !self.is_clock(0) => Some(self.take_number()?),
            _ => None,
        };
        Ok((year, month, day))
    }

    pub(super) fn weeks(&mut self, dates: &mut Dates) -> Read<()> {
        loop {
            let from = self.take_number()?;
            let to = if self.take_sign('-') { self.take_number()? } else { from };
            let step = if self.take_sign('/') { self.take_number()? } else { 1 };
            let week = |week: u16| u8::try_from(week).ok().filter(|w| (1..=53).contains(w)).ok_or(NotUnderstood::Date);
            dates.weeks.push((week(from)?, week(to)?, week(step)?));
            if !(self.is_sign(0, ',') && self.number(1).is_some() && !self.is_clock(1)) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    /// Days of the week; answers whether holidays are among them.
    pub(super) fn weekdays(&mut self, dates: &mut Dates) -> Read<bool> {
        let mut holidays = false;
        loop {
            match self.word(0) {
                Some(word) if is_holiday(word) => {
                    holidays = true;
                    self.at += 1;
                }
                Some(word) => {
                    let Some(from) = dates::weekday(word) else { return self.wrong() };
                    self.at += 1;
                    self.days_from(from, dates)?;
                }
                None => return self.wrong(),
            }
            let day = |word: &str| is_holiday(word) || dates::weekday(word).is_some();
            if !(self.is_sign(0, ',') && self.word(1).is_some_and(day)) {
                return Ok(holidays);
            }
            self.at += 1;
        }
    }

    fn days_from(&mut self, from: u8, dates: &mut Dates) -> Read<()> {
        if self.take_sign('-') {
            let Some(to) = self.word(0).and_then(dates::weekday) else { return self.wrong() };
            self.at += 1;
            dates.weekdays.push(Days { from, to, nth: None });
            return Ok(());
        }
        if !self.take_sign('[') {
            dates.weekdays.push(Days { from, to: from, nth: None });
            return Ok(());
        }
        loop {
            let sign = if self.take_sign('-') { -1 } else { 1 };
            let first = self.take_number()?;
            let last = if sign == 1 && self.take_sign('-') { self.take_number()? } else { first };
            for nth in first..=last.min(6) {
                let nth = i8::try_from(nth).ok().filter(|nth| (1..=5).contains(nth)).ok_or(NotUnderstood::Date)?;
                dates.weekdays.push(Days { from, to: from, nth: Some(sign * nth) });
            }
            if first > last {
                return Err(NotUnderstood::Date);
            }
            if !self.take_sign(',') {
                return if self.take_sign(']') { Ok(()) } else { self.wrong() };
            }
        }
    }
}
