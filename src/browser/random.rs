//! Randomness of the device.

/// A key that names one intention of the shopper: 128 random bits in hexadecimal digits.
#[must_use]
pub fn key() -> String {
    let mut bytes = [0u8; 16];
    let filled = leptos::prelude::window()
        .crypto()
        .is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        // Without the secure source (a page without TLS in an old browser) a key must still differ from the others.
        for byte in &mut bytes {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0.0 to 255.99 by construction
            let drawn = (js_sys::Math::random() * 256.0) as u8;
            *byte = drawn;
        }
    }
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A number to choose by, each equally likely; for jitter.
#[must_use]
pub fn draw() -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to below 2^32 by construction
    let drawn = (js_sys::Math::random() * 4_294_967_296.0) as u32;
    drawn
}
