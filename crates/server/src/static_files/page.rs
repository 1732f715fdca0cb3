//! The built files that carry what the retailer set: the page, its manifest, its sign and its service worker. What is not set
//! leaves them as they were built.

use std::borrow::Cow;
use std::fmt::Write as _;

use api_contract::settings::{DEFAULT_NAME, Settings};
use serde_json::{Value, json};

use crate::random;
use crate::settings::SettingsFile;
use crate::settings::theme::Colors;

/// The id of the block that the app reads.
const BLOCK: &str = "<script type=\"application/json\" id=\"nearshelf-settings\">";
/// The sheet that a static host may put in place; here it stands in the page instead, which saves a request.
const THEME: &str = "/theme.css";
/// The colours of `public/icons/nearshelf.svg`: ground, lines, and the thing on the shelf.
const SIGN: [&str; 3] = ["#00693e", "#fff\"", "#8fe0b5"];

/// What is put into the files.
#[derive(Debug, Clone)]
pub struct Branding {
    settings: Settings,
    icon: Option<String>,
    colors: Option<Colors>,
    theme: String,
    /// Changes with everything that a page shows of the settings; empty by default.
    digest: String,
}

impl Branding {
    /// Works out what a file of settings means for pages.
    #[must_use]
    pub fn of(file: &SettingsFile) -> Self {
        let (settings, theme) = (file.for_app(), file.theme());
        let said = json!([settings, file.icon, theme]).to_string();
        let plain =
            SettingsFile { holds: None, schema: None, embed: Vec::new(), ..file.clone() } == SettingsFile::default();
        let digest = random::hex(&random::sha256(said.as_bytes())).chars().take(16).collect();
        let digest = if plain { String::new() } else { digest };
        Self { settings, icon: file.icon.clone(), colors: file.colors(), theme, digest }
    }

    /// The style sheet of colours and corners; empty by default.
    #[must_use]
    pub fn theme(&self) -> &str {
        &self.theme
    }

    /// Whether the sign is drawn anew.
    #[must_use]
    pub fn has_own_sign(&self) -> bool {
        self.colors.is_some()
    }

    /// `index.html`.
    #[must_use]
    pub fn page(&self, page: &str) -> String {
        let page = tags(page, "<link", |tag| self.link(tag));
        let page = tags(&page, "<meta", |tag| self.meta(tag));
        let page = self.title(&page);
        let page = if self.digest.is_empty() { page } else { with_block(&page, &block(&self.settings)) };
        if self.theme.is_empty() { page } else { with_style(&page, &self.theme) }
    }

    fn link<'t>(&self, tag: &'t str) -> Cow<'t, str> {
        match attribute(tag, "rel") {
            // The style takes its place, or there is nothing to say.
            Some("stylesheet") if attribute(tag, "href") == Some(THEME) => Cow::Borrowed(""),
            Some("icon") if self.icon.is_some() => {
                let icon = self.icon.as_deref().unwrap_or_default();
                format!("<link rel=\"icon\" href=\"{}\" type=\"{}\" />", escaped(icon), media_type(icon)).into()
            }
            // Home screens that ask for it take no SVG.
            Some("apple-touch-icon") => match (&self.icon, self.colors) {
                (Some(icon), _) if icon.ends_with(".png") => {
                    format!("<link rel=\"apple-touch-icon\" href=\"{}\" />", escaped(icon)).into()
                }
                (None, None) => Cow::Borrowed(tag),
                _ => Cow::Borrowed(""),
            },
            _ => Cow::Borrowed(tag),
        }
    }

    fn meta<'t>(&self, tag: &'t str) -> Cow<'t, str> {
        let content = |text: &str| with_attribute(tag, "content", &escaped(text)).into();
        match (attribute(tag, "name"), self.colors, &self.settings.api) {
            (Some("theme-color"), Some(colors), _) => {
                let dark = attribute(tag, "media").is_some_and(|media| media.contains("dark"));
                content(&if dark { colors.dark } else { colors.light }.ground.to_string())
            }
            (Some("nearshelf-api"), _, Some(api)) => content(api),
            (Some("application-name" | "apple-mobile-web-app-title"), ..) => content(&self.settings.name),
            _ => Cow::Borrowed(tag),
        }
    }

    fn title(&self, page: &str) -> String {
        let parts = page.split_once("<title>").and_then(|(before, rest)| Some((before, rest.split_once("</title>")?)));
        match parts {
            Some((before, (title, after))) => {
                let title = title.replace(DEFAULT_NAME, &escaped(&self.settings.name));
                format!("{before}<title>{title}</title>{after}")
            }
            None => page.to_owned(),
        }
    }

    /// `widget/frame.html`, whose script is told where the API is.
    #[must_use]
    pub fn frame(&self, page: &str) -> String {
        let Some(api) = &self.settings.api else { return page.to_owned() };
        tags(page, "<script", |tag| with_attribute(tag, "data-api", &escaped(api)).into())
    }

    /// `manifest.webmanifest`.
    #[must_use]
    pub fn manifest(&self, text: &str) -> String {
        let read: Result<Value, _> = serde_json::from_str(text);
        let (Ok(Value::Object(mut manifest)), false) = (read, self.digest.is_empty()) else { return text.to_owned() };
        for field in ["name", "short_name"] {
            manifest.insert(field.to_owned(), json!(self.settings.name));
        }
        if let Some(colors) = self.colors {
            manifest.insert("theme_color".to_owned(), json!(colors.light.ground.to_string()));
        }
        if let Some(icon) = &self.icon {
            let sizes = if icon.ends_with(".svg") { "any" } else { "512x512" };
            manifest.insert("icons".to_owned(), json!([{ "src": icon, "sizes": sizes, "type": media_type(icon) }]));
        } else if self.colors.is_some()
            && let Some(Value::Array(icons)) = manifest.get_mut("icons")
        {
            // Only the one that is drawn can be drawn in another colour.
            icons.retain(|icon| icon["type"] == "image/svg+xml");
        }
        Value::Object(manifest).to_string()
    }

    /// `icons/nearshelf.svg`.
    #[must_use]
    pub fn sign(&self, drawing: &str) -> String {
        let Some(Colors { light, .. }) = self.colors else { return drawing.to_owned() };
        let [ground, lines, thing] = SIGN;
        drawing
            .replace(ground, &light.ground.to_string())
            .replace(lines, &format!("{}\"", light.on))
            .replace(thing, &if light.on.luminance() > 0.5 { light.pale } else { light.on }.to_string())
    }

    /// `service-worker.js`: other settings make another version of it, so that browsers notice and keep the new page.
    #[must_use]
    pub fn service_worker(&self, script: &str) -> String {
        if self.digest.is_empty() {
            return script.to_owned();
        }
        format!("self.settingsVersion=\"-{}\";\n{script}", self.digest)
    }
}

/// The settings as they stand in a page. In a script nothing ends it but `</script`, and only `<!--` begins what could hide that.
fn block(settings: &Settings) -> String {
    let json = serde_json::to_string(settings).unwrap_or_else(|_| "{}".to_owned());
    json.chars().fold(String::new(), |mut text, letter| {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => _ = write!(text, "\\u{:04x}", u32::from(letter)),
            other => text.push(other),
        }
        text
    })
}

fn with_block(page: &str, json: &str) -> String {
    if let Some((before, rest)) = page.split_once(BLOCK)
        && let Some((_, after)) = rest.split_once("</script>")
    {
        return format!("{before}{BLOCK}{json}</script>{after}");
    }
    // Before every script, which may read it.
    match page.split_once("</title>") {
        Some((before, after)) => format!("{before}</title>{BLOCK}{json}</script>{after}"),
        None => page.to_owned(),
    }
}

/// Behind the styles of the app, which it goes over.
fn with_style(page: &str, sheet: &str) -> String {
    page.replacen("</head>", &format!("<style>{sheet}</style></head>"), 1)
}

/// Goes through the tags of one kind; what comes back as nothing is taken out.
fn tags<'p>(page: &'p str, kind: &str, change: impl Fn(&'p str) -> Cow<'p, str>) -> String {
    let mut out = String::with_capacity(page.len() + 1_024);
    let mut rest = page;
    while let Some(at) = rest.find(kind) {
        let (before, from) = rest.split_at(at);
        let Some(end) = from.find('>') else { break };
        let (tag, after) = from.split_at(end + 1);
        out.push_str(before);
        out.push_str(&change(tag));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

/// The tag with another value of an attribute that it has.
fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let opening = format!(" {name}=\"");
    match tag.split_once(&opening).and_then(|(before, rest)| Some((before, rest.split_once('"')?.1))) {
        Some((before, after)) => format!("{before}{opening}{value}\"{after}"),
        None => tag.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn media_type(picture: &str) -> &'static str {
    if picture.ends_with(".svg") { "image/svg+xml" } else { "image/png" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse;

    const PAGE: &str = "<head><title>Nearshelf · near you</title><meta name=\"theme-color\" content=\"#fbfaf7\" \
        media=\"(prefers-color-scheme: light)\" /><meta name=\"theme-color\" content=\"#14171c\" \
        media=\"(prefers-color-scheme: dark)\" /><meta name=\"nearshelf-api\" content=\"\" /><link rel=\"icon\" \
        href=\"/icons/nearshelf.svg\" type=\"image/svg+xml\" /><link rel=\"apple-touch-icon\" href=\"/icons/nearshelf-192.png\" \
        /><link rel=\"stylesheet\" href=\"/a.css\" /><link rel=\"stylesheet\" href=\"/theme.css\" /></head>";

    fn branding(text: &str) -> Branding {
        Branding::of(&parse(text).unwrap())
    }

    #[test]
    fn without_settings_everything_is_as_it_was_built_and_asks_for_nothing_more() {
        let plain = branding(r#"{"holds": {"default_hours": 4}, "$schema": "x"}"#);
        assert_eq!(plain.page(PAGE), PAGE.replace("<link rel=\"stylesheet\" href=\"/theme.css\" />", ""));
        assert_eq!(plain.manifest("{\"name\": \"Nearshelf\"}"), "{\"name\": \"Nearshelf\"}");
        assert_eq!(plain.service_worker("x"), "x");
        assert_eq!(plain.sign("<svg/>"), "<svg/>");
    }

    #[test]
    fn the_page_carries_name_colours_corners_and_the_api() {
        let page = branding(
            r##"{"name": "Boreal & Tarn", "brand_color": "#5b2a86", "radius": 6, "api": "https://api.example.org"}"##,
        )
        .page(PAGE);
        assert!(
            page.contains("<title>Boreal &amp; Tarn · near you</title><script type=\"application/json\""),
            "{page}"
        );
        assert!(
            page.contains("<meta name=\"theme-color\" content=\"#5b2a86\" media=\"(prefers-color-scheme: light)\" />")
        );
        assert!(!page.contains("#14171c") && !page.contains("href=\"/theme.css\""), "{page}");
        assert!(page.contains("<meta name=\"nearshelf-api\" content=\"https://api.example.org\" />"), "{page}");
        assert!(
            page.ends_with("</style></head>") && page.contains("<style>:root{--radius:6px;--raw-brand:#5b2a86;"),
            "{page}"
        );
        assert!(page.contains("href=\"/icons/nearshelf.svg\"") && !page.contains("apple-touch-icon"), "{page}");
        let page = branding(r#"{"icon": "/media/icon.png"}"#).page(PAGE);
        assert!(page.contains("<link rel=\"icon\" href=\"/media/icon.png\" type=\"image/png\" />"), "{page}");
        assert!(page.contains("<link rel=\"apple-touch-icon\" href=\"/media/icon.png\" />"), "{page}");
    }

    #[test]
    fn no_name_ends_what_it_stands_in() {
        let name = "</script><script>alert(1)</script></title><!--<script>\"'&";
        let page = branding(&json!({ "name": name }).to_string()).page(PAGE);
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert_eq!(page.matches("</script>").count(), 1, "{page}");
        assert!(!page.contains("<!--") && page.matches("</title>").count() == 1, "{page}");
        let json = page.split_once(BLOCK).unwrap().1.split_once("</script>").unwrap().0;
        assert_eq!(serde_json::from_str::<Settings>(json).unwrap().name, name);
        let again = branding(r#"{"name": "A"}"#).page(&page);
        assert_eq!((again.matches(BLOCK).count(), again.matches("alert").count()), (1, 1), "the title has it still");
    }

    #[test]
    fn the_manifest_and_the_sign_are_the_retailers() {
        let built = include_str!("../../../../public/manifest.webmanifest");
        let own = branding(r##"{"name": "مكتبة \"النور\"", "brand_color": "#5b2a86"}"##);
        let manifest: Value = serde_json::from_str(&own.manifest(built)).unwrap();
        assert_eq!(manifest["name"], "مكتبة \"النور\"");
        assert_eq!((&manifest["short_name"], &manifest["theme_color"]), (&manifest["name"], &json!("#5b2a86")));
        assert_eq!(manifest["icons"].as_array().unwrap().len(), 1);
        assert_eq!(manifest["id"], "/");
        let manifest = branding(r#"{"icon": "/media/icon.png"}"#).manifest(built);
        assert_eq!(
            serde_json::from_str::<Value>(&manifest).unwrap()["icons"],
            json!([{ "src": "/media/icon.png", "sizes": "512x512", "type": "image/png" }])
        );
        let drawing = include_str!("../../../../public/icons/nearshelf.svg");
        let drawn = own.sign(drawing);
        assert!(drawn.contains("fill=\"#5b2a86\""), "{drawn}");
        for old in ["#00693e", "#8fe0b5"] {
            assert!(drawing.contains(old) && !drawn.contains(old), "{old}");
        }
    }

    #[test]
    fn other_settings_are_another_version_of_the_service_worker() {
        let built = include_str!("../../../../public/service-worker.js");
        assert!(built.contains("self.settingsVersion"), "what is put before it is read by it");
        let worker = |text: &str| branding(text).service_worker(built);
        assert_eq!(worker(r#"{"holds": {"default_hours": 4}}"#), built);
        let all =
            [r#"{"name": "A"}"#, r#"{"name": "B"}"#, r#"{"radius": 6}"#, r#"{"icon": "/media/icon.png"}"#].map(worker);
        for (place, one) in all.iter().enumerate() {
            assert!(one.starts_with("self.settingsVersion=\"-") && one.ends_with(built));
            assert!(all.iter().skip(place + 1).all(|other| other != one), "{place}");
        }
        assert_eq!(worker(r#"{"name": "A"}"#), all[0]);
    }
}
