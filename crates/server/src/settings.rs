//! What a retailer sets for the app, in one file: `settings.json`. What is not known there is refused, because a setting that is
//! silently ignored is a wrong one.

use std::path::Path;

use api_contract::settings::Settings;

/// Reads and checks a file.
///
/// # Errors
/// Says in one line what is wrong with it.
pub fn load(path: &Path) -> Result<Settings, String> {
    let named = |problem: String| format!("{}: {problem}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| named(error.to_string()))?;
    let settings: Settings = serde_json::from_str(&text).map_err(|error| named(error.to_string()))?;
    if let Some(map) = &settings.map {
        let own = map.pmtiles_url.starts_with('/') && !map.pmtiles_url.starts_with("//");
        let plain = map.pmtiles_url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\'' | b'"' | b';' | b','));
        if !(own || origin(&map.pmtiles_url).is_some()) || !plain {
            return Err(named(
                "map.pmtiles_url is neither a path such as /maps/town.pmtiles nor an https:// address".to_owned(),
            ));
        }
        if map.attribution.trim().is_empty() {
            return Err(named("map.attribution is empty; who made the map has to be named".to_owned()));
        }
    }
    Ok(settings)
}

/// The origin of an address elsewhere, as a policy names it.
#[must_use]
pub fn origin(address: &str) -> Option<&str> {
    let host = address.strip_prefix("https://")?;
    let end = host.find('/').unwrap_or(host.len());
    (end > 0).then(|| address.get(..end + "https://".len())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        std::fs::write(&path, text).unwrap();
        load(&path)
    }

    #[test]
    fn a_map_has_an_address_and_a_maker_and_nothing_else_is_taken() {
        let map = |url: &str| {
            format!(r#"{{"map": {{"pmtiles_url": "{url}", "attribution": "© OpenStreetMap contributors"}}}}"#)
        };
        assert_eq!(read("{}").unwrap(), Settings::default());
        for good in ["/maps/firenze.pmtiles", "https://tiles.example/a.pmtiles"] {
            assert_eq!(read(&map(good)).unwrap().map.unwrap().pmtiles_url, good);
        }
        for bad in
            ["", "maps/a", "//evil.example/a", "http://tiles.example/a", "https:///a", "/a; script-src *", "/a b"]
        {
            assert!(read(&map(bad)).unwrap_err().contains("map.pmtiles_url"), "{bad}");
        }
        assert!(read(r#"{"map": {"pmtiles_url": "/a", "attribution": " "}}"#).unwrap_err().contains("attribution"));
        assert!(read(r#"{"mpa": {}}"#).unwrap_err().contains("mpa"));
        assert!(read("{").is_err());
        assert!(load(Path::new("/nowhere/settings.json")).unwrap_err().contains("settings.json"));
    }

    #[test]
    fn an_origin_is_the_address_up_to_its_path() {
        assert_eq!(origin("https://tiles.example/a.pmtiles"), Some("https://tiles.example"));
        assert_eq!(origin("/maps/a.pmtiles"), None);
    }
}
