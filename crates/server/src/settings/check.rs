//! What of a file of settings is refused beyond its form.

use std::path::Path;

use domain::color::Oklch;
use url::{Host, Url};

use super::{Partner, SettingsFile};

/// The longest name, in letters; more is cut off under an icon anyway.
const LONGEST_NAME: usize = 60;
/// The roundest corners, in pixels.
const MAX_RADIUS: u8 = 24;
/// Origins of one partner: they travel in a header.
const MOST_ORIGINS: usize = 50;
const MOST_PER_MINUTE: u32 = 1_000_000;
const PICTURES: [&str; 6] = [".svg", ".png", ".webp", ".avif", ".jpg", ".jpeg"];
const ICONS: [&str; 2] = [".svg", ".png"];

/// The currencies in use (ISO 4217, list one, without funds and metals).
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR \
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG \
    XOF XPF YER ZAR ZMW ZWG";

impl SettingsFile {
    /// Whether all values can be used.
    ///
    /// # Errors
    /// Names the first field that cannot, and what it may be.
    pub fn check(&self) -> Result<(), String> {
        if let Some(name) = &self.name {
            check_name(name)?;
        }
        if let Some(logo) = &self.logo {
            check_picture("logo", logo, &PICTURES)?;
        }
        if let Some(icon) = &self.icon {
            check_picture("icon", icon, &ICONS)?;
        }
        if let Some(color) = &self.brand_color {
            color.parse::<Oklch>().map_err(|error| format!("brand_color: {color:?} {error}"))?;
        }
        if let Some(radius) = self.radius.filter(|radius| *radius > MAX_RADIUS) {
            return Err(format!("radius: {radius} is not 0 to {MAX_RADIUS} pixels"));
        }
        self.check_languages()?;
        if let Some(currency) = self.currency
            && !CURRENCIES.split_whitespace().any(|known| known == currency.as_str())
        {
            return Err(format!("currency: {currency} is not a currency of ISO 4217, such as EUR"));
        }
        if let Some(api) = &self.api
            && !is_origin(api)
        {
            return Err(format!(
                "api: {api:?} is not an origin such as https://api.example.org, without a path and a slash at its end"
            ));
        }
        self.check_map()?;
        self.check_partners()?;
        self.holds.as_ref().map_or(Ok(()), |holds| holds.check().map_err(|error| format!("holds: {error}")))
    }

    fn check_languages(&self) -> Result<(), String> {
        let Some(languages) = &self.languages else { return Ok(()) };
        if languages.is_empty() {
            return Err("languages: name at least one, or leave it out for all".to_owned());
        }
        for (place, language) in languages.iter().enumerate() {
            if languages.iter().take(place).any(|other| other == language) {
                return Err(format!("languages: {} stands there twice", language.code()));
            }
        }
        Ok(())
    }

    fn check_map(&self) -> Result<(), String> {
        let Some(map) = &self.map else { return Ok(()) };
        let own = map.pmtiles_url.starts_with('/') && !map.pmtiles_url.starts_with("//");
        let plain = map.pmtiles_url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\'' | b'"' | b';' | b','));
        if !(own || origin(&map.pmtiles_url).is_some()) || !plain {
            return Err(
                "map.pmtiles_url is neither a path such as /maps/town.pmtiles nor an https:// address".to_owned()
            );
        }
        if map.attribution.trim().is_empty() {
            return Err("map.attribution is empty; who made the map has to be named".to_owned());
        }
        Ok(())
    }

    fn check_partners(&self) -> Result<(), String> {
        for (place, partner) in self.embed.iter().enumerate() {
            let Partner { key, origins, per_minute } = partner;
            let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            if !plain || !(8..=64).contains(&key.len()) {
                return Err(format!("embed[{place}].key: {key:?} is not 8 to 64 letters, digits, - and _"));
            }
            if self.embed.iter().take(place).any(|other| other.key == *key) {
                return Err(format!(
                    "embed[{place}].key: {key} stands there twice; a partner has one key and many origins"
                ));
            }
            if origins.is_empty() || origins.len() > MOST_ORIGINS {
                return Err(format!("embed[{place}].origins: name 1 to {MOST_ORIGINS}"));
            }
            if let Some(bad) = origins.iter().find(|origin| !is_origin(origin)) {
                return Err(format!(
                    "embed[{place}].origins: {bad:?} is not an origin such as https://partner.example, without a path and a \
                     slash at its end"
                ));
            }
            if !(1..=MOST_PER_MINUTE).contains(per_minute) {
                return Err(format!("embed[{place}].per_minute: {per_minute} is not 1 to {MOST_PER_MINUTE}"));
            }
        }
        Ok(())
    }

    /// Whether the pictures that are named are in the folder that is served at /media/.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn check_pictures(&self, media: Option<&Path>) -> Result<(), String> {
        for (field, picture) in [("logo", &self.logo), ("icon", &self.icon)] {
            let Some(below) = picture.as_deref().and_then(|path| path.strip_prefix("/media/")) else { continue };
            let Some(media) = media else {
                return Err(format!("{field}: /media/{below} is not served; name its folder with --media"));
            };
            if !media.join(below).is_file() {
                return Err(format!("{field}: there is no {below} in {}, the folder of --media", media.display()));
            }
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), String> {
    // What cannot be seen, or turns the direction of what stands behind it. Letters that run from right to left are as good as any.
    let unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    if name.trim().is_empty() {
        return Err("name: it is empty; leave it out to go by the name of the app".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("name: it has more than {LONGEST_NAME} letters"));
    }
    match name.chars().find(|letter| unseen(*letter)) {
        Some(letter) => {
            Err(format!("name: it has a character that nobody sees, {}; take it out", letter.escape_unicode()))
        }
        None => Ok(()),
    }
}

fn check_picture(field: &str, path: &str, endings: &[&str]) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    let below = path.strip_prefix("/media/").unwrap_or_default();
    let parts = below.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let fits = parts && below.bytes().all(plain) && endings.iter().any(|ending| below.ends_with(ending));
    if fits {
        return Ok(());
    }
    let endings = endings.join(", ");
    Err(format!(
        "{field}: {path:?} is not a path such as /media/{field}.svg, of letters, digits, - and _, that ends in one of {endings}"
    ))
}

/// One origin as a browser writes it; without TLS only on this machine, for those who try something out.
fn is_origin(text: &str) -> bool {
    // The library takes a `*` for a name. In a policy it would be many, and a `;` the end of it.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'/' | b'[' | b']');
    if !text.bytes().all(plain) {
        return false;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    (url.scheme() == "https" || (url.scheme() == "http" && here)) && url.origin().ascii_serialization() == text
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
    use serde_json::{Value, json};

    use super::super::parse;
    use super::*;

    /// The refusal begins with the field, and says `words`.
    fn refused(field: &str, value: &Value, words: &str) {
        let problem = parse(&json!({ field: value }).to_string()).unwrap_err();
        assert!(problem.starts_with(field) && problem.contains(words), "{field} {value}: {problem}");
    }

    #[test]
    fn what_is_not_known_is_refused_by_its_name_wherever_it_stands() {
        for (text, words) in [
            (r#"{"nmae": "A"}"#, "nmae: unknown field `nmae`, expected one of `$schema`, `name`"),
            (
                r#"{"features": {"baskett": true}}"#,
                "features.baskett: unknown field `baskett`, expected one of `reserve`",
            ),
            (r#"{"map": {"pmtiles_url": "/a", "attribution": "b", "zoom": 1}}"#, "map.zoom: unknown field"),
            (
                r#"{"holds": {"default_hours": 4, "rules": [{"shop": "a", "hours": 4}]}}"#,
                "holds.rules[0].shop: unknown",
            ),
            (r#"{"name": "A", "name": "B"}"#, "duplicate field `name`"),
            (r#"{"units": "metric", "units": "imperial"}"#, "duplicate field `units`"),
            (r#"{"features": {"scan": true, "scan": false}}"#, "duplicate field `scan`"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.contains(words) && problem.contains("line 1"), "{text}: {problem}");
        }
    }

    #[test]
    fn values_that_cannot_be_used_are_refused_with_the_field_and_what_it_may_be() {
        refused("name", &json!(7), "expected a string");
        refused("name", &json!(" "), "leave it out");
        refused("name", &json!("a".repeat(61)), "60 letters");
        refused("name", &json!("Shop\u{202E}evil"), "\\u{202e}");
        refused("name", &json!("two\nlines"), "\\u{a}");
        for picture in ["logo.svg", "/media/", "/media/../shop.db", "/media/.x.svg", "/media//a.svg", "/media/a b.svg"]
        {
            refused("logo", &json!(picture), "/media/logo.svg");
        }
        for picture in
            ["https://cdn.example/a.svg", "//cdn.example/a.svg", "/media/a.html", "/media/\".svg", "/icons/a.svg"]
        {
            refused("logo", &json!(picture), "/media/logo.svg");
        }
        refused("icon", &json!("/media/a.jpg"), ".svg, .png");
        for color in ["green", "#0a5", "rgb(1,2,3)", "#000000;}", "oklch(46% 46% 155)"] {
            refused("brand_color", &json!(color), "#0a5c36");
        }
        for radius in [json!(25), json!(-1), json!(300), json!("8px"), json!(7.5)] {
            refused("radius", &radius, "");
        }
        refused("languages", &json!([]), "at least one");
        refused("languages", &json!(["fr", "fr"]), "twice");
        refused("languages", &json!(["de"]), "expected one of `en`, `fr`, `it`, `pl`, `ru`");
        for currency in ["eur", "EURO", "EUX"] {
            refused("currency", &json!(currency), "currency");
        }
        refused("units", &json!("miles"), "expected one of `auto`, `metric`, `imperial`");
        for api in [
            "api.example.org",
            "http://api.example.org",
            "https://api.example.org/",
            "https://api.example.org/v1",
            "https://a b",
            "https://*.example.org",
            "https://api.example.org;script-src",
        ] {
            refused("api", &json!(api), "https://api.example.org");
        }
        refused("holds", &json!({"default_hours": 0}), "1 to 720 hours, not 0");
        refused("features", &json!({"scan": "no"}), "expected a boolean");
    }

    #[test]
    fn good_values_are_taken() {
        for text in [
            r#"{"name": "مكتبة النور"}"#,
            r#"{"name": "</script><script>alert(1)</script>"}"#,
            r##"{"brand_color": "#FFCC00", "radius": 0}"##,
            r#"{"brand_color": "oklch(62% 0.19 25)", "radius": 24}"#,
            r#"{"languages": ["pl", "en"], "currency": "PLN", "units": "metric"}"#,
            r#"{"api": "http://127.0.0.1:8081"}"#,
            r#"{"api": "https://api.example.org:8443"}"#,
            r#"{"logo": "/media/brand/logo-2.svg", "icon": "/media/icon.png"}"#,
            r#"{"$schema": "https://shop.example/settings.schema.json"}"#,
        ] {
            parse(text).unwrap();
        }
    }

    #[test]
    fn a_map_has_an_address_and_a_maker() {
        let map = |url: &str| json!({"pmtiles_url": url, "attribution": "© OpenStreetMap contributors"});
        for good in ["/maps/firenze.pmtiles", "https://tiles.example/a.pmtiles"] {
            let file = parse(&json!({ "map": map(good) }).to_string()).unwrap();
            assert_eq!(file.for_app().map.unwrap().pmtiles_url, good);
        }
        for bad in
            ["", "maps/a", "//evil.example/a", "http://tiles.example/a", "https:///a", "/a; script-src *", "/a b"]
        {
            refused("map", &map(bad), "map.pmtiles_url");
        }
        refused("map", &json!({"pmtiles_url": "/a", "attribution": " "}), "attribution");
    }

    #[test]
    fn a_partner_has_a_key_of_its_own_and_whole_origins() {
        let partner = |key: &str, origin: &str| json!({"key": key, "origins": [origin]});
        let file = parse(&json!({"embed": [partner("pk_alpine", "https://a.example")]}).to_string()).unwrap();
        assert_eq!((file.embed[0].per_minute, file.embed[0].origins.len()), (6_000, 1));
        for key in ["", "short", "pk alpine", "pk_alpine;", "пк_альпин", &"k".repeat(65)] {
            refused("embed", &json!([partner(key, "https://a.example")]), "embed[0].key");
        }
        for origin in [
            "*",
            "null",
            "a.example",
            "http://a.example",
            "https://a.example/",
            "https://*.a.example",
            "https://a.example; script-src *",
        ] {
            refused("embed", &json!([partner("pk_alpine", origin)]), "https://partner.example");
        }
        refused("embed", &json!([{"key": "pk_alpine", "origins": []}]), "1 to 50");
        refused(
            "embed",
            &json!([{"key": "pk_alpine", "origins": ["https://a.example"], "per_minute": 0}]),
            "per_minute",
        );
        refused("embed", &json!([["pk_alpine", ["https://a.example"]]]), "object");
        let twice = json!([partner("pk_alpine", "https://a.example"), partner("pk_alpine", "https://b.example")]);
        refused("embed", &twice, "twice");
    }

    #[test]
    fn pictures_are_there_before_somebody_asks_for_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("logo.svg"), "<svg/>").unwrap();
        let file = parse(r#"{"logo": "/media/logo.svg"}"#).unwrap();
        file.check_pictures(Some(folder.path())).unwrap();
        assert!(file.check_pictures(None).unwrap_err().contains("--media"));
        let file = parse(r#"{"icon": "/media/icon.png"}"#).unwrap();
        assert!(file.check_pictures(Some(folder.path())).unwrap_err().starts_with("icon: there is no icon.png"));
        SettingsFile::default().check_pictures(None).unwrap();
    }

    #[test]
    fn an_origin_is_the_address_up_to_its_path() {
        assert_eq!(origin("https://tiles.example/a.pmtiles"), Some("https://tiles.example"));
        assert_eq!(origin("/maps/a.pmtiles"), None);
    }
}
