//! Between the numbers of the file (32 bits) and those of the machine, without a cast that could cut.

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

/// A number written out.
pub(crate) fn decimal(mut number: u64) -> String {
    let mut digits: Vec<char> = Vec::new();
    loop {
        digits.extend(char::from_digit(u32::try_from(number % 10).unwrap_or_default(), 10));
        number /= 10;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// Reads what [`decimal`] writes; leading zeros are allowed, signs are not.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let digit = |number: u64, byte: u8| number.checked_mul(10)?.checked_add(char::from(byte).to_digit(10)?.into());
    if text.is_empty() { None } else { text.bytes().try_fold(0, digit) }
}
