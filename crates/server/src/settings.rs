//! What a retailer sets, in one file: `settings.json`. What is not known there is refused, because a setting that is
//! silently ignored is a wrong one. `docs/settings.md` is for those who write it.
//!
//! Reading order: [`SettingsFile`] (what may be written), [`check`] (what is refused), [`theme`] (colours and corners),
//! [`schema`] (the same for editors).

pub mod check;
pub mod schema;
pub mod theme;

use std::path::Path;

use api_contract::settings::{DEFAULT_NAME, Features, LANGUAGES, MapSettings, Settings, Units};
use domain::money::Currency;
use domain::reservation::{HOLD_MS, HoldRules};
use domain::time::HOUR_MS;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use check::origin;

/// Hours for which goods are kept where nothing else is said.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small constant
const DEFAULT_HOLD_HOURS: u32 = (HOLD_MS / HOUR_MS) as u32;

/// The file. Every field may be left out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsFile {
    /// Where editors find the schema; the server does not read it.
    #[serde(rename = "$schema")]
    #[schema(example = "settings.schema.json")]
    pub schema: Option<String>,
    /// Name of the retailer: titles of pages, and the app on a home screen.
    #[schema(min_length = 1, max_length = 60, example = "Boreal & Tarn")]
    pub name: Option<String>,
    /// A picture in place of the sign, below /media/; the folder is that of `--media`.
    #[schema(pattern = "^/media/[A-Za-z0-9._/-]+$", example = "/media/brand/logo.svg")]
    pub logo: Option<String>,
    /// A square picture for tabs and home screens, SVG or PNG of 512 pixels, below /media/.
    #[schema(pattern = "^/media/[A-Za-z0-9._/-]+\\.(svg|png)$", example = "/media/brand/icon.png")]
    pub icon: Option<String>,
    /// The colour of the brand, `#rrggbb` or `oklch(L C H)`; all others are derived from it.
    #[schema(example = "#5b2a86")]
    pub brand_color: Option<String>,
    /// Corners, in pixels: of buttons and rows as said, of all else in proportion.
    #[schema(minimum = 0, maximum = 24, example = 6)]
    pub radius: Option<u8>,
    /// Languages that shoppers may choose; the first is for those who speak none of them.
    #[schema(min_items = 1, max_items = 5)]
    pub languages: Option<Vec<Language>>,
    /// ISO 4217, for programs that ask: each price that the app shows says its own.
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{3}$", example = "EUR")]
    pub currency: Option<Currency>,
    /// In what distances are said.
    pub units: Units,
    /// Origin of the API, where it is not this server.
    #[schema(example = "https://api.example.org")]
    pub api: Option<String>,
    /// The street map; without it there is the drawn one alone.
    pub map: Option<MapSettings>,
    /// For how long goods are kept; `--hold-hours` and `--hold-rules` come before it.
    #[schema(value_type = Option<schema::HoldRulesSchema>)]
    pub holds: Option<HoldRules>,
    /// Sites of partners that may show the box, each with a key of its own.
    #[schema(max_items = 1000)]
    pub embed: Vec<Partner>,
    /// What of the app is switched on.
    #[serde(with = "StrictFeatures")]
    pub features: Features,
}

/// A partner whose pages may show the box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// What the pages say. It is no secret: the origins are what counts.
    #[schema(pattern = "^[A-Za-z0-9_-]{8,64}$", example = "pk_alpine-journal")]
    pub key: String,
    /// The pages, each as a browser names its origin.
    #[schema(min_items = 1, max_items = 50, example = json!(["https://partner.example"]))]
    pub origins: Vec<String>,
    /// Requests in a minute, from all readers of these pages together, and as many at once.
    #[serde(default = "Partner::usual_rate")]
    #[schema(minimum = 1, maximum = 1_000_000, default = 6000)]
    pub per_minute: u32,
}

impl Partner {
    fn usual_rate() -> u32 {
        6_000
    }
}

/// A language of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the codes of ISO 639
pub enum Language {
    En,
    Fr,
    It,
    Pl,
    Ru,
}

impl Language {
    /// As it is written.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Fr => "fr",
            Language::It => "it",
            Language::Pl => "pl",
            Language::Ru => "ru",
        }
    }
}

/// [`Features`] without any that is not known; a field that is missing here is one that does not compile.
#[derive(Deserialize)]
#[serde(remote = "Features", deny_unknown_fields, default = "Features::default")]
struct StrictFeatures {
    reserve: bool,
    basket: bool,
    curbside: bool,
    street_map: bool,
    share: bool,
    scan: bool,
    kiosk: bool,
    widget: bool,
}

/// Reads and checks a file.
///
/// # Errors
/// Says in one line which field is wrong, and what it may be.
pub fn load(path: &Path) -> Result<SettingsFile, String> {
    let named = |problem: &dyn std::fmt::Display| format!("{}: {problem}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
    parse(&text).map_err(|problem| named(&problem))
}

/// Reads and checks a text.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str) -> Result<SettingsFile, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let file: SettingsFile = serde_path_to_error::deserialize(&mut reader).map_err(|error| error.to_string())?;
    reader.end().map_err(|error| error.to_string())?;
    objects(text)?;
    file.check()?;
    Ok(file)
}

/// Serde takes a list for a struct, its values in the order of fields that nobody can see.
fn objects(text: &str) -> Result<(), String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let parts = ["/map", "/features", "/holds"].map(|place| (place.trim_matches('/'), value.pointer(place)));
    let rules = value.pointer("/holds/rules").and_then(Value::as_array).into_iter().flatten();
    let partners = value.pointer("/embed").and_then(Value::as_array).into_iter().flatten();
    let all = [("it", Some(&value))].into_iter().chain(parts).chain(rules.map(|rule| ("holds.rules", Some(rule))));
    let all = all.chain(partners.map(|partner| ("embed", Some(partner))));
    match all.into_iter().find(|(_, part)| part.is_some_and(Value::is_array)) {
        Some((field, _)) => Err(format!("{field}: is a list, where an object {{…}} is expected")),
        None => Ok(()),
    }
}

impl SettingsFile {
    /// What the app is told.
    #[must_use]
    pub fn for_app(&self) -> Settings {
        let languages = self.languages.as_ref();
        Settings {
            name: self.name.clone().unwrap_or_else(|| DEFAULT_NAME.to_owned()),
            logo: self.logo.clone(),
            languages: languages.map_or_else(
                || LANGUAGES.map(str::to_owned).to_vec(),
                |chosen| chosen.iter().map(|language| language.code().to_owned()).collect(),
            ),
            currency: self.currency,
            units: self.units,
            api: self.api.clone(),
            map: self.map.clone(),
            features: self.features_in_effect(),
        }
    }

    /// For how long goods are kept, where the command line says nothing of it.
    #[must_use]
    pub fn holds(&self) -> HoldRules {
        self.holds.clone().unwrap_or_else(|| HoldRules::everywhere(DEFAULT_HOLD_HOURS))
    }

    /// What follows from putting aside goes with it.
    fn features_in_effect(&self) -> Features {
        let features = self.features;
        Features {
            basket: features.basket && features.reserve,
            curbside: features.curbside && features.reserve,
            ..features
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_by_default() {
        let file = parse("{}").unwrap();
        assert_eq!(file, SettingsFile::default());
        assert_eq!(file.for_app(), Settings::default());
        for text in ["{", "{} {}", "[]", r#"["schema", "name"]"#, r#"{"features": [false]}"#, r#"{"map": ["/a", "b"]}"#]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(
            parse(r#"{"holds": {"default_hours": 4, "rules": [["a", "b", 4]]}}"#).unwrap_err().contains("holds.rules")
        );
        assert!(load(Path::new("/nowhere/settings.json")).unwrap_err().starts_with("/nowhere/settings.json: "));
    }

    #[test]
    fn goods_are_kept_as_the_file_says() {
        assert_eq!(SettingsFile::default().holds(), HoldRules::everywhere(48));
        let file = parse(r#"{"holds": {"default_hours": 12, "rules": [{"category": "Food", "hours": 4}]}}"#).unwrap();
        assert_eq!((file.holds().default_hours, file.holds().rules[0].hours), (12, 4));
    }

    #[test]
    fn every_language_of_the_app_can_be_set() {
        let all: Vec<Language> = serde_json::from_value(serde_json::json!(LANGUAGES)).unwrap();
        assert_eq!(all.into_iter().map(Language::code).collect::<Vec<_>>(), LANGUAGES);
    }

    #[test]
    fn without_reserving_there_is_nothing_that_follows_from_it() {
        let features = parse(r#"{"features": {"reserve": false}}"#).unwrap().for_app().features;
        assert_eq!(features, Features { reserve: false, basket: false, curbside: false, ..Features::default() });
    }
}
