//! Colours and corners of a retailer as custom properties, over those of `style/tokens.css`.

use std::fmt::Write as _;

use domain::color::{Brand, DARK, LIGHT};

use super::SettingsFile;

/// The colours by day and by night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colors {
    /// By day.
    pub light: Brand,
    /// By night.
    pub dark: Brand,
}

impl SettingsFile {
    /// The colours of the brand, where the retailer says one.
    #[must_use]
    pub fn colors(&self) -> Option<Colors> {
        let color = self.brand_color.as_ref()?.parse().ok()?;
        Some(Colors { light: Brand::among(color, &LIGHT), dark: Brand::among(color, &DARK) })
    }

    /// The style sheet; empty where everything is as by default.
    #[must_use]
    pub fn theme(&self) -> String {
        let colors = self.colors();
        let mut sheet = String::new();
        let mut day = self.radius.map(|radius| format!("--radius:{radius}px;")).unwrap_or_default();
        day.extend(colors.map(|colors| properties(&colors.light)));
        if !day.is_empty() {
            let _ = write!(sheet, ":root{{{day}}}");
        }
        if let Some(colors) = colors {
            let _ = write!(sheet, "@media(prefers-color-scheme:dark){{:root{{{}}}}}", properties(&colors.dark));
        }
        sheet
    }
}

fn properties(brand: &Brand) -> String {
    let Brand { ground, strong, on, text, pale, mark } = brand;
    format!(
        "--raw-brand:{ground};--raw-brand-strong:{strong};--raw-brand-text:{text};--raw-brand-pale:{pale};\
         --raw-on-brand:{on};--mark:{mark};"
    )
}

#[cfg(test)]
mod tests {
    use domain::color::Oklch;

    use super::super::parse;
    use super::*;

    const TOKENS: &str = include_str!("../../../../style/tokens.css");

    #[test]
    fn a_theme_is_as_long_as_what_was_said() {
        assert_eq!(parse("{}").unwrap().theme(), "");
        assert_eq!(parse(r#"{"radius": 0}"#).unwrap().theme(), ":root{--radius:0px;}");
        let theme = parse(r##"{"brand_color": "#5b2a86", "radius": 6}"##).unwrap().theme();
        assert!(theme.starts_with(":root{--radius:6px;--raw-brand:#5b2a86;"), "{theme}");
        assert_eq!(theme.matches("--raw-brand:").count(), 2, "{theme}");
    }

    #[test]
    fn every_property_of_a_theme_is_a_token_that_the_styles_have() {
        let theme = parse(r##"{"brand_color": "#5b2a86", "radius": 6}"##).unwrap().theme();
        let set = theme.split(['{', ';']).filter_map(|part| part.split_once(':')).map(|(name, _)| name);
        for name in set.filter(|name| name.starts_with("--")) {
            assert!(TOKENS.contains(&format!("  {name}: ")), "{name}");
        }
    }

    #[test]
    fn the_neutral_colours_are_those_of_the_styles() {
        let (day, night) = TOKENS.split_once("prefers-color-scheme: dark").unwrap();
        for (tokens, neutrals) in [(day, LIGHT), (night, DARK)] {
            for (name, color) in [
                ("--raw-paper", neutrals.paper),
                ("--raw-card", neutrals.card),
                ("--raw-ink", neutrals.ink),
                ("--raw-ink-soft", neutrals.ink_soft),
            ] {
                let value = tokens.split_once(&format!("{name}: ")).unwrap().1.split_once(';').unwrap().0;
                assert_eq!(value.parse::<Oklch>().unwrap().shown(), color.shown(), "{name}: {value}");
            }
        }
    }
}
