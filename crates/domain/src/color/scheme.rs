//! From one colour of a retailer to all that the app needs, so that every text on every ground can be read.

use super::{BLACK, Oklch, Srgb, WHITE};

/// The least contrast of a text (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;
/// The least contrast of what is seen and not read, such as the ring of a chosen shop (WCAG 2.2, 1.4.11).
pub const VISIBLE: f64 = 3.0;

/// What is the same whatever the brand, as `style/tokens.css` has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neutrals {
    /// Ground of the page.
    pub paper: Oklch,
    /// Ground of what lies on it.
    pub card: Oklch,
    /// Text.
    pub ink: Oklch,
    /// Text that stands back.
    pub ink_soft: Oklch,
    /// Whether grounds are dark.
    dark: bool,
}

/// By day.
pub const LIGHT: Neutrals = Neutrals {
    paper: Oklch::new(0.984, 0.004, 90.0),
    card: Oklch::new(1.0, 0.0, 0.0),
    ink: Oklch::new(0.20, 0.02, 265.0),
    ink_soft: Oklch::new(0.46, 0.018, 265.0),
    dark: false,
};

/// By night.
pub const DARK: Neutrals = Neutrals {
    paper: Oklch::new(0.19, 0.012, 265.0),
    card: Oklch::new(0.235, 0.014, 265.0),
    ink: Oklch::new(0.95, 0.006, 265.0),
    ink_soft: Oklch::new(0.75, 0.014, 265.0),
    dark: true,
};

/// The colours of a brand among these neutrals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brand {
    /// Ground of what can be tapped: the retailer's own colour wherever it can be seen on paper and card.
    pub ground: Srgb,
    /// The same under a pointer.
    pub strong: Srgb,
    /// Text on either.
    pub on: Srgb,
    /// Text in the brand's colour on paper, card and `pale`.
    pub text: Srgb,
    /// A tinted ground for any text.
    pub pale: Srgb,
    /// Behind words that were searched for.
    pub mark: Srgb,
}

impl Brand {
    /// Works them out.
    #[must_use]
    pub fn among(color: Oklch, neutrals: &Neutrals) -> Self {
        let dark = neutrals.dark;
        let (paper, card, ink_soft) = (neutrals.paper.shown(), neutrals.card.shown(), neutrals.ink_soft.shown());
        // Away from the grounds of the page.
        let away = if dark { 1.0 } else { 0.0 };
        let reaches = |color: Srgb, others: &[Srgb], least: f64| others.iter().all(|o| color.contrast(*o) >= least);

        let tint = |lightness, chroma| {
            let end = 1.0 - away;
            color.paler(chroma).at(lightness).toward(end, |ground| ground.contrast(ink_soft) >= READABLE)
        };
        let (pale, mark) =
            if dark { (tint(0.29, 0.045), tint(0.36, 0.07)) } else { (tint(0.95, 0.03), tint(0.93, 0.05)) };
        let ground = color.toward(away, |ground| reaches(ground, &[paper, card], VISIBLE));
        let on = readable_on(ground, color);
        // Whatever is read on it is read as well on what lies farther from the text.
        let farther = if on.luminance() > ground.luminance() { -0.06 } else { 0.06 };
        let shifted = Oklch::from(ground);
        let shifted = shifted.at(shifted.lightness + farther);
        let end = if farther < 0.0 { 0.0 } else { 1.0 };
        let strong = shifted.toward(end, |ground| ground.contrast(on) >= READABLE);
        let text = color.toward(away, |text| reaches(text, &[paper, card, pale], READABLE));
        Self { ground, strong, on, text, pale, mark }
    }
}

/// White where it can be read, else a black of the same hue, else black: of every colour one of white and black has a contrast
/// of more than 4.58, the root of 21.
fn readable_on(ground: Srgb, color: Oklch) -> Srgb {
    let dark = color.paler(0.03).at(0.19).shown();
    [WHITE, dark].into_iter().find(|text| text.contrast(ground) >= READABLE).unwrap_or(BLACK)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What says how much is on the shelf, by day and by night, as `style/tokens.css` has it: green, amber, red, grey.
    const SAID: [[Oklch; 4]; 2] = [
        [
            Oklch::new(0.46, 0.125, 150.0),
            Oklch::new(0.51, 0.12, 62.0),
            Oklch::new(0.50, 0.17, 27.0),
            Oklch::new(0.49, 0.014, 265.0),
        ],
        [
            Oklch::new(0.80, 0.14, 150.0),
            Oklch::new(0.82, 0.13, 75.0),
            Oklch::new(0.76, 0.13, 25.0),
            Oklch::new(0.74, 0.014, 265.0),
        ],
    ];

    /// Every pair that the styles put on one another.
    fn check(color: Oklch) -> Result<(), TestCaseError> {
        for (neutrals, said) in [LIGHT, DARK].into_iter().zip(SAID) {
            let brand = Brand::among(color, &neutrals);
            let [paper, card, ink, soft] =
                [neutrals.paper, neutrals.card, neutrals.ink, neutrals.ink_soft].map(Oklch::shown);
            for (what, one, other, least) in [
                ("the words of a button", brand.on, brand.ground, READABLE),
                ("the words of a button under a pointer", brand.on, brand.strong, READABLE),
                ("a link on paper", brand.text, paper, READABLE),
                ("a link on a card", brand.text, card, READABLE),
                ("a link on a tinted ground", brand.text, brand.pale, READABLE),
                ("text on a tinted ground", ink, brand.pale, READABLE),
                ("soft text on a tinted ground", soft, brand.pale, READABLE),
                ("text on a mark", ink, brand.mark, READABLE),
                ("soft text on a mark", soft, brand.mark, READABLE),
                ("a button on paper", brand.ground, paper, VISIBLE),
                ("a button on a card", brand.ground, card, VISIBLE),
            ] {
                let contrast = one.contrast(other);
                prop_assert!(contrast >= least, "{what}: {one} on {other} is {contrast:.2}; {color:?} {brand:?}");
            }
            for stock in said {
                let contrast = stock.shown().contrast(brand.pale);
                prop_assert!(contrast >= READABLE, "{stock:?} on {} is {contrast:.2}; {color:?}", brand.pale);
            }
        }
        Ok(())
    }

    #[test]
    fn a_colour_that_can_be_seen_is_taken_as_it_is() {
        let brand = |text: &str, neutrals| Brand::among(text.parse().unwrap(), neutrals);
        for color in ["#0a5c36", "#5b2a86", "#c8102e", "#0057b8"] {
            assert_eq!(brand(color, &LIGHT).ground.to_string(), color);
            assert_eq!(brand(color, &LIGHT).on, WHITE);
        }
        // Yellow is too light for paper by day, and is itself by night, with dark words.
        assert_ne!(brand("#ffcc00", &LIGHT).ground.to_string(), "#ffcc00");
        assert_eq!(brand("#ffcc00", &DARK).ground.to_string(), "#ffcc00");
        assert!(brand("#ffcc00", &DARK).on.luminance() < 0.05);
    }

    #[test]
    fn the_corners_and_the_greys_can_be_read() {
        for red in [0, 255] {
            for green in [0, 255] {
                for blue in [0, 255] {
                    check(Srgb { red, green, blue }.into()).unwrap();
                }
            }
        }
        for grey in 0..=255 {
            check(Srgb { red: grey, green: grey, blue: grey }.into()).unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn every_colour_of_a_screen_gives_colours_that_can_be_read(red: u8, green: u8, blue: u8) {
            check(Srgb { red, green, blue }.into())?;
        }

        #[test]
        fn every_colour_that_can_be_written_gives_colours_that_can_be_read(l in 0.0..=1.0, c in 0.0..=0.5, h in 0.0..360.0) {
            check(Oklch::new(l, c, h))?;
        }
    }
}
