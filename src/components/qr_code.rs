//! A QR code as one drawing.

use std::fmt::Write;

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around the code, as scanners need them (ISO/IEC 18004: four).
const QUIET: i32 = 4;

/// Draws a text as a QR code: black on white in every theme, because that is what scanners read.
#[component]
pub fn Qr(
    /// What a scanner will read.
    text: String,
    /// What it is, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    path(&text).map(|(size, path)| {
        view! {
            <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=label shape-rendering="crispEdges">
                <path d=path />
            </svg>
        }
    })
}

/// The side of the drawing in modules and one path with a square for each dark module; `None` where the text is too
/// long for any code.
fn path(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pickup_code_fits_the_smallest_code_with_its_quiet_zone() {
        let (size, path) = path("K7-4MQ").unwrap();
        assert_eq!(size, 21 + 8);
        assert!(path.starts_with("M4 4h1v1h-1z"), "the finder pattern begins inside the quiet zone");
        assert_eq!(super::path(&"x".repeat(5000)), None);
    }
}
