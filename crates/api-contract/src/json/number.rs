//! Numbers of JSON.

use super::{Reader, Unread};

/// A number, as exactly as it fits.
pub(super) enum Number {
    /// Not below zero.
    Whole(u64),
    /// A whole one below zero.
    Below(i64),
    /// With a fraction or an exponent, or too large for the others.
    Broken(f64),
}

/// What digits were read: as a number, and how many tens to multiply it by.
#[derive(Default)]
struct Digits {
    value: u64,
    tens: i32,
    /// More digits than `value` takes.
    full: bool,
    /// It has a fraction or an exponent.
    broken: bool,
}

impl Reader<'_> {
    /// A number, by the grammar of JSON. Up to 15 digits with up to 22 places are exact, more are near.
    #[inline(never)]
    pub(super) fn number(&mut self) -> Result<Number, Unread> {
        let below = self.takes(b'-');
        if !self.here().is_ascii_digit() {
            return Err(self.unexpected());
        }
        let mut read = Digits::default();
        if self.here() == b'0' {
            self.at += 1;
        } else {
            self.digits(&mut read, 0)?;
        }
        if self.here() == b'.' {
            self.at += 1;
            read.broken = true;
            self.digits(&mut read, -1)?;
        }
        if matches!(self.here(), b'e' | b'E') {
            self.at += 1;
            read.broken = true;
            read.tens = read.tens.saturating_add(self.exponent()?);
        }
        Ok(read.number(below))
    }

    /// One digit or more; each moves the point by `place`.
    fn digits(&mut self, read: &mut Digits, place: i32) -> Result<(), Unread> {
        let start = self.at;
        while self.here().is_ascii_digit() {
            let digit = u64::from(self.here() - b'0');
            let longer = read.value.checked_mul(10).and_then(|value| value.checked_add(digit));
            match longer.filter(|_| !read.full) {
                Some(value) => read.value = value,
                None => read.full = true,
            }
            read.tens = read.tens.saturating_add(place + i32::from(read.full));
            self.at += 1;
        }
        if self.at == start { Err(Unread::Syntax) } else { Ok(()) }
    }

    fn exponent(&mut self) -> Result<i32, Unread> {
        let below = self.here() == b'-';
        self.at += usize::from(matches!(self.here(), b'+' | b'-'));
        let mut read = Digits::default();
        self.digits(&mut read, 0)?;
        // Beyond this everything is zero or too large.
        let tens = if read.full { 9_999 } else { i32::try_from(read.value).unwrap_or(9_999).min(9_999) };
        Ok(if below { -tens } else { tens })
    }
}

impl Digits {
    /// Infinite for what is too large.
    fn number(&self, below: bool) -> Number {
        let whole = !self.full && !self.broken;
        if whole && !below {
            return Number::Whole(self.value);
        }
        if whole
            && self.value != 0
            && let Some(value) = 0i64.checked_sub_unsigned(self.value)
        {
            return Number::Below(value);
        }
        // Lossy on purpose: more than 53 bits are near.
        #[allow(clippy::cast_precision_loss)]
        let mut value = self.value as f64;
        let mut tens = self.tens;
        while tens != 0 && value != 0.0 && value.is_finite() {
            let step = tens.unsigned_abs().min(22);
            let power = (0..step).fold(1.0, |power: f64, _| power * 10.0);
            let signed = i32::try_from(step).unwrap_or(22);
            if tens < 0 {
                value /= power;
                tens += signed;
            } else {
                value *= power;
                tens -= signed;
            }
        }
        Number::Broken(if below { -value } else { value })
    }
}
