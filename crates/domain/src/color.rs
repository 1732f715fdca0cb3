//! Colours, and which of them can be read on which.
//!
//! A colour is thought of in OKLCH (Björn Ottosson, 2020), where lightness is what an eye sees, and stands in a page in the eight
//! bits a channel of sRGB. Contrast is that of WCAG 2.2, and is always taken of the eight bits: what is promised is what is shown.

mod scheme;

use std::fmt;
use std::str::FromStr;

pub use scheme::{Brand, DARK, LIGHT, Neutrals, READABLE, VISIBLE};

/// A colour as a screen gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Srgb {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
}

/// A colour as an eye sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Oklch {
    /// 0 (black) to 1 (white).
    pub lightness: f64,
    /// 0 (grey) to about 0.37, the most that a screen can show of any hue.
    pub chroma: f64,
    /// Degrees.
    pub hue: f64,
}

/// A text that is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadColor;

impl fmt::Display for BadColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a colour such as #0a5c36 or oklch(46% 0.115 155)")
    }
}

impl std::error::Error for BadColor {}

/// White.
pub const WHITE: Srgb = Srgb { red: 255, green: 255, blue: 255 };
/// Black.
pub const BLACK: Srgb = Srgb { red: 0, green: 0, blue: 0 };

impl Srgb {
    /// Relative luminance (WCAG 2.2), 0 to 1.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with another colour (WCAG 2.2), 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }
}

impl fmt::Display for Srgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl From<Srgb> for Oklch {
    #[allow(clippy::many_single_char_names)] // as in the paper
    fn from(color: Srgb) -> Self {
        let [red, green, blue] = color.linear();
        let l = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let m = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let s = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        let lightness = 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s;
        let a = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
        Self { lightness, chroma: a.hypot(b), hue: b.atan2(a).to_degrees().rem_euclid(360.0) }
    }
}

impl Oklch {
    /// A colour from its three numbers.
    #[must_use]
    pub const fn new(lightness: f64, chroma: f64, hue: f64) -> Self {
        Self { lightness, chroma, hue }
    }

    /// The same hue and chroma, lighter or darker.
    #[must_use]
    pub fn at(self, lightness: f64) -> Self {
        Self { lightness: lightness.clamp(0.0, 1.0), ..self }
    }

    /// The same with no more chroma than that.
    #[must_use]
    pub fn paler(self, chroma: f64) -> Self {
        Self { chroma: self.chroma.min(chroma), ..self }
    }

    /// As a screen can show it: of a colour that it cannot, hue and lightness are kept and chroma is given up.
    #[must_use]
    pub fn shown(self) -> Srgb {
        if let Some(color) = self.exact() {
            return color;
        }
        let (mut kept, mut lost) = (0.0, self.chroma);
        let mut best = Self { chroma: 0.0, ..self }.nearest();
        for _ in 0..16 {
            let middle = f64::midpoint(kept, lost);
            match (Self { chroma: middle, ..self }).exact() {
                Some(color) => (kept, best) = (middle, color),
                None => lost = middle,
            }
        }
        best
    }

    /// The colour, unless a screen cannot show it.
    fn exact(self) -> Option<Srgb> {
        // Half a step of the eight bits: what lies that close outside is rounded to what lies inside.
        const STEP: f64 = 0.5 / 255.0;
        let inside = self.channels().iter().all(|channel| (-STEP..=1.0 + STEP).contains(channel));
        inside.then(|| self.nearest())
    }

    fn nearest(self) -> Srgb {
        // Rounded and held between 0 and 255 first.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let [red, green, blue] = self.channels().map(|channel| (channel * 255.0).round().clamp(0.0, 255.0) as u8);
        Srgb { red, green, blue }
    }

    /// Channels of sRGB, 0 to 1 where a screen can show them.
    #[allow(clippy::many_single_char_names)] // as in the paper
    fn channels(self) -> [f64; 3] {
        let (sine, cosine) = self.hue.to_radians().sin_cos();
        let (a, b) = (self.chroma * cosine, self.chroma * sine);
        let l = (self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (self.lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ]
        .map(|linear| if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 })
    }

    /// The lightness nearest to its own, towards `end`, at which it is `good`. `end` has to be: it is what is left where nothing
    /// nearer was found, so that the answer is always a good one.
    #[must_use]
    pub fn toward(self, end: f64, good: impl Fn(Srgb) -> bool) -> Srgb {
        if good(self.shown()) {
            return self.shown();
        }
        let (mut bad, mut best) = (self.lightness, end);
        for _ in 0..12 {
            let middle = f64::midpoint(bad, best);
            if good(self.at(middle).shown()) {
                best = middle;
            } else {
                bad = middle;
            }
        }
        self.at(best).shown()
    }
}

impl FromStr for Oklch {
    type Err = BadColor;

    /// Reads `#rrggbb` or `oklch(46% 0.115 155)`, where the lightness may be `0.46` and the hue may end in `deg`.
    fn from_str(text: &str) -> Result<Self, BadColor> {
        if let Some(digits) = text.strip_prefix('#') {
            if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(BadColor);
            }
            let number = u32::from_str_radix(digits, 16).map_err(|_| BadColor)?;
            let [_, red, green, blue] = number.to_be_bytes();
            return Ok(Srgb { red, green, blue }.into());
        }
        let inside = text.strip_prefix("oklch(").and_then(|rest| rest.strip_suffix(')')).ok_or(BadColor)?;
        let mut parts = inside.split_ascii_whitespace();
        let (Some(lightness), Some(chroma), Some(hue), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadColor);
        };
        let lightness = match lightness.strip_suffix('%') {
            Some(percent) => number(percent)? / 100.0,
            None => number(lightness)?,
        };
        let (chroma, hue) = (number(chroma)?, number(hue.strip_suffix("deg").unwrap_or(hue))?);
        // Chroma above that is a mistake such as a percentage: no screen shows half of it.
        let possible = (0.0..=1.0).contains(&lightness) && (0.0..=0.5).contains(&chroma) && hue.abs() <= 360.0;
        if possible { Ok(Self { lightness, chroma, hue: hue.rem_euclid(360.0) }) } else { Err(BadColor) }
    }
}

/// A plain decimal: no `1e3`, no `inf`.
fn number(text: &str) -> Result<f64, BadColor> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) {
        text.parse().map_err(|_| BadColor)
    } else {
        Err(BadColor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn srgb(text: &str) -> Srgb {
        text.parse::<Oklch>().unwrap().shown()
    }

    #[test]
    fn colours_are_those_of_the_specifications() {
        // CSS Color 4, sample conversions; and black on white.
        let red = Oklch::from(srgb("#ff0000"));
        assert!((red.lightness - 0.627_96).abs() < 1e-4 && (red.chroma - 0.257_68).abs() < 1e-4, "{red:?}");
        assert!((red.hue - 29.234).abs() < 1e-2, "{red:?}");
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        // #767676 is the lightest grey that is readable on white, #777777 is not.
        assert!(srgb("#767676").contrast(WHITE) >= 4.5 && srgb("#777777").contrast(WHITE) < 4.5);
        assert_eq!(srgb("oklch(100% 0 0)"), WHITE);
        assert_eq!(srgb("oklch(0 0.1 30)"), BLACK);
        assert_eq!(srgb("oklch(62.796% 0.25768 29.234deg)").to_string(), "#ff0000");
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in [
            "",
            "red",
            "#fff",
            "#12345g",
            "#1234567",
            "#+12345",
            "#é1234",
            "oklch()",
            "oklch(46% 0.1)",
            "oklch(46% 0.1 155 / 0.5)",
            "oklch(146% 0.1 155)",
            "oklch(46% 46% 155)",
            "oklch(46% 0.6 155)",
            "oklch(46% 0.1 1e2)",
            "oklch(NaN 0.1 155)",
            "oklch(46% -0.1 155)",
            "rgb(1 2 3)",
            "#000000;}",
        ] {
            assert_eq!(text.parse::<Oklch>(), Err(BadColor), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn every_colour_of_a_screen_comes_back_as_it_was(red: u8, green: u8, blue: u8) {
            let color = Srgb { red, green, blue };
            prop_assert_eq!(Oklch::from(color).shown(), color);
            prop_assert_eq!(color.to_string().parse::<Oklch>().unwrap().shown(), color);
        }

        #[test]
        fn what_no_screen_shows_keeps_its_lightness_and_no_more_than_its_chroma(l in 0.15..1.0, c in 0.0..0.5, h in 0.0..360.0) {
            let shown = Oklch::from(Oklch::new(l, c, h).shown());
            prop_assert!((shown.lightness - l).abs() < 0.02, "{:?}", shown);
            prop_assert!(shown.chroma <= c + 0.02, "{:?}", shown);
        }
    }
}
