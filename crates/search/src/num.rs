//! Between the numbers of the file (32 bits) and those of the machine, without a cast that could cut.

use alloc::string::String;

/// A number of the file as a position. Nothing here runs on a machine with smaller addresses than 32 bits.
pub(crate) fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A position as a number of the file; what does not fit becomes the largest, which no position has.
pub(crate) fn small(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// The same with 16 bits.
pub(crate) fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The same with 8 bits.
pub(crate) fn byte(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The number that these bytes are, the lowest first.
pub(crate) fn number(bytes: &[u8]) -> usize {
    let mut number = 0;
    for byte in bytes.iter().rev() {
        number = number << 8 | usize::from(*byte);
    }
    number
}

/// A number written out.
pub(crate) fn decimal(number: u64) -> String {
    let mut out = String::new();
    if number >= 10 {
        out = decimal(number / 10);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    out.push(char::from(b'0' + digit));
    out
}

/// Reads what [`decimal`] writes; leading zeros are allowed, signs are not.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let mut number = None;
    for byte in text.as_bytes() {
        let digit = char::from(*byte).to_digit(10)?;
        number = Some(number.unwrap_or(0u64).checked_mul(10)?.checked_add(digit.into())?);
    }
    number
}
