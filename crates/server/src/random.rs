//! Secrets: random bytes of the operating system, and what is kept of them.

use sha2::{Digest, Sha256};

/// So many random bytes.
///
/// # Errors
/// Where the operating system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut out = [0; N];
    getrandom::fill(&mut out)?;
    Ok(out)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| char::from(DIGITS[usize::from(n)])).collect()
}

/// The only trace of a secret that is stored. The secrets have 160 random bits, so a plain hash is enough.
#[must_use]
pub fn sha256(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}
