//! What the app is told of a retailer. What a retailer writes is in the server's `settings`.

use domain::money::Currency;
use serde::{Deserialize, Serialize};

/// What the app is called where the retailer says nothing.
pub const DEFAULT_NAME: &str = "Nearshelf";

/// The languages that the app has.
pub const LANGUAGES: [&str; 5] = ["en", "fr", "it", "pl", "ru"];

/// The settings. What an older app does not know it passes over, and what an older server does not say is as by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// Name of the retailer, as titles have it.
    #[cfg_attr(feature = "openapi", schema(example = "Boreal & Tarn"))]
    pub name: String,
    /// A picture in place of the sign; its alternative text is the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "/media/logo.svg"))]
    pub logo: Option<String>,
    /// Languages that shoppers may choose; the first is for those who speak none of them.
    #[cfg_attr(feature = "openapi", schema(example = json!(["fr", "en"])))]
    pub languages: Vec<String>,
    /// ISO 4217, for programs that ask: each price that the app shows says its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "EUR"))]
    pub currency: Option<Currency>,
    /// In what distances are said.
    pub units: Units,
    /// Origin of the API, where it is not that of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "https://api.example.org"))]
    pub api: Option<String>,
    /// The street map; without it there is the drawn one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<MapSettings>,
    /// What of the app is switched on.
    pub features: Features,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: DEFAULT_NAME.to_owned(),
            logo: None,
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            currency: None,
            units: Units::default(),
            api: None,
            map: None,
            features: Features::default(),
        }
    }
}

/// In what distances are said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Units {
    /// As people are used to where they are: miles in the United Kingdom and the United States.
    #[default]
    Auto,
    /// Metres and kilometres.
    Metric,
    /// Miles.
    Imperial,
}

/// What of the app is switched on: all of it, unless the retailer says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Features {
    /// Goods can be put aside. Without it nothing of what follows from it is there either.
    pub reserve: bool,
    /// Several products can be gathered and put aside together.
    pub basket: bool,
    /// Goods are brought to the car, at shops that do so.
    pub curbside: bool,
    /// The button for the street map, where there is a `map`.
    pub street_map: bool,
    /// Buttons that pass something on.
    pub share: bool,
    /// Codes are read with the camera.
    pub scan: bool,
    /// The app on a screen in a shop.
    pub kiosk: bool,
    /// The box for other sites.
    pub widget: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            reserve: true,
            basket: true,
            curbside: true,
            street_map: true,
            share: true,
            scan: true,
            kiosk: true,
            widget: true,
        }
    }
}

/// Where the street map comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapSettings {
    /// One file of vector tiles (PMTiles version 3): a path of this server, or an https address that allows us (CORS, Range).
    #[cfg_attr(feature = "openapi", schema(example = "/maps/firenze.pmtiles"))]
    pub pmtiles_url: String,
    /// Who made the map; always in sight.
    #[cfg_attr(feature = "openapi", schema(example = "© OpenStreetMap contributors"))]
    pub attribution: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_as_by_default_and_what_is_not_known_is_passed_over() {
        let read = crate::json::read::<Settings>;
        assert_eq!(read("{}").unwrap(), Settings::default());
        let settings =
            read(r#"{"name":"A","features":{"scan":false,"teleport":true},"units":"metric","new":[1]}"#).unwrap();
        let features = Features { scan: false, ..Features::default() };
        assert_eq!(settings, Settings { name: "A".to_owned(), units: Units::Metric, features, ..Settings::default() });
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(read(&text).unwrap(), settings);
    }
}
