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
